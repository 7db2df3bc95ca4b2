"""How complete a plan's document is: section by section, and by the checklist of what readers look for, with reasons.

Nothing here is a score. A section is written, begun or empty; an item of the checklist is there or not, and says why.
What a person noted about an item stands beside what the records show, and never hides it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from babel.dates import format_date

from upward.base.messages import _, current_language, ngettext
from upward.catalog.model import Catalog
from upward.catalog.step_model import ChecklistItem, Section
from upward.plan.content import PlanContent, RecordContent
from upward.plan.thread import Lack, breaks, lack_words

YEARS_OF_A_PLAN = 5


class State(StrEnum):
    """How far a section is."""

    WRITTEN = "written"  # nothing is known to be missing
    BEGUN = "begun"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class SectionState:
    """One section: how far it is, how many records fill it, and what it lacks."""

    section: Section
    state: State
    texts: int
    records: int
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item of the checklist: whether the records show it, why (not), and what a person noted."""

    item: ChecklistItem
    found: bool
    reason: str
    note: str = ""
    where: str = ""


def check_sections(catalog: Catalog, content: PlanContent) -> tuple[SectionState, ...]:
    """Return the state of every section of the outline, in its order."""
    broken = breaks(catalog, content)
    lacks: dict[str, list[str]] = {}
    for lack in Lack:
        found = [item for item in broken if item.lack is lack]
        if found:
            section = catalog.records[found[0].key.kind].section
            count = ngettext("{n} record", "{n} records", len(found)).format(n=len(found))
            lacks.setdefault(section, []).append(
                f"{lack_words(lack)}: {count} ({_names([item.name for item in found])})"
            )
    return tuple(
        _section(content, section, lacks.get(section.id, [])) for section in catalog.outline.values()
    )


def _section(content: PlanContent, section: Section, lacks: list[str]) -> SectionState:
    texts = [
        item
        for item in content.of("plan-section")
        if item.text("section") == section.id and item.text("text")
    ]
    kinds = [kind for kind in section.records if kind != "plan-section"]
    records = sum(len(content.of(kind)) for kind in kinds)
    found = list(lacks)
    if not texts and not records and section.needed:
        return SectionState(section, State.EMPTY, 0, 0, (section.missing,))
    if "plan-section" in section.records and not texts:
        found.append(section.missing)
    drafts = [item for item in texts if item.text("status") != "final"]
    if drafts:
        found.append(
            ngettext("{n} text is not final yet.", "{n} texts are not final yet.", len(drafts)).format(
                n=len(drafts)
            )
        )
    if not texts and not records:
        return SectionState(section, State.EMPTY, 0, 0, tuple(found))
    return SectionState(section, State.BEGUN if found else State.WRITTEN, len(texts), records, tuple(found))


def _names(names: list[str], most: int = 3) -> str:
    more = len(names) - most
    return "; ".join(names[:most]) + (f"; +{more}" if more > 0 else "")


# --- the checklist ----------------------------------------------------------------------------------------------------
def check_items(
    catalog: Catalog, content: PlanContent, *, today: date, places: Mapping[str, str] | None = None
) -> tuple[ItemState, ...]:
    """Return what the records show of each item of the checklist; `today` tells the age of a version, `places` the
    names of the plan's places by code.
    """
    notes = {note.text("item"): note for note in content.of("completeness-note")}
    made = []
    for item in catalog.checklist.values():
        if item.id in _RULES:
            found, reason = _RULES[item.id](catalog, content)
        elif item.id == "jurisdiction":
            found, reason = _jurisdiction(content, places or {})
        else:
            found, reason = _dated(content, today)
        note = notes.get(item.id)
        made.append(
            ItemState(
                item, found, reason, note.text("note") if note else "", note.text("page") if note else ""
            )
        )
    return tuple(made)


Result = tuple[bool, str]


def _dated(content: PlanContent, today: date) -> Result:
    dates = [
        day for version in content.of("plan-version") if isinstance(day := version.values.get("on"), date)
    ]
    if not dates:
        return False, _("No version has a date yet.")
    newest = max(dates)
    young = (today - newest).days < YEARS_OF_A_PLAN * 365.25
    return young, _("The newest version is of {day}.").format(
        day=format_date(newest, format="long", locale=current_language())
    )


def _count(records: list[RecordContent], some: str, none: str) -> Result:
    """Return whether there are any, in words: `some` is of the number that there are."""
    return bool(records), some.format(n=len(records)) if records else none


def _with(content: PlanContent, kind: str, *fields: str) -> list[RecordContent]:
    return [record for record in content.of(kind) if any(record.values.get(name) for name in fields)]


def _jurisdiction(content: PlanContent, names: Mapping[str, str]) -> Result:
    return bool(content.places), _("Places: {places}.").format(
        places="; ".join(names.get(place.code, place.code) for place in content.places) or "–"
    )


def _dimensions(catalog: Catalog, content: PlanContent) -> Result:
    held = {name for finding in content.of("finding") for name in _texts(finding, "dimensions")}
    lacking = [item.name for name, item in catalog.dimensions.items() if name not in held]
    return not lacking, _("Not spoken of yet: {names}.").format(names=", ".join(lacking)) if lacking else _(
        "All are spoken of."
    )


def _texts(record: RecordContent, name: str) -> tuple[str, ...]:
    value = record.values.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()


def _inequities(_catalog: Catalog, content: PlanContent) -> Result:
    found = _with(content, "finding", "disparity") + _with(content, "pinned-metric", "group", "gap")
    some = ngettext(
        "{n} finding or number speaks of groups.", "{n} findings or numbers speak of groups.", len(found)
    )
    return _count(found, some, _("No finding or number speaks of a group yet."))


def _process(_catalog: Catalog, content: PlanContent) -> Result:
    return _count(
        _with(content, "shared-approach", "process"),
        _("The shared approach says how."),
        _("The shared approach does not say how yet."),
    )


def _partners(_catalog: Catalog, content: PlanContent) -> Result:
    joined = [partner for partner in content.of("partner") if partner.text("status") == "joined"]
    some = ngettext("{n} partner has joined.", "{n} partners have joined.", len(joined))
    return _count(joined, some, _("No partner has joined yet."))


def _shared(_catalog: Catalog, content: PlanContent) -> Result:
    found = _with(content, "engagement-activity", "feedback_on")
    some = ngettext(
        "{n} activity gave its results back.", "{n} activities gave their results back.", len(found)
    )
    return _count(found, some, _("No activity has given its results back yet."))


def _themes(_catalog: Catalog, content: PlanContent) -> Result:
    printed = [quote for quote in content.of("quote") if quote.text("consent").startswith("plan")]
    themes = content.of("theme")
    words = (
        ngettext("{n} theme", "{n} themes", len(themes)).format(n=len(themes)),
        ngettext("{n} quote that may be printed", "{n} quotes that may be printed", len(printed)).format(
            n=len(printed)
        ),
    )
    return bool(themes and printed), f"{', '.join(words)}."


def _assets(_catalog: Catalog, content: PlanContent) -> Result:
    strengths = [
        record
        for kind in ("finding", "pinned-metric")
        for record in content.of(kind)
        if record.text("tag") == "strength"
    ]
    found = [*strengths, *content.of("current-action")]
    some = ngettext("{n} strength or current action.", "{n} strengths and current actions.", len(found))
    return _count(found, some, _("No strength or current action yet."))


def _throughout(_catalog: Catalog, content: PlanContent) -> Result:
    steps = {activity.text("phase") for activity in content.of("engagement-activity")} - {""}
    return len(steps) > 1, ngettext(
        "Residents took part in {n} step.", "Residents took part in {n} steps.", len(steps)
    ).format(n=len(steps))


def _every(content: PlanContent, kind: str, field: str, good: str, bad: str) -> Result:
    records = content.of(kind)
    lacking = [record for record in records if not record.values.get(field)]
    return bool(records) and not lacking, good if records and not lacking else bad


def _how(_catalog: Catalog, content: PlanContent) -> Result:
    return _every(
        content,
        "priority",
        "chosen_how",
        _("Every priority says how."),
        _("A priority does not say how it was chosen, or there is none."),
    )


def _why(_catalog: Catalog, content: PlanContent) -> Result:
    return _every(
        content,
        "priority",
        "reason",
        _("Every priority has its reason."),
        _("A priority lacks its reason, or there is none."),
    )


def _measurable(_catalog: Catalog, content: PlanContent) -> Result:
    measured = {key for measure in content.of("measure") for key in measure.linked("elements")}
    outcomes = [item for item in content.of("logic-model-element") if item.text("part").endswith("outcome")]
    lacking = [item.text("title") for item in outcomes if item.key not in measured]
    words = (
        _("Without a measure: {names}.").format(names=_names(lacking))
        if lacking
        else ngettext(
            "{n} outcome, with a measure.", "{n} outcomes, each with a measure.", len(outcomes)
        ).format(n=len(outcomes))
    )
    return bool(outcomes) and not lacking, words


def _causes(_catalog: Catalog, content: PlanContent) -> Result:
    found = _with(content, "cause", "findings")
    some = ngettext("{n} cause is tied to findings.", "{n} causes are tied to findings.", len(found))
    return _count(found, some, _("No cause is tied to a finding yet."))


def _policies(_catalog: Catalog, content: PlanContent) -> Result:
    named = [
        action
        for action in content.of("strategic-action")
        if action.text("type") == "policy" or "policies" in _texts(action, "conditions")
    ]
    some = ngettext("{n} action changes a policy.", "{n} actions change a policy.", len(named))
    return _count(named, some, _("No action names a policy to change."))


def _responsible(_catalog: Catalog, content: PlanContent) -> Result:
    actions = [action for action in content.of("strategic-action") if action.text("status") != "dropped"]
    lacking = [
        action.text("title")
        for action in actions
        if not (action.linked("lead") or action.values.get("owner"))
    ]
    words = (
        _("Nobody answers for: {names}.").format(names=_names(lacking))
        if lacking
        else _("Every action has an owner.")
    )
    return bool(actions) and not lacking, words if actions else _("There is no action yet.")


def _alignment(_catalog: Catalog, content: PlanContent) -> Result:
    found = _with(content, "strategic-action", "alignment")
    some = ngettext(
        "{n} action says how it fits with other plans.",
        "{n} actions say how they fit with other plans.",
        len(found),
    )
    return _count(found, some, _("No action says how it fits with other plans."))


def _social(catalog: Catalog, content: PlanContent) -> Result:
    named = [
        item
        for item in content.of("priority")
        if any(name in catalog.predictors for name in _texts(item, "predictors"))
    ]
    some = ngettext("{n} priority names its predictors.", "{n} priorities name their predictors.", len(named))
    return _count(named, some, _("No priority names a predictor yet."))


_RULES: Mapping[str, Callable[[Catalog, PlanContent], Result]] = {
    "three-dimensions": _dimensions,
    "inequities": _inequities,
    "process": _process,
    "partners-listed": _partners,
    "assessment-shared": _shared,
    "community-themes": _themes,
    "assets": _assets,
    "engagement-throughout": _throughout,
    "priorities-how": _how,
    "priorities-why": _why,
    "outcomes-measurable": _measurable,
    "causes": _causes,
    "policy-changes": _policies,
    "responsibility-accepted": _responsible,
    "alignment": _alignment,
    "social-determinant": _social,
}
