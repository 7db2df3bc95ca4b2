"""The publisher's own national medians: rows of the nation, and `published_median` of the context table."""

from __future__ import annotations

import polars as pl

from upward.catalog.geographies import boundary_vintage
from upward.catalog.model import Catalog
from upward.catalog.published import Published
from upward.warehouse.codes import METHODS, PUBLISHED_MEDIAN
from upward.warehouse.problems import ProblemLog
from upward.warehouse.schema import RESULT_COLUMNS
from upward.warehouse.sources.tables import RawTable

NATION = "US"
_MEDIAN = "wtd_med"


def read_medians(
    table: RawTable, file: str, catalog: Catalog, published: Published, log: ProblemLog
) -> pl.DataFrame:
    """Return the published weighted medians of counties as result rows of the nation; years without one have
    no row.
    """
    newest = max(catalog.vintages.values(), key=lambda vintage: vintage.rank)
    rows = []
    for name in table.columns:
        column = published.values.get(name)
        variable = catalog.variables.get(column.readings[-1].variable) if column else None
        if column is None or variable is None:
            if name not in ("year", "group"):
                log.add(file, "ignored", "unknown-column", "No published column has this name.", column=name)
            continue
        values = table.frame.filter(pl.col("group") == _MEDIAN).select(
            pl.col("year").str.strip_chars(), value=pl.col(name).cast(pl.Float64, strict=False)
        )
        for year, value in values.drop_nulls().rows():
            if not year.isdigit():
                continue
            rows.append(
                {
                    "metric": variable.metric,
                    "variable": variable.id,
                    "edition": newest.edition,
                    "geo_level": "nation",
                    "geo_id": NATION,
                    "geo_vintage": boundary_vintage(int(year)),
                    "period": year,
                    "group_type": "all",
                    "group": "all",
                    "value": value,
                    "status": "ok",
                    "method": METHODS[PUBLISHED_MEDIAN],
                    "source": catalog.metrics[variable.metric].source,
                    "source_release": newest.id,
                    "source_file": file,
                    "current": True,
                }
            )
    empty = dict.fromkeys(RESULT_COLUMNS)
    return pl.DataFrame([empty | row for row in rows], schema=RESULT_COLUMNS)


def with_published_medians(context: pl.DataFrame, tables: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the context rows with the publisher's median beside ours, for counties of the nation.

    `tables` are those that `read_medians` returned; of two medians of a number the first counts.
    """
    if not tables:
        return context
    medians = pl.concat(tables).select(
        "variable",
        "edition",
        "source_release",
        "period",
        "group_type",
        "group",
        pl.lit("county").alias("geo_level"),
        pl.lit(NATION).alias("scope"),
        pl.col("value").alias("_published"),
    )
    keys = medians.columns[:-1]
    medians = medians.unique(keys, keep="first", maintain_order=True)
    joined = context.join(medians, on=keys, how="left", maintain_order="left")
    return joined.with_columns(published_median=pl.col("_published")).drop("_published")
