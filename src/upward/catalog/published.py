"""How published files are told apart, and what their columns mean.

The facts lie in `catalog/data/published/`: columns, kinds of file, known files by checksum,
known faults. This module reads them into frozen objects. It knows nothing of polars, folders or releases.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from upward.base.errors import CatalogError

PUBLISHED_FOLDER = Path(__file__).parent / "data" / "published"
ACTIONS = (
    "metrics",
    "county-populations",
    "place-populations",
    "puma-place-crosswalk",
    "national-medians",
    "ignored",
)
ROLES = ("value", "pair", "per-one")
ALL_COLUMNS = "*"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a column stands for under conditions; an empty condition always holds."""

    variable: str
    edition: str
    vintages: tuple[str, ...]
    bounds: bool | None
    groups: bool | None
    last_year: int | None


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A published value column: its variable, where its quality and bounds stand, what a missing value
    means.
    """

    name: str
    role: str
    quality: tuple[str, ...]
    missing: str  # suppressed | not-available
    marks: str  # vintage that the name gives away; empty if none
    twin: str  # what two definitions the name has stood for; empty if one
    readings: tuple[Reading, ...]

    @property
    def lower(self) -> str:
        """Name of the column of lower bounds."""
        return f"{self.name}_lb"

    @property
    def upper(self) -> str:
        """Name of the column of upper bounds."""
        return f"{self.name}_ub"

    def reading(self, vintage: str, *, bounds: bool, groups: bool, last_year: int) -> Reading:
        """Return what the column stands for in a file of that vintage with these traits."""
        for reading in self.readings:
            if (
                (not reading.vintages or vintage in reading.vintages)
                and reading.bounds in (None, bounds)
                and reading.groups in (None, groups)
                and (reading.last_year is None or last_year <= reading.last_year)
            ):
                return reading
        raise AssertionError("the last reading of a column has no conditions")


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file, recognised by its columns; `reason` says why it is not used, if it is not."""

    id: str
    action: str
    requires: frozenset[str]
    lacks: frozenset[str]
    any_of: frozenset[str]
    only: frozenset[str]
    text: str
    reason: str

    def fits(self, columns: tuple[str, ...]) -> bool:
        """Tell whether a file with these columns is of this kind."""
        names = frozenset(columns)
        return (
            self.requires <= names
            and not self.lacks & names
            and (not self.any_of or bool(self.any_of & names))
            and (not self.only or names <= self.only)
            and (not self.text or any(column.startswith(self.text) for column in columns))
        )


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that the publisher has issued, by the SHA-256 of its plain content."""

    sha256: str
    repository: str
    path: str
    commit: str
    vintage: str
    generation: int  # of several with the same columns, the higher is the later
    years: Mapping[str, int]  # column (or "*") -> year, for files without a year column
    note: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """Known faults of published values, and what is done about them."""

    underreported_variables: frozenset[str]
    underreported_places: frozenset[str]
    underreported_before: int
    crosswalk_variables: frozenset[str]
    crosswalk_never_raise: frozenset[str]
    crosswalk_before: int
    crosswalk_strong: float
    crosswalk_marginal: float
    unusual: Mapping[str, float]
    capped: frozenset[str]
    pool_variable: str
    pool_at_least: int


@dataclass(frozen=True, slots=True)
class Published:
    """Everything that is known about published files."""

    keys: Mapping[str, tuple[str, ...]]
    values: Mapping[str, ValueColumn]
    ignored: Mapping[str, str]
    group_types: Mapping[str, tuple[str, ...]]
    quality: Mapping[str, int]
    kinds: tuple[FileKind, ...]
    known_files: Mapping[str, KnownFile]
    corrections: Corrections

    def kind_of(self, columns: tuple[str, ...]) -> FileKind | None:
        """Return the first kind that fits a file's columns, or None."""
        return next((kind for kind in self.kinds if kind.fits(columns)), None)

    def why_ignored(self, column: str) -> str:
        """Return the reason why a column is not taken, or an empty text if none is known."""
        if column in self.ignored:
            return self.ignored[column]
        return next(
            (
                reason
                for name, reason in self.ignored.items()
                if name.endswith("*") and column.startswith(name[:-1])
            ),
            "",
        )

    def roles(self, columns: tuple[str, ...]) -> dict[str, str]:
        """Return what each column of a file of metrics is: a key, value, bound, quality, or `ignored:
        reason`.

        A column that is none of these is missing from the answer: nobody has said what it is.
        """
        found = {
            column: f"key {key}" for key, names in self.keys.items() for column in names if column in columns
        }
        for value in (self.values[column] for column in columns if column in self.values):
            found[value.name] = f"{value.role} of {value.readings[-1].variable}"
            for suffix, name in (("lower", value.lower), ("upper", value.upper)):
                if name in columns:
                    found[name] = f"{suffix} of {value.readings[-1].variable}"
            for name in value.quality:
                if name in columns:
                    found[name] = f"quality of {value.readings[-1].variable}"
        for column in columns:
            if column not in found and self.why_ignored(column):
                found[column] = f"ignored: {self.why_ignored(column)}"
        return found


@lru_cache(maxsize=1)
def load_published() -> Published:
    """Return what is known about published files; raise CatalogError if the files of the catalogue are
    faulty.
    """
    return read_published(PUBLISHED_FOLDER)


def read_published(folder: Path) -> Published:
    """Read the files of a folder; raise CatalogError with every problem found."""
    problems: list[str] = []
    columns = _mapping(folder / "columns.yaml", problems)
    faults = _mapping(folder / "corrections.yaml", problems)
    kinds = _load(folder / "kinds.yaml", problems) or []
    if problems:
        raise CatalogError(tuple(problems))
    try:
        published = Published(
            keys={key: tuple(names) for key, names in columns["keys"].items()},
            values={name: _value_column(name, entry) for name, entry in columns["values"].items()},
            ignored=dict(columns["ignored"]),
            group_types={type_id: tuple(names) for type_id, names in columns["group_types"].items()},
            quality={text.lower(): level for level, texts in columns["quality"].items() for text in texts},
            kinds=tuple(_kind(entry) for entry in kinds),
            known_files=_known_files(folder / "known_files.csv"),
            corrections=_corrections(faults),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogError((f"published: an entry lacks or misstates {error}.",)) from error
    problems = _check(published)
    if problems:
        raise CatalogError(tuple(problems))
    return published


def _load(path: Path, problems: list[str]) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(f"{path.name}: cannot be read ({error}).")
        return None


def _mapping(path: Path, problems: list[str]) -> dict[str, Any]:
    content = _load(path, problems)
    if content is not None and not isinstance(content, dict):
        problems.append(f"{path.name}: expected a mapping at the top.")
    return content if isinstance(content, dict) else {}


def _value_column(name: str, entry: dict[str, Any]) -> ValueColumn:
    plain = {"variable": entry["variable"], "edition": entry.get("edition", "")}
    readings = [*(plain | reading for reading in entry.get("readings", ())), plain]
    return ValueColumn(
        name=name,
        role=entry.get("role", "value"),
        quality=(f"{name}_quality", *entry.get("quality", ())),
        missing=entry.get("missing", "not-available"),
        marks=entry.get("marks", ""),
        twin=entry.get("twin", ""),
        readings=tuple(
            Reading(
                variable=reading["variable"],
                edition=reading["edition"],
                vintages=tuple(reading.get("vintages", ())),
                bounds=reading.get("bounds"),
                groups=reading.get("groups"),
                last_year=reading.get("last_year"),
            )
            for reading in readings
        ),
    )


def _kind(entry: dict[str, Any]) -> FileKind:
    sets = {key: frozenset(entry.get(key, ())) for key in ("requires", "lacks", "any_of", "only")}
    return FileKind(
        id=entry["id"], action=entry["action"], text=entry.get("text", ""), reason=entry["reason"], **sets
    )


def _corrections(entry: dict[str, Any]) -> Corrections:
    crime, crosswalk, pool = entry["underreported"], entry["crosswalk_quality"], entry["state_pool"]
    return Corrections(
        underreported_variables=frozenset(crime["variables"]),
        underreported_places=frozenset(crime["places"]),
        underreported_before=crime["before"],
        crosswalk_variables=frozenset(crosswalk["variables"]),
        crosswalk_never_raise=frozenset(crosswalk["never_raise"]),
        crosswalk_before=crosswalk["before"],
        crosswalk_strong=crosswalk["strong"],
        crosswalk_marginal=crosswalk["marginal"],
        unusual=dict(entry["unusual"]),
        capped=frozenset(entry["capped"]),
        pool_variable=pool["variable"],
        pool_at_least=pool["at_least"],
    )


def _known_files(path: Path) -> dict[str, KnownFile]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["sha256"]: KnownFile(
                sha256=row["sha256"],
                repository=row["repository"],
                path=row["path"],
                commit=row["commit"],
                vintage=row["vintage"],
                generation=int(row["generation"]),
                years={
                    column: int(year) for column, year in (pair.split("=") for pair in row["years"].split())
                },
                note=row["note"],
            )
            for row in csv.DictReader(lines)
        }


def _check(published: Published) -> list[str]:
    problems = [
        f"columns.yaml: {column.name}: the role “{column.role}” is none of {', '.join(ROLES)}."
        for column in published.values.values()
        if column.role not in ROLES
    ]
    problems += [
        f"kinds.yaml: {kind.id}: the action “{kind.action}” is none of {', '.join(ACTIONS)}."
        for kind in published.kinds
        if kind.action not in ACTIONS
    ]
    problems += [
        f"kinds.yaml: {kind.id}: an ignored kind needs a reason."
        for kind in published.kinds
        if kind.action == "ignored" and not kind.reason
    ]
    problems += [
        f"columns.yaml: {name}: an ignored column needs a reason."
        for name, why in published.ignored.items()
        if not why
    ]
    return problems
