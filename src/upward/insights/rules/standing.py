"""Standings: a place's newest overall number beside the middle of its peers, its state and the nation.

Only places of one level, one year, edition, publication and method stand beside each other, and only numbers
that are sound alone. The national and state middle are the population-weighted medians of the release, taken
as known; the middle of the peers has the error of its two middle places. Where a place stands in the nation is
counted over the very numbers and weights of that middle, weak ones too: else a place on its better side could
stand in the lower half.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from upward.catalog.model import Direction, Variable
from upward.engine.compare import LEAST_PEERS
from upward.engine.compare_many import median_of_named
from upward.engine.context import NATION
from upward.engine.standing import SURE, Standings, standings_among_all, standings_among_named
from upward.insights.candidates import STRONG, as_candidates, with_tests
from upward.insights.evidence import Evidence, side_of
from upward.insights.findings import Kind, Role
from upward.insights.rules.gap import spread_between_places
from upward.warehouse.places import Place

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Fewer places of a state than this give no middle, as fewer peers than `LEAST_PEERS` give none.
LEAST_OF_STATE = 8
#: Stands in a candidate's list of peers for one without a number.
NO_PEER = -1
_ROW = (
    "metric",
    "edition",
    "period",
    "source_release",
    "value",
    "lower",
    "upper",
    "below",
    "above",
    "quality",
)


def find_standings(evidence: Evidence, places: Sequence[Place] | None = None) -> pl.DataFrame:
    """Return candidates that set some places, or all, beside their peers, their state and the nation."""
    overall = evidence.overall.filter(~pl.col("context")).join(
        evidence.weights, on=["geo_level", "geo_id", "period"], how="left", maintain_order="left"
    )
    tasks = []
    for (level, name), frame in overall.group_by(["geo_level", "variable"], maintain_order=True):
        finder = evidence.peer_finder(str(level))
        wanted = finder.places if places is None else [place for place in places if place.geo_level == level]
        rows = np.array([finder.index[place.geo_id] for place in wanted if place.geo_id in finder.index])
        if len(rows):
            variable = evidence.catalog.variables[str(name)]
            finder.nearest_of(rows, metric=variable.metric)  # found once, before the threads ask for it
            tasks.append((variable, str(level), frame, rows))
    # Variables do not touch each other and each has its own seed; numpy lets go of the interpreter's lock.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        stood = threads.map(lambda task: list(_stand(evidence, task[0], task[1], task[2], task[3])), tasks)
        known = [frame for frames in stood for frame in frames if not frame.is_empty()]
    if not known:
        return as_candidates(pl.DataFrame())
    spreads = spread_between_places(evidence.overall)
    tested = with_tests(pl.concat(known, how="diagonal_relaxed"))
    return as_candidates(tested.join(spreads, on=["geo_level", "variable"], how="left"))


def _of_one_kind(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the commonest publication and method: others are not set beside them."""
    kinds = (
        frame.group_by("source_release", "method")
        .len()
        .sort("len", "source_release", "method", descending=True)
    )
    return frame.join(kinds.head(1), on=["source_release", "method"], how="semi", nulls_equal=True)


def _stand(
    evidence: Evidence, variable: Variable, level: str, everything: pl.DataFrame, rows: Integers
) -> Iterator[pl.DataFrame]:
    finder = evidence.peer_finder(level)
    size = len(finder.places)
    frame = _of_one_kind(everything.filter(pl.col("refusal").is_null()))
    if frame.is_empty():
        return
    of_nation = everything.filter(pl.col("source_release") == frame["source_release"][0])
    at = np.array([finder.index.get(code, -1) for code in frame["geo_id"]])
    frame, at = frame.filter(pl.Series(at >= 0)), at[at >= 0]
    has_number = np.isin(rows, at)
    held = rows[has_number]
    if not len(held):
        return
    position = np.full(size, -1)
    position[at] = np.arange(len(at))
    base = frame[position[held]].select(
        "geo_level",
        "geo_id",
        *_ROW,
        "variable",
        pl.lit(side_of(variable.direction), dtype=pl.Int8()).alias("side"),
    )
    values, below, above = (_placed(frame[name], at, size) for name in ("value", "below", "above"))
    field = _Field(
        values=_with_none_last(variable, values),
        below=below,
        above=above,
        rows=held,
        direction=variable.direction,
        seed=zlib.crc32(f"{variable.id} {level} {frame['period'][0]}".encode()),
    )
    yield _beside_peers(base, field, finder.nearest_of(rows, metric=variable.metric)[has_number])
    yield from _beside_medians(evidence, base, _Nation.of(variable, of_nation, base["geo_id"], field.seed))


@dataclass(frozen=True, slots=True)
class _Field:
    """One variable over all places of a level: its columns in the order of the places, and who stands."""

    values: Floats
    below: Floats
    above: Floats
    rows: Integers  # the places to stand
    direction: Direction
    seed: int


@dataclass(frozen=True, slots=True)
class _Nation:
    """The numbers that make the middle of the nation, with their weights, and which of them stand."""

    values: Floats
    below: Floats
    above: Floats
    weights: Floats
    rows: Integers
    direction: Direction
    seed: int

    @classmethod
    def of(cls, variable: Variable, frame: pl.DataFrame, standing: pl.Series, seed: int) -> _Nation:
        at = {code: index for index, code in enumerate(frame["geo_id"])}
        values, below, above, weights = (
            frame[name].cast(pl.Float64()).fill_null(empty).to_numpy()
            for name, empty in (("value", np.nan), ("below", np.nan), ("above", np.nan), ("weight", 0.0))
        )
        return cls(
            _with_none_last(variable, values),
            below,
            above,
            weights,
            np.array([at[code] for code in standing]),
            variable.direction,
            seed,
        )

    def standings(self) -> Standings:
        """Return where the places stand among all."""
        return standings_among_all(
            self.values,
            self.below,
            self.above,
            direction=self.direction,
            weights=self.weights,
            rows=self.rows,
            seed=self.seed,
        )


def _placed(column: pl.Series, at: Integers, size: int) -> Floats:
    found = np.full(size, np.nan)
    found[at] = column.cast(pl.Float64()).fill_null(float("nan")).to_numpy()
    return found


def _with_none_last(variable: Variable, values: Floats) -> Floats:
    """Return values in which a place without any physician stands last, not first."""
    return np.where(values == 0, np.inf, values) if variable.zero == "no physician" else values


def _beside_peers(base: pl.DataFrame, field: _Field, named: Integers) -> pl.DataFrame:
    known = ~np.isnan(field.values[named])
    keep = known.sum(axis=1) >= LEAST_PEERS
    middle, low, high = median_of_named(field.values[named], field.below[named], field.above[named])
    middle = np.where(np.isinf(middle), np.nan, middle)
    second = {"value": middle, "below": low, "above": high}
    frame = _sided(base, second, Role.PEERS).with_columns(
        pl.Series("peers", np.where(known, named, NO_PEER)).arr.to_list()
    )
    found = standings_among_named(
        field.values,
        field.below,
        field.above,
        named,
        direction=field.direction,
        rows=field.rows,
        seed=field.seed,
    )
    return _with_standing(frame, found).filter(pl.Series(keep), pl.col("second_value").is_not_null())


def _beside_medians(evidence: Evidence, base: pl.DataFrame, nation: _Nation) -> Iterator[pl.DataFrame]:
    keys = ["variable", "edition", "source_release", "period", "geo_level"]
    scoped = {
        Role.NATION: base.with_columns(pl.lit(NATION).alias("in_scope")),
        Role.STATE: base.with_columns(pl.col("geo_id").str.slice(0, 2).alias("in_scope")),
    }
    for scope, frame in scoped.items():
        joined = frame.join(
            evidence.context,
            left_on=[*keys, "in_scope"],
            right_on=[*keys, "scope"],
            how="left",
            maintain_order="left",
        )
        enough = joined["median"].is_not_null() & (joined["places"] >= LEAST_OF_STATE)
        if scope is Role.STATE:  # whose middle a place with most of its residents is
            index = evidence.release.context()
            places = zip(joined["geo_level"], joined["geo_id"], strict=True)
            enough &= pl.Series(
                [not index.outweighs_its_state(level, code) for level, code in places], dtype=pl.Boolean
            )
        if not enough.any():
            continue
        medians = np.where(enough.fill_null(value=False), joined["median"].fill_null(0.0), np.nan)
        known = np.zeros(len(medians))
        sided = _sided(base, {"value": medians, "below": known, "above": known}, scope)
        if scope is Role.NATION:
            sided = _with_standing(sided, nation.standings())
        yield sided.filter(pl.col("second_value").is_not_null())


def _sided(base: pl.DataFrame, second: dict[str, Floats], scope: Role) -> pl.DataFrame:
    """Return the places as first sides and the middles as second sides; a middle counts as Strong."""
    names = ("variable", "period", "value", "lower", "upper", "below", "above", "quality")
    return base.with_columns(
        *(pl.col(name).alias(f"first_{name}") for name in names),
        pl.col("period").alias("second_period"),
        pl.col("variable").alias("second_variable"),
        pl.lit("all").alias("group_type"),
        pl.lit("all").alias("first_group"),
        pl.lit("all").alias("second_group"),
        pl.lit(STRONG, dtype=pl.Int8()).alias("second_quality"),
        pl.lit(str(scope)).alias("scope"),
        pl.lit(str(Kind.STANDING)).alias("kind"),
        pl.lit(f"standing-{scope}").alias("form"),
        *(pl.Series(f"second_{name}", column, nan_to_null=True) for name, column in second.items()),
    )


def _with_standing(frame: pl.DataFrame, found: Standings) -> pl.DataFrame:
    quarter = np.where(found.bottom >= SURE, "bottom", np.where(found.top >= SURE, "top", ""))
    return frame.with_columns(
        pl.Series("quarter", np.where(found.exact, "", quarter)),
        pl.Series("percentile", found.percentile, nan_to_null=True),
        pl.Series("percentile_lower", np.where(found.exact, np.nan, found.lower), nan_to_null=True),
        pl.Series("percentile_upper", np.where(found.exact, np.nan, found.upper), nan_to_null=True),
    )
