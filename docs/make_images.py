"""Take the manual's pictures of sample release and sample plan: docs/images/*.png.

Needs Chromium, ImageMagick and poppler's pdftoppm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright
from workbench_images import take_workbench

from upward.cli.main import run

IMAGES = Path(__file__).parent / "images"
WIDTH = 1280
TOP_HEIGHT = 960
MARGIN = 24
LARGEST = 150_000
#: The metric shown alone: bounds, quality, trend and groups in one row.
METRIC = "employment"
#: Pages of the sample plan that are shown side by side, by their first line: cover, findings, actions.
PLAN_PAGES = ("Tanager County, Cardinal", "Summary of Upward Mobility Findings", "What we will do")
PLAN_DOTS = 58  # to the inch


def main() -> int:
    """Make the sample pages and take the pictures."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        click.echo("Chromium is not installed (Debian: apt-get install chromium).", err=True)
        return 1
    convert = shutil.which("convert")
    if convert is None:
        click.echo("ImageMagick is not installed (Debian: apt-get install imagemagick).", err=True)
        return 1
    pages = shutil.which("pdftoppm")
    if pages is None:
        click.echo("pdftoppm is not installed (Debian: apt-get install poppler-utils).", err=True)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        if code := run(["--home", str(Path(folder) / "home"), "demo", "--no-serve", "--into", str(demo)]):
            return code
        largest = next(path for path in sorted(demo.glob("?????.html")))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": WIDTH, "height": TOP_HEIGHT}, color_scheme="light")
            page.goto(largest.as_uri())
            taken = [*take(page), *take_workbench(browser, Path(folder) / "home", IMAGES)]
            browser.close()
        taken.append(take_plan(demo / "plan" / "sample-plan.pdf", pages, convert))
    for path in taken:
        make_small(path, convert)
    return 0


def make_small(path: Path, convert: str) -> None:
    """Write a picture again in few colors: a page is ink, paper and teal, and the manual stays light."""
    words = [convert, path, "-strip", "-dither", "None", "-colors", "64", f"PNG8:{path}"]
    subprocess.run(words, check=True)  # noqa: S603 - our own picture
    if path.stat().st_size > LARGEST:
        raise click.ClickException(f"{path.name} has {path.stat().st_size} bytes; {LARGEST} are allowed.")


def take_plan(plan: Path, pages: str, convert: str) -> Path:
    """Take pages of a plan side by side, each with a hairline around it, and return the picture's path."""
    shown = []
    words = [pages.replace("pdftoppm", "pdftotext"), str(plan), "-"]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own file
    first_lines = [page.lstrip().partition("\n")[0] for page in text.split("\f")]
    for number in (first_lines.index(line) + 1 for line in PLAN_PAGES):
        shown.append(plan.with_name(f"page-{number}.png"))
        wanted = ["-r", str(PLAN_DOTS), "-f", str(number), "-l", str(number), "-singlefile", "-png"]
        words = [pages, *wanted, plan, shown[-1].with_suffix("")]
        subprocess.run(words, check=True, stderr=subprocess.DEVNULL)  # noqa: S603 - our own file
    made = IMAGES / "plan-pages.png"
    edge = ["-bordercolor", "#d9dee3", "-border", "1", "-bordercolor", "white", "-border", "8"]
    subprocess.run([convert, *shown, *edge, "+append", made], check=True)  # noqa: S603 - our own pictures
    return made


def take(page: Page) -> list[Path]:
    """Take the two pictures of an opened place page, and return their paths."""
    IMAGES.mkdir(exist_ok=True)
    top, metric = IMAGES / "page-top.png", IMAGES / "page-metric.png"
    page.screenshot(path=top)
    box = page.locator(f"#{METRIC}").bounding_box()
    if box is None:
        raise click.ClickException(f"The page has no row {METRIC}.")
    clip = {"x": 0, "y": box["y"] - MARGIN, "width": WIDTH, "height": box["height"] + 2 * MARGIN}
    page.screenshot(path=metric, clip=clip, full_page=True)
    return [top, metric]


if __name__ == "__main__":
    sys.exit(main())
