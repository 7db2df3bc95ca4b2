"""The layers hold, the program starts quickly, and a wheel has everything that the checkout has."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from pathlib import Path


def test_layers_hold(repository: Path) -> None:
    done = run(
        ["-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"], repository
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_a_wheel_holds_every_file_of_the_package(
    repository: Path, tree: tuple[Path, ...], tmp_path: Path
) -> None:
    done = run(["-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], repository)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("upward-*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    source = repository / "src"
    assert {str(path.relative_to(source)) for path in tree if source in path.parents} <= packed
    assert {name.rsplit("/", 1)[1] for name in packed} >= {"LICENSE", "NOTICE", "entry_points.txt"}


def test_help_answers_before_the_heavy_packages_are_loaded(repository: Path) -> None:
    code = (
        "import sys\n"
        "import upward.cli.main as main\n"
        "main.run(['--help'])\n"
        "heavy = {'polars', 'numpy', 'jinja2', 'yaml', 'urllib3', 'rapidfuzz', 'babel'}\n"
        "sys.exit(f'loaded: {sorted(heavy & set(sys.modules))}' if heavy & set(sys.modules) else 0)\n"
    )
    done = run(["-c", code], repository)
    assert done.returncode == 0, done.stderr
    assert "Usage: upward" in done.stdout


def test_help_answers_in_well_under_a_second(repository: Path) -> None:
    def seconds() -> float:
        start = time.perf_counter()
        run(["-m", "upward", "--help"], repository)
        return time.perf_counter() - start

    # The goal is 300 ms on a quiet machine; the best of several tries on a busy one stays below twice that.
    assert min(seconds() for _try in range(5)) < 0.6


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
