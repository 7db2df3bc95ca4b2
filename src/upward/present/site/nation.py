"""What the pages of the whole country look at: each variable's newest year, for every county and city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import polars as pl

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog, Unit, Variable
from upward.engine.context import NATION, weighted_percentiles
from upward.present.build_standing import direction_words
from upward.present.maps import MapSpec, build_map
from upward.present.specs import Span
from upward.warehouse.places import Place
from upward.warehouse.read import ContextRow, Release, ResultRow, rows_in

OVERALL = "all"
#: Each of a hundred residents stands at the middle of his hundredth.
HUNDREDTHS = tuple((index + 0.5) / 100 for index in range(100))
FEWEST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Newest:
    """A variable's newest year at one level: the rows of all places, and how that year is named."""

    variable: Variable
    level: str
    period: str
    years: str
    rows: tuple[ResultRow, ...]
    source_release: str
    by_state: Mapping[str, list[ResultRow]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the rows by state, once for the pages of all states."""
        found: dict[str, list[ResultRow]] = {}
        for row in self.rows:
            found.setdefault(row.geo_id[:2], []).append(row)
        object.__setattr__(self, "by_state", found)


class NationNumbers:
    """The numbers of all places of a release in one language, read variable by variable and kept."""

    def __init__(self, release: Release, language: str) -> None:
        """Hold an opened release; numbers are read when they are first asked for."""
        self.release = release
        self.language = language
        self.catalog: Catalog = load_catalog(language)
        self.known: dict[str, Place] = {
            place.geo_id: place for place in release.all_places(current=False) if place.geo_level == "county"
        }
        self.newest = lru_cache(maxsize=None)(self._newest)
        self.map_of = lru_cache(maxsize=None)(self._map)

    def unit(self, variable: Variable) -> Unit:
        """Return the unit of a variable."""
        return self.catalog.units[variable.unit]

    @cached_property
    def state_names(self) -> dict[str, str]:
        """The names of the states that have a county, by code."""
        return {place.state: place.state_name for place in self.known.values()}

    def places_of(self, level: str, state: str) -> Sequence[Place]:
        """Return the places of a state at a level, former areas too, in the order of their names."""
        return self._by_state.get((level, state), ())

    @cached_property
    def _by_state(self) -> dict[tuple[str, str], list[Place]]:
        found: dict[tuple[str, str], list[Place]] = {}
        places = self.release.all_places(current=False)
        for place in sorted(places, key=lambda place: (place.name, place.geo_id)):
            found.setdefault((place.geo_level, place.geo_id[:2]), []).append(place)
        return found

    def _newest(self, variable_id: str, level: str) -> Newest | None:
        """Return the newest year of a variable's newest edition at a level, or None where there is no value."""
        variable = self.catalog.variables[variable_id]
        frame = self.release.metric(variable_id, group=OVERALL, geo_level=level)
        overall = frame.filter(pl.col("group_type") == OVERALL)
        if not overall.height:
            overall = frame
        valued = overall.filter(pl.col("value").is_not_null())
        if not valued.height:
            return None
        period = str(valued["period"].max())
        newest = overall.filter(pl.col("period") == period).unique(
            "geo_id", keep="first", maintain_order=True
        )
        kept = tuple(rows_in(newest))
        edition = next(item for item in variable.editions if item.edition == valued["edition"][0])
        releases = Counter(row.source_release for row in kept if row.value is not None)
        years = shown_as.period_words(period, edition.period_years.get(level, 1))
        return Newest(variable, level, period, years, kept, releases.most_common(1)[0][0])

    def _map(self, variable_id: str) -> MapSpec | None:
        """Return the map of a variable, or None without any value."""
        metric = self.catalog.metrics[self.catalog.variables[variable_id].metric]
        found = self.newest(variable_id, "county")
        if found is None:
            return None
        words = direction_words(found.variable.direction)
        return build_map(
            metric, found.variable, self.unit(found.variable), found.rows, self.known, direction=words
        )

    def context(self, found: Newest, scope: str) -> ContextRow | None:
        """Return the summary of the nation ("US") or a state (its code) for a variable's newest year."""
        first = found.rows[0]
        return self.release.context().get(
            first.variable, first.edition, found.source_release, found.period, first.group_type, first.group,
            found.level, scope,
        )  # fmt: skip

    def span(self, found: Newest, scope: str, name: str) -> Span | None:
        """Return the percentiles of a scope, or None where they are unknown, not usable, or those of a handful."""
        row = self.context(found, scope)
        if row is None or not row.usable or row.median is None or row.p05 is None or row.p95 is None:
            return None
        if scope != NATION and row.places < FEWEST_PLACES:
            return None
        unit = self.unit(found.variable)
        low, middle, high = (shown_as.shown(value, unit) for value in (row.p05, row.median, row.p95))
        return Span(scope, name, row.p05, row.median, row.p95, low, middle, high, national=scope == NATION)

    def why_no_span(self, found: Newest, scope: str) -> str:
        """Return why a scope has no percentiles, in a few words."""
        row = self.context(found, scope)
        if row is not None and row.usable and row.places < FEWEST_PLACES:
            return _("fewer than five counties")
        return _("value missing or weak for too many")

    def hundred(self, found: Newest) -> list[float]:
        """Return a hundred values: those where each of 100 residents lives, weighted as the context is."""
        rows = [row for row in found.rows if row.value is not None]
        values = np.array([row.value for row in rows], dtype=np.float64)
        weights = np.array([self._residents(row.geo_id) for row in rows])
        _groups, columns = weighted_percentiles(
            np.zeros(len(rows), dtype=np.int64), values, weights, HUNDREDTHS
        )
        return [float(column[0]) for column in columns]

    def _residents(self, code: str) -> float:
        place = self.known.get(code)
        return (place.population or 0.0) if place else 0.0


def by_state(places: Sequence[Place]) -> dict[str, list[Place]]:
    """Return the places of each state, by code, in the order of the states' names."""
    found: dict[str, list[Place]] = {}
    for place in sorted(places, key=lambda place: (place.state_name, place.geo_id)):
        found.setdefault(place.state, []).append(place)
    return found
