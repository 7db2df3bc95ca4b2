"""Conditions and derived fields as Polars expressions over the columns of a prepared store.

Texts are codes there: a test of a text becomes a test of codes, and a field of categories is built as codes.
Missing is null, and Polars' logic of null is the three-valued one that a specification means.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upward.engine.specification import (
    AnyOf,
    Between,
    Categories,
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
from upward.engine.store import Store

Array = NDArray[Any]
CODE = pl.Int32


class Expressions:
    """The fields of a specification over one store; `frame` holds the columns that they need."""

    def __init__(self, specification: Specification, store: Store) -> None:
        self._derived = {item.name: item for item in specification.fields}
        self._texts: dict[str, list[str]] = {}
        self._codes: dict[str, pl.Expr] = {}
        columns: dict[str, pl.Series] = {}
        self._numbers: dict[str, pl.Expr] = {}
        self.never_missing: set[str] = set()
        needed = columns_of(specification)
        for name in needed.numbers:
            values, missing = store.numbers(name)
            columns[f"n:{name}"] = pl.Series(values)
            self._numbers[name] = _without_marks(f"n:{name}", values) if missing else pl.col(f"n:{name}")
            if not missing:
                self.never_missing.add(name)
        for name in needed.texts:
            codes, self._texts[name], missing = store.texts(name)
            if missing:
                self.never_missing.discard(name)
            elif name not in needed.numbers:
                self.never_missing.add(name)
            columns[f"t:{name}"] = pl.Series(codes)
            column = pl.col(f"t:{name}").cast(CODE)
            self._codes[name] = pl.when(column >= 0).then(column) if missing else column
        self.frame = pl.DataFrame(columns)
        for item in specification.fields:
            if isinstance(item, Product):
                self._add_product(item)
            else:
                self._add_categories(item)

    def _add_product(self, item: Product) -> None:
        product: pl.Expr = pl.lit(item.times, dtype=pl.Float64)
        whole = self.number(item.factors[0]).cast(pl.Float64)
        for name in item.factors[1:]:
            whole = whole * self.number(name).cast(pl.Float64)
        self._numbers[item.name] = whole * product
        if all(name in self.never_missing for name in item.factors):
            self.never_missing.add(item.name)

    def _add_categories(self, item: Categories) -> None:
        texts = sorted({value for value, _condition in item.cases} | set(filter(None, [item.otherwise])))
        chain: Any = pl
        for value, condition in item.cases:
            met = self.condition(condition).fill_null(value=False)
            chain = chain.when(met).then(pl.lit(texts.index(value), dtype=CODE))
        rest = pl.lit(None, dtype=CODE)
        if item.otherwise is not None:
            rest = pl.lit(texts.index(item.otherwise), dtype=CODE)
        self._texts[item.name] = texts
        self._codes[item.name] = chain.otherwise(rest)
        if item.otherwise is not None:
            self.never_missing.add(item.name)

    def number(self, name: str) -> pl.Expr:
        """Return a field as a number."""
        return self._numbers[name]

    def product(self, names: Sequence[str]) -> pl.Expr:
        """Return the product of fields as a number."""
        first, *more = names
        return reduce(
            lambda product, name: product * self.number(name).cast(pl.Float64), more,
            self.number(first).cast(pl.Float64) if more else self.number(first),
        )  # fmt: skip

    def codes(self, name: str) -> tuple[pl.Expr, list[str]]:
        """Return a text field as codes, with the texts that they stand for."""
        return self._codes[name], self._texts[name]

    def condition(self, condition: Condition) -> pl.Expr:
        """Return a condition as true, false or null."""
        match condition:
            case OneOf(name, values) if compares_numbers(values):
                return _equals_one(self.number(name), [_whole(value) for value in values])
            case OneOf(name, values):
                column, texts = self.codes(name)
                return _equals_one(column, [texts.index(str(value)) for value in values if value in texts])
            case Between(name, low, high):
                column = self.number(name)
                ends: list[pl.Expr] = [column >= _whole(low)] if low is not None else []
                ends += [column <= _whole(high)] if high is not None else []
                return pl.all_horizontal(ends)
            case Missing(name):
                known = [fields[name] for fields in (self._codes, self._numbers) if name in fields]
                return known[0].is_null()
            case Not(part):
                return ~self.condition(part)
            case Every(parts):
                return pl.all_horizontal([self.condition(part) for part in parts])
            case AnyOf(parts):
                return pl.any_horizontal([self.condition(part) for part in parts])

    def evaluate(self, expressions: dict[str, pl.Expr]) -> pl.DataFrame:
        """Return the expressions' values for every record, in the order of the store."""
        return self.frame.lazy().select(**expressions).collect()


def _without_marks(column: str, values: Array) -> pl.Expr:
    """Return a stored column with its marks of missing as null."""
    expression = pl.col(column)
    if values.dtype.kind == "f":
        return expression.fill_nan(None)
    return pl.when(expression != int(np.iinfo(values.dtype).min)).then(expression)


def _equals_one(column: pl.Expr, values: Sequence[Any]) -> pl.Expr:
    """Return whether a column equals one of the values; null where it is missing."""
    if not values:
        return pl.when(column.is_not_null()).then(pl.lit(value=False))
    return pl.any_horizontal([column == value for value in values])


def _whole(value: Any) -> Any:
    """Return a whole number as such: comparing whole columns with it needs no conversion."""
    return int(value) if float(value).is_integer() else float(value)
