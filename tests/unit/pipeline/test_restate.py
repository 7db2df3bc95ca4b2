"""A plan in another language says Upward's own sentences in that language, and leaves people's words alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from upward.base.ids import GeoId
from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.insights.analysis import Analysis, open_release
from upward.pipeline.restate import kept_claim, restated
from upward.plan.content import PlanContent, RecordContent, RecordKey

PLACE, MADE = "98001", datetime(2027, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def analysis(sample_home) -> Iterator[Analysis]:
    """The sample release."""
    return open_release(sample_home)


def record(kind: str, uid: str, **values) -> RecordContent:
    return RecordContent(RecordKey(kind, uid), values, MADE, MADE)


def plan(analysis: Analysis, *records: RecordContent) -> PlanContent:
    by_kind: dict[str, tuple[RecordContent, ...]] = {}
    for item in records:
        by_kind[item.kind] = (*by_kind.get(item.kind, ()), item)
    return PlanContent("p", "P", (GeoId.parse(PLACE),), "en", release=analysis.id, records=by_kind)


def told(analysis: Analysis, language: str) -> dict[str, str]:
    with use_language(language):
        return {item.id: kept_claim(item) for item in analysis.findings(PLACE)}


def reading(uid: str, finding: str, claim: str) -> RecordContent:
    return record("pinned-metric", uid, claim=claim, insight=finding, place=PLACE)


def test_a_pinned_sentence_is_said_in_the_language_of_the_document(analysis) -> None:
    english, spanish = told(analysis, "en"), told(analysis, "es")
    finding = next(name for name, claim in english.items() if claim != spanish[name])
    content = plan(analysis, reading("a", finding, english[finding]), reading("b", "", "Typed by hand"))
    for language, wanted in (("es", spanish), ("en", english)):
        made = restated(content, load_catalog(language), analysis, language)
        assert [item.text("claim") for item in made.of("pinned-metric")] == [wanted[finding], "Typed by hand"]


def test_a_sentence_that_people_changed_stays(analysis) -> None:
    finding = next(iter(told(analysis, "en")))
    content = plan(analysis, reading("a", finding, "We say it in our own words"))
    assert restated(content, load_catalog("es"), analysis, "es") == content


def test_nothing_is_said_anew_from_another_release(analysis) -> None:
    english = told(analysis, "en")
    finding = next(iter(english))
    content = replace(plan(analysis, reading("a", finding, english[finding])), release="2020.01-0000000000")
    assert restated(content, load_catalog("es"), analysis, "es") == content


def test_the_notes_of_a_tested_target_are_in_the_language_of_the_document(analysis) -> None:
    measure = record("measure", "m", variable="share_employed", place=PLACE)
    target = record(
        "target", "t", measure=measure.key, value=Decimal("95"), year=2035, checked_release=analysis.id,
        check_notes="What the test said.",
    )  # fmt: skip
    content = plan(analysis, measure, target)
    notes = {}
    for language in ("en", "es"):
        made = restated(content, load_catalog(language), analysis, language)
        notes[language] = made.of("target")[0].text("check_notes")
        assert notes[language] not in ("", "What the test said.")
    assert notes["en"] != notes["es"]
    foreign = replace(target, values={**target.values, "checked_release": "2020.01-0000000000"})
    kept = restated(plan(analysis, measure, foreign), load_catalog("es"), analysis, "es")
    assert kept.of("target")[0].text("check_notes") == "What the test said."
