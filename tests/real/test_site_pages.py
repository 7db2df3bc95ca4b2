"""Pages of the published places: light, however much is published of a place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from upward.insights.analysis import Analysis
from upward.pipeline.site import publish_site
from upward.warehouse.read import Release

pytestmark = pytest.mark.real

LIGHT = 200_000
TODAY = date(2026, 11, 24)
#: The eight places that the main job names, beside those with the most numbers.
NAMED = ("29019", "42101", "11001", "27123", "09110", "02063", "48301", "4260000")
FULLEST = 4


def test_pages_of_published_places_stay_below_200_kilobytes(real_release: Release, tmp_path: Path) -> None:
    analysis = Analysis.of(real_release)
    counted = (
        pl.scan_parquet(analysis.folder / "results.parquet")
        .filter(pl.col("current"))
        .group_by("geo_level", "geo_id")
        .agg(pl.len())
        .sort("len", descending=True)
        .collect()
    )
    fullest = [
        code
        for level in ("county", "place")
        for code in counted.filter(pl.col("geo_level") == level)["geo_id"].head(FULLEST)
    ]
    codes = dict.fromkeys((*NAMED, *fullest))
    places = [analysis.place(code) for code in codes]
    publish_site(analysis, tmp_path / "site", places=places, forms=(), processes=1, today=TODAY)
    sizes = {
        path.name: path.stat().st_size
        for folder in ("places", "states", "metrics", "maps", "predictors")
        for path in (tmp_path / "site" / folder).glob("*.html")
    }
    assert {f"{code}.html" for code in codes} <= set(sizes)
    heavy = {name: size for name, size in sizes.items() if size >= LIGHT}
    assert heavy == {}
