"""Pages of real places: every kind of county and city can be drawn, and with everything on it a page stays small."""

from __future__ import annotations

from datetime import date

import pytest

from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.insights.analysis import Analysis
from upward.pipeline.place_views import ViewMaker, survey_places
from upward.present.build import build_place_page, release_facts
from upward.present.html import render_place_page
from upward.warehouse.read import Release

pytestmark = pytest.mark.real

MOST_BYTES = 250_000
#: The largest of all pages, as benchmarks/pages.py has found them, and the eight that the main job names.
LARGEST = ("51019", "53075", "08045", "04001", "33003", "44001", "48323")
NAMED = ("29019", "42101", "11001", "27123", "09110", "02063", "48301", "4260000")
#: Beside them the place of the fewest residents, and one place of so many.
FEWEST, STEP = "15005", 20


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_with_everything_are_drawn_and_stay_small(real_release: Release, language: str) -> None:
    everywhere = real_release.all_places()
    by_code = {place.geo_id: place for place in everywhere}
    places = [*everywhere[::STEP], *(by_code[code] for code in (*LARGEST, *NAMED, FEWEST))]
    analysis = Analysis.of(real_release)
    catalog, facts = load_catalog(language), release_facts(real_release)
    populations = real_release.all_populations()
    with use_language(language):
        views = ViewMaker(analysis, survey_places(analysis, places))
        for place, rows in real_release.rows_of(places):
            page = build_place_page(
                place,
                rows,
                real_release.context(),
                catalog,
                populations=populations.get((place.geo_level, place.geo_id), []),
                release_info=facts,
                today=date(2026, 11, 29),
                language=language,
                views=views.views_of(place, rows, catalog),
            )
            size = len(render_place_page(page).encode())
            assert size < MOST_BYTES, f"{place.label}: {size:,} bytes in {language}"
