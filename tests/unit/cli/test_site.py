"""`upward site` on the command line: what it refuses, with what advice, and what it tells at the end."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from upward.base.errors import UsageError
from upward.cli.site import chosen_forms, chosen_places, public_address
from upward.warehouse.read import Release


def test_a_site_of_one_place_tells_what_was_written(ask, sample_release: Release, tmp_path: Path) -> None:
    county = sample_release.all_places("county")[0]
    ended = ask(
        "site", "-o", tmp_path / "site", "--places", county.geo_id, "--downloads", "none", "--processes", 1
    )
    assert ended.code == 0, ended.err
    assert "1 place, " in ended.err
    assert ended.out == ""
    assert (tmp_path / "site" / "places" / f"{county.geo_id}.html").is_file()
    assert not list((tmp_path / "site" / "data").glob("*.csv"))


def test_a_folder_with_other_files_is_refused_before_any_work(ask, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ended = ask("site", "-o", tmp_path)
    assert ended.code == 5
    assert "nothing was changed" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_place_is_named(ask, tmp_path: Path) -> None:
    ended = ask("site", "-o", tmp_path / "site", "--places", "00000")
    assert ended.code == 4
    assert "00000" in ended.err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("text", [",", " , "])
def test_no_place_is_wrong_usage(sample_release: Release, text: str) -> None:
    with pytest.raises(UsageError, match="No place"):
        chosen_places(sample_release, text)


def test_places_are_taken_once_and_all_means_all(sample_release: Release) -> None:
    county = sample_release.all_places("county")[0]
    assert chosen_places(sample_release, f"{county.geo_id},{county.geo_id}") == [county]
    assert chosen_places(sample_release, "ALL") is None


@pytest.mark.parametrize(
    ("text", "expected"), [("csv,xlsx", ("csv", "xlsx")), ("none", ()), ("XLSX", ("xlsx",)), ("", ())]
)
def test_downloads_are_read_in_their_order(text: str, expected: tuple[str, ...]) -> None:
    assert chosen_forms(text) == expected


def test_an_unknown_download_is_named() -> None:
    with pytest.raises(UsageError, match="pdf"):
        chosen_forms("csv,pdf")


@pytest.mark.parametrize("text", ["example.org", "javascript:alert(1)", 'https://x"/', "https://x/?a"])
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no web address"):
        public_address(text)


def test_an_address_ends_with_one_slash() -> None:
    assert (
        public_address("https://example.org/m")
        == public_address("https://example.org/m//")
        == "https://example.org/m/"
    )
    assert public_address("") == ""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are listed under /proc")
def test_no_process_outlives_a_site_that_is_killed(sample_home: Path, tmp_path: Path) -> None:
    command = ["--home", sample_home, "site", "-o", tmp_path / "site", "--processes", "2"]
    with subprocess.Popen([sys.executable, "-m", "upward", *map(str, command)]) as process:
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until = time.monotonic() + 60
        while len(children := listed.read_text().split()) < 3 and time.monotonic() < until:
            time.sleep(0.05)  # two that work, one that tracks what they share
        process.kill()
    assert len(children) == 3
    until = time.monotonic() + 60
    while (left := [child for child in children if _runs(child)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left


def _runs(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
