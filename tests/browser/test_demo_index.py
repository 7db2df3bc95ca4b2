"""The demo's index: no accessibility fault at phone and desktop width, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from upward.cli.demo import index_page, sample_places
from upward.warehouse.read import Release

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def index(sample_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "index.html"
    path.write_text(index_page(sample_release, sample_places(sample_release)), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_index_is_accessible_and_fits(browser: Browser, index: Path, axe_script: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(index.as_uri())
    page.evaluate(axe_script)
    found = page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
