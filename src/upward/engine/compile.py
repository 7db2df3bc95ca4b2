"""The engines `duckdb` and `spark`: one Ibis expression for the sums, and the same arithmetic after it.

The only module that knows Ibis. The expression sums every measure with every weight by group, where the
records are; what comes back is small, and allocation, standard errors and intervals are made here. Quantiles
need records in order, which this route cannot give: they are refused.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upward.base.errors import DataError, UsageError
from upward.base.messages import _
from upward.engine.allocate import Allocation, Code, code_of
from upward.engine.extras import missing, require
from upward.engine.linear import coefficients, model_df
from upward.engine.microdata import check_columns, column_names, is_parquet, read_parts
from upward.engine.plan import Asked, Flag, Must, Plan, make_plans
from upward.engine.results import Piece
from upward.engine.specification import (
    INTERCEPT,
    AnyOf,
    Between,
    Categories,
    Columns,
    Condition,
    Every,
    Missing,
    Not,
    OneOf,
    Product,
    Specification,
    columns_of,
    compares_numbers,
)
from upward.engine.variance import (
    FEW,
    interval_bounds,
    rank_of_cross_products,
    rank_of_rows,
    standard_errors,
)

Array = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

#: Flags of one query: each is summed with every weight, and a query has its limits.
MOST_FLAGS = 12
#: Sums asked for in one query about the rank of the replicate weights.
SUMS = 400
SPARK_MASTER = "UPWARD_SPARK_MASTER"


class Fields:
    """The fields of a specification as Ibis expressions over one table."""

    def __init__(self, specification: Specification, table: Any) -> None:
        self._ibis = require("ibis")
        self._table, self._missing = table, [text for text in specification.missing if text]
        self._derived = {item.name: item for item in specification.fields}

    def number(self, name: str) -> Any:
        """Return a field as a number, null where it is missing."""
        item = self._derived.get(name)
        if isinstance(item, Product):
            return self.product(item.factors) * item.times
        column = self._table[name]
        if column.type().is_string():
            return self._known(column.strip()).try_cast("float64")
        if column.type().is_floating():
            return column.isnan().ifelse(None, column).cast("float64")
        return column.cast("float64")

    def product(self, names: Sequence[str]) -> Any:
        """Return the product of fields as a number."""
        return reduce(lambda product, factor: product * factor, [self.number(name) for name in names])

    def text(self, name: str) -> Any:
        """Return a field as a text, null where it is missing; whole numbers without a point."""
        item = self._derived.get(name)
        if isinstance(item, Categories):
            cases = [(self.condition(condition).fill_null(False), value) for value, condition in item.cases]
            return self._ibis.cases(*cases, else_=self._ibis.literal(item.otherwise, type="string"))
        column = self._table[name]
        if column.type().is_floating():
            known = column.isnan().ifelse(None, column)
            whole = known == known.round(0).cast("float64")
            return whole.ifelse(known.cast("int64").cast("string"), known.cast("string"))
        text = column.cast("string")
        return self._known(text) if column.type().is_string() else text

    def _known(self, text: Any) -> Any:
        gone = text.isin(["", *self._missing])
        return gone.ifelse(self._ibis.null("string"), text)

    def unreadable(self, name: str) -> Any:
        """Return whether a column has a text that is not a number, or None where it cannot have one."""
        column = self._table[name]
        if not column.type().is_string():
            return None
        return self._known(column.strip()).notnull() & self.number(name).isnull()

    def condition(self, condition: Condition) -> Any:
        """Return a condition as true, false or null."""
        match condition:
            case OneOf(name, values) if compares_numbers(values):
                return self.number(name).isin([float(value) for value in values])
            case OneOf(name, values):
                return self.text(name).isin([str(value) for value in values])
            case Between(name, low, high):
                number = self.number(name)
                ends = [number >= low] if low is not None else []
                ends += [number <= high] if high is not None else []
                return reduce(lambda left, right: left & right, ends)
            case Missing(name):
                is_number = isinstance(self._derived.get(name), Product)
                return (self.number(name) if is_number else self.text(name)).isnull()
            case Not(part):
                return ~self.condition(part)
            case Every(parts):
                return reduce(lambda left, right: left & right, [self.condition(part) for part in parts])
            case AnyOf(parts):
                return reduce(lambda left, right: left | right, [self.condition(part) for part in parts])

    def flag(self, flag: Flag) -> Any:
        """Return a flag as true or false."""
        parts = []
        for must, condition in flag:
            met = self.condition(condition)
            # A number: Spark's grammar does not know “x IN (…) IS NOT NULL”.
            decided = met.cast("int8").notnull()
            parts.append(decided if must is Must.DECIDED else met.fill_null(must is Must.NOT_FAILED))
        return reduce(lambda left, right: left & right, parts) if parts else self._ibis.literal(True)


def sums_expression(specification: Specification, plan: Plan, table: Any, grouping: Sequence[str]) -> Any:
    """Return the expression for the sums of a plan by the columns of a grouping.

    Columns: `g0` … the group's texts; `c{flag}` records with a full weight; `s{measure}_{weight}` sums.
    Groups without a record of the universe that has a full weight are left out.
    """
    fields = Fields(specification, table)
    weights = specification.design.weights
    prepared = table.select(
        **{f"g{at}": fields.text(name) for at, name in enumerate(grouping)},
        **{f"w{at}": fields.number(name) for at, name in enumerate(weights)},
        **{f"f{at}": fields.flag(flag) for at, flag in enumerate(plan.flags)},
        **{f"v{at}": fields.product(names) for at, names in enumerate(plan.fields)},
    )
    keys = [f"g{at}" for at in range(len(grouping))]
    kept = prepared
    for key in keys:
        kept = kept.filter(kept[key].notnull())
    sums = {
        f"c{at}": (kept[f"f{at}"] & (kept["w0"] != 0)).ifelse(1, 0).sum() for at in range(len(plan.flags))
    }
    for weight in range(len(weights)):
        column = kept[f"w{weight}"]
        for at in range(len(plan.flags)):
            sums[f"s{at}_{weight}"] = kept[f"f{at}"].ifelse(column, 0.0).sum()
        for at, (names, flag) in enumerate(plan.values):
            value = kept[f"v{plan.fields.index(names)}"]
            sums[f"s{len(plan.flags) + at}_{weight}"] = kept[f"f{flag}"].ifelse(column * value, 0.0).sum()
    grouped = kept.group_by(keys).aggregate(**sums) if keys else kept.aggregate(**sums)
    return grouped.filter(grouped["c0"] > 0) if keys else grouped


def run_compiled(
    specification: Specification,
    source: Path,
    allocation: Allocation | None,
    *,
    engine: str,
    master: str | None = None,
    progress: Progress = lambda _step, _done, _whole: None,
) -> tuple[list[Piece], list[Code]]:
    """Return the results of a specification, and the codes of the areas that the records name."""
    _refuse_quantiles(specification, engine)
    columns = columns_of(specification)
    check_columns(source, columns, by_letter=False)
    progress("Starting", 0, 1)
    try:
        return _run(specification, source, allocation, columns, engine, master, progress)
    except backend_errors(engine) as problem:
        _read_again(specification, source, columns)
        reason = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
        raise DataError(
            f"The engine {engine} could not use {source.name}: {reason}", advice="Try --engine local."
        ) from problem


def _run(
    specification: Specification,
    source: Path,
    allocation: Allocation | None,
    columns: Columns,
    engine: str,
    master: str | None,
    progress: Progress,
) -> tuple[list[Piece], list[Code]]:
    connect = {"duckdb": _duckdb, "spark": _spark}[engine]
    with connect(master) as backend:
        table = _table(backend, source, engine).select(*columns.names())
        _check_cells(specification, table, columns, source)
        df = _degrees_of_freedom(specification, table)
        plans = make_plans(specification, set(), most_flags=MOST_FLAGS)
        pieces: list[Piece] = []
        codes = _codes(specification, table)
        for number, plan in enumerate(plans):
            progress("Estimating", number, len(plans))
            for grouping in specification.groupings():
                found = _sums(specification, plan, table, grouping, allocation)
                pieces += [found.piece(asked, df) for asked in plan.asked]
    return pieces, codes


def backend_errors(engine: str) -> tuple[type[Exception], ...]:
    """Return what an engine raises where a file, or the machine that it runs on, is at fault."""
    if engine == "duckdb":
        return (require("duckdb").Error,)
    return (require("pyspark.errors").PySparkException, require("py4j.protocol").Py4JError)


def _read_again(specification: Specification, source: Path, columns: Columns) -> None:
    """Read a file in order, so that what is wrong with it is named with its row; raises DataError if it is."""
    if source.is_file():
        for _part in read_parts(source, columns, missing=specification.missing):
            pass


def _codes(specification: Specification, table: Any) -> list[Code]:
    """Return the codes of the areas that the records name."""
    if specification.geography is None:
        return []
    fields = Fields(specification, table)
    columns = {f"g{at}": fields.text(name) for at, name in enumerate(specification.geography.columns)}
    named = table.select(**columns).distinct().to_polars().drop_nulls()
    return [code_of(row) for row in named.iter_rows()]


def _refuse_quantiles(specification: Specification, engine: str) -> None:
    asked = [estimate.name for estimate in specification.estimates if estimate.kind == "quantile"]
    if asked:
        raise UsageError(
            _("The engine {engine} does not compute quantiles: {names}.").format(
                engine=engine, names=", ".join(asked)
            ),
            advice=_("They need every group's records in order. Use --engine local."),
        )


class Sums:
    """The sums of one plan in one grouping: `sums` (group × measure × weight), counts (group × flag)."""

    def __init__(
        self, specification: Specification, grouping: tuple[str, ...], keys: list[tuple[str, ...]],
        sums: Array, counts: Array, allocated: Array,
    ) -> None:  # fmt: skip
        self._specification, self._grouping, self._keys = specification, grouping, keys
        self._sums, self._counts, self._allocated = sums, counts, allocated

    def _thetas(self, asked: Asked) -> Array:
        """Return an estimate with each weight (group × weight)."""
        if asked.products:
            sums = np.moveaxis(self._sums[:, asked.products], 1, -1)
            terms = (INTERCEPT, *asked.estimate.on)
            fitted: Array = coefficients(sums, len(terms))[..., terms.index(asked.estimate.term)]
            return fitted
        thetas: Array = self._sums[:, asked.above]
        if asked.below < 0:
            return thetas
        below = self._sums[:, asked.below]
        quotients: Array = np.divide(thetas, below, out=np.full(thetas.shape, np.nan), where=below != 0)
        return quotients

    def piece(self, asked: Asked, df: int | None) -> Piece:
        """Return one estimate of every group."""
        estimate, design = asked.estimate, self._specification.design
        if asked.products:
            df = model_df(df, estimate)
        thetas = self._thetas(asked)
        n = self._counts[:, asked.base].astype(np.int64)
        value = np.where(n > 0, thetas[:, 0], np.nan)
        error = standard_errors(thetas[:, 1:], value, design)
        lower, upper = interval_bounds(estimate, value, error, df)
        groups = [[key[at] for key in self._keys] for at in range(len(self._grouping))]
        return Piece(
            estimate, None, self._grouping, groups, value, error, lower, upper, n=n,
            population=self._sums[:, asked.base, 0],
            missing=self._counts[:, asked.eligible].astype(np.int64) - n,
            allocated_n=self._allocated[:, asked.base], df=df,
        )  # fmt: skip


def _sums(
    specification: Specification, plan: Plan, table: Any, grouping: tuple[str, ...],
    allocation: Allocation | None,
) -> Sums:  # fmt: skip
    """Return the sums of a grouping, its areas made from the source's where it has any."""
    geography = specification.geography
    by_area = geography is not None and allocation is not None and geography.name in grouping
    own = tuple(name for name in grouping if not (by_area and geography and name == geography.name))
    source = geography.columns if by_area and geography else ()
    fetched = sums_expression(specification, plan, table, (*source, *own)).to_polars()
    measures, weights = len(plan.flags) + len(plan.values), len(specification.design.weights)
    names = [f"s{measure}_{weight}" for measure in range(measures) for weight in range(weights)]
    sums = fetched.select(pl.col(names).cast(pl.Float64).fill_null(0)).to_numpy()
    sums = sums.reshape(len(fetched), measures, weights)
    counts = fetched.select(pl.col(f"c{at}").cast(pl.Float64).fill_null(0) for at in range(len(plan.flags)))
    keys = list(fetched.select(f"g{at}" for at in range(len(source) + len(own))).iter_rows())
    keys = keys if source or own else [()] * len(fetched)
    if not by_area or allocation is None or geography is None:
        return Sums(specification, grouping, keys, sums, counts.to_numpy(), counts.to_numpy())
    codes = [code_of(key[: len(source)]) for key in keys]
    made = _allocated([key[len(source) :] for key in keys], codes, allocation, sums, counts.to_numpy())
    place = grouping.index(geography.name)
    shown = [(*rest[:place], target, *rest[place:]) for target, rest in made[0]]
    return Sums(specification, grouping, shown, *made[1:])


def _allocated(
    rests: list[tuple[str, ...]], codes: list[Code], allocation: Allocation, sums: Array, counts: Array
) -> tuple[list[tuple[str, tuple[str, ...]]], Array, Array, Array]:
    """Return keys (target, rest of the group), sums times factor, counts, and counts times factor."""
    by_source = allocation.by_source()
    keys: dict[tuple[str, tuple[str, ...]], int] = {}
    to, of, factors = [], [], []
    for row, (rest, code) in enumerate(zip(rests, codes, strict=True)):
        for target, factor in by_source.get(code, []):
            to.append(keys.setdefault((target, rest), len(keys)))
            of.append(row)
            factors.append(factor)
    share = np.array(factors)
    made = np.zeros((len(keys), *sums.shape[1:]))
    whole, allocated = np.zeros((len(keys), counts.shape[1])), np.zeros((len(keys), counts.shape[1]))
    if keys:
        np.add.at(made, to, sums[of] * share[:, None, None])
        np.add.at(whole, to, counts[of])
        np.add.at(allocated, to, counts[of] * share[:, None])
    return list(keys), made, whole, allocated


def _table(backend: Any, source: Path, engine: str) -> Any:
    if is_parquet(source):
        return backend.read_parquet(str(source))
    if engine == "duckdb":
        kinds = dict.fromkeys(_names_in_sql(source), "VARCHAR")
        return backend.read_csv(
            str(source), header=True, auto_detect=False, delim=",", quote='"', escape='"', columns=kinds
        )
    return backend.read_csv(str(source), header=True, inferSchema=False, escape='"', mode="FAILFAST")


def _names_in_sql(source: Path) -> list[str]:
    """The names of the columns, with stand-ins for those that SQL does not take.

    R writes the numbers of the rows into a column without a name. Of names that differ in capitals only, none is
    asked for: that has been refused.
    """
    names = column_names(source)
    often = Counter(map(str.lower, names))
    return [
        name if name and often[name.lower()] == 1 else f"(column {at}) {name}"
        for at, name in enumerate(names, 1)
    ]


def _check_cells(specification: Specification, table: Any, columns: Columns, source: Path) -> None:
    """Raise DataError where a number cannot be read or a weight is missing, with the rows where they are
    found.
    """
    fields = Fields(specification, table)
    wrong = {
        f"x{at}": part
        for at, name in enumerate(columns.numbers)
        if (part := fields.unreadable(name)) is not None
    }
    for at, name in enumerate(columns.weights):
        wrong[f"y{at}"] = fields.number(name).isnull()
    counts = table.aggregate(**{name: part.ifelse(1, 0).sum() for name, part in wrong.items()}).to_polars()
    bad = [name for name in counts.columns if (counts[name][0] or 0) > 0]
    if not bad:
        return
    _read_again(specification, source, columns)
    names = [(columns.numbers if name[0] == "x" else columns.weights)[int(name[1:])] for name in bad]
    raise DataError(f"{source.name} has values that are not numbers in: {', '.join(names)}.")


def _degrees_of_freedom(specification: Specification, table: Any) -> int | None:
    """Return the rank of the replicate weights minus 1; most designs have full rank after few records."""
    replicates = specification.design.replicates
    if not replicates:
        return None
    fields = Fields(specification, table)
    columns = {f"w{at}": fields.number(name) for at, name in enumerate(replicates)}
    looked_at = FEW * len(replicates)
    some = table.select(**columns).limit(looked_at + 1).to_polars().to_numpy()
    rank = rank_of_rows(some[:looked_at])
    if rank == len(replicates) or len(some) <= looked_at:
        return rank - 1 if rank > 1 else None
    prepared = table.select(**columns)
    pairs = [(row, column) for row in range(len(replicates)) for column in range(row + 1)]
    cross = np.zeros((len(replicates), len(replicates)))
    for first in range(0, len(pairs), SUMS):
        part = pairs[first : first + SUMS]
        asked = {
            f"p{row}_{column}": (prepared[f"w{row}"] * prepared[f"w{column}"]).sum() for row, column in part
        }
        found = prepared.aggregate(**asked).to_polars()
        for row, column in part:
            cross[row, column] = cross[column, row] = found[f"p{row}_{column}"][0] or 0.0
    rank = rank_of_cross_products(cross)
    return rank - 1 if rank > 1 else None


@contextmanager
def _duckdb(_master: str | None) -> Iterator[Any]:
    try:
        ibis = require("ibis")
        backend = ibis.duckdb.connect()
    except ImportError as problem:
        raise missing("duckdb") from problem
    try:
        yield backend
    finally:
        backend.disconnect()


@contextmanager
def _spark(master: str | None) -> Iterator[Any]:
    ibis, session_class = require("ibis"), require("pyspark.sql").SparkSession
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise UsageError(
            _("Spark needs Java 17, which is not installed."),
            advice=_("On Debian: apt-get install openjdk-17-jre-headless."),
        )
    address = master or os.environ.get(SPARK_MASTER) or "local[*]"
    builder = session_class.builder.master(address).appName("upward estimate")
    if address.startswith("local"):
        settings = {
            "spark.ui.enabled": "false", "spark.driver.memory": "2g", "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "4",
        }  # fmt: skip
        for name, value in settings.items():
            builder = builder.config(name, value)
    # Spark counts the cells of a row only where it reads all of them.
    builder = builder.config("spark.sql.csv.parser.columnPruning.enabled", "false")
    session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()
