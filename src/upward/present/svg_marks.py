"""What several kinds of drawings share: whiskers with dots, pale bars, arrowheads, broken uprights, labels in lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

from upward.present.scales import Scale
from upward.present.specs import Mark, Span
from upward.present.svg_looks import BAR, RULE, SLATE
from upward.present.svg_paper import PLACES, Paper, joined
from upward.present.svg_paper import place_number as _exact


def written(number: float) -> str:
    """Return a place as written: on whole units, which are finer than a dot, a line or an eye."""
    return PLACES[whole(number)]


def whole(number: float) -> int:
    """Return the nearest whole place, in tenths."""
    return 10 * floor(number + 0.5)


def is_filled(mark: Mark) -> bool:
    """Tell whether a dot is filled: strong data (or data without a grade) with a published interval."""
    return mark.bounded and mark.quality in (1, None)


def points(
    paper: Paper,
    scale: Scale,
    marks: Sequence[tuple[Mark, float]],
    radius: float,
    color: str,
    cap: float,
    *,
    aside: float = 0.0,
) -> None:
    """Draw whiskers and dots of marks at their heights; an end of a whisker beyond the scale is an arrowhead, which
    stands as far `aside` of the scale as it must to be clear of the dot.

    A whisker that its dot would hide is not drawn: its caps would stick out behind the dot.
    """
    capped: list[tuple[int, int, int]] = []
    cut = ""
    for mark, y in marks:
        if not mark.bounded or mark.lower is None or mark.upper is None or mark.value is None:
            continue
        lower, middle, upper = scale(mark.lower), scale(mark.value), scale(mark.upper)
        if middle - lower <= radius and upper - middle <= radius:
            continue
        starts, ends = scale.holds(mark.lower), scale.holds(mark.upper)
        if starts and ends:
            capped.append((whole(lower), whole(upper), whole(y)))
        else:
            apart = radius + cap + 3
            if not starts:
                lower = max(min(lower, middle - apart), scale.left - aside)
            if not ends:
                upper = min(max(upper, middle + apart), scale.right + aside)
            cut += f"M{written(lower)} {written(y)}H{written(upper)}"
            for x, held, turn in ((lower, starts, -1), (upper, ends, 1)):
                if held:
                    cut += f"M{written(x)} {_exact(y - cap)}v{_exact(2 * cap)}"
                elif scale.holds(mark.value):  # else its own arrowhead says so
                    cut += tip(x, y, turn, cap, cap)
    paper.whiskers(capped, cap, color)
    paper.path(cut, color, 1.75)
    dots(paper, scale, marks, radius, color)


def dots(paper: Paper, scale: Scale, marks: Sequence[tuple[Mark, float]], radius: float, color: str) -> None:
    """Draw dots of marks at their heights; an arrowhead where a value lies beyond the scale."""
    for mark, y in marks:
        if mark.value is None:
            continue
        x = scale(mark.value)
        if scale.holds(mark.value):
            paper.dot(floor(x + 0.5), y, radius, color, is_filled(mark))
        else:
            turn = -1 if mark.value < scale.low else 1
            paper.path(tip(x + turn, y, turn, 6, 6), color, 2)


def tip(x: float, y: float, turn: int, deep: float, half: float) -> str:
    """Return an arrowhead that ends at a place and points to the right (1) or to the left (-1)."""
    end = floor(x + 0.5)
    back = end - turn * deep
    return joined([(back, y - half), (end, y), (back, y + half)])


def bars(paper: Paper, scale: Scale, spans: Iterable[tuple[Span, float]], thick: float) -> None:
    """Draw pale bars from the 5th to the 95th percentile at heights, and middles: a tick at an end on the scale, a
    point at one beyond it.
    """
    ended: list[tuple[int, int, int]] = []
    fills, ends, middles = "", "", ""
    for span, y in spans:
        left, right = scale(span.low), scale(span.high)
        starts, stops = scale.holds(span.low), scale.holds(span.high)
        if starts and stops:
            ended.append((whole(left), whole(right), whole(y)))
        else:
            sides = [_bar_end(scale, value, y, thick / 2) for value in (span.low, span.high)]
            fills += f"{joined([*sides[1], *sides[0][::-1]])}z"
            ends += "".join([joined(side) for side in sides])
        if scale.holds(span.middle):
            middles += f"M{written(scale(span.middle))} {_exact(y - thick / 2 - 3)}v{_exact(thick + 6)}"
    paper.bars(ended, thick)
    paper.shape(fills, BAR)
    paper.path(ends, RULE)
    paper.path(middles, SLATE, 2)


def _bar_end(scale: Scale, value: float, y: float, half: float) -> list[tuple[float, float]]:
    """The corners of a bar's end from above: upright, or a point where the end lies beyond the scale."""
    x = float(floor(scale(value) + 0.5))
    if scale.holds(value):
        return [(x, y - half), (x, y + half)]
    back = x + 4 if value < scale.low else x - 4
    return [(back, y - half), (x, y), (back, y + half)]


def upright(
    x: float, top: float, bottom: float, holes: Iterable[tuple[float, float]], least: float = 2
) -> str:
    """Return the path of an upright line with holes, from above to below, where texts stand; without pieces that would
    not be longer than `least`.
    """
    path, start, end = "", top, top
    for above, below in [*sorted(holes), (bottom, bottom)]:
        if above - start > least:
            path += f"m0 {written(start - end)}" if path else f"M{written(x)} {written(start)}"
            path, end = f"{path}V{written(above)}", above
        start = max(start, below)
    return path


def parallels(places: Iterable[float], start: float, end: float, *, upright: bool) -> str:
    """Return the path of lines at places beside each other, upright or level, all from a start to an end: there and
    back in turn, which is shortest to write.
    """
    path, before = "", 0
    for number, place in enumerate(places):
        at = whole(place)
        if number:
            step = PLACES[at - before]
            path += f"m{step} 0" if upright else f"m0 {step}"
        else:
            path += f"M{PLACES[at]} {written(start)}" if upright else f"M{written(start)} {PLACES[at]}"
        path += f"{'V' if upright else 'H'}{written(start if number % 2 else end)}"
        before = at
    return path


def label_lines(paper: Paper, lines: Sequence[str], y: float) -> None:
    """Write a label at the left in its lines, around a height."""
    first = y + 4.5 - 7.5 * (len(lines) - 1)
    for line in lines:
        paper.text(0, first, line, "l")
        first += 15
