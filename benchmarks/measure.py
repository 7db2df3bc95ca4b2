"""Measuring: seconds and the peak memory of a piece of work, in a process of its own."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("UPWARD_SHARED") or REPOSITORY.parent / "shared")
PUBLISHED_FILES = SHARED / "data" / "urban"
#: The Python of the package that `make compiled` makes.
COMPILED = REPOSITORY / ".venv-compiled" / "bin" / "python"


@dataclass(frozen=True, slots=True)
class Line:
    """One measured figure: what, how much, the goal, and whether it was reached (None: there is no goal)."""

    what: str
    figure: str
    goal: str = ""
    reached: bool | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: wall seconds, peak resident GiB, and what it printed."""

    seconds: float
    peak_gib: float
    output: str


def run_python(code: str, *arguments: str, python: Path | str = sys.executable) -> Run:
    """Run Python code in a fresh process and return what it took; raise if it fails."""
    start = time.perf_counter()
    with subprocess.Popen(
        [str(python), "-c", code, *arguments], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"the measured process ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss * _rss_unit() / 2**30, output)


def _rss_unit() -> int:
    return 1 if sys.platform == "darwin" else 1024


def machine() -> str:
    """Return a line about the machine: processors, load, Python and whether it is the system's own, which draws pages
    a tenth to a fifth faster than one that was built without a profile.
    """
    load = os.getloadavg()[0]
    python = f"{'the system’s ' if sys.base_prefix == '/usr' else ''}Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, load {load:.1f} before, {python}, {sys.platform}"
