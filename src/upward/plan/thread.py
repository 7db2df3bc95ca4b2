"""The evidence thread: what a record stands on, what stands on it, and where a link is missing.

Finding → evidence; cause → finding; action → cause; part of the logic model → action; measure → part; owner → all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from upward.base.messages import _
from upward.catalog.model import Catalog
from upward.plan.content import PlanContent, RecordContent, RecordKey, title_of

EVIDENCE = ("metrics", "local_values", "sources", "events", "themes", "contributions", "documents")
MEASURED = frozenset(
    ("input", "output", "short-term-outcome", "medium-term-outcome", "long-term-outcome", "impact")
)
FINISHED = frozenset(("done", "dropped"))


class Lack(StrEnum):
    """What a record lacks to hold in the thread."""

    EVIDENCE = "evidence"  # a finding that stands on nothing
    FINDING = "finding"  # a cause that explains no finding
    CAUSE = "cause"  # an action that acts on no cause
    OWNER = "owner"  # an action or milestone that nobody answers for
    ACTION = "action"  # a part of the logic model of no action
    LINK = "link"  # a part of the logic model that leads nowhere and comes from nowhere
    MEASURE = "measure"  # an input, output or outcome that nothing measures
    ELEMENT = "element"  # a measure that follows no part of the logic model
    COLLECTOR = "collector"  # a measure that nobody collects
    BASELINE = "baseline"  # a measure without a starting point
    TARGET = "target"  # a measure without a target
    ANSWER = "answer"  # an engagement whose results were not given back
    REASON = "reason"  # a weak number used without saying why


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the thread is broken."""

    key: RecordKey
    lack: Lack
    name: str  # what the record is called


@dataclass(frozen=True, slots=True)
class Link:
    """One link between two records; `field` belongs to `source`, which stands on `target`."""

    source: RecordKey
    field: str
    target: RecordKey


def links_of(catalog: Catalog, content: PlanContent, *, all_links: bool = False) -> Iterator[Link]:
    """Yield the links of the thread between records that stand; `all_links`: also those nothing rests on."""
    standing = {record.key for record in content.all_records()}
    for record in content.all_records():
        for field in catalog.records[record.kind].links:
            if field.stands_on or all_links:
                for target in record.linked(field.id):
                    if target in standing:
                        yield Link(record.key, field.id, target)


def stands_on_it(catalog: Catalog, content: PlanContent) -> dict[RecordKey, tuple[RecordKey, ...]]:
    """Return what rests directly on each record that something rests on."""
    found: dict[RecordKey, list[RecordKey]] = {}
    for link in links_of(catalog, content):
        if link.source not in found.setdefault(link.target, []):
            found[link.target].append(link.source)
    return {key: tuple(keys) for key, keys in found.items()}


def everything_above(catalog: Catalog, content: PlanContent, key: RecordKey) -> tuple[RecordKey, ...]:
    """Return all that rests on a record, directly or through others, the nearest first; circles end."""
    above = stands_on_it(catalog, content)
    seen, waiting = [], list(above.get(key, ()))
    while waiting:
        nearest = waiting.pop(0)
        if nearest not in seen and nearest != key:
            seen.append(nearest)
            waiting += above.get(nearest, ())
    return tuple(seen)


def breaks(catalog: Catalog, content: PlanContent) -> tuple[Break, ...]:
    """Return where the thread is broken, in the order of the steps."""
    found = (
        *_evidence_breaks(content),
        *_cause_breaks(content),
        *_model_breaks(content),
        *_measure_breaks(content),
        *_milestone_breaks(content),
    )
    return tuple(Break(record.key, lack, title_of(catalog, record)) for record, lack in found)


Found = Iterator[tuple[RecordContent, Lack]]


def _evidence_breaks(content: PlanContent) -> Found:
    for reading in content.of("pinned-metric"):
        if reading.text("quality") == "weak" and not reading.text("weak_reason"):
            yield reading, Lack.REASON
    for finding in content.of("finding"):
        if not any(finding.values.get(name) for name in EVIDENCE):
            yield finding, Lack.EVIDENCE
    for activity in content.of("engagement-activity"):
        if activity.values.get("heard") and not activity.values.get("feedback_on"):
            yield activity, Lack.ANSWER


def _cause_breaks(content: PlanContent) -> Found:
    for cause in content.of("cause"):
        if not cause.linked("findings") and not cause.linked("behind"):
            yield cause, Lack.FINDING
    for action in content.of("strategic-action"):
        if action.text("status") == "dropped":
            continue
        if not action.linked("causes"):
            yield action, Lack.CAUSE
        if not _someone(content, action, "owner", "lead"):
            yield action, Lack.OWNER


def _model_breaks(content: PlanContent) -> Found:
    measured = {key for measure in content.of("measure") for key in measure.linked("elements")}
    links = content.of("logic-model-link")
    tied = {key for link in links for name in ("from_element", "to_element") for key in link.linked(name)}
    for element in content.of("logic-model-element"):
        part = element.text("part")
        if not element.linked("action"):
            yield element, Lack.ACTION
        if part in MEASURED and element.key not in measured:
            yield element, Lack.MEASURE
        if part in (*MEASURED, "activity") and element.key not in tied:
            yield element, Lack.LINK


def _measure_breaks(content: PlanContent) -> Found:
    aimed_at = {key for target in content.of("target") for key in target.linked("measure")}
    for measure in content.of("measure"):
        if measure.text("status") == "retired":
            continue
        if not measure.linked("elements"):
            yield measure, Lack.ELEMENT
        if not _someone(content, measure, "collector", "collector_partner"):
            yield measure, Lack.COLLECTOR
        if measure.values.get("baseline") is None:
            yield measure, Lack.BASELINE
        if measure.key not in aimed_at:
            yield measure, Lack.TARGET


def _milestone_breaks(content: PlanContent) -> Found:
    for milestone in content.of("milestone"):
        if milestone.text("status") in FINISHED:
            continue
        if not _someone(content, milestone, "owner", "owner_partner"):
            yield milestone, Lack.OWNER


def _someone(content: PlanContent, record: RecordContent, person: str, partner: str) -> bool:
    """Tell whether somebody is named who is there: who has left the plan does nothing for it any more."""
    return record.values.get(person) in content.people or bool(record.linked(partner))


def lack_words(lack: Lack) -> str:
    """Return in words what is missing, as a list shows it."""
    words: Mapping[Lack, str] = {
        Lack.EVIDENCE: _("Stands on no evidence"),
        Lack.FINDING: _("Explains no finding"),
        Lack.CAUSE: _("Acts on no cause"),
        Lack.OWNER: _("Nobody answers for it"),
        Lack.ACTION: _("Belongs to no action"),
        Lack.LINK: _("Has no link to another part of the model"),
        Lack.MEASURE: _("Nothing measures it"),
        Lack.ELEMENT: _("Follows no part of the logic model"),
        Lack.COLLECTOR: _("Nobody collects it"),
        Lack.BASELINE: _("Has no baseline"),
        Lack.TARGET: _("Has no target"),
        Lack.ANSWER: _("Its results were not given back"),
        Lack.REASON: _("Uses a weak number without saying why"),
    }
    return words[lack]
