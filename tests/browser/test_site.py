"""A site in a browser: no fault on any kind of page, scripts on and off, by keyboard, under a strict policy."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from upward.pipeline.site import publish_site
from upward.warehouse.read import Release

pytestmark = pytest.mark.browser

TODAY = date(2026, 11, 24)
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'"
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def site(sample_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few sample places in both languages."""
    folder = tmp_path_factory.mktemp("site") / "site"
    counties, cities = sample_release.all_places("county"), sample_release.all_places("place")
    places = [max(counties, key=lambda place: place.population or 0), counties[0], cities[0]]
    publish_site(sample_release, folder, places=places, languages=("en", "es"), processes=1, today=TODAY)
    return folder


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The site behind a web server that sends a strict content security policy."""

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


def kinds(site: Path) -> dict[str, Path]:
    """One page of every kind."""
    first = lambda pattern: sorted(site.glob(pattern))[0]  # noqa: E731
    return {
        "start": site / "index.html",
        "letter": first("browse/*.html"),
        "state": first("states/*.html"),
        "place": first("places/?????.html"),
        "city": first("places/???????.html"),
        "tables": first("places/*-tables.html"),
        "framework": site / "metrics" / "index.html",
        "metric": site / "metrics" / "employment.html",
        "crime": site / "metrics" / "crime.html",
        "predictor": site / "predictors" / "employment-opportunities.html",
        "maps": site / "maps" / "index.html",
        "map": first("maps/*[a-z].html"),
        "map of a state": first("maps/*/*.html"),
        "glossary": site / "glossary.html",
        "release": site / "release.html",
        "data": site / "data" / "index.html",
        "about": site / "about.html",
        "404": site / "404.html",
        "spanish start": site / "es" / "index.html",
        "spanish place": first("es/places/?????.html"),
    }


KINDS = (
    "start", "letter", "state", "place", "city", "tables", "framework", "metric", "crime", "predictor", "maps", "map",
    "map of a state", "glossary", "release", "data", "about", "404", "spanish start", "spanish place",
)  # fmt: skip


def opened(browser: Browser, path: Path, width: int = 1280, **options) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_accessibility_fault_and_nothing_wider_than_the_screen(
    browser: Browser, site: Path, faults, kind: str, width: int
) -> None:
    page = opened(browser, kinds(site)[kind], width)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_drawn_maps_have_no_accessibility_fault_and_a_path_by_keyboard(
    browser: Browser, faults, tmp_path: Path
) -> None:
    page = opened(browser, invented_map(tmp_path))
    assert faults(page) == []
    first = page.locator(".map a").first
    first.focus()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')")
    shown = page.evaluate("getComputedStyle(document.activeElement.querySelector('path')).strokeWidth")
    assert float(shown.removesuffix("px")) > 2
    page.close()


def invented_map(folder: Path) -> Path:
    """A page with the map of the country and of a state, from invented values of real counties."""
    from upward.present.html import FOLDER
    from upward.present.svg_map import draw_nation, draw_state

    spec = invented_spec()
    states = {code[:2]: f"State {code[:2]}" for code in spec.marks}
    nation = draw_nation(spec, states, lambda state: f"{state}.html")
    one = draw_state(spec, "29", "Counties of a state.", lambda code: f"{code}.html")
    style = "\n".join((FOLDER / "assets" / name).read_text() for name in ("page.css", "site.css"))
    path = folder / "map.html"
    path.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Map</title><style>{style}</style>'
        f"<main><h1>Map</h1>{nation}{one}</main></html>",
        encoding="utf-8",
    )
    return path


def invented_spec():
    from upward.catalog.load import load_catalog
    from upward.present.maps import build_map
    from upward.present.shapes import county_shapes
    from upward.warehouse.places import Place
    from upward.warehouse.read import ResultRow

    catalog = load_catalog("en")
    variable = catalog.variables["share_employed"]
    rows, places = [], {}
    for number, code in enumerate(county_shapes("2022")):
        fields = dict.fromkeys(ResultRow._fields) | {
            "variable": variable.id, "metric": "employment", "edition": "2025", "geo_level": "county", "geo_id": code,
            "period": "2023", "group_type": "all", "group": "all", "status": "ok", "current": True,
            "value": None if number % 11 == 0 else 0.5 + number % 40 / 100, "quality": 3 if number % 5 == 0 else 1,
        }  # fmt: skip
        rows.append(ResultRow(**fields))
        places[code] = Place(
            "county",
            code,
            f"County {code}",
            code[:2],
            "",
            "",
            1000.0,
            "2023",
            "2022",
            "2014",
            "2023",
            True,
            "",
            "",
        )
    unit = catalog.units[variable.unit]
    return build_map(
        catalog.metrics["employment"], variable, unit, rows, places, direction="higher is better"
    )


def test_search_finds_a_place_from_the_disk_and_leads_there_by_keyboard(browser: Browser, site: Path) -> None:
    page = opened(browser, site / "index.html")
    name = page.evaluate(
        "new Promise(done => { const s = document.createElement('script'); s.src = 'assets/places.js';"
        " s.onload = () => done(window.upwardPlaces[0]); document.head.append(s); })"
    )
    page.get_by_role("searchbox").focus()
    page.keyboard.type(name[1].split()[0][:6].lower())
    page.locator("#search li a").first.wait_for()
    assert name[1] in page.locator("#search li").all_inner_texts()
    assert page.get_by_role("status").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/*.html")
    page.close()


def test_search_says_when_nothing_is_found(browser: Browser, site: Path) -> None:
    page = opened(browser, site / "index.html")
    page.get_by_role("searchbox").fill("zzzz")
    page.wait_for_function("document.querySelector('#search [role=status]').textContent !== ''")
    assert page.locator("#search li").count() == 0
    page.close()


def test_without_scripts_every_place_is_two_links_away(browser: Browser, site: Path) -> None:
    page = opened(browser, site / "index.html", java_script_enabled=False)
    assert page.get_by_role("searchbox").count() == 0
    page.locator(".states a").first.click()
    page.locator(".names a").first.click()
    assert "/places/" in page.url
    page.close()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(browser: Browser, site: Path) -> None:
    page = opened(browser, site / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.close()


def test_a_strict_policy_breaks_nothing(browser: Browser, site: Path, served: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for kind in KINDS:
        page.goto(served + str(kinds(site)[kind].relative_to(site)))
    page.goto(served)
    page.get_by_role("searchbox").fill("a")
    assert complaints == []
    page.close()


def test_the_language_switch_leads_to_the_same_page(browser: Browser, site: Path) -> None:
    page = opened(browser, kinds(site)["place"])
    here = page.url.rsplit("/", 1)[-1]
    page.locator(".tools a").click()
    assert page.url.endswith(f"/es/places/{here}")
    assert page.locator("html").get_attribute("lang") == "es"
    page.close()


def test_a_page_fits_at_twice_the_size_and_prints(browser: Browser, site: Path, tmp_path: Path) -> None:
    page = opened(browser, kinds(site)["place"], 640)  # 1280 at 200 %
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.pdf(path=tmp_path / "page.pdf", format="Letter")
    assert (tmp_path / "page.pdf").stat().st_size > 20_000
    page.close()
