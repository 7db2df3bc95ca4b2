"""The life of a release: written whole or not at all, same from same input, never changed unnoticed."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from upward.base.errors import DataError, NotFoundError, RefusedError
from upward.warehouse.accounting import FileAccount
from upward.warehouse.home import build_lock, home_folder
from upward.warehouse.read import open_release
from upward.warehouse.release import (
    current_release_id,
    list_releases,
    use_release,
    verify_release,
    write_release,
)
from upward.warehouse.release_files import TABLES
from upward.warehouse.schema import RESULT_COLUMNS

from .invented_tables import number, numbers, tables

REPOSITORY = Path(__file__).parents[3]
STEPS = (
    "check tables",
    *(f"write {name}" for name in TABLES),
    "write manifest",
    "verify",
    "rename",
    "current",
)
FILES = ("manifest.json", *TABLES)


def write(home: Path, **changes: object) -> str:
    return write_release(home, tables(**changes), sample=False, code_version="1").id


def other_results() -> pl.DataFrame:
    return pl.DataFrame([*numbers(), number("county", "29019", "2019", 0.3)], schema=RESULT_COLUMNS)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_written_release_is_current_listed_and_without_fault(home: Path) -> None:
    info = write_release(home, tables(), sample=False, code_version="1")

    assert info.id.startswith("2025.01-")
    assert current_release_id(home) == info.id
    assert [listed.id for listed in list_releases(home)] == [info.id]
    assert verify_release(home, info.id) == ()
    assert (info.results, info.places, info.problems, info.files) == (len(numbers()), 3, 1, 1)
    assert open_release(home).id == info.id


def test_the_manifest_says_what_the_release_is_made_of(home: Path) -> None:
    manifest = write_release(home, tables(), sample=False, code_version="1").manifest

    assert manifest["schema"] == "upward/release/1"
    assert manifest["code_version"] == "1"
    assert manifest["sources"][0]["sha256"] == "ab" * 32
    assert manifest["accounting"][0]["rows_read"] == 10
    assert manifest["vintages"] == ["2023-24", "2025.01"]
    assert len(manifest["catalog_hash"]) == 64
    assert set(manifest["files"]) == set(TABLES)
    assert manifest["checks"]


def test_the_same_input_gives_the_same_name_and_the_same_bytes(home: Path, tmp_path: Path) -> None:
    shuffled = tables().results.sample(fraction=1, shuffle=True, seed=3)
    first = write(home)
    second = write(tmp_path / "elsewhere", results=shuffled)

    assert first == second
    here, there = home / "releases" / first, tmp_path / "elsewhere" / "releases" / second
    assert snapshot(here) == snapshot(there)


def test_writing_the_same_release_again_keeps_the_one_that_is_there(home: Path) -> None:
    release = write(home)
    before = (home / "releases" / release / "manifest.json").stat().st_ino

    assert write(home) == release
    assert (home / "releases" / release / "manifest.json").stat().st_ino == before


def test_other_numbers_code_or_catalogue_give_another_name(home: Path) -> None:
    names = {
        write(home),
        write(home, results=other_results()),
        write_release(home, tables(), sample=False, code_version="2").id,
        write_release(home, tables(), sample=True, code_version="1").id,
    }

    assert len(names) == 4


def test_a_sample_release_says_so_in_its_name_and_manifest(home: Path) -> None:
    info = write_release(home, tables(), sample=True, code_version="1")

    assert info.id.startswith("sample-")
    assert info.sample is True
    assert open_release(home).sample is True


def test_an_older_release_can_be_used_again(home: Path) -> None:
    first = write(home)
    second = write(home, results=other_results())
    assert current_release_id(home) == second

    use_release(home, first)

    assert current_release_id(home) == first
    assert {info.id for info in list_releases(home)} == {first, second}


def test_a_release_that_is_not_there_cannot_be_used_or_verified(home: Path) -> None:
    known = write(home)
    for unknown in ("nothing", "../home", ".unfinished-1", ""):
        for attempt in (use_release, verify_release):
            with pytest.raises(NotFoundError) as refused:
                attempt(home, unknown)
            assert refused.value.candidates == (known,)
    assert current_release_id(home) == known


def test_a_home_without_a_release_says_how_to_get_one(home: Path) -> None:
    assert current_release_id(home) is None
    assert list_releases(home) == ()
    with pytest.raises(DataError, match="upward data build"):
        open_release(home)


def test_a_pointer_to_nowhere_is_an_error_with_advice(home: Path) -> None:
    write(home)
    (home / "current").write_text("gone-0123456789\n")

    with pytest.raises(DataError, match="upward data use"):
        open_release(home)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("where", [0.0, 0.5, 1.0])
def test_one_changed_byte_in_any_file_is_noticed(home: Path, name: str, where: float) -> None:
    release = write(home)
    path = home / "releases" / release / name
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    position = round(where * (len(content) - 1))
    content[position] ^= 0x20
    path.write_bytes(content)

    problems = verify_release(home, release)

    assert problems
    assert any(name in problem or "manifest" in problem for problem in problems)
    with pytest.raises(DataError, match="damaged"):
        use_release(home, release)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_cut_or_added_file_is_noticed(home: Path, name: str) -> None:
    release = write(home)
    folder = home / "releases" / release
    whole = (folder / name).read_bytes()

    (folder / name).unlink()
    assert verify_release(home, release)
    (folder / name).write_bytes(whole[: len(whole) // 2])
    assert verify_release(home, release)
    (folder / name).write_bytes(whole)
    assert verify_release(home, release) == ()
    (folder / "notes.txt").write_text("mine")
    assert verify_release(home, release) == ("notes.txt does not belong here",)


def test_a_manifest_that_was_made_to_agree_with_changed_files_is_noticed(home: Path) -> None:
    release = write(home)
    path = home / "releases" / release / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["accounting"][0]["rows_written"] = 9
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    problems = verify_release(home, release)

    assert "manifest.json was changed after it was written" in problems
    assert "the rows of preschool.csv do not add up" in problems


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": float("inf")}, "infinite"),
        ({"value": None}, "value stands in every row of status ok"),
        ({"status": "fine"}, "every status is known"),
        ({"flags": "no-physician nonsense"}, "every flag is known"),
        ({"quality": 4}, "quality flag is 1, 2 or 3"),
        ({"geo_id": "99999"}, "in the table of places"),
        ({"source_file": "twin.csv", "period": "2023"}, "at most one row of a number is current"),
    ],
)
def test_tables_that_break_the_rules_are_refused(home: Path, change: dict[str, object], message: str) -> None:
    before = write(home)
    broken = [*numbers(), number("county", "29019", "2020", 0.5) | change]

    with pytest.raises(DataError, match=message):
        write(home, results=pl.DataFrame(broken, schema=RESULT_COLUMNS))

    assert current_release_id(home) == before


def test_tables_with_other_columns_or_unaccounted_rows_are_refused(home: Path) -> None:
    with pytest.raises(DataError, match="se is missing"):
        write(home, results=tables().results.drop("se"))
    with pytest.raises(DataError, match="value is String, not Float64"):
        write(home, results=tables().results.with_columns(pl.col("value").cast(pl.String())))
    lost = FileAccount("a.csv", "", "county-metrics", "2025.01", 10, 5, 1, 1, 0, {})
    with pytest.raises(DataError, match="written, rejected or ignored"):
        write(home, accounting=(lost,))
    assert current_release_id(home) is None


@pytest.mark.parametrize("step", STEPS)
def test_a_build_killed_at_any_step_leaves_the_current_release(home: Path, step: str) -> None:
    before = write(home)
    kept = snapshot(home / "releases" / before)

    assert _run_and_kill(home, at_step=step) == -signal.SIGKILL

    assert current_release_id(home) == before
    assert verify_release(home, before) == ()
    assert snapshot(home / "releases" / before) == kept
    after = write(home, results=other_results())
    assert current_release_id(home) == after
    assert _hidden(home) == []


def test_a_build_killed_at_random_moments_leaves_the_current_release(home: Path) -> None:
    before = write(home)
    moments = random.Random(7)

    for _attempt in range(6):
        _run_and_kill(home, after=moments.uniform(0.0, 0.2))
        current = current_release_id(home)
        assert current is not None
        assert verify_release(home, current) == ()
        assert verify_release(home, before) == ()

    write(home)
    assert _hidden(home) == []


def test_an_error_while_writing_leaves_nothing_behind(home: Path) -> None:
    before = write(home)
    for step in STEPS:

        def fail(at: str, step: str = step) -> None:
            if at == step:
                raise OSError(28, "No space left on device")

        with pytest.raises(DataError, match="No space left on device"):
            write_release(
                home, tables(results=other_results()), sample=False, code_version="1", checkpoint=fail
            )
        assert current_release_id(home) == before
        assert _hidden(home) == []


def test_a_full_disk_leaves_the_current_release(home: Path) -> None:
    before = write(home)
    many = [number("county", "29019", str(year), year / 3000.7) for year in range(30_000)]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(DataError, match="could not be written"):
            write(home, results=pl.DataFrame(many, schema=RESULT_COLUMNS))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert current_release_id(home) == before
    assert _hidden(home) == []


def test_a_folder_without_permission_is_a_clear_error(home: Path) -> None:
    before = write(home)
    for folder in (home, home / "releases"):
        folder.chmod(0o555)
    try:
        with _ordinary_account(), pytest.raises(DataError, match="Permission denied"):
            write(home, results=other_results())
    finally:
        for folder in (home, home / "releases"):
            folder.chmod(0o755)
    assert current_release_id(home) == before


def test_a_file_in_the_way_of_the_home_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")

    with pytest.raises(DataError, match="cannot be written"):
        write(tmp_path / "home")


def test_two_builds_do_not_race(home: Path) -> None:
    before = write(home)
    with _waiting_build(home) as other:
        with pytest.raises(RefusedError, match=f"process {other}") as refused:
            write(home, results=other_results())
        assert refused.value.exit_code == 5
        assert current_release_id(home) == before
    write(home, results=other_results())


def test_who_holds_the_lock_may_ask_again(home: Path) -> None:
    with build_lock(home), build_lock(home):
        assert write(home) == current_release_id(home)


def test_a_damaged_release_is_put_right_by_building_it_again(home: Path) -> None:
    release = write(home)
    path = home / "releases" / release / "results.parquet"
    path.chmod(0o644)
    path.write_bytes(b"nothing")

    assert write(home) == release
    assert verify_release(home, release) == ()
    assert _hidden(home) == []


def test_strange_folders_among_the_releases_are_left_alone(home: Path) -> None:
    stray = home / "releases" / "my-notes"
    stray.mkdir(parents=True)
    (stray / "a.txt").write_text("keep me")

    release = write(home)

    assert (stray / "a.txt").read_text() == "keep me"
    assert [info.id for info in list_releases(home)] == [release]


def test_a_manifest_of_another_schema_is_refused(home: Path) -> None:
    release = write(home)
    path = home / "releases" / release / "manifest.json"
    path.write_text(path.read_text().replace("upward/release/1", "upward/release/9"))

    with pytest.raises(DataError, match="upward/release/9"):
        open_release(home)


def test_home_is_the_one_given_then_the_environment_then_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPWARD_HOME", "/somewhere/else")
    assert home_folder("/given") == Path("/given")
    assert home_folder() == Path("/somewhere/else")
    monkeypatch.delenv("UPWARD_HOME")
    assert home_folder().name == "upward"


def _hidden(home: Path) -> list[str]:
    return [
        path.name for path in [*home.iterdir(), *(home / "releases").iterdir()] if path.name.startswith(".")
    ]


_BUILD = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
from tests.unit.warehouse.invented_tables import number, numbers, tables
import polars as pl
from upward.warehouse.schema import RESULT_COLUMNS
from upward.warehouse.release import write_release
step = sys.argv[3]
def at(name):
    if step == "wait" and name == "write manifest":
        print("waiting", flush=True)
        time.sleep(60)
    if name == step:
        os.kill(os.getpid(), signal.SIGKILL)
more = pl.DataFrame([*numbers(), number("county", "29019", "2019", 0.3)], schema=RESULT_COLUMNS)
made = tables(results=more)
print("ready", flush=True)
while True:
    version = str(time.time_ns()) if step == "endless" else "1"
    write_release(sys.argv[2], made, sample=False, code_version=version, checkpoint=at)
"""


def _start(home: Path, step: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _BUILD, str(REPOSITORY), str(home), step], stdout=subprocess.PIPE, text=True
    )


def _run_and_kill(home: Path, *, at_step: str = "endless", after: float | None = None) -> int:
    with _start(home, at_step) as process:
        assert process.stdout is not None
        process.stdout.readline()
        if after is not None:
            time.sleep(after)
            process.kill()
        return process.wait(timeout=60)


@contextmanager
def _ordinary_account() -> Iterator[None]:
    """An administrator may write everywhere: become nobody for the block."""
    administrator = os.geteuid() == 0
    if administrator:
        os.seteuid(65534)
    try:
        yield
    finally:
        if administrator:
            os.seteuid(0)


@contextmanager
def _waiting_build(home: Path) -> Iterator[int]:
    """A build in another process that holds the lock until the block ends."""
    with _start(home, "wait") as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        while next(lines).strip() != "waiting":
            continue
        yield process.pid
        process.kill()
