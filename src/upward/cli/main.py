"""The `upward` command: its global options, its commands, and how every error ends.

Commands import what they need when they run, so that `upward --help` answers at once.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import click

import upward
from upward.base.errors import DataError, NotFoundError, UpwardError
from upward.cli.check import check
from upward.cli.data import data
from upward.cli.demo import demo
from upward.cli.estimate import estimate
from upward.cli.insights import findings, peers, representation, target
from upward.cli.metrics import metrics
from upward.cli.page import page
from upward.cli.places import places
from upward.cli.site import site
from upward.cli.workbench import commands_of_the_workbench

INTERRUPTED = 130  # what shells report for a program stopped with Ctrl-C
UNEXPECTED = 1
UNREADABLE = 3


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: upward data build --from published/ && upward page 29019 -o boone.html",
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder that holds the releases (else $UPWARD_HOME, else a folder of your account).",
)
@click.version_option(
    upward.__version__, prog_name="upward", message="%(prog)s %(version)s", help="Print the version."
)
@click.pass_context
def cli(context: click.Context, home: Path | None) -> None:
    """Published Mobility Metrics of every US county and large city, with bounds and quality.

    PLACE is a 5-digit county FIPS (29019), a 7-digit place FIPS (4260000), or a name ("Boone County, MO").

    Exit codes: 0 done, 2 wrong usage, 3 bad input data, 4 not found, 5 refused by a rule or state, 1 a bug.
    """
    context.obj = home


for command in (
    data,
    places,
    metrics,
    peers,
    findings,
    target,
    representation,
    page,
    site,
    estimate,
    demo,
    check,
    *commands_of_the_workbench(),
):
    cli.add_command(command)


def main() -> None:
    """Run the command line on the arguments of the process and end the process with its exit code."""
    _read_names_as_utf8()
    # A program started with `>&-` has no stream at all.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # A terminal in an old encoding must not turn a dash in a name into a failure.
        getattr(stream, "reconfigure", lambda **_options: None)(errors="replace")
    sys.exit(run(sys.argv[1:]))


def _read_names_as_utf8() -> None:
    """Start this process anew in UTF-8 mode where its locale makes names of files something else."""
    if sys.getfilesystemencoding() == "utf-8" or os.environ.get("PYTHONUTF8") == "1":
        return
    spoken = sys.stdout.encoding if sys.stdout else "ascii"
    os.environ.update(PYTHONUTF8="1", PYTHONIOENCODING=f"{spoken}:replace")
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


def run(arguments: list[str]) -> int:
    """Return the exit code that the arguments lead to; every error has become a message by then."""
    try:
        # Not `cli.main`: it would end the process itself when a pipe breaks.
        with cli.make_context("upward", list(arguments)) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as problem:
        problem.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing that was complete before has changed.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        return _leave_broken_pipe()
    except UpwardError as problem:
        return _explain(problem)
    except OSError as problem:
        if problem.errno == errno.EPIPE:
            return _leave_broken_pipe()
        return _explain_system(problem)
    except UnicodeEncodeError as problem:
        return _explain(_odd_name(problem)) if "surrogates" in problem.reason else _explain_bug(problem)
    except Exception as problem:
        return _explain_bug(problem)
    return 0


def _leave_broken_pipe() -> int:
    """Return 0 when the reader of our output has left (as `| head` does): it has what it wanted."""
    # The interpreter flushes standard output once more when it ends: give it somewhere to go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _explain(problem: UpwardError) -> int:
    if os.environ.get("UPWARD_DEBUG") == "1":
        raise problem
    click.echo(f"upward: {problem.message}", err=True)
    if problem.advice:
        click.echo(problem.advice, err=True)
    if isinstance(problem, NotFoundError) and problem.candidates:
        click.echo("Did you mean:", err=True)
        for candidate in problem.candidates:
            click.echo(f"  {candidate}", err=True)
    return problem.exit_code


def _odd_name(problem: UnicodeEncodeError) -> DataError:
    """Return the error of a text with bytes that are not UTF-8, which only names of files and folders can hold."""
    name = os.fsencode(problem.object).decode("utf-8", "backslashreplace")
    return DataError(f"A name holds bytes that are not UTF-8: {name}.", advice="Rename the file or folder.")


def _explain_system(problem: OSError) -> int:
    if os.environ.get("UPWARD_DEBUG") == "1":
        raise problem
    where = f": {problem.filename}" if problem.filename else ""
    why = problem.strerror or next(iter(problem.args), type(problem).__name__)
    click.echo(f"upward: the system refused: {why}{where}.", err=True)
    click.echo("Check the permissions of the folder and the free space, then try again.", err=True)
    return UNREADABLE


def _explain_bug(problem: Exception) -> int:
    if os.environ.get("UPWARD_DEBUG") == "1":
        raise problem
    click.echo(f"upward: unexpected {type(problem).__name__}: {problem}", err=True)
    click.echo(
        "This is a bug in Upward. Please report it with the command you ran, the output of “upward check”,\n"
        "and the details that the same command prints with UPWARD_DEBUG=1 in front of it.",
        err=True,
    )
    return UNEXPECTED
