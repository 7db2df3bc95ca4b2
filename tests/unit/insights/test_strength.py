"""A finding is worded only as strongly as its numbers carry: by construction, by property, on every sample
place."""

from __future__ import annotations

import dataclasses
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.catalog.statements import (
    ONE_OPEN,
    SIDED,
    flat_texts,
    load_relations,
    load_statements,
    load_universes,
)
from upward.insights.candidates import LEVEL, strength_expression, strength_of
from upward.insights.findings import Kind, Mark, Strength
from upward.insights.wording import Fields, words_in_force
from upward.insights.writer import Writer
from upward.present.wording import finding_mark

LANGUAGES = ("en", "es")
SURE = {"en": "clearly", "es": "claramente"}
HEDGED = {"en": ("likely",), "es": ("probable",)}
CLAIMS = {
    "en": ("higher", "lower", "rose", "fell", "above", "below", "better", "room to improve"),
    "es": ("mayor", "menor", "subió", "bajó", "por encima", "por debajo", "mejor", "para mejorar"),
}
HEADING_CLAIMS = {
    "en": ("higher", "lower", ": up", ": down", "above", "below", "alike", "apart", "one gap"),
    "es": ("mayor para", "menor para", "alza", "baja", "por encima", "por debajo", "mismo lado", "distintos"),
}
p_values = st.one_of(st.none(), st.floats(0, 1), st.sampled_from([0.0, LEVEL, 0.0499, 0.0501]))
qualities = st.sampled_from([None, 1, 2, 3])


@given(st.lists(st.tuples(p_values, st.floats(0, 1), qualities, qualities), min_size=1, max_size=20))
def test_strength_follows_from_the_numbers_alone(rows):
    adjusted = [None if p is None else min(1.0, max(p, extra)) for p, extra, _one, _other in rows]
    frame = pl.DataFrame(
        {
            "p": [row[0] for row in rows],
            "p_adjusted": adjusted,
            "first_quality": [row[2] for row in rows],
            "second_quality": [row[3] for row in rows],
        },
        schema={
            "p": pl.Float64,
            "p_adjusted": pl.Float64,
            "first_quality": pl.Int8,
            "second_quality": pl.Int8,
        },
    )
    found = frame.select(strength_expression()).to_series().to_list()
    for row, p_adjusted, strength in zip(rows, adjusted, found, strict=True):
        p, _extra, one, other = row
        assert strength == strength_of(p, p_adjusted, (one, other))
        if strength == Strength.CLEAR:
            assert p_adjusted <= LEVEL
            assert {one, other} <= {1, 2}
        if strength == Strength.LIKELY:
            assert p <= LEVEL
            assert 3 not in (one, other)
        if 3 in (one, other) or p is None:
            assert strength == Strength.NOT_USABLE


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_clear_verdicts_are_sure_and_only_clear_and_likely_ones_say_a_side(language):
    for name, form in load_statements(language).kinds.items():
        for (strength, _side), text in form.verdicts.items():
            lower = text.lower()
            assert (SURE[language] in lower) == (strength == "clear"), (name, text)
            assert any(word in lower for word in HEDGED[language]) == (strength == "likely"), (name, text)
            if strength == "not usable":
                assert not any(word in lower for word in CLAIMS[language]), (name, text)
        assert not any(word in form.fact.lower() for word in (SURE[language], *HEDGED[language]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_headings_of_clear_and_likely_findings_claim_and_only_likely_ones_hedge(language):
    for name, form in load_statements(language).kinds.items():
        for (strength, _side), text in form.headings.items():
            lower = text.lower()
            assert any(word in lower for word in HEDGED[language]) == (strength == "likely"), (name, text)
            if strength == "other":
                assert not any(word in lower for word in HEADING_CLAIMS[language]), (name, text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("strength", SIDED)
def test_headings_of_one_figure_tell_its_side(language, strength):
    for name in ("gap", "change", "group-change", "standing-peers", "standing-state", "standing-nation"):
        form = load_statements(language).kinds[name]
        assert form.heading(strength, "above") != form.heading(strength, "below"), name


@pytest.mark.parametrize("strength", list(Strength))
def test_a_finding_is_headed_as_strongly_as_its_numbers_carry(strength):
    fields = Fields(FIELDS | {"short": "employment", "first_group": "adults", "second_group": "teens"})
    heading = words_in_force().heading("gap", strength, -1.0, fields)
    assert heading == {
        Strength.CLEAR: "Employment: lower for adults than for teens",
        Strength.LIKELY: "Employment: likely lower for adults than for teens",
    }.get(strength, "Employment: adults and teens")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_of_one_strength_are_those_of_another(language):
    for form in load_statements(language).kinds.values():
        by_strength = {}
        for (strength, _side), text in form.verdicts.items():
            by_strength.setdefault(strength, set()).add(text)
        sets = list(by_strength.values())
        assert sum(map(len, sets)) == len(set().union(*sets))
        assert {strength for strength, side in form.verdicts if side not in ("any", ONE_OPEN)} == set(SIDED)


FIELDS = dict.fromkeys(
    [
        "thing",
        "short",
        "other_thing",
        "other_short",
        "first_group",
        "second_group",
        "year",
        "first_year",
        "second_year",
        "state",
        "middle",
        "count",
        "first",
        "second",
        "topics",
    ],
    "x",
)


@given(
    st.sampled_from(sorted(load_statements().kinds)),
    p_values,
    st.floats(0, 1),
    qualities,
    qualities,
    st.floats(-1, 1),
    st.sampled_from(["", *sorted(load_statements().quarters)]),
    st.sampled_from([None, True, False]),
)
def test_no_clear_sentence_is_reached_but_over_clear_numbers(
    kind, p, extra, one, other, estimate, quarter, good
):
    adjusted = None if p is None else max(p, extra)
    strength = strength_of(p, adjusted, (one, other))
    for language in LANGUAGES:
        with use_language(language):
            sentence = words_in_force().statement(
                kind, strength, estimate, FIELDS, quarter=quarter, favorable=good
            )
        sure = SURE[language] in sentence.lower()
        assert sure == (adjusted is not None and adjusted <= LEVEL and one == other == 1)
        if not sure:
            assert load_statements(language).asset not in sentence
        if strength not in (Strength.CLEAR, Strength.LIKELY):
            assert not any(text in sentence for text in load_statements(language).quarters.values())


def test_every_finding_of_the_sample_says_what_its_numbers_carry(all_findings):
    seen = set()
    for found in all_findings.values():
        for item in found:
            seen.add((item.kind, item.strength))
            assert ("clearly" in item.statement) == (item.strength is Strength.CLEAR)
            if item.strength in (Strength.CLEAR, Strength.LIKELY):
                assert item.p <= LEVEL
                assert all(row.quality != 3 for row in item.numbers if row.geo_id == item.numbers[0].geo_id)
            if item.strength is Strength.CLEAR:
                assert item.p_adjusted <= LEVEL
                own = [row for row in item.numbers if row.geo_id == item.numbers[0].geo_id]
                sides = {side.quality for side in item.sides if side.quality is not None}
                assert sides <= {1}
                assert own
    assert {kind for kind, _strength in seen} == set(Kind)
    assert {strength for _kind, strength in seen} == set(Strength)


def test_every_finding_opens_to_its_numbers(all_findings):
    for found in all_findings.values():
        for item in found:
            if item.mark is not Mark.MISSING and item.kind is not Kind.CAUTION:
                assert item.numbers, item.heading
            for side in item.sides[:1]:
                values = [row.value for row in item.numbers]
                assert any(value == pytest.approx(side.value) for value in values), item.statement
                assert side.shown in item.statement
            assert item.year in item.statement or item.kind in (Kind.CAUTION, Kind.RELATION)


def test_no_finding_ranks_crime_or_arrests_and_none_but_a_caution_rests_on_weak_numbers(all_findings):
    for found in all_findings.values():
        for item in found:
            if item.metric in ("crime", "juvenile_arrests"):
                assert item.kind is Kind.CAUTION
                assert item.p is None
            weak = any(row.quality == 3 for row in item.numbers)
            if weak and item.kind is not Kind.CAUTION:
                assert item.kind is Kind.CHANGE, item.heading
                assert not any(side.quality == 3 for side in item.sides)


def test_a_caution_on_years_or_groups_does_not_say_that_places_are_not_compared(analysis, all_findings):
    seen = set()
    for item in (item for found in all_findings.values() for item in found if item.kind is Kind.CAUTION):
        never = not analysis.catalog.metrics[item.metric].comparable or "a state figure" in item.heading
        assert (item.mark is Mark.NOT_COMPARED) <= never
        assert finding_mark(item.mark)[1].lower() == item.mark or item.mark is Mark.MISSING
        seen.add(item.mark)
    assert seen >= {Mark.NOT_COMPARED, Mark.YEARS_NOT_COMPARED, Mark.GROUPS_NOT_COMPARED}


@pytest.mark.parametrize(("language", "of_counties"), [("en", "US middle"), ("es", "mediana del país")])
def test_a_city_stands_beside_the_middle_of_large_cities_and_a_county_beside_that_of_the_nation(
    analysis, language, of_counties
):
    county = analysis.place("98001")
    table = analysis.findings_table([county]).filter(pl.col("scope") == "nation")
    middles = load_statements(language).middles
    assert middles["county"] == of_counties
    kinds = set()
    for level, other in (("county", "place"), ("place", "county")):
        with use_language(
            language
        ):  # the sample has too few cities for a middle: its county is taken for one
            place = dataclasses.replace(county, geo_level=level)
            writer = Writer(analysis.evidence, words_in_force(), place, analysis.place_rows(county), {})
            for item in map(writer.write, table.iter_rows(named=True)):
                assert middles[other] not in f"{item.heading} {item.statement}"
                assert middles[level] in item.statement
                if item.kind is Kind.STANDING:
                    assert item.sides[1].label.lower() == middles[level].lower()
                kinds.add(item.kind)
    assert kinds == {Kind.STANDING, Kind.RELATION}


def test_ids_are_unique_in_a_place_and_the_same_again(analysis, all_findings):
    for code, found in list(all_findings.items())[:5]:
        ids = [item.id for item in found]
        assert len(ids) == len(set(ids))
        again = analysis.findings(code)
        assert [item.id for item in again] == ids
        assert [item.statement for item in again] == [item.statement for item in found]


def test_the_clear_stand_first_and_every_place_says_why(all_findings):
    order = {Strength.CLEAR: 0, Strength.LIKELY: 1, Strength.UNCERTAIN: 2, Strength.NOT_USABLE: 3}
    for found in all_findings.values():
        ranks = [order[item.strength] for item in found]
        assert ranks == sorted(ranks)
        assert all(item.why_first for item in found)
        families = {item.family for item in found if item.p is not None}
        assert all(families)


def test_every_variable_and_group_has_its_words_in_both_languages():
    catalog = load_catalog()
    groups = {
        (kind.id, group.id)
        for kind in catalog.group_types.values()
        for group in kind.groups
        if kind.id != "all"
    }
    for language in LANGUAGES:
        statements = load_statements(language)
        assert set(catalog.variables) | {"school_poverty"} == set(statements.subjects)
        plain = {key for key in statements.groups if "." not in key[0]}
        assert plain == groups
        for group_type, group in statements.groups.keys() - plain:
            base, _dot, metric = group_type.partition(".")
            assert (base, group) in groups
            assert metric in catalog.metrics


def test_relations_and_universes_name_variables_of_the_catalogue():
    catalog = load_catalog()
    assert {name for pair in load_relations() for name in (pair.first, pair.second)} <= set(catalog.variables)
    assert set(load_universes()) <= set(catalog.variables)
    assert len({frozenset((pair.first, pair.second)) for pair in load_relations()}) == len(load_relations())


@pytest.mark.parametrize("language", LANGUAGES)
def test_wording_never_speaks_down(language):
    belittling = re.compile(
        r"underperform|failing|\bworst\b|\bpoor\b|\blags?\b|deficit|\bpobres?\b|fracas|\bpeor", re.IGNORECASE
    )
    for path, text in flat_texts(load_statements(language)).items():
        assert not belittling.search(text), path


def test_a_site_may_leave_out_bare_figures(analysis, all_findings):
    for place, _rows, found in analysis.findings_by_place(["place"], tested_only=True):
        if place.current:
            whole = all_findings[place.geo_id]
            kept = [item for item in whole if item.p is not None or item.kind is Kind.CAUTION]
            assert [item.id for item in found] == [item.id for item in kept]


def test_what_open_release_returns_answers_every_question_of_the_contract(sample_home):
    import upward

    release = upward.open_release(sample_home)
    for name in ("places", "metrics", "metric", "peers", "findings", "target"):
        assert callable(getattr(release, name))


def test_a_quarter_says_of_what_it_is_one_and_peers_are_counted_as_they_are(all_findings):
    standings = [item for found in all_findings.values() for item in found if item.kind is Kind.STANDING]
    named = [item for item in standings if "quarter" in item.statement]
    assert named
    for item in named:
        of = {"peers": ("of these peers.",), "nation": ("of the nation.", "of large US cities.")}[item.scope]
        assert any(f"quarter {words}" in item.statement for words in of)
    counted = [re.search(r"Less favorable figures: (\d+) of (\d+) peers", item.detail) for item in standings]
    counted = [(int(found[1]), int(found[2])) for found in counted if found]
    assert counted
    assert all(0 <= below <= of <= 10 for below, of in counted)


def test_a_group_of_the_rest_is_named_as_a_group(all_findings):
    for found in all_findings.values():
        for item in found:
            if "other" in item.groups and item.group_type.startswith("race"):
                assert "the group “other races”" in item.statement
