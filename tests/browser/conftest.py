"""One browser for the tests of a process, and what every page is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

for beside in (Path(__file__).parent, Path(__file__).parents[1] / "outputs"):  # readers of documents
    sys.path.insert(0, str(beside))


from workbench_visit import Served, Visitor, kinds_of_visit, make_empty_workbench, serve_beside  # noqa: E402 - found by the lines above


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


@pytest.fixture(scope="session")
def empty_workbench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has its tables and nobody in it."""
    return make_empty_workbench(tmp_path_factory.mktemp("empty-workbench"))


@pytest.fixture
def served(tmp_path: Path, sample_home: Path, empty_workbench: Path) -> Iterator[Served]:
    """A workbench that serves the sample release, without a mail server."""
    yield from serve_beside(sample_home, tmp_path / "home", empty_workbench)


@pytest.fixture(
    params=kinds_of_visit(),
    ids=lambda kind: f"{kind[0]}-{kind[1]}-{'script' if kind[2] else 'no-script'}",
)
def visitors(
    request: pytest.FixtureRequest, browser: Browser, served: Served, axe_script: str
) -> Iterator[list[Visitor]]:
    """Two people with browsers of their own."""
    width, language, scripts = request.param
    size = {"width": width, "height": 900}
    contexts = [browser.new_context(viewport=size, java_script_enabled=scripts) for _person in range(2)]
    looking = browser.new_context(viewport=size)
    looker = None if scripts else looking.new_page()
    yield [Visitor(context, served, axe_script, language, looker) for context in contexts]
    for context in (*contexts, looking):
        context.close()
