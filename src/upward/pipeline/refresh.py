"""From published files to a release: read, check, compute, write.

What belongs here: the order of the steps and the words about progress. What does not: the steps themselves,
which lie in `warehouse`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

import upward
from upward.base.errors import DataError
from upward.catalog.load import load_catalog
from upward.warehouse.build import BuildTables, build_tables
from upward.warehouse.home import build_lock, downloads_folder
from upward.warehouse.pull import Patience, PullList, load_pull_list, pull_files
from upward.warehouse.release import ReleaseInfo, write_release
from upward.warehouse.sample import sample_years, write_sample_files
from upward.warehouse.sample_places import STATE_CODE

Progress = Callable[[str], None]


def build_release(
    folder: Path,
    *,
    home: Path | str | None = None,
    years: Mapping[str, int] | None = None,
    progress: Progress = lambda _line: None,
) -> ReleaseInfo:
    """Read the published files below a folder, write them as a new release and make it current.

    `years` gives the year of files that carry none, by file name. Numbers of the sample's invented state make
    the whole release a sample. Raises DataError where nothing can be read or the release cannot be written,
    RefusedError while another build is at work; the current release stays as it was then.
    """
    if not folder.is_dir():
        wrong = f"{folder} is a file, not a folder" if folder.exists() else f"There is no folder {folder}"
        raise DataError(f"{wrong}.", advice="Name the folder with the published files.")
    with build_lock(home):
        tables = build_tables(folder, catalog=load_catalog("en"), years=years, progress=_in_words(progress))
        progress("Writing the release")
        return write_release(home, tables, sample=_is_sample(tables), code_version=upward.__version__)


def build_sample_release(
    *, home: Path | str | None = None, progress: Progress = lambda _line: None
) -> ReleaseInfo:
    """Make the invented sample data and a release of it, through the same steps as published files."""
    progress("Inventing sample data")
    with tempfile.TemporaryDirectory(prefix="upward-sample-") as folder:
        write_sample_files(Path(folder))
        return build_release(Path(folder), home=home, years=sample_years(), progress=progress)


def pull_release(
    *,
    home: Path | str | None = None,
    progress: Progress = lambda _line: None,
    listed: PullList | None = None,
    patience: Patience | None = None,
) -> ReleaseInfo:
    """Download the published files from their public addresses, then build a release of them.

    Raises DataError where the network or a server refuses; the current release stays as it was then.
    """
    listed = listed or load_pull_list()
    with build_lock(home):
        folder = downloads_folder(home) / listed.id
        pull_files(folder, listed=listed, progress=progress, patience=patience)
        return build_release(folder, home=home, progress=progress)


def _in_words(progress: Progress) -> Callable[[str, int, int], None]:
    """Return what a build calls with its step, how much of it is done and of how much."""

    def tell(step: str, done: int, whole: int) -> None:
        of = f": {done + 1} of {whole}" if whole > 1 else ""
        progress(f"{step.capitalize()}{of}")

    return tell


def _is_sample(tables: BuildTables) -> bool:
    """Tell whether any place is one of the invented state."""
    return not tables.places.filter(pl.col("state") == STATE_CODE).is_empty()
