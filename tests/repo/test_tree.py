"""What must not be in the tree: addresses of registries, paths of one machine, names that say nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

#: Written in two halves, so that this file does not hold what it looks for.
REGISTRIES = (
    "pypi" + ".org",
    "files.python" + "hosted",
    "registry.npm" + "js",
    "proxy.gol" + "ang",
    "conda." + "anaconda",
)
MACHINE_PATHS = re.compile("(?<![\\w.])/(?:" + "work" + "|" + "root" + "|home/" + "[a-z]+" + ")/(?=\\w|\\.)")
VAGUE_NAMES = re.compile(r"(^|_)(utils?|helpers?|commons?|managers?|misc)(_|$)", re.IGNORECASE)


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_file_holds_the_address_of_a_package_registry(registry: str, texts: dict[Path, str]) -> None:
    assert [str(path) for path, text in texts.items() if registry in text] == []


def test_no_file_holds_a_path_of_one_machine(texts: dict[Path, str]) -> None:
    found = [
        f"{path}: {match.group()}" for path, text in texts.items() for match in MACHINE_PATHS.finditer(text)
    ]
    assert found == []


def test_no_module_or_function_has_a_name_that_says_nothing(texts: dict[Path, str], repository: Path) -> None:
    modules = [path for path in texts if path.suffix == ".py"]
    vague = [str(path.relative_to(repository)) for path in modules if VAGUE_NAMES.search(path.stem)]
    for path in modules:
        names = re.findall(r"^\s*(?:def|class) (\w+)", texts[path], re.MULTILINE)
        vague += [f"{path.relative_to(repository)}: {name}" for name in names if VAGUE_NAMES.search(name)]
    assert vague == []


def test_no_lock_file_with_addresses_is_kept(tree: tuple[Path, ...]) -> None:
    assert {path.name for path in tree} & {
        "uv.lock",
        "package-lock.json",
        "poetry.lock",
        "Pipfile.lock",
    } == set()


def test_nothing_is_left_to_do_in_the_program(texts: dict[Path, str], repository: Path) -> None:
    mark = re.compile(r"\b(" + "TO" + "DO|FIX" + r"ME|XXX|HACK)\b|NotImplemented" + "Error")
    source = repository / "src"
    assert [str(path) for path, text in texts.items() if source in path.parents and mark.search(text)] == []


def test_pictures_are_small(tree: tuple[Path, ...]) -> None:
    pictures = [path for path in tree if path.suffix in {".png", ".jpg", ".gif"}]
    assert [f"{path.name}: {path.stat().st_size}" for path in pictures if path.stat().st_size > 400_000] == []


def test_the_tree_is_small(tree: tuple[Path, ...]) -> None:
    assert sum(path.stat().st_size for path in tree) < 30_000_000
