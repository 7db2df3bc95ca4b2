"""A place's page in a browser: accessible opened and closed, fits every width, prints, reads without styles."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from upward.cli.demo import sample_places
from upward.present.build import page_of_release
from upward.present.html import render_place_page
from upward.warehouse.read import Release

pytestmark = pytest.mark.browser

TODAY = date(2026, 11, 24)
LANGUAGES = ("en", "es")
KINDS = ("largest county", "smallest county", "largest city")


@pytest.fixture(scope="module")
def pages(sample_release: Release, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """The pages of three sample places in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    written = {}
    for kind, place in zip(KINDS, sample_places(sample_release), strict=True):
        for language in LANGUAGES:
            path = folder / f"{place.geo_id}.{language}.html"
            page = page_of_release(sample_release, place, today=TODAY, language=language)
            path.write_text(render_place_page(page), encoding="utf-8")
            written[kind, language] = path
    return written


def opened(browser: Browser, path: Path, width: int, **options) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("kind", "language"), [*((kind, "en") for kind in KINDS), (KINDS[0], "es")])
def test_a_page_has_no_accessibility_fault_closed_or_opened(
    browser: Browser, pages, faults, kind: str, language: str, width: int
) -> None:
    page = opened(browser, pages[kind, language], width)
    assert faults(page) == []
    for summary in page.locator("summary").all():
        summary.click()
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_the_screen(browser: Browser, pages, kind: str) -> None:
    page = opened(browser, pages[kind, "es"], 1280)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in (1280, 1248, 720, 640, 390, 320):  # 640 is 1280 at 200 %
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


#: Pairs of texts of one drawing that lie over each other, and texts that reach out of it into the next column.
COLLISIONS = """() => [...document.querySelectorAll("svg")].flatMap(svg => {
  const box = svg.getBoundingClientRect();
  if (!box.width) return [];
  const texts = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
  return texts.flatMap(([first, a], index) => [
    ...(a.left < box.left - 24 || a.right > box.right + 24 ? [first] : []),
    ...texts.slice(0, index).filter(([, b]) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4).map(([second]) => `${second} | ${first}`),
  ]);
})"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_letters_of_a_drawing_lie_over_each_other(
    browser: Browser, pages, kind: str, language: str
) -> None:
    page = opened(browser, pages[kind, language], 1280)
    assert page.locator("svg text").count() > 300
    assert page.evaluate(COLLISIONS) == []
    page.close()


def test_everything_can_be_reached_and_opened_with_the_keyboard(browser: Browser, pages) -> None:
    page = opened(browser, pages["largest county", "en"], 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    reached = []
    while not reached or reached[-1] != "BODY":
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.tagName"))
    assert reached.count("SUMMARY") == page.locator("summary").count() > 40
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    page.close()


def test_drawings_keep_their_contrast_where_colours_are_forced(browser: Browser, pages) -> None:
    page = opened(browser, pages["largest county", "en"], 1280, forced_colors="active")
    strokes = page.evaluate(
        "[...document.querySelectorAll('svg[role=img] path')].map(p => getComputedStyle(p).stroke)"
    )
    system = page.evaluate(
        "(() => { const b = document.createElement('i'); b.style.color = 'CanvasText'; document.body.append(b);"
        " return getComputedStyle(b).color })()"
    )
    assert strokes.count(system) > 200
    # Paths that only place dots stay unseen, and the dots are told apart by their filling.
    dots = page.evaluate(
        "[...document.querySelectorAll('marker circle')].map(c => [c.getAttribute('fill') === '#fff',"
        " getComputedStyle(c).stroke, getComputedStyle(c).fill])"
    )
    assert all((stroke if is_open else fill) == system for is_open, stroke, fill in dots)
    assert {is_open for is_open, *_rest in dots} == {True, False}
    assert "none" in strokes
    page.close()


def test_heads_of_tables_are_those_of_their_column_or_row_to_those_who_listen(
    browser: Browser, pages
) -> None:
    page = opened(browser, pages["largest county", "en"], 1280)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    told = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = Counter(node["role"]["value"] for node in told if not node["ignored"])
    columns, rows = page.locator("thead th").count(), page.locator("tbody th").count()
    assert columns > 50
    assert rows > 300
    assert (roles["columnheader"], roles["rowheader"]) == (columns, rows)
    page.close()


def test_a_page_reads_with_styles_off(browser: Browser, pages) -> None:
    page = opened(browser, pages["largest county", "en"], 1280)
    page.evaluate("document.querySelectorAll('style').forEach(s => s.remove())")
    text = page.inner_text("body")
    order = (
        "Every name",
        "The five pillars",
        "Where people live shapes",
        "Learning, from preschool",
        "Cited sources",
    )
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert not [drawing for drawing in page.locator("svg[role=img]").all() if drawing.is_visible()]
    page.close()


def test_an_opened_table_is_printed_whole(browser: Browser, pages) -> None:
    page = opened(browser, pages["largest county", "en"], 700)  # the width of a printed page
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    edges = page.evaluate(
        "[...document.querySelectorAll('.scroll table')].map(t => t.getBoundingClientRect().right)"
    )
    assert len(edges) > 20
    assert max(edges) <= 700
    page.close()


def test_an_opened_table_of_numbers_needs_no_scrolling_on_a_wide_screen(browser: Browser, pages) -> None:
    page = opened(browser, pages["largest county", "es"], 1280)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    cut = page.evaluate(
        """[...document.querySelectorAll('.row .scroll')].filter(e => e.scrollWidth > e.clientWidth + 1
        || e.getBoundingClientRect().left < 0).map(e => e.closest('article').id)"""
    )
    assert cut == []
    page.close()


def test_no_head_is_printed_last_on_a_sheet(browser: Browser, pages, tmp_path: Path) -> None:
    page = opened(browser, pages["largest county", "en"], 700)
    page.add_style_tag(content="main .w>:not(.missing,.src,i),.top{display:none!important}")
    page.evaluate("document.querySelector('main .w').prepend(document.createElement('i'))")
    heads = {"What is missing, and why", "Sources and method", "Cited sources"}
    heads |= set(page.locator(".quiet [scope=rowgroup]").all_inner_texts())
    target = tmp_path / "page.pdf"
    for above in range(500, 920, 20):  # wherever on its sheet the section begins
        page.evaluate(f"document.querySelector('i').style = 'display:block;height:{above}px'")
        page.pdf(path=str(target), prefer_css_page_size=True)
        told = ["pdftotext", "-layout", str(target), "-"]
        text = subprocess.run(told, capture_output=True, text=True, check=True).stdout
        for sheet in text.rstrip("\f").split("\f"):
            lines = [line.strip() for line in sheet.splitlines() if line.strip()][:-1]  # without the foot
            assert not lines or (lines[-1] not in heads and not lines[-1].startswith("Value  ")), above
    page.close()


def test_a_printed_page_is_letter_and_names_place_and_release(
    browser: Browser, pages, tmp_path: Path
) -> None:
    page = opened(browser, pages["largest county", "en"], 1280)
    target = tmp_path / "page.pdf"
    page.pdf(path=str(target), prefer_css_page_size=True, print_background=True)
    page.close()
    told = subprocess.run(["pdfinfo", str(target)], capture_output=True, text=True, check=True).stdout
    assert "612 x 792" in told
    text = subprocess.run(["pdftotext", str(target), "-"], capture_output=True, text=True, check=True).stdout
    first = text.split("\f")[0]
    assert "Tanager County" in first
    assert "Sample data, invented" in first
    assert "release" in first
