"""Whether two published numbers may be compared at all, and if not, why.

The rules are those of the publisher and of the data's own breaks: a change of source, definition, method,
boundary or publication is no change of the place; one-year and five-year figures differ; pooled years that
overlap share their people; the All row of a table of groups can have another source than the overall figure;
dollars of two years buy different things; city and county debt are collected differently; crime and arrest
figures are not for ranking; a Weak figure or a state's pooled one says nothing of this place alone.

What belongs here: the rules, for two numbers (plain) and for columns of pairs (`*_many`). What does not: the
reasons in words (catalogue, `statements.yaml`), and arithmetic (`compare.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

import polars as pl

from upward.catalog.model import Catalog, Direction, Metric, Variable

WEAK = 3
#: A gap in a series is no break of what is measured: numbers on its two sides may be compared.
JOINABLE_BREAKS = ("gap",)
#: Flags that keep a number out of any comparison, and the refusal that they lead to.
_MOVED_FLAGS = ("former-area", "other-boundary")
_POOLED_FLAG = "state-pool"
_DOUBTFUL_FLAGS = ("underreported", "over-100000", "capped", "range-warning")


class Refusal(StrEnum):
    """Why two numbers are not compared; the sentence of each is in the catalogue."""

    NO_VALUE = "no-value"
    WEAK = "weak"
    STATE_POOL = "state-pool"
    DOUBTFUL = "doubtful"
    OTHER_NUMBER = "other-number"
    OTHER_LEVEL = "other-level"
    OTHER_EDITION = "other-edition"
    OTHER_PUBLICATION = "other-publication"
    OTHER_METHOD = "other-method"
    OTHER_BOUNDARY = "other-boundary"
    OTHER_YEAR = "other-year"
    OTHER_PRICES = "other-prices"
    BREAK = "break"
    SHARED_YEARS = "shared-years"
    OVERLAPPING_GROUPS = "overlapping-groups"
    PART_AND_WHOLE = "part-and-whole"
    NOT_RANKED = "not-ranked"
    NO_BETTER_SIDE = "no-better-side"


class Number(Protocol):
    """What the rules look at: the fields of a result row of these names, which are only read."""

    @property
    def variable(self) -> str:
        """As in the result table."""

    @property
    def edition(self) -> str:
        """As in the result table."""

    @property
    def geo_level(self) -> str:
        """As in the result table."""

    @property
    def geo_id(self) -> str:
        """As in the result table."""

    @property
    def geo_vintage(self) -> str | None:
        """As in the result table."""

    @property
    def period(self) -> str:
        """As in the result table."""

    @property
    def group_type(self) -> str:
        """As in the result table."""

    @property
    def group(self) -> str:
        """As in the result table."""

    @property
    def value(self) -> float | None:
        """As in the result table."""

    @property
    def quality(self) -> int | None:
        """As in the result table."""

    @property
    def method(self) -> str | None:
        """As in the result table."""

    @property
    def source_release(self) -> str:
        """As in the result table."""

    @property
    def flags(self) -> str | None:
        """As in the result table."""


def refused_alone(number: Number) -> Refusal | None:
    """Return why a number may not be compared with anything, or None."""
    flags = (number.flags or "").split()
    if number.value is None:
        return Refusal.NO_VALUE
    if number.quality == WEAK:
        return Refusal.WEAK
    if _POOLED_FLAG in flags:
        return Refusal.STATE_POOL
    if any(flag in flags for flag in _MOVED_FLAGS):
        return Refusal.OTHER_BOUNDARY
    if any(flag in flags for flag in _DOUBTFUL_FLAGS):
        return Refusal.DOUBTFUL
    return None


def refused_years(
    earlier: Number, later: Number, metric: Metric, *, pooled_years: int, moved: bool, dollars: bool = False
) -> Refusal | None:
    """Return why two years of one number are no change of the place, or None.

    `pooled_years` is how many years one figure pools; `moved` tells that the place's own ground changed;
    `dollars` that the figure is in dollars of each year, which buy less from year to year.
    """
    alone = refused_alone(later) or refused_alone(earlier)
    if alone is not None:
        return alone
    if (earlier.variable, earlier.group_type, earlier.group) != (
        later.variable,
        later.group_type,
        later.group,
    ) or earlier.geo_id != later.geo_id:
        return Refusal.OTHER_NUMBER
    for differs, refusal in (
        (earlier.edition != later.edition, Refusal.OTHER_EDITION),
        (earlier.source_release != later.source_release, Refusal.OTHER_PUBLICATION),
        (earlier.method != later.method, Refusal.OTHER_METHOD),
        (moved and earlier.geo_vintage != later.geo_vintage, Refusal.OTHER_BOUNDARY),
        (_broken(metric, later.geo_level, int(earlier.period), int(later.period)), Refusal.BREAK),
        (int(later.period) - int(earlier.period) < pooled_years, Refusal.SHARED_YEARS),
        (dollars, Refusal.OTHER_PRICES),
    ):
        if differs:
            return refusal
    return None


def refused_groups(first: Number, second: Number, catalog: Catalog) -> Refusal | None:
    """Return why two groups of one place are not compared, or None."""
    alone = refused_alone(first) or refused_alone(second)
    if alone is not None:
        return alone
    if first.variable != second.variable or first.group_type != second.group_type:
        return Refusal.OTHER_NUMBER
    if first.geo_id != second.geo_id:
        return Refusal.OTHER_NUMBER
    if "all" in (first.group, second.group):
        return Refusal.PART_AND_WHOLE
    if first.group_type in catalog.group_types and catalog.group_types[first.group_type].overlapping:
        return Refusal.OVERLAPPING_GROUPS
    return _refused_circumstances(first, second)


def refused_places(first: Number, second: Number, metric: Metric, variable: Variable) -> Refusal | None:
    """Return why the same number of two places is not compared, or None; for the nation, why it is not
    ranked.
    """
    if not metric.comparable:
        return Refusal.NOT_RANKED
    if variable.direction is Direction.CONTEXT:
        return Refusal.NO_BETTER_SIDE
    if first.geo_level != second.geo_level:
        return Refusal.OTHER_LEVEL
    alone = refused_alone(first) or refused_alone(second)
    if alone is not None:
        return alone
    if (first.variable, first.group_type, first.group) != (second.variable, second.group_type, second.group):
        return Refusal.OTHER_NUMBER
    return _refused_circumstances(first, second)


def _refused_circumstances(first: Number, second: Number) -> Refusal | None:
    if first.edition != second.edition:
        return Refusal.OTHER_EDITION
    if first.source_release != second.source_release:
        return Refusal.OTHER_PUBLICATION
    if first.period != second.period:
        return Refusal.OTHER_YEAR
    if first.method != second.method:
        return Refusal.OTHER_METHOD
    return None


def _broken(metric: Metric, level: str, start: int, end: int) -> bool:
    return start < first_year_joined(metric, level, end)


def first_year_joined(metric: Metric, level: str, year: int) -> int:
    """Return the earliest year that no break of the metric parts from `year` (0: none does)."""
    parted = [
        broken.after + 1
        for broken in metric.breaks
        if level in broken.levels and broken.kind not in JOINABLE_BREAKS and broken.before <= year
    ]
    return max(parted, default=0)


def refused_alone_many() -> pl.Expr:
    """Return the twin of `refused_alone` over the columns value, quality and flags: a refusal or null."""
    flags = pl.col("flags").fill_null("")

    def marked(names: tuple[str, ...]) -> pl.Expr:
        return pl.any_horizontal([flags.str.contains(name, literal=True) for name in names])

    return (
        pl.when(pl.col("value").is_null())
        .then(pl.lit(str(Refusal.NO_VALUE)))
        .when(pl.col("quality").eq(WEAK).fill_null(value=False))
        .then(pl.lit(str(Refusal.WEAK)))
        .when(marked((_POOLED_FLAG,)))
        .then(pl.lit(str(Refusal.STATE_POOL)))
        .when(marked(_MOVED_FLAGS))
        .then(pl.lit(str(Refusal.OTHER_BOUNDARY)))
        .when(marked(_DOUBTFUL_FLAGS))
        .then(pl.lit(str(Refusal.DOUBTFUL)))
        .otherwise(None)
    )


def first_years_joined(catalog: Catalog, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `metric`, `geo_level`, `year` and `joined_from` for every such triple of the frame."""
    triples = frame.select("metric", "geo_level", "year").unique()
    known: Mapping[str, Metric] = catalog.metrics
    joined = [
        first_year_joined(known[metric], level, year) if metric in known else 0
        for metric, level, year in triples.iter_rows()
    ]
    return triples.with_columns(pl.Series("joined_from", joined, dtype=pl.Int32()))


def refused_years_many() -> pl.Expr:
    """Return the twin of `refused_years` for pairs of rows that are sound alone and of one number.

    Columns: `earlier_*` and `later_*` of edition, source_release, method, geo_vintage and year; `moved`,
    `joined_from` (of the later year), `pooled_years` and `dollars`.
    """

    def differ(name: str) -> pl.Expr:
        return pl.col(f"earlier_{name}").ne_missing(pl.col(f"later_{name}"))

    cases = (
        (differ("edition"), Refusal.OTHER_EDITION),
        (differ("source_release"), Refusal.OTHER_PUBLICATION),
        (differ("method"), Refusal.OTHER_METHOD),
        (pl.col("moved") & differ("geo_vintage"), Refusal.OTHER_BOUNDARY),
        (pl.col("earlier_year") < pl.col("joined_from"), Refusal.BREAK),
        (pl.col("later_year") - pl.col("earlier_year") < pl.col("pooled_years"), Refusal.SHARED_YEARS),
        (pl.col("dollars"), Refusal.OTHER_PRICES),
    )
    refusals = [pl.when(condition).then(pl.lit(str(refusal))) for condition, refusal in cases]
    return pl.coalesce(refusals)
