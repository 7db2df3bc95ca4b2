"""`upward check`: is this installation healthy?"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import click

import upward
from upward.base.errors import UpwardError
from upward.cli.output import json_option, print_json

PACKAGES = ("polars", "numpy", "click", "jinja2", "rapidfuzz")
MARKS = {"good": "ok", "note": "note", "bad": "BAD"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is good, note or bad; a bad one ends the command with `exit_code`."""

    name: str
    state: str
    message: str
    exit_code: int = 0


@click.command(short_help="Look at this installation.", epilog="Example: upward check --json")
@json_option
@click.pass_obj
def check(home: Path | None, as_json: bool) -> None:
    """Look at the installation: home folder, catalogue, current release, workbench, versions."""
    findings = [
        _attempt("home folder", lambda: _look_at_home(home)),
        _attempt("catalogue", _look_at_catalog),
        _attempt("current release", lambda: _look_at_release(home)),
        *_look_at_workbench(home),
        Finding("versions", "good", _versions()),
    ]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{MARKS[finding.state]:<5} {finding.name}: {finding.message}")
    exit_code = max(finding.exit_code for finding in findings)
    if exit_code:
        raise click.exceptions.Exit(exit_code)


def _attempt(name: str, look: Callable[[], tuple[str, str]]) -> Finding:
    try:
        state, message = look()
    except UpwardError as problem:
        return Finding(name, "bad", str(problem), problem.exit_code)
    except OSError as problem:
        return Finding(
            name, "bad", f"{problem.strerror or problem}: {problem.filename or ''}".rstrip(": "), 5
        )
    return Finding(name, state, message)


def _look_at_home(home: Path | None) -> tuple[str, str]:
    from upward.warehouse.home import home_folder

    folder = home_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
    return "good", f"{folder} can be written to"


def _look_at_catalog() -> tuple[str, str]:
    from upward.catalog.load import load_catalog

    catalog = load_catalog()
    return "good", (
        f"{len(catalog.metrics)} metrics, {len(catalog.variables)} variables; hash {catalog.hash[:12]}"
    )


def _look_at_release(home: Path | None) -> tuple[str, str]:
    from upward.base.errors import DataError
    from upward.warehouse.release import current_release_id, verify_release

    current = current_release_id(home)
    if current is None:
        return "note", "none yet. Build one: upward data build --from DIR, or see sample data: upward demo"
    problems = verify_release(home, current)
    if problems:
        raise DataError(
            f"{current}: {'; '.join(problems)}.", advice="Build it again, or go back: upward data use ID."
        )
    return "good", f"{current} agrees with its checksums and schema"


def _look_at_workbench(home: Path | None) -> list[Finding]:
    """Return what the workbench says of itself, in a process of its own: it brings its own settings."""
    from importlib.util import find_spec

    from upward.engine.extras import how_to_install
    from upward.warehouse.home import home_folder

    if find_spec("django") is None:
        return [Finding("workbench", "note", f"Its packages are not there. {how_to_install('web')}")]
    done = subprocess.run(
        [sys.executable, "-m", "upward.web.commands.health"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "UPWARD_HOME": str(home_folder(home))},
    )
    if done.returncode:
        return [Finding("workbench", "bad", done.stderr.strip().splitlines()[-1][:300], 1)]
    return [Finding(**line) for line in json.loads(done.stdout)]


def _versions() -> str:
    parts = [f"upward {upward.__version__}", f"Python {platform.python_version()} on {sys.platform}"]
    return ", ".join([*parts, *(f"{package} {version(package)}" for package in PACKAGES)])
