"""Known faults of published values: what is corrected, what is marked, what is left out.

Works on the cells of one column of one file. What the file said is kept in `published_value` and
`published_quality` wherever a number or flag is changed or dropped. The faults are described in the reference
on published data; each function names the one it deals with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from upward.catalog.geographies import exists_in, load_changes, new_area
from upward.catalog.model import GroupCoverage, Variable, VariableEdition
from upward.catalog.published import Published
from upward.warehouse import codes
from upward.warehouse.problems import ProblemLog
from upward.warehouse.recognise import ColumnPlan, FilePlan

_TOLERANCE = 1e-9
#: Bounds count as symmetric if the two halves differ by at most this part of the whole.
_ASYMMETRY = 0.01
_Z_95 = 1.96
#: So many areas made by one change are not empty together because each has too few cases.
_MANY_AREAS = 3


@dataclass(frozen=True, slots=True)
class Situation:
    """What the checks need to know about the column at hand."""

    plan: FilePlan
    column: ColumnPlan
    variable: Variable
    source: str  # id of the metric's source
    published: Published
    city_quality: Mapping[int, int]  # city -> recomputed quality before 2022
    log: ProblemLog

    @property
    def edition(self) -> VariableEdition | None:
        """The variable as the column's edition publishes it."""
        return next((entry for entry in self.variable.editions if entry.edition == self.column.edition), None)


def check_cells(cells: pl.DataFrame, situation: Situation) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """Return the cells with status, reason, method, flags and published values; and the lines of rejected
    cells.
    """
    cells = cells.with_columns(
        flags=_base_flags(),
        published_value=pl.lit(None, dtype=pl.Float64),
        published_quality=pl.lit(None, dtype=pl.Int8),
        reason=pl.lit(codes.NO_REASON, dtype=pl.UInt8),
    )
    cells, rejected = _reject_out_of_range(cells, situation)
    cells = _check_bounds(cells, situation)
    cells = _zero(cells, situation)
    cells = _quality_and_value(cells, situation)
    cells = _single_faults(cells, situation)
    cells = _state_pool(cells, situation)
    cells = _city_quality(cells, situation)
    cells = _areas(cells, situation)
    cells = _new_areas(cells, situation)
    cells = _status(cells, situation)
    return cells.with_columns(method=_method(situation)), rejected


def _base_flags() -> pl.Expr:
    return _flag_where(pl.col("padded"), "code-padded") | _flag_where(
        pl.col("unknown_group"), "unknown-group"
    )


def _flag_where(condition: pl.Expr, word: str) -> pl.Expr:
    return pl.when(condition.fill_null(False)).then(codes.flag(word)).otherwise(0).cast(pl.UInt32)


def _report(
    cells: pl.DataFrame, where: pl.Expr, rule: str, message: str, situation: Situation, kind: str = "doubtful"
) -> int:
    """Report the lines where a condition holds, with the value; return how many cells they are."""
    found = cells.filter(where.fill_null(False)).unique("line", maintain_order=True)
    if found.height:
        pairs = [
            (line, None if value is None else f"{value:g}")
            for line, value in found.select("line", "value").rows()
        ]
        situation.log.add_lines(
            situation.plan.file, kind, rule, message, pairs, column=situation.column.column.name
        )
    return found.height


def _reject_out_of_range(
    cells: pl.DataFrame, situation: Situation
) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    low, high = situation.variable.minimum, situation.variable.maximum
    faults = []
    if low is not None:
        faults.append(pl.col("value") < low - _TOLERANCE)
    if high is not None:
        faults.append(pl.col("value") > high + _TOLERANCE)
    if situation.column.column.role == "pair":
        faults += [~pl.col(side).is_between(0, 1 + _TOLERANCE) for side in ("numerator", "denominator")]
    if not faults:
        return cells, {}
    bad = pl.any_horizontal(faults).fill_null(False)
    lines = cells.filter(bad)["line"].unique(maintain_order=True).to_list()
    if not lines:
        return cells, {}
    limits = f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}".strip()
    message = f"The value lies outside what is possible ({limits}); it is left out."
    _report(cells, bad, "out-of-range", message, situation, "rejected")
    return cells.filter(~bad), {"out-of-range": lines}


def _check_bounds(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """Bounds that do not hold the value are dropped, swapped ones are put right; A12, A13, A14."""
    if situation.column.lower is None and situation.column.upper is None:
        return cells
    value, lower, upper = pl.col("value"), pl.col("lower"), pl.col("upper")
    slack = value.abs() * 1e-6 + _TOLERANCE
    swapped = (lower > upper) & value.is_between(upper - slack, lower + slack)
    if _report(
        cells,
        swapped,
        "bounds-swapped",
        "Lower and upper bound were swapped; put right.",
        situation,
        "repaired",
    ):
        cells = cells.with_columns(
            lower=pl.when(swapped).then(upper).otherwise(lower),
            upper=pl.when(swapped).then(lower).otherwise(upper),
        )
    outside = (lower > value + slack) | (upper < value - slack) | (lower > upper)
    message = "The value lies outside its own bounds; the bounds are dropped."
    if _report(cells, outside, "value-outside-bounds", message, situation):
        keep = ~outside.fill_null(False)
        cells = cells.with_columns(lower=pl.when(keep).then(lower), upper=pl.when(keep).then(upper))
    return _degenerate_bounds(cells, situation)


def _degenerate_bounds(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """Equal bounds say that nothing was imputed (A13) or that no interval can be computed (A12); one alone
    is kept (A14).
    """
    lower, upper = pl.col("lower"), pl.col("upper")
    equal = (lower == upper).fill_null(False)
    single = pl.col("value").is_not_null() & (lower.is_null() != upper.is_null())
    both_published = situation.column.lower is not None and situation.column.upper is not None
    flags = pl.col("flags")
    if both_published:
        flags = flags | _flag_where(single, "one-sided-bounds")
        _report(
            cells, single, "one-sided-bounds", "Only one of two bounds is published; it is kept.", situation
        )
    word = "no-imputation" if bounds_are_imputation(situation.edition) else "bounds-not-computable"
    return cells.with_columns(flags=flags | _flag_where(equal, word))


def bounds_are_imputation(edition: VariableEdition | None) -> bool:
    """Tell whether published bounds are limits of imputation and not of sampling error."""
    return edition is not None and edition.bounds.startswith("imputation")


def _zero(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """A 0 that means "no physician" (A3) is marked; one that cannot be is treated as missing (A4)."""
    zero = (pl.col("value") == 0).fill_null(False)
    if situation.variable.zero == "no physician":
        return cells.with_columns(
            flags=pl.col("flags") | _flag_where(zero, "no-physician"),
            published_value=pl.when(zero).then(0.0).otherwise("published_value"),
        )
    if situation.variable.zero != "missing":
        return cells
    _report(cells, zero, "zero-as-missing", "A 0 cannot be a value here; treated as missing.", situation)
    return cells.with_columns(
        flags=pl.col("flags") | _flag_where(zero, "zero-as-missing"),
        published_value=pl.when(zero).then(0.0).otherwise("published_value"),
        published_quality=pl.when(zero).then("quality").otherwise("published_quality"),
        value=pl.when(~zero).then("value"),
        quality=pl.when(~zero).then("quality"),
        reason=pl.when(zero).then(codes.ZERO).otherwise("reason").cast(pl.UInt8),
    )


def _quality_and_value(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """A flag without a value is dropped (A38, A39), a value without a flag is marked (A40)."""
    if situation.column.quality is None:
        return cells
    has_value = pl.col("value").is_not_null() | pl.col("numerator").is_not_null()
    alone = ~has_value & pl.col("quality").is_not_null()
    unmarked = has_value & pl.col("quality").is_null()
    count = cells.select(alone.sum()).item()
    if count:
        message = "Quality is given although the value is missing; the flag is dropped."
        situation.log.add(
            situation.plan.file,
            "doubtful",
            "quality-without-value",
            message,
            column=situation.column.quality,
            rows=count,
        )
    _report(cells, unmarked, "value-without-quality", "A value without its quality flag.", situation)
    return cells.with_columns(
        flags=pl.col("flags")
        | _flag_where(alone, "quality-without-value")
        | _flag_where(unmarked, "value-without-quality"),
        published_quality=pl.when(alone).then("quality").otherwise("published_quality"),
        quality=pl.when(~alone).then("quality"),
    )


def _single_faults(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """Rates above one per person (A5), under-reporting (A6), capped shares (A7), unusual values (A9)."""
    faults, name, value = situation.published.corrections, situation.variable.id, pl.col("value")
    if name in faults.capped:
        cells = cells.with_columns(flags=pl.col("flags") | _flag_where(value == 1, "capped"))
    limit = faults.unusual.get(name)
    if limit is not None:
        word = "over-100000" if limit == 100_000 else "range-warning"
        _report(
            cells, value > limit, word, f"The value exceeds {limit:g}, which is unusual; kept.", situation
        )
        cells = cells.with_columns(flags=pl.col("flags") | _flag_where(value > limit, word))
    if name not in faults.underreported_variables:
        return cells
    places = pl.Series([int(code) for code in sorted(faults.underreported_places)], dtype=pl.UInt32)
    hidden = (
        pl.col("geo").is_in(places.implode())
        & (pl.col("period") < faults.underreported_before)
        & value.is_not_null()
    )
    message = "Known under-reporting: left out, as in the publisher's own combined tables."
    _report(cells, hidden, "underreported", message, situation)
    return cells.with_columns(
        flags=pl.col("flags") | _flag_where(hidden, "underreported"),
        published_value=pl.when(hidden).then("value").otherwise("published_value"),
        published_quality=pl.when(hidden).then("quality").otherwise("published_quality"),
        value=pl.when(~hidden).then("value"),
        quality=pl.when(~hidden).then("quality"),
        reason=pl.when(hidden).then(codes.UNDERREPORTED).otherwise("reason").cast(pl.UInt8),
    )


def _state_pool(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """Weak values that several counties of a state share are the pooled figure of its small counties (A8)."""
    faults = situation.published.corrections
    if situation.variable.id != faults.pool_variable or situation.plan.level != "county":
        return cells
    alike = pl.len().over(pl.col("geo") // 1000, "period", "group_type", "group", "value")
    pooled = (pl.col("quality") == 3) & pl.col("value").is_not_null() & (alike >= faults.pool_at_least)
    return cells.with_columns(flags=pl.col("flags") | _flag_where(pooled, "state-pool"))


def _city_quality(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """Quality of survey figures in cities before 2022, recomputed where the published one rests on mixed-up
    cities (A1).
    """
    faults, name = situation.published.corrections, situation.variable.id
    if (
        situation.plan.level != "place"
        or name not in faults.crosswalk_variables
        or not situation.city_quality
    ):
        return cells
    table = pl.DataFrame(
        {"geo": list(situation.city_quality), "recomputed": list(situation.city_quality.values())},
        schema={"geo": pl.UInt32, "recomputed": pl.Int8},
    )
    cells = cells.join(table, on="geo", how="left", maintain_order="left")
    wrong = (
        (pl.col("period") < faults.crosswalk_before)
        & pl.col("quality").is_not_null()
        & (pl.col("recomputed") < pl.col("quality"))
    )
    if name in faults.crosswalk_never_raise:
        wrong = wrong & (pl.col("quality") != 3)
    return cells.with_columns(
        flags=pl.col("flags") | _flag_where(wrong, "quality-recomputed"),
        published_quality=pl.when(wrong).then("quality").otherwise("published_quality"),
        quality=pl.when(wrong).then("recomputed").otherwise("quality"),
    ).drop("recomputed")


def _areas(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """Codes that were not in force in the year of the row: marked, never remapped (A22, A23)."""
    changes = {int(code): change for code, change in load_changes().items()}
    present = cells.filter(pl.col("geo").is_in(list(changes))).select("geo", "period").unique().rows()
    early = [(geo, year) for geo, year in present if not exists_in(f"{geo:05d}", year)]
    if not early:
        return cells
    marks = []
    for geo, year in early:
        change = changes[geo]
        not_yet = change.valid_from is not None and year < change.valid_from
        word = "former-area" if not_yet and change.exact and change.predecessors else "other-boundary"
        marks.append((geo, year, codes.flag(word)))
    message = "The code was not in force in this year; the row keeps its code and is marked."
    count = cells.join(
        pl.DataFrame(early, schema={"geo": pl.UInt32, "period": pl.UInt16}, orient="row"),
        on=["geo", "period"],
        how="semi",
    ).height
    situation.log.add(
        situation.plan.file,
        "doubtful",
        "code-not-in-force",
        message,
        column=situation.column.column.name,
        rows=count,
        value=" ".join(sorted({f"{geo:05d}" for geo, _year in early})),
    )
    table = pl.DataFrame(
        marks, schema={"geo": pl.UInt32, "period": pl.UInt16, "_mark": pl.UInt32}, orient="row"
    )
    return (
        cells.join(table, on=["geo", "period"], how="left", maintain_order="left")
        .with_columns(flags=pl.col("flags") | pl.col("_mark").fill_null(0))
        .drop("_mark")
    )


def _new_areas(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """Where no area that a change made has a value, a rule on small numbers is not known to be the reason (A22).

    Tables are joined to the frame of places, which may have new codes before the source has them: all new areas are
    then empty together. Two small ones may as well have too few cases each, and do so in survey figures, which reach
    new areas through a crosswalk that has them.
    """
    table = _divided_areas()
    present = cells.join(table, on="geo", how="inner")
    if present.is_empty():
        return cells
    known = cells.filter(pl.col("value").is_not_null()).select("period").unique()
    empty = (
        present.group_by("_change", "period")
        .agg(values=pl.col("value").count(), areas=pl.col("geo").n_unique())
        .filter((pl.col("values") == 0) & (pl.col("areas") > 1))
        .join(known, on="period", how="semi")
    )
    few = situation.column.column.missing == "suppressed" and not situation.source.startswith("acs")
    code = (
        pl.when(pl.col("areas") >= _MANY_AREAS)
        .then(codes.FORMER_COUNTIES)
        .when(few)
        .then(codes.FORMER_OR_FEW)
    )
    marks = table.join(empty, on="_change").select("geo", "period", _code=code.cast(pl.UInt8)).drop_nulls()
    unexplained = pl.col("reason") == codes.NO_REASON
    reason = pl.when(unexplained).then(pl.coalesce("_code", "reason")).otherwise("reason")
    return (
        cells.join(marks, on=["geo", "period"], how="left", maintain_order="left")
        .with_columns(reason=reason)
        .drop("_code")
    )


@lru_cache(maxsize=1)
def _divided_areas() -> pl.DataFrame:
    """Return the areas that are new, not only renamed, and the change that made each of them."""
    rows = [
        (int(code), f"{change.valid_from} {change.note}")
        for code in load_changes()
        if (change := new_area(code)) is not None
    ]
    return pl.DataFrame(rows, schema={"geo": pl.UInt32, "_change": pl.String}, orient="row")


def _status(cells: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """A row with a value is ok; another says why it has none."""
    has_value = pl.col("value").is_not_null()
    nobody = ~has_value & (pl.col("denominator") == 0).fill_null(False)
    missing = codes.TOO_FEW if situation.column.column.missing == "suppressed" else codes.NOT_PUBLISHED
    unexplained = ~has_value & (pl.col("reason") == codes.NO_REASON)
    reason = pl.when(nobody).then(codes.NOBODY).when(unexplained).then(missing).otherwise(pl.col("reason"))
    hidden = pl.col("reason").is_in([codes.TOO_FEW, codes.UNDERREPORTED, codes.FORMER_OR_FEW])
    status = (
        pl.when(has_value)
        .then(codes.OK)
        .when(nobody)
        .then(codes.NOT_COMPUTED)
        .when(hidden)
        .then(codes.SUPPRESSED)
        .otherwise(codes.NOT_AVAILABLE)
    )
    return cells.with_columns(reason=reason.cast(pl.UInt8)).with_columns(status=status.cast(pl.UInt8))


def _method(situation: Situation) -> pl.Expr:
    """Return the method code: how many years the figure pools follows from the catalogue, overall and by
    group.
    """
    edition = situation.edition
    overall = edition.period_years.get(situation.plan.level, 1) if edition else 1
    result = pl.lit(_method_code(overall, situation.source))
    for coverage in _coverages(situation):
        code = _method_code(coverage.period_years, situation.source)
        result = pl.when(pl.col("group_type") == coverage.group_type).then(code).otherwise(result)
    return result.cast(pl.UInt8)


def _coverages(situation: Situation) -> list[GroupCoverage]:
    fitting = [entry for entry in situation.variable.groups if entry.edition == situation.column.edition]
    others = [entry for entry in situation.variable.groups if entry.edition != situation.column.edition]
    return others + fitting  # the later condition is looked at first


def _method_code(years: int, source: str) -> int:
    if source.startswith("acs"):
        return codes.ACS_5YR if years > 1 else codes.ACS_1YR
    return codes.POOLED_5YR if years > 1 else codes.PUBLISHED


def standard_errors(imputation: pl.Expr) -> pl.Expr:
    """Return (upper - lower) / (2 x 1.96) where the bounds are symmetric sampling bounds, else null."""
    value, lower, upper = pl.col("value"), pl.col("lower"), pl.col("upper")
    width = upper - lower
    symmetric = ((upper - value) - (value - lower)).abs() <= _ASYMMETRY * width
    return pl.when(symmetric & (width > 0) & ~imputation).then(width / (2 * _Z_95))
