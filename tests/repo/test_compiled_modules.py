"""What `make compiled` compiles is written as mypyc can take it (docs/decisions/0036-compiled-drawing.md)."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def modules(repository: Path) -> list[Path]:
    """The listed modules."""
    project = tomllib.loads((repository / "pyproject.toml").read_text())
    listed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]["include"]
    return [repository / name for name in listed]


def test_every_listed_module_is_here(modules: list[Path]) -> None:
    assert len(modules) > 10
    assert [module.name for module in modules if not module.is_file()] == []


def test_no_dataclass_of_a_listed_module_asks_for_slots(modules: list[Path]) -> None:
    found = [
        (module.name, node.lineno)
        for module in modules
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.keyword) and node.arg == "slots"
    ]
    assert found == []
