"""Every way a command can end has its exit code, a message on standard error, and no traceback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from upward.base.errors import CatalogError, DataError, NotFoundError, RefusedError, UpwardError, UsageError
from upward.cli import main as main_module
from upward.cli.main import cli, run


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    """Return a function that makes `upward fail` raise the given error."""

    def install(problem: BaseException) -> None:
        @click.command()
        def fail() -> None:
            raise problem

        monkeypatch.setitem(cli.commands, "fail", fail)

    return install


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (UsageError("bad option", advice="Use another."), 2),
        (DataError("bad file", advice="Get another."), 3),
        (CatalogError(("first", "second")), 3),
        (NotFoundError("no such place", candidates=("29019  Boone County, Missouri",)), 4),
        (RefusedError("not now"), 5),
        (UpwardError("anything else"), 1),
        (click.UsageError("bad"), 2),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 0),
        (OSError(errno.ENOSPC, "No space left on device", "results.parquet"), 3),
        (OSError("parquet: no space left on device"), 3),
        (PermissionError(errno.EACCES, "Permission denied", "home"), 3),
        (RuntimeError("surprise"), 1),
        (MemoryError(), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_every_error_ends_with_its_code_and_without_traceback(failing, upward, problem, code) -> None:
    failing(problem)
    ended = upward("fail")
    assert ended.code == code
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert bool(ended.err) is not isinstance(problem, BrokenPipeError)


def test_message_advice_and_candidates_are_shown(failing, upward) -> None:
    failing(
        NotFoundError(
            "“Boon” is no place.", advice="Add the state.", candidates=("29019  Boone County, Missouri",)
        )
    )
    ended = upward("fail")
    assert "“Boon” is no place.\nAdd the state.\n" in ended.err
    assert "  29019  Boone County, Missouri" in ended.err


def test_a_bug_says_how_to_report_it(failing, upward) -> None:
    failing(KeyError("surprise"))
    ended = upward("fail")
    assert "KeyError" in ended.err
    assert "report it" in ended.err
    assert "UPWARD_DEBUG=1" in ended.err


@pytest.mark.parametrize("problem", [RuntimeError("surprise"), DataError("bad"), OSError(5, "bad")])
def test_debug_gives_developers_the_details(
    failing, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    monkeypatch.setenv("UPWARD_DEBUG", "1")
    failing(problem)
    with pytest.raises(type(problem)):
        run(["fail"])


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["--nonsense"],
        ["data", "nonsense"],
        ["data", "build"],
        ["places"],
        ["places", "x", "--limit", "0"],
        ["page", "29019"],
        ["page", "29019", "-o", "x.html", "--lang", "xx"],
        ["metrics", "29019", "--csv", "--json"],
        ["data", "build", "--from", "x", "--year", "2023"],
        ["data", "build", "--from", "x", "--year", "file.csv=23"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(upward, words: list[str]) -> None:
    ended = upward(*words)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.strip()


@pytest.mark.parametrize(
    ("name", "said"), [("x.odt", ".pdf"), ("x.pptx", ".docx"), ("x.png", ".html"), ("x", ".html")]
)
def test_a_page_in_another_form_says_which_forms_there_are(
    upward, tmp_path: Path, name: str, said: str
) -> None:
    ended = upward("page", "29019", "-o", tmp_path / name)
    assert ended.code == 2
    assert said in ended.err
    assert not (tmp_path / name).exists()


def test_a_page_into_a_folder_that_is_not_there_is_refused_before_any_work(upward, tmp_path: Path) -> None:
    ended = upward("page", "29019", "-o", tmp_path / "nowhere" / "x.html")
    assert ended.code == 2
    assert "nowhere" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["places", "boone"],
        ["metrics", "29019"],
        ["page", "29019", "-o", "x.html"],
        ["data", "status"],
        ["data", "problems"],
    ],
    ids=" ".join,
)
def test_without_a_release_the_advice_is_how_to_get_one(upward, home: Path, words: list[str]) -> None:
    ended = upward("--home", home, *words)
    assert ended.code == 3
    assert "upward data build" in ended.err
    assert "upward demo" in ended.err


def test_the_version_and_help_are_printed(upward) -> None:
    assert upward("--version").out.startswith("upward ")
    for words in (["--help"], ["-h"], ["data", "--help"], ["metrics", "-h"]):
        ended = upward(*words)
        assert ended.code == 0
        assert "Example: upward" in ended.out


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    code = (
        "import click, upward.cli.main as main\n"
        "@click.command()\n"
        "def flood():\n"
        "    for number in range(200000):\n"
        "        click.echo(f'line {number}')\n"
        "main.cli.add_command(flood)\n"
        "import sys\n"
        "sys.argv = ['upward', 'flood']\n"
        "main.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"line 0\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_ctrl_c_stops_with_a_sentence() -> None:
    code = (
        "import click, sys, time, upward.cli.main as main\n"
        "@click.command()\n"
        "def wait():\n"
        "    click.echo('ready')\n"
        "    time.sleep(60)\n"
        "main.cli.add_command(wait)\n"
        "sys.argv = ['upward', 'wait']\n"
        "main.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        _out, err = process.communicate(timeout=30)
    assert process.returncode == main_module.INTERRUPTED
    assert err.startswith(b"Stopped.")
    assert b"Traceback" not in err


def test_a_terminal_in_an_old_encoding_still_gets_its_message() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "upward", "page", "“nowhere”", "-o", "x.html"],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("words", ["places 98001", "metrics 98001 --json", "data status"])
def test_a_closed_standard_output_is_no_failure(sample_home: Path, words: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m upward --home "$1" {words} >&-', sys.executable, str(sample_home)],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_names_outside_ascii_work_where_the_locale_knows_only_ascii(
    sample_home: Path, tmp_path: Path
) -> None:
    """Python reads names of files as bytes that are no text there; polars refuses those."""
    home = tmp_path / "Größe ñ"
    home.symlink_to(sample_home)
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "upward", "--home", str(home), "metrics", "98001", "--metric", "income"],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_name_that_no_table_can_hold_is_bad_input(failing, upward) -> None:
    try:
        os.fsdecode(b"home-\xff").encode()
    except UnicodeEncodeError as problem:
        failing(problem)
    ended = upward("fail")
    assert ended.code == 3
    assert "home-\\xff" in ended.err
    assert "Rename" in ended.err


def test_a_refusal_without_a_number_keeps_its_words_and_names_the_file(failing, upward) -> None:
    """As a library written in another language raises it."""
    problem = OSError("No space left on device (os error 28)")
    problem.filename = "out/estimates.csv"
    failing(problem)
    assert "No space left on device (os error 28): out/estimates.csv." in upward("fail").err
