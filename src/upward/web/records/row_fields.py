"""Small tables in forms: real rows of inputs, one more row at the press of a button, many pasted at once.

A cell is posted as `FIELD-ROW-COLUMN`. `FIELD-lines` holds pasted lines, whose cells stand between tabs (as copied from
a spreadsheet) or "|". `FIELD` itself holds all rows as JSON, where a page only carries them. Empty rows are left out,
and buttons named `more_FIELD` and `less_FIELD` ask for another row, or for one less, without saving.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from upward.base.errors import UsageError
from upward.base.messages import _
from upward.catalog.record_model import Field
from upward.plan.content import Row
from upward.plan.record_values import BETWEEN, typed_cells

Typed = list[dict[str, str]]
MOST_ROWS = 200
BLANK_ROWS = 2  # of an empty table
_PART = re.compile(r"(\d{1,4})-(\w+)")


def typed_in(data: Mapping[str, Any], field: Field) -> tuple[Typed, int] | None:
    """Return the rows typed into a form, and how many it showed; None where the form held none of the field.

    `data` is what was posted, or a draft of it. Raises UsageError for pasted lines with too many parts.
    """
    if field.id in data:
        return _carried(data.get(field.id)), 0
    cells: dict[int, dict[str, str]] = {}
    for name in data:
        found = (
            _PART.fullmatch(name.removeprefix(f"{field.id}-")) if name.startswith(f"{field.id}-") else None
        )
        if found and found[2] in field.columns and int(found[1]) < MOST_ROWS:
            cells.setdefault(int(found[1]), {})[found[2]] = str(data.get(name) or "")
    pasted = str(data.get(f"{field.id}-lines") or "")
    if not cells and f"{field.id}-lines" not in data:
        return None
    rows = [cells[number] for number in sorted(cells)]
    return [*_filled(rows), *pasted_rows(pasted, field)], len(rows)


def _carried(text: Any) -> Typed:
    try:
        held = json.loads(text or "[]")
    except (TypeError, ValueError):
        return []
    rows = held if isinstance(held, list) else []
    return _filled([{str(k): str(v) for k, v in row.items()} for row in rows if isinstance(row, dict)])


def _filled(rows: Sequence[Mapping[str, str]]) -> Typed:
    kept = [{name: cell for name, cell in row.items() if cell.strip()} for row in rows]
    return [row for row in kept if row][:MOST_ROWS]


def pasted_rows(text: str, field: Field) -> Typed:
    """Return pasted lines as rows; raise UsageError for a line with more parts than the table has columns."""
    rows = []
    for line in (line for line in text.splitlines() if line.strip()):
        parts = [part.strip() for part in line.split("\t" if "\t" in line else BETWEEN)]
        if len(parts) > len(field.columns):
            raise UsageError(
                _("“{line}” has too many parts; write {names}.").format(
                    line=line.strip()[:60], names=parts_words(field)
                )
            )
        rows.append(dict(zip(field.columns, parts, strict=False)))
    return _filled(rows)


def parts_words(field: Field) -> str:
    """Return the heads of the columns as a line is pasted."""
    return f" {BETWEEN} ".join(column.label for column in field.columns.values())


def asked_for_rows(data: Mapping[str, Any]) -> bool:
    """Tell whether a form was sent to show one row more or less, not to be saved."""
    return any(name.startswith(("more_", "less_")) for name in data)


def reshaped(data: Mapping[str, Any], field: Field) -> tuple[Typed, int] | None:
    """Return the rows of a form that asked for one more or one less, and how many to show."""
    try:
        found = typed_in(data, field)
    except UsageError:  # what was pasted is kept as it stands and refused on saving
        found = typed_in({name: data.get(name) for name in data if name != f"{field.id}-lines"}, field)
    if found is None:
        return None
    rows, shown = found
    less = str(data.get(f"less_{field.id}") or "")
    if less.isdigit() and f"{field.id}-{less}-{next(iter(field.columns))}" in data:
        without = {name: data.get(name) for name in data if not name.startswith(f"{field.id}-{less}-")}
        found = typed_in(without, field)
        return (found[0] if found else []), max(1, shown - 1)
    return rows, max(shown, len(rows)) + (f"more_{field.id}" in data)


def row_in_focus(data: Mapping[str, Any], field: Field, shown: int) -> int | None:
    """Return the row where work goes on: the new one, or the one that stands where another was removed."""
    if f"more_{field.id}" in data:
        return shown - 1
    less = str(data.get(f"less_{field.id}") or "")
    return min(int(less), shown - 1) if less.isdigit() else None


class HiddenRows(forms.HiddenInput):
    """All rows in one hidden input, on pages that only carry them."""

    def format_value(self, value: Any) -> str:
        """Return the rows as JSON."""
        return carried(value)


def carried(value: Any) -> str:
    """Return typed rows as one text, as `typed_in` reads it back."""
    return json.dumps(value or [], ensure_ascii=False)


class RowsWidget(forms.Widget):
    """A table of inputs: each row a group with its number, each cell with its label and its own error."""

    def __init__(self, field: Field, cells: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.field, self.cells = field, cells
        self.errors: dict[tuple[int, str], str] = {}
        self.shown = 0
        self.exact = False
        self.focus: int | None = None

    def value_from_datadict(self, data: Any, _files: Any, _name: str) -> Any:
        """Return the rows typed; a text instead of rows says what is wrong with what was pasted."""
        try:
            found = typed_in(data, self.field)
        except UsageError as problem:
            return problem.message
        if found is None:
            return []
        rows, self.shown = found
        return rows

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the rows as HTML; `renderer` is Django's, which is not needed."""
        del renderer
        rows: Typed = list(value) if isinstance(value, list | tuple) else []
        shown = self.shown if self.exact else max(self.shown, len(rows) + 1, 0 if rows else BLANK_ROWS)
        rows += [{} for _row in range(min(shown, MOST_ROWS) - len(rows))]
        base = str((attrs or {}).get("id") or f"id_{name}")
        return mark_safe(  # noqa: S308 - rendered by our own template
            render_to_string(
                "records/rows.html",
                {
                    "name": name,
                    "base": base,
                    "rows": [self._row(name, base, number, row) for number, row in enumerate(rows)],
                    "columns": list(self.field.columns.values()),
                    "parts": parts_words(self.field),
                    "pasted_wrong": isinstance(value, str),
                },
            )
        )

    def _row(self, name: str, base: str, number: int, row: Mapping[str, str]) -> list[dict[str, Any]]:
        cells = []
        for column, cell in self.cells.items():
            at, error = f"{base}_{number}_{column}", self.errors.get((number, column), "")
            more: dict[str, Any] = {"id": at}
            described = [f"{at}_error"] if error else []
            if cell.help_text:
                described.append(f"{base}_{column}_hint")
            if described:
                more["aria-describedby"] = " ".join(described)
            if error:
                more["aria-invalid"] = "true"
            if number == self.focus and column == next(iter(self.cells)):
                more["autofocus"] = True
            widget = cell.widget
            html = widget.render(f"{name}-{number}-{column}", row.get(column, ""), {**widget.attrs, **more})
            cells.append(
                {"id": at, "label": cell.label, "error": error, "input": html, "needed": cell.required}
            )
        return cells

    def id_for_label(self, id_: str) -> str:
        """Return the id of the group."""
        return id_


class RowsField(forms.Field):
    """A field of rows: every cell is read as its column says, and what is wrong is bound to its cell."""

    widget: RowsWidget
    hidden_widget = HiddenRows

    def __init__(self, field: Field, cells: Mapping[str, forms.Field]) -> None:
        self.specified = field
        self.error_ids: list[str] = []
        super().__init__(
            label=field.label, help_text=field.help, required=field.needed, widget=RowsWidget(field, cells)
        )

    def clean(self, value: Any) -> tuple[Row, ...] | None:
        """Return the rows; raises ValidationError with a message for each cell that cannot be read."""
        if isinstance(value, str):
            raise forms.ValidationError(value)
        problems, rows = [], []
        self.error_ids, self.widget.errors = [], {}
        for number, typed in enumerate(value or []):
            row: dict[str, Any] = {}
            for name, cell in self.widget.cells.items():
                try:
                    read = cell.clean(typed.get(name, ""))
                except forms.ValidationError as problem:
                    said = " ".join(problem.messages)
                    self.widget.errors[number, name] = said
                    self.error_ids.append(f"id_{self.specified.id}_{number}_{name}")
                    problems.append(
                        _("{field}, row {number}, {column}: {problem}").format(
                            field=self.label, number=number + 1, column=cell.label, problem=said
                        )
                    )
                    continue
                if read is not None:
                    row[name] = read
            rows.append(row)
        if problems:
            raise forms.ValidationError(problems)
        if self.required and not rows:
            raise forms.ValidationError(_("{field} is missing.").format(field=self.label))
        return tuple(rows) or None

    def words(self, value: Any) -> str:
        """Return rows as a page shows them side by side with another's."""
        rows = value if isinstance(value, list | tuple) else []
        return "\n".join(
            f" {BETWEEN} ".join(str(row.get(name, "")) for name in self.specified.columns) for row in rows
        )

    def carried(self, value: Any) -> str:
        """Return rows in one text, for a page that only carries them."""
        return carried(value)


def typed_table(field: Field, rows: Sequence[Row]) -> Typed:
    """Return rows as a form shows them to be changed."""
    return _filled([typed_cells(field, row) for row in rows])
