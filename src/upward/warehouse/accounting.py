"""Where the rows of every input file went: read = written + rejected + ignored, with reasons that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from upward.catalog.published import KnownFile

#: Kinds of file whose rows are all used as soon as they can be read.
_USED_WHOLE = frozenset(
    {"county-populations", "place-populations", "puma-place-crosswalk", "national-medians"}
)


@dataclass(frozen=True, slots=True)
class FileAccount:
    """Where the data rows of one file went: `rows_read` = written + rejected + ignored; doubtful are written.

    A row is written if any of its numbers is in the result table, rejected if its key or all its numbers are
    unsound, and ignored otherwise. `reasons` counts the rejected and ignored rows by rule; that of
    a whole file stands even where its rows could not be counted.
    """

    file: str
    sha256: str
    kind: str
    source_release: str
    rows_read: int
    rows_written: int
    rows_rejected: int
    rows_ignored: int
    rows_doubtful: int
    reasons: dict[str, int]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file as the manifest lists it; only published files have a repository, path and commit."""

    file: str
    sha256: str
    size: int
    kind: str
    source_release: str
    repository: str
    path: str
    commit: str
    known: bool


@dataclass(slots=True)
class Account:
    """The account of one file while it is being read; lines are rows of the file."""

    file: str
    sha256: str = ""
    size: int = 0
    kind: str = "unreadable"
    source_release: str = ""
    rows_read: int = 0
    known: KnownFile | None = None
    rejected: dict[str, set[int]] = field(default_factory=dict)  # rule -> lines whose key or shape is unsound
    unread: dict[str, set[int]] = field(default_factory=dict)  # rule -> lines with a number that is unsound
    whole: str = ""  # rule by which the whole file was left out
    whole_kind: str = "ignored"

    def reject(self, lines_by_rule: Mapping[str, list[int]]) -> None:
        """Note lines that are rejected as a whole."""
        for rule, lines in lines_by_rule.items():
            self.rejected.setdefault(rule, set()).update(lines)

    def reject_numbers(self, lines_by_rule: Mapping[str, list[int]]) -> None:
        """Note lines of which one number is rejected."""
        for rule, lines in lines_by_rule.items():
            self.unread.setdefault(rule, set()).update(lines)

    def leave_out(self, rule: str, rows: int, kind: str) -> None:
        """Note that the whole file is left out; `kind` is rejected or ignored."""
        self.whole, self.rows_read, self.whole_kind = rule, rows, kind

    def source(self) -> SourceFile:
        """Return the file as the manifest lists it."""
        known = self.known
        return SourceFile(
            file=self.file,
            sha256=self.sha256,
            size=self.size,
            kind=self.kind,
            source_release=self.source_release,
            repository=known.repository if known else "",
            path=known.path if known else "",
            commit=known.commit if known else "",
            known=known is not None,
        )


def lines_of(kept: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Return file (a position), line, and whether any cell of the line is kept, and kept with a mark."""
    lines = pl.concat(
        [
            kept.select("file", "line", written=pl.lit(True), marked=pl.col("flags") != 0),
            lost.select("file", "line", written=pl.lit(False), marked=pl.lit(False)),
        ]
    )
    return lines.group_by("file", "line").agg(pl.col("written").any(), pl.col("marked").any())


def close_accounts(accounts: list[Account], lines: pl.DataFrame) -> tuple[FileAccount, ...]:
    """Return the closed account of every file; `lines` are those of all chosen and lost cells."""
    lines = lines.group_by("file", "line").agg(pl.col("written").any(), pl.col("marked").any())
    counted = lines.group_by("file").agg(
        written=pl.col("written").sum(),
        doubtful=pl.col("marked").sum(),
        elsewhere=(~pl.col("written")).sum(),
    )
    counts = {file: (written, doubtful, same) for file, written, doubtful, same in counted.rows()}
    closed = []
    for position, account in enumerate(accounts):
        chosen = lines.filter(pl.col("file") == position) if account.unread else lines.clear()
        closed.append(_close(account, chosen, *counts.get(position, (0, 0, 0))))
    return tuple(closed)


def _close(
    account: Account, chosen: pl.DataFrame, written: int, doubtful: int, elsewhere: int
) -> FileAccount:
    reasons: Counter[str] = Counter()
    if account.whole:
        rejected = account.rows_read if account.whole_kind == "rejected" else 0
        reasons[account.whole] = account.rows_read
        return _closed(account, 0, rejected, account.rows_read - rejected, 0, reasons)
    gone: set[int] = set(chosen["line"].to_list())
    rejected = 0
    for rule, lines in [*account.rejected.items(), *account.unread.items()]:
        fresh = lines - gone
        reasons[rule] += len(fresh)
        rejected += len(fresh)
        gone |= fresh
    if account.kind in _USED_WHOLE:
        return _closed(account, account.rows_read - rejected, rejected, 0, 0, reasons)
    ignored = account.rows_read - written - rejected
    reasons["same-number-elsewhere"] = elsewhere
    reasons["no-number-in-row"] = ignored - elsewhere
    return _closed(account, written, rejected, ignored, doubtful, reasons)


def _closed(
    account: Account, written: int, rejected: int, ignored: int, doubtful: int, reasons: Counter[str]
) -> FileAccount:
    return FileAccount(
        file=account.file,
        sha256=account.sha256,
        kind=account.kind,
        source_release=account.source_release,
        rows_read=account.rows_read,
        rows_written=written,
        rows_rejected=rejected,
        rows_ignored=ignored,
        rows_doubtful=doubtful,
        reasons={rule: count for rule, count in reasons.items() if count or rule == account.whole},
    )
