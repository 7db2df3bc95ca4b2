"""`upward metrics`: the numbers of one place, on a terminal, as JSON, or in the published column standard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from upward.base.errors import NotFoundError, UsageError
from upward.base.writing import written_beside
from upward.cli.output import json_option, print_json, print_paragraph, print_table

if TYPE_CHECKING:
    import polars as pl

    from upward.catalog.model import Catalog
    from upward.warehouse.read import Release

Row = dict[str, Any]


@click.command(
    short_help="Show the numbers of a place.", epilog="Example: upward metrics 29019 --metric income --json"
)
@click.argument("place")
@click.option("--metric", metavar="M", help="Only this metric or variable, by its id: income.")
@click.option("--year", metavar="Y", help="Only this year: 2023.")
@click.option(
    "--group-type", metavar="T", help="Only this way of dividing people: race-ethnicity; “all” for everybody."
)
@click.option("--edition", metavar="E", help="Only this edition of the framework: 2022 or 2025.")
@click.option(
    "--source-release",
    metavar="R|all",
    help="Numbers of this publication; “all” for every one (default: the newest that has the number).",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV in the published column standard.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.csv",
    help="Write that CSV to a file, with a Data Package descriptor beside it.",
)
@json_option
@click.pass_obj
def metrics(
    home: Path | None,
    place: str,
    metric: str | None,
    year: str | None,
    group_type: str | None,
    edition: str | None,
    source_release: str | None,
    as_csv: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Show the numbers of PLACE with their bounds, year, quality and source.

    Without --metric, --year or --group-type the table shows the newest year of each number for everybody;
    --json and --csv always give every number that the options leave.
    """
    if as_json and (as_csv or output):
        raise UsageError("--json and --csv exclude each other.", advice="Ask for one of them.")
    from upward.warehouse.read import open_release

    release = open_release(home)
    found = release.place(place)
    check_filters(
        release.catalog, metric=metric, group_type=group_type, edition=edition, source_release=source_release
    )
    frame = release.metrics(
        found, metric=metric, year=year, group_type=group_type, edition=edition, source_release=source_release
    )
    if as_json:
        print_json(frame.to_dicts())
    elif as_csv or output:
        _give_csv(release, frame, output)
    else:
        narrowed = any((metric, year, group_type))
        print_numbers(release, found.label, frame, everything=narrowed)


def check_filters(
    catalog: Catalog,
    *,
    metric: str | None,
    group_type: str | None,
    edition: str | None,
    source_release: str | None,
) -> None:
    """Raise NotFoundError when an option names something that the catalogue does not know."""
    _check_known("metric", metric, [*catalog.metrics, *catalog.variables])
    _check_known("group type", group_type, list(catalog.group_types))
    _check_known("edition", edition, list(catalog.editions))
    _check_known("source release", source_release, [*catalog.vintages, "all"])


def _check_known(kind: str, given: str | None, known: list[str]) -> None:
    if given is None or given in known:
        return
    from rapidfuzz import process

    close = tuple(name for name, score, _index in process.extract(given, known, limit=5) if score >= 60)
    raise NotFoundError(
        f"There is no {kind} “{given}”.",
        advice="" if close else f"Known: {', '.join(known[:30])}.",
        candidates=close,
    )


def _give_csv(release: Release, frame: pl.DataFrame, output: Path | None) -> None:
    from upward.base.ids import GeoId
    from upward.present.download import published_csv

    level = GeoId.parse(frame["geo_id"][0]).level.value if len(frame) else "county"
    text = published_csv(frame, release.catalog, geo_level=level)
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    _check_csv_name(output)
    descriptor = output.with_suffix(".datapackage.json")
    with written_beside(output) as numbers, written_beside(descriptor) as description:
        numbers.write_text(text, encoding="utf-8", newline="")
        description.write_text(_descriptor(release, frame, output, level), encoding="utf-8")
    click.echo(f"{len(frame)} numbers: {output}, described in {descriptor}", err=True)


def _check_csv_name(output: Path) -> None:
    if output.suffix.lower() != ".csv":
        raise UsageError(f"“{output.name}” is not a CSV file's name.", advice="End it in .csv.")
    if not output.parent.is_dir():
        raise UsageError(
            f"The folder {output.parent} does not exist.", advice="Create it first, or name another."
        )


def _descriptor(release: Release, frame: pl.DataFrame, output: Path, level: str) -> str:
    from upward.present.download import data_package, published_columns

    mark = "Sample data, invented. " if release.sample else ""
    return data_package(
        published_columns(frame, release.catalog, geo_level=level),
        release.catalog,
        name=output.stem.lower().replace(" ", "-"),
        title=f"{mark}Mobility Metrics of one place",
        path=output.name,
        release_id=release.id,
    )


def print_numbers(release: Release, label: str, frame: pl.DataFrame, *, everything: bool) -> None:
    """Print the rows metric by metric; without `everything`, the newest year of each number for everybody."""
    shown = frame if everything else _newest_overall(frame)
    if shown.is_empty():
        raise NotFoundError(f"No number of {label} fits these options.", advice="Leave out one of them.")
    if release.sample:
        click.echo("Sample data, invented")
    click.echo(f"{label} · release {release.id}")
    for metric_id, metric in release.catalog.metrics.items():
        rows = [row for row in shown.iter_rows(named=True) if row["metric"] == metric_id]
        if rows:
            _print_metric(release.catalog, f"{metric.name} [{metric_id}]", rows)
    more = len(frame) - len(shown)
    if more:
        click.echo(
            f"\n{more} more numbers (years and groups): --metric, --year, --group-type, or --json.", err=True
        )


def _print_metric(catalog: Catalog, heading: str, rows: list[Row]) -> None:
    units = dict.fromkeys(catalog.units[catalog.variables[row["variable"]].unit].name for row in rows)
    sources = dict.fromkeys(_source_name(catalog, row) for row in rows)
    print_paragraph(heading, before=True)
    print_paragraph(f"in: {', '.join(units)}; from: {'; '.join(sources)}", indent=2)
    print_table(
        ("what", "value", "bounds", "year", "quality", "release"),
        [_table_row(catalog, row) for row in rows],
        wraps="what",
        right=frozenset({"value"}),
    )
    from upward.warehouse.schema import FLAGS

    flags = dict.fromkeys(flag for row in rows for flag in (row["flags"] or "").split())
    for flag in flags:
        print_paragraph(f"* {flag}: {FLAGS.get(flag, '')}", indent=2)


def _newest_overall(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    overall = frame.filter(pl.col("group_type") == "all")
    return overall.filter(pl.col("period") == pl.col("period").max().over("variable", "edition"))


def _table_row(catalog: Catalog, row: Row) -> tuple[str | None, ...]:
    return (
        _what(catalog, row) + (" *" if row["flags"] else ""),
        _value(catalog, row),
        _bounds(catalog, row),
        row["period"],
        _quality_words(catalog, row["quality"]),
        row["source_release"],
    )


def _source_name(catalog: Catalog, row: Row) -> str:
    source = catalog.sources.get(row["source"])
    return source.name if source else "the source is not known"


def _what(catalog: Catalog, row: Row) -> str:
    short = catalog.variables[row["variable"]].short
    if row["group_type"] == "all":
        return short
    return f"{short}: {_group_name(catalog, row['group_type'], row['group'])}"


def _group_name(catalog: Catalog, group_type: str, group: str) -> str:
    known = catalog.group_types.get(group_type)
    names = {item.id: item.name for item in known.groups} if known else {}
    return names.get(group, "everybody" if group == "all" else group)


def _value(catalog: Catalog, row: Row) -> str:
    from upward.catalog.format import shown

    unit = catalog.units[catalog.variables[row["variable"]].unit]
    if row["value"] is None:
        return str(row["status"]).replace("_", " ")
    if "no-physician" in (row["flags"] or "").split():
        return "no physician"
    if unit.id == "flag":
        return "yes" if row["value"] else "no"
    if unit.id == "pair" and row["numerator"] is not None and row["denominator"] is not None:
        share = catalog.units["share"]
        return f"{shown(row['numerator'], share)} : {shown(row['denominator'], share)}"
    return shown(row["value"], unit)


def _bounds(catalog: Catalog, row: Row) -> str | None:
    from upward.catalog.format import interval

    if row["lower"] is None or row["upper"] is None:
        return None
    return interval(row["lower"], row["upper"], catalog.units[catalog.variables[row["variable"]].unit])


def _quality_words(catalog: Catalog, quality: int | None) -> str:
    names = {level.value: level.name for level in catalog.quality_levels}
    return names.get(quality, "not graded")
