"""Standings: the fast ways agree with the plain one, respect direction, and say a quarter only when sure."""

from __future__ import annotations

import numpy as np
import pytest

from upward.catalog.model import Direction
from upward.engine.compare import Bounded
from upward.engine.standing import (
    SURE,
    Standing,
    favor,
    standing_among,
    standings_among_all,
    standings_among_named,
)

GENERATOR = np.random.default_rng(5)
VALUES = np.round(GENERATOR.normal(0.8, 0.05, 60), 3)
ERRORS = np.round(GENERATOR.uniform(0.005, 0.03, 60), 4)
WEIGHTS = GENERATOR.integers(1, 50, 60).astype(float)


def others_of(at: int) -> tuple[list[Bounded], list[float]]:
    rows = [i for i in range(60) if i != at]
    return [Bounded(VALUES[i], ERRORS[i], ERRORS[i]) for i in rows], [WEIGHTS[i] for i in rows]


@pytest.mark.parametrize("direction", [Direction.HIGHER, Direction.LOWER])
@pytest.mark.parametrize("at", [0, 17, 42])
def test_the_nation_at_once_agrees_with_one_place_after_another(direction, at):
    others, weights = others_of(at)
    me = Bounded(VALUES[at], ERRORS[at], ERRORS[at])
    plain = standing_among(me, others, direction=direction, weights=weights, seed=1, draws=3000)
    fast = standings_among_all(
        VALUES, ERRORS, ERRORS, direction=direction, weights=WEIGHTS, rows=np.array([at]), seed=2, draws=3000
    ).at(0)
    assert fast.percentile == pytest.approx(plain.percentile)
    assert [fast.lower, fast.upper] == pytest.approx([plain.lower, plain.upper], abs=0.04)
    assert [fast.bottom, fast.top] == pytest.approx([plain.bottom, plain.top], abs=0.05)


def test_the_same_place_stands_the_same_whether_asked_alone_or_with_all():
    rows = np.arange(60)
    whole = standings_among_all(
        VALUES, ERRORS, ERRORS, direction=Direction.HIGHER, weights=WEIGHTS, rows=rows, seed=9
    )
    alone = standings_among_all(
        VALUES, ERRORS, ERRORS, direction=Direction.HIGHER, weights=WEIGHTS, rows=rows[30:33], seed=9
    )
    assert [whole.at(i) for i in (30, 31, 32)] == [alone.at(i) for i in (0, 1, 2)]


@pytest.mark.parametrize("at", [3, 25])
def test_named_others_agree_with_one_place_after_another(at):
    named = np.array([[i for i in range(10) if i != at][:9]])
    me = Bounded(VALUES[at], ERRORS[at], ERRORS[at])
    others = [Bounded(VALUES[i], ERRORS[i], ERRORS[i]) for i in named[0]]
    plain = standing_among(me, others, direction=Direction.HIGHER, seed=3, draws=3000)
    fast = standings_among_named(
        VALUES, ERRORS, ERRORS, named, direction=Direction.HIGHER, rows=np.array([at]), seed=4, draws=3000
    ).at(0)
    assert fast.percentile == pytest.approx(plain.percentile)
    assert [fast.bottom, fast.top] == pytest.approx([plain.bottom, plain.top], abs=0.05)


def test_direction_turns_the_standing_round():
    me, others = Bounded(0.9, 0.01, 0.01), [Bounded(v, 0.01, 0.01) for v in np.linspace(0.5, 0.8, 9)]
    high = standing_among(me, others, direction=Direction.HIGHER, seed=1)
    low = standing_among(me, others, direction=Direction.LOWER, seed=1)
    assert (high.percentile, low.percentile) == (1.0, 0.0)
    assert (high.quarter, low.quarter) == ("top", "bottom")


def test_parity_favors_what_is_near_one_from_either_side():
    favored = favor(np.array([1.0, 2.0, 0.5, 1.1]), Direction.PARITY)
    assert favored[0] > favored[3] > favored[1]
    assert favored[1] == pytest.approx(favored[2])
    with pytest.raises(ValueError, match="no better side"):
        favor(np.array([1.0]), Direction.CONTEXT)


def test_a_quarter_is_named_only_where_nine_of_ten_draws_agree():
    sure = Standing(0.1, 0.0, 0.2, SURE, 0.0, 10, False)
    unsure = Standing(0.1, 0.0, 0.3, SURE - 0.01, 0.0, 10, False)
    bare = Standing(0.0, 0.0, 0.0, 1.0, 0.0, 10, True)
    assert [sure.quarter, unsure.quarter, bare.quarter] == ["bottom", "", ""]


def test_numbers_without_bounds_stand_but_are_never_sure():
    nan = np.full(60, np.nan)
    found = standings_among_all(
        VALUES, nan, nan, direction=Direction.HIGHER, weights=WEIGHTS, rows=np.arange(60), seed=1
    )
    assert found.exact.all()
    assert {found.at(i).quarter for i in range(60)} == {""}


def test_nobody_stands_alone():
    with pytest.raises(ValueError, match="others"):
        standing_among(Bounded(1, None, None), [], direction=Direction.HIGHER, seed=1)
