"""`upward backup`, `restore` and `migrate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from upward.base.errors import RefusedError
from upward.web.commands.setting_up import apply_migrations, set_up, waiting_migrations


@click.command(
    short_help="Back the workbench up, while it runs.", epilog="Example: upward backup upward-backup.zip"
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(home: Path | None, file: Path) -> None:
    """Write all records, uploaded files and the key into one file, while people go on working.

    Releases are not in it: they are built again from the published files. Keep the file as you would keep passwords.
    """
    set_up(home)
    from upward.web.commands.archive import write_backup

    count = write_backup(file)
    click.echo(f"{file} ({file.stat().st_size / 1000:,.0f} kB, {count} uploaded files)", err=True)


@click.command(short_help="Bring a backup back.", epilog="Example: upward restore upward-backup.zip")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what is there without asking.")
@click.pass_obj
def restore(home: Path | None, file: Path, yes: bool) -> None:
    """Put records, files and key of a backup in the place of what is there. Stop the workbench first."""
    set_up(home)
    from upward.web.commands.archive import holds_records, read_backup

    if holds_records() and not yes:
        _ask_first("This replaces all records that are there now. Go on?")
    count = read_backup(file)
    click.echo(f"Restored, with {count} uploaded files.", err=True)


def _ask_first(question: str) -> None:
    """Raise Abort unless somebody agrees, and RefusedError where nobody is there to be asked."""
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:  # interrupted, or nothing to read an answer from
        if sys.stdin.isatty():
            raise
        raise RefusedError(
            "Nothing was restored: there are records, and nobody was there to agree that they are replaced.",
            advice="Add --yes to replace them without a question.",
        ) from None
    if not agreed:
        raise click.Abort


@click.command(short_help="Bring the database to this version.", epilog="Example: upward migrate")
@click.pass_obj
def migrate(home: Path | None) -> None:
    """Apply the database changes of this version; an embedded database is backed up first, a server's is not."""
    set_up(home)
    waiting = waiting_migrations()
    if not waiting:
        click.echo("The database fits this version.")
        return
    apply_migrations()
    click.echo(f"{len(waiting)} changes applied.")
