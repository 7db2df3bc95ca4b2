"""Scales: from a value to a place on the paper, and the round numbers of an axis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor, log10

from upward.present import theme
from upward.present.specs import Mark, Series, Span

LEAST_STEPS = 12  #: how many of the last printed digit a scale holds at least
_NUMBER = re.compile(r"\d[\d,]*(?:\.(\d+))?")


class Scale:
    """Maps [low, high] to [left, right]; values beyond are put on the end. `bend` is log for ratios. Nothing changes one."""

    def __init__(
        self,
        low: float,
        high: float,
        left: float,
        right: float,
        bend: Callable[[float], float] | None = None,
    ) -> None:
        """Bend the ends once, not for each of many values."""
        self.low, self.high, self.left, self.right, self.bend = low, high, left, right, bend
        self._start = bend(low) if bend else low
        self._width = (bend(high) if bend else high) - self._start
        self._room = right - left  # on the paper

    def __call__(self, value: float) -> float:
        """Return the place of a value, clipped to the scale."""
        if value < self.low:
            value = self.low
        elif value > self.high:
            value = self.high
        if not self._width:
            return (self.left + self.right) / 2
        if self.bend:
            value = self.bend(value)
        return self.left + (value - self._start) / self._width * self._room

    def tenths(self, values: Iterable[float]) -> list[int]:
        """Return the places of many values in whole tenths of the paper's unit."""
        if self.bend or not self._width:
            return [floor(10 * self(value) + 0.5) for value in values]
        low, high, left, start = self.low, self.high, self.left, self._start
        width, room = self._width, self._room
        return [
            floor(
                10
                * (left + ((low if value < low else high if value > high else value) - start) / width * room)
                + 0.5
            )
            for value in values
        ]

    def holds(self, value: float) -> bool:
        """Tell whether the value lies on the scale."""
        return self.low <= value <= self.high


def percentile_scale(
    span: Span,
    left: float = theme.BAR_LEFT,
    right: float = theme.BAR_RIGHT,
    least: float = theme.SCALE_LEFT,
    most: float = theme.SCALE_RIGHT,
) -> Scale:
    """Return the scale that puts the 5th and the 95th percentile at the same places in every row."""
    width = span.high - span.low
    if width <= 0:  # everybody lives with the same value: one step of its own size to either side
        width = abs(span.middle) or 1.0
        span_low = span.middle - width / 2
    else:
        span_low = span.low
    per_unit = (right - left) / width
    return Scale(
        span_low - (left - least) / per_unit, span_low + width + (most - right) / per_unit, least, most
    )


def trend_right(series: Sequence[Series]) -> float:
    """Return where the years of a trend end, so that the labels beside them have room in the drawing."""
    widths = [theme.text_width(line.marks[-1].text, 13, True) for line in series]
    for line in series:
        if line.national_runs:
            nation = line.national_runs[-1][-1]
            widths.append(theme.text_width(f"{nation.label} {nation.text}"))
    return min(theme.TREND_RIGHT, floor(theme.TREND_WIDTH - theme.TREND_GAP - max(widths)))


def lanes_right(texts: Iterable[str]) -> float:
    """Return where the axis of lanes ends, so that it keeps clear of the values beside it."""
    widest = max([theme.text_width(text, 13, True) for text in texts], default=0.0)
    return min(theme.LANE_RIGHT, floor(theme.WIDTH - theme.LANE_GAP - widest))


def linear(marks: Iterable[Mark], left: float, right: float, pad: float = 0.04) -> Scale:
    """Return a scale that holds all the marks with their drawn bounds, and is at least some steps of what is printed."""
    marks = tuple(marks)
    values = []
    for mark in marks:
        if mark.value is not None:
            values.append(mark.value)
        if mark.lower is not None and mark.upper is not None and mark.lower != mark.upper:
            values += [mark.lower, mark.upper]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if high == low:
        room = abs(high) * 0.5 or 1.0
    else:  # what is printed alike is not drawn apart
        room = max((high - low) * pad, (LEAST_STEPS * printed_step(marks) - (high - low)) / 2)
    return Scale(low - room, high + room, left, right)


def printed_step(marks: Sequence[Mark]) -> float:
    """Return what the last printed digit of the largest of some values is worth, in the stored scale; 0 where no text
    says it.

    >>> printed_step((Mark("All", 0.1519, "15.2%"), Mark("A", None, "not shown")))
    0.001
    """
    size, text = max(
        [(abs(mark.value), mark.text) for mark in marks if mark.value and mark.text], default=(0.0, "")
    )
    number = _NUMBER.search(text)
    if not size or number is None:
        return 0.0
    scale = 100.0 if float(number[0].replace(",", "")) > 10 * size else 1.0  # shares are shown as percent
    return float(10.0 ** -len(number[1] or "") / scale)


def round_ticks(low: float, high: float, wanted: int = 4) -> tuple[float, ...]:
    """Return 3 to 6 round numbers that enclose low and high."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / wanted
    power = 10.0 ** floor(log10(rough))
    steps = [factor * power for factor in (1, 2, 2.5, 5, 10)]
    for step in steps:
        first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
        if last - first <= wanted + 1:
            return tuple(step * index for index in range(first, last + 1))
    return (low, high)


def ratio_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return powers of two that enclose the ratios and 1, at most from 1/16 to 16."""
    exponents = list(range(-4, 5))
    first = max((e for e in exponents if 2.0**e <= max(low, 2.0**-4) and e <= -1), default=-4)
    last = min((e for e in exponents if 2.0**e >= min(high, 2.0**4) and e >= 1), default=4)
    return tuple(2.0**exponent for exponent in range(first, last + 1))
