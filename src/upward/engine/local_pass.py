"""One pass of the engine `local` over the records: kernels called, their arrays put into pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upward.engine.design import Design
from upward.engine.expressions import Expressions
from upward.engine.kernels import lanes
from upward.engine.kernels.quantiles import make_area_quantiles, make_prefixes
from upward.engine.kernels.sums import make_area_estimates, make_cell_sums
from upward.engine.kernels.woodruff import HF1, HF3, make_area_woodruff
from upward.engine.linear import coefficients, model_df
from upward.engine.local import Mix, Records
from upward.engine.plan import Asked, Plan
from upward.engine.results import Piece
from upward.engine.specification import INTERCEPT, Specification
from upward.engine.store import Store
from upward.engine.variance import RANK_TOLERANCE, interval_bounds, multiplier, standard_errors

Array = NDArray[Any]

#: Bins of a value: more make the walked windows shorter, and take more memory.
BINS, LEAST_BINS = 64, 8
RECORDS_OF_A_BIN = 64
#: The most memory for running sums at the ends of bins, in bytes.
MOST_PREFIX_BYTES = 900_000_000
SAMPLED = 200_000
#: Areas whose linear models are solved at once.
MODELS = 64


@dataclass(frozen=True, slots=True)
class AreaNumbers:
    """What the kernel for areas returned, for the rows `first` … `last`: (mix × row × estimate or flag)."""

    first: int
    value: Array
    error: Array
    full: Array
    records: Array
    allocated: Array


def run_pass(
    specification: Specification,
    plan: Plan,
    records: Records,
    mixes: tuple[Mix, Mix],
    expressions: Expressions,
) -> list[Piece]:
    """Return the pieces of every estimate of a plan, in every grouping."""
    design, store, rows = specification.design, records.store, records.rows
    R = lanes(len(design.weights))
    fields = plan.fields
    sums, counts = make_cell_sums(R)(
        store.bounds, records.index, records.cell, records.flags, records.values,
        np.array([fields.index(names) for names, _flag in plan.values], np.int64),
        np.array([flag for _name, flag in plan.values], np.int64),
        store.weights, rows.cells, len(rows.labels), len(plan.flags), sum_type(store),
    )  # fmt: skip
    simple = [asked for asked in plan.asked if asked.above >= 0]
    above = np.array([asked.above for asked in simple], np.int64)
    below = np.array([asked.below for asked in simple], np.int64)
    pieces: list[Piece] = []
    quantiles: dict[tuple[str, int], QuantileOrder] = {}
    for by_area, mix in ((True, mixes[0]), (False, mixes[1])):
        first, last = rows.span(by_area=by_area)
        if last == first or len(mix.names) == 0:
            continue
        found = AreaNumbers(first, *make_area_estimates(R)(
            sums, counts, mix.at, mix.part, mix.factor, first, last, above, below, *_design(design)
        ))  # fmt: skip
        groups = cuts(specification, records, found, mix)
        for number, asked in enumerate(simple):
            pieces += _simple_pieces(
                records, asked, found.value[:, :, number], found.error[:, :, number], found, groups
            )  # fmt: skip
        models: dict[tuple[int, ...], Array] = {}
        for asked in plan.asked:
            if asked.products:
                if asked.products not in models:
                    models[asked.products] = _models(asked, sums[:, first:last], mix)
                term = (INTERCEPT, *asked.estimate.on).index(asked.estimate.term)
                thetas = models[asked.products][..., term]
                value = thetas[..., 0]
                error = standard_errors(thetas[..., 1:], value, design)
                pieces += _simple_pieces(records, asked, value, error, found, groups)
            if asked.estimate.kind == "quantile":
                key = (asked.estimate.of or "", asked.base)
                if key not in quantiles:
                    quantiles[key] = QuantileOrder(specification, records, expressions, *key)
                pieces += quantiles[key].pieces(asked, found, mix, groups, (first, last))
    return pieces


def sum_type(store: Store) -> Array:
    """Return an empty array of the type that holds the sums of any partition's weights exactly."""
    heaviest = store.largest * float(np.diff(store.bounds).max(initial=0))
    fits = store.whole and heaviest < np.iinfo(np.int32).max
    return np.zeros(0, np.int32 if fits else np.float64)


def _design(design: Design) -> tuple[float, bool, Array]:
    return design.scale, design.centred_on_estimate, np.asarray(design.rscales, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Cut:
    """The groups of one grouping that exist: which mix and row each is, its texts, and its area's scale."""

    grouping: tuple[str, ...]
    groups: list[pl.Series]
    in_order: bool
    entry: Array
    row: Array
    scale: Array


def cuts(specification: Specification, records: Records, found: AreaNumbers, mix: Mix) -> list[Cut]:
    """Return the groups of every grouping in the rows of `found` that hold a record of the universe."""
    rows = records.rows
    made: list[Cut] = []
    name = specification.geography.name if specification.geography else None
    area = (name,) if name else _partition(specification)
    for number, grouping in enumerate(rows.groupings):
        own = np.flatnonzero(rows.grouping_of == number)
        own = own[(own >= found.first) & (own < found.first + found.value.shape[1])]
        if len(own) == 0:
            continue
        exists = found.records[np.ix_(mix.entry, own - found.first, np.zeros(1, np.int64))][:, :, 0] > 0
        if not grouping:
            exists[:] = True
        which, at = np.nonzero(exists)
        row = own[at]
        by_area = number < rows.by_area
        texts: dict[str, pl.Series] = {}
        if by_area:
            for place, column in enumerate(area):
                texts[column] = pl.Series([names[place] for names in mix.names], dtype=pl.String).gather(
                    which
                )
        rest = [column for column in grouping if not (by_area and column in area)]
        for place, column in enumerate(rest):
            texts[column] = pl.Series([rows.labels[r][place] for r in own], dtype=pl.String).gather(at)
        in_order = not by_area or grouping[: len(area)] == area
        groups = [texts[column] for column in grouping]
        made.append(Cut(grouping, groups, in_order, mix.entry[which], row, mix.scale[which]))
    return made


def _partition(specification: Specification) -> tuple[str, ...]:
    from upward.engine.local import partition_columns

    return partition_columns(specification)


def _models(asked: Asked, sums: Array, mix: Mix) -> Array:
    """Return the coefficients of a linear model (mix × row × weight × term) from the sums of partitions."""
    made = []
    for start in range(0, len(mix.at) - 1, MODELS):
        totals = [
            np.tensordot(mix.factor[at:end], sums[mix.part[at:end]][:, :, asked.products], 1)
            for at, end in zip(
                mix.at[start : start + MODELS], mix.at[start + 1 : start + MODELS + 1], strict=False
            )
        ]
        made.append(coefficients(np.moveaxis(np.array(totals), 2, -1), len(asked.estimate.on) + 1))
    return np.concatenate(made)


def _simple_pieces(
    records: Records, asked: Asked, values: Array, errors: Array, found: AreaNumbers, groups: list[Cut]
) -> list[Piece]:
    """Return the pieces of one estimate from its values and errors (mix × row)."""
    df = model_df(records.store.df, asked.estimate)
    made = []
    for cut in groups:
        row = cut.row - found.first
        value, error = values[cut.entry, row], errors[cut.entry, row]
        if asked.estimate.kind == "total":
            value, error = value * cut.scale, error * cut.scale
        n = found.records[cut.entry, row, asked.base]
        value, error = np.where(n > 0, value, np.nan), np.where(n > 0, error, np.nan)
        lower, upper = interval_bounds(asked.estimate, value, error, df)
        made.append(_piece(asked, None, cut, found, (value, error, lower, upper), df))
    return made


def _piece(
    asked: Asked, at: float | None, cut: Cut, found: AreaNumbers, numbers: tuple[Array, ...], df: Any
) -> Piece:
    row = cut.row - found.first
    n = found.records[cut.entry, row, asked.base]
    value, error, lower, upper = numbers
    return Piece(
        asked.estimate, at, cut.grouping, cut.groups, value, error, lower, upper,
        n=n,
        population=found.full[cut.entry, row, asked.base] * cut.scale,
        missing=found.records[cut.entry, row, asked.eligible] - n,
        allocated_n=found.allocated[cut.entry, row, asked.base] * cut.scale,
        df=df,
        in_order=cut.in_order,
    )  # fmt: skip


class QuantileOrder:
    """The records in order of one value, with running sums at the ends of its bins."""

    def __init__(
        self, specification: Specification, records: Records, expressions: Expressions, name: str, flag: int
    ) -> None:
        self.specification, self.records, self.flag = specification, records, flag
        value = expressions.number(name)
        filled = expressions.evaluate({"y": value.fill_null(float("nan"))})["y"]
        self.y: Array = filled.cast(pl.Float64).to_numpy()
        store = records.store
        self.index: Array = np.zeros(0, np.int32)
        if not _is_ordered(self.y, store.bounds):
            partition = np.repeat(np.arange(len(store.bounds) - 1, dtype=np.int32), np.diff(store.bounds))
            self.index = np.lexsort((self.y, partition)).astype(np.int32)
        self.edges = self._edges()
        R = lanes(len(specification.design.weights))
        self.prefix, self.start, self.negative = make_prefixes(R)(
            store.bounds, self.index, self.y, records.flags, flag, self.edges, records.cell,
            records.rows.cells, len(records.rows.labels), store.weights, sum_type(store),
        )  # fmt: skip

    def _edges(self) -> Array:
        """Return the upper ends of the bins: values that divide a sample of the records evenly."""
        records = self.records
        step = max(1, len(self.y) // SAMPLED)
        belongs = (records.flags[::step] >> np.uint64(self.flag)) & np.uint64(1) == 1
        sample = np.sort(self.y[::step][belongs])
        rows, partitions = max(len(records.rows.labels), 1), len(records.store.bounds) - 1
        fits = MOST_PREFIX_BYTES // (partitions * rows * len(self.specification.design.weights) * 4)
        wanted = len(self.y) // max(partitions * RECORDS_OF_A_BIN, 1)
        bins = int(max(LEAST_BINS, min(BINS, wanted, fits)))
        if len(sample) == 0:
            return np.zeros(0)
        places = (np.arange(1, bins) * len(sample)) // bins
        return np.unique(sample[places])

    def pieces(
        self, asked: Asked, found: AreaNumbers, mix: Mix, groups: list[Cut], span: tuple[int, int]
    ) -> list[Piece]:
        """Return the pieces of one estimate for the rows of a span, first and last."""
        rows, (first, last) = self.records.rows, span
        grouping = np.full(len(rows.labels), -1, np.int64)
        grouping[first:last] = rows.grouping_of[first:last]
        shares = np.array(asked.estimate.at)
        if asked.estimate.interval == "woodruff":
            numbers, df = self._woodruff(asked, mix, grouping, shares)
        else:
            numbers, df = self._replicates(mix, grouping, shares), None
        made = []
        for cut in groups:
            for at, share in enumerate(asked.estimate.at):
                four = tuple(numbers[cut.entry, cut.row, at, which] for which in range(4))
                own_df: Any = self.records.store.df
                if df is not None:
                    n = found.records[cut.entry, cut.row - found.first, asked.base]
                    own = df[cut.entry, cut.row]
                    own_df = [int(d) if d > 0 else None for d in own]
                    own_df = [d if k > 0 else self.records.store.df for d, k in zip(own_df, n, strict=True)]
                made.append(_piece(asked, share, cut, found, four, own_df))
        return made

    def _most(self, mix: Mix) -> Array:
        """Return the most records that any row of each mix can have."""
        sizes = np.diff(self.records.store.bounds)[mix.part]
        return np.add.reduceat(sizes, mix.at[:-1]) if len(mix.part) else np.zeros(0, np.int64)

    def _replicates(self, mix: Mix, grouping: Array, shares: Array) -> Array:
        records, design = self.records, self.specification.design
        value, error = make_area_quantiles(lanes(len(design.weights)))(
            mix.at, mix.part, mix.factor, grouping, shares, self._most(mix), self.index, self.y,
            records.flags, self.flag, records.cell, records.rows.cells, records.store.weights,
            self.prefix, self.start, self.negative, *_design(design),
        )  # fmt: skip
        half = multiplier(records.store.df) * error
        return np.stack([value, error, value - half, value + half], axis=-1)

    def _woodruff(self, asked: Asked, mix: Mix, grouping: Array, shares: Array) -> tuple[Array, Array]:
        records, design = self.records, self.specification.design
        count = len(design.weights)
        multipliers = np.array([multiplier(None), *(multiplier(df) for df in range(1, count))])
        result: tuple[Array, Array] = make_area_woodruff(lanes(count))(
            mix.at, mix.part, mix.factor, grouping, shares, HF3 if asked.estimate.rule == "hf3" else HF1,
            multipliers, RANK_TOLERANCE**2, self._most(mix), self.index, self.y, records.flags, self.flag,
            records.cell, records.rows.cells, records.store.weights, self.start, *_design(design),
        )  # fmt: skip
        return result


def _is_ordered(y: Array, bounds: Array) -> bool:
    """Tell whether the values rise within every partition; missing ones come last."""
    if len(y) < 2:
        return True
    rising = (y[1:] >= y[:-1]) | np.isnan(y[1:])
    rising[bounds[1:-1][(bounds[1:-1] > 0) & (bounds[1:-1] < len(y))] - 1] = True
    return bool(rising.all())
