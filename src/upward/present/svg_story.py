"""Drawings of a predictor's page: a hundred residents by the value where they live, and every state's range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from upward.present import theme
from upward.present.scales import Scale, round_ticks
from upward.present.specs import Span
from upward.present.svg_looks import BAR, FAINT, LINE, RULE, SLATE
from upward.present.svg_paper import Paper, place_number

_n = place_number
DOTS_WIDTH, DOTS_BINS, DOT = 420, 42, 4.2
STATES_WIDTH, STATE_ROW, STATE_LEFT, STATE_RIGHT = 640, 18, 150.0, 560.0


@dataclass(frozen=True, slots=True)
class StateRange:
    """One state's percentiles, or the reason why they are not given."""

    name: str
    span: Span | None
    reason: str = ""


def draw_hundred(
    values: Sequence[float], ticks: Sequence[tuple[float, str]], middle: float, label: str, sentence: str
) -> Markup:
    """Return a hundred dots, each one of 100 residents, at the value of the county where they live, stacked."""
    low, high = ticks[0][0], ticks[-1][0]
    scale = Scale(low, high, 10, DOTS_WIDTH - 10)
    step = (DOTS_WIDTH - 20) / DOTS_BINS
    stacks: dict[int, int] = {}
    places = []
    for value in sorted(values):
        bin_ = min(int((scale(value) - 10) / step), DOTS_BINS - 1)
        stacks[bin_] = stacks.get(bin_, 0) + 1
        places.append((10 + (bin_ + 0.5) * step, stacks[bin_]))
    tallest = max(stacks.values())
    rise = min(2 * DOT + 1, 180 / tallest)
    base = 24 + tallest * rise
    paper = Paper("dots100", DOTS_WIDTH, sentence)
    paper.path("".join(f"M{_n(scale(value))} 20V{_n(base)}" for value, _text in ticks), FAINT)
    paper.path(f"M10 {_n(base + 2)}H{DOTS_WIDTH - 10}", RULE)
    for x, floor in places:
        paper.dot(x, base - 2 - (floor - 0.5) * rise, min(DOT, rise / 2 + 0.6), SLATE, True)
    paper.path(f"M{_n(scale(middle))} 18V{_n(base + 2)}", SLATE, 1.5, "3 2")
    half = theme.text_width(label, 12, True) / 2
    paper.text(min(max(scale(middle), half), DOTS_WIDTH - half), 12, label, "m", "middle")
    for value, text in ticks:
        half = theme.text_width(text, 12) / 2
        paper.text(min(max(scale(value), half), DOTS_WIDTH - half), base + 18, text, anchor="middle")
    paper.height = base + 24
    return Markup(paper.done())


def story_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round numbers that enclose both ends."""
    return round_ticks(low, high)


def draw_states(
    states: Sequence[StateRange], ticks: Sequence[tuple[float, str]], nation: Span, sentence: str
) -> Markup:
    """Return every state's bar from the 5th to the 95th percentile with its middle, in the order of the alphabet."""
    scale = Scale(ticks[0][0], ticks[-1][0], STATE_LEFT, STATE_RIGHT)
    paper = Paper("states51", STATES_WIDTH, sentence)
    top = 22.0
    bottom = top + STATE_ROW * len(states)
    paper.path("".join(f"M{_n(scale(value))} {_n(top - 4)}V{_n(bottom)}" for value, _text in ticks), LINE)
    bars, ends, middles = [], [], []
    for index, state in enumerate(states):
        y = top + STATE_ROW * (index + 0.5)
        paper.text(0, y + 4, state.name, "l")
        if state.span is None:
            paper.text(STATE_LEFT, y + 4, state.reason, "n")
            continue
        left, right = scale(state.span.low), scale(state.span.high)
        bars.append(f"M{_n(left)} {_n(y - 4)}H{_n(right)}v8H{_n(left)}z")
        ends += [f"M{_n(x)} {_n(y - 4)}v8" for x in (left, right)]
        middles.append(f"M{_n(scale(state.span.middle))} {_n(y - 6)}v12")
        paper.text(STATES_WIDTH, y + 4, state.span.middle_text, "g", "end")
    paper.shape("".join(bars), BAR)
    paper.path("".join(ends), RULE)
    paper.path("".join(middles), SLATE, 2)
    paper.path(f"M{_n(scale(nation.middle))} {_n(top - 4)}V{_n(bottom)}", SLATE, 1.25, "3 2")
    label = f"US {nation.middle_text}"
    half = theme.text_width(label, 12, True) / 2
    paper.text(min(max(scale(nation.middle), half), STATES_WIDTH - half), 13, label, "m", "middle")
    for value, text in ticks:
        paper.text(scale(value), bottom + 14, text, anchor="middle")
    paper.height = bottom + 20
    return Markup(paper.done())
