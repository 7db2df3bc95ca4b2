"""County shapes: the right codes in every vintage, closed rings inside the view, the same ground."""

from __future__ import annotations

from itertools import pairwise

import pytest

from upward.base.errors import NotFoundError
from upward.catalog.geographies import load_boundary_vintages, load_changes, load_states
from upward.present.shapes import VIEW, Ring, county_shapes

OLD_CONNECTICUT = {"09001", "09003", "09005", "09007", "09009", "09011", "09013", "09015"}
REGIONS = {f"091{tens}0" for tens in range(1, 10)}
#: Counties in the published population frame, by boundary vintage.
IN_FRAME = {"2014": 3142, "2015": 3142, "2020": 3143, "2022": 3144}
INVENTED_STATE = "98"
VINTAGES = tuple(vintage.id for vintage in load_boundary_vintages())


def area(ring: Ring) -> float:
    pairs = pairwise(ring)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def ground(code: str, vintage: str) -> float:
    polygons = county_shapes(vintage)[code].polygons
    return sum(abs(area(polygon[0])) - sum(abs(area(hole)) for hole in polygon[1:]) for polygon in polygons)


@pytest.mark.parametrize("vintage", VINTAGES)
def test_every_vintage_has_as_many_counties_as_the_published_frame(vintage: str) -> None:
    assert len(county_shapes(vintage)) == IN_FRAME[vintage]


@pytest.mark.parametrize("vintage", VINTAGES)
def test_every_state_is_drawn_and_nothing_else(vintage: str) -> None:
    assert {code[:2] for code in county_shapes(vintage)} == set(load_states()) - {INVENTED_STATE}


def test_newest_shapes_have_the_planning_regions_and_the_divided_census_area() -> None:
    codes = set(county_shapes("2022"))

    assert codes >= REGIONS | {"02063", "02066", "02158", "46102"}
    assert not codes & (OLD_CONNECTICUT | {"02261", "02270", "46113"})


def test_older_shapes_have_the_eight_counties_of_connecticut() -> None:
    for vintage in ("2014", "2015", "2020"):
        codes = set(county_shapes(vintage))
        assert codes >= OLD_CONNECTICUT
        assert not codes & REGIONS


def test_alaska_is_divided_from_2020_on_and_renamed_areas_keep_their_ground() -> None:
    assert "02261" in county_shapes("2015")
    assert {"02063", "02066"} <= set(county_shapes("2020"))
    assert "02261" not in county_shapes("2020")
    assert county_shapes("2014")["46113"].polygons == county_shapes("2015")["46102"].polygons
    assert ground("02261", "2015") == pytest.approx(
        ground("02063", "2020") + ground("02066", "2020"), rel=0.02
    )


def test_the_ground_of_connecticut_is_the_same_before_and_after() -> None:
    before = sum(ground(code, "2020") for code in OLD_CONNECTICUT)
    after = sum(ground(code, "2022") for code in REGIONS)

    assert after == pytest.approx(before, rel=0.01)


def test_rings_are_closed_and_lie_in_the_view() -> None:
    width, height = VIEW
    for shape in county_shapes("2022").values():
        assert shape.polygons, shape.code
        for polygon in shape.polygons:
            assert all(ring[0] == ring[-1] or len(shape.polygons) == 1 for ring in polygon)
        left, top, right, bottom = shape.bounds
        assert left <= right
        assert top <= bottom
        assert left > -60  # the outermost Aleutian islands stand left of the frame
        assert right < width
        assert top > 0
        assert bottom < height


def test_every_changed_code_of_the_published_years_has_a_shape_while_it_is_valid() -> None:
    for vintage in load_boundary_vintages():
        shapes = county_shapes(vintage.id)
        for code, change in load_changes().items():
            if code.startswith(INVENTED_STATE):
                continue
            valid = (change.valid_from or 0) <= vintage.first_year <= (change.valid_to or 9999)
            assert (code in shapes) is valid, (vintage.id, code)


def test_unknown_vintage_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFoundError) as refused:
        county_shapes("1999")
    assert refused.value.candidates == VINTAGES


def test_only_the_smallest_independent_cities_have_shrunk_to_a_line() -> None:
    shrunk = {code for code, shape in county_shapes("2022").items() if ground(code, "2022") == 0}

    assert shrunk <= {"51570", "51610", "51678", "51685"}
    assert all(county_shapes("2022")[code].polygons for code in shrunk)
