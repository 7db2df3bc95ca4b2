"""Writing, listing, choosing and verifying releases.

A release is a folder that never changes: tables, and a manifest that says where they came from and what every
file's checksum is. It is written beside the finished ones under a name that nobody reads, synced to the disk,
read back, renamed, and only then does the small file `current` point to it. A process killed at any point
leaves the previous release current; what it left behind is removed by the next build.

What belongs here: the life of a release folder. What does not: what is computed (`build.py`), and queries
(`read.py`).
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from upward.base.errors import DataError, NotFoundError
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog
from upward.warehouse.home import build_lock, cannot_write, home_folder, releases_folder
from upward.warehouse.release_files import (
    MANIFEST,
    TABLES,
    canonical,
    check_tables,
    file_checksum,
    identity,
    newest_vintage,
    read_manifest,
    verify_folder,
)
from upward.warehouse.schema import RELEASE_SCHEMA
from upward.warehouse.table_files import write_sorted

if TYPE_CHECKING:
    from upward.warehouse.build import BuildTables

CURRENT = "current"
_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """What a list of releases shows: `results`, `places` and `problems` are rows, `created` is in UTC."""

    id: str
    folder: Path
    sample: bool
    created: str
    code_version: str
    results: int
    places: int
    problems: int
    files: int
    bytes: int
    manifest: Mapping[str, Any]


Checkpoint = Callable[[str], None]


def write_release(
    home: Path | str | None,
    tables: BuildTables,
    *,
    sample: bool,
    code_version: str,
    catalog: Catalog | None = None,
    checkpoint: Checkpoint = lambda _step: None,
) -> ReleaseInfo:
    """Write the tables as a new release, verify it and make it current.

    The same tables, code version and catalogue give the same id and the same bytes. `checkpoint` is called
    with the name of each step before it begins. Raises DataError where the tables break the schema or the
    disk refuses, and RefusedError while another build is at work; the previous release is current then, as it
    was.
    """
    with build_lock(home):
        folder = releases_folder(home)
        unfinished = folder / f"{_UNFINISHED}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            remove_leftovers(folder)
            unfinished.mkdir()
            manifest = _fill(unfinished, tables, sample, code_version, catalog or load_catalog(), checkpoint)
            checkpoint("rename")
            finished = _put_in_place(unfinished, folder / manifest["id"])
            checkpoint("current")
            _point_to(home_folder(home), manifest["id"])
        except (OSError, pl.exceptions.PolarsError) as problem:
            raise _disk_error(folder, problem) from problem
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        checkpoint("done")
    return release_info(finished)


def list_releases(home: Path | str | None = None) -> tuple[ReleaseInfo, ...]:
    """Return the releases of a home folder, newest first; one without a readable manifest is left out."""
    folder = releases_folder(home)
    found = []
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.is_dir() and not entry.name.startswith("."):
            try:
                found.append(release_info(entry))
            except DataError:
                continue
    return tuple(sorted(found, key=lambda info: (info.created, info.id), reverse=True))


def current_release_id(home: Path | str | None = None) -> str | None:
    """Return the id of the current release, or None; raise DataError if it points nowhere."""
    path = home_folder(home) / CURRENT
    try:
        chosen = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise DataError(
            f"{path} cannot be read: {getattr(problem, 'strerror', None) or problem}.",
            advice="Check its permissions, or choose a release: upward data use ID.",
        ) from problem
    if "/" in chosen or not (releases_folder(home) / chosen / MANIFEST).is_file():
        raise DataError(
            f"The current release “{chosen}” is not in {releases_folder(home)}.",
            advice="Choose another: upward data list, then upward data use ID.",
        )
    return chosen


def use_release(home: Path | str | None, release_id: str) -> ReleaseInfo:
    """Make another release current.

    Raises NotFoundError for an id that is not there, DataError for a release that fails its verification.
    """
    folder = _existing(home, release_id)
    problems = verify_release(home, release_id)
    if problems:
        raise DataError(
            f"Release {release_id} is damaged: {'; '.join(problems)}.",
            advice="Build it again. The current release has not changed.",
        )
    with build_lock(home):
        try:
            _point_to(home_folder(home), release_id)
        except OSError as problem:
            raise cannot_write(home_folder(home), problem) from problem
    return release_info(folder)


def verify_release(home: Path | str | None, release_id: str) -> tuple[str, ...]:
    """Return everything that is wrong with a release, empty if it is as it was written.

    Looked at: the manifest's own identity, files missing or added, every file's checksum, the columns and row
    counts of the tables, and that every input file's rows are accounted for. Raises NotFoundError for an
    unknown id.
    """
    return verify_folder(_existing(home, release_id), release_id)


def release_info(folder: Path) -> ReleaseInfo:
    """Return the facts about one release folder; raise DataError if its manifest cannot be read."""
    manifest = read_manifest(folder)
    try:
        written = (folder / MANIFEST).stat().st_mtime
        files = manifest["files"]
        return ReleaseInfo(
            id=folder.name,
            folder=folder,
            sample=bool(manifest["sample"]),
            created=datetime.fromtimestamp(written, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            code_version=str(manifest["code_version"]),
            results=files["results.parquet"]["rows"],
            places=files["places.parquet"]["rows"],
            problems=files["problems.parquet"]["rows"],
            files=len(manifest["accounting"]),
            bytes=sum(entry["bytes"] for entry in files.values()),
            manifest=manifest,
        )
    except (KeyError, TypeError, OSError) as problem:
        raise DataError(
            f"The manifest of {folder} lacks {problem}.", advice="Build the release again."
        ) from problem


def remove_leftovers(folder: Path) -> None:
    """Remove what interrupted builds left in the folder of releases; the caller holds the build lock."""
    for entry in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(entry, ignore_errors=True)


def _fill(
    folder: Path,
    tables: BuildTables,
    sample: bool,
    code_version: str,
    catalog: Catalog,
    checkpoint: Checkpoint,
) -> dict[str, Any]:
    """Write all files of a release into an empty folder, read them back and return the manifest."""
    checkpoint("check tables")
    checks = check_tables(tables)
    files = {}
    for name, (attribute, _columns, order) in TABLES.items():
        checkpoint(f"write {name}")
        frame: pl.DataFrame = getattr(tables, attribute)
        files[name] = _write_table(folder / name, frame, order)
    manifest = _manifest(tables, files, checks, sample, code_version, catalog)
    checkpoint("write manifest")
    _write_synced(folder / MANIFEST, canonical(manifest))
    _sync_folder(folder)
    checkpoint("verify")
    problems = verify_folder(folder, manifest["id"])
    if problems:
        raise DataError(
            f"The new release did not read back as it was written: {'; '.join(problems)}.",
            advice="The disk may be failing. The previous release is still current.",
        )
    return manifest


def _write_table(path: Path, frame: pl.DataFrame, order: Sequence[str]) -> dict[str, Any]:
    return {**write_sorted(path, frame, order), "sha256": file_checksum(path)}


def _manifest(
    tables: BuildTables,
    files: dict[str, dict[str, Any]],
    checks: tuple[str, ...],
    sample: bool,
    code_version: str,
    catalog: Catalog,
) -> dict[str, Any]:
    vintages = sorted(tables.results["source_release"].unique().drop_nulls())
    manifest: dict[str, Any] = {
        "schema": RELEASE_SCHEMA,
        "sample": sample,
        "code_version": code_version,
        "catalog_hash": catalog.hash,
        "vintages": vintages,
        "sources": [_plain(source) for source in tables.sources],
        "licences": _licences(tables, catalog),
        "accounting": [_plain(account) for account in tables.accounting],
        "checks": list(checks),
        "notes": [_plain(note) for note in tables.notes],
        "files": files,
    }
    manifest["id"] = identity(manifest, "sample" if sample else newest_vintage(vintages, catalog))
    return manifest


def _licences(tables: BuildTables, catalog: Catalog) -> dict[str, dict[str, Any]]:
    """Return licence and citation of every source that the numbers name."""
    named = tables.results["source"].unique().drop_nulls()
    return {
        source.id: {
            "name": source.name,
            "publisher": source.publisher,
            "licence": source.licence,
            "licence_confirmed": source.licence_confirmed,
            "citation": source.citation,
        }
        for source in catalog.sources.values()
        if source.id in named
    }


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _put_in_place(unfinished: Path, finished: Path) -> Path:
    """Rename a complete folder to its final name; an equal release that is already there is kept as it is."""
    if finished.exists():
        if not verify_folder(finished, finished.name):
            return finished
        damaged = finished.with_name(f"{_UNFINISHED}damaged-{secrets.token_hex(4)}")
        finished.rename(damaged)
        unfinished.rename(finished)
        shutil.rmtree(damaged, ignore_errors=True)
    else:
        unfinished.rename(finished)
    _sync_folder(finished.parent)
    return finished


def _point_to(home: Path, release_id: str) -> None:
    beside = home / f".{CURRENT}-{secrets.token_hex(4)}"
    try:
        _write_synced(beside, f"{release_id}\n".encode())
        beside.replace(home / CURRENT)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(home)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _existing(home: Path | str | None, release_id: str) -> Path:
    folder = releases_folder(home) / release_id
    if not release_id or "/" in release_id or release_id.startswith(".") or not folder.is_dir():
        raise NotFoundError(
            f"There is no release “{release_id}” in {home_folder(home)}.",
            advice="See upward data list.",
            candidates=tuple(info.id for info in list_releases(home)),
        )
    return folder


def _disk_error(folder: Path, problem: Exception) -> DataError:
    reason = getattr(problem, "strerror", None) or str(problem).splitlines()[0]
    return DataError(
        f"The release could not be written to {folder}: {reason}.",
        advice="Free some space or check the permissions of the folder, then build again. "
        "The previous release is still current.",
    )
