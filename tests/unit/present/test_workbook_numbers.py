"""Numbers in a workbook are the published ones: shown in their unit, never shortened."""

from __future__ import annotations

import pytest

from upward.catalog.load import load_catalog
from upward.present.xlsx import number_cell


@pytest.mark.parametrize("value", [3788.7687325026072, 0.30000000000000004, 12.5])
def test_a_value_keeps_every_digit_in_every_unit(value: float) -> None:
    for unit in load_catalog().units.values():
        cell = number_cell(value, unit)
        assert cell is not None
        assert cell.value == value * (1 if unit.suffix == "%" else unit.scale), unit.id


def test_a_missing_value_is_an_empty_cell() -> None:
    assert number_cell(None, load_catalog().units["per_100k_crime"]) is None
