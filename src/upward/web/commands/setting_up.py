"""What every command of the workbench does first: the home folder, Django, and a database that fits the program."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from upward.base.errors import RefusedError, UsageError
from upward.engine.extras import how_to_install
from upward.web.commands.troubles import trouble


def set_up(home: Path | None) -> None:
    """Make Django ready for a command; raises UsageError where the extra of the workbench is not installed."""
    from upward.warehouse.home import home_folder

    os.environ["UPWARD_HOME"] = str(home_folder(home))
    os.environ["DJANGO_SETTINGS_MODULE"] = "upward.web.config.settings"
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
    except ImportError:
        raise UsageError(
            "The workbench needs packages that are not installed.",
            advice=how_to_install("web"),
        ) from None
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        raise UsageError(f"The workbench cannot start: {problem}") from problem


def waiting_migrations() -> list[str]:
    """Return the names of database changes that this version of the program needs and the database lacks."""
    from django.conf import settings
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as problem:
        if settings.OPTIONS.embedded:
            raise trouble(problem) from problem
        raise RefusedError(
            f"The database does not answer: {str(problem).strip().splitlines()[0]}",
            advice="Start it, or check UPWARD_DATABASE_URL.",
        ) from problem
    newer = sorted(set(executor.loader.applied_migrations) - executor.loader.graph.nodes.keys())
    ours = {label for label, _name in executor.loader.graph.nodes}
    if unknown := [f"{label}.{name}" for label, name in newer if label in ours]:
        raise RefusedError(
            f"The database is of a newer version of Upward ({unknown[-1]} and {len(unknown) - 1} more changes)."
            if len(unknown) > 1
            else f"The database is of a newer version of Upward ({unknown[0]}).",
            advice="Install that version again, or bring back a backup of before: upward restore FILE.",
        )
    targets = executor.loader.graph.leaf_nodes()
    return [
        f"{migration.app_label}.{migration.name}" for migration, _back in executor.migration_plan(targets)
    ]


def ready_database() -> None:
    """Bring the database to this version: by itself after a backup where it is a file; else refuse and say how."""
    from django.conf import settings

    waiting = waiting_migrations()
    if not waiting:
        return
    if not settings.OPTIONS.embedded:
        raise RefusedError(
            f"The database lacks {len(waiting)} changes of this version.",
            advice="Make a backup (upward backup), then: upward migrate",
        )
    apply_migrations()


def apply_migrations() -> None:
    """Apply what waits; a database that holds something is backed up first."""
    from django.conf import settings
    from django.core.management import call_command

    from upward.web.commands.archive import holds_records, write_backup

    if settings.OPTIONS.embedded and holds_records():
        folder = settings.OPTIONS.home / "backups"
        folder.mkdir(exist_ok=True)
        kept = folder / f"before-migration-{datetime.now():%Y%m%d-%H%M%S}.zip"
        write_backup(kept)
        click.echo(f"Backup before the change: {kept}", err=True)
    settings.OPTIONS.home.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
