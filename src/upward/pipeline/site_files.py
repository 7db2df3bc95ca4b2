"""The files to download: one place as CSV, JSON and workbook; everything as a data package."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

import polars as pl

from upward.base.messages import _
from upward.catalog.model import Catalog, Metric
from upward.present.download import published_csv_of_rows
from upward.present.specs import PlacePage
from upward.present.xlsx import write_place_workbook
from upward.warehouse.places import Place
from upward.warehouse.read import Release
from upward.warehouse.schema import CONTEXT_COLUMNS, PLACE_COLUMNS, RESULT_COLUMNS

PLACE_SCHEMA = "upward/place/1"
#: Fields that a series of numbers shares, and those that each number has; the place's own stand in the head.
SHARED = (
    "metric", "variable", "edition", "geo_vintage", "group_type", "method", "source", "source_release", "source_file",
)  # fmt: skip
SAME = ("geo_level", "geo_id", "current")
FIELDS = tuple(name for name in RESULT_COLUMNS if name not in (*SAME, *SHARED))
_pick_shared = attrgetter(*SHARED)
_pick_fields = attrgetter(*FIELDS)
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: Fields of the tables by metric: what a reader of figures needs; the Parquet table has all.
METRIC_FIELDS = (
    "variable", "edition", "source_release", "geo_level", "geo_id", "geo_vintage", "period", "group_type", "group",
    "value", "lower", "upper", "quality", "status", "numerator", "denominator", "flags",
)  # fmt: skip
TYPES = {
    pl.String(): "string",
    pl.Float64(): "number",
    pl.Int64(): "integer",
    pl.Int8(): "integer",
    pl.Boolean(): "boolean",
}


def write_place_files(
    folder: Path, page: PlacePage, catalog: Catalog, place: Place, forms: Collection[str]
) -> None:
    """Write the files of a place that are the same in every language."""
    data = folder / "data"
    if "csv" in forms:
        text = published_csv_of_rows(page.rows, catalog, geo_level=place.geo_level)
        (data / f"{place.geo_id}.csv").write_text(text, encoding="utf-8", newline="")
    if "json" in forms:
        (data / f"{place.geo_id}.json").write_text(place_json(page, place), encoding="utf-8")


def place_json(page: PlacePage, place: Place) -> str:
    """Return every number of a place as JSON: series of numbers that share where they come from.

    `shared` names the fields of a series, `fields` those of each of its numbers; nothing is left out.
    """
    head = {
        "schema": PLACE_SCHEMA,
        "release": page.release.id,
        "sample": page.release.sample,
        "geo_level": place.geo_level,
        "geo_id": place.geo_id,
        "name": place.label,
        "shared": SHARED,
        "fields": FIELDS,
    }
    series: dict[tuple[Any, ...], list[str]] = {}
    for row in page.rows:
        series.setdefault(_pick_shared(row), []).append(_ENCODE(_pick_fields(row)))
    lines = ",\n".join(
        f'{{"shared":{_ENCODE(shared)},"numbers":[{",".join(numbers)}]}}'
        for shared, numbers in series.items()
    )
    start = json.dumps(head, ensure_ascii=False)
    return f'{start[:-1]}, "series": [\n{lines}\n]}}\n'


def write_workbook(folder: Path, page: PlacePage) -> None:
    """Write the workbook of a place into the `data` folder of a language."""
    write_place_workbook(page, folder / "data" / f"{page.place_code}.xlsx")


def write_metric_table(folder: Path, release: Release, metric: Metric) -> None:
    """Write all current numbers of one metric into the data package, compressed."""
    query = pl.scan_parquet(release.folder / "by_variable.parquet").filter(
        pl.col("variable").is_in([variable.id for variable in metric.variables]), pl.col("current")
    )
    target = folder / "metrics" / f"{metric.id}.csv.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = escaped_cells(query.select(METRIC_FIELDS).collect()).write_csv()
    target.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=4, mtime=0))


def write_package(folder: Path, release: Release) -> None:
    """Write the tables of the data package that hold all metrics."""
    folder.mkdir(parents=True, exist_ok=True)
    results = pl.scan_parquet(release.folder / "results.parquet").filter(pl.col("current"))
    results.collect().write_parquet(folder / "results.parquet", compression="zstd", statistics=False)
    escaped_cells(release.places_frame.select(list(PLACE_COLUMNS))).write_csv(folder / "places.csv")
    escaped_cells(pl.read_parquet(release.folder / "context.parquet")).write_csv(folder / "context.csv")


def write_descriptor(folder: Path, release: Release, catalog: Catalog) -> dict[str, int]:
    """Write the descriptor of the data package and return the bytes of each of its files, the descriptor first."""
    resources = [
        _resource("results", "results.parquet", RESULT_COLUMNS, _("Every current number of every place")),
        _resource("places", "places.csv", PLACE_COLUMNS, _("Counties and cities")),
        _resource("context", "context.csv", CONTEXT_COLUMNS, _("The nation and every state")),
    ]
    columns = {name: RESULT_COLUMNS[name] for name in METRIC_FIELDS}
    for metric in catalog.metrics.values():
        name = metric.id.replace("_", "-")
        resources.append(_resource(name, f"metrics/{metric.id}.csv.gz", columns, metric.name))
    descriptor = {
        "profile": "data-package",
        "name": "mobility-metrics",
        "title": _("Mobility Metrics of US counties and cities"),
        "version": release.id,
        **({"description": _("Sample data, invented")} if release.sample else {}),
        "resources": resources,
        "sources": [
            {"title": source.citation, "path": source.address} for source in catalog.sources.values()
        ],
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    paths = ["datapackage.json", *(resource["path"] for resource in resources)]
    return {path: (folder / path).stat().st_size for path in paths}


def _resource(name: str, path: str, columns: Mapping[str, pl.DataType], title: str) -> dict[str, Any]:
    fields = [{"name": name, "type": TYPES[kind]} for name, kind in columns.items()]
    if path.endswith(".parquet"):
        form = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
        return {"name": name, "title": title, "path": path, **form, "schema": {"fields": fields}}
    packed = {"compression": "gz"} if path.endswith(".gz") else {}
    form = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", **packed}
    schema = {"fields": fields, "missingValues": [""]}
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "title": title,
        "path": path,
        **form,
        "schema": schema,
    }


def escaped_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with texts that a spreadsheet would run as a formula led by a quote."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String()]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )
