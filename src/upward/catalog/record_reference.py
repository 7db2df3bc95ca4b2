"""Reference page of the records: what the guide asks for, field by field, and where it stands in the plan."""

from __future__ import annotations

from collections.abc import Iterator

from upward.catalog import model
from upward.catalog.markdown import MADE, code, table
from upward.catalog.record_model import Field, RecordKind

INTRODUCTION = (
    "What a plan keeps, step by step. *The guide* gives the words of the Planning Guide, or of the tool in common use, "
    "that a field answers to; where it is empty the field is ours. Each kind has a list at "
    "`/plans/SLUG/records/KIND/` and a page for each record below it. A field that *stands on* another record is a "
    "link of the evidence thread. *Private* fields have a permission of their own and never reach the plan; what "
    "Upward *sets* itself is never typed. What the guide names and is no field here is told in "
    "[What the guide names, and how a plan keeps it](../explanation/guide-and-records.md).\n"
)


def records_page(catalog: model.Catalog) -> str:
    """Return the page that ties guide, field, page of the workbench and section of the plan together."""
    parts = [f"# Records and their fields\n\n{MADE}", INTRODUCTION]
    for step in catalog.steps.values():
        parts.append(f"## Step {step.number}. {step.name}\n")
        for kind in catalog.records.values():
            if kind.step == step.slug:
                parts += _kind_section(catalog, kind)
    return "\n".join(parts)


def _kind_section(catalog: model.Catalog, kind: RecordKind) -> Iterator[str]:
    section = f"section “{catalog.outline[kind.section].name}”" if kind.section else "not printed in the plan"
    yield f"### {kind.name}\n"
    yield f"{kind.meaning} Page {code(f'/plans/SLUG/records/{kind.id}/')}; {section}; basis: {kind.basis}.\n"
    yield table(
        ("the guide", "field", "id", "holds", "notes"),
        (
            (field.guide, field.label, code(field.id), _holds(catalog, field), _notes(field))
            for field in kind.fields.values()
        ),
    )


def _holds(catalog: model.Catalog, field: Field) -> str:
    if field.of:
        one = field.kind == "record"
        return catalog.records[field.of].name.lower() if one else catalog.records[field.of].plural.lower()
    if field.options_from:
        return f"{field.kind} of {code(field.options_from)}"
    if field.columns:
        return f"rows: {', '.join(column.label.lower() for column in field.columns.values())}"
    return field.kind.value


def _notes(field: Field) -> str:
    flags = (
        ("needed", field.needed),
        ("stands on", field.stands_on),
        ("private", field.private),
        ("set by Upward", field.given),
    )
    return ", ".join(name for name, there in flags if there)
