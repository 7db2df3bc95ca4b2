"""Rows of a published file made into cells: one row per number, with checked keys and parsed values.

What belongs here: keys, group labels, numbers and their text forms. What does not: known faults of values
(`anomalies.py`), and which of several files wins (`winners.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from upward.catalog.model import Catalog
from upward.catalog.published import Published
from upward.warehouse.problems import ProblemLog
from upward.warehouse.recognise import ColumnPlan, FilePlan, published_types
from upward.warehouse.sources.tables import LINE, RawTable

#: Group of a row whose label is none of the published groups.
UNKNOWN_GROUP = "unknown"
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_CODE_WIDTHS = {"state": 2, "county": 3, "place": 5}

#: The cells of one value column; `line` leads back to the file.
CELL_COLUMNS: dict[str, pl.DataType] = {
    "line": pl.UInt32(),
    "geo": pl.UInt32(),  # the code as a number; counties lie below 100,000, places above
    "period": pl.UInt16(),
    "group_type": pl.Enum([]),  # of `group_enums`
    "group": pl.Enum([]),
    "value": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "quality": pl.Int8(),
    "numerator": pl.Float64(),
    "denominator": pl.Float64(),
    "padded": pl.Boolean(),
    "unknown_group": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Keys:
    """The rows of a file whose keys are sound, and the rejected lines by rule."""

    frame: pl.DataFrame  # the raw columns plus line, geo, period, padded
    rejected: dict[str, list[int]]  # rule -> lines


def read_keys(table: RawTable, plan: FilePlan, known_areas: frozenset[int], log: ProblemLog) -> Keys:
    """Check year and codes of every row; put lost zeros back; reject what names no year or no area.

    `known_areas` are the codes of the population tables; empty if there are none, and then every code is
    accepted.
    """
    codes = ("state", plan.level)
    text = {key: pl.col(plan.keys[key]).str.strip_chars() for key in codes}
    sound = {key: text[key].str.contains(rf"^[0-9]{{1,{_CODE_WIDTHS[key]}}}$") for key in codes}
    year_column = plan.keys.get("group" if plan.year_in_group else "year")
    year = pl.col(year_column).str.strip_chars() if year_column else pl.lit(None, dtype=pl.String)
    number = pl.when(year.str.contains(r"^[0-9]{4}$")).then(year).cast(pl.UInt16, strict=False)
    factor = 10 ** _CODE_WIDTHS[plan.level]
    frame = table.frame.with_columns(
        line=pl.col(LINE),
        period=number,
        geo=pl.when(sound["state"] & sound[plan.level]).then(
            text["state"].cast(pl.UInt32, strict=False) * factor
            + text[plan.level].cast(pl.UInt32, strict=False)
        ),
        padded=pl.any_horizontal([text[key].str.len_bytes() < _CODE_WIDTHS[key] for key in codes]),
    )
    rules: list[tuple[str, pl.Expr, str, str]] = [
        (
            "second-header",
            _looks_like_header(plan, year_column),
            plan.keys["state"],
            "A second row of names; left out.",
        ),
        (
            "code-not-a-number",
            pl.col("geo").is_null(),
            plan.keys[plan.level],
            "The code of the area is not a FIPS code.",
        ),
    ]
    if year_column:
        bad_year = (~pl.col("period").is_between(_FIRST_YEAR, _LAST_YEAR)).fill_null(True)
        rules.append(
            ("year-not-a-number", bad_year, year_column, "The year is not a year; the row is left out.")
        )
    if known_areas:
        known = pl.Series(sorted(known_areas), dtype=pl.UInt32)
        message = "The population tables know no area with this code; the row is left out."
        rules.append(("unknown-area", ~pl.col("geo").is_in(known.implode()), plan.keys[plan.level], message))
    return _apply_rules(frame, rules, plan, log)


def _looks_like_header(plan: FilePlan, year_column: str | None) -> pl.Expr:
    words = [pl.col(plan.keys["state"]), pl.col(plan.keys[plan.level])] + (
        [pl.col(year_column)] if year_column else []
    )
    return pl.all_horizontal([word.str.contains(r"^[^0-9]+$") for word in words]) & (pl.col(LINE) == 2)


def _apply_rules(
    frame: pl.DataFrame, rules: list[tuple[str, pl.Expr, str, str]], plan: FilePlan, log: ProblemLog
) -> Keys:
    rejected: dict[str, list[int]] = {}
    for rule, bad, column, message in rules:
        found = frame.filter(bad.fill_null(False))
        if not found.height:
            continue
        shown = pl.col(column) if rule != "unknown-area" else pl.col("geo").cast(pl.String)
        pairs = found.select("line", value=shown).rows()
        log.add_lines(plan.file, "rejected", rule, message, pairs, column=column or None)
        rejected[rule] = found["line"].to_list()
        frame = frame.filter(~bad.fill_null(False))
    return Keys(frame, rejected)


def group_enums(catalog: Catalog) -> tuple[pl.Enum, pl.Enum]:
    """Return the types of group types and of groups: every id of the catalogue, `all` and `unknown`."""
    types = [*catalog.group_types, "all"]
    groups = [
        "all",
        UNKNOWN_GROUP,
        *(group.id for kind in catalog.group_types.values() for group in kind.groups),
    ]
    return pl.Enum(list(dict.fromkeys(types))), pl.Enum(list(dict.fromkeys(groups)))


class GroupLabels:
    """Turns group types and labels of a file into catalogue ids, variable by variable."""

    def __init__(self, keys: Keys, plan: FilePlan, catalog: Catalog, published: Published) -> None:
        self._plan, self._catalog, self._published = plan, catalog, published
        self._types, self._groups = group_enums(catalog)
        grouped = "group" in plan.keys and not plan.year_in_group
        self._columns = (
            [plan.keys[key] for key in ("group_type", "group") if key in plan.keys] if grouped else []
        )
        distinct = published_types(keys.frame, plan.keys) if grouped else pl.DataFrame()
        self._pairs: list[tuple[str | None, str | None, int]] = distinct.rows() if grouped else []
        self._alone = all(self._is_all(label) for _kind, label, _rows in self._pairs)

    @staticmethod
    def _is_all(label: str | None) -> bool:
        return label is not None and label.strip().lower() == "all"

    def attach(self, frame: pl.DataFrame, variable: str) -> pl.DataFrame:
        """Return the rows with columns group_type, group and unknown_group.

        The All row of a file with several types of groups stands once under each of them. A file whose
        only label is All is a file of overall values. Rows of a combined table without a label are
        overall values too.
        """
        if not self._columns or self._only_all():
            return frame.with_columns(
                group_type=pl.lit("all", dtype=self._types),
                group=pl.lit("all", dtype=self._groups),
                unknown_group=pl.lit(False),
            )
        kind, label = self._plan.keys.get("group_type"), self._plan.keys["group"]
        found = self._translations(variable)
        table = pl.DataFrame(
            found,
            schema={
                "_kind": pl.String,
                "_label": pl.String,
                "group_type": self._types,
                "group": self._groups,
                "unknown_group": pl.Boolean,
            },
            orient="row",
        )
        left_kind = pl.col(kind) if kind else pl.lit(None, dtype=pl.String)
        return frame.with_columns(_kind=left_kind, _label=pl.col(label)).join(
            table, on=["_kind", "_label"], how="inner", nulls_equal=True, maintain_order="left"
        )

    def _only_all(self) -> bool:
        labels = {label for _kind, label, _rows in self._pairs if label is not None}
        return all(self._is_all(label) for label in labels) and (self._plan.combined or self._alone)

    def _translations(self, variable: str) -> list[tuple[str | None, str | None, str, str, bool]]:
        own = [coverage.group_type for coverage in self._catalog.variables[variable].groups]
        named = {
            (kind, label): self._group_of(kind, label, own)
            for kind, label, _rows in self._pairs
            if not self._is_all(label)
        }
        found = {group_type for group_type, _group, _unknown in named.values()}
        # A combined table names types that only its other columns have; the All row is not theirs.
        types = sorted(found & set(own) or found)
        result = [(kind, label, *ids) for (kind, label), ids in named.items()]
        with_own_all = {
            group_type
            for kind, label, _rows in self._pairs
            if self._is_all(label)
            for group_type in types
            if self._says(kind, group_type)
        }
        for kind, label, _rows in self._pairs:
            if self._is_all(label):
                fitting = [group_type for group_type in types if self._says(kind, group_type)]
                for group_type in fitting or [name for name in types if name not in with_own_all]:
                    result.append((kind, label, group_type, "all", False))
        return result

    def _says(self, kind: str | None, group_type: str) -> bool:
        """Tell whether the text of a group type column can mean a type of the catalogue."""
        return (kind or "").strip().lower() in self._published.group_types.get(group_type, (group_type,))

    def _group_of(self, kind: str | None, label: str | None, own: list[str]) -> tuple[str, str, bool]:
        """Return type and group of a label: the variable's own types first, then any type that the file's
        text can mean.
        """
        candidates = [name for name in own if self._says(kind, name)]
        candidates += [name for name in own if name not in candidates]
        candidates += [
            name for name in self._catalog.group_types if name not in candidates and self._says(kind, name)
        ]
        text = (label or "").strip()
        for name in candidates:
            for group in self._catalog.group_types[name].groups:
                if text in group.published:
                    return name, group.id, False
        fallback = next((name for name in candidates if self._says(kind, name)), "all")
        return fallback, UNKNOWN_GROUP, True


def cells_of(
    keys: Keys, labels: GroupLabels, column: ColumnPlan, plan: FilePlan, published: Published, log: ProblemLog
) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """Return the cells of one value column, and the lines whose number cannot be read, by rule."""
    raw = [column.column.name] + [name for name in (column.lower, column.upper, column.quality) if name]
    frame = keys.frame
    if plan.combined:
        frame = frame.filter(pl.any_horizontal([pl.col(name).is_not_null() for name in raw]))
    frame = labels.attach(frame, column.variable)
    text = pl.col(column.column.name).str.strip_chars()
    value, numerator, denominator = _value_expressions(text, column.column.role)
    period = pl.lit(column.year, dtype=pl.UInt16) if column.year else pl.col("period")
    frame = frame.select(
        "line",
        "geo",
        "group_type",
        "group",
        "padded",
        "unknown_group",
        *(pl.col(name).alias(f"raw {role}") for role, name in _raw_names(column).items()),
        period=period,
        value=value,
        numerator=numerator,
        denominator=denominator,
        lower=_number(column.lower),
        upper=_number(column.upper),
        quality=_quality(column.quality, published),
    )
    return _drop_unreadable(frame, column, plan, log)


def _raw_names(column: ColumnPlan) -> dict[str, str]:
    names = {
        "value": column.column.name,
        "lower": column.lower,
        "upper": column.upper,
        "quality": column.quality,
    }
    return {role: name for role, name in names.items() if name}


def _number(name: str | None) -> pl.Expr:
    return pl.lit(None, dtype=pl.Float64) if name is None else _parsed(pl.col(name).str.strip_chars())


def _parsed(text: pl.Expr) -> pl.Expr:
    """Return the number that a text says; null if it says none, or one that is not finite."""
    number = text.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def _value_expressions(text: pl.Expr, role: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    nothing = pl.lit(None, dtype=pl.Float64)
    if role == "per-one":  # "2235:1" in some releases, 2235 in others
        return _parsed(text.str.strip_suffix(":1")), nothing, nothing
    if role == "pair":  # "0.119:0.246", or "11.9%:24.6%"
        sides = text.str.split_exact(":", 1)
        scale = pl.when(text.str.contains("%", literal=True)).then(0.01).otherwise(1.0)
        numerator, denominator = (
            _parsed(sides.struct.field(name).str.strip_chars().str.strip_suffix("%")) * scale
            for name in ("field_0", "field_1")
        )
        return pl.when(denominator != 0).then(numerator / denominator), numerator, denominator
    return _parsed(text), nothing, nothing


def _quality(name: str | None, published: Published) -> pl.Expr:
    if name is None:
        return pl.lit(None, dtype=pl.Int8)
    known = published.quality
    text = pl.col(name).str.strip_chars().str.to_lowercase()
    return text.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Int8)


def _drop_unreadable(
    frame: pl.DataFrame, column: ColumnPlan, plan: FilePlan, log: ProblemLog
) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """Leave out cells whose value is no number; a bound or flag that cannot be read is dropped."""
    rejected: dict[str, list[int]] = {}
    readable = pl.col("value").is_not_null()
    if column.column.role == "pair":
        readable = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()
    bad = frame.filter(pl.col("raw value").is_not_null() & ~readable).unique("line", maintain_order=True)
    if bad.height:
        message = "The value is not a number; it is left out."
        pairs = bad.select("line", "raw value").rows()
        log.add_lines(plan.file, "rejected", "value-not-a-number", message, pairs, column=column.column.name)
        rejected["value-not-a-number"] = bad["line"].to_list()
        frame = frame.filter(pl.col("raw value").is_null() | readable)
    for role, name in _raw_names(column).items():
        if role == "value":
            continue
        odd = frame.filter(pl.col(f"raw {role}").is_not_null() & pl.col(role).is_null())
        if odd.height:
            what = (
                "quality is none of 1, 2, 3 or their words" if role == "quality" else "bound is not a number"
            )
            pairs = odd.select("line", f"raw {role}").rows()
            rule = f"{role}-not-readable"
            log.add_lines(plan.file, "doubtful", rule, f"The {what}; it is dropped.", pairs, column=name)
    return frame.drop(pl.selectors.starts_with("raw ")).select(list(CELL_COLUMNS)), rejected
