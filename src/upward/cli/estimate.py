"""`upward estimate`: own estimates from survey records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from upward.base.errors import UsageError
from upward.base.writing import written_beside
from upward.cli.output import end_progress, json_option, print_json, progress_printer

if TYPE_CHECKING:
    import polars as pl

WRITTEN = (".csv", ".parquet")
ENGINES = ("local", "duckdb", "spark", "reference")
LEVELS = ("county", "place")


@click.command(
    short_help="Estimates with standard errors from survey records.",
    epilog="Example: upward estimate spec.yaml --data records.csv -o estimates.csv",
)
@click.argument("spec", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--data",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The survey's records: .csv, .csv.gz or .parquet, with a full weight and replicate weights.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="local",
    show_default=True,
    help="What computes: all agree to 1e-9; duckdb and spark refuse quantiles; reference is slow.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="File to write: .csv or .parquet.",
)
@click.option(
    "--floor",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="Withhold estimates that rest on fewer records than this.",
)
@click.option(
    "--master",
    metavar="URL",
    help="Spark: address of the cluster (else $UPWARD_SPARK_MASTER, else this machine).",
)
@click.option(
    "--metric",
    metavar="M",
    help="Instead of SPEC: a metric of the catalogue, as it is published: employment.",
)
@click.option(
    "--year",
    type=click.IntRange(2005, 2100),
    metavar="Y",
    help="With --metric: the survey year of the records.",
)
@click.option(
    "--crosswalk",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --metric: the PUMA-to-county or PUMA-to-place crosswalk.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="county",
    show_default=True,
    help="With --metric: for which places.",
)
@click.option(
    "--state", metavar="FIPS", help="With --metric: the state, where the records do not name it: 53."
)
@click.option(
    "--into-release",
    is_flag=True,
    help="With --metric: write the numbers into a new release beside the published ones.",
)
@json_option
@click.pass_obj
def estimate(
    home: Path | None,
    spec: Path | None,
    data: Path,
    engine: str,
    output: Path | None,
    floor: int,
    master: str | None,
    metric: str | None,
    year: int | None,
    crosswalk: Path | None,
    level: str,
    state: str | None,
    into_release: bool,
    as_json: bool,
) -> None:
    """Compute totals, means, shares, ratios and quantiles from survey records, as SPEC says.

    Standard errors come from the replicate weights. Estimates that rest on few records are withheld.
    SPEC is described in docs/reference/estimate.md. With --metric, a metric of the catalogue is computed as
    its publisher does.
    """
    if (spec is None) == (metric is None):
        raise UsageError("Give a specification, or --metric.", advice="See upward estimate --help.")
    _check_output(output, as_json=as_json, into_release=into_release)
    if metric is not None:
        _estimate_metric(
            home, metric, data, engine, output, year, crosswalk, level, state, into_release, as_json
        )
        return
    if year or crosswalk or state or into_release:
        raise UsageError("--year, --crosswalk, --state and --into-release belong to --metric.")
    from upward.pipeline.estimates import estimate_file

    assert spec is not None
    show = progress_printer()
    try:
        found = estimate_file(
            spec, data, engine=engine, home=home, floor=floor, master=master,
            progress=lambda step, done, whole: show(f"{step}: {100 * done // max(whole, 1)} %"),
        )  # fmt: skip
    finally:
        end_progress()
    _give(found.table, found.notes, output, as_json=as_json)


def _check_output(output: Path | None, *, as_json: bool, into_release: bool) -> None:
    if output is None:
        if not as_json and not into_release:
            raise UsageError("Name the file to write: -o OUT.csv.", advice="Or print the rows: --json.")
        return
    if output.suffix.lower() not in WRITTEN:
        raise UsageError(
            f"“{output.name}” has no ending that names a form.", advice="Write .csv or .parquet."
        )
    if not output.parent.is_dir():
        raise UsageError(
            f"The folder {output.parent} does not exist.", advice="Create it first, or name another."
        )


def _give(table: pl.DataFrame, notes: tuple[str, ...], output: Path | None, *, as_json: bool) -> None:
    for note in notes:
        click.echo(note, err=True)
    if output is not None:
        write_table(table, output)
        withheld = table.filter(table["status"] == "suppressed").height
        more = f", {withheld:,} of them withheld" if withheld else ""
        click.echo(f"{table.height:,} rows: {output}{more}", err=True)
    if as_json:
        print_json(table.to_dicts())


def write_table(table: pl.DataFrame, output: Path) -> None:
    """Write a table in the form that the file's ending names; nothing half-written stays behind."""
    import polars as pl

    from upward.present.download import escape_cell

    with written_beside(output) as beside:
        if output.suffix.lower() == ".parquet":
            table.write_parquet(beside)
        else:
            texts = [name for name, kind in table.schema.items() if kind == pl.String]
            safe = table.with_columns(
                pl.col(name).map_elements(escape_cell, return_dtype=pl.String) for name in texts
            )
            safe.write_csv(beside)


def _estimate_metric(
    home: Path | None,
    metric: str,
    data: Path,
    engine: str,
    output: Path | None,
    year: int | None,
    crosswalk: Path | None,
    level: str,
    state: str | None,
    into_release: bool,
    as_json: bool,
) -> None:
    if year is None or crosswalk is None:
        raise UsageError("--metric needs --year and --crosswalk.", advice="See upward estimate --help.")
    from upward.pipeline.survey_metrics import MetricRun, add_to_release, run_metric

    show = progress_printer()
    run = MetricRun(metric, data, year, crosswalk, level, state, engine)
    try:
        found = run_metric(
            run,
            home=home,
            progress=lambda step, done, whole: show(f"{step}: {100 * done // max(whole, 1)} %"),
        )
        info = add_to_release(found, home=home, progress=show) if into_release else None
    finally:
        end_progress()
    _give(found.rows, found.notes, output, as_json=as_json)
    if info is not None:
        click.echo(f"{found.rows.height:,} numbers in release {info.id}, which is now current.", err=True)
