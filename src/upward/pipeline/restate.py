"""What Upward itself worded when a record was made, said anew in the language of a document.

A pinned reading keeps the sentence of its finding, and a target the notes of its test, in the language of whoever was
at work. A plan in another language says them in its own words; what people wrote or changed stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from upward.base.errors import UpwardError
from upward.base.messages import LANGUAGES, use_language
from upward.catalog.model import Catalog
from upward.insights.analysis import Analysis
from upward.insights.findings import Finding
from upward.plan.content import PlanContent, RecordContent

LONGEST_CLAIM = 300  # how much of a sentence a record keeps


def restated(content: PlanContent, catalog: Catalog, release: Analysis, language: str) -> PlanContent:
    """Return the plan with Upward's own sentences in a language, as far as the release that they came from is there."""
    if release.id != content.release:
        return content
    with use_language(language):
        records = {
            **content.records,
            "pinned-metric": _claims(content.of("pinned-metric"), release, language),
            "target": tuple(_tested(content, item, catalog, release) for item in content.of("target")),
        }
    return replace(content, records={kind: found for kind, found in records.items() if found})


def _claims(
    readings: tuple[RecordContent, ...], release: Analysis, language: str
) -> tuple[RecordContent, ...]:
    """Return readings whose claim is the sentence of a finding with that sentence in a language."""
    told: dict[tuple[str, str], dict[str, str]] = {}  # by place and language

    def sentences(place: str, spoken: str) -> Mapping[str, str]:
        if (place, spoken) not in told:
            with use_language(spoken):
                told[place, spoken] = {item.id: kept_claim(item) for item in _findings(release, place)}
        return told[place, spoken]

    def said(reading: RecordContent) -> RecordContent:
        finding, place, claim = reading.text("insight"), reading.text("place"), reading.text("claim")
        wanted = sentences(place, language).get(finding) if finding else None
        if wanted is None or wanted == claim:
            return reading
        others = (sentences(place, spoken).get(finding) for spoken in LANGUAGES if spoken != language)
        return replace(reading, values={**reading.values, "claim": wanted}) if claim in others else reading

    return tuple(said(reading) for reading in readings)


def _findings(release: Analysis, place: str) -> list[Finding]:
    try:
        return release.findings(place)
    except UpwardError:  # the place is not in the release
        return []


def kept_claim(finding: Finding) -> str:
    """Return the sentence of a finding as a record keeps it."""
    return " ".join(finding.statement.split())[:LONGEST_CLAIM]


def _tested(
    content: PlanContent, target: RecordContent, catalog: Catalog, release: Analysis
) -> RecordContent:
    """Return a target with the notes of its test in the language in force, where the same release tested it."""
    measure = next(
        (found for key in target.linked("measure") if (found := content.find(key)) is not None), None
    )
    variable = catalog.variables.get(measure.text("variable")) if measure else None
    to, year = target.values.get("value"), target.values.get("year")
    if (
        measure is None or variable is None or target.text("checked_release") != release.id
        or not isinstance(to, Decimal) or not isinstance(year, int)
    ):  # fmt: skip
        return target
    group = (target.text("group") or measure.text("group")).partition("/")[2] or None
    scale = catalog.units[variable.unit].scale
    try:
        test = release.target(measure.text("place"), variable.id, to=float(to) / scale, by=year, group=group)
        notes = " ".join(test.notes)
    except UpwardError as problem:
        notes = f"{problem.message} {problem.advice or ''}".strip()
    return replace(target, values={**target.values, "check_notes": notes}) if notes else target
