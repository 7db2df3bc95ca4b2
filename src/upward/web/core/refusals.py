"""The two ways in which a rule says no: this person may not, or the state does not allow it now."""

from __future__ import annotations

from collections.abc import Callable

from upward.base.errors import RefusedError


class NotAllowed(RefusedError):
    """Not for this person; the message says who can."""


class StateForbids(RefusedError):
    """The state does not allow it now; the message says what to do first."""


class Outdated(RefusedError):
    """Someone else changed the record since the form was opened; `current` is the record as it stands now."""

    def __init__(self, message: str, *, current: object) -> None:
        super().__init__(message)
        self.current = current


def allows(check: Callable[[], None]) -> bool:
    """Return whether a check passes: the yes-or-no twin of a `check_…` function is made with this."""
    try:
        check()
    except (NotAllowed, StateForbids):
        return False
    return True
