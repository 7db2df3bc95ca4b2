"""Records as tables: written as CSV and as a workbook, and read back with a preview before anything is saved.

A column is named by the label of its field; when read, its id or its label in any language is taken. Links are written
as "title [uid]", one on a line; a title alone is taken where one record has it.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from upward.base.errors import DataError, UpwardError, UsageError
from upward.base.messages import LANGUAGES, _
from upward.catalog.load import load_catalog
from upward.catalog.record_model import Field, FieldKind, RecordKind
from upward.plan.content import RecordKey, Value
from upward.plan.record_values import (
    plain_number,
    read_value,
    stored_value,
    typed_rows,
    value_from_stored,
    value_words,
)
from upward.present.download import escape_cell
from upward.present.sheets import Book
from upward.web.plans.catalogue import catalog
from upward.web.plans.models import Draft, Plan, Upload
from upward.web.plans.places import read_places
from upward.web.plans.policies import Access, Permission, check_may
from upward.web.plans.queries import assignable_people
from upward.web.records import actions
from upward.web.records.kinds import kind_called, model_of
from upward.web.records.models import PlanRecord
from upward.web.records.pages import place_names
from upward.web.records.queries import fields_for, one_links, standing
from upward.web.records.values import title_of, value_of, values_of

CREATED = "2026-01-01T00:00:00Z"
UID = "uid"
MOST_ROWS = 2_000
MOST_BYTES = 5_000_000
_KEYED = re.compile(r"\[([a-z0-9]{4,32})\]\s*$")


# --- out -----------------------------------------------------------------------------------------------------------
def table_of(access: Access, kind: RecordKind) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of all records of a kind that stand; private fields only for who may see them."""
    fields = fields_for(access, kind)
    several = [field.id for field in fields if field.kind is FieldKind.RECORDS]
    records = list(
        standing(access, kind).select_related(*one_links(kind)).prefetch_related(*several).order_by("pk")
    )
    titles = {field.of: _titles(access.plan, field.of) for field in fields if field.is_link}
    places = place_names(access.plan) if records else {}
    rows = [
        [record.uid, *(_cell(record, field, value_of(record, field), titles, places) for field in fields)]
        for record in records
    ]
    return [UID, *(field.label for field in fields)], rows


def _titles(plan: Plan, kind: str) -> dict[str, str]:
    return {record.uid: title_of(record) for record in model_of(kind)._default_manager.filter(plan=plan)}


def _cell(
    record: PlanRecord,
    field: Field,
    value: Value | None,
    titles: Mapping[str, Mapping[str, str]],
    places: Mapping[str, str],
) -> str:
    if value is None:
        return ""
    if field.is_link:
        keys = value if isinstance(value, tuple) else (value,)
        lines = [
            f"{titles[field.of].get(key.uid, '')} [{key.uid}]" for key in keys if isinstance(key, RecordKey)
        ]
        return "\n".join(" ".join(line.split()) for line in lines)
    if field.kind is FieldKind.MEMBER:
        return str(getattr(record, field.id).get_full_name())
    if field.kind is FieldKind.UPLOAD:
        return str(getattr(record, field.id).name)
    if field.kind is FieldKind.ROWS and isinstance(value, tuple):
        return typed_rows(field, value)  # type: ignore[arg-type]
    if field.kind in (FieldKind.CHOICES, FieldKind.PLACES) and isinstance(value, tuple):
        return "\n".join(value_words(catalog(), field, (item,), names=places) for item in value)  # type: ignore[arg-type]
    if field.kind in (FieldKind.CHOICE, FieldKind.VARIABLE, FieldKind.PLACE, FieldKind.YES_NO):
        return value_words(catalog(), field, value, names=places)
    if field.kind is FieldKind.SHARE:
        return plain_number(value * 100)  # type: ignore[operator]
    return str(stored_value(value))


def csv_of(access: Access, kind: RecordKind) -> bytes:
    """Return the records of a kind as CSV (UTF-8); no cell is ever run as a formula."""
    heads, rows = table_of(access, kind)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([escape_cell(head) for head in heads])
    writer.writerows([[escape_cell(cell) for cell in row] for row in rows])
    return buffer.getvalue().encode("utf-8")


def workbook_of(access: Access, kind: RecordKind) -> bytes:
    """Return the records of a kind as a workbook of one sheet; the same records give the same bytes."""
    heads, rows = table_of(access, kind)
    book = Book(f"{access.plan.name}: {kind.plural}", "Upward", CREATED)
    book.sheet(kind.plural[:31], f"{access.plan.name}: {kind.plural}", heads, rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        book.write(path)
        return path.read_bytes()


# --- in ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Incoming:
    """A row of a table that is brought in: what it would do, or what is wrong with it."""

    number: int  # of the line in the file, the heads being line 1
    title: str
    does: str  # new, change or same
    uid: str
    version: int
    values: Mapping[str, Value | None]
    problems: tuple[str, ...]


def read_table(content: bytes, name: str) -> list[list[str]]:
    """Return the cells of a CSV file or of a workbook's first sheet as text; raise DataError where it is neither."""
    if len(content) > MOST_BYTES:
        raise DataError(_("The table is larger than {limit} MB.").format(limit=MOST_BYTES // 1_000_000))
    rows = _workbook_rows(content) if name.lower().endswith(".xlsx") else _csv_rows(content)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS + 2:
        raise DataError(_("A table has {limit} rows or fewer.").format(limit=MOST_ROWS))
    return rows


def _csv_rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise DataError(_("This is not a table."), advice=_("Save it as CSV (UTF-8) or XLSX."))
    first = text.partition("\n")[0]
    divider = max(",;\t", key=first.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text), delimiter=divider)]
    except csv.Error as problem:
        raise DataError(_("This is not a table."), advice=_("Save it as CSV (UTF-8) or XLSX.")) from problem


def _workbook_rows(content: bytes) -> list[list[str]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [
            [_cell_text(value) for value in row]
            for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 4, max_col=200)
        ]
        book.close()
    except Exception as problem:  # openpyxl raises whatever its parsers raise
        raise DataError(
            _("This is not a workbook."), advice=_("Save it as CSV (UTF-8) or XLSX.")
        ) from problem
    return rows


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "date") and callable(value.date):
        return str(value.date().isoformat())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def preview(access: Access, kind: RecordKind, rows: Sequence[Sequence[str]]) -> list[Incoming]:
    """Return what each row would do; raise DataError where the heads fit no field."""
    at, columns = _heads(access, kind, rows)
    reading = _Reading(access, kind)
    held = {record.uid: record for record in standing(access, kind)}
    return [
        reading.row(number, [*row, *[""] * len(columns)], columns, held)
        for number, row in enumerate(rows[at + 1 :], at + 2)
    ]


def _heads(
    access: Access, kind: RecordKind, rows: Sequence[Sequence[str]]
) -> tuple[int, list[Field | str | None]]:
    """Return the line of the heads (a workbook of ours has a title above) and the field of each column."""
    ids: dict[str, Field | str] = {UID: UID, **{field.id: field for field in kind.fields.values()}}
    labels: dict[str, Field] = {}
    for language in LANGUAGES:
        for field in load_catalog(language).records[kind.id].fields.values():
            labels.setdefault(field.label.casefold(), kind.fields[field.id])
    allowed = {field.id for field in fields_for(access, kind) if not field.given}
    for at, row in enumerate(rows[:3]):
        heads = [head.strip().lstrip("'") for head in row]
        # As it is written an id is an id: the label “Answer” is that of another field than the id “answer”.
        columns = [ids.get(head) or labels.get(head.casefold()) or ids.get(head.casefold()) for head in heads]
        if kind.title in columns:
            return at, [
                column if isinstance(column, str) or (column is not None and column.id in allowed) else None
                for column in columns
            ]
    raise DataError(
        _("No column is called “{title}”.").format(title=kind.title.label),
        advice=_("Name the columns as in the table that you can take out here."),
    )


class _Reading:
    """Reads the rows of one table; what links may lead to is looked up once."""

    def __init__(self, access: Access, kind: RecordKind) -> None:
        self.access, self.kind = access, kind
        self.records = {field.of: _titles(access.plan, field.of) for field in kind.links}
        self.people = {one.get_full_name().casefold(): str(one.pk) for one in assignable_people(access.plan)}
        self.files = {upload.name: str(upload.pk) for upload in Upload.objects.filter(plan=access.plan)}
        self.places = place_names(access.plan)

    def row(
        self,
        number: int,
        cells: Sequence[str],
        columns: Sequence[Field | str | None],
        held: Mapping[str, PlanRecord],
    ) -> Incoming:
        """Return what a row would do."""
        values: dict[str, Value | None] = {}
        problems: list[str] = []
        uid = ""
        for column, cell in zip(columns, cells, strict=False):
            text = cell.strip()
            if text.startswith("'") and text[1:2] in tuple("=+-@"):
                text = text[1:]  # what `escape_cell` put there
            if column == UID:
                uid = text
            elif isinstance(column, Field):
                try:
                    values[column.id] = self.value(column, text)
                except UpwardError as problem:
                    problems.append(f"{column.label}: {problem.message}")
        record = held.get(uid)
        if uid and record is None:
            problems.append(
                _("There is no record “{uid}” here; leave the cell empty for a new one.").format(uid=uid[:40])
            )
        before = values_of(record, self.kind) if record else {}
        after = {**before, **values}
        problems += [
            _("{field} is missing.").format(field=field.label)
            for field in self.kind.fields.values()
            if field.needed and after.get(field.id) is None and not problems
        ]
        changed = {name: value for name, value in values.items() if before.get(name) != value}
        does = "new" if record is None else "change" if changed else "same"
        return Incoming(
            number=number,
            title=str(after.get(self.kind.title.id) or ""),
            does=does,
            uid=uid,
            version=record.version if record else 0,
            values={
                name: value
                for name, value in (changed if record else values).items()
                if record or value is not None
            },
            problems=tuple(problems),
        )

    def value(self, field: Field, text: str) -> Value | None:
        """Return the value of a cell."""
        if not text:
            return None
        if field.is_link:
            keys = [self.key(field, part) for part in text.splitlines() if part.strip()]
            return read_value(catalog(), field, keys)
        if field.kind is FieldKind.MEMBER:
            return _among(self.people, text.casefold(), text)
        if field.kind is FieldKind.UPLOAD:
            return _among(self.files, text, text)
        if field.kind in (FieldKind.PLACE, FieldKind.PLACES):
            codes = tuple(code for code, _name in read_places(text.replace(";", "\n"), known=self.places))
            return codes if field.kind is FieldKind.PLACES else codes[0]
        if field.kind is FieldKind.CHOICES:
            return read_value(catalog(), field, re.split(r"[;\n]", text))
        return read_value(catalog(), field, [text])

    def key(self, field: Field, text: str) -> str:
        """Return the uid that a cell names, as "title [uid]" or as a title alone."""
        titles = self.records[field.of]
        match = _KEYED.search(text)
        if match and match[1] in titles:
            return match[1]
        found = [uid for uid, title in titles.items() if " ".join(title.split()) == " ".join(text.split())]
        if len(found) != 1:
            raise UsageError(_("“{text}” is not one record of this plan.").format(text=text.strip()[:60]))
        return found[0]


def _among(known: Mapping[str, str], name: str, text: str) -> str:
    if name not in known:
        raise UsageError(_("“{text}” is not known in this plan.").format(text=text[:60]))
    return known[name]


def draft_name(kind: RecordKind) -> str:
    """Return the name under which a previewed table waits."""
    return f"import:{kind.id}"


@transaction.atomic
def keep_preview(*, by: Access, kind: RecordKind, incoming: Iterable[Incoming]) -> None:
    """Keep the rows that can be brought in until the person says so; nobody else sees them."""
    check_may(by, Permission.ASSIGN)
    rows = [
        {
            "uid": row.uid,
            "version": row.version,
            "values": {
                name: None if value is None else stored_value(value) for name, value in row.values.items()
            },
        }
        for row in incoming
        if row.does != "same" and not row.problems
    ]
    Draft.objects.update_or_create(
        user=by.person, plan=by.plan, form=draft_name(kind), defaults={"fields": {"rows": rows}}
    )


@transaction.atomic
def bring_in(*, by: Access, kind: RecordKind) -> tuple[int, int]:
    """Save the rows that wait, all or none, and return how many are new and how many changed."""
    check_may(by, Permission.ASSIGN)
    waiting = Draft.objects.filter(user=by.person, plan=by.plan, form=draft_name(kind)).first()
    if waiting is None:
        raise UsageError(_("Choose the table again: the preview is gone."))
    held = kind_called(kind.id)
    records = {record.uid: record for record in standing(by, kind)}
    added = changed = 0
    for row in waiting.fields["rows"]:
        values = {
            name: value_from_stored(held.fields[name], stored) for name, stored in row["values"].items()
        }
        if row["uid"]:
            record = records.get(row["uid"])
            if record is None:
                raise DataError(_("A record was withdrawn meanwhile."), advice=_("Choose the table again."))
            actions.change_record(by=by, record=record, version=row["version"], values=values)
            changed += 1
        else:
            actions.add_record(by=by, kind=kind.id, values=values)
            added += 1
    waiting.delete()
    return added, changed
