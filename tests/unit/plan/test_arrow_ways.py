"""Arrows of a logic model: they touch their two boxes, pass through none, and do not hide each other."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from upward.plan.arrow_ways import LANE, Layout, Place, Way, way_of, ways
from upward.plan.strategy import ON_PAPER, ON_SCREEN, balanced


def boxes_of(layout: Layout, rows: list[int]) -> tuple[list[Place], list[int]]:
    """Boxes in columns of so many rows each, band below band, and where the lanes of each band begin."""
    found, lanes, top = [], [], 0
    for band in range(-(-len(rows) // layout.columns)):
        bottom = top
        for column, held in enumerate(rows[band * layout.columns :][: layout.columns]):
            y = top + 40
            for row in range(held):
                height = 60 + 18 * ((row + column) % 3)
                found.append(Place(layout.left_of(column), y, layout.box, height, column, band, row))
                y += height + 24
                bottom = max(bottom, y - 24)
        lanes.append(bottom)
        top = bottom + 48 + LANE * 20
    return found, lanes


def drawn_pairs(data, pairs: list[tuple[Place, Place]]) -> list[tuple[Place, Place]]:
    numbers = data.draw(st.lists(st.integers(0, 10_000), max_size=8))
    return [pairs[number % len(pairs)] for number in numbers] if pairs else []


def segments(points):
    return list(pairwise(points))


def crosses(segment, box: Place) -> bool:
    (x0, y0), (x1, y1) = segment
    return (
        max(x0, x1) > box.x and min(x0, x1) < box.right and max(y0, y1) > box.y and min(y0, y1) < box.bottom
    )


@given(st.data())
def test_arrows_touch_their_boxes_and_pass_through_none(data) -> None:
    rows = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=7))
    layout = balanced(data.draw(st.sampled_from((ON_PAPER, ON_SCREEN))), len(rows))
    boxes, lanes = boxes_of(layout, rows)
    ends = drawn_pairs(data, [(one, other) for one in boxes for other in boxes if one != other])
    width = layout.left_of(layout.columns) - layout.gap + layout.edge
    for (source, target), points in zip(ends, ways(ends, lanes=lanes, layout=layout), strict=True):
        assert touches(points[0], source)
        assert touches(points[-1], target)
        for segment in segments(points):
            assert segment[0][0] == segment[1][0] or segment[0][1] == segment[1][1], "lines stand straight"
            assert not any(crosses(segment, box) for box in boxes), (source, target, points)
        assert all(0 <= x <= width for x, _y in points)


def touches(point, box: Place) -> bool:
    x, y = point
    return (x in (box.x, box.right) and box.y <= y <= box.bottom) or (
        y in (box.y, box.bottom) and box.x <= x <= box.right
    )


@given(st.data())
def test_arrows_to_the_next_column_share_no_stretch(data) -> None:
    rows = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    boxes, lanes = boxes_of(ON_PAPER, rows)
    pairs = [(a, b) for a in boxes for b in boxes if a != b and way_of(a, b) in (Way.NEXT, Way.DOWN)]
    ends = list(dict.fromkeys(drawn_pairs(data, pairs)[:5]))
    found = ways(ends, lanes=lanes, layout=ON_PAPER)
    for one, other in combinations(found, 2):
        for a0, a1 in segments(one):
            for b0, b1 in segments(other):
                if a0[0] == a1[0] == b0[0] == b1[0]:
                    assert not overlap((a0[1], a1[1]), (b0[1], b1[1])), (one, other)


def overlap(one, other) -> bool:
    return min(max(one), max(other)) > max(min(one), min(other))


def test_a_box_alone_before_another_has_a_straight_arrow() -> None:
    first, second = Place(0, 0, 100, 80, 0, 0, 0), Place(140, 10, 100, 120, 1, 0, 0)
    layout = Layout(box=100, gap=40, letters=10, columns=2)
    (points,) = ways([(first, second)], lanes=[130], layout=layout)
    assert points == ((100, 45), (140, 45))


def test_bands_hold_about_as_many_columns_each() -> None:
    assert [balanced(ON_PAPER, number).columns for number in (1, 4, 5, 6, 7)] == [4, 4, 3, 3, 4]
    wide = balanced(ON_PAPER, 6)
    assert wide.left_of(3) - wide.gap <= ON_PAPER.left_of(4) - ON_PAPER.gap
    assert wide.letters > ON_PAPER.letters
