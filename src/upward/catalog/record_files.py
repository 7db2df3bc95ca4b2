"""Kinds of records, read strictly from `records/STEP.yaml`, with the checks that a single file cannot make."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from pathlib import Path

from upward.catalog import model
from upward.catalog.reading import Fields, Problems, read_yaml
from upward.catalog.record_model import CHOICES, Field, FieldKind, RecordKind
from upward.catalog.step_model import Basis

FOLDER = "records"
APPS = (
    "evidence", "readiness", "coalition", "engagement", "strategy", "measurement", "documents", "momentum",
)  # fmt: skip
CATALOG_OPTIONS = (
    "dimensions", "pillars", "predictors", "metrics", "editions", "units", "steps", "outline", "checklist",
)  # fmt: skip
# Names that every record carries beside its own fields.
RESERVED = frozenset((
    "id", "uid", "plan", "version", "created_at", "created_by", "changed_at", "changed_by", "withdrawn_at",
    "withdrawn_by", "withdrawn_reason", "flags", "title_text", "key", "pk", "objects",
))  # fmt: skip


def record_file(step: str) -> str:
    """Return the name of the file that describes the records of a step, as messages show it."""
    return f"{FOLDER}/{step}.yaml"


def read_records(folder: Path, steps: Mapping[str, object], problems: Problems) -> dict[str, RecordKind]:
    """Return the kinds of records by id, in the order of the steps; whatever is wrong is added to `problems`."""
    kinds: dict[str, RecordKind] = {}
    files = {path.stem: path for path in sorted((folder / FOLDER).glob("*.yaml"))}
    for step in [*(name for name in steps if name in files), *sorted(files.keys() - steps.keys())]:
        top = read_yaml(files[step], record_file(step), problems)
        for name, fields in top.each("records"):
            if name in kinds:
                fields.problem("name", f"is also in {record_file(kinds[name].step)}.")
            kinds[name] = _read_kind(name, step, fields)
        top.done()
    return kinds


def _read_kind(name: str, step: str, fields: Fields) -> RecordKind:
    kind = RecordKind(
        id=name,
        name=fields.text("name"),
        plural=fields.text("plural"),
        meaning=fields.text("meaning"),
        step=step,
        app=fields.word("app", APPS),
        section=fields.identifier("section", default=""),
        basis=fields.choice("basis", Basis),
        shared_later=fields.flag("shared_later", default=False),
        fields={item: _read_field(item, inner) for item, inner in fields.each("fields")},
    )
    if sum(item.title for item in kind.fields.values()) != 1:
        fields.problem("fields", "expected exactly one field with “title: true”.")
    if any(item.title and not item.needed for item in kind.fields.values()):
        fields.problem("fields", "the field that names the record must be needed.")
    fields.done()
    return kind


def _read_field(name: str, fields: Fields, *, in_rows: bool = False) -> Field:
    field = Field(
        id=name,
        label=fields.text("label"),
        kind=fields.choice("kind", FieldKind),
        help=fields.text("help", default=""),
        guide=fields.text("guide", default=""),
        options_from=fields.identifier("options_from", default=""),
        of=fields.identifier("of", default=""),
        columns={
            column: _read_field(column, inner, in_rows=True)
            for column, inner in (fields.each("columns", required=False) if not in_rows else ())
        },
        **{
            flag: fields.flag(flag, default=False)
            for flag in ("needed", "title", "listed", "filtered", "given", "private", "stands_on")
        },
    )
    for problem in _field_problems(field, in_rows=in_rows):
        fields.problem("kind", problem)
    fields.done()
    return field


def _field_problems(field: Field, *, in_rows: bool) -> Iterator[str]:
    if not field.id.isidentifier() or keyword.iskeyword(field.id) or field.id in RESERVED:
        yield f"“{field.id}” cannot be the name of a field."
    if (field.kind in CHOICES) != bool(field.options_from):
        yield "“options_from” belongs to choice and choices, and both need it."
    if field.is_link != bool(field.of):
        yield "“of” belongs to record and records, and both need it."
    if (field.kind is FieldKind.ROWS) != bool(field.columns):
        yield "“columns” belong to rows, and rows need them."
    if field.stands_on and not field.is_link:
        yield "only a link stands on something."
    if field.private and (field.title or field.listed or field.filtered):
        yield "a private field is neither the title nor in lists or filters."
    if field.given and field.needed:
        yield "what Upward sets itself cannot be needed of people."
    if in_rows and (field.is_link or field.kind in (FieldKind.ROWS, FieldKind.UPLOAD, FieldKind.MEMBER)):
        yield "rows hold plain values."


def record_problems(catalog: model.Catalog) -> Iterator[str]:
    """Yield every reference of a kind of record that leads nowhere, as "file: key path: what is expected"."""
    for kind in catalog.records.values():
        file, path = record_file(kind.step), f"records.{kind.id}"
        if kind.section and kind.section not in catalog.outline:
            yield f"{file}: {path}.section: “{kind.section}” does not exist; expected a section."
        for field in kind.fields.values():
            for item in (field, *field.columns.values()):
                at = f"{file}: {path}.fields.{item.id}"
                if item.options_from and not has_options(catalog, item.options_from):
                    yield f"{at}.options_from: “{item.options_from}” does not exist."
                if item.of and item.of not in catalog.records:
                    yield f"{at}.of: “{item.of}” does not exist; expected a record."


def has_options(catalog: model.Catalog, source: str) -> bool:
    """Tell whether a source of options exists."""
    return source in catalog.vocabularies or source in CATALOG_OPTIONS


def options_from(catalog: model.Catalog, source: str) -> dict[str, str]:
    """Return the options of a vocabulary or a part of the catalogue: id to name, in the catalogue's language."""
    if source in catalog.vocabularies:
        return {name: entry.name for name, entry in catalog.vocabularies[source].entries.items()}
    items = getattr(catalog, source)
    return {name: item.text if source == "checklist" else item.name for name, item in items.items()}
