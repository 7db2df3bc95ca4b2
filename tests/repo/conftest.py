"""The files of the repository, as tests about the tree see them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LEFT_BY_TOOLS = {
    ".git",
    ".venv",
    ".venv-compiled",
    "__pycache__",
    "node_modules",
    "build",
    "dist",
    "demo",
    ".home",
}


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def tree(repository: Path) -> tuple[Path, ...]:
    """Every file that belongs to the repository: what git knows, else all but what tools leave behind."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "-z"], cwd=repository, capture_output=True, text=True, check=False
    )
    if listing.returncode == 0 and listing.stdout:
        names = [name for name in listing.stdout.split("\0") if name]
        return tuple(path for name in names if (path := repository / name).is_file())
    return tuple(
        path
        for path in repository.rglob("*")
        if path.is_file() and not LEFT_BY_TOOLS & set(path.relative_to(repository).parts)
    )


@pytest.fixture(scope="session")
def texts(tree: tuple[Path, ...]) -> dict[Path, str]:
    """Path -> text of every file of the repository that is text in UTF-8."""
    found = {}
    for path in tree:
        try:
            found[path] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found
