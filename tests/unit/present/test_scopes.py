"""What stands beside a number: the nation, and the state unless the place is most of it."""

from __future__ import annotations

import polars as pl
import pytest

from upward.catalog.load import load_catalog
from upward.present.build_scopes import Scopes
from upward.warehouse.places import Place
from upward.warehouse.read import CONTEXT_COLUMNS, ContextIndex, ResultRow


@pytest.fixture
def context(tmp_path) -> ContextIndex:
    """A state of two cities and six counties; one city holds three of five residents, no county holds half."""
    cities = [("city", "9900001", 300.0), ("city", "9900002", 200.0)]
    counties = [("county", f"9900{n}", 100.0) for n in range(1, 7)]
    pl.DataFrame(
        [(level, code, "2023", people) for level, code, people in cities + counties]
        + [("city", "9900002", "2010", 900.0)],  # an older year decides nothing
        schema=["geo_level", "geo_id", "period", "population"],
        orient="row",
    ).write_parquet(tmp_path / "populations.parquet")
    rows = [
        ("v", "2025", "now", "2023", "all", "all", level, scope, 0.5, 0.1, 0.9, 6, 6, 1.0, 0.0, None, True)
        for level in ("city", "county")
        for scope in ("US", "99")
    ]
    pl.DataFrame(rows, schema=list(CONTEXT_COLUMNS), orient="row").write_parquet(tmp_path / "context.parquet")
    return ContextIndex(tmp_path / "context.parquet", tmp_path / "populations.parquet")


@pytest.mark.parametrize(
    ("level", "code", "beside"),
    [
        ("city", "9900001", ["US cities"]),
        ("city", "9900002", ["US cities", "ZZ"]),
        ("county", "99001", ["US", "ZZ"]),
    ],
)
def test_a_place_with_most_residents_of_its_state_is_not_set_beside_itself(
    context, level, code, beside
) -> None:
    scopes = Scopes(context)
    unit = next(iter(load_catalog("en").units.values()))
    place = _place(level, code)
    for _again in range(2):  # what is kept for one place of a state does not serve another
        assert [span.short for span in scopes.spans(_row(level, code), unit, place)] == beside
        other = _place("city", "9900002")
        assert len(scopes.spans(_row("city", "9900002"), unit, other)) == 2


def test_the_part_of_its_state_that_a_place_holds_is_of_the_newest_year_and_none_where_unknown(
    context,
) -> None:
    assert context.share_of_state("city", "9900001") == pytest.approx(0.6)
    assert context.share_of_state("county", "99001") == pytest.approx(1 / 6)
    assert context.share_of_state("county", "98001") == 0.0


def _place(level: str, code: str) -> Place:
    fields = dict.fromkeys(Place.__dataclass_fields__, "")
    fields |= {
        "geo_level": level,
        "geo_id": code,
        "state": "99",
        "state_abbreviation": "ZZ",
        "state_name": "Zed",
    }
    return Place(**fields)


def _row(level: str, code: str) -> ResultRow:
    fields = dict.fromkeys(ResultRow._fields)
    fields |= {
        "variable": "v", "edition": "2025", "source_release": "now", "period": "2023", "group_type": "all",
        "group": "all", "geo_level": level, "geo_id": code, "value": 0.4,
    }  # fmt: skip
    return ResultRow(**fields)
