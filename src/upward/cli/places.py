"""`upward places`: find places by code or name."""

from __future__ import annotations

from pathlib import Path

import click

from upward.base.errors import NotFoundError
from upward.cli.output import count, json_option, print_json, print_table

LEVEL_NAMES = {"county": "county", "place": "city"}


@click.command(short_help="Find places by code or name.", epilog='Example: upward places "boone, mo"')
@click.argument("text")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many to list at most."
)
@json_option
@click.pass_obj
def places(home: Path | None, text: str, limit: int, as_json: bool) -> None:
    """List the places that match TEXT: a FIPS code, a name, or “County, ST”; typing errors are forgiven."""
    from upward.warehouse.read import open_release

    found = open_release(home).places(text, limit=limit)
    if found.is_empty():
        raise NotFoundError(f"No place matches “{text}”.", advice="Try part of the name, or “Name, ST”.")
    rows = found.to_dicts()
    if as_json:
        print_json(
            [
                {
                    "id": row["geo_id"],
                    "name": row["name"],
                    "state": row["state_abbreviation"],
                    "state_name": row["state_name"],
                    "level": row["geo_level"],
                    "population": None if row["population"] is None else round(row["population"]),
                    "population_year": row["population_year"],
                    "current": row["current"],
                }
                for row in rows
            ]
        )
        return
    print_table(
        ("id", "name", "state", "level", "population"),
        [
            (
                row["geo_id"],
                row["name"] if row["current"] else f"{row['name']} (former)",
                row["state_name"],
                LEVEL_NAMES.get(row["geo_level"], row["geo_level"]),
                count(row["population"]),
            )
            for row in rows
        ],
        wraps="name",
        right=frozenset({"population"}),
    )
