"""Every example in the help runs as it stands, with a sample place and folder in place of the real ones."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from upward.cli.main import cli
from upward.cli.workbench import commands_of_the_workbench
from upward.warehouse.read import Release
from upward.warehouse.sample import sample_years

#: No network in tests; the workbench's examples run, one after the other, in tests/web/test_commands.py.
LEFT_OUT = {"upward data pull"}
WORKBENCH = {f"upward {command.name}" for command in commands_of_the_workbench()}
SPECIFICATION = """\
schema: upward/estimate/1
design: {weight: W, replicates: {columns: [R1, R2]}, method: acs-sdr}
estimates: [{name: people, kind: total}]
"""


def examples(command: click.Command = cli, name: str = "upward") -> Iterator[tuple[str, str]]:
    """Yield each command's name with its example."""
    if name not in LEFT_OUT and not any(name == one or name.startswith(f"{one} ") for one in WORKBENCH):
        yield name, (command.epilog or "").removeprefix("Example: ")
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from examples(child, f"{name} {child.name}")


@pytest.fixture
def folder(sample_home: Path, sample_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with published files in it and a home folder of its own."""
    shutil.copytree(sample_home, tmp_path / "home")
    (tmp_path / "published").symlink_to(sample_files)
    (tmp_path / "council.csv").write_text("group\nwhite-nh\nhispanic\ndeclined\n", encoding="utf-8")
    (tmp_path / "spec.yaml").write_text(SPECIFICATION, encoding="utf-8")
    (tmp_path / "records.csv").write_text("W,R1,R2\n" + "3,2,4\n" * 20, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UPWARD_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize(("name", "example"), [pytest.param(*pair, id=pair[0]) for pair in examples()])
def test_the_example_runs(upward, folder: Path, sample_release: Release, name: str, example: str) -> None:
    county = sample_release.all_places("county")[0]
    file, year = next(iter(sample_years().items()))
    known = {
        "29019": county.geo_id,
        "boone, mo": county.label,
        "2025.01-a57fe9b3e5": sample_release.id,
        "counties.csv=2023": f"{file}={year}",
    }
    for part in example.split(" && "):
        words = [known.get(word, word) for word in shlex.split(part)]
        assert words[0] == "upward"
        ended = upward(*words[1:])
        assert ended.code == 0, ended.err
