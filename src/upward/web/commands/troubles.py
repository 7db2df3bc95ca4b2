"""What goes wrong with a database while a command runs, said in words: what, where, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from upward.base.errors import RefusedError

#: What an SQLite file says, and what helps.
ADVICE = {
    "disk is full": "Free some space there, then run the same command again; nothing is half done.",
    "readonly database": "Let the account that runs Upward write to that folder and file.",
    "unable to open database file": "Let the account that runs Upward write to that folder.",
    "database is locked": "Something else writes to it and does not end: stop it, then try again.",
    "not a database": "Bring a backup back: upward restore FILE.",
    "malformed": "Stop the workbench and bring a backup back: upward restore FILE.",
}


def explained(command: click.Command) -> click.Command:
    """Return the command, of which a database that fails is told in words instead of a report of a bug."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            explained(child)
    if command.callback is not None:
        command.callback = _explaining(command.callback)
    return command


def _explaining(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)
        except Exception as problem:
            if not _is_of_the_database(problem):
                raise
            raise trouble(problem) from problem

    return wrapped


def _is_of_the_database(problem: Exception) -> bool:
    """Return whether Django says that the database failed; without Django nothing does."""
    held = sys.modules.get("django.db.utils")
    if held is None:
        return False
    ours = (
        held.IntegrityError | held.ProgrammingError | held.DataError
    )  # faults of the program, not of the machine
    return isinstance(problem, held.DatabaseError | held.InterfaceError) and not isinstance(problem, ours)


def trouble(problem: Exception) -> RefusedError:
    """Return what is wrong with the database, where it is, and what to do."""
    from django.conf import settings

    said = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
    if not settings.OPTIONS.embedded:
        return RefusedError(f"The database fails: {said}", advice="Start it, or check UPWARD_DATABASE_URL.")
    advice = next((help_ for words, help_ in ADVICE.items() if words in said), "Look at: upward check")
    return RefusedError(f"The database {settings.OPTIONS.database['NAME']} fails: {said}.", advice=advice)
