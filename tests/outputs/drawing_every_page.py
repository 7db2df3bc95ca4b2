"""A program: print the checksum of the page of every place of a home, in both languages, and what drew them."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import date

from upward.base.messages import LANGUAGES, use_language
from upward.catalog.load import load_catalog
from upward.insights.analysis import open_release
from upward.pipeline.place_views import ViewMaker, survey_places
from upward.present import svg
from upward.present.build import build_place_page, release_facts
from upward.present.html import render_place_page


def main(home: str) -> None:
    """Draw the pages with findings, peers and positions, as a site does."""
    release = open_release(home)
    facts, maker = release_facts(release), ViewMaker(release, survey_places(release))
    found = {}
    for language in LANGUAGES:
        catalog = load_catalog(language)
        with use_language(language):
            for place, rows in release.rows_by_place():
                page = build_place_page(
                    place, rows, release.context(), catalog,
                    populations=release.populations(place), release_info=facts, today=date(2026, 11, 24),
                    language=language, views=maker.views_of(place, rows, catalog),
                )  # fmt: skip
                text = render_place_page(page)
                found[f"{place.geo_id} {language}"] = hashlib.sha256(text.encode()).hexdigest()
    print(json.dumps({"drawn_by": svg.__file__, "pages": found}))


if __name__ == "__main__":
    main(sys.argv[1])
