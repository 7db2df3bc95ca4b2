"""The demo's index: no accessibility fault at phone and desktop width, nothing wider than the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from upward.cli.demo import index_page, sample_places
from upward.warehouse.read import Release

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["en", "es"])
def index(
    request: pytest.FixtureRequest, sample_release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("demo") / "index.html"
    page = index_page(sample_release, sample_places(sample_release), language=request.param)
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_index_is_accessible_and_fits(browser: Browser, index: Path, faults, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(index.as_uri())
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
