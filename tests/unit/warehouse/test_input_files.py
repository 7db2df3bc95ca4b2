"""Which files below a folder are read, and that nothing which is left lying there goes unsaid."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from upward.base.errors import DataError, UsageError
from upward.warehouse import input_files as module
from upward.warehouse.input_files import input_files

from .published_folder import COUNTY_FRAME, PublishedFolder

HEADER = "year,state,county,share_employed"


@pytest.fixture
def published(tmp_path: Path) -> PublishedFolder:
    """A folder with a population table and one good file of numbers."""
    folder = PublishedFolder(tmp_path)
    folder.put("county-populations.csv", COUNTY_FRAME, "2021,98,001,Sampleland,Alder County,1000")
    folder.put("good.csv", HEADER, "2021,98,001,0.8")
    return folder


def _reasons(folder: PublishedFolder) -> dict[str, dict[str, int]]:
    return {account.file: account.reasons for account in folder.build().tables.accounting}


def test_files_are_found_at_any_depth_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a/z.CSV.GZ", "a/y.csv", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [file.name for file in input_files(tmp_path)] == ["a/y.csv", "a/z.CSV.GZ", "b.csv"]


def test_a_name_that_is_not_utf8_is_written_out_and_the_file_is_read(published: PublishedFolder) -> None:
    (published.folder / "good.csv").rename(os.fsdecode(os.fsencode(published.folder) + b"/good-\xff.csv"))
    built = published.build()
    assert "good-\\xff.csv" in [account.file for account in built.tables.accounting]
    assert built.row("share_employed")["source_file"] == "good-\\xff.csv"


def test_a_name_of_several_lines_is_written_on_one(tmp_path: Path) -> None:
    (tmp_path / "two\nlines.csv").touch()
    assert [file.name for file in input_files(tmp_path)] == ["two\\nlines.csv"]


def test_a_folder_that_may_not_be_opened_is_named(
    published: PublishedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permissions do not bind an administrator, so the refusal of the system is simulated."""
    (published.folder / "locked").mkdir()
    scan = os.scandir

    def refused(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "locked":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scan(path)

    monkeypatch.setattr(module.os, "scandir", refused)
    assert _reasons(published)["locked"] == {"unreadable": 0}
    [problem] = published.build().problems("unreadable")
    assert "ermission denied" in problem["message"]


def test_the_folder_itself_that_may_not_be_opened_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: str) -> Iterator[os.DirEntry[str]]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(module.os, "scandir", refused)
    with pytest.raises(DataError, match="ermission denied"):
        input_files(tmp_path)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda folder: (folder / "gone.csv").symlink_to(folder / "nowhere"), "unreadable"),
        (lambda folder: (folder / "all.zip").write_bytes(b"PK"), "archive"),
        (lambda folder: (folder / "link").symlink_to(folder.parent), "linked-folder"),
    ],
    ids=["link-to-nothing", "archive", "link-to-a-folder"],
)
def test_what_is_not_read_is_told_with_its_reason(published: PublishedFolder, make, rule: str) -> None:
    make(published.folder)
    told = [name for name, reasons in _reasons(published).items() if rule in reasons]
    assert len(told) == 1
    assert published.build().problems(rule)[0]["file"] == told[0]


def test_an_archive_alone_is_no_published_file(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"all\.zip.*[Uu]npack"):
        PublishedFolder(tmp_path).build()


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_file_with_other_separators_is_told_to_be_saved_with_commas(
    published: PublishedFolder, mark: str, word: str
) -> None:
    published.put("other.csv", HEADER.replace(",", mark), "2021,98,001,0.8".replace(",", mark))
    [problem] = published.build().problems("unknown-kind")
    assert word in problem["message"]


def test_a_file_without_rows_says_so(published: PublishedFolder) -> None:
    published.put("bare.csv", HEADER)
    [problem] = published.build().problems("no-rows")
    assert problem["file"] == "bare.csv"
    assert _reasons(published)["bare.csv"] == {"no-rows": 0}


def test_only_files_that_could_not_be_read_are_counted_as_such(published: PublishedFolder) -> None:
    published.put("kitchen.csv", "name,color", "kettle,red")
    assert published.build().tables.notes == ()
    published.put_bytes("coded.csv", "name".encode("utf-16"))
    assert published.build().tables.notes == ("One file could not be read.",)


def test_a_year_for_a_file_that_is_not_there_is_refused(published: PublishedFolder) -> None:
    with pytest.raises(UsageError, match=r"countys\.csv"):
        published.build(years={"countys.csv": 2021})


def test_where_nothing_can_be_used_repairs_are_no_reason(tmp_path: Path) -> None:
    folder = PublishedFolder(tmp_path)
    folder.put(
        "county-populations.csv", COUNTY_FRAME, "2021,98,001,Sampleland,Peña County,1000", encoding="latin-1"
    )
    folder.put("bare.csv", HEADER)
    with pytest.raises(DataError) as refused:
        folder.build()
    assert "bare.csv" in str(refused.value)
    assert "Latin-1" not in str(refused.value)
