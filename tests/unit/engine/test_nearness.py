"""Nearness of places: parts of equal weight, a plain twin, ties that never depend on chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from upward.engine.nearness import coded, distances, measured, nearest, squared_parts

GENERATOR = np.random.default_rng(3)
SIZE = 40
NUMBERS = GENERATOR.normal(size=(SIZE, 3))
NUMBERS[5] = np.nan
CODES = GENERATOR.integers(0, 4, size=(SIZE, 2)).astype(float)
PARTS = {"numbers": measured(NUMBERS), "codes": coded(CODES)}


def plain_distance(one: int, other: int) -> float:
    known = [row for row in NUMBERS.tolist() if not any(math.isnan(x) for x in row)]
    spread = sum(2 * np.var([row[i] for row in known]) for i in range(3))
    squared = sum((a - b) ** 2 for a, b in zip(NUMBERS[one], NUMBERS[other], strict=True)) / spread
    differ = sum(a != b for a, b in zip(CODES[one], CODES[other], strict=True))
    usual = np.mean(
        [sum(a != b for a, b in zip(x, y, strict=True)) for x in CODES.tolist() for y in CODES.tolist()]
    )
    if one == 5:  # its numbers are not known: only the codes count
        return math.sqrt(differ / usual)
    if other == 5:
        squared = np.mean(
            [
                sum((a - b) ** 2 for a, b in zip(NUMBERS[one], NUMBERS[at], strict=True)) / spread
                for at in range(SIZE)
                if at not in (one, 5)
            ]
        )
    return math.sqrt((squared + differ / usual) / 2)


def test_distances_agree_with_their_plain_twin():
    found = distances(squared_parts(PARTS, np.arange(SIZE)), ["numbers", "codes"])
    for one in range(SIZE):
        for other in range(SIZE):
            if one != other:
                assert found[one, other] == pytest.approx(plain_distance(one, other), abs=1e-8)


def test_every_part_is_one_on_average_so_that_none_outweighs_another():
    known = [i for i in range(SIZE) if i != 5]
    squares = squared_parts(PARTS, np.array(known))
    assert squares["numbers"][:, known].mean() == pytest.approx(1)
    assert squares["codes"][:, known].mean() == pytest.approx(1, abs=0.05)


def test_the_nearest_are_those_of_a_full_sort_and_never_the_place_itself():
    rows = np.arange(SIZE)
    found = nearest(PARTS, ["numbers", "codes"], rows, 6)
    for row in rows:
        ranked = sorted((i for i in rows if i != row), key=lambda i: (round(plain_distance(row, i), 9), i))
        assert found[row].tolist() == ranked[:6]


def test_ties_go_to_the_place_that_comes_first_whatever_else_is_asked():
    parts = {"codes": coded(np.array([[0.0], [1.0], [1.0], [1.0], [0.0], [1.0]]))}
    assert nearest(parts, ["codes"], np.array([0]), 3)[0].tolist() == [4, 1, 2]
    assert nearest(parts, ["codes"], np.arange(6), 3)[0].tolist() == [4, 1, 2]


def test_a_part_that_nobody_has_or_that_does_not_vary_is_left_out():
    known = {"numbers": measured(np.array([[0.0], [1.0], [3.0], [9.0]]))}
    nothing = {"same": measured(np.ones((4, 1))), "unknown": measured(np.full((4, 1), np.nan))}
    squares = squared_parts(known | nothing, np.arange(4))
    alone = distances(squared_parts(known, np.arange(4)), list(known))
    assert np.array_equal(distances(squares, [*known, *nothing]), alone)
    assert distances(squares, list(nothing)).tolist() == [[1.0] * 4] * 4


def test_places_of_which_nothing_is_known_are_not_the_nearest_of_an_unusual_one():
    growth = np.array([[-9.0], [-1.0], [0.1], [0.2], [0.0], [0.3], [np.nan], [np.nan]])
    size = np.array([[0.0], [1.0], [2.0], [2.5], [3.0], [3.5], [4.0], [4.5]])
    parts = {"growth": measured(growth), "size": measured(size)}
    first = nearest(parts, ["growth", "size"], np.array([0]), 3)[0].tolist()
    assert first[0] == 1
    assert not {6, 7} & set(first)


def test_a_part_that_a_place_lacks_does_not_draw_to_it_those_that_lack_it_too():
    growth = np.array([[np.nan], [np.nan], [0.1], [0.2], [0.4]])
    size = np.array([[0.0], [5.0], [0.1], [0.2], [0.3]])
    parts = {"growth": measured(growth), "size": measured(size)}
    assert nearest(parts, ["growth", "size"], np.array([0]), 4)[0].tolist() == [2, 3, 4, 1]


@pytest.mark.parametrize("count", [0, 4, 9])
def test_too_many_or_no_peers_are_refused(count):
    with pytest.raises(ValueError, match="nearest"):
        nearest({"codes": coded(np.zeros((4, 1)))}, ["codes"], np.array([0]), count)
