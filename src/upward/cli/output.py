"""What commands print: aligned tables, one JSON document, and progress on a terminal."""

from __future__ import annotations

import json
import math
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

GAP = 2
LEAST_WIDTH = 10

Progress = Callable[[str], None]
Command = TypeVar("Command", bound=Callable[..., object])


def json_option(command: Command) -> Command:
    """Give a command the option --json."""
    option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
    return option(command)


def print_json(document: object) -> None:
    """Print the document as JSON on standard output, in UTF-8; numbers that are not finite become null."""
    text = json.dumps(_finite(document), ensure_ascii=False, indent=2, allow_nan=False, default=str)
    click.echo(text.encode())


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    wraps: str,
    right: frozenset[str] = frozenset(),
) -> None:
    """Print rows under their column names, aligned; a null cell is a dash.

    Where a line would be too long, the cells of the column `wraps` go on in a further line. `right` names the
    columns that are aligned to the right.
    """
    cells = [["–" if cell is None else " ".join(str(cell).split()) for cell in row] for row in rows]
    widths = [max([len(name), *(len(row[at]) for row in cells)]) for at, name in enumerate(columns)]
    spare = _line_width() - (sum(widths) + GAP * (len(widths) - 1))
    folded = columns.index(wraps)
    widths[folded] = max(LEAST_WIDTH, min(widths[folded], widths[folded] + spare))
    for row in [list(columns), *cells]:
        parts = textwrap.wrap(row[folded], widths[folded]) or [""]
        for number, part in enumerate(parts):
            shown = [part if at == folded else cell if number == 0 else "" for at, cell in enumerate(row)]
            aligned = [
                cell.rjust(width) if name in right else cell.ljust(width)
                for name, cell, width in zip(columns, shown, widths, strict=True)
            ]
            click.echo((" " * GAP).join(aligned).rstrip())


def print_paragraph(text: str, *, indent: int = 0, before: bool = False) -> None:
    """Print a text in lines that fit, further ones two blanks deeper; `before` puts an empty line first."""
    first, further = " " * indent, " " * (indent + 2)
    lines = textwrap.wrap(text, _line_width(), initial_indent=first, subsequent_indent=further)
    click.echo("\n" * before + "\n".join(lines))


def _line_width() -> int:
    """Return the width of the terminal, 80 in a pipe."""
    return max(60, shutil.get_terminal_size((80, 24)).columns) if sys.stdout.isatty() else 80


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def progress_printer() -> Progress:
    """Return what a long job calls to say where it is: one line on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        return lambda _line: None

    def show(line: str) -> None:
        width = shutil.get_terminal_size((80, 24)).columns - 1
        click.echo("\r\x1b[2K" + _clip(line, width), err=True, nl=False)

    return show


def end_progress() -> None:
    """Clear the progress line."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[2K", err=True, nl=False)


def count(number: int | float | None) -> str:
    """Return a whole number with separators of thousands, a dash for none.

    >>> count(187690)
    '187,690'
    """
    return "–" if number is None else f"{number:,.0f}"
