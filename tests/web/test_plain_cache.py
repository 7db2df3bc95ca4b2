"""The memory of a process hands on the very value that was kept, for as long as it was to be kept."""

from __future__ import annotations

import pytest

from upward.web.core.plain_cache import PlainMemoryCache


@pytest.fixture
def memory() -> PlainMemoryCache:
    """An empty memory."""
    made = PlainMemoryCache("test", {"timeout": 60, "max_entries": 3})
    made.clear()
    return made


def test_a_value_is_kept_as_it_is(memory: PlainMemoryCache) -> None:
    value = (1, object())
    memory.set("a", value)
    assert memory.get("a") is value
    assert memory.get("b") is None
    assert memory.get("b", 5) == 5


def test_what_is_over_is_gone_and_may_be_kept_again(memory: PlainMemoryCache) -> None:
    memory.set("a", 1, timeout=0)
    assert memory.get("a") is None
    assert memory.add("a", 2)
    assert not memory.add("a", 3)
    assert memory.get("a") == 2
    memory.clear()
    assert memory.get("a") is None


def test_it_holds_no_more_than_it_may(memory: PlainMemoryCache) -> None:
    for number in range(20):
        memory.set(str(number), number)
    assert sum(memory.get(str(number)) is not None for number in range(20)) <= 3
