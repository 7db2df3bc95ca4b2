"""Published files: what their columns mean, and that no column of any real file is unknown."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from upward.base.errors import CatalogError
from upward.catalog.load import load_catalog
from upward.catalog.published import PUBLISHED_FOLDER, load_published, read_published
from upward.warehouse.sources.tables import read_header
from upward.warehouse.sources.text import clean, read_plain


def test_every_value_column_names_a_variable_of_the_catalogue() -> None:
    catalog = load_catalog()
    unknown = {
        f"{column.name} -> {reading.variable}"
        for column in load_published().values.values()
        for reading in column.readings
        if reading.variable not in catalog.variables or reading.edition not in ("", *catalog.editions)
    }
    assert not unknown


def test_every_variable_of_the_catalogue_has_a_published_column() -> None:
    named = {reading.variable for column in load_published().values.values() for reading in column.readings}
    assert set(load_catalog().variables) <= named


def test_group_types_and_vintages_are_those_of_the_catalogue() -> None:
    published, catalog = load_published(), load_catalog()
    assert set(published.group_types) <= set(catalog.group_types)
    named = {
        vintage
        for column in published.values.values()
        for vintage in (column.marks, *(name for reading in column.readings for name in reading.vintages))
    }
    assert named - {""} <= set(catalog.vintages)


def test_a_key_is_told_by_any_of_its_names() -> None:
    roles = load_published().roles(("year", "place_fips", "state", "city", "share_debt_coll", "wonder"))
    assert roles["place_fips"] == "key place"
    assert roles["share_debt_coll"] == "value of share_debt_coll"
    assert roles["city"].startswith("ignored: ")
    assert "wonder" not in roles


@pytest.mark.parametrize(
    ("vintage", "bounds", "edition"),
    [("2025.01", False, ""), ("2025.01", True, "2022"), ("2023-24", False, "2022")],
)
def test_digital_access_is_told_by_bounds_and_vintage(vintage: str, bounds: bool, edition: str) -> None:
    column = load_published().values["share_digital_access"]
    assert column.reading(vintage, bounds=bounds, groups=False, last_year=2021).edition == edition


def test_a_file_of_no_kind_has_no_kind() -> None:
    assert load_published().kind_of(("name", "color")) is None


def test_faulty_files_are_refused_with_their_names(tmp_path: Path) -> None:
    for path in PUBLISHED_FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "kinds.yaml").write_text(
        "- {id: x, action: fly, reason: ''}\n- {id: y, action: ignored, reason: ''}\n"
    )
    with pytest.raises(CatalogError) as caught:
        read_published(tmp_path)
    assert "fly" in str(caught.value)
    assert "y: an ignored kind needs a reason" in str(caught.value)
    (tmp_path / "columns.yaml").write_text("[broken")
    with pytest.raises(CatalogError, match=r"columns\.yaml"):
        read_published(tmp_path)


@pytest.mark.real
def test_every_column_of_every_published_file_is_mapped_or_ignored_with_a_reason(shared_data: Path) -> None:
    published = load_published()
    unknown = []
    for path in sorted(shared_data.rglob("*.csv*")):
        columns = read_header(clean(read_plain(path)))
        kind = published.kind_of(columns)
        if kind is None:
            unknown.append(f"{path.name}: of no known kind")
        elif kind.action == "ignored":
            assert len(kind.reason) > 20, kind.id
        elif kind.action == "metrics":
            roles = published.roles(columns)
            unknown += [f"{path.name}: {column}" for column in columns if column not in roles]
    assert not unknown, "\n".join(unknown)


@pytest.mark.real
def test_every_published_file_is_a_known_one(shared_data: Path) -> None:
    with (shared_data / "MANIFEST.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if not row["file"].startswith("tract-inputs/")]
    known = load_published().known_files
    assert len(rows) > 250
    assert [row["file"] for row in rows if row["sha256_content"] not in known] == []
    for row in rows:
        assert known[row["sha256_content"]].commit == row["commit"], row["file"]
