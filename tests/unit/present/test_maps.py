"""Maps: every county once, weak data in no class, borders without gaps, nothing drawn that must not be compared."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upward.catalog.load import load_catalog
from upward.present.borders import chains, national_chains, outline, simplify, state_drawing
from upward.present.maps import MapSpec, build_map, mapped_variables, why_no_map
from upward.present.shapes import county_shapes
from upward.present.svg_map import CLASS_FILLS, draw_nation, draw_state, fills
from upward.warehouse.places import Place
from upward.warehouse.read import ResultRow

VINTAGE = "2022"
CODES = tuple(county_shapes(VINTAGE))


def row(code: str, value: float | None, quality: int | None = 1, **changes) -> ResultRow:
    fields = dict.fromkeys(ResultRow._fields)
    fields |= {
        "metric": "employment", "variable": "share_employed", "edition": "2025", "geo_level": "county", "geo_id": code,
        "period": "2023", "group_type": "all", "group": "all", "value": value, "quality": quality,
        "status": "ok" if value is not None else "suppressed", "source_release": "2025.01",
        "source_file": "invented.csv",
        "current": True,
    }  # fmt: skip
    return ResultRow(**(fields | changes))


def place(code: str) -> Place:
    return Place(
        "county", code, f"County {code}", code[:2], f"State {code[:2]}", code[:2], 1000.0 + int(code) % 977, "2023",
        "2022", "2014", "2023", True, "", "",
    )  # fmt: skip


PLACES = {code: place(code) for code in CODES}


def spec_of(rows: Sequence[ResultRow]) -> MapSpec:
    catalog = load_catalog("en")
    variable = catalog.variables["share_employed"]
    found = build_map(
        catalog.metrics["employment"],
        variable,
        catalog.units[variable.unit],
        rows,
        PLACES,
        direction="higher is better",
    )
    assert found is not None
    return found


@pytest.fixture(scope="module")
def spec() -> MapSpec:
    picked = random.Random(1)
    rows = []
    for code in CODES:
        kind = picked.random()
        if kind < 0.1:
            continue
        value = None if kind < 0.2 else picked.uniform(0.6, 0.95)
        quality = 3 if kind > 0.7 else 1
        bounds = {} if value is None else {"lower": value - 0.01, "upper": value + 0.01}
        rows.append(row(code, value, None if value is None else quality, **bounds))
    return spec_of(rows)


def test_every_county_is_in_one_class_or_weak_or_missing(spec: MapSpec) -> None:
    parts = [item.codes for item in spec.classes] + [spec.weak, spec.missing]
    assert sorted(code for part in parts for code in part) == sorted(CODES)


def test_weak_values_are_in_no_class_and_keep_their_figure(spec: MapSpec) -> None:
    assert spec.weak
    for code in spec.weak:
        assert spec.marks[code].quality == 3
        assert spec.marks[code].text
        assert spec.class_of(code) is None


def test_missing_values_have_a_reason(spec: MapSpec) -> None:
    assert all(spec.marks[code].reason for code in spec.missing)


def test_classes_ascend_and_hold_about_a_fifth_of_the_residents_each(spec: MapSpec) -> None:
    tops = [max(spec.marks[code].value or 0 for code in item.codes) for item in spec.classes]
    assert tops == sorted(tops)
    assert all(18 < item.residents < 22 for item in spec.classes)
    assert sum(item.residents for item in spec.classes) == pytest.approx(100)


def test_the_sentence_has_the_count_of_every_class(spec: MapSpec) -> None:
    for item in spec.classes:
        assert f"{item.label}: {len(item.codes)}" in spec.sentence
    assert f"{len(spec.weak):,}" in spec.sentence
    assert f"{len(spec.missing):,}" in spec.sentence


def test_equal_values_make_one_class() -> None:
    spec = spec_of([row(code, 0.5) for code in CODES])
    assert [len(item.codes) for item in spec.classes] == [len(CODES)]


def test_without_any_value_there_is_no_map() -> None:
    catalog = load_catalog("en")
    variable = catalog.variables["share_employed"]
    unit = catalog.units[variable.unit]
    rows = [row(CODES[0], None)]
    assert build_map(catalog.metrics["employment"], variable, unit, rows, PLACES, direction="") is None


@pytest.mark.parametrize(
    ("code", "vintage"), [("09001", "2020"), ("09110", "2022"), ("02261", "2015"), ("02063", "2022")]
)
def test_the_boundaries_follow_the_codes_of_the_numbers(code: str, vintage: str) -> None:
    rows = [row(other, 0.5) for other in county_shapes(vintage)]
    assert code in {item.geo_id for item in rows}
    assert code in spec_of(rows).marks


@pytest.mark.parametrize("metric", ["crime", "juvenile_arrests", "representation"])
def test_metrics_that_must_not_be_compared_have_no_map_but_a_reason(metric: str) -> None:
    found = load_catalog("en").metrics[metric]
    assert mapped_variables(found) == ()
    assert why_no_map(found)


def test_counts_are_not_mapped() -> None:
    catalog = load_catalog("en")
    assert all(
        item.unit != "count" for metric in catalog.metrics.values() for item in mapped_variables(metric)
    )


def test_every_border_stands_once() -> None:
    found = chains(VINTAGE)
    assert len({(chain.left, chain.right, chain.points) for chain in found}) == len(found)
    assert all(chain.left != chain.right for chain in found)


def area(path: str) -> float:
    """Twice the signed area that path data of whole relative steps encloses."""
    total = 0
    for ring in path.split("z"):
        if not ring:
            continue
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        x, y = numbers[:2]
        points = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        total += sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))
    return total


AREAS = {code: area(outline(VINTAGE, [code])) for code in CODES}


@settings(max_examples=25)
@given(st.sets(st.sampled_from(CODES), min_size=1, max_size=400))
def test_an_outline_encloses_just_the_ground_of_its_counties(codes: set[str]) -> None:
    assert area(outline(VINTAGE, codes)) == sum(AREAS[code] for code in codes)


def test_simplifying_keeps_the_ends_and_never_adds_points() -> None:
    for chain in chains(VINTAGE)[:500]:
        few = simplify(chain.points, 2.0)
        assert few[0] == chain.points[0]
        assert few[-1] == chain.points[-1]
        assert set(few) <= set(chain.points)
    assert len(national_chains(VINTAGE)) == len(chains(VINTAGE))


@pytest.mark.parametrize("state", ["02", "09", "11", "15", "29", "48", "51"])
def test_a_state_is_drawn_with_every_county_within_its_paper(state: str) -> None:
    drawing = state_drawing(VINTAGE, state)
    own = {code for code in CODES if code[:2] == state}
    without_ground = {
        code for code in own if all(len(item[0]) < 4 for item in county_shapes(VINTAGE)[code].polygons)
    }
    assert own - without_ground <= set(drawing.counties) <= own
    assert 0 < drawing.width <= 641
    assert 0 < drawing.height <= 521


def test_the_country_has_a_link_for_each_state_and_a_state_one_for_each_county(spec: MapSpec) -> None:
    states = {code[:2]: f"State {code[:2]}" for code in CODES}
    nation = draw_nation(spec, states, lambda state: f"x/{state}.html")
    assert {f'href="x/{state}.html"' for state in states} <= set(re.findall(r'href="[^"]+"', nation))
    assert nation.count("<a ") == len(states)
    one = draw_state(spec, "29", "Words.", lambda code: f"../{code}.html")
    assert one.count("<a ") == one.count("<title>") == sum(code[:2] == "29" for code in CODES)


def test_a_name_cannot_break_out_of_a_map(spec: MapSpec) -> None:
    evil = '"><script>alert(1)</script>'
    marks = dict(spec.marks)
    code = next(code for code in CODES if code[:2] == "29")
    marks[code] = replace(marks[code], label=evil)
    drawn = draw_state(replace(spec, marks=marks), "29", evil, lambda _code: "a.html")
    assert "<script" not in drawn


def lightness(color: str) -> float:
    red, green, blue = (int(color[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2


def test_classes_differ_in_lightness_so_that_they_read_in_greyscale() -> None:
    light = [lightness(color) for color in CLASS_FILLS]
    assert light == sorted(light, reverse=True)
    ratios = [(a + 0.05) / (b + 0.05) for a, b in itertools.pairwise(light)]
    assert min(ratios) > 1.35


@pytest.mark.parametrize("count", range(1, 7))
def test_every_number_of_classes_has_as_many_fills(count: int) -> None:
    assert len(set(fills(count))) == count
