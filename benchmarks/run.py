"""Run all benchmarks and write RESULTS.md beside this file."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks import build, documents, estimate, findings, full_plan, pages, place_read, site, web
from benchmarks.measure import PUBLISHED_FILES, Line, machine

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = """# Benchmarks

Written by `make bench`, from all published files. Each figure is one run; run it again on your machine.

"""


def main() -> int:
    """Measure, print, and write the results."""
    if not PUBLISHED_FILES.is_dir():
        click.echo(f"The published files are not at {PUBLISHED_FILES}: set UPWARD_SHARED.", err=True)
        return 3
    before = machine()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for part in (build, place_read, findings, pages, documents, site, estimate, web, full_plan):
            for line in part.measure(Path(folder)):
                lines.append(line)
                click.echo(f"{line.what}: {line.figure}" + (f" (goal: {line.goal})" if line.goal else ""))
    rows = "\n".join(f"| {line.what} | {line.figure} | {line.goal} | {_verdict(line)} |" for line in lines)
    table = f"| what | figure | goal | reached |\n|---|---|---|---|\n{rows}\n"
    RESULTS.write_text(f"{HEAD}{time.strftime('%Y-%m-%d')}, {before}\n\n{table}", encoding="utf-8")
    return 0


def _verdict(line: Line) -> str:
    return "" if line.reached is None else "yes" if line.reached else "no"


if __name__ == "__main__":
    sys.exit(main())
