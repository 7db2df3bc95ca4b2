"""The sheet that a drawing is made on: collects shapes and texts, and closes them into one SVG element.

`done` writes the element of a page, whose looks are classes of the page's style sheet; attributes without blanks
stand without quotes, as HTML allows. `alone` writes the same drawing as a file that needs no style sheet.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, floor
from typing import Final

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
#: The same as lists, which are read in a third of the time: what is written of a place, of a step from the least one,
#: and of a step that follows a letter.
_MOST: Final = 6000
_LEAST: Final = -3000
_PLACE: Final = [PLACES[tenths] for tenths in range(_MOST)]
_STEP: Final = [_STEPS[tenths] for tenths in range(_LEAST, _MOST)]
_FIRST: Final = [step.lstrip() for step in _STEP]


def _place(tenths: int) -> str:
    return _PLACE[tenths] if 0 <= tenths < _MOST else PLACES[tenths]


def _step(tenths: int) -> str:
    return _STEP[tenths - _LEAST] if _LEAST <= tenths < _MOST else _STEPS[tenths]


def _first(tenths: int) -> str:
    """A step right behind its letter."""
    return _FIRST[tenths - _LEAST] if _LEAST <= tenths < _MOST else _STEPS[tenths].lstrip()


def tenths(value: float) -> int:
    """Return a place on the paper in whole tenths."""
    return floor(value * 10 + 0.5)


def place_number(value: float) -> str:
    """Return a place on the paper with at most one decimal, without a trailing zero."""
    return _place(tenths(value))


def joined(points: Iterable[tuple[float, float]]) -> str:
    """Return the path through the points, each after the first by its distance from the one before.

    >>> joined([(8, 30), (25.5, 29.5), (43, 32), (50, 32)])
    'M8 30l17.5-.5 17.5 2.5h7'
    """
    places = [(tenths(x), tenths(y)) for x, y in points]
    return joined_tenths([x for x, _y in places], [y for _x, y in places])


def joined_tenths(xs: list[int], ys: list[int]) -> str:
    """Return the path through points, in whole tenths; a level or upright step is one number."""
    if not xs:
        return ""
    x, y = xs[0], ys[0]
    parts = ["M", _first(x), " ", _first(y)]
    before = ""
    for index in range(1, len(xs)):
        across, down = xs[index] - x, ys[index] - y
        x, y = xs[index], ys[index]
        command = "h" if down == 0 else "v" if across == 0 else "l"
        if command == before:
            parts.append(_step(down if command == "v" else across))
        else:
            parts += (command, _first(down if command == "v" else across))
            before = command
        if command == "l":
            parts.append(_step(down))
    return "".join(parts)


class _Piece(ABC):
    """Lines or areas of a drawing, which may be written in one way on a page and in another in a file."""

    @abstractmethod
    def on_page(self) -> str:
        """Return the elements of a page, where signs at corners are markers."""

    @abstractmethod
    def in_file(self) -> str:
        """Return the elements of a file, which has no markers."""

    def file_dots(self) -> Iterable[tuple[Written, Sequence[int], Sequence[int]]]:
        """Return the dots at its corners, which a file draws one by one."""
        return ()


class _Path(_Piece):
    """A path that is written alike on a page and in a file."""

    def __init__(self, look: Written, d: str) -> None:
        self.look, self.d = look, d

    def on_page(self) -> str:
        return f'<path{self.look.page} d="{self.d}"/>'

    def in_file(self) -> str:
        return f'<path{self.look.file} d="{self.d}"/>'


class _Whiskers(_Piece):
    """Level lines of intervals with a cap at each end: (left, right, height) in tenths."""

    def __init__(self, ends: Sequence[tuple[int, int, int]], cap: float, color: str) -> None:
        self._ends, self._cap, self._color = ends, cap, color

    def on_page(self) -> str:
        return (
            f'<path{looks.written_signed(looks.whisker(self._cap, self._color))} d="{_level(self._ends)}"/>'
        )

    def in_file(self) -> str:
        cap = round(self._cap * 10)
        up, down = f"v{PLACES[2 * cap]}m0-{PLACES[cap]}", f"m0-{PLACES[cap]}v{PLACES[2 * cap]}"
        d = [f"M{PLACES[left]} {PLACES[y - cap]}{up}H{PLACES[right]}{down}" for left, right, y in self._ends]
        return f'<path{looks.written_line(self._color, 1.75).file} d="{"".join(d)}"/>'


class _Bars(_Piece):
    """Pale bars of one thickness with a tick at each end: (left, right, height) in tenths."""

    def __init__(self, ends: Sequence[tuple[int, int, int]], thick: float) -> None:
        self._ends, self._thick = ends, thick

    def on_page(self) -> str:
        return f'<path{looks.written_signed(looks.bar(self._thick))} d="{_level(self._ends)}"/>'

    def in_file(self) -> str:
        half = round(self._thick * 5)
        down = f"v{self._thick:g}"
        bars = [
            f"M{PLACES[left]} {PLACES[y - half]}H{PLACES[right]}{down}H{PLACES[left]}z"
            for left, right, y in self._ends
        ]
        ticks = [
            f"M{PLACES[left]} {PLACES[y - half]}{down}M{PLACES[right]} {PLACES[y - half]}{down}"
            for left, right, y in self._ends
        ]
        return (
            f'<path{looks.written_area(looks.BAR).file} d="{"".join(bars)}"/>'
            f'<path{looks.written_line(looks.RULE).file} d="{"".join(ticks)}"/>'
        )


class _Axis(_Piece):
    """A base line from its first tick to its last."""

    def __init__(self, ticks: Sequence[int], y: int) -> None:
        self._ticks, self._y = ticks, y

    def on_page(self) -> str:
        steps = "".join([_STEPS[after - before] for before, after in pairwise(self._ticks)])
        start = f"M{PLACES[self._ticks[0]]} {PLACES[self._y]}h"
        return f'<path{looks.written_signed(looks.AXIS)} d="{start}{steps.lstrip()}"/>'

    def in_file(self) -> str:
        level = f" {PLACES[self._y - 30]}v3"
        ticks = "".join([f"M{PLACES[x]}{level}" for x in self._ticks])
        line = f"M{PLACES[self._ticks[0]]} {PLACES[self._y]}H{PLACES[self._ticks[-1]]}"
        return (
            f'<path{looks.written_line(looks.LINE).file} d="{line}"/>'
            f'<path{looks.written_line(looks.RULE).file} d="{ticks}"/>'
        )


class _Hairlines(_Piece):
    """Level hairlines of one length under each other; places in tenths."""

    def __init__(self, x: int, ys: Sequence[int], length: float) -> None:
        self._x, self._ys, self._length = x, ys, length

    def on_page(self) -> str:
        steps = "".join([_STEPS[after - before] for before, after in pairwise(self._ys)]).lstrip()
        d = f"M{PLACES[self._x]} {PLACES[self._ys[0]]}{'v' if steps else ''}{steps}"
        return f'<path{looks.written_signed(looks.hairlines(self._length))} d="{d}"/>'

    def in_file(self) -> str:
        d = "".join([f"M{PLACES[self._x]} {PLACES[y]}h{self._length:g}" for y in self._ys])
        return f'<path{looks.written_line(looks.FAINT).file} d="{d}"/>'


class _DottedLine(_Piece):
    """A line over the years, in stretches, with a dot at each year and a larger one at the last."""

    def __init__(self, runs: Sequence[tuple[list[int], list[int]]], width: float, filled: bool) -> None:
        self._runs, self._width, self._filled = runs, width, filled

    def on_page(self) -> str:
        d = "".join([joined_tenths(xs, ys) for xs, ys in self._runs])
        return f'<path{looks.written_signed(looks.dotted_line(self._width, self._filled))} d="{d}"/>'

    def in_file(self) -> str:
        d = "".join([joined_tenths(xs, ys) for xs, ys in self._runs if len(xs) > 1])
        return f'<path{looks.written_line(looks.TEAL, self._width).file} d="{d}"/>' if d else ""

    def file_dots(self) -> Iterable[tuple[Written, Sequence[int], Sequence[int]]]:
        """Return the dots of all years, the last one larger."""
        xs = [x for run, _ys in self._runs for x in run]
        ys = [y for _xs, run in self._runs for y in run]
        yield looks.written_dot(2.75, looks.TEAL, self._filled), xs[:-1], ys[:-1]
        yield looks.written_dot(4.5, looks.TEAL, True), xs[-1:], ys[-1:]


def _level(ends: Sequence[tuple[int, int, int]]) -> str:
    """The path of level lines: (left, right, height) in tenths."""
    return "".join([f"M{PLACES[left]} {PLACES[y]}H{PLACES[right]}" for left, right, y in ends])


class Paper:
    """One drawing in the making; dots lie above lines and texts above both, and `height` may grow until written."""

    def __init__(self, kind: str, width: int, sentence: str) -> None:
        self.kind, self.width, self.sentence = kind, width, sentence
        self.height = 0.0
        self._pieces: list[_Piece] = []
        self._dots: dict[Written, tuple[list[int], list[int]]] = {}
        self._texts: dict[tuple[str, str], list[tuple[int, int, str]]] = {}

    def path(self, d: str, stroke: str, width: float = 1, dash: str = "") -> None:
        """Draw a line; nothing for an empty path."""
        if d:
            self._add(looks.written_line(stroke, width, dash), d)

    def shape(self, d: str, fill: str) -> None:
        """Fill an outline; nothing for an empty one."""
        if d:
            self._add(looks.written_area(fill), d)

    def _add(self, look: Written, d: str) -> None:
        """Add a path to the one before where that looks the same."""
        last = self._pieces[-1] if self._pieces else None
        if isinstance(last, _Path) and last.look is look:
            last.d += d
        else:
            self._pieces.append(_Path(look, d))

    def band(self, d: str) -> None:
        """Fill the outline of the intervals of some years, and draw its edges."""
        self._pieces.append(_Path(looks.written_band(), d))

    def hairlines(self, x: int, ys: Sequence[int], length: float) -> None:
        """Draw level hairlines from a place to the right, which has a class; places in tenths; nothing for none."""
        if ys:
            self._pieces.append(_Hairlines(x, ys, length))

    def whiskers(self, ends: Sequence[tuple[int, int, int]], cap: float, color: str) -> None:
        """Draw intervals with a cap at each end: (left, right, height) in tenths; nothing for none."""
        if ends:
            self._pieces.append(_Whiskers(ends, cap, color))

    def bars(self, ends: Sequence[tuple[int, int, int]], thick: float) -> None:
        """Draw pale bars with a tick at each end: (left, right, height) in tenths; nothing for none."""
        if ends:
            self._pieces.append(_Bars(ends, thick))

    def axis(self, ticks: Sequence[int], y: int) -> None:
        """Draw a base line with ticks, from the first to the last of at least two; all in tenths."""
        self._pieces.append(_Axis(ticks, y))

    def dotted_line(self, runs: Sequence[tuple[list[int], list[int]]], width: float, filled: bool) -> None:
        """Draw stretches of years as lines with a dot at each year, a larger one at the last; places in tenths."""
        self._pieces.append(_DottedLine(runs, width, filled))

    def dot(self, x: float, y: float, radius: float, color: str, filled: bool) -> None:
        """Draw a dot above all lines; an open one has the same outer size, a filled one a white edge."""
        xs, ys = self._dots.setdefault(looks.written_dot(radius, color, filled), ([], []))
        xs.append(tenths(x))
        ys.append(tenths(y))

    def dots(
        self, more_xs: Sequence[int], more_ys: Sequence[int], radius: float, color: str, filled: bool
    ) -> None:
        """Draw dots of one look at places in whole tenths."""
        if more_xs:
            xs, ys = self._dots.setdefault(looks.written_dot(radius, color, filled), ([], []))
            xs += more_xs
            ys += more_ys

    def text(self, x: float, y: float, text: str, kind: str = "t", anchor: str = "") -> None:
        """Write a text above everything, at the nearest whole place; `kind` is one of `svg_looks.LETTERS`."""
        place = 10 * floor(x + 0.5), 10 * floor(y + 0.5), escaped(text)
        self._texts.setdefault((kind, anchor), []).append(place)

    def done(self, named_by: str = "", *, named: bool = True) -> str:
        """Return the drawing as the HTML of one element of a page, which holds the signs of `svg_looks.signs`.

        Its name is the full sentence, or the element of the page that `named_by` is the id of; one that is not
        `named` is left out by those who listen, because the page says the same beside it. Where a reader has
        turned styles off it is not shown, because it would have no looks: its words and its table are.
        """
        height, given = ceil(self.height), looks.WIDTHS.get(self.kind) == self.width
        size = "width=0" if given else f"width={self.width} height={height} display=none"
        name = f"aria-labelledby={named_by}" if named_by else f'aria-label="{escaped(self.sentence)}"'
        name = f"role=img {name}" if named else "aria-hidden=true"
        parts = [piece.on_page() for piece in self._pieces]
        for look, (xs, ys) in self._dots.items():
            if "class" in look.page:
                parts.append(f'<path{look.page} d="{joined_tenths(xs, ys)}"/>')
            else:
                parts += _circles(look.page, xs, ys, "")
        for (kind, anchor), lines in self._texts.items():
            edge = 10 * self.width if given and anchor == "end" else 0
            parts.append(_written_texts(looks.letters(kind, anchor).page, lines, "", edge))
        return (
            f"<svg class={self.kind} viewBox=0,0,{self.width},{height} {size} {name}>{''.join(parts)}</svg>"
        )

    def alone(self) -> str:
        """Return the drawing as the text of an SVG file, well-formed XML that looks the same everywhere.

        It has no markers: not every program that shows drawings knows them.
        """
        height = ceil(self.height)
        parts = [piece.in_file() for piece in self._pieces]
        for piece in self._pieces:
            for look, xs, ys in piece.file_dots():
                parts += _circles(look.file, xs, ys, chr(34))
        for look, (xs, ys) in self._dots.items():
            parts += _circles(look.file, xs, ys, chr(34))
        for (kind, anchor), lines in self._texts.items():
            parts.append(_written_texts(looks.letters(kind, anchor).file, lines, chr(34), 0))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" '
            f'height="{height}" role="img"{looks.attributes(looks.GROUND)} font-family="{looks.SANS}" font-size="12">'
            f"<title>{escaped(self.sentence)}</title>{''.join(parts)}</svg>"
        )


def _circles(look: str, xs: Sequence[int], ys: Sequence[int], q: str) -> list[str]:
    """Dots one by one; places stand between the quote."""
    return [f'<circle{look} cx={q}{PLACES[x]}{q} cy="{PLACES[y]}"/>' for x, y in zip(xs, ys, strict=True)]


def _written_texts(look: str, lines: Sequence[tuple[int, int, str]], q: str, edge: int) -> str:
    """Texts of one look at (x, y) in tenths, x from the edge; places as written stand between the quote."""
    each, group = ("", look) if len(lines) > 1 else (look, "")
    texts = "".join(
        [
            f"<text{each} y={q}{_place(y)}{q}>{text}</text>"
            if x == edge
            else f"<text{each} x={q}{_place(x - edge)}{q} y={q}{_place(y)}{q}>{text}</text>"
            for x, y, text in lines
        ]
    )
    return f"<g{group}>{texts}</g>" if group else texts
