"""What every test may ask for: a home folder, the published files, a sample release and a real release."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from upward.warehouse.read import Release

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("UPWARD_SHARED") or REPOSITORY.parent / "shared")
PUBLISHED_FILES = SHARED / "data" / "urban"
SURVEY_FILES = SHARED / "data" / "pums"
#: "1": nothing may be skipped; "tools": only tests of published files that are not there may be.
REQUIRE_ALL = os.environ.get("UPWARD_REQUIRE_ALL", "")
KEPT_REAL_RELEASES = 3
#: The size of targets is new in WCAG 2.2 and off in axe unless it is asked for.
AXE_RULES = "axe.configure({rules: [{id: 'target-size', enabled: true}]});"

# Two busy cores make any deadline a coin toss; a slow example is not a wrong one.
settings.register_profile("upward", deadline=None, print_blob=True)
settings.load_profile("upward")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Turn a skip into a failure where the run must be complete (UPWARD_REQUIRE_ALL)."""
    outcome = yield
    report = outcome.get_result()
    allowed = REQUIRE_ALL == "tools" and item.get_closest_marker("real")
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail") and not allowed:
        report.outcome = "failed"
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.longrepr = f"UPWARD_REQUIRE_ALL={REQUIRE_ALL} allows no skip here: {reason}"


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test away from the releases of the account that runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPWARD_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("UPWARD_DEBUG", raising=False)
        yield


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the published files; the test is skipped where they are not."""
    if not PUBLISHED_FILES.is_dir():
        pytest.skip("the published files are not here: put them at ../shared/data/urban or set UPWARD_SHARED")
    return PUBLISHED_FILES


@pytest.fixture(scope="session")
def survey_data() -> Path:
    """The folder of public survey records and what others computed from them; skipped where it is not."""
    if not SURVEY_FILES.is_dir():
        pytest.skip("the survey files are not here: put them at ../shared/data/pums or set UPWARD_SHARED")
    return SURVEY_FILES


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium; the test is skipped where it is not installed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    return path


@pytest.fixture(scope="session")
def axe_script() -> str:
    """The accessibility checker that runs inside a page; the test is skipped where npm did not install it."""
    path = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not installed (npm install)")
    return f"{path.read_text(encoding='utf-8')};\n{AXE_RULES}"


@pytest.fixture(scope="session")
def shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run that all its processes share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder


@pytest.fixture(scope="session")
def sample_files(shared_by_workers: Path) -> Path:
    """A folder with the published files of the sample's invented state: read it, never write to it."""
    return _built_once(shared_by_workers / "sample-files", _write_sample)


@pytest.fixture(scope="session")
def sample_home(shared_by_workers: Path) -> Path:
    """A home folder whose current release is the sample release: read it, never write to it."""
    return _built_once(shared_by_workers / "sample-home", _build_sample)


@pytest.fixture(scope="session")
def sample_release(sample_home: Path) -> Release:
    """The sample release, opened."""
    from upward.warehouse.read import open_release

    return open_release(sample_home)


@pytest.fixture(scope="session")
def real_home(shared_data: Path) -> Path:
    """A home folder with a release of all published files, built once per state of code and data."""
    root = Path(tempfile.gettempdir()) / f"upward-tests-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    folder = root / f"real-{_state_of_code_and_data(shared_data)}"
    built = _built_once(folder, lambda home: _build_real(shared_data, home))
    os.utime(built)
    _forget_old_releases(root)
    return built


@pytest.fixture(scope="session")
def real_release(real_home: Path) -> Release:
    """The release of all published files, opened."""
    from upward.warehouse.read import open_release

    return open_release(real_home)


def _built_once(folder: Path, build) -> Path:
    """Return the folder, built by the first process that asks; the others wait for it."""
    with _locked(folder.with_suffix(".lock")):
        if not folder.is_dir():
            unfinished = folder.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            build(unfinished)
            unfinished.rename(folder)
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write_sample(folder: Path) -> None:
    from upward.warehouse.sample import write_sample_files

    write_sample_files(folder)


def _build_sample(home: Path) -> None:
    from upward.pipeline.refresh import build_sample_release

    build_sample_release(home=home)


def _build_real(folder: Path, home: Path) -> None:
    from upward.pipeline.refresh import build_release

    build_release(folder, home=home)


def _state_of_code_and_data(data: Path) -> str:
    state = hashlib.sha256()
    rooms = ("base", "catalog", "engine", "warehouse", "pipeline")
    code = [
        path for room in rooms for path in (REPOSITORY / "src" / "upward" / room).rglob("*") if path.is_file()
    ]
    for path in sorted(code):
        if "__pycache__" not in path.parts:
            state.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    for path in sorted(data.rglob("*")):
        if path.is_file():
            state.update(f"{path.relative_to(data)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return state.hexdigest()[:16]


def _forget_old_releases(root: Path) -> None:
    kept = sorted(root.glob("real-" + 16 * "[0-9a-f]"), key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in kept[KEPT_REAL_RELEASES:]:
        shutil.rmtree(folder, ignore_errors=True)
