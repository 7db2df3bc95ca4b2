"""Population-weighted percentiles: against a slow plain twin, by properties, and as context rows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.engine.context import KEYS, PERCENTILES, summarise, weighted_percentiles
from upward.warehouse.schema import CONTEXT_COLUMNS, POPULATION_COLUMNS

Place = tuple[int, float, int]  # group, value, weight
SHARES = tuple(PERCENTILES.values())
places_of_groups = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.floats(-1e6, 1e6).map(lambda value: round(value, 3)),
        st.integers(1, 10_000_000),
    ),
    min_size=1,
    max_size=60,
)


def plain_percentile(pairs: list[tuple[float, int]], share: float) -> float:
    """The smallest value whose cumulative weight reaches the share of all weight, in exact arithmetic."""
    total = sum(weight for _value, weight in pairs)
    reached = 0
    for value, weight in sorted(pairs):
        reached += weight
        if reached >= Fraction(str(share)) * total:
            return value
    raise AssertionError("the last value reaches every share")


def fast(places: list[Place], shares: tuple[float, ...] = SHARES) -> dict[int, list[float]]:
    groups, values, weights = (np.array(column) for column in zip(*places, strict=True))
    distinct, found = weighted_percentiles(groups, values.astype(float), weights.astype(float), shares)
    return {int(group): [float(column[at]) for column in found] for at, group in enumerate(distinct)}


def plain(places: list[Place], shares: tuple[float, ...] = SHARES) -> dict[int, list[float]]:
    groups = sorted({group for group, _value, _weight in places})
    return {
        group: [
            plain_percentile([(value, weight) for g, value, weight in places if g == group], share)
            for share in shares
        ]
        for group in groups
    }


@given(places_of_groups)
def test_percentiles_equal_the_plain_twin(places: list[Place]) -> None:
    assert fast(places) == plain(places)


@given(places_of_groups, st.randoms(use_true_random=False))
def test_the_order_of_places_does_not_matter(places: list[Place], random: Any) -> None:
    shuffled = list(places)
    random.shuffle(shuffled)
    assert fast(shuffled) == fast(places)


@given(places_of_groups, st.sampled_from([2, 3, 10, 1000]))
def test_scaling_all_weights_changes_nothing(places: list[Place], factor: int) -> None:
    assert fast([(group, value, weight * factor) for group, value, weight in places]) == fast(places)


@given(places_of_groups, st.data())
def test_splitting_a_place_in_two_of_equal_value_changes_nothing(
    places: list[Place], data: st.DataObject
) -> None:
    group, value, weight = places[data.draw(st.integers(0, len(places) - 1), label="place")]
    if weight == 1:
        return
    part = data.draw(st.integers(1, weight - 1), label="part")
    split = [*places, (group, value, part), (group, value, weight - part)]
    split.remove((group, value, weight))

    assert fast(split) == fast(places)


@given(places_of_groups)
def test_percentiles_rise_and_are_values_of_places(places: list[Place]) -> None:
    for group, (low, middle, high) in fast(places).items():
        values = {value for g, value, _weight in places if g == group}
        assert low <= middle <= high
        assert {low, middle, high} <= values


@pytest.mark.parametrize(
    ("weights", "share", "expected"),
    [
        ([1, 1, 1, 1], 0.5, 2.0),  # reached exactly at the second: no averaging
        ([1, 1, 1], 0.5, 2.0),
        ([1, 1, 8], 0.5, 3.0),
        ([7, 133], 0.05, 1.0),  # 0.05 x 140 is 7.000000000000001 in floating point
        ([1, 99], 0.01, 1.0),
        ([1, 19], 0.05, 1.0),
        ([19, 1], 0.95, 1.0),
        ([18, 2], 0.95, 2.0),
        ([0, 5, 0], 0.5, 2.0),
    ],
)
def test_ties_are_decided_as_if_weights_were_exact(weights: list[int], share: float, expected: float) -> None:
    places = [(0, float(position), weight) for position, weight in enumerate(weights, start=1)]
    assert fast(places, (share,)) == {0: [expected]}


def result(code: str, value: float | None, **other: Any) -> dict[str, Any]:
    return {
        "variable": "share_employed",
        "edition": "2025",
        "source_release": "2025.01",
        "period": "2023",
        "group_type": "all",
        "group": "all",
        "geo_level": "county",
        "geo_id": code,
        "value": value,
        "quality": 1,
        "current": True,
    } | other


RESULT_TYPES = dict.fromkeys([*KEYS, "geo_id"], pl.String()) | {
    "value": pl.Float64(),
    "quality": pl.Int8(),
    "current": pl.Boolean(),
}


def population(code: str, people: float, period: str = "2023", level: str = "county") -> dict[str, Any]:
    return {"geo_level": level, "geo_id": code, "period": period, "population": people, "name": ""}


def summary(
    rows: list[dict[str, Any]], people: list[dict[str, Any]]
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return context rows by variable, period and scope."""
    frame = summarise(
        pl.DataFrame(rows, schema=RESULT_TYPES), pl.DataFrame(people, schema=POPULATION_COLUMNS)
    )
    assert dict(frame.schema) == CONTEXT_COLUMNS
    found = {(row["variable"], row["period"], row["scope"]): row for row in frame.iter_rows(named=True)}
    assert len(found) == len(frame)
    return found


PEOPLE = [population("29001", 100), population("29003", 300), population("20001", 600)]


def test_nation_and_every_state_get_a_row() -> None:
    rows = [result("29001", 0.7), result("29003", 0.8), result("20001", 0.9)]

    found = summary(rows, PEOPLE)

    assert {scope for _variable, _period, scope in found} == {"US", "20", "29"}
    nation, state = found["share_employed", "2023", "US"], found["share_employed", "2023", "29"]
    assert (nation["p05"], nation["median"], nation["p95"]) == (0.7, 0.9, 0.9)
    assert (state["median"], state["places"], state["places_total"]) == (0.8, 2, 2)
    assert nation["usable"] is True
    assert nation["published_median"] is None


def test_missing_and_weak_values_lower_what_is_covered_and_decide_usability() -> None:
    rows = [result("29001", None), result("29003", 0.8), result("20001", 0.9, quality=3)]

    nation = summary(rows, PEOPLE)["share_employed", "2023", "US"]

    assert (nation["places"], nation["places_total"]) == (2, 3)
    assert nation["population_share"] == pytest.approx(0.9)
    assert nation["weak_share"] == pytest.approx(0.6)
    assert nation["median"] == 0.9  # weak values count, as in the publisher's medians
    assert nation["usable"] is False


@pytest.mark.parametrize(("missing", "usable"), [(150, True), (151, False), (0, True)])
def test_fifteen_percent_may_be_missing(missing: int, usable: bool) -> None:
    people = [population("29001", 1000 - missing), population("29003", missing)]

    found = summary([result("29001", 0.7), result("29003", None)], people)

    assert found["share_employed", "2023", "US"]["usable"] is usable


def test_a_number_in_two_files_of_one_publication_counts_once_and_the_current_one_wins() -> None:
    rows = [
        result("29001", 0.1, current=False),
        result("29001", 0.7),
        result("29003", 0.8, current=False),
        result("29003", 0.2, current=False),
    ]

    nation = summary(rows, PEOPLE)["share_employed", "2023", "US"]

    assert nation["places"] == 2
    assert (nation["p05"], nation["median"]) == (0.7, 0.8)


def test_publications_editions_years_groups_and_levels_are_never_mixed() -> None:
    other: list[dict[str, Any]] = [
        {"source_release": "2024-09"},
        {"edition": "2022"},
        {"period": "2022"},
        {"group_type": "gender", "group": "female"},
        {"group_type": "gender"},
        {"geo_level": "place", "geo_id": "2965000"},
        {"variable": "share_in_preschool"},
    ]
    rows = [result("29001", 0.5), *(result("29001", 0.9, **change) for change in other)]
    frame = summarise(
        pl.DataFrame(rows, schema=RESULT_TYPES),
        pl.DataFrame([*PEOPLE, population("2965000", 9, level="place")], schema=POPULATION_COLUMNS),
    )

    nation = frame.filter(pl.col("scope") == "US")
    assert len(nation) == 8
    assert nation["places"].to_list() == [1] * 8


def test_a_period_without_population_takes_the_nearest_year() -> None:
    people = [
        population("29001", 100, "2014"),
        population("29003", 900, "2014"),
        population("29001", 900, "2020"),
        population("29003", 100, "2020"),
    ]
    rows = [
        result(code, value, period=year)
        for year in ("2010", "2021")
        for code, value in (("29001", 1.0), ("29003", 2.0))
    ]

    found = summary(rows, people)

    assert found["share_employed", "2010", "US"]["median"] == 2.0
    assert found["share_employed", "2021", "US"]["median"] == 1.0


def test_a_number_of_other_boundaries_than_the_frame_never_covers_more_than_all() -> None:
    people = [population("09001", 900, "2021"), population("09110", 1000, "2022")]

    found = summary([result("09110", 0.5, period="2021"), result("09110", 0.5, period="2022")], people)

    for period in ("2021", "2022"):
        assert found["share_employed", period, "09"]["population_share"] <= 1.0


def test_no_numbers_give_no_rows() -> None:
    assert summary([], PEOPLE) == {}
    assert summary([result("29001", None)], PEOPLE) == {}


def test_numbers_without_any_population_are_not_usable() -> None:
    nation = summary([result("29001", 0.5)], [])["share_employed", "2023", "US"]

    assert nation["usable"] is False
    assert nation["population_share"] is None
