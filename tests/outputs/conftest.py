"""Pages of invented places, made once for all tests of the outputs."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import invented

from upward.catalog.load import load_catalog
from upward.present.build import build_place_page
from upward.present.specs import PlacePage, ReleaseFacts
from upward.warehouse.places import Place

TODAY = date(2026, 11, 24)


def made(
    place: Place = invented.COUNTY,
    rows: list | None = None,
    *,
    language: str = "en",
    usable: bool = True,
    release: ReleaseFacts = invented.RELEASE,
    change=None,
) -> PlacePage:
    """Return the page of an invented place; without rows, of one that has every number."""
    catalog = load_catalog(language)
    return build_place_page(
        place,
        invented.all_rows(catalog, place, change) if rows is None else rows,
        invented.InventedContext(catalog, usable),
        catalog,
        populations=invented.POPULATIONS,
        release_info=release,
        today=TODAY,
        language=language,
    )


@pytest.fixture(scope="session")
def make():
    """The function that makes the page of an invented place."""
    return made


@pytest.fixture(scope="session")
def page() -> PlacePage:
    """The page of a county that has every number."""
    return made()


@pytest.fixture(scope="session")
def city() -> PlacePage:
    """The page of a city that has every number."""
    return made(invented.CITY)
