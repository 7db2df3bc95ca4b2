"""The compiled package of `make compiled` draws the same pages, byte for byte, as the Python that it is made of."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("drawing_every_page.py")


@pytest.fixture(scope="module")
def compiled() -> Path:
    """The Python of the compiled package."""
    python = REPOSITORY / ".venv-compiled" / "bin" / "python"
    if not python.exists():
        pytest.skip(
            "the compiled package is not here: run “make compiled” (Debian: apt-get install gcc python3-dev)"
        )
    return python


def run(python: Path | str, *arguments: str) -> str:
    return subprocess.run([str(python), *arguments], capture_output=True, text=True, check=True).stdout


def test_it_is_made_of_the_files_that_are_here(compiled: Path) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    listed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]["include"]
    folder = Path(run(compiled, "-c", "import upward; print(upward.__path__[0])").strip()).parent
    assert listed
    for name in listed:
        source = Path(name).relative_to("src")
        built = (folder / source).with_suffix("")
        assert list(built.parent.glob(f"{built.name}.*.so")), f"{name} was not compiled"
        assert (folder / source).read_text() == (REPOSITORY / name).read_text(), "run “make compiled” anew"


def test_every_page_has_the_same_bytes(compiled: Path, sample_home: Path) -> None:
    plain = json.loads(run(sys.executable, str(PROGRAM), str(sample_home)))
    other = json.loads(run(compiled, str(PROGRAM), str(sample_home)))
    assert plain["drawn_by"].endswith(".py")
    assert other["drawn_by"].endswith(".so")
    assert len(plain["pages"]) > 80
    assert other["pages"] == plain["pages"]
