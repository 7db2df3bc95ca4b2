"""One-file backups: SQLite through its own backup interface while others write, PostgreSQL through pg_dump."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections

import upward
from upward.base.errors import DataError, RefusedError
from upward.web.config.options import database_file, uploads_folder

SCHEMA = "upward.backup/1"
SQLITE, POSTGRESQL = "records.sqlite3", "records.pgdump"


def write_backup(path: Path) -> int:
    """Write the backup and return the number of uploaded files in it; nothing half-written stays behind.

    The records are taken first: a file that is uploaded meanwhile is then at worst one too many, never one too few.
    """
    home = settings.OPTIONS.home
    beside = path.with_name(f".{path.name}.unfinished")
    count = 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            records = _dump(Path(folder))
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr("backup.json", json.dumps({"schema": SCHEMA, "version": upward.__version__}))
                packed.write(records, records.name)
                if (home / "key").is_file():
                    packed.write(home / "key", "key")
                uploads = uploads_folder(home)
                for upload in sorted(uploads.rglob("*")) if uploads.is_dir() else ():
                    if upload.is_file():
                        packed.write(upload, f"uploads/{upload.relative_to(uploads)}")
                        count += 1
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return count


def holds_records() -> bool:
    """Return whether a restore would replace someone's records."""
    if settings.OPTIONS.embedded and not database_file(settings.OPTIONS.home).is_file():
        return False
    try:
        return "accounts_user" in connection.introspection.table_names()
    except DatabaseError:  # damaged: there may be something in it
        return True


def read_backup(path: Path) -> int:
    """Put a backup in the place of what is there; raises DataError where the file is none, or of another database."""
    home = settings.OPTIONS.home
    wanted = SQLITE if settings.OPTIONS.embedded else POSTGRESQL
    with tempfile.TemporaryDirectory(dir=home if home.is_dir() else None) as folder:
        unpacked = Path(folder)
        try:
            with zipfile.ZipFile(path) as packed:
                held = json.loads(packed.read("backup.json"))
                names = packed.namelist()
                if held.get("schema") != SCHEMA or any(_leads_out(name) for name in names):
                    raise DataError(f"{path} is not a backup of Upward.")
                if wanted not in names:
                    raise DataError(
                        f"{path} holds a backup of another kind of database.",
                        advice="Restore it where UPWARD_DATABASE_URL is as it was; or carry plans over one by one.",
                    )
                packed.extractall(unpacked)
        except (zipfile.BadZipFile, KeyError, ValueError) as problem:
            raise DataError(f"{path} is not a backup of Upward, or is damaged.") from problem
        connections.close_all()
        _load(unpacked / wanted)
        uploads = uploads_folder(home)
        shutil.rmtree(uploads, ignore_errors=True)
        if (unpacked / "uploads").is_dir():
            shutil.move(unpacked / "uploads", uploads)
        if (unpacked / "key").is_file():
            (unpacked / "key").chmod(0o600)
            (unpacked / "key").replace(home / "key")
    return sum(path.is_file() for path in uploads.rglob("*")) if uploads.is_dir() else 0


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in Path(name).parts


def _dump(folder: Path) -> Path:
    if settings.OPTIONS.embedded:
        target = folder / SQLITE
        source = database_file(settings.OPTIONS.home)
        if not source.is_file():
            raise RefusedError("There are no records yet.", advice="Start the workbench first: upward serve")
        with closing(sqlite3.connect(source, timeout=60)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)
            if there.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise DataError("The copy of the database does not pass its integrity check.")
        return target
    target = folder / POSTGRESQL
    _run("pg_dump", "--format=custom", f"--file={target}")
    return target


def _load(records: Path) -> None:
    if settings.OPTIONS.embedded:
        target = database_file(settings.OPTIONS.home)
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(records)) as there:
            if there.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise DataError("The database in the backup is damaged.")
            _put_damaged_aside(target)
            with closing(sqlite3.connect(target, timeout=60)) as here:
                there.backup(here)
        return
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(records), into=True
    )


def _put_damaged_aside(target: Path) -> None:
    """Rename a file that is no database any more, so that a backup can take its place and the file can be looked at."""
    if not target.is_file():
        return
    try:
        with closing(sqlite3.connect(target, timeout=60)) as held:
            held.execute("PRAGMA schema_version").fetchone()
            held.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        target.replace(target.with_name(f"{target.name}.damaged"))
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)


def _run(program: str, *arguments: str, into: bool = False) -> None:
    database = settings.DATABASES["default"]
    if shutil.which(program) is None:
        raise RefusedError(f"{program} is not installed.", advice="Install PostgreSQL's client programs.")
    environment = {
        **os.environ,
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"] or "5432",
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    arguments = (*arguments, f"--dbname={database['NAME']}") if into else arguments
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise DataError(f"{program} ended with an error: {done.stderr.strip()[:300]}")
