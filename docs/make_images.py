"""Take the README's screenshots of the sample release's page (needs Chromium): docs/images/*.png."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright

from upward.cli.main import run

IMAGES = Path(__file__).parent / "images"
WIDTH = 1280
TOP_HEIGHT = 960
MARGIN = 24
#: The metric shown alone: bounds, quality, trend and groups in one row.
METRIC = "employment"


def main() -> int:
    """Make the sample pages and take the pictures."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        click.echo("Chromium is not installed (Debian: apt-get install chromium).", err=True)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        if code := run(["--home", str(Path(folder) / "home"), "demo", "--no-serve", "--into", str(demo)]):
            return code
        largest = next(path for path in sorted(demo.glob("?????.html")))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path)
            page = browser.new_page(viewport={"width": WIDTH, "height": TOP_HEIGHT}, color_scheme="light")
            page.goto(largest.as_uri())
            take(page)
            browser.close()
    return 0


def take(page: Page) -> None:
    """Take the two pictures of an opened place page."""
    IMAGES.mkdir(exist_ok=True)
    page.screenshot(path=IMAGES / "page-top.png")
    box = page.locator(f"#{METRIC}").bounding_box()
    if box is None:
        raise click.ClickException(f"The page has no row {METRIC}.")
    clip = {"x": 0, "y": box["y"] - MARGIN, "width": WIDTH, "height": box["height"] + 2 * MARGIN}
    page.screenshot(path=IMAGES / "page-metric.png", clip=clip, full_page=True)


if __name__ == "__main__":
    sys.exit(main())
