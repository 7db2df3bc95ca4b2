"""What drawings look like: classes of the page's style sheet on a page, attributes in a file that stands alone."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import invented
import pytest
from reading_html import SVG, articles, drawings, drawn_texts, parse, words

from upward.present import svg, svg_looks
from upward.present.html import page_style, render_place_page
from upward.present.svg_paper import Paper, joined

DRAWN = {f"{SVG}{name}" for name in ("path", "circle", "text")}


def _charts(page):
    return [
        chart
        for pillar in page.pillars
        for row in pillar.rows
        for chart in (*row.standing, *row.trends, *row.groups)
    ]


@pytest.mark.parametrize("place", [invented.COUNTY, invented.CITY], ids=["county", "city"])
def test_everything_drawn_has_a_look_that_the_style_sheet_knows(make, place) -> None:
    sheet = set(re.findall(r"\.([A-Za-z]\w*)", page_style()))
    checked = 0
    for drawing in drawings(parse(render_place_page(make(place)))):
        for parent in drawing.iter():
            for element in parent:
                if element.tag in DRAWN:
                    assert (element.get("class") or parent.get("class")) in sheet
                    assert element.get("stroke") is None, "a look outside the list"
                    checked += 1
    assert checked > 1000


def test_a_class_and_the_attributes_say_the_same() -> None:
    rules = svg_looks.style_rules().partition("@media")[0]
    sheet = dict(re.findall(r"svg (?::is\()?\.([A-Z]\d?)[^{]*\{([^}]*)\}", rules))
    assert set(sheet) == set(svg_looks.NAMES.values())
    for look, name in svg_looks.NAMES.items():
        rule = [part.split(":") for part in sheet[name].split(";")]
        written = re.findall(r' ([\w-]+)="([^"]*)"', svg_looks.attributes(look))
        assert [(key, value.removesuffix("px")) for key, value in rule] == written


def test_a_drawing_that_stands_alone_is_well_formed_and_needs_no_style_sheet(page) -> None:
    checked = 0
    for chart in _charts(page):
        for text in svg.draw_files(chart):
            root = ElementTree.fromstring(text)
            assert root.get("class") is None
            assert words(root.find(f"{SVG}title"))
            assert float(root.get("width")) > 0
            assert not [element for element in root.iter() if element.get("class")]
            paths = list(root.iter(f"{SVG}path"))
            assert paths
            assert all(path.get("stroke") or path.get("fill") for path in paths)
            assert all(float(circle.get("r")) > 0 for circle in root.iter(f"{SVG}circle"))
            checked += 1
    assert checked > 50


def test_the_file_and_the_page_write_the_same_texts_at_the_same_places(page) -> None:
    drawn = {}
    for article in articles(parse(render_place_page(page))):
        for drawing in drawings(article):
            drawn.setdefault(tuple(sorted(text for _kind, text in drawn_texts(drawing))), set()).add(
                tuple(text.get("x") for text in drawing.iter(f"{SVG}text"))
            )
    for chart in _charts(page):
        for text in svg.draw_files(chart):
            found = list(ElementTree.fromstring(text).iter(f"{SVG}text"))
            assert tuple(text.get("x") for text in found) in drawn[tuple(sorted(map(words, found)))]


def test_an_open_dot_and_a_filled_one_have_the_same_size() -> None:
    for radius in (2.75, 4.5, 6.5):
        for filled in (True, False):
            look = dict(svg_looks.dot(radius, svg_looks.TEAL, filled))
            assert float(look["r"]) + float(look["stroke-width"]) / 2 == radius


def test_a_look_outside_the_list_is_written_as_attributes() -> None:
    paper = Paper("other", 100, "A sentence.")
    paper.path("M0 0h9", "#123456", 7)
    assert '<path stroke="#123456" stroke-width="7" d="M0 0h9"/>' in paper.done()


def test_a_path_of_steps_ends_where_the_points_end() -> None:
    points = [(0.04, 10.06), (33.33, 9.99), (66.67, 10.0), (99.96, 0.04)]
    path = joined(points)
    start, steps = path[1:].split("l")
    x, y = (float(number) for number in start.split())
    moved = [float(number) for number in re.findall(r"-?(?:\d+\.\d|\d+|\.\d)", steps)]
    assert x + sum(moved[::2]) == pytest.approx(100.0)
    assert y + sum(moved[1::2]) == pytest.approx(0.0)
    assert joined([]) == ""
