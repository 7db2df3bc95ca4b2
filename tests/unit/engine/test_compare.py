"""Comparisons agree with R, with slow plain twins, and with what theory says."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.errors import UsageError
from upward.engine.compare import (
    Estimate,
    adjust_for_family,
    compare_difference,
    compare_ratio,
    compare_with_fixed,
    fit_trend,
    middle_of_peers,
    standard_error,
    two_sided_p,
)

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "compare_reference.json").read_text())
close = lambda x: pytest.approx(x, rel=1e-12, abs=1e-15)  # noqa: E731


@pytest.mark.parametrize("case", ["p_adjust", "p_adjust_shuffled", "p_adjust_ties"])
def test_adjusted_p_values_equal_those_of_r(case):
    assert adjust_for_family(GOLDEN[case]["p"]) == close(GOLDEN[case]["adjusted"])


def test_peers_have_a_middle_only_where_they_are_enough_and_it_is_a_number():
    assert middle_of_peers([4.0, 1.0, 3.0, 2.0]) is None
    assert middle_of_peers([5.0, 1.0, 4.0, 2.0, 3.0]) == 3.0
    assert middle_of_peers([1.0, 2.0, math.inf, math.inf, math.inf]) is None


def test_trend_equals_weighted_least_squares_of_r():
    golden = GOLDEN["trend"]
    trend = fit_trend([int(x) for x in golden["x"]], golden["y"], golden["s"])
    assert trend is not None
    assert [trend.slope] == pytest.approx(golden["slope"], rel=1e-9)
    assert [trend.se] == pytest.approx(golden["se"], rel=1e-9)
    assert [trend.p] == pytest.approx(golden["p"], rel=1e-8)
    assert [trend.intercept] == pytest.approx(golden["intercept"], rel=1e-8)


@pytest.mark.parametrize(("case", "compare"), [("difference", compare_difference), ("ratio", compare_ratio)])
def test_two_estimates_compare_as_in_r(case, compare):
    golden = GOLDEN[case]
    result = compare(Estimate(*golden["a"]), Estimate(*golden["b"]))
    assert [result.estimate] == close(golden["estimate"])
    assert [result.se] == close(golden["se"])
    assert [result.lower, result.upper] == close(golden["interval"])
    assert [result.p] == close(golden["p"])


def slow_adjustment(p_values):
    """The textbook: for each value, the smallest n·p(j)/j over all ranks j at or above its own."""
    ordered = sorted(p_values)
    count = len(ordered)
    return [
        min(1.0, min(ordered[j] * count / (j + 1) for j in range(count) if ordered[j] >= p)) for p in p_values
    ]


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjustment_agrees_with_its_plain_twin(p_values):
    assert adjust_for_family(p_values) == close(slow_adjustment(p_values))


def test_no_change_worlds_stay_under_the_stated_rate():
    """With no true difference anywhere, a family holds any false call in at most 5 % of worlds."""
    generator = np.random.default_rng(20251)
    worlds, family = 4000, 24
    z = generator.standard_normal((worlds, family))
    called = sum(min(adjust_for_family([two_sided_p(v) for v in row])) <= 0.05 for row in z.tolist())
    monte_carlo = 2.6 * math.sqrt(0.05 * 0.95 / worlds)
    assert called / worlds <= 0.05 + monte_carlo


def test_power_for_a_planted_change_matches_theory():
    """A change of 2.8 standard errors passes a 5 % test in 80 % of worlds: the detectability rule."""
    generator = np.random.default_rng(20252)
    worlds, se = 20000, 0.01
    change = 2.8 * math.hypot(se, se)
    early = generator.normal(0.5, se, worlds)
    late = generator.normal(0.5 + change, se, worlds)
    hits = sum(
        compare_difference(Estimate(b, se), Estimate(a, se)).p <= 0.05
        for a, b in zip(early, late, strict=True)
    )
    assert hits / worlds == pytest.approx(0.8, abs=2.6 * math.sqrt(0.16 / worlds) + 0.001)


@pytest.mark.parametrize(
    ("value", "lower", "upper", "expected"),
    [
        (0.5, 0.402, 0.598, 0.05),
        (0.5, None, 0.598, None),  # one-sided
        (0.5, 0.5, 0.5, None),  # no width
        (0.02, 0.0, 0.04, None),  # cut at the minimum
        (0.99, 0.98, 1.0, None),  # cut at the maximum
        (0.5, 0.45, 0.6, None),  # skewed
        (0.5, 0.6, 0.7, None),  # bounds that do not hold the value
    ],
)
def test_standard_error_only_where_the_bounds_give_one(value, lower, upper, expected):
    result = standard_error(value, lower, upper, minimum=0.0, maximum=1.0)
    assert result == (None if expected is None else pytest.approx(expected))


def test_without_an_error_there_is_no_comparison():
    assert compare_difference(Estimate(1, None), Estimate(2, 0.1)) is None
    assert compare_difference(Estimate(1, 0.0), Estimate(2, 0.0)) is None
    assert compare_ratio(Estimate(0, 0.1), Estimate(2, 0.1)) is None
    assert fit_trend([2014, 2016], [1, 2], [0.1, 0.1]) is None


def test_a_fixed_reference_adds_no_error():
    result = compare_with_fixed(Estimate(0.47, 0.004), 0.393)
    assert result.se == pytest.approx(0.004)
    assert result.estimate == pytest.approx(0.077)


@pytest.mark.parametrize(
    "call",
    [
        lambda: adjust_for_family([0.5, 1.2]),
        lambda: fit_trend([1, 2, 3], [1, 2], [1, 1, 1]),
        lambda: fit_trend([1, 2, 3], [1, 2, 3], [1, 0, 1]),
    ],
)
def test_impossible_input_is_refused(call):
    with pytest.raises(UsageError):
        call()


@given(st.floats(0.01, 0.99), st.floats(0.001, 0.2), st.floats(0.01, 0.99), st.floats(0.001, 0.2))
def test_swapping_the_sides_flips_the_sign_and_keeps_the_test(a, sa, b, sb):
    forth = compare_difference(Estimate(a, sa), Estimate(b, sb))
    back = compare_difference(Estimate(b, sb), Estimate(a, sa))
    assert forth.estimate == -back.estimate
    assert forth.p == back.p
    ratio = compare_ratio(Estimate(a, sa), Estimate(b, sb))
    inverse = compare_ratio(Estimate(b, sb), Estimate(a, sa))
    assert ratio.estimate * inverse.estimate == pytest.approx(1)
    assert ratio.p == pytest.approx(inverse.p, abs=1e-12)
