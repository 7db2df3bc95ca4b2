"""`upward data`: build, pull, list, verify and switch releases, and read what was wrong with the input."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from upward.base.errors import DataError, NotFoundError, UsageError
from upward.cli.accounting import print_release, print_releases, print_status, release_facts, totals
from upward.cli.output import count, end_progress, json_option, print_json, print_table, progress_printer

if TYPE_CHECKING:
    import polars as pl

    from upward.warehouse.read import Release

PROBLEM_KINDS = ("rejected", "doubtful", "ignored", "repaired")


@click.group(epilog="Example: upward data build --from published/")
def data() -> None:
    """Releases: build, pull, list, check and switch them."""


@data.command(
    short_help="Make a release of files you have.",
    epilog="Example: upward data build --from published/ --year counties.csv=2023",
)
@click.option(
    "--from",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder with the published files, at any depth, plain or gzipped.",
)
@click.option(
    "--year",
    "years",
    multiple=True,
    metavar="FILE=YEAR",
    help="Year of a file that carries no year of its own; may be given several times.",
)
@json_option
@click.pass_obj
def build(home: Path | None, folder: Path, years: tuple[str, ...], as_json: bool) -> None:
    """Read every published file under DIR and make a new release of it, which becomes the current one."""
    year_of_file = parse_years(years)
    from upward.pipeline.refresh import build_release

    try:
        built = build_release(folder, home=home, years=year_of_file, progress=progress_printer())
    finally:
        end_progress()
    print_release(built, as_json=as_json)


@data.command(
    short_help="Download the published files and make a release.", epilog="Example: upward data pull"
)
@json_option
@click.pass_obj
def pull(home: Path | None, as_json: bool) -> None:
    """Download the published files from their public addresses, then build a release of them."""
    from upward.pipeline.refresh import pull_release

    try:
        built = pull_release(home=home, progress=progress_printer())
    finally:
        end_progress()
    print_release(built, as_json=as_json)


def parse_years(given: Iterable[str]) -> dict[str, int]:
    """Return file name -> year from `FILE=YEAR` texts; raise UsageError for any other form.

    >>> parse_years(["counties.csv=2023"])
    {'counties.csv': 2023}
    """
    years = {}
    for text in given:
        name, mark, year = text.rpartition("=")
        if not (mark and name and len(year) == 4 and year.isascii() and year.isdigit()):
            raise UsageError(f"“{text}” is not FILE=YEAR.", advice="For example: --year counties.csv=2023.")
        years[name] = int(year)
    return years


@data.command("list", short_help="List the releases.", epilog="Example: upward data list --json")
@json_option
@click.pass_obj
def list_(home: Path | None, as_json: bool) -> None:
    """List the releases in the home folder, newest first, with a mark at the current one."""
    from upward.warehouse.release import current_release_id, list_releases

    current = current_release_id(home)
    rows = [{**release_facts(info), "current": info.id == current} for info in list_releases(home)]
    if as_json:
        print_json(rows)
    elif rows:
        print_releases(rows)
    else:
        click.echo("No release yet. Make one: upward data build --from DIR, or upward demo", err=True)


@data.command(epilog="Example: upward data status --json")
@json_option
@click.pass_obj
def status(home: Path | None, as_json: bool) -> None:
    """Show what the current release is made of."""
    from upward.warehouse.read import open_release
    from upward.warehouse.release import release_info

    info = release_info(open_release(home).folder)
    if as_json:
        accounts = info.manifest["accounting"]
        print_json({**release_facts(info), "totals": totals(accounts), "manifest": info.manifest})
    else:
        print_status(info)


@data.command(short_help="Check a release for damage.", epilog="Example: upward data verify")
@click.argument("release_id", metavar="[ID]", required=False)
@json_option
@click.pass_obj
def verify(home: Path | None, release_id: str | None, as_json: bool) -> None:
    """Check the checksums and the schema of release ID, or of the current one.

    Ends with 3 where something is wrong.
    """
    from upward.warehouse.release import current_release_id, verify_release

    chosen = release_id or current_release_id(home)
    if chosen is None:
        raise NotFoundError("There is no release yet.", advice="Build one: upward data build --from DIR.")
    problems = verify_release(home, chosen)
    if as_json:
        print_json({"id": chosen, "good": not problems, "problems": list(problems)})
    elif not problems:
        click.echo(f"{chosen}: every file agrees with its checksum and its schema.")
    if problems:
        raise DataError(
            f"Release {chosen} is damaged: " + "; ".join(problems) + ".",
            advice="Build it again, or go back to another: upward data use ID.",
        )


@data.command(
    short_help="Show what was wrong with the input.", epilog="Example: upward data problems --file income"
)
@click.option(
    "--file", "file", metavar="F", help="Only files whose name contains this; lists their rows one by one."
)
@click.option("--kind", type=click.Choice(PROBLEM_KINDS), help="Only problems of this kind.")
@json_option
@click.pass_obj
def problems(home: Path | None, file: str | None, kind: str | None, as_json: bool) -> None:
    """Show the rows of the input that were rejected, doubtful, repaired or ignored, and why."""
    import polars as pl

    from upward.warehouse.read import open_release

    release = open_release(home)
    frame = release.problems(file)
    if kind:
        frame = frame.filter(pl.col("kind") == kind)
    if as_json:
        print_json(frame.to_dicts())
    elif frame.is_empty():
        if file is not None:
            _check_file_known(release, file)
        click.echo("No such problem." if file or kind else "No problem was found in the input.", err=True)
    elif file:
        _print_problem_rows(frame)
    else:
        _print_problem_summary(frame)


def _check_file_known(release: Release, file: str) -> None:
    """Raise NotFoundError where no file that the release was made from has this in its path."""
    from upward.warehouse.release import release_info

    if not any(file in account["file"] for account in release_info(release.folder).manifest["accounting"]):
        raise NotFoundError(
            f"Release {release.id} was made from no file with “{file}” in its path.",
            advice="See the files and their rows: upward data problems.",
        )


def _print_problem_rows(frame: pl.DataFrame) -> None:
    """Print each problem on two lines: where and what kind, then what was found and done."""
    for row in frame.iter_rows(named=True):
        line = "" if row["line"] is None else f":{row['line']}"
        found = "" if row["column"] is None else f" {row['column']}={row['value'] or ''}"
        rows = f" ({count(row['rows'])} rows)" if row["rows"] > 1 else ""
        click.echo(f"{row['kind']} {row['file']}{line}{found}{rows}")
        click.echo(f"    {row['message']} [{row['rule']}]")


def _print_problem_summary(frame: pl.DataFrame) -> None:
    import polars as pl

    summary = (
        frame.group_by("kind", "rule")
        .agg(
            pl.col("rows").sum(),
            pl.col("file").n_unique().alias("files"),
            pl.col("file").min().alias("first"),
        )
        .sort(
            pl.col("kind").replace_strict({kind: at for at, kind in enumerate(PROBLEM_KINDS)}),
            -pl.col("rows"),
        )
    )
    print_table(
        ("kind", "rule", "rows", "files", "first file"),
        [
            (row["kind"], row["rule"], count(row["rows"]), count(row["files"]), Path(row["first"]).name)
            for row in summary.iter_rows(named=True)
        ],
        wraps="first file",
        right=frozenset({"rows", "files"}),
    )
    click.echo("Every row with its reason: upward data problems --file NAME, or --json.", err=True)


@data.command(
    short_help="Make another release the current one.", epilog="Example: upward data use 2025.01-a57fe9b3e5"
)
@click.argument("release_id", metavar="ID")
@click.pass_obj
def use(home: Path | None, release_id: str) -> None:
    """Make release ID the current one, after checking it."""
    from upward.warehouse.release import use_release

    use_release(home, release_id)
    click.echo(f"{release_id} is now the current release.", err=True)
