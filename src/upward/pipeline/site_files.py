"""The files to download: one place as CSV, JSON and workbook; everything as a data package."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from upward.base.messages import _
from upward.catalog.model import Catalog
from upward.present.download import escape_cell, published_csv_of_rows
from upward.present.specs import PlacePage
from upward.present.xlsx import write_place_workbook
from upward.warehouse.places import Place
from upward.warehouse.read import Release, ResultRow
from upward.warehouse.schema import PLACE_COLUMNS, RESULT_COLUMNS

PLACE_SCHEMA = "upward/place/1"
#: Fields of a number that are the same for every number of a place's file.
SAME = ("geo_level", "geo_id", "current")
FIELDS = tuple(name for name in RESULT_COLUMNS if name not in SAME)
PICKED = tuple(ResultRow._fields.index(name) for name in FIELDS)
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
    """Return every number of a place as JSON: the names of the fields once, then a list for each number."""
    head = {
        "schema": PLACE_SCHEMA,
        "release": page.release.id,
        "sample": page.release.sample,
        "geo_level": place.geo_level,
        "geo_id": place.geo_id,
        "name": place.label,
        "fields": FIELDS,
    }
    lines = ",\n".join(_compact([row[index] for index in PICKED]) for row in page.rows)
    start = json.dumps(head, ensure_ascii=False)
    return f'{start[:-1]}, "rows": [\n{lines}\n]}}\n'


def _compact(values: Sequence[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def write_workbook(folder: Path, page: PlacePage) -> None:
    """Write the workbook of a place into the `data` folder of a language."""
    write_place_workbook(page, folder / "data" / f"{page.place_code}.xlsx")


def write_package(folder: Path, release: Release, catalog: Catalog) -> dict[str, int]:
    """Write the data package of the whole release and return the bytes of each of its files, the descriptor first."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics").mkdir(exist_ok=True)
    results = pl.read_parquet(release.folder / "results.parquet").filter(pl.col("current"))
    results.write_parquet(folder / "results.parquet", compression="zstd", statistics=False)
    resources = [_parquet_resource()]
    places = release.places_frame.select(list(PLACE_COLUMNS))
    resources.append(_csv_resource(folder, "places.csv", places, _("Counties and cities")))
    context = pl.read_parquet(release.folder / "context.parquet")
    resources.append(_csv_resource(folder, "context.csv", context, _("The nation and every state")))
    numbers = results.drop("metric", "current")
    for metric in catalog.metrics.values():
        frame = numbers.filter(results["metric"] == metric.id)
        resources.append(_csv_resource(folder, f"metrics/{metric.id}.csv", frame, metric.name))
    descriptor = {
        "profile": "data-package",
        "name": "mobility-metrics",
        "title": _("Mobility Metrics of U.S. counties and cities"),
        "version": release.id,
        "description": _("Sample data, invented") if release.sample else "",
        "resources": resources,
        "sources": [
            {"title": source.citation, "path": source.address} for source in catalog.sources.values()
        ],
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    paths = ["datapackage.json", *(resource["path"] for resource in resources)]
    return {path: (folder / path).stat().st_size for path in paths}


def _parquet_resource() -> dict[str, Any]:
    return {
        "name": "results",
        "title": _("Every current number of every place"),
        "path": "results.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": {"fields": [{"name": name, "type": TYPES[kind]} for name, kind in RESULT_COLUMNS.items()]},
    }


def _csv_resource(folder: Path, path: str, frame: pl.DataFrame, title: str) -> dict[str, Any]:
    texts = [name for name, kind in frame.schema.items() if kind == pl.String()]
    safe = frame.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )
    safe.write_csv(folder / path)
    return {
        "profile": "tabular-data-resource",
        "name": path.rsplit("/", 1)[-1].removesuffix(".csv").replace("_", "-"),
        "title": escape_cell(title),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [{"name": name, "type": TYPES[kind]} for name, kind in frame.schema.items()],
            "missingValues": [""],
        },
    }
