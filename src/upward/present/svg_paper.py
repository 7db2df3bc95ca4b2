"""The sheet that a drawing is made on: collects shapes and texts, and closes them into one SVG element.

`done` writes the element of a page, whose looks are classes of the page's style sheet; attributes without blanks
stand without quotes, as HTML allows. `alone` writes the same drawing as a file that needs no style sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor

from upward.present import svg_looks as looks
from upward.present.escape import escaped
from upward.present.svg_looks import Written


class _Places(dict[int, str]):
    """Places on the paper as written, by tenths: a page has four thousand of them, nearly all in a small range."""

    def __missing__(self, tenths: int) -> str:
        return f"{tenths / 10:.1f}".removesuffix(".0")


class _Steps(dict[int, str]):
    """Steps of a path by tenths, as short as a path allows, each with what parts it from the step before."""

    def __missing__(self, tenths: int) -> str:
        whole, part = divmod(abs(tenths), 10)
        text = f"{whole or ''}.{part}" if part else str(whole)
        return f"-{text}" if tenths < 0 else f" {text}"


PLACES = _Places((tenths, _Places()[tenths]) for tenths in range(6000))
_STEPS = _Steps((tenths, _Steps()[tenths]) for tenths in range(-3000, 6000))


def place_number(value: float) -> str:
    """Return a place on the paper with at most one decimal, without a trailing zero."""
    return PLACES[floor(value * 10 + 0.5)]


def joined(points: Iterable[tuple[float, float]]) -> str:
    """Return the path through the points, each after the first by its distance from the one before.

    >>> joined([(8, 30), (25.5, 29.5), (43, 32)])
    'M8 30l17.5-.5 17.5 2.5'
    """
    tenths = [(floor(10 * x + 0.5), floor(10 * y + 0.5)) for x, y in points]
    return joined_tenths([x for x, _y in tenths], [y for _x, y in tenths])


def joined_tenths(xs: Sequence[int], ys: Sequence[int]) -> str:
    """Return the path through points, in whole tenths."""
    if not xs:
        return ""
    start = f"M{_STEPS[xs[0]].lstrip()} {_STEPS[ys[0]].lstrip()}"
    steps = [
        _STEPS[next_x - x] + _STEPS[next_y - y]
        for (x, next_x), (y, next_y) in zip(pairwise(xs), pairwise(ys), strict=True)
    ]
    return f"{start}l{''.join(steps).lstrip()}" if steps else start


#: Forms of a look, as `svg_looks.Written` has them.
PAGE, FILE = 0, 1


class Paper:
    """One drawing in the making; dots lie above lines and texts above both, and `height` may grow until written."""

    def __init__(self, kind: str, width: int, sentence: str) -> None:
        self.kind, self.width, self.sentence = kind, width, sentence
        self.height = 0.0
        self._paths: list[tuple[Written, str]] = []
        self._dots: dict[Written, list[tuple[str, str]]] = {}
        self._texts: dict[Written, list[tuple[str, str, str]]] = {}

    def path(self, d: str, stroke: str, width: float = 1, dash: str = "") -> None:
        """Draw a line; nothing for an empty path."""
        if d:
            self._paths.append((looks.written_line(stroke, width, dash), d))

    def shape(self, d: str, fill: str) -> None:
        """Fill an outline; nothing for an empty one."""
        if d:
            self._paths.append((looks.written_area(fill), d))

    def dot(self, x: float, y: float, radius: float, color: str, filled: bool) -> None:
        """Draw a dot above all lines; an open one has the same outer size, a filled one a white edge."""
        place = PLACES[floor(x * 10 + 0.5)], PLACES[floor(y * 10 + 0.5)]
        self._dots.setdefault(looks.written_dot(radius, color, filled), []).append(place)

    def dots(self, places: Iterable[tuple[int, int]], radius: float, color: str, filled: bool) -> None:
        """Draw dots of one look at places in whole tenths."""
        written = [(PLACES[x], PLACES[y]) for x, y in places]
        if written:
            self._dots.setdefault(looks.written_dot(radius, color, filled), []).extend(written)

    def text(self, x: float, y: float, text: str, kind: str = "t", anchor: str = "") -> None:
        """Write a text above everything; `kind` is one of `svg_looks.LETTERS`."""
        place = PLACES[floor(x * 10 + 0.5)], PLACES[floor(y * 10 + 0.5)], escaped(text)
        self._texts.setdefault(looks.letters(kind, anchor), []).append(place)

    def done(self, named_by: str = "") -> str:
        """Return the drawing as the HTML of one element of a page.

        Its name is the full sentence, or the element of the page that `named_by` is the id of. Where a reader has
        turned styles off it is not shown, because it would have no looks: its words and its table are.
        """
        height = place_number(self.height)
        size = "" if looks.WIDTHS.get(self.kind) == self.width else f" width={self.width} height={height}"
        name = f"aria-labelledby={named_by}" if named_by else f'aria-label="{escaped(self.sentence)}"'
        return (
            f'<svg class={self.kind} viewBox="0 0 {self.width} {height}"{size} display=none role=img {name}>'
            f"{self._inside(PAGE, '')}</svg>"
        )

    def alone(self) -> str:
        """Return the drawing as the text of an SVG file, well-formed XML that looks the same everywhere."""
        height = place_number(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" '
            f'height="{height}" role="img"{looks.attributes(looks.GROUND)} font-family="{looks.SANS}" font-size="12">'
            f"<title>{escaped(self.sentence)}</title>{self._inside(FILE, chr(34))}</svg>"
        )

    def _inside(self, form: int, q: str) -> str:
        """All shapes and texts; places stand between the quote."""
        parts = [f'<path{look[form]} d="{d}"/>' for look, d in self._paths]
        for dot, places in self._dots.items():
            look = dot[form]
            # A class stands on a group of many; a radius is an attribute of each dot.
            each, group = ("", look) if len(places) > 1 and "class" in look else (look, "")
            dots = "".join([f'<circle{each} cx={q}{x}{q} cy="{y}"/>' for x, y in places])
            parts.append(f"<g{group}>{dots}</g>" if group else dots)
        for letters, lines in self._texts.items():
            look = letters[form]
            each, group = ("", look) if len(lines) > 1 else (look, "")
            texts = "".join(
                [
                    f"<text{each} y={q}{y}{q}>{text}</text>"
                    if x == "0"
                    else f"<text{each} x={q}{x}{q} y={q}{y}{q}>{text}</text>"
                    for x, y, text in lines
                ]
            )
            parts.append(f"<g{group}>{texts}</g>" if group else texts)
        return "".join(parts)
