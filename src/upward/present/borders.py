"""County shapes as borders that are drawn once: chains of points between two areas, simplified alike on both sides.

A map of thousands of counties is small when counties that look alike are drawn as one area, without the borders
between them. For that the rings of `shapes.py` are cut where the neighbour changes; each chain has an area on its
left and one (or none) on its right, so that any set of counties has an outline without gaps or overlaps.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from upward.present.shapes import Point, county_shapes

#: Units of the national drawing per unit of the shapes: whole numbers of it are fine enough for a page's width.
UNITS = 2
#: Points nearer than this to the line of their neighbours are left out of the national drawing.
TOLERANCE = 1.6
#: The drawing of one state: its largest size on the paper, and what is left out there.
STATE_WIDTH, STATE_HEIGHT, STATE_TOLERANCE = 640, 520, 0.6

Whole = tuple[int, int]
Border = tuple[str, str, tuple[Whole, ...]]  # area on the left, on the right, points


@dataclass(frozen=True, slots=True)
class Chain:
    """A border between two areas, or of one area and none: its points in order, the first area on its left."""

    left: str
    right: str  # empty at a coast
    points: tuple[Point, ...]


@lru_cache(maxsize=4)
def chains(vintage: str) -> tuple[Chain, ...]:
    """Return every border of the counties of a boundary vintage once."""
    owner: dict[tuple[Point, Point], str] = {}
    rings = [
        (code, ring)
        for code, shape in county_shapes(vintage).items()
        for polygon in shape.polygons
        for ring in polygon
    ]
    for code, ring in rings:
        for edge in itertools.pairwise(ring):
            owner[edge] = code
    found = []
    for code, ring in rings:
        for right, points in _cut(ring, owner):
            if not right or code < right:
                found.append(Chain(code, right, points))
    return tuple(found)


def _cut(
    ring: Sequence[Point], owner: Mapping[tuple[Point, Point], str]
) -> Iterable[tuple[str, tuple[Point, ...]]]:
    """Yield (neighbour, points) of each stretch of a closed ring with one neighbour."""
    edges = list(itertools.pairwise(ring))
    beside = [owner.get((b, a), "") for a, b in edges]
    turns = [index for index in range(len(edges)) if beside[index] != beside[index - 1]]
    if not turns:
        yield beside[0], tuple(ring)
        return
    for first, last in zip(turns, [*turns[1:], turns[0] + len(edges)], strict=True):
        points = [edges[index % len(edges)][0] for index in range(first, last)]
        yield beside[first], (*points, edges[(last - 1) % len(edges)][1])


def simplify(points: Sequence[Point], tolerance: float) -> tuple[Point, ...]:
    """Return the points without those nearer than the tolerance to the line drawn without them (Douglas and Peucker).

    The ends stay, so chains that meet still meet. A closed chain keeps at least three points.
    """
    closed = points[0] == points[-1]
    if len(points) < 4 if closed else len(points) < 3:
        return tuple(points)
    if closed:
        far = max(range(len(points)), key=lambda index: _square(points[0], points[index]))
        return (*_thinned(points[: far + 1], tolerance)[:-1], *_thinned(points[far:], tolerance))
    return tuple(_thinned(points, tolerance))


def _square(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _thinned(points: Sequence[Point], tolerance: float) -> list[Point]:
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    open_spans = [(0, len(points) - 1)]
    limit = tolerance * tolerance
    while open_spans:
        first, last = open_spans.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        far, where = limit, 0
        for index in range(first + 1, last):
            px, py = points[index][0] - ax, points[index][1] - ay
            if length:
                along = min(max((px * dx + py * dy) / length, 0.0), 1.0)
                px, py = px - along * dx, py - along * dy
            distance = px * px + py * py
            if distance > far:
                far, where = distance, index
        if where:
            keep[where] = True
            open_spans += [(first, where), (where, last)]
    return [point for point, kept in zip(points, keep, strict=True) if kept]


@lru_cache(maxsize=8)
def national_chains(vintage: str) -> tuple[Border, ...]:
    """Return the borders simplified for the drawing of the whole country, in whole units."""
    return tuple(
        (chain.left, chain.right, _whole(simplify(chain.points, TOLERANCE / UNITS), UNITS))
        for chain in chains(vintage)
    )


def _whole(points: Iterable[Point], units: float) -> tuple[Whole, ...]:
    found: list[Whole] = []
    for x, y in points:
        point = (round(x * units), round(y * units))
        if not found or found[-1] != point:
            found.append(point)
    return tuple(found)


def outline(vintage: str, codes: Collection[str]) -> str:
    """Return the outline of all the counties together as path data; borders between two of them are left out."""
    return outlines(vintage, [codes])[0]


def outlines(vintage: str, groups: Sequence[Collection[str]]) -> list[str]:
    """Return the outline of each group of counties, as `outline` does; no county is in two groups."""
    return _outlines(national_chains(vintage), groups)


@lru_cache(maxsize=4)
def state_outlines(vintage: str) -> Mapping[str, str]:
    """Return the outline of every state by code: the same on every map of the country."""
    states: dict[str, list[str]] = {}
    for code in county_shapes(vintage):
        states.setdefault(code[:2], []).append(code)
    return dict(sorted(zip(states, outlines(vintage, list(states.values())), strict=True)))


def _outlines(borders: Iterable[Border], groups: Sequence[Collection[str]]) -> list[str]:
    group_of = {code: index for index, codes in enumerate(groups) for code in codes}
    pieces: list[list[tuple[Whole, ...]]] = [[] for _group in groups]
    for left, right, points in borders:
        inside, beyond = group_of.get(left), group_of.get(right)
        if inside == beyond:
            continue
        if inside is not None:
            pieces[inside].append(points)
        if beyond is not None:
            pieces[beyond].append(points[::-1])
    return ["".join(map(path_data, _joined(found))) for found in pieces]


@dataclass(frozen=True, slots=True)
class StateDrawing:
    """One state, as large as the paper allows: its size and each county's outline as path data."""

    width: int
    height: int
    counties: Mapping[str, str]


@lru_cache(maxsize=128)
def state_drawing(vintage: str, state: str) -> StateDrawing:
    """Return the drawing of a state by its two-digit code; without any county of that vintage, an empty one."""
    own = [chain for chain in chains(vintage) if state in (chain.left[:2], chain.right[:2])]
    points = [point for chain in own for point in chain.points]
    if not points:
        return StateDrawing(0, 0, {})
    left, top = min(x for x, _y in points), min(y for _x, y in points)
    wide, high = max(x for x, _y in points) - left, max(y for _x, y in points) - top
    scale = min(STATE_WIDTH / max(wide, 1e-6), STATE_HEIGHT / max(high, 1e-6))
    borders = [
        (
            chain.left,
            chain.right,
            _whole(
                [((x - left), (y - top)) for x, y in simplify(chain.points, STATE_TOLERANCE / scale)], scale
            ),
        )
        for chain in own
    ]
    by_county: dict[str, list[Border]] = {}
    for border in borders:
        for code in border[:2]:
            if code[:2] == state:
                by_county.setdefault(code, []).append(border)
    counties = {code: _outlines(found, [[code]])[0] for code, found in sorted(by_county.items())}
    return StateDrawing(round(wide * scale), round(high * scale), counties)


def _joined(pieces: Iterable[tuple[Whole, ...]]) -> list[list[Whole]]:
    """Return closed rings, put together from chains whose ends meet."""
    starts: dict[Whole, list[tuple[Whole, ...]]] = {}
    for piece in pieces:
        if len(piece) > 1:
            starts.setdefault(piece[0], []).append(piece)
    rings = []
    while starts:
        first = next(iter(starts))
        ring = [first]
        while ring[-1] in starts:
            waiting = starts[ring[-1]]
            piece = waiting.pop()
            if not waiting:
                del starts[ring[-1]]
            ring.extend(piece[1:])
            if ring[-1] == first and first not in starts:
                break
        rings.append(ring)
    return rings


def path_data(points: Sequence[Whole]) -> str:
    """Return a closed ring as path data in small relative steps; the last point is the first and is left out."""
    (x, y), parts = points[0], []
    for next_x, next_y in points[1:-1] if points[0] == points[-1] else points[1:]:
        dx, dy = next_x - x, next_y - y
        parts.append(f"{dx}" if dx < 0 else f" {dx}")
        parts.append(f"{dy}" if dy < 0 else f" {dy}")
        x, y = next_x, next_y
    return f"M{points[0][0]} {points[0][1]}l{''.join(parts).lstrip()}z" if parts else ""
