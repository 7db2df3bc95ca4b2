"""The sample's files: invented, complete, the same for the same seed, and shaped like the published ones."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from pathlib import Path

import pytest

from upward.warehouse.sample import NOTICE_FILE, write_sample_files
from upward.warehouse.sample_faults import FAULTS
from upward.warehouse.sample_files import Plan, file_rows, read_plan
from upward.warehouse.sample_places import STATE_CODE, STATE_NAME, sample_cities, sample_counties

SEED = 2025
MISSING = ("", "NA")


def _bytes_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _text(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample's files."""
    target = tmp_path_factory.mktemp("sample-files")
    write_sample_files(target, seed=SEED)
    return target


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The packaged plan of the files."""
    return read_plan()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(folder: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    write_sample_files(again, seed=SEED)
    write_sample_files(other, seed=SEED + 1)
    first = _bytes_of(folder)
    assert _bytes_of(again) == first
    changed = _bytes_of(other)
    assert changed.keys() == first.keys() or set(changed) ^ set(
        first
    )  # a file may pass the compression limit
    assert sum(changed.get(name) != digest for name, digest in first.items()) > 100


def test_the_folder_is_small_and_says_that_it_is_invented(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 10_000_000
    assert (folder / NOTICE_FILE).read_text(encoding="utf-8").startswith("Sample data, invented.")


def test_every_row_belongs_to_the_invented_state(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.name != NOTICE_FILE and path.is_file()]
    assert len(files) > 120
    for path in files:
        states = {row.get("state") or row["statefip"] for row in csv.DictReader(io.StringIO(_text(path)))}
        assert states == {STATE_CODE}, path


def test_the_invented_state_has_forty_counties_and_six_cities() -> None:
    assert len([county for county in sample_counties(SEED) if county.last_year == 2099]) == 40
    assert len([county for county in sample_counties(SEED) if county.first_year == 2014]) == 39
    assert len(sample_cities(SEED)) == 6
    codes = [place.geo_id for place in (*sample_counties(SEED), *sample_cities(SEED))]
    assert len(set(codes)) == len(codes)


def test_shares_by_race_and_ethnicity_add_up_to_everybody() -> None:
    for place in (*sample_counties(SEED), *sample_cities(SEED)):
        assert sum(share for _, share in place.shares) == pytest.approx(1.0)
        assert min(share for _, share in place.shares) > 0


def test_bounds_contain_the_value_but_for_the_planted_row(plan: Plan) -> None:
    checked = 0
    for entry in plan.files:
        values = [name for name in entry.header if f"{name}_lb" in entry.header]
        for row in file_rows(SEED, entry, plan) if values else ():
            for name in values:
                value, lower, upper = (row[key] for key in (name, f"{name}_lb", f"{name}_ub"))
                assert (value in MISSING) or (float(lower) <= float(value) <= float(upper)), (entry.path, row)
                checked += value not in MISSING
    assert checked > 4000


def test_a_missing_value_has_neither_bounds_nor_flag_before_faults_are_planted(plan: Plan) -> None:
    for entry in plan.files:
        for row in file_rows(SEED, entry, plan):
            for name in entry.header:
                if f"{name}_quality" in row and row[name] in MISSING:
                    assert row[f"{name}_quality"] in MISSING, (entry.path, name, row)


def test_every_fault_is_planted_in_a_file_of_the_plan_and_changes_it(plan: Plan) -> None:
    by_path = {entry.path: entry for entry in plan.files}
    for path, faults in FAULTS.items():
        for fault in faults:
            rows = list(file_rows(SEED, by_path[path], plan))
            before = [dict(row) for row in rows]
            fault(rows)
            assert rows != before, f"{path}: {fault.__doc__}"


def test_larger_samples_have_narrower_bounds(plan: Plan) -> None:
    entry = next(
        entry for entry in plan.files if entry.path.endswith("metrics_employment_county_all_longitudinal.csv")
    )
    widths = {
        row["county"]: float(row["share_employed_ub"]) - float(row["share_employed_lb"])
        for row in file_rows(SEED, entry, plan)
        if row["year"] == "2023" and row["share_employed"] not in MISSING
    }
    sizes = {county.code: county.size for county in sample_counties(SEED)}
    ordered = sorted(widths, key=lambda code: -sizes[code])
    assert widths[ordered[0]] < widths[ordered[len(ordered) // 2]] < widths[ordered[-1]]


def test_groups_differ_in_the_direction_of_their_advantage(plan: Plan) -> None:
    entry = next(
        entry for entry in plan.files if entry.path.endswith("employment_place_disability_longitudinal.csv")
    )
    rows = {
        (row["year"], row["place"], row["subgroup"]): row["share_employed"]
        for row in file_rows(SEED, entry, plan)
    }
    for (year, place, group), value in rows.items():
        if group == "With Disability":
            assert float(value) < float(rows[year, place, "Without Disability"])


@pytest.mark.real
def test_headers_are_those_of_the_published_files(plan: Plan, shared_data: Path) -> None:
    compared = 0
    for entry in plan.files:
        found = [path for end in ("", ".gz") if (path := shared_data / (entry.path + end)).is_file()]
        if found:
            first_line = _text(found[0]).splitlines()[0]
            assert tuple(next(csv.reader([first_line]))) == entry.header, entry.path
            compared += 1
    assert compared > 110


@pytest.mark.real
def test_no_invented_county_has_the_name_of_a_real_one(shared_data: Path) -> None:
    path = shared_data / "mobility-from-poverty/geographic-crosswalks/data/county-populations.csv.gz"
    with gzip.open(path, "rt", encoding="latin-1") as lines:
        rows = list(csv.DictReader(lines))
    real = {row["county_name"].strip() for row in rows}
    assert len(real) > 1500
    assert not real & {county.name for county in sample_counties(SEED)}
    assert STATE_NAME not in {row["state_name"] for row in rows}
    assert STATE_CODE not in {row["state"] for row in rows}
