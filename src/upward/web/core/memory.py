"""What one process remembers of what it has read: kept as it is, not copied, and forgotten after a while.

A thing is remembered under a mark of the plan's history (`history_marks`), so that a change, whoever makes it, lets
every process read anew. What no history tells, such as the new name of a person, is seen when the time is over.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """The things read last: at most so many, each for so many seconds. Nobody may change what is given out."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._held: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        _ALL.append(self)

    def holds(self, key: Hashable) -> bool:
        """Return whether a thing is remembered and not too old."""
        held = self._held.get(key)
        return held is not None and time.monotonic() - held[0] < self.seconds

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is remembered under a key; what is not, or is too old, is made now."""
        if self.holds(key):
            return self._held[key][1]
        made = make()
        self._held[key] = (time.monotonic(), made)
        while len(self._held) > self.most:
            self._held.popitem(last=False)
        return made

    def forget(self) -> None:
        """Forget everything."""
        self._held.clear()


_ALL: list[Memory] = []


def forget_everything() -> None:
    """Let this process read everything anew; for tests, whose rows come again with the same numbers."""
    for memory in _ALL:
        memory.forget()
