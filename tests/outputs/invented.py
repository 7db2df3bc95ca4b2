"""Invented places, rows and national figures for every metric of the catalogue: what the page tests look at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from upward.catalog.model import Catalog, Variable
from upward.present.specs import ReleaseFacts
from upward.warehouse.places import Place
from upward.warehouse.read import ContextRow, ResultRow

COUNTY = Place(
    "county",
    "99001",
    "Exemplar County",
    "99",
    "Sampleland",
    "SL",
    190_456.0,
    "2023",
    "2020",
    "2014",
    "2023",
    True,
    "",
    "",
)
CITY = replace(COUNTY, geo_level="place", geo_id="9900100", name="Exemplar")
RELEASE = ReleaseFacts("2025.01-0123456789ab", sample=False, built="2026-11-24", checksum="ab" * 32)
POPULATIONS = [("2014", 173_000.0), ("2023", 190_456.0)]
MIDDLES = {"pctl_income_20": 32_000.0, "pctl_income_50": 77_000.0, "pctl_income_80": 150_000.0}
BY_UNIT = {
    "share": 0.4, "per_100_households": 0.8, "count": 640.0, "per_10k": 8.0, "deaths_per_100k": 80.0,
    "per_100k_crime": 1_450.7, "arrests_per_100k_youth": 1_450.7, "dollars": 70_000.0,
    "grade_levels": 0.95, "ratio": 0.65,
    "residents_per_physician": 1_300.0, "index_100": 44.0, "pair": 0.7, "flag": 1.0,
}  # fmt: skip


def chance(*key: str) -> float:
    """Return a number between 0 and 1 that belongs to the key."""
    return int.from_bytes(hashlib.sha256("/".join(key).encode()).digest()[:4], "big") / 2**32


def middle(variable: Variable) -> float:
    """Return an ordinary value of a variable."""
    return MIDDLES.get(variable.id, BY_UNIT.get(variable.unit, 1.0))


def row(variable: Variable, place: Place, edition: str, period: str, **values: object) -> ResultRow:
    """Return a result row with an ordinary value; `values` replace fields."""
    group = str(values.get("group", "all"))
    spread = 0.7 + 0.6 * chance(place.geo_id, variable.id, period, group)
    value = middle(variable) * spread
    fields: dict[str, object] = dict.fromkeys(ResultRow._fields)
    fields |= {
        "metric": variable.metric, "variable": variable.id, "edition": edition, "geo_level": place.geo_level,
        "geo_id": place.geo_id, "geo_vintage": "2020", "period": period, "group_type": "all", "group": "all",
        "value": value, "quality": 1, "status": "ok", "method": "five-year", "source_release": "2025.01",
        "source_file": "invented.csv", "flags": "", "current": True,
    }  # fmt: skip
    if variable.unit == "pair":
        share = 0.05 + 0.3 * chance(variable.id, group)
        fields |= {"numerator": share * spread, "denominator": share, "value": spread}
    return ResultRow(**(fields | values))  # type: ignore[arg-type]


def bounded(item: ResultRow) -> ResultRow:
    """Return the row with an interval of a tenth to either side."""
    assert item.value is not None
    return item._replace(lower=item.value * 0.9, upper=item.value * 1.1, confidence=0.95)


def missing(item: ResultRow, reason: str = "Fewer than 30 people in the sample.") -> ResultRow:
    """Return the row without its value."""
    return item._replace(
        value=None,
        lower=None,
        upper=None,
        numerator=None,
        denominator=None,
        quality=None,
        status="suppressed",
        reason=reason,
    )


def all_rows(
    catalog: Catalog, place: Place, change: Callable[[ResultRow], ResultRow | None] | None = None
) -> list[ResultRow]:
    """Return rows for every metric, year and group that the catalogue promises for the place's level."""
    rows: list[ResultRow] = []
    for variable in catalog.variables.values():
        for edition in variable.editions:
            for year in edition.years.get(place.geo_level, ()):
                item = row(variable, place, edition.edition, str(year))
                rows.append(bounded(item) if year in edition.bounds_years.get(place.geo_level, ()) else item)
        rows += _group_rows(variable, place)
    return rows if change is None else [new for new in map(change, rows) if new is not None]


def _group_rows(variable: Variable, place: Place) -> Iterable[ResultRow]:
    with_bounds = {edition.edition: bool(edition.bounds_years) for edition in variable.editions}
    for coverage in variable.groups:
        for year in coverage.years.get(place.geo_level, ()):
            for index, group in enumerate((*coverage.groups, "all")):
                item = row(
                    variable, place, coverage.edition, str(year), group_type=coverage.group_type, group=group
                )
                item = bounded(item) if with_bounds.get(coverage.edition) else item
                if index == 1 and chance(variable.id, coverage.group_type) < 0.3:
                    item = missing(item)
                elif index == 0 and chance(variable.id, "weak") < 0.3:
                    item = item._replace(quality=2)
                yield item


@dataclass(frozen=True, eq=False)
class InventedContext:
    """National and state figures for every number: a fifth below to a half above the ordinary value."""

    catalog: Catalog
    usable: bool = True

    def outweighs_its_state(self, geo_level: str, geo_id: str) -> bool:
        """No invented place holds most residents of its state."""
        return False

    def share_of_state(self, geo_level: str, geo_id: str) -> float:
        """No invented place holds many residents of its state."""
        return 0.0

    def get(
        self,
        variable: str,
        edition: str,
        source_release: str,
        period: str,
        group_type: str,
        group: str,
        geo_level: str,
        scope: str,
    ) -> ContextRow | None:
        """Return the invented percentiles of a scope."""
        center = middle(self.catalog.variables[variable]) * (1 if scope == "US" else 1.06)
        width = 0.5 if scope == "US" else 0.3
        return ContextRow(
            variable, edition, source_release, period, group_type, group, geo_level, scope,
            center, center * (1 - width), center * (1 + width), 40, 41, 0.99, 0.02,
            center if scope == "US" else None, self.usable,
        )  # fmt: skip
