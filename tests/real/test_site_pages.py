"""Pages of the published places: light, however much is published of a place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from upward.insights.analysis import Analysis
from upward.pipeline.place_views import views_of_place
from upward.pipeline.site import publish_site
from upward.present.build import page_of_release
from upward.present.html import render_place_page
from upward.warehouse.read import Release

pytestmark = pytest.mark.real

LIGHT, LIMIT = 200_000, 250_000
TODAY = date(2026, 11, 24)
#: The eight places that the main job names, beside those with the most numbers.
NAMED = ("29019", "42101", "11001", "27123", "09110", "02063", "48301", "4260000")
FULLEST = 4
#: The largest of all pages that hold everything, as benchmarks/pages.py has found them.
LARGEST = ("51019", "53075", "48323", "33003", "08045")


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


def test_a_page_that_holds_everything_stays_below_250_kilobytes(real_release: Release) -> None:
    analysis = Analysis.of(real_release)
    sizes = {}
    for place in map(analysis.place, dict.fromkeys((*NAMED, *LARGEST))):
        views = views_of_place(analysis, place, "en")
        page = page_of_release(analysis, place, today=TODAY, language="en", views=views)
        sizes[place.label] = len(render_place_page(page).encode())
    assert {label: size for label, size in sizes.items() if size >= LIMIT} == {}


def test_a_page_of_the_figures_alone_stays_below_250_kilobytes_in_spanish(real_release: Release) -> None:
    sizes = {}
    for place in map(real_release.place, dict.fromkeys((*NAMED, *LARGEST))):
        page = page_of_release(real_release, place, today=TODAY, language="es")
        sizes[place.label] = len(render_place_page(page).encode())
    assert {label: size for label, size in sizes.items() if size >= LIMIT} == {}
