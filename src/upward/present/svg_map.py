"""Maps as drawings: the whole country in merged areas, a state with each county as a link of its own.

Classes differ in lightness only, so they read alike in greyscale, in print and with any colour vision; weak values
are hatched and missing ones are outlined with dots, so that neither can be taken for a class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from upward.present.borders import UNITS, outlines, state_drawing, state_outlines
from upward.present.escape import escaped
from upward.present.maps import MapSpec
from upward.present.shapes import VIEW

#: From few to many; each step is darker than the one before by about the same lightness.
CLASS_FILLS = ("#e3e8ec", "#bcc6cf", "#8f9daa", "#647383", "#36434f", "#14191f")
HATCH = (
    '<pattern id="{id}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="{size}" height="{size}" fill="#fff"/><path d="M0 0V{size}" stroke="#6b7682" stroke-width="{line}"/></pattern>'
)
Link = Callable[[str], str | None]


def fills(count: int) -> tuple[str, ...]:
    """Return one fill per class, spread over the ramp where there are fewer than five."""
    if count >= len(CLASS_FILLS) - 1:
        return CLASS_FILLS[:count]
    last = len(CLASS_FILLS) - 2
    return tuple(CLASS_FILLS[round(index * last / max(count - 1, 1))] for index in range(count))


def draw_nation(spec: MapSpec, states: Mapping[str, str], link: Link) -> Markup:
    """Return the map of the country: one area per class, and each state as a link over it.

    `states` are names by code; `link` gives the address behind a state, or None.
    """
    width, height = VIEW[0] * UNITS, VIEW[1] * UNITS
    parts = [f"<defs>{HATCH.format(id='weak', size=9, line=3.4)}</defs>"]
    areas = outlines(spec.vintage, [*(item.codes for item in spec.classes), spec.weak, spec.missing])
    for area, fill in zip(areas[:-2], fills(len(spec.classes)), strict=True):
        parts.append(f'<path d="{area}" fill="{fill}"/>')
    if spec.weak:
        parts.append(f'<path d="{areas[-2]}" fill="url(#weak)"/>')
    if spec.missing:
        parts.append(
            f'<path d="{areas[-1]}" fill="#fff" stroke="#8f9daa" stroke-width="1.5" stroke-dasharray="1 4"/>'
        )
    borders = []
    for state, border in state_outlines(spec.vintage).items():
        path = f'<path d="{border}"/>'
        address = link(state)
        name = escaped(states.get(state, state))
        borders.append(f'<a href="{escaped(address)}" aria-label="{name}">{path}</a>' if address else path)
    return Markup(  # numbers made here, texts escaped
        f'<svg class="map" viewBox="0 0 {width} {height}" role="group" aria-label="{escaped(spec.sentence)}">'
        f'<g stroke-linejoin="round">{"".join(parts)}</g>'
        f'<g class="states" fill="#fff" fill-opacity="0" stroke="#6b7682" stroke-width="2" stroke-linejoin="round">{"".join(borders)}</g>'
        f"</svg>"
    )


def draw_state(spec: MapSpec, state: str, sentence: str, link: Link) -> Markup:
    """Return the map of one state: every county a link with its name and value; empty where it has no county."""
    drawing = state_drawing(spec.vintage, state)
    if not drawing.counties:
        return Markup("")
    ramp = fills(len(spec.classes))
    parts = [f"<defs>{HATCH.format(id='weak', size=6, line=2)}</defs>"]
    for code, data in drawing.counties.items():
        mark = spec.marks.get(code)
        if mark is None or not data:
            continue
        number = spec.class_of(code)
        look = f'fill="{ramp[number]}"' if number is not None else 'fill="url(#weak)"'
        if mark.value is None:
            look = 'fill="#fff" class="gone"'
        name = escaped(f"{mark.label}: {mark.text}" if mark.label else mark.text)
        path = f'<path d="{data}" {look}><title>{name}</title></path>'
        address = link(code)
        parts.append(f'<a href="{escaped(address)}" aria-label="{name}">{path}</a>' if address else path)
    return Markup(
        f'<svg class="map one" viewBox="-4 -4 {drawing.width + 8} {drawing.height + 8}" width="{drawing.width + 8}" '
        f'height="{drawing.height + 8}" role="group" aria-label="{escaped(sentence)}"><g stroke="#fff" stroke-width="1.25" '
        f'stroke-linejoin="round">{"".join(parts)}</g></svg>'
    )


def swatch(number: int | None, count: int, *, missing: bool = False) -> Markup:
    """Return the sample of a class, of weak data (no number), or of a missing value, for tables."""
    if missing:
        look = 'fill="#fff" stroke="#6b7682" stroke-dasharray="1 3"'
    elif number is None:
        look = 'fill="#fff" stroke="#6b7682"'
    else:
        look = f'fill="{fills(count)[number]}" stroke="#6b7682"'
    hatched = number is None and not missing
    lines = '<path d="M1 9L9 1M3 15L17 1M11 15L25 1M19 15L27 7" stroke="#6b7682"/>' if hatched else ""
    return Markup(
        f'<svg class="sw" viewBox="0 0 28 16" width="28" height="16" aria-hidden="true"><rect x="1" y="1" width="26" height="14" {look}/>{lines}</svg>'
    )
