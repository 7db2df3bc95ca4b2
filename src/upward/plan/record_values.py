"""Values of records: read from what people typed, kept as JSON, shown in words.

Numbers stand in the unit that people see (a share of 41.5 percent in a local number is 41.5), but for fields of kind
share and for what is taken from a release (`pinned-metric`): these are as in the release, shares 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from upward.base.errors import UsageError
from upward.base.ids import GeoId
from upward.base.messages import _, current_language, pgettext
from upward.catalog.model import Catalog
from upward.catalog.record_files import options_from
from upward.catalog.record_model import Field, FieldKind
from upward.plan.answers import LONG_TEXT_LIMIT, TEXT_LIMIT, read_date, read_number, read_text
from upward.plan.content import RecordKey, Row, Value

ADDRESS_LIMIT = 500
BETWEEN = "|"  # stands between the cells of a row that is typed on one line
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_UID = re.compile(r"[a-z0-9]{4,32}")
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "sí": True, "si": True}
LARGEST = Decimal(10) ** 13
_NUMBERS = (FieldKind.NUMBER, FieldKind.SHARE, FieldKind.MONEY)
LOCALES = {"en": "en_US", "es": "es_US"}


def read_value(catalog: Catalog, field: Field, typed: Sequence[str]) -> Value | None:
    """Return the value that a person typed or chose, or None for none; raise UsageError saying what to do.

    `typed` holds the form's values: one text, or the ids chosen. Members and uploads are ids of the installation and
    are only passed on. Rows are one text with a line for each row and "|" between the cells.
    """
    values = [value.strip() for value in typed if value.strip()]
    if not values:
        return None
    kind = field.kind
    if kind in (FieldKind.CHOICES, FieldKind.PLACES):
        return _several(catalog, field, values)
    if kind is FieldKind.RECORDS:
        return tuple(dict.fromkeys(_key(field, value) for value in values))
    if len(values) != 1:
        raise UsageError(_("Give one answer."))
    value = values[0]
    if kind is FieldKind.RECORD:
        return _key(field, value)
    if kind is FieldKind.ROWS:
        return read_rows(catalog, field, value)
    return _one(catalog, field, value)


def _one(catalog: Catalog, field: Field, value: str) -> Value:
    if field.kind in (FieldKind.CHOICE, FieldKind.VARIABLE, FieldKind.GROUP):
        return _option(catalog, field, value)
    reader = _READERS.get(field.kind)
    return reader(value) if reader else read_text(value, TEXT_LIMIT)


def _month(value: str) -> str:
    if not _MONTH.fullmatch(value):
        raise UsageError(_("Give year and month in figures, such as 2027-03."))
    return value


def _year(value: str) -> int:
    if not re.fullmatch(r"1[6-9]\d\d|2[01]\d\d", value):
        raise UsageError(_("Give the year in four figures, such as 2027."))
    return int(value)


def _share(value: str) -> Decimal:
    share = read_number(value.removesuffix("%").strip())
    if not 0 <= share <= 100:
        raise UsageError(_("Give a percentage from 0 to 100."))
    return share / 100


def _yes_no(value: str) -> bool:
    if value.casefold() not in _YES:
        raise UsageError(_("Answer yes or no."))
    return _YES[value.casefold()]


def _within(number: Decimal) -> Decimal:
    if abs(number) >= LARGEST:
        raise UsageError(_("Give a smaller number."))
    return number


def _address(value: str) -> str:
    try:
        parts = urlsplit(value if "//" in value else f"https://{value}")
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or " " in value:
        raise UsageError(_("Give an address on the web, such as https://example.org/report."))
    if len(parts.geturl()) > ADDRESS_LIMIT:
        raise UsageError(_("Use a shorter address."))
    return parts.geturl()


_READERS: Mapping[FieldKind, Callable[[str], Value]] = {
    FieldKind.TEXT: lambda value: read_text(value, LONG_TEXT_LIMIT),
    FieldKind.DATE: lambda value: read_date([value]),
    FieldKind.MONTH: _month,
    FieldKind.YEAR: _year,
    FieldKind.NUMBER: lambda value: _within(read_number(value)),
    FieldKind.MONEY: lambda value: _within(read_number(value)),
    FieldKind.SHARE: _share,
    FieldKind.YES_NO: _yes_no,
    FieldKind.LINK: _address,
    FieldKind.PLACE: lambda value: str(GeoId.parse(value)),
}


def _several(catalog: Catalog, field: Field, values: list[str]) -> tuple[str, ...]:
    if field.kind is FieldKind.PLACES:
        return tuple(dict.fromkeys(str(GeoId.parse(value)) for value in values))
    chosen = {_option(catalog, field, value) for value in values}
    return tuple(name for name in options_of_field(catalog, field) if name in chosen)


def _option(catalog: Catalog, field: Field, value: str) -> str:
    """Return the id of an option, given as id or by its name."""
    options = options_of_field(catalog, field)
    if value in options:
        return value
    named = [name for name, shown in options.items() if shown.casefold() == value.casefold()]
    if len(named) != 1:
        raise UsageError(_("“{value}” is not one of the options.").format(value=value[:60]))
    return named[0]


def _key(field: Field, value: str) -> RecordKey:
    uid = value.rpartition(":")[2]
    if not _UID.fullmatch(uid):
        raise UsageError(_("“{value}” is not a record.").format(value=value[:60]))
    return RecordKey(field.of, uid)


def read_rows(catalog: Catalog, field: Field, text: str) -> tuple[Row, ...]:
    """Return the rows typed one on a line, with "|" between the cells; raise UsageError naming the row."""
    found = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        cells = [cell.strip() for cell in line.split(BETWEEN)]
        if len(cells) > len(field.columns):
            names = f" {BETWEEN} ".join(column.label for column in field.columns.values())
            raise UsageError(
                _("Row {number} has too many parts; write {names}.").format(number=number, names=names)
            )
        row: dict[str, Any] = {}
        for (name, column), cell in zip(
            field.columns.items(), [*cells, *[""] * len(field.columns)], strict=False
        ):
            try:
                value = read_value(catalog, column, [cell])
            except UsageError as problem:
                raise UsageError(
                    _("Row {number}, {column}: {problem}").format(
                        number=number, column=column.label, problem=problem.message
                    )
                ) from problem
            if value is None and column.needed:
                raise UsageError(
                    _("Row {number} needs: {column}.").format(number=number, column=column.label)
                )
            if value is not None:
                row[name] = value
        found.append(row)
    return tuple(found)


def options_of_field(catalog: Catalog, field: Field) -> Mapping[str, str]:
    """Return the options of a choice, a variable or a group: id to name, in the catalogue's language."""
    if field.kind is FieldKind.VARIABLE:
        return {variable.id: variable.label for variable in catalog.variables.values()}
    if field.kind is FieldKind.GROUP:
        return {
            f"{kind.id}/{group.id}": f"{kind.name}: {group.name}"
            for kind in catalog.group_types.values()
            for group in kind.groups
        }
    return options_from(catalog, field.options_from)


# --- JSON ----------------------------------------------------------------------------------------------------------
def stored_value(value: Value) -> Any:
    """Return a value as JSON can hold it; numbers are text, so that no digit is lost."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, RecordKey):
        return value.uid
    if isinstance(value, tuple):
        return [
            {name: stored_value(cell) for name, cell in item.items()}
            if isinstance(item, Mapping)
            else stored_value(item)
            for item in value
        ]
    return str(value)


def value_from_stored(field: Field, stored: Any) -> Value | None:
    """Return the value that `stored_value` made; raise ValueError or TypeError for what it cannot have made."""
    if stored in (None, "", []):
        return None
    if field.kind in _NUMBERS:
        number = Decimal(str(stored))
        if not number.is_finite() or abs(number) >= LARGEST:
            raise ValueError(field.id)
        return number
    if field.kind is FieldKind.RECORD:
        return RecordKey(field.of, _text(stored))
    if field.kind is FieldKind.RECORDS:
        return tuple(RecordKey(field.of, _text(item)) for item in stored)
    if field.kind in (FieldKind.CHOICES, FieldKind.PLACES):
        return tuple(_text(item) for item in stored)
    if field.kind is FieldKind.ROWS:
        return tuple(_row_from_stored(field, row) for row in stored)
    return _plain_from_stored(field, stored)


def _plain_from_stored(field: Field, stored: Any) -> Value:
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(stored)
    if field.kind is FieldKind.YEAR:
        return int(stored)
    if field.kind is FieldKind.YES_NO:
        if not isinstance(stored, bool):
            raise ValueError(field.id)
        return stored
    return _text(stored)


def _row_from_stored(field: Field, row: Mapping[str, Any]) -> Row:
    cells = {name: value_from_stored(column, row.get(name)) for name, column in field.columns.items()}
    return {name: cell for name, cell in cells.items() if cell is not None}  # type: ignore[misc]  # cells are plain


def _text(stored: Any) -> str:
    if not isinstance(stored, str):
        raise TypeError(f"text expected, found {type(stored).__name__}")
    return stored


def checked_value(catalog: Catalog, field: Field, stored: Any) -> Value | None:
    """Return the value that JSON from outside holds; raise UsageError for what a person could not have typed."""
    try:
        value = value_from_stored(field, stored)
    except (ValueError, TypeError, AttributeError, ArithmeticError) as problem:
        raise UsageError(_("{field}: this cannot be read.").format(field=field.label)) from problem
    if value is None:
        return None
    if field.kind is FieldKind.SHARE and isinstance(value, Decimal):
        if not 0 <= value <= 1:
            raise UsageError(_("{field}: give a share from 0 to 1.").format(field=field.label))
        return value
    try:
        return _as_typed(catalog, field, value)
    except UsageError as problem:
        raise UsageError(f"{field.label}: {problem.message}") from problem


def _as_typed(catalog: Catalog, field: Field, value: Value) -> Value | None:
    if field.kind is FieldKind.ROWS and isinstance(value, tuple):
        rows = tuple(
            {
                name: checked_value(catalog, field.columns[name], stored_value(cell))
                for name, cell in row.items()
            }
            for row in value
            if isinstance(row, Mapping)
        )
        if any(column.needed and not row.get(name) for row in rows for name, column in field.columns.items()):
            raise UsageError(_("A row lacks what it needs."))
        return rows  # type: ignore[return-value]  # cells are plain
    if isinstance(value, bool):
        return value
    stored = stored_value(value)
    return read_value(
        catalog, field, [str(item) for item in stored] if isinstance(stored, list) else [str(stored)]
    )


def plain_number(number: Decimal) -> str:
    """Return a number in figures, without zeros that say nothing.

    >>> plain_number(Decimal("41.500000"))
    '41.5'
    >>> plain_number(Decimal("1E+3"))
    '1000'
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- words ---------------------------------------------------------------------------------------------------------
def value_words(
    catalog: Catalog,
    field: Field,
    value: Value | None,
    *,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return a value as pages and documents show it, in the language in force.

    `names` says what records (by key), people, places and files are called; what it lacks stands as its id.
    """
    names = names or {}
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if isinstance(value, date):
        return str(format_date(value, format="long", locale=current_language()))
    if isinstance(value, Decimal):
        return _number_words(field, value)
    if isinstance(value, tuple):
        return "; ".join(_item_words(catalog, field, item, names) for item in value)
    if field.kind is FieldKind.MONTH and isinstance(value, str) and _MONTH.fullmatch(value):
        day = date(int(value[:4]), int(value[5:]), 1)
        return str(format_skeleton("yMMMM", day, locale=current_language()))
    return str(value) if isinstance(value, int) else _item_words(catalog, field, value, names)


def _number_words(field: Field, value: Decimal) -> str:
    locale = LOCALES[current_language()]
    if field.kind is FieldKind.SHARE:
        return str(format_percent(value, "#,##0.#%", locale=locale))
    if field.kind is FieldKind.MONEY:
        pattern = "¤#,##0" if value == value.to_integral_value() else "¤#,##0.00"
        return str(format_currency(value, "USD", pattern, locale=locale, currency_digits=False))
    return str(format_decimal(value, "#,##0.######", locale=locale))


def _item_words(catalog: Catalog, field: Field, item: Any, names: Mapping[str, str]) -> str:
    if isinstance(item, RecordKey):
        return names.get(str(item), item.uid)
    if isinstance(item, Mapping):
        cells = [(column, item[name]) for name, column in field.columns.items() if name in item]
        return ", ".join(value_words(catalog, column, cell, names=names) for column, cell in cells)
    if field.options_from or field.kind in (FieldKind.VARIABLE, FieldKind.GROUP):
        return options_of_field(catalog, field).get(item, item)
    return names.get(item, item)


def typed_rows(field: Field, rows: Sequence[Row]) -> str:
    """Return rows as `read_rows` reads them."""
    return "\n".join(
        f" {BETWEEN} ".join(_typed_cell(column, row.get(name)) for name, column in field.columns.items())
        for row in rows
    )


def _typed_cell(column: Field, value: Any) -> str:
    """Return a cell as it stands between others on one line."""
    return _typed(column, value).replace("\n", " ").replace(BETWEEN, "/")


def typed_cells(field: Field, row: Row) -> dict[str, str]:
    """Return the cells of a row as people type them, by column."""
    return {name: _typed(column, row.get(name)) for name, column in field.columns.items()}


def _typed(column: Field, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal) and column.kind is FieldKind.SHARE:
        return plain_number(value * 100)
    return str(stored_value(value))
