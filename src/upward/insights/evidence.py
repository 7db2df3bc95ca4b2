"""The numbers of a release as the rules need them: each with its errors, its years, and what keeps it out.

What belongs here: reading a release once and holding it in columns. What does not: the rules (`rules/`) and
who is compared with whom (`peers.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from upward.catalog.model import Catalog, Direction, Form, Variable
from upward.engine.comparability import refused_alone_many
from upward.engine.compare_many import bounded_many
from upward.engine.context import place_weights
from upward.insights.peers import PeerFinder
from upward.warehouse.places import Place
from upward.warehouse.read import Release

LEVELS = ("county", "place")
#: Bounds that are limits of sampling; limits of what was imputed are none.
SAMPLING_BOUNDS = ("sampling", "normal", "delivered")
#: Units that make no finding: how many there are depends on size, yes or no has no margin.
DOLLARS = "dollars"
UNTESTED_UNITS = ("count", "flag")
COLUMNS = (
    "metric",
    "variable",
    "edition",
    "geo_level",
    "geo_id",
    "geo_vintage",
    "period",
    "group_type",
    "group",
    "value",
    "lower",
    "upper",
    "quality",
    "method",
    "source_release",
    "flags",
    "numerator",
    "denominator",
)
PlaceKey = tuple[str, str]


def is_tested(catalog: Catalog, variable: Variable) -> bool:
    """Tell whether rules may look at a variable: not crime and arrests, not half a metric, not a count."""
    metric = catalog.metrics[variable.metric]
    return metric.comparable and metric.form is not Form.HALF_PAIRS and variable.unit not in UNTESTED_UNITS


def side_of(direction: Direction) -> int:
    """Return 1 where higher is better, −1 where lower is, 0 where neither is."""
    return {Direction.HIGHER: 1, Direction.LOWER: -1}.get(direction, 0)


@dataclass
class Evidence:
    """A release, opened for rules. Everything read is kept, because a release never changes."""

    release: Release
    _peers: dict[str, PeerFinder] = field(default_factory=dict)
    _overall: pl.DataFrame | None = None

    @property
    def catalog(self) -> Catalog:
        """The catalogue of the release."""
        return self.release.catalog

    def peer_finder(self, level: str) -> PeerFinder:
        """Return the peers of a level's places."""
        if level not in self._peers:
            self._peers[level] = PeerFinder(self.release, level)
        return self._peers[level]

    @cached_property
    def places(self) -> dict[PlaceKey, Place]:
        """Every place that has rows of its own, former areas left out, by level and code."""
        return {
            (place.geo_level, place.geo_id): place
            for place in self.release.all_places()
            if place.geo_level in LEVELS
        }

    def numbers(self, places: Sequence[Place] | None = None) -> pl.DataFrame:
        """Return the current numbers of some places, or of all, in the newest edition that each has.

        Columns: `COLUMNS`, words as closed lists; `geo`, the code as a number (no county and city share one);
        `year`; `pooled_years`; `below` and `above`, the errors of the two sides (null:
        none); `refusal`, why the number may not be compared; `side` (1, −1, 0: which way is better); `context`
        (it has no better side), `dollars` (of each year) and `moved` (the place's own ground changed).
        """
        query = pl.scan_parquet(self.release.folder / "results.parquet").filter(
            pl.col("current"), pl.col("value").is_not_null(), pl.col("geo_level").is_in(LEVELS)
        )
        if places is not None:
            codes = pl.DataFrame(
                {
                    "geo_level": [place.geo_level for place in places],
                    "geo_id": [place.geo_id for place in places],
                },
                schema={"geo_level": pl.String(), "geo_id": pl.String()},
            )
            query = query.filter(pl.col("geo_id").is_in(codes["geo_id"].to_list())).join(
                codes.lazy(), on=["geo_level", "geo_id"], how="semi"
            )
        # The All rows of tables of groups are compared with nothing.
        of_groups = (pl.col("group_type") == "all") | (pl.col("group") != "all")
        query = query.filter(pl.col("variable").is_in(self.tested_variables), of_groups)
        frame = self._prepared(query, newest_by=("variable", "geo"), bare_years=False)
        if places is None:
            self._overall = self._newest_overall(frame)
        return frame

    @property
    def overall(self) -> pl.DataFrame:
        """The overall numbers of every place of the newest edition and year that a level has, as
        `numbers`.
        """
        if self._overall is None:
            query = pl.scan_parquet(self.release.folder / "by_variable.parquet").filter(
                pl.col("current"),
                pl.col("value").is_not_null(),
                pl.col("group_type") == "all",
                pl.col("geo_level").is_in(LEVELS),
                pl.col("variable").is_in(self.tested_variables),
            )
            self._overall = self._newest_overall(self._prepared(query, newest_by=("variable", "geo")))
        return self._overall

    def _newest_overall(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the overall rows of the newest edition and year of a level, by variable and code."""
        overall = frame.filter(pl.col("group_type") == "all")
        edition = pl.col("edition").to_physical()
        newest = overall.filter(edition == edition.max().over("variable", "geo_level"))
        newest = newest.filter(pl.col("year") == pl.col("year").max().over("variable", "geo_level"))
        return newest.sort("variable", "geo_level", "geo")

    def series(self, variable: str, level: str, *, group_type: str, group: str) -> pl.DataFrame:
        """Return one number of every place of a level in every year of its newest edition, as `numbers`.

        Every variable may be asked for, those that rules do not look at too.
        """
        query = pl.scan_parquet(self.release.folder / "by_variable.parquet").filter(
            pl.col("variable") == variable,
            pl.col("geo_level") == level,
            pl.col("group_type") == group_type,
            pl.col("group") == group,
            pl.col("current"),
            pl.col("value").is_not_null(),
        )
        return self._prepared(query, newest_by=("variable",))

    @cached_property
    def weights(self) -> pl.DataFrame:
        """Residents of every place in the periods of `overall`, as they weigh the medians of the nation."""
        words = pl.col("geo_level", "geo_id", "period").cast(pl.String())
        asked = self.overall.select(words).unique()
        populations = pl.read_parquet(self.release.folder / "populations.parquet")
        return self._coded(place_weights(asked, populations))

    @cached_property
    def context(self) -> pl.DataFrame:
        """The medians of the nation and the states for overall numbers, the usable ones."""
        query = pl.scan_parquet(self.release.folder / "context.parquet").filter(
            pl.col("group_type") == "all",
            pl.col("usable"),
            pl.col("median").is_not_null(),
            pl.col("geo_level").is_in(LEVELS),
        )
        names = ("variable", "edition", "source_release", "period", "geo_level", "scope", "median", "places")
        return self._coded(query.select(names).collect())

    @cached_property
    def tested_variables(self) -> list[str]:
        """The variables that rules may look at."""
        return [item.id for item in self.catalog.variables.values() if is_tested(self.catalog, item)]

    @cached_property
    def own_groups(self) -> pl.DataFrame:
        """The variables that are themselves groups (students of one group in high-poverty schools):
        `variable`, and the `own_type` and `own_group` that each is.
        """
        catalog = self.catalog
        rows = [
            (item.id, *item.group.split("/"))
            for item in catalog.variables.values()
            if item.group and catalog.metrics[item.metric].form is Form.BY_GROUP
        ]
        codes = self._codes
        return pl.DataFrame(
            rows,
            schema={"variable": pl.String(), "own_type": pl.String(), "own_group": pl.String()},
            orient="row",
        ).cast(
            {
                "variable": codes["variable"],
                "own_type": codes["group_type"],
                "own_group": codes["group"],
            }
        )

    @cached_property
    def _pooling(self) -> pl.DataFrame:
        """By variable, edition, level and group type: years pooled, whether bounds are of sampling, and the
        newest year of groups (0 for everybody); older figures of groups without bounds say nothing.
        """
        rows = []
        for variable in self.catalog.variables.values():
            for edition in variable.editions:
                sampling = edition.bounds in SAMPLING_BOUNDS
                for level in LEVELS:
                    base = (variable.id, edition.edition, level)
                    rows.append((*base, "all", edition.period_years.get(level, 1), sampling, 0))
                    seen = set()
                    for coverage in variable.groups:
                        if coverage.edition == edition.edition and coverage.group_type not in seen:
                            seen.add(coverage.group_type)
                            newest = max(coverage.years.get(level, (0,)))
                            rows.append((*base, coverage.group_type, coverage.period_years, sampling, newest))
        names = ("variable", "edition", "geo_level", "group_type", "pooled_years", "sampling", "newest")
        return pl.DataFrame(rows, schema=list(names), orient="row").unique(names[:4], keep="first")

    def pooled_years(self, variable: str, edition: str, level: str, group_type: str) -> int:
        """Return how many years a figure pools: 1 or 5."""
        return self._pooled.get((variable, edition, level, group_type), 1)

    @cached_property
    def _pooled(self) -> dict[tuple[str, str, str, str], int]:
        rows = self._pooling.select("variable", "edition", "geo_level", "group_type", "pooled_years")
        return {
            (variable, edition, level, kind): years
            for variable, edition, level, kind, years in rows.iter_rows()
        }

    @cached_property
    def _moved(self) -> list[int]:
        """The places whose own ground changed."""
        return [int(place.geo_id) for place in self.places.values() if place.predecessors or place.successors]

    @cached_property
    def _codes(self) -> dict[str, pl.Enum]:
        """The closed lists of words in the columns: numbers behind words make joins many times faster."""
        catalog = self.catalog
        groups = {group.id: None for kind in catalog.group_types.values() for group in kind.groups}
        return {
            "metric": pl.Enum(list(catalog.metrics)),
            "variable": pl.Enum(list(catalog.variables)),
            "edition": pl.Enum(sorted(catalog.editions)),
            "geo_level": pl.Enum(LEVELS),
            "group_type": pl.Enum(list(catalog.group_types)),
            "group": pl.Enum(list(groups)),
            "source_release": pl.Enum(list(catalog.vintages)),
        }

    def _coded(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(
            pl.col(name).cast(kind) for name, kind in self._codes.items() if name in frame.columns
        )

    def _prepared(
        self, query: pl.LazyFrame, *, newest_by: tuple[str, ...], bare_years: bool = True
    ) -> pl.DataFrame:
        """Return the rows of the newest edition with everything that rules need; `bare_years=False` leaves
        out older figures of groups without bounds, which no rule looks at.
        """
        codes = [pl.col(name).cast(kind, strict=False) for name, kind in self._codes.items()]
        lazy = (
            query.select(*COLUMNS)
            .with_columns(
                *codes,
                pl.col("geo_id").cast(pl.Int32).alias("geo"),
                pl.col("period").cast(pl.Int32).alias("year"),
            )
            .filter(pl.col("group").is_not_null())
            .join(
                self._coded(self._pooling).lazy(),
                on=["variable", "edition", "geo_level", "group_type"],
                how="left",
                maintain_order="left",
            )
        )
        if not bare_years:
            lazy = lazy.filter(
                pl.col("lower").is_not_null() | (pl.col("year") >= pl.col("newest").fill_null(0))
            )
        rank = pl.col("edition").to_physical()
        frame = (
            lazy.filter(rank == rank.max().over(newest_by))
            .with_columns(pl.col("pooled_years").fill_null(1), refused_alone_many().alias("refusal"))
            .collect()
        )
        return self._with_errors(frame, frame["sampling"].fill_null(value=False).to_numpy()).drop(
            "sampling", "newest"
        )

    def _with_errors(self, frame: pl.DataFrame, sampling: npt.NDArray[np.bool_]) -> pl.DataFrame:
        """Return the frame with what its variables and places add: errors of both sides, side, context,
        dollars, moved.
        """
        items = list(self.catalog.variables.values())
        at = frame["variable"].to_physical().to_numpy()
        minimum, maximum = (
            np.array([np.nan if end is None else end for end in ends], dtype=np.float64)
            for ends in ([item.minimum for item in items], [item.maximum for item in items])
        )
        below, above = bounded_many(
            _floats(frame["value"]),
            np.where(sampling, _floats(frame["lower"]), np.nan),
            np.where(sampling, _floats(frame["upper"]), np.nan),
            minimum[at],
            maximum[at],
        )
        side = np.array([side_of(item.direction) for item in items], dtype=np.int8)
        context = np.array([item.direction is Direction.CONTEXT for item in items])
        dollars = np.array([item.unit == DOLLARS for item in items])
        return frame.with_columns(
            pl.Series("below", below, nan_to_null=True),
            pl.Series("above", above, nan_to_null=True),
            pl.Series("side", side[at]),
            pl.Series("context", context[at]),
            pl.Series("dollars", dollars[at]),
            pl.col("geo").is_in(self._moved).alias("moved"),
        )


def _floats(column: pl.Series) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = column.cast(pl.Float64()).fill_null(float("nan")).to_numpy()
    return found
