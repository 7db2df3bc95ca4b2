"""Targets' arithmetic: noise taken out, detectability that simulation confirms, chance of seats as in R."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.engine.progress import (
    detectable_change,
    first_detectable_year,
    spread_of_changes,
    without_noise,
)
from upward.engine.seats import chance_of_seats

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "insights_reference.json").read_text())


def test_the_spread_without_noise_is_that_of_r():
    golden = GOLDEN["moments"]
    changes, errors = np.array(golden["changes"]), np.array(golden["errors"])
    spread = spread_of_changes(changes, errors)
    assert [spread.spread] == pytest.approx(golden["spread"], rel=1e-12)
    assert without_noise(changes, errors, spread).tolist() == pytest.approx(golden["calm"], rel=1e-12)


def test_the_detectable_change_is_that_of_r():
    golden = GOLDEN["detectable"]
    assert [detectable_change(*golden["errors"])] == pytest.approx(golden["change"], rel=1e-12)


@pytest.mark.parametrize("asked", [0.0, 0.02, 0.05, 0.08])
def test_the_share_without_noise_is_the_true_share(asked):
    """Seen changes spread too far and overstate who reached a large target; without noise the share is
    right."""
    generator = np.random.default_rng(31)
    places = 3000
    truth = generator.normal(0.01, 0.03, places)
    errors = generator.uniform(0.01, 0.06, places)
    seen = truth + generator.normal(size=places) * errors
    calm = without_noise(seen, errors, spread_of_changes(seen, errors))
    true_share, raw_share, share = ((x >= asked).mean() for x in (truth, seen, calm))
    assert share == pytest.approx(true_share, abs=0.03)
    if asked >= 0.05:
        assert abs(share - true_share) < abs(raw_share - true_share)


def test_with_nothing_but_noise_all_places_move_alike():
    generator = np.random.default_rng(32)
    errors = np.full(500, 0.05)
    seen = generator.normal(0.0, 0.045, 500)
    spread = spread_of_changes(seen, errors)
    assert spread.spread == 0.0
    assert np.allclose(without_noise(seen, errors, spread), spread.mean)


def test_without_errors_nothing_is_taken_out_and_that_is_said():
    seen, nothing = np.array([0.1, 0.2, 0.4]), np.full(3, np.nan)
    spread = spread_of_changes(seen, nothing)
    assert not spread.removed
    assert math.isnan(spread.noise)
    assert without_noise(seen, nothing, spread).tolist() == seen.tolist()
    with pytest.raises(ValueError, match="two"):
        spread_of_changes(np.array([0.1]), np.array([0.1]))


@pytest.mark.parametrize(("change", "error", "span"), [(0.1, 0.02, 10), (0.06, 0.01, 8), (-0.2, 0.03, 12)])
def test_the_first_year_that_can_show_it_agrees_with_simulation(change, error, span):
    """The first year in which four of five simulated surveys pass the test is the stated one, give or take
    one."""
    generator = np.random.default_rng(33)
    start = 2023
    worlds = 20000
    base = generator.normal(0, error, worlds)
    powers = {}
    for year in range(start + 1, start + span + 1):
        later = generator.normal(change * (year - start) / span, error, worlds)
        powers[year] = (np.abs(later - base) / math.hypot(error, error) >= 1.959964).mean()
    simulated = next(year for year, power in powers.items() if power >= 0.8)
    stated = first_detectable_year(start, start + span, change, detectable_change(error, error))
    assert abs(stated - simulated) <= 1


def test_a_figure_of_five_years_shows_a_change_later():
    """Simulated: each figure is the mean of five yearly ones along the path, the baseline of five before
    it."""
    generator = np.random.default_rng(34)
    start, span, change, error, pooled, worlds = 2023, 14, 0.12, 0.015, 5, 20000
    path = {year: change * max(0, year - start) / span for year in range(start - 4, start + span + 1)}
    base = generator.normal(0, error, worlds)
    for year in range(start + pooled, start + span + 1):
        mean = sum(path[y] for y in range(year - pooled + 1, year + 1)) / pooled
        power = (
            np.abs(generator.normal(mean, error, worlds) - base) / math.hypot(error, error) >= 1.96
        ).mean()
        if power >= 0.8:
            break
    stated = first_detectable_year(
        start, start + span, change, detectable_change(error, error), pooled=pooled
    )
    assert abs(stated - year) <= 1
    assert stated > first_detectable_year(start, start + span, change, detectable_change(error, error))


def test_a_path_too_small_for_its_measure_never_shows():
    assert first_detectable_year(2023, 2033, 0.01, 0.04) is None
    assert first_detectable_year(2020, 2028, 0.08, 0.01, step=4) == 2024


def test_chance_of_seats_is_that_of_binom_test():
    golden = GOLDEN["seats"]
    for held, seats, share, p, low, high in zip(
        *(golden[name] for name in ("held", "seats", "share", "p", "low", "high")), strict=True
    ):
        found = chance_of_seats(int(held), int(seats), share)
        assert found.p == pytest.approx(p, rel=1e-9)
        assert (found.low, found.high) == (int(low), int(high))


@given(st.integers(1, 60), st.floats(0, 1), st.data())
def test_chance_of_seats_is_a_probability_and_the_range_holds_what_is_expected(seats, share, data):
    held = data.draw(st.integers(0, seats))
    found = chance_of_seats(held, seats, share)
    assert 0 <= found.p <= 1
    assert found.low <= math.ceil(found.expected)
    assert found.high >= math.floor(found.expected)


@pytest.mark.parametrize("bad", [(-1, 5, 0.5), (6, 5, 0.5), (0, 0, 0.5), (1, 5, 1.5)])
def test_impossible_seats_are_refused(bad):
    with pytest.raises(ValueError, match="seats"):
        chance_of_seats(*bad)
