"""Crosswalks are checked before they are used, and what they cannot tell apart is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from upward.base.errors import DataError
from upward.engine.allocate import allocation_from, load_allocation, notes
from upward.engine.specification import Geography

HEADER = "statefip,puma,county,afact,crosswalk_period\n"


def crosswalk(folder: Path, rows: str) -> str:
    path = folder / "crosswalk.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return str(path)


def test_factors_are_read_with_codes_freed_of_leading_zeros(tmp_path: Path) -> None:
    path = crosswalk(tmp_path, "01,00100,033,0.25,2022\n01,00100,059,0.75,2022\n01,00200,033,1,2022\n")
    geography = Geography((("ST", "statefip"), ("PUMA", "puma")), ("statefip", "county"), "county", path)
    allocation = load_allocation(geography)
    assert allocation.parts == {
        "01033": {("1", "100"): 0.25, ("1", "200"): 1.0},
        "01059": {("1", "100"): 0.75},
    }


@pytest.mark.parametrize(
    ("rows", "matching", "to", "said"),
    [
        ("01,1,033,1,2022\n01,1,033,1,pre-2022\n", (("PUMA", "puma"),), ("county",), "several vintages"),
        ("01,1,033,1,2022\n02,1,033,1,2022\n", (("PUMA", "puma"),), ("statefip", "county"), "`from`"),
        ("01,1,033,1,2022\n02,1,033,1,2022\n", (("ST", "statefip"), ("PUMA", "puma")), ("county",), "`to`"),
        ("01,1,033,much,2022\n", (("PUMA", "puma"),), ("county",), "row 2"),
        ("01,1,033,7,2022\n", (("PUMA", "puma"),), ("county",), "share from 0 to 1"),
        ("", (("PUMA", "puma"),), ("county",), "No row"),
        ("01,1,033,1,2022\n", (("PUMA", "PUMA5"),), ("county",), "lacks the column"),
    ],
)
def test_a_crosswalk_that_would_mix_things_up_is_refused(
    rows: str, matching, to, said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=said):
        load_allocation(Geography(matching, to, "county", crosswalk(tmp_path, rows)))


def test_what_is_kept_chooses_state_and_vintage(tmp_path: Path) -> None:
    path = crosswalk(tmp_path, "01,1,033,1,2022\n02,1,035,1,2022\n01,1,037,1,pre-2022\n")
    keep = (("crosswalk_period", "2022"), ("statefip", "02"))
    allocation = load_allocation(
        Geography((("PUMA", "puma"),), ("statefip", "county"), "county", path, keep=keep)
    )
    assert allocation.parts == {"02035": {("1",): 1.0}}


def test_own_areas_are_lists_of_codes_with_factors() -> None:
    geography = Geography(
        (("PUMA", "PUMA"),), (), "area", areas=(("north", (("00101", 1.0), ("00102", 0.4))),)
    )
    assert load_allocation(geography).parts == {"north": {("101",): 1.0, ("102",): 0.4}}


def test_areas_that_cannot_be_told_apart_are_named() -> None:
    allocation = allocation_from(
        [("a", ("1",), 0.5), ("a", ("2",), 1.0), ("b", ("1",), 0.2), ("b", ("2",), 0.4), ("c", ("2",), 1.0)]
    )
    (said,) = notes(allocation, [("1",), ("2",)])
    assert "cannot be told apart" in said
    assert said.endswith("a, b.")


def test_records_without_an_area_and_areas_without_records_are_named() -> None:
    allocation = allocation_from([("a", ("1",), 1.0), ("a", ("2",), 1.0)])
    said = notes(allocation, [("1",), ("7",)])
    assert any("not in the crosswalk" in one and "7" in one for one in said)
    assert any("not covered in full" in one and "a" in one for one in said)
