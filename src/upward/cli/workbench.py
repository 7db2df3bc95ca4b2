"""Where the command line meets the workbench: by name, so that this rung knows nothing of the one above."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click

from upward.base.errors import DataError


def commands_of_the_workbench() -> tuple[click.Command, ...]:
    """Return the commands that the workbench lends; they load Django only when they run."""
    commands: tuple[click.Command, ...] = import_module("upward.web.commands").COMMANDS
    return commands


def write_sample_plan(home: Path, folder: Path) -> tuple[Path, ...]:
    """Put a sample plan into a home folder and return the files of its Mobility Action Plan, written into a folder.

    It runs in a process of its own, because the workbench is tied to one home folder for as long as a process lives.
    Raises DataError where it fails.
    """
    words = [sys.executable, "-m", "upward.web.commands.sample", str(home), str(folder)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if ended.returncode:
        said = ended.stderr.strip().splitlines()
        raise DataError(
            f"The sample plan could not be made: {said[-1] if said else 'no reason was given'}",
            advice="The pages of places are written. Look at: upward check",
        )
    return tuple(Path(line) for line in ended.stdout.splitlines())


def serve_demo(home: Path) -> None:
    """Put a sample plan into a home folder and serve the workbench there until it is stopped."""
    import_module("upward.web.commands.sample").serve_sample(home)
