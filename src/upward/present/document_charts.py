"""Charts and tables of a page as blocks of a document: figures with their sentence, tables with the same numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from upward.present import svg
from upward.present.alternatives import alternatives_of
from upward.present.document import (
    Block,
    Column,
    Drawing,
    Figure,
    Listing,
    Missing,
    Rows,
    Table,
    Text,
    strong,
    text,
)
from upward.present.specs import Chart, Drawn, GroupsChart, MiniChart, NoChart, TableSpec

_SIZE = re.compile(r'<svg[^>]* viewBox="0 0 ([\d.]+) ([\d.]+)"')
#: A table with more columns than this becomes hard to read on a page.
MANY_COLUMNS = 5


def drawings_of(chart: Drawn, what: str = "") -> tuple[Drawing, ...]:
    """Return the drawing of a chart, or one for each of its panels, each with what it shows in words.

    `what` names the number that is drawn.
    """
    return tuple(
        drawing_of(made, words)
        for made, words in zip(svg.draw_files(chart), alternatives_of(chart, what), strict=True)
    )


def drawing_of(made: str, sentence: str) -> Drawing:
    """Return an SVG file as a drawing; its size is that of its view box."""
    found = _SIZE.match(made)
    assert found, "every drawing of ours has a view box"
    return Drawing(made, sentence, round(float(found[1])), round(float(found[2])))


def figure_of(
    chart: Chart | MiniChart, *, what: str = "", table: str = "", caption: str = "", note: Text = ()
) -> Block:
    """Return a chart as a figure, or the reason why there is none."""
    if isinstance(chart, NoChart):
        return Missing(f"{chart.caption}. {chart.reason}")
    if isinstance(chart, GroupsChart) and chart.instead:
        return Missing(f"{chart.caption}. {chart.instead}")
    head = caption or ("" if isinstance(chart, MiniChart) else chart.caption)
    return Figure(head, note, drawings_of(chart, what), table)


def table_of(spec: TableSpec, id_: str = "") -> tuple[Block, ...]:
    """Return a table; its remarks, which have one text for all columns, follow it as a list."""
    columns = tuple(
        Column(
            column.head,
            column.number,
            1 if column.number and len(spec.columns) <= MANY_COLUMNS else (2 if index == 0 else 1),
        )
        for index, column in enumerate(spec.columns)
    )
    groups = tuple(
        Rows(tuple(tuple(text(cell) for cell in filled(row, len(columns))) for row in group.rows), group.head)
        for group in spec.groups
        if not group.remarks
    )
    remarks = tuple(
        text(strong(f"{row[0]}: "), row[1]) for group in spec.groups if group.remarks for row in group.rows
    )
    table = Table(spec.caption, columns, groups, id_)
    return (table, Listing(remarks)) if remarks else (table,)


def filled(row: Sequence[str], width: int) -> tuple[str, ...]:
    """Return a row with empty cells at its end, as wide as its table."""
    return (*row, *[""] * (width - len(row)))[:width]
