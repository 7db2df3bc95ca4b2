"""One browser for the tests of a process, and what every page is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

for beside in (Path(__file__).parent, Path(__file__).parents[1] / "outputs"):  # readers of documents
    sys.path.insert(0, str(beside))


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def faults(axe_script: str) -> Callable[[Page], list[str]]:
    """What the accessibility checker finds on an open page: rule and element of each fault."""

    def found(page: Page) -> list[str]:
        page.evaluate(axe_script)
        return page.evaluate(
            "async () => (await axe.run()).violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html))"
        )

    return found
