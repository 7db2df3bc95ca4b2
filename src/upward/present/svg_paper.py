"""The sheet that a drawing is made on: collects shapes and texts, and closes them into one SVG element.

Attributes without blanks stand without quotes, as HTML allows: a page holds some hundred drawings.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from upward.present.escape import escaped

TEAL, SLATE, RULE, BAR, LINE, FAINT = "#0b6e69", "#4b5866", "#6b7682", "#e3e8ec", "#d9dee3", "#e8ecef"
BAND, BAND_EDGE = "#d3e7e5", "#5d9c98"


def place_number(value: float) -> str:
    """Return a place on the paper with at most one decimal, without a trailing zero."""
    return f"{value:.1f}".removesuffix(".0")


def steps(points: Iterable[tuple[float, float]], after: str = "") -> str:
    """Return points as path data: the first place, then small relative steps, `after` behind each.

    Steps are between rounded places, so that roundings do not add up.
    """
    parts: list[str] = []
    x = y = 0
    for to_x, to_y in points:
        tenth_x, tenth_y = round(to_x * 10), round(to_y * 10)
        letter = "m" if parts else "M"
        parts.append(f"{letter}{place_number((tenth_x - x) / 10)} {place_number((tenth_y - y) / 10)}{after}")
        x, y = tenth_x, tenth_y
    return "".join(parts)


class Paper:
    """One drawing in the making; texts lie above shapes, and `height` may grow until `done`."""

    def __init__(self, kind: str, width: int, sentence: str) -> None:
        self.kind, self.width, self.sentence = kind, width, sentence
        self.height = 0.0
        self._shapes: list[str] = []
        self._dots: dict[tuple[float, str, bool], list[tuple[float, float]]] = {}
        self._texts: dict[tuple[str, str], list[str]] = {}

    def path(self, d: str, stroke: str, width: float = 1, dash: str = "") -> None:
        """Draw a line; nothing for an empty path."""
        if d:
            thick = f" stroke-width={width:g}" if width != 1 else ""
            dashed = f' stroke-dasharray="{dash}"' if dash else ""
            ink = "" if stroke == TEAL else f" stroke={stroke}"  # the drawing's own ink is teal
            self._shapes.append(f'<path d="{d}"{ink}{thick}{dashed} />')

    def shape(self, d: str, fill: str) -> None:
        """Fill an outline; nothing for an empty one."""
        if d:
            self._shapes.append(f'<path d="{d}" fill={fill} stroke=none />')

    def dot(self, x: float, y: float, radius: float, color: str, filled: bool) -> None:
        """Draw a dot above all lines; an open one has the same outer size, a filled one a white edge."""
        self._dots.setdefault((radius, color, filled), []).append((x, y))

    def text(self, x: float, y: float, text: str, kind: str = "t", anchor: str = "") -> None:
        """Write a text above everything; `kind` is a class of the style sheet."""
        across = f" x={place_number(x)}" if x else ""
        line = f"<text{across} y={place_number(y)}>{escaped(text)}</text>"
        self._texts.setdefault((kind, anchor), []).append(line)

    def _finish_dots(self) -> None:
        """Dots are ends of lines without length: round caps of one width, and a smaller white one in open dots."""
        for (radius, color, filled), places in self._dots.items():
            outer, inner = ("#fff", color) if filled else (color, "#fff")
            narrow = 2 * radius - (1 if filled else 3.5 if radius > 3 else 2.5)
            for stroke, width in ((outer, 2 * radius), (inner, narrow)):
                self.path(steps(places, "h0"), stroke, width)

    def done(self) -> Markup:
        """Return the drawing as one element whose name is the full sentence."""
        self._finish_dots()
        height = place_number(self.height)
        parts = []
        for (kind, anchor), lines in self._texts.items():
            end = f" text-anchor={anchor}" if anchor else ""
            parts.append(f"<g class={kind}{end}>{''.join(lines)}</g>")
        return Markup(  # numbers made here and texts escaped above
            f'<svg class={self.kind} viewBox="0 0 {self.width} {height}" role=img '
            f'font-size=12 aria-label="{escaped(self.sentence)}"><g fill=none stroke={TEAL} stroke-linecap=round>'
            f"{''.join(self._shapes)}</g>{''.join(parts)}</svg>"
        )
