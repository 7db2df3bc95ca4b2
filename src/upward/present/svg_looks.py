"""How lines, areas, dots and letters of drawings look: one list, written as classes of the page's style sheet
or, for a file that stands alone, as attributes.

A page holds some hundred drawings with a thousand lines, so a look costs a page one short class.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from string import ascii_uppercase
from typing import NamedTuple

from upward.present import theme

TEAL, SLATE, RULE, BAR, LINE, FAINT = "#0b6e69", "#4b5866", "#6b7682", "#e3e8ec", "#d9dee3", "#e8ecef"
BAND, BAND_EDGE = "#d3e7e5", "#5d9c98"
INK, MUTED, PAPER = "#1b1f24", "#56606b", "#fff"
#: In quotes: a name with a part that begins with a digit is none without them.
SANS = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', system-ui, 'Noto Sans', 'Liberation Sans', sans-serif"

#: Properties of SVG and their values, in the order in which they are written.
Look = tuple[tuple[str, str], ...]


class Written(NamedTuple):
    """A look as it stands in an element: on a page (a class where there is one), and in a file of its own."""

    page: str
    file: str


@cache
def line(stroke: str, width: float = 1, dash: str = "") -> Look:
    """Return the look of a line."""
    look = [("stroke", stroke)]
    if width != 1:
        look.append(("stroke-width", f"{width:g}"))
    if dash:
        look.append(("stroke-dasharray", dash))
    return tuple(look)


@cache
def area(fill: str) -> Look:
    """Return the look of a filled outline."""
    return (("fill", fill),)


@cache
def dot(radius: float, color: str, filled: bool) -> Look:
    """Return the look of a dot: a filled one has a white edge, an open one is a ring of the same outer size."""
    edge = 0.5 if filled else 1.75 if radius > 3 else 1.25
    inside, rim = (color, PAPER) if filled else (PAPER, color)
    return (("r", f"{radius - edge / 2:g}"), ("fill", inside), ("stroke", rim), ("stroke-width", f"{edge:g}"))


#: Kinds of letters: axis, value of this place, middle, label, name of a panel, value of a group, reason, everybody.
LETTERS: dict[str, Look] = {
    "t": (("fill", MUTED),),
    "v": (("fill", TEAL), ("font-size", "13"), ("font-weight", "600")),
    "m": (("fill", SLATE), ("font-weight", "600")),
    "l": (("fill", INK), ("font-size", "13")),
    "s": (("fill", INK), ("font-weight", "400")),
    "g": (("fill", INK), ("font-size", "13"), ("font-weight", "600")),
    "n": (("fill", MUTED), ("font-style", "italic")),
    "a": (("fill", TEAL),),
}
#: What all letters share: a white halo keeps them legible on lines.
HALO: Look = (
    ("paint-order", "stroke"), ("stroke", PAPER), ("stroke-width", "3"), ("stroke-linejoin", "round"),
)  # fmt: skip
ANCHORS = {"": "", "m": "middle", "e": "end"}
#: Widths that the style sheet gives to kinds of drawings, so that a page need not repeat them.
WIDTHS = {
    **dict.fromkeys(("range", "lanes", "groups"), theme.WIDTH),
    "trend": theme.TREND_WIDTH, "panel": theme.PANEL_WIDTH, "mini": theme.MINI_WIDTH,
}  # fmt: skip
#: What everything in a drawing inherits.
GROUND: Look = (("fill", "none"), ("stroke-linecap", "round"))

#: Looks that have a class; a look outside this list is written as attributes.
LISTED: tuple[Look, ...] = (
    *(area(fill) for fill in (BAR, BAND)),
    *(line(stroke) for stroke in (RULE, LINE, FAINT, BAND_EDGE)),
    *(line(SLATE, width) for width in (1.25, 1.75, 2)),
    *(line(TEAL, width) for width in (1.25, 1.75, 2, 2.5)),
    line(LINE, 1.5),
    line(BAND_EDGE, 1.5),
    *(line(stroke, 1, "1 3") for stroke in (RULE, TEAL)),
    *(line(stroke, 1, "2 2") for stroke in (SLATE, TEAL)),
    line(SLATE, 1.25, "3 2"),
    line(SLATE, 1.25, "4 3"),
    *(dot(radius, TEAL, filled) for radius in (2.75, 4.5, 4.75, 6, 6.5) for filled in (True, False)),
    *(dot(radius, SLATE, filled) for radius in (3.75, 4.75) for filled in (True, False)),
    *(dot(radius, SLATE, False) for radius in (2.6, 3.4)),
)
NAMES: dict[Look, str] = {
    look: ascii_uppercase[index % 26] + (str(index // 26) if index >= 26 else "")
    for index, look in enumerate(LISTED)
}


@cache
def letters(kind: str, anchor: str) -> Written:
    """Return the look of a text as written: its class is its kind and the first letter of where it is anchored."""
    name = kind + anchor[:1]
    return Written(f" class={name}", letter_attributes(name))


@cache
def written_line(stroke: str, width: float = 1, dash: str = "") -> Written:
    """Return the look of a line as written."""
    return _written(line(stroke, width, dash))


@cache
def written_area(fill: str) -> Written:
    """Return the look of a filled outline as written."""
    return _written(area(fill))


@cache
def written_dot(radius: float, color: str, filled: bool) -> Written:
    """Return the look of a dot as written."""
    return _written(dot(radius, color, filled))


def _written(look: Look) -> Written:
    name, file = NAMES.get(look), attributes(look)
    return Written(f" class={name}" if name else file, file)


@cache
def attributes(look: Look) -> str:
    """Return a look as attributes, each with a blank before it."""
    return "".join(f' {name}="{value}"' for name, value in look)


@cache
def letter_attributes(name: str) -> str:
    """Return the look of a class of texts as attributes."""
    look = dict((*HALO, *LETTERS[name[0]]))
    if name[1:]:
        look["text-anchor"] = ANCHORS[name[1:]]
    return attributes(tuple(look.items()))


@cache
def style_rules() -> str:
    """Return the rules of a style sheet for every class that a drawing may use.

    Forced colours leave shapes to tell things apart: areas are outlined, open dots stay open.
    """
    rules = [
        f"svg[role=img]{{{_rule(GROUND)};font:400 12px/1 var(--sans);font-variant-numeric:tabular-nums lining-nums}}",
        f"svg text{{{_rule(HALO)}}}",
        *(f".{kind}{{width:{width}px}}" for kind, width in WIDTHS.items()),
        *(f"svg {_selector(look)}{{{_rule(look)}}}" for look in LISTED),
    ]
    for kind, look in LETTERS.items():
        rules.append(f"svg :is({_classes(kind + end for end in ANCHORS)}){{{_rule(look)}}}")
    for end, anchor in ANCHORS.items():
        if end:
            rules.append(f"svg :is({_classes(kind + end for kind in LETTERS)}){{text-anchor:{anchor}}}")
    rings = ",".join(_selector(look) for look in LISTED if ("fill", PAPER) in look)
    return (
        f"{''.join(rules)}@media (forced-colors:active){{svg[role=img] path{{fill:none;stroke:CanvasText}}"
        "svg[role=img] :is(text,circle){fill:CanvasText;stroke:Canvas}"
        f"svg[role=img] :is({rings}){{fill:Canvas;stroke:CanvasText}}}}"
    )


def _selector(look: Look) -> str:
    """The class of a look; a dot takes its radius from a group too, which it does not inherit."""
    name = NAMES[look]
    return f":is(.{name},.{name}>*)" if look[0][0] == "r" else f".{name}"


def _classes(names: Iterable[str]) -> str:
    return ",".join(f".{name}" for name in names)


def _rule(look: Look) -> str:
    """Properties of a look as CSS, where lengths of letters and dots have a unit."""
    return ";".join(f"{name}:{value}{'px' if name in ('r', 'font-size') else ''}" for name, value in look)
