"""States, changes of county codes, and the boundary vintages between them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from upward.catalog.geographies import (
    boundary_vintage,
    exists_in,
    load_boundary_vintages,
    load_changes,
    load_states,
)

INVENTED_STATE = "98"


def test_there_are_fifty_states_the_district_and_the_invented_state() -> None:
    states = load_states()

    assert len(states) == 52
    assert states["11"].name == "District of Columbia"
    assert states["29"].abbreviation == "MO"
    assert len({state.abbreviation for state in states.values()}) == 52
    assert all(code == state.code for code, state in states.items())


def test_the_known_changes_are_there_in_both_directions() -> None:
    changes = load_changes()

    assert changes["02261"].successors == ("02063", "02066")
    assert changes["02063"].predecessors == ("02261",)
    assert changes["02270"].successors == ("02158",)
    assert changes["46113"].successors == ("46102",)
    assert changes["51515"].successors == ("51019",)
    assert changes["09003"].successors == ("09110", "09140", "09160")
    assert sum(code.startswith("09") and change.valid_to == 2021 for code, change in changes.items()) == 8
    assert sum(code.startswith("09") and change.valid_from == 2022 for code, change in changes.items()) == 9


def test_successors_and_predecessors_mirror_each_other() -> None:
    changes = load_changes()
    forward = {(code, after) for code, change in changes.items() for after in change.successors}
    backward = {(before, code) for code, change in changes.items() for before in change.predecessors}

    assert forward == backward
    for before, after in forward:
        last, first = changes[before].valid_to, changes[after].valid_from
        assert last is not None
        assert first is None or first == last + 1


def test_areas_that_cut_across_former_ones_are_not_called_exact() -> None:
    changes = load_changes()

    assert not changes["09001"].exact
    assert changes["02261"].exact
    assert all(change.note for change in changes.values())


@pytest.mark.parametrize(
    ("year", "vintage"),
    [
        (2009, "2014"),
        (2014, "2014"),
        (2015, "2015"),
        (2019, "2015"),
        (2020, "2020"),
        (2021, "2020"),
        (2023, "2022"),
    ],
)
def test_a_year_has_one_boundary_vintage(year: int, vintage: str) -> None:
    assert boundary_vintage(year) == vintage


def test_a_change_happens_at_the_start_of_a_boundary_vintage() -> None:
    starts = {vintage.first_year for vintage in load_boundary_vintages()} | {2013}

    assert {change.valid_from for change in load_changes().values() if change.valid_from} <= starts


@pytest.mark.real
def test_changes_are_those_of_the_published_population_frame(shared_data: Path) -> None:
    path = shared_data / "mobility-from-poverty/geographic-crosswalks/data/county-populations.csv.gz"
    frame = pl.read_csv(path, infer_schema=False, encoding="utf8-lossy").select(
        "year", (pl.col("state") + pl.col("county")).alias("code")
    )
    codes = {year: set(group["code"]) for (year,), group in frame.group_by("year")}

    for year, present in codes.items():
        for code in load_changes():
            if not code.startswith(INVENTED_STATE):
                assert (code in present) is exists_in(code, int(str(year))), (year, code)
    first, last = codes["2014"], codes["2023"]
    assert (first ^ last) <= set(load_changes())
