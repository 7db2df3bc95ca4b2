"""The table in which server processes share their counters."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make_table(_apps: Any, schema_editor: Any) -> None:
    """Make the table of the shared cache."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Made here, so that a database is complete after its migrations."""

    dependencies = (("core", "0001_initial"),)
    operations = (migrations.RunPython(make_table, migrations.RunPython.noop),)
