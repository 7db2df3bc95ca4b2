"""Which files below a folder are read, how each is named, and what lies there that is not opened."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from upward.base.errors import DataError

ENDINGS = (".csv", ".csv.gz")
_TOLD = 10
_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".7z", ".rar")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A published file, or something beside it that is not opened: `rule` and `reason` then say why."""

    path: Path
    name: str  # below the folder, with slashes; what no line can show is written out
    rule: str = ""
    reason: str = ""


def input_files(folder: Path) -> list[InputFile]:
    """Return the files below a folder, at any depth, in the order of their paths.

    Archives, links to folders and folders that may not be opened are listed with the reason why nothing in
    them is read. Raises DataError if the folder itself cannot be read, or holds no file to read.
    """
    if not folder.is_dir():
        raise DataError(
            f"{folder} is not a folder.", advice="Give the folder that holds the published CSV files."
        )
    found: list[InputFile] = []

    def refused(error: OSError) -> None:
        path, why = Path(error.filename or folder), error.strerror or error
        if path == folder:
            raise DataError(f"{folder} cannot be read: {why}.") from error
        found.append(InputFile(path, _name(path, folder), "unreadable", f"The folder cannot be read: {why}."))

    for place, folders, names in os.walk(folder, onerror=refused):
        for path in (Path(place, name) for name in [*folders, *names]):
            rule, reason = _why_not_opened(path)
            if rule or (path.name.lower().endswith(ENDINGS) and (path.is_file() or path.is_symlink())):
                found.append(InputFile(path, _name(path, folder), rule, reason))
    found.sort(key=lambda file: file.path)
    if all(file.rule for file in found):
        told = "".join(f"\n- {file.name}: {file.reason}" for file in found[:_TOLD])
        raise DataError(
            f"There is no CSV file under {folder}.{told}",
            advice="\n" * bool(told) + "Published tables end in .csv or .csv.gz.",
        )
    return found


def _why_not_opened(path: Path) -> tuple[str, str]:
    """Return the rule and the reason by which something beside the published files is left, empty if by none."""
    if path.is_symlink() and path.is_dir():
        return "linked-folder", "A link to a folder is not followed; name that folder instead."
    if path.name.lower().endswith(_ARCHIVES) and path.is_file():
        return "archive", "An archive is not opened; unpack it here and build again."
    return "", ""


def _name(path: Path, folder: Path) -> str:
    name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in name)
