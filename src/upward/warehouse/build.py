"""From a folder of published files to the tables of a release, with every input row accounted for.

Follow a file: it is read and cleaned (`sources/text.py`), made into a table of text
(`sources/tables.py`), recognised (`recognise.py`), turned into cells (`normalise.py`), checked
(`anomalies.py`); then all cells meet and one row per number and publication is chosen (`winners.py`).
Nothing is written here: `release.py` does that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from upward.base.errors import DataError, UsageError
from upward.catalog.model import Catalog
from upward.catalog.published import FileKind, Published, load_published
from upward.engine.context import KEYS, summarise
from upward.warehouse.accounting import Account, FileAccount, SourceFile, close_accounts, lines_of
from upward.warehouse.anomalies import Situation, check_cells
from upward.warehouse.assemble import Assembly, areas_of
from upward.warehouse.coverage import AreaFrame
from upward.warehouse.input_files import InputFile, input_files
from upward.warehouse.medians import read_medians, with_published_medians
from upward.warehouse.normalise import GroupLabels, cells_of, read_keys
from upward.warehouse.problems import ProblemLog
from upward.warehouse.recognise import FilePlan, NotUsable, plan_file
from upward.warehouse.schema import CONTEXT_COLUMNS
from upward.warehouse.sources.crosswalk import read_city_quality
from upward.warehouse.sources.populations import one_row_per_place_and_year, places_of, read_populations
from upward.warehouse.sources.tables import RawTable, count_rows, read_header, read_table
from upward.warehouse.sources.text import CleanText, clean, read_plain
from upward.warehouse.winners import choose

#: Called with what is being done, how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]
#: Bytes of opened files that are kept until they are read; others are opened twice.
_MOST_HELD = 256 * 1024 * 1024
#: Files whose reason is told where nothing in a folder could be used.
_FILES_TOLD = 10
_UNREADABLE = "unreadable"
_POPULATION_LEVELS = {"county-populations": "county", "place-populations": "place"}
#: Files that others need are read first.
_ORDER = (
    "county-populations",
    "place-populations",
    "puma-place-crosswalk",
    "national-medians",
    "metrics",
    "ignored",
)


@dataclass(frozen=True, slots=True)
class BuildTables:
    """What a build makes: the tables of a release, where every row went, and what it was made from."""

    results: pl.DataFrame
    places: pl.DataFrame
    populations: pl.DataFrame
    problems: pl.DataFrame
    context: pl.DataFrame
    accounting: tuple[FileAccount, ...]
    sources: tuple[SourceFile, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """A file that was opened and recognised."""

    path: Path
    account: Account
    kind: FileKind | None
    text: CleanText | None = None  # kept between opening and reading while memory allows


def build_tables(
    folder: Path,
    *,
    catalog: Catalog,
    progress: Progress | None = None,
    years: Mapping[str, int] | None = None,
) -> BuildTables:
    """Read every published file under a folder and return the tables of a release.

    Files lie at any depth, plain (`.csv`) or packed (`.csv.gz`). `years` gives the year of files without
    a year column, by file name, path below the folder or SHA-256. Each file's rows are written, rejected
    or ignored with a reason; what is wrong with a file is a problem in the answer, not an error. Raises
    DataError if the folder cannot be read or holds no usable number.
    """
    return _Build(folder, catalog, progress or (lambda _what, _done, _all: None), years or {}).run()


class _Build:
    """One build: its log, accounts and the cells found so far."""

    def __init__(self, folder: Path, catalog: Catalog, progress: Progress, years: Mapping[str, int]) -> None:
        self.folder, self.catalog, self.progress, self.years = folder, catalog, progress, years
        self.published: Published = load_published()
        self.log = ProblemLog()
        self.accounts: list[Account] = []
        self.cells: dict[str, list[pl.DataFrame]] = {name: [] for name in catalog.variables}
        self.columns: list[str] = []
        self.populations: list[pl.DataFrame] = []
        self.areas = AreaFrame([])
        self.held = 0
        self.city_quality: dict[int, int] = {}
        self.medians: list[pl.DataFrame] = []
        self.variables = {name: position for position, name in enumerate(catalog.variables)}
        self.editions = {name: position for position, name in enumerate(catalog.editions)}

    def run(self) -> BuildTables:
        """Read all files, choose the rows, and put the tables together."""
        found = self._open_all()
        for action in _ORDER:
            for entry in [entry for entry in found if _action(entry) == action]:
                self._read(entry, action)
            if action == "place-populations":
                self.areas = AreaFrame(self.populations)
        if not any(self.cells.values()):
            raise _nothing_usable(self.folder, len(found), self.log)
        return self._tables()

    def _open_all(self) -> list[_Found]:
        files = input_files(self.folder)
        found = []
        for position, file in enumerate(files):
            self.progress("opening", position, len(files))
            account = Account(file.name)
            self.accounts.append(account)
            found.append(self._open(file, account))
        called = {name for account in self.accounts for name in _names(account)}
        for name in self.years:
            if name not in called:
                raise UsageError(
                    f"A year is given for “{name}”, but no file under {self.folder} is called that.",
                    advice="Give the file's name, or its path below that folder.",
                )
        return found

    def _open(self, file: InputFile, account: Account) -> _Found:
        path = file.path
        if file.rule:
            weight = "rejected" if file.rule == _UNREADABLE else "ignored"
            self._leave_out(account, file.rule, file.reason, 0, weight)
            return _Found(path, account, None)
        text = self._text(path, account)
        if text is None:
            return _Found(path, account, None)
        account.sha256, account.size = text.sha256, text.size
        account.known = self.published.known_files.get(text.sha256)
        try:
            header = read_header(text)
        except DataError as error:
            self._leave_out(account, "no-header", str(error), count_rows(text), "rejected")
            return _Found(path, account, None)
        kind = self.published.kind_of(header)
        if kind is None:
            self._leave_out(account, "unknown-kind", _unknown_kind(header), count_rows(text), "ignored")
        elif kind.action == "ignored":
            account.kind = kind.id
            self._leave_out(account, kind.id, kind.reason, count_rows(text), "ignored")
        else:
            account.kind = kind.id
            if self.held + text.size <= _MOST_HELD:
                self.held += text.size
                return _Found(path, account, kind, text)
        return _Found(path, account, kind)

    def _text(self, path: Path, account: Account) -> CleanText | None:
        try:
            return clean(read_plain(path))
        except DataError as error:
            self._leave_out(account, _UNREADABLE, str(error), 0, "rejected")
            return None

    def _leave_out(self, account: Account, rule: str, message: str, rows: int, kind: str) -> None:
        account.leave_out(rule, rows, kind)
        self.log.add(account.file, kind, rule, message, rows=rows)

    def _read(self, entry: _Found, action: str) -> None:
        self.progress("reading", self.accounts.index(entry.account), len(self.accounts))
        text, entry.text = entry.text or self._text(entry.path, entry.account), None
        if text is None:
            return
        try:
            table = read_table(text)
        except DataError as error:
            self._leave_out(entry.account, "columns-unclear", str(error), count_rows(text), "rejected")
            return
        self._note_repairs(entry.account, text, table)
        if action in _POPULATION_LEVELS:
            level = _POPULATION_LEVELS[action]
            frame, rejected = read_populations(table, level, entry.account.file, self.log)
            entry.account.reject(rejected)
            self.populations.append(frame)
        elif action == "puma-place-crosswalk":
            faults = self.published.corrections
            self.city_quality.update(read_city_quality(table, entry.account.file, faults, self.log))
        elif action == "national-medians":
            self.medians.append(
                read_medians(table, entry.account.file, self.catalog, self.published, self.log)
            )
        else:
            self._read_metrics(entry.account, table)

    def _note_repairs(self, account: Account, text: CleanText, table: RawTable) -> None:
        account.rows_read = table.rows_read
        by_rule: dict[tuple[str, str, str], list[tuple[int, str | None]]] = {}
        for note in [*text.notes, *table.rejected]:
            by_rule.setdefault((note.kind, note.rule, note.message), []).append(
                (note.line or 1, note.value or None)
            )
        for (kind, rule, message), lines in by_rule.items():
            self.log.add_lines(account.file, kind, rule, message, lines)
            if kind == "rejected":
                account.reject({rule: [line for line, _value in lines]})

    def _read_metrics(self, account: Account, table: RawTable) -> None:
        plan = plan_file(
            account.file, table, account.known, self._year_of(account), self.catalog, self.published, self.log
        )
        if isinstance(plan, NotUsable):
            self._leave_out(account, plan.rule, plan.reason, table.rows_read, "ignored")
            return
        if not table.rows_read:
            self._leave_out(account, "no-rows", "The file has a header and no rows.", 0, "ignored")
            return
        account.source_release = plan.vintage
        for name, rule, message in plan.doubts:
            self.log.add(account.file, "doubtful", rule, message, column=name)
        keys = read_keys(table, plan, self.areas.codes(plan.level), self.log)
        account.reject(keys.rejected)
        if not keys.frame.height:
            return
        self._note_padding(account, keys.frame, plan)
        self.areas.report_missing(account.file, plan.level, keys.frame, self.log)
        labels = GroupLabels(keys, plan, self.catalog, self.published)
        for column in plan.columns:
            cells, unreadable = cells_of(keys, labels, column, plan, self.published, self.log)
            variable = self.catalog.variables[column.variable]
            situation = Situation(
                plan=plan,
                column=column,
                variable=variable,
                source=self.catalog.metrics[variable.metric].source,
                published=self.published,
                city_quality=self.city_quality,
                log=self.log,
            )
            self._note_unknown_groups(account, cells, column.column.name)
            cells, outside = check_cells(cells, situation)
            account.reject_numbers(unreadable)
            account.reject_numbers(outside)
            if cells.height:
                self._keep(account, cells, situation)

    def _year_of(self, account: Account) -> int | None:
        return next((self.years[name] for name in _names(account) if name in self.years), None)

    def _note_padding(self, account: Account, frame: pl.DataFrame, plan: FilePlan) -> None:
        count = int(frame["padded"].sum())
        if count:
            message = "The codes had lost their leading zeros; they were put back."
            self.log.add(
                account.file, "repaired", "code-padded", message, column=plan.keys[plan.level], rows=count
            )

    def _note_unknown_groups(self, account: Account, cells: pl.DataFrame, column: str) -> None:
        found = cells.filter("unknown_group")
        if found.height:
            message = "The group label is none of the published groups; the rows are kept under “unknown”."
            lines: list[tuple[int, str | None]] = [(line, None) for line in found["line"].to_list()]
            self.log.add_lines(account.file, "doubtful", "unknown-group", message, lines, column=column)

    def _keep(self, account: Account, cells: pl.DataFrame, situation: Situation) -> None:
        plan, column = situation.plan, situation.column
        coverage = cells.filter(pl.col("value").is_not_null())["period"].n_unique()
        preference = ((0 if plan.combined else 1) * 64 + plan.generation + 1) * 64 + min(coverage, 63)
        self.columns.append(column.column.name)
        literals = {
            "file": (self.accounts.index(account), pl.UInt16),
            "column": (len(self.columns) - 1, pl.UInt16),
            "variable": (self.variables[column.variable], pl.UInt8),
            "edition": (self.editions[column.edition], pl.UInt8),
            "rank": (self.catalog.vintages[plan.vintage].rank, pl.UInt8),
            "preference": (preference, pl.UInt32),
        }
        self.cells[column.variable].append(
            cells.drop("padded", "unknown_group").with_columns(
                pl.lit(value, dtype=kind).alias(name) for name, (value, kind) in literals.items()
            )
        )

    def _tables(self) -> BuildTables:
        populations = one_row_per_place_and_year(self.populations)
        if not self.populations:
            message = (
                "There is no population table: places have no names, and nothing is weighted by population."
            )
            self.log.add("", "doubtful", "no-populations", message)
        assembly = Assembly([account.file for account in self.accounts], self.catalog, populations)
        lines, areas, results = [], [], list(self.medians)
        context = [pl.DataFrame(schema=CONTEXT_COLUMNS)]
        for position, variable in enumerate(self.cells):
            self.progress("choosing", position, len(self.cells))
            cells, self.cells[variable] = self.cells[variable], []
            if not cells:
                continue
            chosen = choose(pl.concat(cells), assembly.files, self.columns, self.log)
            lines.append(lines_of(chosen.kept, chosen.lost))
            areas.append(areas_of(chosen.kept))
            results.append(assembly.results(chosen.kept))
            with_value = results[-1].filter(pl.col("value").is_not_null())
            if with_value.height:
                context.append(summarise(with_value, populations))
        accounting = close_accounts(self.accounts, pl.concat(lines))
        return BuildTables(
            results=pl.concat(results),
            places=places_of(populations, areas_of(pl.concat(areas)).rows()),
            populations=populations,
            problems=self.log.frame(),
            context=with_published_medians(pl.concat(context).sort("scope", *KEYS), self.medians),
            accounting=accounting,
            sources=tuple(account.source() for account in self.accounts),
            notes=_notes(accounting),
        )


def _action(entry: _Found) -> str:
    if entry.kind is None or entry.account.whole:
        return ""
    return entry.kind.action


def _names(account: Account) -> tuple[str, ...]:
    """Return what a file may be called where a year is given for it."""
    name = Path(account.file).name
    return account.sha256, account.file, name, name.removesuffix(".gz")


def _unknown_kind(header: tuple[str, ...]) -> str:
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            return f"Its columns are separated by {word}. Save it with commas between them."
    return "Its columns are those of no published table that Upward knows."


def _notes(accounting: tuple[FileAccount, ...]) -> tuple[str, ...]:
    count = sum(1 for account in accounting if _UNREADABLE in account.reasons)
    counted = "One file" if count == 1 else f"{count} files"
    return (f"{counted} could not be read.",) if count else ()


def _nothing_usable(folder: Path, files: int, log: ProblemLog) -> DataError:
    """Return the error of a folder without a number, with the first reason of every file, up to ten."""
    reasons: dict[str, str] = {}
    for file, _line, _column, _value, kind, _rule, message, _rows in log.rows:
        if kind in {"rejected", "ignored"}:
            reasons.setdefault(file, message)
    told = "".join(f"\n- {file}: {reasons[file]}" for file in list(reasons)[:_FILES_TOLD])
    more = f"\n- and {len(reasons) - _FILES_TOLD} more files" if len(reasons) > _FILES_TOLD else ""
    counted = "one file" if files == 1 else f"{files} files"
    return DataError(
        f"No published number that can be used in {counted} under {folder}.{told}{more}",
        advice="\nThe published tables are CSV files, plain or gzipped.",
    )
