"""Shapes of counties by boundary vintage, ready to draw in a view of 975 by 610 (equal-area projection of the
U.S.).

The packaged files are TopoJSON as published, compressed: borders are stored once as arcs of small
whole-number steps and shared by the areas on both sides. Alaska and Hawaii are moved below the Southwest, as
is usual.

What belongs here: from those files to polygons. What does not: colours and drawing (`svg.py`), which codes
are valid in which year (`catalog/geographies.py`).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from upward.base.errors import NotFoundError
from upward.catalog.geographies import exists_in, load_boundary_vintages, load_changes

ASSETS = Path(__file__).parent / "assets" / "shapes"
OLDER, NEWER = "us-atlas-3.0.1", "us-atlas-2023-4.0.0"
FILE = "counties-albers-10m.json.gz"
VIEW = (975, 610)

Point = tuple[float, float]
Ring = tuple[Point, ...]  # closed: the last point is the first
Polygon = tuple[Ring, ...]  # the outer ring, then holes


@dataclass(frozen=True, slots=True)
class CountyShape:
    """A county's ground: one polygon, or several where it has islands."""

    code: str
    polygons: tuple[Polygon, ...]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return the smallest x and y, and the largest x and y."""
        points = [point for polygon in self.polygons for point in polygon[0]]
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        return min(xs), min(ys), max(xs), max(ys)


@lru_cache(maxsize=4)
def county_shapes(vintage: str) -> Mapping[str, CountyShape]:
    """Return the shapes of the counties of a boundary vintage ("2014", "2015", "2020", "2022"), by code.

    A vintage between two packaged files is put together from both: the areas that had already changed come
    from the newer file, the others from the older; an area that only changed its code keeps its shape. Raises
    NotFoundError for another vintage.
    """
    years = {known.id: known.first_year for known in load_boundary_vintages()}
    if vintage not in years:
        raise NotFoundError(f"There are no county shapes “{vintage}”.", candidates=tuple(years))
    newest = max(years, key=lambda known: years[known])
    return _read(NEWER) if vintage == newest else _between(years[vintage])


def _between(year: int) -> dict[str, CountyShape]:
    older, newer = _read(OLDER), _read(NEWER)
    changes = load_changes()
    shapes = {code: shape for code, shape in older.items() if exists_in(code, year)}
    for code, change in changes.items():
        if code in shapes or not exists_in(code, year):
            continue
        same_ground = [after for after in change.successors if change.exact and len(change.successors) == 1]
        if code in newer:
            shapes[code] = newer[code]
        elif same_ground and same_ground[0] in older:
            shapes[code] = CountyShape(code, older[same_ground[0]].polygons)
    return dict(sorted(shapes.items()))


@lru_cache(maxsize=2)
def _read(package: str) -> dict[str, CountyShape]:
    topology = json.loads(gzip.decompress((ASSETS / package / FILE).read_bytes()))
    arcs = _decoded_arcs(topology)
    shapes = {}
    for geometry in topology["objects"]["counties"]["geometries"]:
        several = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons = [tuple(_ring(ring, arcs) for ring in polygon) for polygon in several]
        shapes[geometry["id"]] = CountyShape(geometry["id"], _with_ground(polygons))
    return dict(sorted(shapes.items()))


def _decoded_arcs(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Return the points of every arc: running sums of its steps, scaled and moved (TopoJSON, 2.1.3)."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        xs = accumulate(step[0] for step in arc)
        ys = accumulate(step[1] for step in arc)
        decoded.append([(x * scale_x + move_x, y * scale_y + move_y) for x, y in zip(xs, ys, strict=True)])
    return decoded


def _ring(indexes: Iterable[int], arcs: list[list[Point]]) -> Ring:
    """Return one ring from its arcs; a negative index is an arc walked backwards, joints are kept once."""
    points: list[Point] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return tuple(points)


def _with_ground(polygons: list[Polygon]) -> tuple[Polygon, ...]:
    """Return the polygons without rings that simplifying has made into lines.

    The smallest independent cities of Virginia are nothing but such a line: it marks their place.
    """
    kept = [tuple(ring for ring in each if len(ring) >= 4) for each in polygons if len(each[0]) >= 4]
    return tuple(kept) or (max(polygons, key=lambda polygon: len(polygon[0])),)
