"""Columns of comparisons give, element by element, what the plain ones give, and what R gives."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.engine.compare import (
    Bounded,
    Estimate,
    adjust_for_family,
    bounded,
    compare_bounded,
    compare_difference,
    error_of_median,
    fit_trend,
)
from upward.engine.compare_many import (
    adjust_families,
    bounded_many,
    compare_bounded_many,
    median_of_named,
    two_sided_p_many,
)

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "insights_reference.json").read_text())
NAN = float("nan")
values = st.floats(-50, 50).map(lambda x: round(x, 3))
widths = st.one_of(st.none(), st.floats(0, 20).map(lambda x: round(x, 3)))


def none(x: float) -> float | None:
    return None if math.isnan(x) else float(x)


def number(x: float | None) -> float:
    return NAN if x is None else x


def test_a_difference_of_proportions_has_the_interval_of_prop_test():
    golden = GOLDEN["prop_test"]
    found = compare_difference(Estimate(*golden["first"]), Estimate(*golden["second"]))
    assert [found.lower, found.upper] == pytest.approx(golden["interval"], rel=1e-12)


def test_uneven_bounds_compare_as_in_r():
    golden = GOLDEN["uneven"]
    first, second = (bounded(*golden[name], minimum=None, maximum=None) for name in ("first", "second"))
    found = compare_bounded(first, second)
    assert [found.estimate] == pytest.approx(golden["estimate"])
    assert [found.lower, found.upper] == pytest.approx(golden["interval"], rel=1e-12)
    assert [found.p] == pytest.approx(golden["p"], rel=1e-10)


def test_families_are_adjusted_apart_as_in_r():
    golden = GOLDEN["families"]
    mixed = np.array(golden["first"] + golden["second"])
    families = np.array([7] * len(golden["first"]) + [3] * len(golden["second"]))
    order = np.array([3, 7, 0, 5, 1, 6, 2, 4])
    found = np.empty(len(mixed))
    found[order] = adjust_families(mixed[order], families[order])
    assert found.tolist() == pytest.approx(golden["first_adjusted"] + golden["second_adjusted"], rel=1e-14)


def test_a_trend_of_four_years_is_that_of_r():
    golden = GOLDEN["trend"]
    found = fit_trend([int(year) for year in golden["x"]], golden["y"], golden["s"])
    assert [found.slope] == pytest.approx(golden["slope"], rel=1e-9)
    assert [found.se] == pytest.approx(golden["se"], rel=1e-9)


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.sampled_from([0.0, 0.01, 0.02, 0.3, 1.0])), st.integers(0, 3)),
        max_size=40,
    )
)
def test_families_agree_with_the_plain_twin(pairs):
    p = np.array([number(p) for p, _family in pairs])
    families = np.array([family for _p, family in pairs], dtype=np.int64)
    found = adjust_families(p, families)
    for family in set(families.tolist()):
        at = [i for i in range(len(p)) if families[i] == family and not math.isnan(p[i])]
        assert found[at].tolist() == adjust_for_family(p[at].tolist())
    assert np.isnan(found[np.isnan(p)]).all()


@given(st.lists(st.tuples(values, widths, widths), min_size=1, max_size=10))
def test_errors_of_bounds_agree_with_the_plain_twin(rows):
    value = np.array([row[0] for row in rows])
    lower = np.array([number(None if row[1] is None else row[0] - row[1]) for row in rows])
    upper = np.array([number(None if row[2] is None else row[0] + row[2]) for row in rows])
    least, most = np.full(len(rows), -40.0), np.full(len(rows), 45.0)
    below, above = bounded_many(value, lower, upper, least, most)
    for i in range(len(rows)):
        plain = bounded(float(value[i]), none(lower[i]), none(upper[i]), minimum=-40.0, maximum=45.0)
        assert none(below[i]) == pytest.approx(plain.below) if plain.below else none(below[i]) is None
        assert none(above[i]) == pytest.approx(plain.above) if plain.above else none(above[i]) is None


sides = st.one_of(st.none(), st.floats(0.001, 20))


@given(st.lists(st.tuples(values, sides, sides, values, sides, sides), min_size=1, max_size=10))
def test_comparisons_agree_with_the_plain_twin(rows):
    columns = [np.array([number(row[i]) for row in rows]) for i in range(6)]
    found = compare_bounded_many(*columns)
    for i, row in enumerate(rows):
        plain = compare_bounded(Bounded(*row[:3]), Bounded(*row[3:]))
        if plain is None:
            assert math.isnan(found.p[i])
            assert math.isnan(found.se[i])
        else:
            assert found.estimate[i] == plain.estimate
            assert found.p[i] == pytest.approx(plain.p, abs=1e-15)
            assert [found.lower[i], found.upper[i]] == pytest.approx([plain.lower, plain.upper])


def test_even_bounds_compare_as_a_plain_difference():
    plain = compare_difference(Estimate(0.6, 0.02), Estimate(0.5, 0.03))
    found = compare_bounded(Bounded(0.6, 0.02, 0.02), Bounded(0.5, 0.03, 0.03))
    assert found == plain


def test_a_side_that_was_cut_off_ends_openly_and_is_never_the_facing_one():
    capped = bounded(0.97, 0.93, 1.0, minimum=0, maximum=1)
    assert capped.above is None
    assert capped.below is not None
    lower_one = Bounded(0.8, 0.01, 0.01)
    found = compare_bounded(capped, lower_one)
    assert found.upper == math.inf
    assert found.lower > 0
    assert compare_bounded(capped, Bounded(0.99, 0.01, 0.01)) is None


@given(st.lists(st.tuples(values, sides, sides), min_size=1, max_size=11))
def test_the_median_of_named_places_agrees_with_its_plain_twin(rows):
    plain = error_of_median([Bounded(*row) for row in rows])
    matrix = [np.array([[number(row[i]) for row in rows] + [NAN]]) for i in range(3)]
    middle, below, above = median_of_named(*matrix)
    assert middle[0] == pytest.approx(plain.value)
    ties = len({row[0] for row in rows}) < len(rows)
    if not ties:  # which of two equal places is the middle one is not told apart
        assert number(plain.below) == pytest.approx(below[0], nan_ok=True)
        assert number(plain.above) == pytest.approx(above[0], nan_ok=True)


@pytest.mark.parametrize(("spread", "places"), [(0.0, 10), (0.5, 10), (3.0, 10), (0.0, 5), (2.0, 7)])
def test_the_error_of_a_median_is_never_too_small(spread, places):
    """Against simulation: true for spread-out places, too careful where all are equal, never too bold."""
    generator = np.random.default_rng(11)
    truth = np.linspace(-spread, spread, places)
    drawn = truth + generator.normal(size=(20000, places))
    actual = float(np.median(drawn, axis=1).std())
    stated = np.mean([error_of_median([Bounded(v, 1.0, 1.0) for v in row]).below for row in drawn[:50]])
    assert stated >= actual * 0.98


def test_many_p_values_keep_what_is_not_known():
    assert two_sided_p_many(np.array([0.0, NAN])).tolist() == [1.0, pytest.approx(NAN, nan_ok=True)]
