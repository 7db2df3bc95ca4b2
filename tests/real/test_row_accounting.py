"""Every row of every published file is accounted for, and a plain reading counts the same rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from plain_reading import lines_of

from upward.warehouse.read import Release

pytestmark = pytest.mark.real


def _accounts(release: Release) -> dict[str, dict[str, int]]:
    return {account["file"]: account for account in release.manifest["accounting"]}


def test_every_row_is_written_rejected_or_ignored(real_release: Release) -> None:
    for file, account in _accounts(real_release).items():
        parts = account["rows_written"] + account["rows_rejected"] + account["rows_ignored"]
        assert parts == account["rows_read"], file
        assert min(account[name] for name in account if name.startswith("rows_")) >= 0, file
        assert account["rows_doubtful"] <= account["rows_written"], file


def test_every_published_file_has_an_account(real_release: Release, shared_data: Path) -> None:
    files = {path.name for path in shared_data.rglob("*.csv*")}
    accounted = {Path(file).name for file in _accounts(real_release)}
    assert files == accounted


def test_rows_read_equal_a_plain_count(real_release: Release, shared_data: Path) -> None:
    csv.field_size_limit(10_000_000)
    different = []
    for file, account in _accounts(real_release).items():
        counted = sum(1 for fields in csv.reader(lines_of(shared_data / file)) if fields) - 1
        if counted != account["rows_read"]:
            different.append(f"{file}: {account['rows_read']} rows read, a plain count gives {counted}")
    assert not different, "\n".join(different)


def test_rejected_and_ignored_rows_say_why(real_release: Release) -> None:
    for file, account in _accounts(real_release).items():
        if account["rows_rejected"] or account["rows_ignored"]:
            assert real_release.problems(file).height > 0 or account["reasons"], file
