"""Places that are like a place, and what makes them so: proposed, explained part by part, and adjustable.

The parts are what the release holds about a place as a whole: how many people live there, how their number
changed, where it lies, who its residents are by race and ethnicity, and the income of the middle household.
Density and the rural-urban code are not among the published files. A part that is itself the outcome looked
at is left out: peers for income are found without income.

What belongs here: which parts, and who is near. What does not: the arithmetic (`engine/nearness.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from upward.base.errors import NotFoundError, UsageError
from upward.catalog.geographies import load_divisions
from upward.engine.nearness import (
    Part,
    coded,
    distances,
    measured,
    nearest,
    nearest_in,
    squared_parts,
)
from upward.warehouse.places import Place
from upward.warehouse.read import Release

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PARTS = ("size", "growth", "region", "composition", "income")
COUNT = 10
GROWTH_YEARS = 5
#: Answers kept at once: every variable of one survey asks for the same few.
_MOST_KEPT = 8
COMPOSITION = (
    "share_desc_rep_black_nonhispanic",
    "share_desc_rep_hispanic",
    "share_desc_rep_other",
    "share_desc_rep_white_nonhispanic",
)
INCOME = "pctl_income_50"
#: Metric -> the parts that are this metric itself, or made of it.
OUTCOME_PARTS: Mapping[str, tuple[str, ...]] = {
    "income": ("income",),
    "representation": ("composition",),
    "racial_exposure": ("composition",),
}


@dataclass(frozen=True, slots=True)
class Peer:
    """A place like another: its distance, and the parts whose root mean square it is (1 = two random
    places). A part that is not known of the other place has no entry; one that is not known of the peer itself is
    `unknown` and stands with what it is on average.
    """

    place: Place
    distance: float
    parts: Mapping[str, float]
    added: bool  # by the user, not proposed
    unknown: tuple[str, ...] = ()

    def as_contract(self) -> dict[str, Any]:
        """Return the peer with the keys of the command line's JSON."""
        return {
            "place": self.place.geo_id,
            "name": self.place.label,
            "distance": self.distance,
            "parts": dict(self.parts),
            "added": self.added,
        }


def parts_for(metric: str | None) -> tuple[str, ...]:
    """Return the parts of the distance for a metric: all but the metric itself."""
    left_out = OUTCOME_PARTS.get(metric or "", ())
    return tuple(part for part in PARTS if part not in left_out)


class PeerFinder:
    """The peers of every place of one level. Places stand in the order of their codes."""

    def __init__(self, release: Release, level: str) -> None:
        """Remember the release; nothing is read yet."""
        self._release = release
        self.level = level
        self.places = release.all_places(level)
        self.index = {place.geo_id: at for at, place in enumerate(self.places)}
        self._asked: tuple[int, dict[str, Floats]] | None = None

    def peers(
        self,
        place: Place,
        *,
        count: int | None = None,
        metric: str | None = None,
        add: Sequence[Place] = (),
        drop: Sequence[Place] = (),
    ) -> list[Peer]:
        """Return the nearest places, nearest first, without those to drop and with those to add.

        Without `count`, ten of them, or as many as there are. Raises UsageError for a place of another level,
        or fewer than one or more than all other places.
        """
        self._check(place, (*add, *drop))
        dropped = {item.geo_id for item in drop}
        available = len(self.places) - 1 - len(dropped)
        count = min(COUNT, available) if count is None else count
        if count < 1 or count > available:
            raise UsageError(
                f"{count} peers were asked for; there are {available} other places.",
                advice="Ask for fewer, at least one.",
            )
        wanted = count + len(dropped)
        names = parts_for(metric)
        row = np.array([self.index[place.geo_id]])
        squares = self._squares_of(int(row[0]))
        near = distances(squares, names)
        found = nearest_in(near, row, wanted)[0]
        chosen = [at for at in found if self.places[at].geo_id not in dropped][:count]
        extra = [self.index[item.geo_id] for item in add if self.index[item.geo_id] not in chosen]
        known = [name for name in names if not np.isnan(squares[name][0, 0])]
        return [
            Peer(
                self.places[at],
                float(near[0, at]),
                {name: round(math.sqrt(squares[name][0, at]), 6) for name in known},
                at in extra,
                tuple(name for name in known if self._parts[name].lacks(int(at))),
            )
            for at in [*chosen, *extra]
        ]

    def alike(self, place: Place, *, metric: str | None = None) -> list[Place]:
        """Return the places that `peers` proposes, without what makes them so."""
        count = min(COUNT, len(self.places) - 1)
        if count < 1:
            return []
        row = self.index[place.geo_id]
        near = distances(self._squares_of(row), parts_for(metric))
        return [self.places[at] for at in nearest_in(near, np.array([row]), count)[0]]

    def unknown_parts(self, place: Place) -> tuple[str, ...]:
        """Return the parts that are not known of a place, so that its peers are found without them."""
        at = self.index[place.geo_id]
        return tuple(name for name in PARTS if self._parts[name].lacks(at))

    def _squares_of(self, row: int) -> dict[str, Floats]:
        """Return the squared parts of one place to all: a page asks for its peers with and without a part."""
        if self._asked is None or self._asked[0] != row:
            self._asked = row, squared_parts(self._parts, np.array([row]))
        return self._asked[1]

    def nearest_of(self, rows: Integers, *, metric: str | None = None, count: int = COUNT) -> Integers:
        """Return the indices of the nearest places of some places (`rows`), as many as there are up to
        `count`.
        """
        names = parts_for(metric)
        found = min(count, len(self.places) - 1)
        if found < 1:
            return np.empty((len(rows), 0), dtype=np.int64)
        key = (names, found, rows.tobytes())
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = nearest(self._named(names), names, rows, found)
        return self._kept[key]

    @cached_property
    def _kept(self) -> dict[tuple[tuple[str, ...], int, bytes], Integers]:
        return {}

    def _named(self, names: Sequence[str]) -> dict[str, Part]:
        return {name: self._parts[name] for name in names}

    def _check(self, place: Place, others: Sequence[Place]) -> None:
        if place.geo_id not in self.index:
            raise NotFoundError(
                f"{place.label} is a former area and has no peers.", advice="Name the place that followed it."
            )
        for other in others:
            if other.geo_level != self.level:
                raise UsageError(
                    f"{other.label} cannot be a peer of {place.label}.",
                    advice="A county is compared with counties, a city with cities.",
                )
            if other.geo_id not in self.index or other.geo_id == place.geo_id:
                raise UsageError(f"{other.label} cannot be a peer of {place.label}.")

    @cached_property
    def _parts(self) -> dict[str, Part]:
        population, growth = self._populations()
        divisions = load_divisions()
        unknown = ("", "")
        areas = [
            (
                place.state,
                *((found.name, found.region) if (found := divisions.get(place.state)) else unknown),
            )
            for place in self.places
        ]
        codes = np.stack(
            [np.unique(column, return_inverse=True)[1] for column in zip(*areas, strict=True)], axis=1
        )
        composition = np.stack([self._newest(variable) for variable in COMPOSITION], axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            income = np.log(self._newest(INCOME))
        return {
            "size": measured(population[:, None]),
            "growth": measured(growth[:, None]),
            "region": coded(codes.astype(np.float64)),
            "composition": measured(composition),
            "income": measured(income[:, None]),
        }

    def _populations(self) -> tuple[Floats, Floats]:
        """Return the logarithm of each newest population, and its change over five years."""
        frame = (
            pl.scan_parquet(self._release.folder / "populations.parquet")
            .filter(pl.col("geo_level") == self.level, pl.col("population") > 0)
            .select(
                "geo_id",
                pl.col("period").cast(pl.Int64).alias("year"),
                pl.col("population").log().alias("log"),
            )
            .collect()
        )
        if frame.is_empty():
            return np.full(len(self.places), np.nan), np.full(len(self.places), np.nan)
        newest = int(frame["year"].max())  # type: ignore[arg-type]  # a column of whole numbers
        now = self._column(frame.filter(pl.col("year") == newest), "log")
        before = self._column(frame.filter(pl.col("year") == newest - GROWTH_YEARS), "log")
        return now, now - before

    def _newest(self, variable: str) -> Floats:
        """Return the overall value of each place in the newest year of the level, NaN where it has none."""
        if variable not in self._release.catalog.variables:
            return np.full(len(self.places), np.nan)
        frame = self._release.metric(variable, group_type="all", geo_level=self.level)
        frame = frame.filter(pl.col("value").is_not_null())
        newest = frame.filter(pl.col("period") == pl.col("period").max())
        return self._column(newest, "value")

    def _column(self, frame: pl.DataFrame, name: str) -> Floats:
        found = np.full(len(self.places), np.nan)
        for code, value in frame.select("geo_id", name).iter_rows():
            at = self.index.get(code)
            if at is not None:
                found[at] = value
        return found
