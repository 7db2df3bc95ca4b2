"""A drawing of boxes in columns with arrows between them, such as a logic model. Its table stands beside it.

The places of boxes and the corners of arrows are given; here they are only drawn. Weak arrows are dashed, so that
nothing hangs on colour alone. The SVG needs no style sheet: it stands in pages, files and documents alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from upward.present import svg_looks as looks
from upward.present.escape import escaped

INK, MUTED, LINE, TEAL = "#1b1f24", "#56606b", "#6b7682", "#0b6e69"
MARGIN = 8
LETTER_HEIGHT = 18
HEAD = 6  # half the width of an arrow's head


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box: its corner and size in pixels, its number in the table, and its text in lines."""

    x: int
    y: int
    width: int
    height: int
    number: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowHead:
    """The name of a column in lines, and where the first begins."""

    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowArrow:
    """An arrow through its points; a weak one is dashed."""

    points: tuple[tuple[int, int], ...]
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole drawing; `heads` are the words above the columns."""

    title: str
    sentence: str
    heads: tuple[FlowHead, ...]
    boxes: tuple[FlowBox, ...]
    arrows: tuple[FlowArrow, ...]
    width: int
    height: int


def draw_flow(flow: Flow, *, named_by: str = "flow") -> Markup:
    """Return the drawing as one SVG element with title and sentence for screen readers."""
    width, height = flow.width + 2 * MARGIN, flow.height + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-MARGIN} {-MARGIN} {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="{named_by}-t {named_by}-d" font-family="{looks.SANS}">',
        f'<title id="{named_by}-t">{escaped(flow.title)}</title><desc id="{named_by}-d">{escaped(flow.sentence)}</desc>',
    ]
    for head in flow.heads:
        parts += [
            _text(head.x, head.y + LETTER_HEIGHT * index, line, size=14, weight=600, color=MUTED)
            for index, line in enumerate(head.lines)
        ]
    parts += [_arrow(arrow) for arrow in flow.arrows]
    parts += [_box(box) for box in flow.boxes]
    return Markup("".join([*parts, "</svg>"]))


def _box(box: FlowBox) -> str:
    text = [_text(box.x + 12, box.y + 24, str(box.number), size=13, weight=600, color=TEAL)]
    text += [
        _text(box.x + 12, box.y + 24 + LETTER_HEIGHT * (index + 1), line, size=14)
        for index, line in enumerate(box.lines)
    ]
    frame = f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" fill="#fff" stroke="{LINE}" rx="2"/>'
    return frame + "".join(text)


def _arrow(arrow: FlowArrow) -> str:
    points = " ".join(f"{x},{y}" for x, y in arrow.points)
    dashed = ' stroke-dasharray="5 4"' if arrow.weak else ""
    (x0, y0), (x, y) = arrow.points[-2:]
    if x0 == x:
        back = y - 2 * HEAD if y >= y0 else y + 2 * HEAD
        way = f"M{x - HEAD} {back}L{x} {y}L{x + HEAD} {back}"
    else:
        back = x - 2 * HEAD if x >= x0 else x + 2 * HEAD
        way = f"M{back} {y - HEAD}L{x} {y}L{back} {y + HEAD}"
    head = f'<path d="{way}" fill="none" stroke="{INK}" stroke-width="1.5"/>'
    return f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.5"{dashed}/>{head}'


def _text(x: int, y: int, words: str, *, size: int, weight: int = 400, color: str = INK) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{color}">{escaped(words)}</text>'
