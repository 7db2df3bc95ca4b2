"""Errors that people may see, each with the exit code of the command line.

Every message says what is wrong, where, and what to do. Anything that is not an `UpwardError` is a bug.
"""

from __future__ import annotations

from typing import ClassVar


class UpwardError(Exception):
    """Base of every error meant for a person; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        """Return the message, followed by the advice where there is one."""
        return f"{self.message} {self.advice}".strip()


class UsageError(UpwardError):
    """The call itself is wrong: an option, a file ending, a value out of range."""

    exit_code = 2


class DataError(UpwardError):
    """The data cannot be used: unreadable, damaged, absent, or not what it should be."""

    exit_code = 3


class NotFoundError(UpwardError):
    """Nothing, or more than one thing, answers to the name; `candidates` lists what might be meant."""

    exit_code = 4

    def __init__(self, message: str, *, advice: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message, advice=advice)
        self.candidates = candidates


class RefusedError(UpwardError):
    """A rule or a state forbids it."""

    exit_code = 5


class CatalogError(UpwardError):
    """The catalogue's own files break their rules; `problems` lists every one found."""

    exit_code = 3

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The catalogue has problems:\n" + "\n".join(f"- {problem}" for problem in problems))
        self.problems = problems
