"""What a build did with every row of every file, as the command line prints it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from upward.cli.output import count, print_json, print_table

if TYPE_CHECKING:
    from upward.warehouse.release import ReleaseInfo

NUMBERS = ("read", "written", "rejected", "doubtful", "ignored")
#: Reasons that need no line of their own among the problems of a release.
REASONS = {"no-number-in-row": "The row holds no number."}
Account = Mapping[str, Any]


def totals(accounts: Iterable[Account]) -> dict[str, int]:
    """Return the sums over all files; doubtful rows are among the written ones."""
    sums = dict.fromkeys(NUMBERS, 0)
    for account in accounts:
        for name in NUMBERS:
            sums[name] += account[f"rows_{name}"]
    return sums


def release_facts(info: ReleaseInfo) -> dict[str, Any]:
    """Return what a list of releases tells about one, ready for JSON."""
    return {
        "id": info.id,
        "sample": info.sample,
        "created": info.created,
        "code_version": info.code_version,
        "results": info.results,
        "places": info.places,
        "problems": info.problems,
        "files": info.files,
        "bytes": info.bytes,
    }


def print_release(info: ReleaseInfo, *, as_json: bool) -> None:
    """Print the account of a release that was just built."""
    accounts = info.manifest["accounting"]
    if as_json:
        document = {
            "release": release_facts(info),
            "totals": totals(accounts),
            "files": accounts,
            "notes": info.manifest["notes"],
        }
        print_json(document)
        return
    print_accounts(accounts, _messages(info))
    for note in info.manifest["notes"]:
        click.echo(f"Note: {note}")
    numbers = f"{count(info.results)} numbers of {count(info.places)} places"
    click.echo(f"Release {info.id} is now the current one: {numbers}.")


def print_accounts(accounts: list[Account], messages: Mapping[tuple[str, str], str]) -> None:
    """Print for each file its numbers of rows and the reasons of what is left out, then the sums.

    `messages` gives the reason in words by file and rule.
    """
    sums = totals(accounts)
    width = max(10, len(count(sums["read"])) + 2)
    click.echo("".join(name.rjust(width) for name in NUMBERS) + "  file")
    for account in accounts:
        numbers = "".join(count(account[f"rows_{name}"]).rjust(width) for name in NUMBERS)
        click.echo(f"{numbers}  {account['file']}")
        for rule, rows in sorted(account["reasons"].items()):
            message = messages.get((account["file"], rule)) or REASONS.get(rule, rule)
            click.echo(f"{count(rows).rjust(width)}  {message} [{rule}]")
    numbers = "".join(count(sums[name]).rjust(width) for name in NUMBERS)
    click.echo(f"{numbers}  all {count(len(accounts))} files")


def _messages(info: ReleaseInfo) -> dict[tuple[str, str], str]:
    """Return what the problems of a release say, by file and rule."""
    import polars as pl

    frame = pl.read_parquet(info.folder / "problems.parquet", columns=["file", "rule", "message"])
    return {(file, rule): message for file, rule, message in frame.reverse().iter_rows()}


def print_status(info: ReleaseInfo) -> None:
    """Print what one release is made of."""
    manifest = info.manifest
    sums = totals(manifest["accounting"])
    rows = ", ".join(f"{count(sums[name])} {name}" for name in NUMBERS)
    lines = (
        ("release", info.id),
        ("data", "sample data, invented" if info.sample else "published files"),
        ("created", info.created),
        ("folder", info.folder),
        ("made by", f"upward {info.code_version}, catalogue {manifest['catalog_hash'][:12]}"),
        ("publications", ", ".join(manifest["vintages"])),
        ("numbers", f"{count(info.results)} of {count(info.places)} places"),
        ("files", f"{count(info.files)}; rows: {rows}"),
        ("problems", f"{count(info.problems)} (upward data problems)"),
        ("size", f"{info.bytes / 1_000_000:,.0f} MB"),
    )
    for name, value in lines:
        click.echo(f"{name:<13} {value}")


def print_releases(rows: list[dict[str, Any]]) -> None:
    """Print the list of releases, the current one marked."""
    print_table(
        ("", "id", "created", "numbers", "places", "files", "data"),
        [
            (
                "*" if row["current"] else "",
                row["id"],
                row["created"],
                count(row["results"]),
                count(row["places"]),
                count(row["files"]),
                "sample" if row["sample"] else "published",
            )
            for row in rows
        ],
        wraps="id",
        right=frozenset({"numbers", "places", "files"}),
    )
