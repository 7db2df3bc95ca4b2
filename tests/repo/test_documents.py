"""The manual knows every command, option and setting, is fresh, and its links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from upward.base.settings import SETTINGS
from upward.cli.main import cli


def commands(command: click.Command = cli, name: str = "upward") -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from commands(child, f"{name} {child.name}")


every_command = pytest.mark.parametrize(
    ("name", "command"), [pytest.param(*pair, id=pair[0]) for pair in commands()]
)


@pytest.fixture(scope="module")
def generator(repository: Path):
    spec = importlib.util.spec_from_file_location("generate", repository / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_reference_is_fresh(generator) -> None:
    assert generator.stale_pages() == [], "run “make docs”"


@every_command
def test_every_command_and_option_has_help_and_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert (command.epilog or "").startswith("Example: upward"), (
        "the help of each command ends with an example"
    )
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.opts}"


@every_command
def test_every_command_and_option_stands_in_the_reference(
    name: str, command: click.Command, repository: Path
) -> None:
    page = (repository / "docs" / "reference" / "commands.md").read_text()
    section = re.split(r"^## ", page.split(f"## `{name}`\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    for option in command.params:
        for spelling in option.opts if isinstance(option, click.Option) else ():
            assert spelling in section


@every_command
def test_every_example_calls_a_command_with_options_that_exist(name: str, command: click.Command) -> None:
    example = (command.epilog or "").removeprefix("Example: ").split(" && ")[0]
    words = shlex.split(example)[1:]
    current: click.Command = cli
    while isinstance(current, click.Group) and words and words[0] in current.commands:
        current = current.commands[words.pop(0)]
    known = {spelling for option in current.params for spelling in option.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_every_environment_variable_is_documented(texts: dict[Path, str], repository: Path) -> None:
    used: set[str] = set()
    for path, text in texts.items():
        if path.suffix in {".py", ".yaml"} or path.name in {"Makefile", "run"}:
            used |= set(re.findall(r"\bUPWARD_[A-Z]+(?:_[A-Z]+)*\b", text))
    assert used == {setting.name for setting in SETTINGS}
    page = (repository / "docs" / "reference" / "settings.md").read_text()
    assert all(f"`{setting.name}`" in page for setting in SETTINGS)


def test_every_link_between_documents_leads_to_a_file(texts: dict[Path, str]) -> None:
    broken = []
    for path, text in texts.items():
        if path.suffix == ".md":
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
                if "://" not in target and not (path.parent / target).exists():
                    broken.append(f"{path.name}: {target}")
    assert broken == []


def test_every_page_of_the_manual_is_reachable_from_its_index(repository: Path) -> None:
    docs = repository / "docs"
    index = (docs / "index.md").read_text()
    pages = [path.relative_to(docs) for path in docs.rglob("*.md") if path.name != "index.md"]
    assert [str(page) for page in pages if f"({page})" not in index] == []
