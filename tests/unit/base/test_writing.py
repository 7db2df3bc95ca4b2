"""A file is there whole or not at all, and a refusal says which file it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from upward.base.writing import written_beside


def test_the_file_takes_the_place_of_the_old_one_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")
    with written_beside(path) as beside:
        beside.write_text("new")
        assert beside.suffix == path.suffix
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "problem",
    [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), OSError("No space left (os error 28)"), KeyError("x")],
    ids=["system", "library", "bug"],
)
def test_nothing_half_written_stays_and_the_old_file_stays_as_it_was(
    tmp_path: Path, problem: Exception
) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")

    def write() -> None:
        with written_beside(path) as beside:
            beside.write_text("half")
            raise problem

    with pytest.raises(type(problem)) as raised:
        write()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    if isinstance(problem, OSError):
        assert raised.value.filename == str(path)


def test_a_folder_that_refuses_is_told_by_the_name_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "page.html"
    with pytest.raises(FileNotFoundError) as raised, written_beside(path) as beside:
        beside.write_text("new")
    assert raised.value.filename == str(path)


def test_a_file_that_was_read_keeps_its_own_name_in_the_refusal(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised, written_beside(tmp_path / "page.html"):
        (tmp_path / "source.csv").read_text()
    assert raised.value.filename == str(tmp_path / "source.csv")
