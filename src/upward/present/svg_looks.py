"""How lines, areas, dots and letters of drawings look: one list, written as classes of the page's style sheet
or, for a file that stands alone, as attributes.

A page holds some hundred drawings with a thousand lines, so a look costs a page one short class.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from string import ascii_uppercase
from typing import Final, NamedTuple

from upward.present import theme
from upward.present.document_words import ICONS

TEAL: Final = "#0b6e69"
SLATE: Final = "#4b5866"
RULE: Final = "#6b7682"
BAR: Final = "#e3e8ec"
LINE: Final = "#d9dee3"
FAINT: Final = "#e8ecef"
BAND: Final = "#d3e7e5"
BAND_EDGE: Final = "#5d9c98"
INK: Final = "#1b1f24"
MUTED: Final = "#56606b"
PAPER: Final = "#fff"
#: In quotes: a name with a part that begins with a digit is none without them.
SANS = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', system-ui, 'Noto Sans', 'Liberation Sans', sans-serif"

#: Properties of SVG and their values, in the order in which they are written.
Look = tuple[tuple[str, str], ...]


class Written(NamedTuple):
    """A look as it stands in an element: on a page (a class where there is one), and in a file of its own."""

    page: str
    file: str


@cache
def attributes(look: Look) -> str:
    """Return a look as attributes, each with a blank before it."""
    return "".join(f' {name}="{value}"' for name, value in look)


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
#: Widths that the style sheet gives to kinds of drawings, so that a page need not repeat them; in these, texts that
#: are anchored at their end are placed from the right edge.
WIDTHS: Final[dict[str, int]] = {
    **dict.fromkeys(("range", "lanes", "groups"), theme.WIDTH),
    "trend": theme.TREND_WIDTH, "panel": theme.PANEL_WIDTH, "mini": theme.MINI_WIDTH, "track": theme.TRACK_WIDTH,
}  # fmt: skip
#: The intervals of a stretch of years, with their edges.
YEARS_BAND: Look = (("fill", BAND), ("stroke", BAND_EDGE), ("stroke-linejoin", "round"))
#: The drawings of a page: those with a name, and the positions of the profile, whose words stand beside them.
DRAWINGS = ":is(svg[role=img],.track)"
#: What everything in a drawing inherits.
GROUND: Look = (("fill", "none"), ("stroke-linecap", "round"))

#: Looks that have a class; a look outside this list is written as attributes.
LISTED: tuple[Look, ...] = (
    area(BAR),
    YEARS_BAND,
    *(line(stroke) for stroke in (RULE, LINE, FAINT)),
    *(line(SLATE, width) for width in (1.25, 1.75, 2, 5)),
    *(line(TEAL, width) for width in (1.25, 1.75, 2, 2.5)),
    line(LINE, 1.5),
    line(BAND_EDGE, 1.5),
    *(line(stroke, 1, "1 3") for stroke in (RULE, TEAL)),
    *(line(stroke, 1, "2 2") for stroke in (SLATE, TEAL)),
    line(SLATE, 1.25, "3 2"),
    line(SLATE, 1.25, "4 3"),
)


@cache
def dot_sign(radius: float, color: str, filled: bool) -> str:
    """Return a dot as a sign."""
    return f"<circle{attributes(dot(radius, color, filled))}/>"


@cache
def upright_sign(above: float, below: float, look: Look) -> str:
    """Return an upright line as a sign: so far above its corner, so far below."""
    return f'<path d="M0 {-above:g}v{above + below:g}"{attributes(look)}/>'


class Signed(NamedTuple):
    """A line, or none, with a sign at each of its corners, and another at its end where one is given.

    A sign is an element of SVG around 0 0. A page defines each once, as a marker.
    """

    line: Look
    sign: str
    end: str = ""


@cache
def dots_only(radius: float, color: str, filled: bool) -> Signed:
    """Return dots without a line through them."""
    return Signed((), dot_sign(radius, color, filled))


@cache
def whisker(cap: float, color: str) -> Signed:
    """Return the line of an interval; its caps reach so far to either side."""
    look = line(color, 1.75)
    return Signed(look, upright_sign(cap, cap, look))


@cache
def bar(thick: float) -> Signed:
    """Return a pale bar with a tick at each end, as a line of its thickness."""
    look = (("stroke", BAR), ("stroke-width", f"{thick:g}"), ("stroke-linecap", "butt"))
    return Signed(look, upright_sign(thick / 2, thick / 2, line(RULE)))


@cache
def dotted_line(width: float, filled: bool) -> Signed:
    """Return a line over the years: a dot at each year, a larger filled one at the last."""
    return Signed(line(TEAL, width), dot_sign(2.75, TEAL, filled), dot_sign(4.5, TEAL, True))


@cache
def hairlines(length: float) -> Signed:
    """Return level hairlines of one length, each from its corner to the right."""
    return Signed((), f'<path d="M0 0h{length:g}"{attributes(line(FAINT))}/>')


#: The base line of years, a tick on it at each.
AXIS = Signed(line(LINE), upright_sign(3, 0, line(RULE)))
#: Lines with signs that have a class.
LISTED_SIGNED: tuple[Signed, ...] = (
    *(dots_only(radius, TEAL, filled) for radius in (2.75, 4.5, 4.75, 6, 6.5) for filled in (True, False)),
    *(dots_only(radius, SLATE, filled) for radius in (3.75, 4.75) for filled in (True, False)),
    *(dots_only(radius, SLATE, False) for radius in (2.6, 3.4)),
    *(whisker(cap, color) for cap, color in ((5, TEAL), (3.5, TEAL), (3.5, SLATE))),
    *(bar(thick) for thick in (6, 10, 14, 16)),
    *(dotted_line(width, filled) for width, filled in ((1.75, True), (1.75, False), (1.25, False))),
    AXIS,
    hairlines(theme.PLOT_RIGHT - theme.PLOT_LEFT),
)
#: What pages hold most of, for a name of one letter.
_OFTEN: tuple[Look | Signed, ...] = (
    AXIS, line(SLATE, 2), line(RULE, 1, "1 3"), dotted_line(1.25, False), dots_only(4.75, SLATE, False),
    line(TEAL, 1, "2 2"), hairlines(theme.PLOT_RIGHT - theme.PLOT_LEFT), bar(16), dots_only(3.4, SLATE, False),
    line(SLATE, 5), line(BAND_EDGE, 1.5), YEARS_BAND, line(TEAL, 1, "1 3"), dots_only(6.5, TEAL, False),
    dots_only(4.5, TEAL, False), dots_only(4.75, TEAL, True), line(FAINT), line(SLATE, 1.25, "4 3"),
    whisker(3.5, SLATE), bar(10), line(TEAL, 2.5), whisker(3.5, TEAL),
)  # fmt: skip
_ALL: list[Look | Signed] = list(dict.fromkeys([*_OFTEN, *LISTED, *LISTED_SIGNED]))
#: Classes of looks.
NAMES: dict[Look | Signed, str] = {
    look: ascii_uppercase[index % 26] + (str(index // 26) if index >= 26 else "")
    for index, look in enumerate(_ALL)
}
#: Identifiers of signs on a page.
CAUTION = "nc"
SIGNS: dict[str, str] = {
    sign: f"s{index}"
    for index, sign in enumerate(
        dict.fromkeys(sign for look in LISTED_SIGNED for sign in (look.sign, look.end) if sign)
    )
}


@cache
def letters(kind: str, anchor: str) -> Written:
    """Return the look of a text as written: its class is its kind and the first letter of where it is anchored."""
    name = kind + anchor[:1]
    return Written(f" class={name}", letter_attributes(name))


@cache
def written_band() -> Written:
    """Return the look of the intervals of a stretch of years as written."""
    return _written(YEARS_BAND)


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
    """Return the look of dots as written: on a page of the path whose corners they stand at, where it has a class."""
    return _written(dot(radius, color, filled), NAMES.get(dots_only(radius, color, filled)))


@cache
def written_signed(look: Signed) -> str:
    """Return the class of a line with signs; raise KeyError for one outside the list, whose signs no page defines."""
    return f" class={NAMES[look]}"


def _written(look: Look, name: str | None = None) -> Written:
    name, file = name or NAMES.get(look), attributes(look)
    return Written(f" class={name}" if name else file, file)


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
        f"{DRAWINGS}{{{_rule(GROUND)};font:400 12px/1 var(--sans);font-variant-numeric:tabular-nums lining-nums}}",
        _track_rule(),
        f"svg text{{{_rule(HALO)}}}",
        *(f".{kind}{{width:{width}px}}" for kind, width in WIDTHS.items()),
        *(f".{NAMES[look]}{{{_rule(look)}}}" for look in LISTED),
        *(f".{NAMES[look]}{{{_signed_rule(look)}}}" for look in LISTED_SIGNED),
        "marker{overflow:visible}",
    ]
    for kind, look in LETTERS.items():
        rules.append(f":is({_classes(kind + end for end in ANCHORS)}){{{_rule(look)}}}")
    # The last letter of a class of texts says where they are anchored; classes of lines end in capitals or digits.
    rules += [f"svg [class$={end}]{{text-anchor:{anchor}}}" for end, anchor in ANCHORS.items() if end]
    for width in dict.fromkeys(WIDTHS[kind] for kind in WIDTHS if kind != "track"):  # it has no texts
        kinds = _classes(kind for kind, its_width in WIDTHS.items() if its_width == width)
        rules.append(f":is({kinds})>[class$=e]{{transform:translate({width}px)}}")
    without_line = _classes(NAMES[look] for look in LISTED_SIGNED if not look.line)
    return (
        f"{''.join(rules)}@media (forced-colors:active){{{DRAWINGS} path{{fill:none;stroke:CanvasText}}"
        f"{DRAWINGS} :is({without_line}){{stroke:none}}marker path{{stroke:CanvasText}}"
        f"{DRAWINGS} text,marker circle{{fill:CanvasText;stroke:Canvas}}"
        f'marker [fill="{PAPER}"]{{fill:Canvas;stroke:CanvasText}}}}'
    )


def _track_rule() -> str:
    """What all positions of the profile share, behind their dots: the line from 0 to 100 and the tick at 50."""
    tick = f"linear-gradient({SLATE},{SLATE}) 50%/1.25px 10px no-repeat"
    return f".track{{background:{tick},linear-gradient({LINE},{LINE}) 50%/94.7% 1.5px no-repeat}}"


@cache
def signs() -> str:
    """Return the element that a page must hold once: the signs that stand at corners of lines in its drawings, and the
    sign of its cautions, which many rows have.
    """
    markers = [
        f"<marker id={name} markerUnits=userSpaceOnUse>{sign}</marker>" for sign, name in SIGNS.items()
    ]
    caution = f'<symbol id={CAUTION} viewBox="0 0 20 20"><path d="{ICONS["caution"]}"/></symbol>'
    return f"<svg width=0 height=0 aria-hidden=true{attributes(GROUND)}>{''.join(markers)}{caution}</svg>"


def _signed_rule(look: Signed) -> str:
    end = f";marker-end:url(#{SIGNS[look.end]})" if look.end else ""
    line_rule = f"{_rule(look.line)};" if look.line else ""
    return f"{line_rule}marker:url(#{SIGNS[look.sign]}){end}"


def _classes(names: Iterable[str]) -> str:
    return ",".join(f".{name}" for name in names)


def _rule(look: Look) -> str:
    """Properties of a look as CSS, where lengths of letters and dots have a unit."""
    return ";".join(f"{name}:{value}{'px' if name in ('r', 'font-size') else ''}" for name, value in look)
