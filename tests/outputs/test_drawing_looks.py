"""What drawings look like: classes of the page's style sheet on a page, attributes in a file that stands alone."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import invented
import pytest
from reading_html import SVG, articles, drawings, drawn_texts, parse, words

from upward.present import svg, svg_looks, theme
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
    sheet = dict(re.findall(r"(?<=\})\.([A-Z]\d?)\{([^}]*)\}", rules))
    assert set(sheet) == set(svg_looks.NAMES.values())
    for look, name in svg_looks.NAMES.items():
        rule = [part.split(":", 1) for part in sheet[name].split(";")]
        line = look.line if isinstance(look, svg_looks.Signed) else look
        written = re.findall(r' ([\w-]+)="([^"]*)"', svg_looks.attributes(line))
        assert [(key, value) for key, value in rule if not key.startswith("marker")] == written


def test_a_line_with_signs_names_those_that_the_page_defines(page) -> None:
    tree = parse(render_place_page(page))
    defined = {marker.get("id"): marker for marker in tree.iter(f"{SVG}marker")}
    rules = svg_looks.style_rules()
    for look in svg_looks.LISTED_SIGNED:
        (rule,) = re.findall(rf"(?<=\}})\.{svg_looks.NAMES[look]}\{{([^}}]*)\}}", rules)
        named = dict(re.findall(r"(marker(?:-end)?):url\(#(\w+)\)", rule))
        for sign, name in ((look.sign, named["marker"]), (look.end, named.get("marker-end"))):
            assert bool(sign) == bool(name)
            if sign:
                (element,) = defined[name]
                assert element.attrib == dict(re.findall(r'([\w-]+)="([^"]*)"', sign))


def test_a_file_draws_every_sign_that_a_page_has_at_the_corners_of_a_line() -> None:
    paper = Paper("trend", theme.TREND_WIDTH, "A sentence.")
    paper.height = 100
    paper.axis([80, 580, 1080], 900)
    paper.dotted_line([([80, 580], [300, 400]), ([1080], [350])], 1.75, filled=False)
    paper.whiskers([(100, 500, 200)], 3.5, svg_looks.TEAL)
    paper.bars([(100, 500, 600)], 16)
    paper.hairlines(1420, [120, 440], 108)
    page, file = paper.done(), paper.alone()
    assert re.findall(r' d="([^"]*)"', page) == [
        "M8 90h50 50", "M8 30l50 10M108 35", "M10 20H50", "M10 60H50", "M142 12v32",
    ]  # fmt: skip
    assert re.findall(r'<path [^>]*d="([^"]*)"', file) == [
        "M8 90H108", "M8 87v3M58 87v3M108 87v3",
        "M8 30l50 10",
        "M10 16.5v7m0-3.5H50m0-3.5v7",
        "M10 52H50v16H10z", "M10 52v16M50 52v16",
        "M142 12h108M142 44h108",
    ]  # fmt: skip
    assert re.findall(r'r="([\d.]+)".*?cx="(\d+)" cy="(\d+)"', file) == [
        ("2.125", "8", "30"), ("2.125", "58", "40"), ("4.25", "108", "35"),
    ]  # fmt: skip


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


def _places(drawing) -> tuple[float, ...]:
    """Where the texts of a drawing of a page stand: from its left, or in places from its right edge."""
    width = float(drawing.get("viewBox").replace(",", " ").split()[2])
    found = []
    for parent in drawing.iter():
        for text in parent.findall(f"{SVG}text"):
            kind = text.get("class") or parent.get("class")
            edge = width if kind.endswith("e") and drawing.get("class") in svg_looks.WIDTHS else 0
            found.append(edge + float(text.get("x") or 0))
    return tuple(found)


def test_the_file_and_the_page_write_the_same_texts_at_the_same_places(page) -> None:
    drawn = {}
    for article in articles(parse(render_place_page(page))):
        for drawing in drawings(article):
            drawn.setdefault(tuple(sorted(text for _kind, text in drawn_texts(drawing))), set()).add(
                tuple(sorted(_places(drawing)))
            )
    for chart in _charts(page):
        for text in svg.draw_files(chart):
            found = list(ElementTree.fromstring(text).iter(f"{SVG}text"))
            places = tuple(sorted(float(text.get("x") or 0) for text in found))
            assert places in drawn[tuple(sorted(map(words, found)))]


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
    start, *parts = re.findall(r"[Mlhv][^Mlhv]*", joined(points))
    x, y = (float(number) for number in start[1:].split())
    for part in parts:
        moved = [float(number) for number in re.findall(r"-?(?:\d+\.\d|\d+|\.\d)", part)]
        x += sum({"l": moved[::2], "h": moved, "v": []}[part[0]])
        y += sum({"l": moved[1::2], "h": [], "v": moved}[part[0]])
    assert (x, y) == (pytest.approx(100.0), pytest.approx(0.0))
    assert joined([(0, 0), (9, 0), (9, 5), (9, 5.5), (1, 0), (2, 0)]) == "M0 0h9v5 .5l-8-5.5h1"
    assert joined([]) == ""
