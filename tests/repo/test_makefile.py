"""The Makefile has the targets that the contract and the manual promise, and each knows what to do."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

PROMISED = ("setup", "test", "demo", "check", "bench", "serve", "lock", "docs", "images")


@pytest.mark.parametrize("target", PROMISED)
def test_every_promised_target_is_known(target: str, repository: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "--dry-run", target, f"VENV={tmp_path}/venv"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "pip" in done.stdout, "a fresh machine needs an environment first"


def test_the_manual_names_only_targets_that_are_there(texts: dict[Path, str], repository: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for path, text in texts.items()
        if path.suffix == ".md" or path.name == "run"
        for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
    }
    assert named <= targets
    assert set(PROMISED) <= targets


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ((), "demo --into demo"),
        (("SERVE=0",), "--no-serve"),
        (("REAL=1",), "--real"),
        (("DEMO=elsewhere",), "elsewhere"),
    ],
)
def test_demo_passes_its_variables_on(variables: tuple[str, ...], expected: str, repository: Path) -> None:
    done = subprocess.run(
        ["make", "--dry-run", "demo", *variables], cwd=repository, capture_output=True, text=True, check=True
    )
    assert expected in " ".join(done.stdout.split())
