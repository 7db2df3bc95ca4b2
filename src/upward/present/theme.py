"""Measures of the drawings and the widths of their letters: everything a chart must know before it is drawn.

Colours and type live in `assets/page.css`, as classes; here are only the lengths, in the units of the drawing
(1 unit = 1 CSS pixel). Widths of letters are those of a wide fall-back face, so that labels laid out with them do
not touch each other in any face of the page's list.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

WIDTH: Final = 320  #: drawing of a standing or of groups
TREND_WIDTH: Final = 224
PANEL_WIDTH: Final = 128  #: four in a row lie 16 apart
MINI_WIDTH: Final = 352
TRACK_WIDTH: Final = 150  #: a position of the profile

#: Range chart: the 5th and the 95th percentile stand at the same place in every row.
BAR_LEFT: Final = 84.0
BAR_RIGHT: Final = 264.0
SCALE_LEFT: Final = 64.0  #: farthest left that a point is drawn; beyond it an arrowhead says so
SCALE_RIGHT: Final = 308.0

#: Groups chart: columns of labels, dots and values.
LABEL_WIDTH: Final = 130
PLOT_LEFT: Final = 142.0
PLOT_RIGHT: Final = 250.0

#: Lanes chart.
LANE_LEFT: Final = 100.0
LANE_RIGHT: Final = 252.0  #: at most; further left where values are long
LANE_GAP: Final = 8.0  #: from the end of the axis to the values

#: Trend chart.
TREND_LEFT: Final = 8.0
TREND_RIGHT: Final = 148.0  #: at most; further left where labels are long
TREND_GAP: Final = 9.0  #: from the last year to its label
TREND_TOP: Final = 28.0
TREND_BOTTOM: Final = 86.0

#: Size of letters on paper, where the page's style sheet makes them larger than the 12 of a screen.
PRINTED: Final = 13.5

_WIDTHS: Final[dict[str, float]] = {
    **dict.fromkeys("iIjl|'’.,:;!", 0.33),
    **dict.fromkeys("ft()-r ", 0.4),
    **dict.fromkeys("mMW%", 0.96),
    **dict.fromkeys("wGOQDHNU", 0.8),
    **dict.fromkeys("ABCEKPRSTVXYZ", 0.69),
    **dict.fromkeys("0123456789$", 0.637),
}
_OTHER: Final = 0.6


#: Widths measured, for letters of size 1; forgotten all at once, which costs less than keeping an order.
_measured: Final[dict[str, float]] = {}
_MOST_MEASURED: Final = 16_384


def text_width(text: str, size: float = 12, bold: bool = False) -> float:
    """Return about how wide a text is in a wide fall-back face, in the drawing's units."""
    width = _measured.get(text)
    if width is None:
        if len(_measured) >= _MOST_MEASURED:
            _measured.clear()
        width = 0.0
        for letter in text:
            width += _WIDTHS.get(letter, _OTHER)
        _measured[text] = width
    return width * size * 1.1 if bold else width * size


@lru_cache(maxsize=2048)
def wrap(text: str, width: float, size: float = 13) -> tuple[str, ...]:
    """Return the text in lines that fit the width; a single longer word keeps a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def words_over(
    places: Sequence[float], words: Sequence[str], width: float, size: float = PRINTED
) -> list[float]:
    """Return where the middles of words stand in one line above uprights at some places (ascending), none touching
    another and each above its own upright; nothing where a drawing of that width has no room for them.
    """
    halves = [text_width(word, size) / 2 for word in words]
    gaps = [before + after + 9 for before, after in itertools.pairwise(halves)]
    if not halves:
        return []
    found = spread(list(places), gaps, halves[0], width - halves[-1])
    moved = max(abs(now - place) - half for now, place, half in zip(found, places, halves, strict=True))
    return found if moved <= 0 and found[-1] <= width - halves[-1] else []


def spread(wanted: list[float], gaps: list[float], low: float, high: float) -> list[float]:
    """Return places near the wanted ones (ascending), at least `gaps[i]` apart, all between low and high.

    Things that would overlap are moved aside, never dropped.
    """
    places = list(wanted)
    for index, gap in enumerate(gaps):
        places[index + 1] = max(places[index + 1], places[index] + gap)
    if places and places[-1] > high:
        places[-1] = high
        for index in range(len(places) - 2, -1, -1):
            places[index] = min(places[index], places[index + 1] - gaps[index])
    if places and places[0] < low:
        places[0] = low
        for index, gap in enumerate(gaps):
            places[index + 1] = max(places[index + 1], places[index] + gap)
    return places
