"""Drawings inside a page: as SVG elements with their names where they hold shapes and words alone, else as pictures.

What stands in a page could act, and could clash with what else stands there; what is a picture cannot. So only what
is known to be harmless is taken in: our own drawings are, whatever else a document read from a file may bring is not.
"""

from __future__ import annotations

import re
from base64 import b64encode
from xml.etree import ElementTree

from upward.present.document import Drawing, writable
from upward.present.escape import escaped

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = frozenset(
    f"{SVG}{name}"
    for name in (
        "svg", "g", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
        "tspan",
    )
)  # fmt: skip
ATTRIBUTES = frozenset((
    "viewBox", "width", "height", "role", "aria-labelledby", "id", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx",
    "cy", "r", "rx", "ry", "d", "points", "transform", "fill", "fill-opacity", "stroke", "stroke-width",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "opacity", "paint-order", "font-family",
    "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline",
))  # fmt: skip
#: Where an attribute could lead elsewhere.
_LEADS = re.compile(r"url\(|javascript:|https?:|data:", re.IGNORECASE)
_OPENING = re.compile(
    r"<svg(?P<attributes>[^>]*)>\s*(?:<title[^>]*>(?P<title>[^<]*)</title>)?(?:<desc[^>]*>(?P<desc>[^<]*)</desc>)?"
)
_NAMING = re.compile(r' (?:role|aria-labelledby|id)="[^"]*"')


def shown_drawing(drawing: Drawing, name: str) -> str:
    """Return a drawing as HTML; `name` begins the ids of its title and description."""
    return inline_drawing(drawing, name) or picture(drawing)


def inline_drawing(drawing: Drawing, name: str) -> str | None:
    """Return a drawing as an SVG element named by its title and description; None where it may hold something else."""
    opening = _OPENING.match(drawing.svg)
    if opening is None or not _harmless(drawing.svg):
        return None
    rest = drawing.svg[opening.end() :]
    if "<title" in rest or "<desc" in rest or ' id="' in rest:
        return None
    desc = opening["desc"]
    title = opening["title"] if desc else escaped(writable(drawing.sentence))
    names = f"{name}-t {name}-d" if desc else f"{name}-t"
    named = f'<title id="{name}-t">{title}</title>'
    if desc:
        named += f'<desc id="{name}-d">{desc}</desc>'
    attributes = _NAMING.sub("", opening["attributes"])
    return f'<svg{attributes} role="img" aria-labelledby="{names}">{named}{rest}'


def picture(drawing: Drawing) -> str:
    """Return a drawing as a picture inside the file, with its sentence as alternative text."""
    data = b64encode(drawing.svg.encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{data}" width="{drawing.width}" height="{drawing.height}" '
        f'alt="{escaped(writable(drawing.sentence))}">'
    )


def _harmless(svg: str) -> bool:
    """Tell whether a drawing holds shapes and words alone."""
    if "<!" in svg or "<?" in svg or "\r" in svg:
        return False
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - no declaration, so no entity, is in it
    except ElementTree.ParseError:
        return False
    return root.tag == f"{SVG}svg" and all(
        element.tag in ELEMENTS
        and element.attrib.keys() <= ATTRIBUTES
        and not any(_LEADS.search(value) for value in element.attrib.values())
        for element in root.iter()
    )
