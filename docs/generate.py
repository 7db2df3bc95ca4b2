"""Write the generated reference pages, or with --check say which of them are stale (exit code 1)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import polars as pl

from upward.base.settings import SETTINGS
from upward.catalog.reference import write_reference
from upward.cli.main import cli
from upward.engine.design import METHODS
from upward.engine.estimate import ENGINES
from upward.engine.recipes.definitions import load_definitions, load_reasons, raw_columns
from upward.engine.results import COLUMNS
from upward.engine.specification import INTERVALS, KINDS, QUANTILE_INTERVALS, RULES, SCHEMA
from upward.engine.specification_file import KEYS, TESTS
from upward.warehouse import schema

REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Made by docs/generate.py (make docs): change the code or the catalogue, not this page. -->\n"
EXIT_CODES = (
    (0, "done"),
    (1, "anything unexpected: a bug; the message says how to report it"),
    (2, "wrong usage: an option, a file ending, a value out of range"),
    (3, "bad input data: unreadable, damaged, absent, no network, no space"),
    (4, "not found, or more than one place answers to the name; candidates are listed"),
    (5, "refused by a rule or state"),
    (130, "stopped with Ctrl-C"),
)
TABLES = (
    ("results.parquet", "One row, one number.", schema.RESULT_COLUMNS),
    ("places.parquet", "Counties and cities, former areas included.", schema.PLACE_COLUMNS),
    ("populations.parquet", "Population and name by year.", schema.POPULATION_COLUMNS),
    ("problems.parquet", "Every rejected, doubtful, ignored or repaired input row.", schema.PROBLEM_COLUMNS),
    ("context.parquet", "What the nation and each state look like.", schema.CONTEXT_COLUMNS),
)
WIDTH = 80
TYPES = {pl.String(): "text", pl.Float64(): "number", pl.Int64(): "whole number", pl.Int8(): "whole number"}


def write_pages(folder: Path) -> None:
    """Write every generated page into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "commands.md").write_text(commands_page(), encoding="utf-8")
    (folder / "settings.md").write_text(settings_page(), encoding="utf-8")
    (folder / "release-format.md").write_text(release_page(), encoding="utf-8")
    (folder / "exit-codes.md").write_text(exit_codes_page(), encoding="utf-8")
    (folder / "estimate.md").write_text(estimate_page(), encoding="utf-8")
    write_reference(folder)


def commands_page() -> str:
    """Return the page of all commands and options, made from the commands themselves."""
    parts = ["# Commands\n", MADE]
    parts += [_command_section(context) for context in _walk(cli, "upward", None)]
    return "\n".join(parts)


def _walk(command: click.Command, name: str, parent: click.Context | None) -> Iterator[click.Context]:
    # The command's own settings, as in a run: click keeps the help option that it makes first. A fixed width, so that
    # the page does not depend on the terminal.
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH, **command.context_settings
    )
    yield context
    if isinstance(command, click.Group):
        for inner in sorted(command.commands):
            yield from _walk(command.commands[inner], inner, context)


def _command_section(context: click.Context) -> str:
    command = context.command
    usage = command.get_usage(context).removeprefix("Usage: ")
    lines = [
        f"## `{context.command_path}`\n",
        f"```text\n{usage}\n```\n",
        _paragraphs(command.help or ""),
        "",
    ]
    options = [
        record for option in command.get_params(context) if (record := option.get_help_record(context))
    ]
    if options:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{_cell(name)}` | {_cell(meaning)} |" for name, meaning in options]
        lines.append("")
    if command.epilog:
        lines.append(f"Example: `{command.epilog.removeprefix('Example: ')}`\n")
    return "\n".join(lines)


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def settings_page() -> str:
    """Return the page of environment variables."""
    rows = [f"| `{item.name}` | {item.meaning} | {item.default} | {item.audience} |" for item in SETTINGS]
    head = "| variable | meaning | without it | who looks |\n|---|---|---|---|\n"
    return f"# Settings\n\n{MADE}\nAll settings are environment variables.\n\n{head}" + "\n".join(rows) + "\n"


def exit_codes_page() -> str:
    """Return the page of exit codes."""
    rows = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES)
    return f"# Exit codes\n\n{MADE}\n| code | meaning |\n|---|---|\n{rows}\n"


def release_page() -> str:
    """Return the page of a release's tables, made from their schema."""
    parts = [
        f"# The release format\n\n{MADE}",
        f"Schema `{schema.RELEASE_SCHEMA}`. A release is a folder of Parquet files and",
        " `manifest.json`; nothing edits it. Missing is null with a status, codes are text, shares 0–1.\n",
    ]
    for name, meaning, columns in TABLES:
        parts.append(f"## `{name}`\n\n{meaning}\n\n| column | type |\n|---|---|")
        parts.append(
            "\n".join(f"| `{column}` | {TYPES.get(kind, 'yes or no')} |" for column, kind in columns.items())
            + "\n"
        )
    statuses = "\n".join(f"- `{status}`" for status in schema.STATUSES)
    parts.append(f"## Words in `status`\n\n{statuses}\n")
    flags = "\n".join(f"| `{flag}` | {meaning} |" for flag, meaning in schema.FLAGS.items())
    parts.append(f"## Words in `flags`\n\n| flag | meaning |\n|---|---|\n{flags}\n")
    return "\n".join(parts)


def estimate_page() -> str:
    """Return the page of specifications and of the table of estimates, made from what the reader knows."""
    parts = [f"# Specifications of estimates\n\n{MADE}\nA YAML file of schema `{SCHEMA}`. Its keys:\n"]
    parts.append("| key | what it holds |\n|---|---|")
    parts += [f"| `{key}` | {meaning} |" for key, meaning in KEYS.items()]
    for title, words in (
        ("Methods of a design", METHODS),
        ("Kinds of estimate", KINDS),
        ("Tests of a condition", TESTS),
        ("Rules of quantiles", RULES),
        ("Intervals of totals, means, shares and ratios", INTERVALS),
        ("Intervals of quantiles", QUANTILE_INTERVALS),
        ("Engines", ENGINES),
        ("Columns of the result", COLUMNS),
    ):
        parts.append(f"\n## {title}\n\n| word | meaning |\n|---|---|")
        parts += [f"| `{word}` | {meaning} |" for word, meaning in words.items()]
    return "\n".join([*parts, *survey_metrics_parts()]) + "\n"


def survey_metrics_parts() -> list[str]:
    """Return the section on metrics of the catalogue that are computed from records, and those that are not."""
    parts = [
        "\n## Metrics of the catalogue\n\n`upward estimate --metric` computes these. A group whose columns a file "
        "lacks is left out, and said.\n",
        "| metric | records | groups |\n|---|---|---|",
    ]
    for metric, definition in load_definitions().items():
        groups = []
        for kind, name in definition.groups:
            (item,) = (item for item in definition.fields if item.name == name)
            groups.append(f"{kind} ({', '.join(sorted(raw_columns(definition, item)))})")
        parts.append(f"| `{metric}` | {definition.records} | {'; '.join(groups)} |")
    parts.append("\nNot computed:\n")
    parts += [f"- `{metric}`: {reason}" for metric, reason in load_reasons().items()]
    return parts


def stale_pages() -> list[str]:
    """Return the names of pages that differ from what would be written now, or are missing or extra."""
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary)
        write_pages(fresh)
        names = {path.relative_to(fresh) for path in fresh.rglob("*.md")}
        names |= {path.relative_to(REFERENCE) for path in REFERENCE.rglob("*.md")}
        return sorted(str(name) for name in names if _text(fresh / name) != _text(REFERENCE / name))


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main() -> int:
    """Write the pages, or with --check compare them."""
    if "--check" not in sys.argv[1:]:
        write_pages(REFERENCE)
        return 0
    stale = stale_pages()
    for name in stale:
        click.echo(f"docs/reference/{name} is stale: run “make docs”.", err=True)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
