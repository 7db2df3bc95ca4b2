"""Running the command line inside the test process, as a shell would see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from upward.cli.main import run


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what it printed where."""

    code: int
    out: str
    err: str


@pytest.fixture
def upward(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Return a function that runs `upward` with the given words."""

    def call(*words: object) -> Ended:
        capfd.readouterr()
        code = run([str(word) for word in words])
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return call


@pytest.fixture
def ask(upward: Callable[..., Ended], sample_home: Path) -> Callable[..., Ended]:
    """Return a function that runs `upward` on the sample release, which must not be written to."""
    return lambda *words: upward("--home", sample_home, *words)
