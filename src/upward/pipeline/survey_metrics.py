"""A metric of the catalogue from survey records, and its numbers in a new release beside the published ones.

What belongs here: the order of the steps. What does not: how a metric is computed (`engine.recipes`) or how a
release is written (`warehouse.release`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import upward
from upward.base.errors import DataError, UsageError
from upward.base.messages import _
from upward.catalog.geographies import boundary_vintage
from upward.catalog.load import load_catalog
from upward.engine.estimate import estimate
from upward.engine.microdata import check_source, column_names
from upward.engine.recipes.definitions import definition_of, resolve
from upward.engine.recipes.metrics import metric_rows
from upward.engine.recipes.quality import crosswalk_quality
from upward.pipeline.estimates import settings
from upward.warehouse.accounting import FileAccount, SourceFile
from upward.warehouse.build import BuildTables
from upward.warehouse.home import build_lock
from upward.warehouse.read import open_release
from upward.warehouse.release import ReleaseInfo, write_release
from upward.warehouse.release_files import TABLES
from upward.warehouse.schema import RESULT_COLUMNS

#: The publication that own numbers belong to; `current` stays with the published ones.
OWN_VINTAGE = "own"
SOURCE = "acs-pums"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class MetricRun:
    """What is to be computed: a metric, from which records of which year, for which places."""

    metric: str
    data: Path
    year: int
    crosswalk: Path
    level: str
    state: str | None = None
    engine: str = "local"


@dataclass(frozen=True, slots=True)
class MetricNumbers:
    """The numbers of a run as rows of the result table, and what a reader should know."""

    rows: pl.DataFrame
    notes: tuple[str, ...]


def run_metric(
    run: MetricRun,
    *,
    home: Path | str | None = None,
    progress: Progress = lambda _step, _done, _whole: None,
) -> MetricNumbers:
    """Return a metric's numbers from survey records, as its publisher computes it.

    Raises DataError where records or crosswalk cannot be used, NotFoundError for a metric that cannot be
    computed, UsageError for a level without a crosswalk.
    """
    if run.level not in {"county", "place"}:
        raise UsageError(f"There are no places of the level “{run.level}”.", advice="Known: county, place.")
    check_source(run.data)
    if not run.crosswalk.is_file():
        raise DataError(f"There is no crosswalk {run.crosswalk}.")
    definition = definition_of(run.metric)
    resolved = resolve(
        definition, column_names(run.data), crosswalk=run.crosswalk, level=run.level, year=run.year,
        state=run.state,
    )  # fmt: skip
    period = "pre-2022" if run.year < 2022 else "2022"
    found = estimate(resolved.specification, run.data, settings(run.engine, home, 0, None, progress))
    quality = crosswalk_quality(run.crosswalk, level=run.level, period=period)
    rows = metric_rows(definition, resolved, found.table, quality)
    notes = list(found.notes)
    if resolved.left_out:
        notes.append(
            _("The file lacks the columns for these groups: {groups}.").format(
                groups=", ".join(resolved.left_out)
            )
        )
    return MetricNumbers(_result_rows(rows, run), tuple(notes))


def _result_rows(rows: pl.DataFrame, run: MetricRun) -> pl.DataFrame:
    catalog = load_catalog("en")
    constants = {
        "metric": run.metric, "edition": catalog.vintages[OWN_VINTAGE].edition, "geo_level": run.level,
        "geo_vintage": boundary_vintage(run.year), "period": str(run.year), "confidence": 0.95,
        "source": SOURCE, "source_release": OWN_VINTAGE,
        "source_file": run.data.name, "published_value": None, "published_quality": None, "flags": None,
        "current": False,
    }  # fmt: skip
    given = rows.with_columns(
        pl.lit(value, dtype=RESULT_COLUMNS[name]).alias(name) for name, value in constants.items()
    )
    return given.select(pl.col(name).cast(kind) for name, kind in RESULT_COLUMNS.items())


def add_to_release(
    found: MetricNumbers,
    *,
    home: Path | str | None = None,
    progress: Callable[[str], None] = lambda _line: None,
) -> ReleaseInfo:
    """Write a new release: the current one with these numbers beside the published ones; return its facts.

    Numbers of an earlier run of the same kind are replaced. Numbers of places that the release does not know
    are left out. Raises DataError where there is no release or none of the places is in it.
    """
    with build_lock(home):
        release = open_release(home)
        folder, manifest = release.folder, release.manifest
        tables = {
            attribute: pl.read_parquet(folder / name)
            for name, (attribute, _columns, _order) in TABLES.items()
        }
        known = tables["places"].select("geo_level", "geo_id")
        rows = found.rows.join(known, on=["geo_level", "geo_id"], how="semi")
        if rows.is_empty():
            raise DataError("The release holds none of the places that these numbers are about.")
        key = ["metric", "geo_level", "geo_id", "period", "source_release"]
        results = pl.concat([tables["results"].join(rows.select(key).unique(), on=key, how="anti"), rows])
        progress("Writing the release")
        built = BuildTables(
            results=results,
            places=tables["places"],
            populations=tables["populations"],
            problems=tables["problems"],
            context=tables["context"],
            accounting=tuple(FileAccount(**account) for account in manifest["accounting"]),
            sources=tuple(SourceFile(**source) for source in manifest["sources"]),
            notes=tuple(dict.fromkeys([*manifest["notes"], _note(rows)])),
        )
        return write_release(home, built, sample=release.sample, code_version=upward.__version__)


def _note(rows: pl.DataFrame) -> str:
    first = rows.row(0, named=True)
    return f"Own numbers of {first['metric']}, {first['period']}, from the records in {first['source_file']}."
