"""Bad input to `upward data build`: a clear message, the exit code, the previous release still current."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upward.cli.main import run
from upward.warehouse.release import current_release_id, use_release, verify_release
from upward.warehouse.sample import write_sample_files

BAD_DATA = 3
Refuses = Callable[..., str]
FILE = "mobility-from-poverty/08_education/data/final/metrics_college_place_all_longitudinal.csv"
POPULATIONS = "mobility-from-poverty/geographic-crosswalks/data/place-populations.csv"


@pytest.fixture(scope="module")
def sample_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all invented published files."""
    folder = tmp_path_factory.mktemp("published")
    write_sample_files(folder)
    return folder


@pytest.fixture(scope="module")
def good(sample_files: Path) -> bytes:
    """The bytes of one good file."""
    return (sample_files / FILE).read_bytes()


@pytest.fixture(scope="module")
def used_home(sample_files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home folder with a small current release, and the release's id."""
    root = tmp_path_factory.mktemp("used")
    for name in (FILE, POPULATIONS):
        (root / "in" / name).parent.mkdir(parents=True)
        shutil.copy(sample_files / name, root / "in" / name)
    assert run(["--home", str(root / "home"), "data", "build", "--from", str(root / "in")]) == 0
    release = current_release_id(root / "home")
    assert release is not None
    return root / "home", release


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for input."""
    path = tmp_path / "input"
    path.mkdir()
    return path


@pytest.fixture
def refuses(used_home: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> Iterator[Refuses]:
    """Build from a folder, expect a refusal that changes nothing, and return what was said."""
    home, release = used_home

    def build(source: Path, *, code: int = BAD_DATA) -> str:
        capsys.readouterr()
        ended = run(["--home", str(home), "data", "build", "--from", str(source)])
        said = capsys.readouterr().err
        assert ended == code, said
        assert "Traceback" not in said
        assert len(said.strip()) > 20
        return said

    yield build
    assert current_release_id(home) == release
    assert verify_release(home, release) == ()
    assert not [entry for entry in (home / "releases").iterdir() if entry.name.startswith(".unfinished")]


def _put(folder: Path, content: bytes, name: str = "metrics.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


# -- folders ------------------------------------------------------------------------------------------


def test_an_empty_folder_is_refused(folder: Path, refuses: Refuses) -> None:
    assert str(folder) in refuses(folder)


def test_a_folder_without_published_files_is_refused(folder: Path, refuses: Refuses) -> None:
    _put(folder, b"name,color\nkettle,red\n", "kitchen.csv")
    _put(folder, b"# A readme\n", "README.md")
    assert str(folder) in refuses(folder)


def test_a_folder_that_is_not_there_is_refused(folder: Path, refuses: Refuses) -> None:
    assert "nowhere" in refuses(folder / "nowhere")


def test_a_file_instead_of_a_folder_is_refused(folder: Path, good: bytes, refuses: Refuses) -> None:
    assert "metrics.csv" in refuses(_put(folder, good))


def test_links_that_lead_nowhere_or_in_a_circle_are_survived(folder: Path, refuses: Refuses) -> None:
    (folder / "gone.csv").symlink_to(folder / "not-there.csv")
    (folder / "circle").symlink_to(folder)
    (folder / "folder.csv").mkdir()
    refuses(folder)


def test_a_file_that_may_not_be_read_is_named(
    folder: Path, good: bytes, refuses: Refuses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permissions do not bind an administrator, so the refusal of the system is simulated."""
    _put(folder, good)
    read = Path.read_bytes

    def denied(path: Path) -> bytes:
        if path.name == "metrics.csv":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", denied)
    said = refuses(folder)
    assert "metrics.csv" in said
    assert "ermission denied" in said


def test_a_full_disk_leaves_the_previous_release(
    folder: Path, good: bytes, refuses: Refuses, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(folder, good)

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("upward.warehouse.release._write_table", full)
    said = refuses(folder)
    assert "No space left" in said
    assert "previous release" in said


def test_a_home_that_cannot_be_written_is_named(
    folder: Path, good: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _put(folder, good)
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    assert run(["--home", str(home), "data", "build", "--from", str(folder)]) in (2, BAD_DATA)
    said = capsys.readouterr().err
    assert str(home) in said
    assert "Traceback" not in said


# -- files that cannot be used at all --------------------------------------------------------------------


#: What is wrong with a file -> its name, and how it is made from a good one.
UNUSABLE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "cut-off": ("metrics.csv.gz", lambda good: gzip.compress(good)[:-40]),
    "damaged": (
        "metrics.csv.gz",
        lambda good: gzip.compress(good)[:200] + b"\x00" * 50 + gzip.compress(good)[250:],
    ),
    "not-gzip": ("metrics.csv.gz", lambda good: good),
    "utf-16": ("metrics.csv", lambda good: good.decode().encode("utf-16")),
    "binary": ("metrics.csv", lambda _good: bytes(range(256)) * 64),
    "empty": ("metrics.csv", lambda _good: b""),
    "nul-bytes": ("metrics.csv", lambda _good: b"\x00" * 5000),
    "duplicate-header": (
        "metrics.csv",
        lambda good: good.replace(b"share_hs_degree_lb", b"share_hs_degree", 1),
    ),
    "huge-field": ("metrics.csv", lambda good: b"x" * 3_000_000 + good),
    "semicolons": ("metrics.csv", lambda good: good.replace(b",", b";")),
    "no-header": ("metrics.csv", lambda good: good.split(b"\n", 1)[1]),
}


@pytest.mark.parametrize(("name", "spoil"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_is_named_with_a_reason(
    name: str, spoil: Callable[[bytes], bytes], folder: Path, good: bytes, refuses: Refuses
) -> None:
    _put(folder, spoil(good), name)
    assert name in refuses(folder)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_before_it_does(
    folder: Path, refuses: Refuses
) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"0," * (1 << 20)
    content = b"".join(packer.compress(block) for _ in range(600)) + packer.flush()
    assert len(content) < 3_000_000
    _put(folder, content, "bomb.csv.gz")
    said = refuses(folder)
    assert "bomb.csv.gz" in said
    assert "unpacks" in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: b"\n".join(line.replace(b",98,", b",AK,") for line in good.split(b"\n")),
        lambda good: good.replace(b"\n20", b"\nyear 20"),
        lambda good: good.replace(b"year,state", b"state,year", 1),
        lambda good: good.replace(b"\n", b",1\n").replace(b"quality,1\n", b"quality\n", 1),
    ],
    ids=["text-codes", "text-years", "swapped-columns", "one-field-too-many"],
)
def test_a_file_whose_every_row_is_bad_is_refused(
    spoil: Callable[[bytes], bytes], folder: Path, good: bytes, refuses: Refuses
) -> None:
    _put(folder, spoil(good))
    assert "metrics.csv" in refuses(folder)


# -- files that can be used in part ---------------------------------------------------------------------


def test_a_bad_file_among_good_ones_is_reported_and_the_rest_is_built(
    sample_files: Path, folder: Path, good: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path / "home")]
    _put(folder, good)
    _put(folder, (sample_files / POPULATIONS).read_bytes(), "place-populations.csv")
    _put(folder, gzip.compress(good)[:-40], "second.csv.gz")
    spoiled = good.replace(b"\n2014,98,04000,", b"\n2014,98,04000,much", 1)
    assert spoiled != good
    _put(folder, spoiled, "third.csv")
    assert run([*home, "data", "build", "--from", str(folder)]) == 0
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert run([*home, "data", "verify"]) == 0
    assert run([*home, "data", "problems"]) == 0
    listed = capsys.readouterr().out
    assert "second.csv.gz" in listed
    assert "third.csv" in listed


# -- anything at all --------------------------------------------------------------------------------------

_cuts = st.tuples(st.just("cut"), st.integers(0, 4000), st.just(b""))
_puts = st.tuples(st.just("put"), st.integers(0, 4000), st.binary(min_size=1, max_size=40))
_swaps = st.tuples(
    st.just("put"),
    st.integers(0, 4000),
    st.sampled_from([b'"', b"\x00", b"\r", b"\n", b",", b"\xff", b"\xc3\x83\xc2\xb1"]),
)
_changes = st.lists(st.one_of(_cuts, _puts, _swaps), min_size=1, max_size=6)


def _change(content: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    for kind, where, what in changes:
        place = where % (len(content) + 1)
        content = content[:place] if kind == "cut" else content[:place] + what + content[place + len(what) :]
    return content


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=_changes, packed=st.booleans(), inside=st.booleans())
def test_no_change_of_bytes_makes_the_command_fail_without_a_reason(
    changes: list[tuple[str, int, bytes]],
    packed: bool,
    inside: bool,
    good: bytes,
    used_home: tuple[Path, str],
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Bytes lost, added or changed, in the plain file or the packed one: done or refused, never a bug."""
    home, release = used_home
    folder = tmp_path_factory.mktemp("changed")
    small = b"\n".join(good.split(b"\n")[:40]) + b"\n"
    if packed and inside:
        content = gzip.compress(_change(small, changes), mtime=0)
    else:
        content = _change(gzip.compress(small, mtime=0) if packed else small, changes)
    _put(folder, content, "metrics.csv.gz" if packed else "metrics.csv")
    capsys.readouterr()
    ended = run(["--home", str(home), "data", "build", "--from", str(folder)])
    said = capsys.readouterr()
    assert ended in (0, BAD_DATA), said.err
    assert "Traceback" not in said.err + said.out
    if ended:
        assert current_release_id(home) == release
    else:
        use_release(home, release)
    assert verify_release(home, release) == ()
    shutil.rmtree(folder)
