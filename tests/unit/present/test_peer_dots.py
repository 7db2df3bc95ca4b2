"""The peers' dots of a chart: each is seen, and no text lies over one."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.messages import pgettext, use_language
from upward.present import theme
from upward.present.specs import Lane, LanesChart, Mark, RangeChart, Span
from upward.present.svg import LANE_PEER_RADIUS, PEER_RADIUS, draw_files

NATION = Span("US", "United States", 20.0, 50.0, 80.0, "20", "50", "80", national=True)
TICKS = tuple((float(value), str(value)) for value in (0, 50, 100))


def ranged(values: list[float]) -> RangeChart:
    peers = tuple(Mark(f"Peer {at}", value, f"{value:g}") for at, value in enumerate(values))
    return RangeChart("Place and peers", "A sentence.", Mark("Place", 40.0, "40"), (NATION,), peers=peers)


def laned(values: list[float]) -> LanesChart:
    lanes = tuple(Lane(chart.mark, NATION, chart.peers) for chart in [ranged(values)] * 2)
    return LanesChart("Place and peers", "A sentence.", lanes, TICKS)


def places(drawing: str, radius: float) -> list[tuple[float, float]]:
    """The middles of the dots of a radius, which is that of a dot with its outline."""
    found = re.findall(
        r'<circle r="([\d.]+)"[^>]*stroke-width="([\d.]+)" cx="([\d.]+)" cy="([\d.]+)"', drawing
    )
    return [
        (float(x), float(y)) for r, line, x, y in found if float(r) + float(line) / 2 == pytest.approx(radius)
    ]


@given(st.lists(st.integers(21, 79), min_size=1, max_size=10))
@pytest.mark.parametrize(("form", "radius"), [(ranged, PEER_RADIUS), (laned, LANE_PEER_RADIUS)])
def test_every_peer_has_a_dot_unless_a_number_counts_its_stack(
    form, radius: float, values: list[int]
) -> None:
    (drawing,) = draw_files(form([float(value) for value in values]))
    charts = 2 if form is laned else 1
    dots = places(drawing, radius)
    counted = [int(count) - 1 for count in re.findall(r"×(\d+)", drawing)]  # the number says how many in all
    assert len(dots) + sum(counted) == charts * len(values)
    assert len(set(dots)) == len(dots)
    height = float(re.search(r'viewBox="0 0 \d+ ([\d.]+)"', drawing).group(1))  # type: ignore[union-attr]
    assert all(y + radius <= height for _x, y in dots)


@given(st.lists(st.integers(21, 79), min_size=6, max_size=10))
@pytest.mark.parametrize(("form", "radius"), [(ranged, PEER_RADIUS), (laned, LANE_PEER_RADIUS)])
def test_the_number_of_a_stack_lies_over_no_dot(form, radius: float, values: list[int]) -> None:
    (drawing,) = draw_files(form([30.0] * 6 + [float(value) for value in values[6:]]))
    numbers = re.findall(r'x="([\d.]+)" y="([\d.]+)">×\d+', drawing)
    charts = 2 if form is laned else 1
    assert numbers or len(places(drawing, radius)) == charts * len(values)
    for x, y in ((float(x), float(y)) for x, y in numbers):
        near = [dot for dot in places(drawing, radius) if abs(dot[0] - x) < 10 + radius]
        assert all(level + radius <= y - 9 or level - radius >= y for _x, level in near)


ARROWHEAD = re.compile(r"M([\d.]+) ([\d.]+)l-?4 3.5 ?-?4 3.5")


@given(st.integers(0, 9), st.integers(0, 9))
def test_arrowheads_of_peers_beyond_the_drawing_stand_clear_of_all_dots(lower: int, held: int) -> None:
    (drawing,) = draw_files(ranged([-500.0] * lower + [13.4] * held + [500.0]))
    tips = ARROWHEAD.findall(drawing)
    assert len(tips) == 1 + (lower if lower <= 2 else 1)
    assert (f"×{lower}<" in drawing) == (lower > 2)
    assert len({(x, y) for x, y in tips}) == len(tips)
    for x, _y in tips:
        inner = float(x)  # where an arrowhead is widest
        assert all(abs(dot - inner) > PEER_RADIUS for dot, _level in places(drawing, PEER_RADIUS))
    numbers = re.findall(r'x="([\d.]+)" y="([\d.]+)">×(\d+)', drawing)
    for at, level, count in numbers:
        half = theme.text_width(f"×{count}") / 2
        under = [y for x, y in places(drawing, PEER_RADIUS) if abs(x - float(at)) < half + PEER_RADIUS]
        assert all(y + PEER_RADIUS <= float(level) - 9 for y in under)


@pytest.mark.parametrize("form", [ranged, laned])
def test_two_arrowheads_stand_apart_so_that_they_are_no_brace(form) -> None:
    (drawing,) = draw_files(form([-500.0, -500.0]))
    heights = sorted({float(y) for _x, y in ARROWHEAD.findall(drawing)})
    assert len(heights) == (2 if form is ranged else 4)
    assert all(below - above >= 7 + 4 for above, below in itertools.pairwise(heights))


@pytest.mark.parametrize("others", [0, 1, 3])
@pytest.mark.parametrize("aside", [-2, -1, 1, 2])
def test_the_number_of_a_dot_stands_right_under_it_or_its_stack_is_drawn(aside: int, others: int) -> None:
    (drawing,) = draw_files(ranged([50.0] * 6 + [50.0 + 2 * aside] * others))
    numbers = re.findall(r'x="([\d.]+)" y="([\d.]+)">×6', drawing)
    dots = places(drawing, PEER_RADIUS)
    assert len(numbers) == (others < 2)
    if not numbers:
        assert len(set(dots)) == 6 + others
        return
    ((x, y),) = ((float(x), float(y)) for x, y in numbers)
    top = min(level for _x, level in dots)
    assert x in [at for at, _level in dots]
    assert PEER_RADIUS + 9 <= y - top <= PEER_RADIUS + 12.5


@pytest.mark.parametrize("form", [ranged, laned])
@pytest.mark.parametrize("turn", [-1, 1])
def test_the_number_of_an_arrowhead_stands_beside_it_in_the_drawing_and_below_the_dots(
    form, turn: int
) -> None:
    near = [14.0, 14.0, 15.0] if turn < 0 else [93.0, 93.0, 92.0]
    (drawing,) = draw_files(form([500.0 * turn] * 7 + near))
    numbers = [(float(x), float(y)) for x, y in re.findall(r'x="([\d.]+)" y="([\d.]+)">×7', drawing)]
    assert len(numbers) == (2 if form is laned else 1)
    half = theme.text_width("×7") / 2
    radius = LANE_PEER_RADIUS if form is laned else PEER_RADIUS
    for (x, y), (back, level) in zip(numbers, ARROWHEAD.findall(drawing), strict=True):
        assert half <= x <= theme.WIDTH - half
        assert 0 < turn * (float(back) - x) - half <= 5
        assert float(level) < y <= float(level) + 8  # in one line
        over = [dot for at, dot in places(drawing, radius) if abs(at - x) < half + radius and dot < y]
        assert all(dot + radius <= y - 9 for dot in over)


@pytest.mark.parametrize("others", [[50.0], [10.0, 12.0, 14.0], [14.0, 14.0, 14.0]])
@pytest.mark.parametrize("lower", [1, 2, 5])
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_arrowhead_stands_beyond_the_name_of_the_lane_and_clear_of_its_dots(
    language: str, lower: int, others: list[float]
) -> None:
    with use_language(language):
        (drawing,) = draw_files(ranged([-500.0] * lower + others))
        name = pgettext("lane of a chart", "Peers")
    tips = [(float(back), float(top) + 3.5) for back, top in ARROWHEAD.findall(drawing)]
    assert tips
    for back, y in tips:
        assert back - 4 >= theme.text_width(name, theme.PRINTED)
        assert all(
            abs(x - (back - 2)) >= PEER_RADIUS + 2 or abs(level - y) >= PEER_RADIUS + 3.5
            for x, level in places(drawing, PEER_RADIUS)
        )


@pytest.mark.parametrize("value", [121.0, 123.0])  # half way between two places, of which one is even
def test_a_dot_stands_on_the_line_that_leads_down_from_it(value: float) -> None:
    nation = Span("US", "United States", 0.0, 180.0, 360.0, "0", "180", "360", national=True)
    spans = (nation, replace(nation, short="MO", name="Missouri", national=False))
    (drawing,) = draw_files(RangeChart("Place", "A sentence.", Mark("Place", value, "v"), spans))
    (dot,) = re.findall(r'<circle [^>]*cx="([\d.]+)"', drawing)
    (line,) = re.findall(r'd="M([\d.]+) 38V', drawing)
    assert dot == line
