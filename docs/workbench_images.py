"""The pictures of the workbench for the manual: the sample plan, as its lead sees it, on a desktop and on a phone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

SIZES = {"": (1280, 900), "-phone": (390, 844)}
#: Name of the picture -> path within the plan.
PAGES = {
    "home": "",
    "step": "steps/1/",
    "task": "tasks/s02.t01/",
    "comments": "comments/beside/task:s02.t01/",
    "history": "history/",
    "people": "people/",
}
#: Pages that the manual shows in one size only: picture -> ending of that size.
ONE_SIZE = {"comments": "-phone", "people": ""}
QUESTION = "questions/s01.q02/"
#: What the other window says, for each width: an answer that says the same makes no new version.
THEIRS = {
    1280: "The county, because its budget and its health center reach everyone.",
    390: "The county and its two largest towns, which share a school district.",
}
SEED = """
from upward.web.commands.setting_up import ready_database, set_up
set_up(None)
ready_database()
from upward.web.commands.sample import LEAD, make_sample_plan
password = make_sample_plan()
from upward.web.accounts.models import User
from upward.web.comments.actions import write_comment
from upward.web.plans.models import Plan
from upward.web.plans.queries import access_to
plan = Plan.objects.get()
def by(address):
    return access_to(plan, User.objects.get(email=address))
lead = User.objects.get(email=LEAD)
write_comment(by=by("ines@example.org"), record="task:s02.t01", question=True, asked_of=lead,
              text="Will the numbers show the north of the county by itself?")
write_comment(by=by("rosa@example.org"), record="task:s02.t01",
              text="The published figures stop at the county. I am asking the school district for theirs.")
print(plan.slug, LEAD, password, sep="\\t")
"""


@contextmanager
def sample_workbench(home: Path) -> Iterator[tuple[str, str, str, str]]:
    """Serve the sample plan from a home folder; give its address, the plan's slug, the lead's address and password."""
    environment = {**os.environ, "UPWARD_HOME": str(home)}
    seeded = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", SEED], env=environment, capture_output=True, text=True, check=True
    )
    slug, lead, password = seeded.stdout.splitlines()[-1].split("\t")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "upward", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address, slug, lead, password
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    for _try in range(300):
        try:
            with urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError("the workbench does not answer")


def take_workbench(browser: Browser, home: Path, images: Path) -> list[Path]:
    """Take every picture, and return their paths."""
    taken = []
    with sample_workbench(home) as (address, slug, lead, password):
        for ending, (width, height) in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
            page = context.new_page()
            _sign_in(page, address, lead, password)
            for name, path in PAGES.items():
                if ONE_SIZE.get(name, ending) != ending:
                    continue
                page.goto(f"{address}/plans/{slug}/{path}")
                taken.append(_take(page, images / f"workbench-{name}{ending}.png"))
            _meet(page, f"{address}/plans/{slug}/{QUESTION}", width=width)
            taken.append(_take(page, images / f"workbench-merge{ending}.png"))
            context.close()
    return taken


def _sign_in(page: Page, address: str, lead: str, password: str) -> None:
    page.goto(f"{address}/account/sign-in/")
    page.fill("[name=login]", lead)
    page.fill("[name=password]", password)
    page.click("main form button.btn")
    page.wait_for_url("**/plans/")


def _meet(page: Page, address: str, *, width: int) -> None:
    """Answer a question in two windows at once, so that the second sees both texts."""
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.fill("main [name=answer]", THEIRS[width])
    other.click("main form button.btn")
    other.wait_for_load_state()
    other.close()
    page.fill("main [name=answer]", "The county, because people move between its towns for work.")
    page.click("main form button.btn")
    page.wait_for_load_state()


def _take(page: Page, path: Path) -> Path:
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.screenshot(path=path)
    return path
