"""Reading a release: the rows that a reader gets by default, by option, one place and all places."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from upward.base.errors import NotFoundError
from upward.warehouse import read
from upward.warehouse.places import PLACE_FIELDS, Place
from upward.warehouse.read import ContextRow, Release, ResultRow, open_release
from upward.warehouse.release import write_release
from upward.warehouse.schema import CONTEXT_COLUMNS, PLACE_COLUMNS, RESULT_COLUMNS

from .invented_tables import PLACES, number, numbers, place, tables


@pytest.fixture
def release(home: Path) -> Release:
    write_release(home, tables(), sample=False, code_version="1")
    return open_release(home)


def test_objects_have_the_fields_of_the_tables_in_their_order() -> None:
    assert ResultRow._fields == tuple(RESULT_COLUMNS)
    assert ContextRow._fields == tuple(CONTEXT_COLUMNS)
    assert tuple(PLACE_COLUMNS) == PLACE_FIELDS


def test_by_default_the_newest_publication_and_edition_of_each_variable(release: Release) -> None:
    frame = release.metrics("29019")

    assert frame.columns == list(RESULT_COLUMNS)
    assert frame["current"].all()
    assert set(frame["edition"]) == {"2025"}
    assert set(frame["source_release"]) == {"2025.01"}
    assert set(frame["geo_id"]) == {"29019"}
    assert len(frame) == 7


def test_an_edition_or_a_publication_can_be_asked_for(release: Release) -> None:
    older = release.metrics("29019", edition="2022")
    assert older["value"].to_list() == [0.5]
    publication = release.metrics("29019", source_release="2023-24")
    assert sorted(publication["value"]) == [0.45, 0.5]
    everything = release.metrics("29019", source_release="all")
    assert len(everything) == 9


@pytest.mark.parametrize(
    ("option", "rows"),
    [
        ({"metric": "preschool"}, 6),
        ({"metric": "pctl_income_50"}, 1),
        ({"year": "2023"}, 3),
        ({"year": 2023}, 3),
        ({"group_type": "gender"}, 3),
        ({"metric": "preschool", "year": "2021", "group_type": "all"}, 1),
        ({"metric": "nothing"}, 0),
    ],
)
def test_options_narrow_the_rows(release: Release, option: dict[str, str], rows: int) -> None:
    assert len(release.metrics("29019", **option)) == rows  # type: ignore[arg-type]


def test_a_place_can_be_named(release: Release) -> None:
    assert release.metrics("boone, mo").equals(release.metrics("29019"))
    assert release.place("Dona Ana County").label == "Doña Ana County, New Mexico"
    with pytest.raises(NotFoundError):
        release.metrics("Nowhere")


def test_one_variable_for_all_places(release: Release) -> None:
    frame = release.metric("share_in_preschool", year="2023", group_type="all")

    assert dict(frame.select("geo_id", "value").rows()) == {
        "29019": 0.4,
        "35013": pytest.approx(0.5),
        "4260000": pytest.approx(0.6),
    }
    assert set(release.metric("share_in_preschool", geo_level="place")["geo_id"]) == {"4260000"}
    assert set(release.metric("share_in_preschool", group="female")["value"]) == {0.3}


def test_a_metric_of_several_variables_is_no_variable(release: Release) -> None:
    with pytest.raises(NotFoundError) as refused:
        release.metric("income")
    assert "pctl_income_50" in refused.value.candidates
    with pytest.raises(NotFoundError, match="no variable"):
        release.metric("nonsense")


def test_the_rows_of_a_place_are_its_current_ones_in_every_edition(release: Release) -> None:
    rows = release.place_rows("29019")

    assert all(isinstance(row, ResultRow) and row.current and row.geo_id == "29019" for row in rows)
    assert {row.edition for row in rows} == {"2022", "2025"}
    assert len(rows) == 8
    order = [(row.metric, row.variable, row.edition, row.group_type, row.group, row.period) for row in rows]
    assert order == sorted(order)


def test_all_places_stream_with_the_rows_that_each_has_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [place(*entry) for entry in PLACES]
    places.append(place("county", "02261", "Valdez-Cordova Census Area", "02", "Alaska", "AK", 9301.0))
    frame = pl.DataFrame(places, schema=PLACE_COLUMNS)
    write_release(home, tables(places=frame), sample=False, code_version="1")
    release = open_release(home)

    for at_once in (1, 9, 1000):
        monkeypatch.setattr(read, "_ROWS_AT_ONCE", at_once)
        streamed = dict(release.rows_by_place(["county", "place"]))
        assert {found.geo_id for found in streamed} == {entry["geo_id"] for entry in places}
        assert all(rows == release.place_rows(found) for found, rows in streamed.items())
        assert [found.geo_id for found in streamed if not streamed[found]] == ["02261"]

    assert {found.geo_id for found, _rows in release.rows_by_place(["place"])} == {"4260000"}


def test_the_newest_overall_numbers_read_at_once_are_those_of_each_variable(sample_release: Release) -> None:
    at_once = sample_release.newest_overall()

    assert len(at_once) > 0
    assert all(isinstance(row, ResultRow) for row in read.rows_in(at_once))
    for variable in sample_release.catalog.variables:
        alone = sample_release.metric(variable, group_type="all")
        newest = pl.col("period") == pl.col("period").max().over("geo_level")
        expected = alone.filter(pl.col("value").is_not_null()).filter(newest)
        found = at_once.filter(pl.col("variable") == variable)
        assert read.rows_in(found) == read.rows_in(expected)


def test_a_newest_year_without_any_value_hides_no_older_one(sample_release: Release, monkeypatch) -> None:
    variable, level = pl.col("variable") == "share_employed", pl.col("geo_level") == "county"
    before = sample_release.newest_overall().filter(variable, level)
    newest = str(before["period"][0])
    emptied = pl.when(variable & level & (pl.col("period") == newest)).then(None).otherwise(pl.col("value"))
    frame = sample_release._by_variable.with_columns(emptied.alias("value"))
    monkeypatch.setitem(vars(sample_release), "_by_variable", frame)

    after = sample_release.newest_overall().filter(variable, level)

    assert len(after) > 0
    assert after["period"].max() < newest


def test_context_is_found_by_its_whole_key(release: Release) -> None:
    context = release.context()
    key = ("share_in_preschool", "2025", "2025.01", "2023", "all", "all", "county")

    nation, state = context.get(*key, "US"), context.get(*key, "29")

    assert nation is not None
    assert (nation.median, nation.scope, nation.usable) == (0.44, "US", True)
    assert state is not None
    assert state.median == 0.41
    assert context.get(*key, "35") is None
    assert context.get("share_in_preschool", "2025", "2025.01", "2022", "all", "all", "county", "US") is None


def test_populations_come_by_year(release: Release) -> None:
    assert release.populations("29019") == [("2022", 187690.0), ("2023", 187690.0)]


def test_problems_can_be_narrowed_to_a_file(release: Release) -> None:
    assert release.problems()["line"].to_list() == [7]
    assert len(release.problems("preschool")) == 1
    assert len(release.problems("[")) == 0


def test_former_areas_are_listed_only_when_asked_for(home: Path) -> None:
    former = place("county", "09001", "Fairfield County", "09", "Connecticut", "CT", 957419.0) | {
        "current": False,
        "last_year": "2021",
        "successors": "09120 09140 09190",
    }
    frame = pl.DataFrame([*(place(*entry) for entry in PLACES), former], schema=PLACE_COLUMNS)
    write_release(home, tables(places=frame), sample=False, code_version="1")
    release = open_release(home)

    assert "09001" not in {found.geo_id for found in release.all_places()}
    assert [found.geo_id for found in release.all_places("county", current=False)] == [
        "09001",
        "29019",
        "35013",
    ]
    assert release.place("09001").successor_ids == ("09120", "09140", "09190")


def test_found_places_come_as_a_table_with_scores(release: Release) -> None:
    frame = release.places("boone")

    assert frame.columns == [*PLACE_COLUMNS, "score"]
    assert frame["geo_id"][0] == "29019"
    assert frame.filter(pl.col("score") >= 90).height == 1
    assert release.places("xyzzy").is_empty()
    assert release.places("xyzzy").columns == [*PLACE_COLUMNS, "score"]


def test_a_release_can_be_opened_by_its_name(home: Path) -> None:
    first = write_release(home, tables(), sample=False, code_version="1")
    more = pl.DataFrame([*numbers(), number("county", "29019", "2019", 0.1)], schema=RESULT_COLUMNS)
    second = write_release(home, tables(results=more), sample=False, code_version="1")

    assert open_release(home).id == second.id
    assert open_release(home, first.id).id == first.id
    with pytest.raises(NotFoundError) as refused:
        open_release(home, "2025.01-0000000000")
    assert set(refused.value.candidates) == {first.id, second.id}


def test_the_label_of_a_place_without_a_state_is_its_name() -> None:
    known = place("county", "11001", "District of Columbia", "11", "District of Columbia", "DC", 678972.0)

    assert Place(**known).label == "District of Columbia"
    assert Place(**known | {"name": "United States", "state": "", "state_name": ""}).label == "United States"
