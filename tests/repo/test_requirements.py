"""The lock files agree with pyproject.toml, hashed and without addresses; each dependency has a reason."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

#: Lock file -> the extras it locks beside the program's own dependencies (as `make lock` says).
LOCKED = {
    "base": ("build", "web", "documents"),
    "test": ("build", "web", "documents", "estimate", "spark", "test"),
    "check": ("build", "web", "documents", "estimate", "spark", "test", "check"),
    "bench": ("build", "web", "documents", "estimate", "spark", "test", "bench"),
    "compile": ("build", "web", "documents", "compile"),
    "lock": ("build", "web", "documents", "lock"),
}


@pytest.fixture(scope="module")
def project(repository: Path) -> dict:
    return tomllib.loads((repository / "pyproject.toml").read_text())["project"]


def pins(repository: Path, name: str) -> dict[str, Version]:
    """Package -> pinned version, of the lines that hold on this machine."""
    text = (repository / "requirements" / f"{name}.txt").read_text()
    lines = [line.rstrip(" \\") for line in text.splitlines() if "==" in line]
    found = {}
    for line in lines:
        pinned = Requirement(line)
        if pinned.marker is None or pinned.marker.evaluate(default_environment()):
            found[canonicalize_name(pinned.name)] = Version(str(pinned.specifier).removeprefix("=="))
    return found


@pytest.mark.parametrize("name", LOCKED)
def test_every_wanted_package_is_pinned_at_a_wanted_version(
    name: str, repository: Path, project: dict
) -> None:
    wanted = list(project["dependencies"])
    for extra in LOCKED[name]:
        wanted += project["optional-dependencies"][extra]
    pinned = pins(repository, name)
    for line in wanted:
        requirement = Requirement(line)
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in requirements/{name}.txt: run “make lock”"
        assert requirement.specifier.contains(version), f"{requirement.name} {version}: run “make lock”"


@pytest.mark.parametrize("name", LOCKED)
def test_every_pin_has_hashes_and_no_line_an_address(name: str, repository: Path) -> None:
    text = (repository / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index" not in text


def test_the_lock_files_pin_the_same_versions(repository: Path) -> None:
    base = pins(repository, "base")
    for name in LOCKED:
        others = pins(repository, name)
        assert {package: others.get(package) for package in base} == base, f"{name}.txt: run “make lock”"


def test_every_lock_file_is_one_that_make_lock_writes(repository: Path) -> None:
    assert {path.stem for path in (repository / "requirements").iterdir()} == set(LOCKED)
    recipe = (repository / "Makefile").read_text()
    for name, extras in LOCKED.items():
        assert " ".join(f"--extra {extra}" for extra in extras) + f" -o requirements/{name}.txt" in recipe


def test_every_dependency_has_its_reason_beside_it(repository: Path) -> None:
    text = (repository / "pyproject.toml").read_text()
    lists = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    lines = [line for line in lists.splitlines() if re.search(r'"[a-z0-9_-]+>=', line)]
    assert len(lines) > 10
    assert [line for line in lines if not re.search(r"#\s+\S{3,}", line)] == []
