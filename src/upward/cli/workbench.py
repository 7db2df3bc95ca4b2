"""Where the command line meets the workbench: by name, so that this rung knows nothing of the one above."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click


def commands_of_the_workbench() -> tuple[click.Command, ...]:
    """Return the commands that the workbench lends; they load Django only when they run."""
    commands: tuple[click.Command, ...] = import_module("upward.web.commands").COMMANDS
    return commands


def write_sample_plan(home: Path, folder: Path) -> tuple[Path, ...]:
    """Put a sample plan into a home folder and return the files of its Mobility Action Plan, written into a folder."""
    files: tuple[Path, ...] = import_module("upward.web.commands.sample").write_sample_plan(home, folder)
    return files


def serve_demo(home: Path) -> None:
    """Put a sample plan into a home folder and serve the workbench there until it is stopped."""
    import_module("upward.web.commands.sample").serve_sample(home)
