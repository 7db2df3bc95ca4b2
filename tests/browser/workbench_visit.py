"""A workbench that serves for journeys in a browser, and a visitor whose every page is looked at."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import BrowserContext, Page

PASSWORD = "four quiet rivers run"
CODE = "import sys; from upward.cli.main import run; sys.exit(run(sys.argv[1:]))"


def kinds_of_visit() -> list[tuple[int, str, bool]]:
    """Width, language and scripts: all eight where nothing may be left out, else four that hold every pair of them."""
    every = list(itertools.product((1280, 390), ("en", "es"), (True, False)))
    return every if os.environ.get("UPWARD_REQUIRE_ALL") else [
        kind for kind in every if (kind[0] == 390) + (kind[1] == "es") + (not kind[2]) in {0, 2}
    ]  # fmt: skip


class Served:
    """A workbench that serves on the sample release, with the link of its first person."""

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE, "--home", str(home), "serve", "--port", str(port), "--workers", "2"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**_own_settings(), **(settings or {})},
        )  # fmt: skip
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"http://\S+/first/\S+/", said)
        assert found, said
        self.first_link = found.group()
        for _try in range(150):
            try:
                with urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError(said)


def serve_beside(
    release_home: Path, home: Path, empty_workbench: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Give a workbench on the release of another home folder, with a database of its own."""
    home.mkdir()
    shutil.copy(empty_workbench, home)
    for part in ("releases", "current"):
        (home / part).symlink_to(release_home / part)
    workbench = Served(home, settings)
    yield workbench
    workbench.process.terminate()
    workbench.process.wait(timeout=30)
    workbench.process.stdout.close()


def make_empty_workbench(folder: Path) -> Path:
    """Return a database that has its tables and nobody in it: making them takes longer than anything else, so once."""
    command = [sys.executable, "-c", CODE, "--home", str(folder), "migrate"]
    subprocess.run(command, check=True, capture_output=True, env=_own_settings())
    return folder / "workbench.sqlite3"


def _own_settings() -> dict[str, str]:
    """The environment without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("UPWARD_", "DJANGO_"))}


class Visitor:
    """A person with a browser of a size, in a language; each page is looked at by the accessibility checker."""

    def __init__(
        self, context: BrowserContext, served: Served, axe: str, language: str, looker: Page | None = None
    ) -> None:
        self.context, self.served, self.axe = context, served, axe
        self.prefix = "" if language == "en" else "/es"
        self.language = language
        self.page: Page = context.new_page()
        self.looker = looker
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )

    def open(self, path: str) -> None:
        self.page.goto(self.served.address + self.prefix + path)
        self.check()

    def check(self) -> None:
        """Fail on any fault of the page: accessibility, width, language, a script or style that was refused."""
        page = self.page if self.looker is None else self.looker
        if self.looker is not None:  # scripts are off here: a page with scripts looks at what stands here
            self.looker.goto(self.served.address + "/healthz")
            self.looker.set_content(self.page.content())
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": self.axe})  # beside the page's own policy
        found = session.send(
            "Runtime.evaluate",
            {
                "expression": "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        session.detach()
        assert found["result"]["value"] == [], self.page.url
        size = self.context.pages[0].viewport_size
        assert size is not None
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], self.page.url
        assert self.page.get_attribute("html", "lang") == self.language
        refused = [said for said in self.complaints if "status of 4" not in said]
        assert refused == [], self.page.url

    def send(self) -> None:
        self.page.click("main form:not(.inline):not(.filters) button.btn:not([formnovalidate])")
        self.page.wait_for_load_state()
        self.check()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)


def begin_a_plan(ana: Visitor) -> None:
    """The first person comes in by the printed link and starts a plan for a county."""
    ana.open(ana.served.first_link.removeprefix(ana.served.address))
    ana.fill(name="Ana", email="ana@example.org", password=PASSWORD)
    ana.send()
    ana.fill(name="Alder", places="98001")
    ana.send()
