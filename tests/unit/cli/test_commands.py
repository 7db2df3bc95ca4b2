"""Commands on the sample release: what they print, where, and that JSON and CSV keep to the contract."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import docx
import openpyxl
import polars as pl
import pytest

from upward.warehouse.read import Release
from upward.warehouse.schema import PROBLEM_COLUMNS, RESULT_COLUMNS


@pytest.fixture(scope="module")
def county(sample_release: Release):
    """The county of the sample with the most residents."""
    return max(sample_release.all_places("county"), key=lambda place: place.population or 0)


@pytest.fixture(scope="module")
def city(sample_release: Release):
    """The city of the sample with the most residents."""
    return max(sample_release.all_places("place"), key=lambda place: place.population or 0)


def document(ended) -> object:
    """Return the JSON document on standard output; whatever else stands there is an error."""
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_places_are_found_by_code_and_by_name(ask, county) -> None:
    for text in (county.geo_id, county.label, county.name.lower()):
        found = document(ask("places", text, "--json"))
        assert found[0]["id"] == county.geo_id
    first = found[0]
    assert list(first) == [
        "id", "name", "state", "state_name", "level", "population", "population_year", "current",
    ]  # fmt: skip
    assert first["population"] == county.population


def test_places_print_a_table_of_at_most_80_columns(ask, county) -> None:
    ended = ask("places", county.name)
    assert ended.code == 0
    head, row, *_rest = ended.out.splitlines()
    assert head.split() == ["id", "name", "state", "level", "population"]
    assert county.geo_id in row
    assert f"{county.population:,.0f}" in row
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_a_place_that_is_not_there_ends_with_4(ask) -> None:
    for words in (["places", "zzzzqqqq"], ["metrics", "zzzzqqqq"], ["metrics", "00000"]):
        ended = ask(*words)
        assert ended.code == 4
        assert ended.out == ""


def test_an_ambiguous_name_lists_the_candidates_and_ends_with_4(ask, sample_release: Release) -> None:
    ended = ask("metrics", "county")
    assert ended.code == 4
    assert sum(place.geo_id in ended.err for place in sample_release.all_places("county")) > 1


def test_metrics_as_json_are_result_rows(ask, county, sample_release: Release) -> None:
    rows = document(ask("metrics", county.geo_id, "--json"))
    assert rows
    assert all(list(row) == list(RESULT_COLUMNS) for row in rows)
    assert {row["geo_id"] for row in rows} == {county.geo_id}
    assert pl.DataFrame(rows, schema=RESULT_COLUMNS, infer_schema_length=None).equals(
        sample_release.metrics(county)
    )


def test_a_missing_number_is_null_with_a_status(ask, sample_release: Release) -> None:
    missing = sample_release.metric("pctl_income_50").filter(pl.col("value").is_null()).to_dicts()
    assert missing
    rows = document(ask("metrics", missing[0]["geo_id"], "--metric", "pctl_income_50", "--json"))
    assert missing[0] in rows
    assert missing[0]["status"] != "ok"


def test_metrics_are_narrowed_by_each_option(ask, county) -> None:
    everything = document(ask("metrics", county.geo_id, "--json", "--source-release", "all"))
    for option, column in (
        ("--metric", "metric"), ("--year", "period"), ("--group-type", "group_type"),
        ("--edition", "edition"), ("--source-release", "source_release"),
    ):  # fmt: skip
        value = everything[len(everything) // 2][column]
        rows = document(ask("metrics", county.geo_id, "--json", option, value))
        assert {row[column] for row in rows} == {value}, option


@pytest.mark.parametrize("option", ["--metric", "--group-type", "--edition", "--source-release"])
def test_an_option_that_names_nothing_ends_with_4_and_says_what_there_is(ask, county, option: str) -> None:
    ended = ask("metrics", county.geo_id, option, "incomee")
    assert ended.code == 4
    assert "incomee" in ended.err
    assert "income" in ended.err.replace("incomee", "") or "Known:" in ended.err


def test_metrics_on_a_terminal_say_year_quality_source_and_that_the_data_are_invented(ask, county) -> None:
    ended = ask("metrics", county.geo_id)
    assert ended.code == 0
    assert ended.out.startswith("Sample data, invented\n")
    assert county.label in ended.out
    assert "quality" in ended.out
    assert "$" in ended.out
    assert "%" in ended.out
    assert all(len(line) <= 80 for line in ended.out.splitlines() if not line.endswith("]"))
    for word in ("rank", "score"):
        assert word not in ended.out.lower()


def test_metrics_as_csv_keep_to_the_published_column_standard(
    ask, county, city, sample_release: Release
) -> None:
    for place, area in ((county, "county"), (city, "place")):
        ended = ask("metrics", place.geo_id, "--csv")
        assert ended.code == 0
        rows = list(csv.DictReader(io.StringIO(ended.out)))
        columns = list(rows[0])
        assert columns[:5] == ["year", "state", area, "subgroup_type", "subgroup"]
        assert {row["state"] + row[area] for row in rows} == {place.geo_id}
        income = sample_release.metrics(place, metric="pctl_income_50", group_type="all")
        written = {
            (row["year"], row["edition"], row["source_release"]): row
            for row in rows
            if row["subgroup_type"] == "all" and row["pctl_income_50"]
        }
        assert len(written) == income["value"].count() > 0
        for row in income.filter(pl.col("value").is_not_null()).iter_rows(named=True):
            line = written[row["period"], row["edition"], row["source_release"]]
            assert float(line["pctl_income_50"]) == row["value"]
            for suffix, name in (("_lb", "lower"), ("_ub", "upper"), ("_quality", "quality")):
                assert line[f"pctl_income_50{suffix}"] == ("" if row[name] is None else str(row[name]))


def test_every_number_with_a_value_is_in_the_csv(ask, county, sample_release: Release) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("metrics", county.geo_id, "--csv").out)))
    frame = sample_release.metrics(county)
    variables = set(frame["variable"])
    assert sum(bool(row[variable]) for row in rows for variable in variables) == frame["value"].count()


def test_a_csv_file_has_its_descriptor_beside_it(ask, county, tmp_path: Path) -> None:
    target = tmp_path / "numbers.csv"
    ended = ask("metrics", county.geo_id, "-o", target)
    assert (ended.code, ended.out) == (0, "")
    descriptor = json.loads((tmp_path / "numbers.datapackage.json").read_text())
    (resource,) = descriptor["resources"]
    header = next(csv.reader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert resource["path"] == "numbers.csv"
    assert descriptor["sources"]
    assert descriptor["title"].startswith("Sample data, invented")
    for wrong in (tmp_path / "numbers.txt", tmp_path / "nowhere" / "numbers.csv"):
        assert ask("metrics", county.geo_id, "-o", wrong).code == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_is_written_in_its_language_and_marked_as_invented(
    ask, county, tmp_path: Path, language: str
) -> None:
    target = tmp_path / "page.html"
    ended = ask("page", county.label, "-o", target, "--lang", language)
    assert (ended.code, ended.out) == (0, "")
    text = target.read_text(encoding="utf-8")
    assert f"<html lang={language}>" in text
    assert county.name in text
    assert ("Sample data, invented" in text) is (language == "en")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_of_the_figures_alone_is_light(ask, county, tmp_path: Path, language: str) -> None:
    whole, light = tmp_path / "whole.html", tmp_path / "light.html"
    assert ask("page", county.geo_id, "-o", whole, "--lang", language).code == 0
    assert ask("page", county.geo_id, "-o", light, "--lang", language, "--figures-only").code == 0
    marks = {part: f"<section class={part}" for part in ("stand", "profile", "src")}
    assert all(mark in whole.read_text(encoding="utf-8") for mark in marks.values())
    found = light.read_text(encoding="utf-8")
    assert marks["stand"] not in found
    assert marks["profile"] in found
    assert marks["src"] in found
    assert len(found.encode()) < min(250_000, whole.stat().st_size)


def test_a_workbook_is_written(ask, county, tmp_path: Path) -> None:
    target = tmp_path / "page.xlsx"
    assert ask("page", county.geo_id, "-o", target).code == 0
    assert openpyxl.load_workbook(target).sheetnames


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_is_written_as_pdf_and_word_file_with_its_tables(
    ask, county, tmp_path: Path, language: str
) -> None:
    for name, sign in (("page.pdf", b"%PDF-1."), ("page.docx", b"PK")):
        target = tmp_path / name
        ended = ask("page", county.geo_id, "-o", target, "--lang", language)
        assert (ended.code, ended.out) == (0, "")
        assert target.read_bytes().startswith(sign)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.docx", "page.pdf"]
    read = docx.Document(str(tmp_path / "page.docx"))
    assert county.name in read.core_properties.title
    assert ("Sample data, invented" in read.paragraphs[1].text) is (language == "en")
    assert len(read.tables) > 20


def test_list_and_status_tell_about_the_release(ask, sample_release: Release) -> None:
    (listed,) = document(ask("data", "list", "--json"))
    assert listed["id"] == sample_release.id
    assert listed["current"] is True
    assert listed["sample"] is True
    status = document(ask("data", "status", "--json"))
    assert status["manifest"]["id"] == sample_release.id
    sums = status["totals"]
    assert sums["read"] == sums["written"] + sums["rejected"] + sums["ignored"] > 0
    assert sample_release.id in ask("data", "list").out
    assert "sample data, invented" in ask("data", "status").out


def test_problems_are_listed_with_file_rule_and_message(ask, sample_release: Release) -> None:
    rows = document(ask("data", "problems", "--json"))
    assert all(list(row) == list(PROBLEM_COLUMNS) for row in rows)
    assert len(rows) == len(sample_release.problems()) > 0
    file = rows[0]["file"]
    narrowed = document(ask("data", "problems", "--json", "--file", file))
    assert {row["file"] for row in narrowed} == {file}
    assert rows[0]["message"] in ask("data", "problems", "--file", file).out
    summary = ask("data", "problems").out
    assert rows[0]["rule"] in summary


def test_verify_finds_nothing_wrong(ask, sample_release: Release) -> None:
    assert document(ask("data", "verify", "--json")) == {
        "id": sample_release.id,
        "good": True,
        "problems": [],
    }
    assert ask("data", "verify", sample_release.id).code == 0
    assert ask("data", "verify", "no-such-release").code == 4


#: What the workbench says of itself; tests/web/test_commands.py looks at it.
WORKBENCH = ("database", "key", "uploads", "address", "mail", "sign-in")


def test_check_looks_at_home_catalogue_release_and_versions(ask, upward, home: Path) -> None:
    findings = document(ask("check", "--json"))
    assert [finding["name"] for finding in findings] == [
        "home folder",
        "catalogue",
        "current release",
        *WORKBENCH,
        "versions",
    ]
    assert {finding["state"] for finding in findings if finding["name"] not in WORKBENCH} == {"good"}
    empty = upward("--home", home, "check")
    assert empty.code == 0
    assert "upward data build" in empty.out
