"""The workbench's part of `upward check`, as a process of its own: `python -m upward.web.commands.health`.

It looks at what a deployer decides and a machine can get wrong; it changes nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from upward.base.errors import UpwardError
from upward.web.commands.setting_up import set_up, waiting_migrations
from upward.web.commands.troubles import trouble

Look = Callable[[], tuple[str, str]]


def look_at_workbench() -> list[dict[str, object]]:
    """Return what was looked at: name, state (good, note, bad), message and exit code."""
    try:
        set_up(None)
    except UpwardError as problem:
        return [_line("workbench", "bad", str(problem), problem.exit_code)]
    except OSError as problem:
        return [
            _line("workbench", "bad", f"{problem.strerror}: {problem.filename}; let its account write there")
        ]
    from django.db import DatabaseError

    looks: dict[str, Look] = {
        "database": _database,
        "key": _key,
        "uploads": _uploads,
        "address": _address,
        "mail": _mail,
        "sign-in": _sign_in,
    }
    lines = []
    for name, look in looks.items():
        try:
            lines.append(_line(name, *look()))
        except UpwardError as problem:
            lines.append(_line(name, "bad", str(problem), problem.exit_code))
        except DatabaseError as failed:
            said = trouble(failed)
            lines.append(_line(name, "bad", f"{said.message} {said.advice}", said.exit_code))
    return lines


def _line(name: str, state: str, message: str, exit_code: int = 0) -> dict[str, object]:
    return {
        "name": name,
        "state": state,
        "message": message,
        "exit_code": exit_code or (5 if state == "bad" else 0),
    }


def _database() -> tuple[str, str]:
    from django.conf import settings
    from django.db import connection

    options = settings.OPTIONS
    if options.embedded and not Path(options.database["NAME"]).is_file():
        return "note", "none yet; “upward serve” makes it"
    waiting = waiting_migrations()
    if waiting:
        return (
            "note" if options.embedded else "bad",
            f"{len(waiting)} changes of this version wait: upward migrate",
        )
    if options.embedded:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            found = cursor.fetchone()[0]
        return (
            ("good", "SQLite, whole")
            if found == "ok"
            else ("bad", f"SQLite is damaged: {found}; restore a backup")
        )
    missing = [program for program in ("pg_dump", "pg_restore") if shutil.which(program) is None]
    if missing:
        return "note", f"PostgreSQL answers; {', '.join(missing)} for backups is not installed"
    return "good", "PostgreSQL answers and fits this version"


def _key() -> tuple[str, str]:
    from django.conf import settings

    if os.environ.get("UPWARD_SECRET_KEY"):
        return "good", "given by UPWARD_SECRET_KEY"
    path = settings.OPTIONS.home / "key"
    if path.stat().st_mode & 0o077:
        return "bad", f"others can read {path}: chmod 600 {path}"
    return "good", "kept in the home folder, readable by its owner alone"


def _uploads() -> tuple[str, str]:
    from django.conf import settings

    folder = settings.MEDIA_ROOT if Path(settings.MEDIA_ROOT).is_dir() else settings.OPTIONS.home
    if not os.access(folder, os.W_OK):
        return "bad", f"{folder} cannot be written to"
    free = shutil.disk_usage(folder).free / 1e9
    return ("good" if free > 1 else "note"), f"{free:,.1f} GB free"


def _address() -> tuple[str, str]:
    from django.conf import settings

    options = settings.OPTIONS
    if not options.address:
        return "note", "UPWARD_ADDRESS is not set: this machine alone is answered"
    if not options.secure:
        return "note", f"{options.address} is not https: passwords travel unprotected"
    if not options.behind_proxy:
        return (
            "note",
            f"{options.address}; set UPWARD_BEHIND_PROXY=1 behind a proxy of yours, else tries are not told apart",
        )
    return "good", f"{options.address}, behind a proxy"


def _mail() -> tuple[str, str]:
    from django.conf import settings

    if "filebased" in settings.EMAIL_BACKEND:
        return "note", f"UPWARD_MAIL_URL is not set: mail is written to {settings.EMAIL_FILE_PATH}"
    from smtplib import SMTPException

    from django.core.mail import get_connection

    try:
        opened = get_connection()
        opened.open()
        opened.close()
    except (OSError, SMTPException) as problem:
        return "bad", f"the mail server does not take us: {problem}"
    return "good", f"{settings.EMAIL_HOST} answers"


def _sign_in() -> tuple[str, str]:
    from django.conf import settings

    single = settings.OPTIONS.single_sign_on
    if single is None:
        return "good", "passwords and second factors"
    if not single.issuer.startswith("https://"):
        return (
            "bad",
            f"{single.name} is reached without https: its answers could be forged; use an https issuer",
        )
    return "good", f"passwords, and {single.name} at {single.issuer}"


if __name__ == "__main__":
    json.dump(look_at_workbench(), sys.stdout)
