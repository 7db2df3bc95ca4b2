"""Targets: honest shares, years that can show a change, people, and clear refusals."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from upward.base.errors import NotFoundError, RefusedError, UsageError
from upward.catalog.load import load_catalog
from upward.catalog.statements import load_statements
from upward.engine.progress import DETECTABLE_ERRORS
from upward.insights.target_input import parse_value
from upward.insights.target_series import cadence
from upward.insights.wording import words_in_force

PLACE = "98001"


@pytest.fixture(scope="module")
def employment(analysis):
    rows = analysis.metric("share_employed", group_type="all", geo_level="county")
    return rows.filter(pl.col("value").is_not_null())


def baseline(analysis, variable: str) -> float:
    frame = analysis.metrics(PLACE, metric=variable, group_type="all")
    return frame.filter(pl.col("value").is_not_null()).sort("period")["value"][-1]


def test_the_answer_has_the_keys_of_the_contract(analysis):
    found = analysis.target(PLACE, "employment", to=0.97, by=2032).as_contract()
    assert list(found)[:7] == [
        "baseline", "change", "reached", "detectable_change", "first_detectable_year", "people", "notes",
    ]  # fmt: skip
    assert {"count", "of", "share"} <= set(found["reached"])
    assert found["change"] == pytest.approx(0.97 - found["baseline"]["value"])


def test_the_share_is_that_of_a_plain_count_over_the_published_series(analysis, employment):
    found = analysis.target(PLACE, "share_employed", to=baseline(analysis, "share_employed") + 0.03, by=2028)
    span = found.reached.second_year - found.reached.first_year
    assert span <= 2028 - found.baseline.year
    sound = employment.filter(
        pl.col("quality") != 3, pl.col("flags").fill_null("").str.contains("state-pool").not_()
    )
    changes, errors, codes = [], [], []
    for code in sorted(set(sound["geo_id"])):
        rows = {row["period"]: row for row in sound.filter(pl.col("geo_id") == code).iter_rows(named=True)}
        first, second = (
            rows.get(str(year)) for year in (found.reached.first_year, found.reached.second_year)
        )
        if first is None or second is None:
            continue
        changes.append(second["value"] - first["value"])
        errors.append(math.hypot(*((row["upper"] - row["lower"]) / 3.92 for row in (first, second))))
        codes.append(code)
    mean = sum(changes) / len(changes)
    seen = sum((x - mean) ** 2 for x in changes) / (len(changes) - 1)
    true = max(0.0, seen - sum(e**2 for e in errors) / len(errors))
    calm = [mean + (x - mean) * math.sqrt(true / (true + e**2)) for x, e in zip(changes, errors, strict=True)]
    reached = {code for code, x in zip(codes, calm, strict=True) if x >= found.change}
    others = set(codes) - {PLACE}
    assert (found.reached_all.count, found.reached_all.of) == (len(reached & others), len(others))
    peers = {peer.place.geo_id for peer in analysis.peers(PLACE)} & others
    assert (found.reached.count, found.reached.of) == (len(reached & peers), len(peers))


def test_detectability_follows_from_the_published_margin(analysis):
    found = analysis.target(PLACE, "share_employed", to=0.99, by=2033)
    error = (found.baseline.upper - found.baseline.lower) / 3.92
    assert found.detectable_change == pytest.approx(DETECTABLE_ERRORS * error * math.sqrt(2), rel=1e-3)
    year, span = found.first_detectable_year, 2033 - found.baseline.year
    if year is not None:
        assert found.change * (year - found.baseline.year) / span >= found.detectable_change
        assert found.change * (year - 1 - found.baseline.year) / span < found.detectable_change


def test_without_a_margin_no_year_is_named_and_that_is_said(analysis):
    found = analysis.target(PLACE, "turnout", to=0.95, by=2032)
    assert found.detectable_change is None
    assert found.first_detectable_year is None
    notes = load_statements().notes
    assert notes["no-margin"] in found.notes
    assert not found.reached.noise_removed
    assert notes["reached-raw"] in found.notes


def test_lower_is_better_and_parity_work_in_their_own_direction(analysis):
    low = analysis.target(
        PLACE, "rate_injury_death", to=baseline(analysis, "rate_injury_death") * 0.8, by=2035
    )
    assert low.change < 0
    pairs = [v.id for v in analysis.catalog.metrics["housing_wealth"].variables]
    variable = next(v for v in pairs if len(analysis.metrics(PLACE, metric=v)))
    value = baseline(analysis, variable)
    nearer = value + (1 - value) / 2
    parity = analysis.target(PLACE, variable, to=nearer, by=2030)
    assert parity.reached is None or 0 <= parity.reached.count <= parity.reached.of
    with pytest.raises(RefusedError, match="wrong direction"):
        analysis.target(PLACE, variable, to=value - (1 - value) / 10, by=2030)


def test_a_gap_closes_by_a_share(analysis):
    found = analysis.gap_target(
        PLACE, "employment", group="with-disability", against="without-disability", close=0.5, by=2035
    )
    assert found.to == pytest.approx(found.baseline.value / 2)
    assert found.groups == ("with-disability", "without-disability")
    assert found.baseline.error > 0
    assert found.reached_all.of > 0


def test_people_are_told_where_all_residents_are_counted(analysis):
    place = analysis.place(PLACE)
    found = analysis.target(
        PLACE, "rate_injury_death", to=baseline(analysis, "rate_injury_death") - 10, by=2035
    )
    assert found.people == pytest.approx(10 * place.population / 100_000, rel=1e-6)
    assert analysis.target(PLACE, "share_employed", to=0.99, by=2030).people is None


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        ({"metric": "employment", "to": 0.1, "by": 2030}, RefusedError, "wrong direction"),
        ({"metric": "employment", "to": 0.99, "by": 2019}, RefusedError, "not after the newest figure"),
        ({"metric": "employment", "to": 95.0, "by": 2030}, UsageError, "outside"),
        ({"metric": "employment", "to": "a lot", "by": 2030}, UsageError, "not a number"),
        ({"metric": "happiness", "to": 0.9, "by": 2030}, NotFoundError, "no metric"),
        ({"metric": "income", "to": 9e4, "by": 2030}, NotFoundError, "several variables"),
        (
            {"metric": "employment", "to": 0.99, "by": 2030, "group": "martian"},
            NotFoundError,
            "not published",
        ),
        ({"metric": "turnout", "to": 0.99, "by": 2030, "group": "hispanic"}, NotFoundError, "not published"),
    ],
)
def test_bad_targets_are_refused_in_words(analysis, call, error, words):
    with pytest.raises(error, match=words) as refused:
        analysis.target(PLACE, **call)
    assert refused.value.advice or getattr(refused.value, "candidates", ())


def test_a_number_without_a_value_here_is_not_found(analysis):
    held = set(analysis.metrics(PLACE, group_type="all").filter(pl.col("value").is_not_null())["variable"])
    levels = [
        v.id
        for v in analysis.catalog.variables.values()
        if v.id not in held and v.unit == "share" and v.direction == "higher is better"
    ]
    for variable in levels[:2]:
        with pytest.raises(NotFoundError, match="no published number"):
            analysis.target(PLACE, variable, to=0.9, by=2030)


def test_gap_targets_of_groups_that_do_not_fit_are_refused(analysis):
    common = {"close": 0.5, "by": 2030}
    with pytest.raises(UsageError, match="one kind"):
        analysis.gap_target(PLACE, "employment", group="female", against="with-disability", **common)
    with pytest.raises(UsageError, match="at most wholly"):
        analysis.gap_target(PLACE, "employment", group="female", against="male", close=1.5, by=2030)


@pytest.mark.parametrize(
    ("text", "variable", "stored"),
    [
        ("85%", "share_employed", 0.85),
        ("0.85", "share_employed", 0.85),
        ("$50,000", "pctl_income_20", 50000.0),
        ("50000", "pctl_income_20", 50000.0),
        ("120", "share_affordable_80_ami", 1.2),
        ("1.2", "share_affordable_80_ami", 1.2),
        ("800", "ratio_population_pc_physician", 800.0),
    ],
)
def test_values_are_read_as_people_write_them(text, variable, stored):
    assert parse_value(text, load_catalog().variables[variable], words_in_force()) == pytest.approx(stored)


def test_percent_is_refused_where_the_unit_is_another():
    with pytest.raises(UsageError, match="not in percent"):
        parse_value("5%", load_catalog().variables["pctl_income_20"], words_in_force())


def test_the_cadence_is_the_commonest_step():
    assert cadence([2014, 2016, 2018, 2021, 2023]) == 2
    assert cadence([2016, 2020]) == 4
    assert cadence([2022]) == 1


def test_crime_is_never_measured_against_other_places(analysis):
    frame = analysis.metrics(PLACE, metric="rate_crime_violent").filter(pl.col("value").is_not_null())
    if frame.is_empty():
        place = next(
            p.geo_id
            for p in analysis.all_places()
            if len(analysis.metrics(p, metric="rate_crime_violent").filter(pl.col("value").is_not_null()))
        )
    else:
        place = PLACE
    found = analysis.target(place, "rate_crime_violent", to=1.0, by=2030)
    assert found.reached is None
    assert found.reached_all is None
    assert load_statements().refusals["not-ranked"] in found.notes


def test_weak_places_do_not_count_among_those_that_reached_it(analysis, employment):
    found = analysis.target(PLACE, "share_employed", to=0.99, by=2028)
    second = str(found.reached_all.second_year)
    weak = employment.filter(pl.col("quality") == 3, pl.col("period") == second)["geo_id"].n_unique()
    everyone = employment.filter(pl.col("period") == second)["geo_id"].n_unique()
    assert weak > 0
    assert found.reached_all.of <= everyone - weak
    assert np.isfinite(found.change)
