"""What went wrong or looked odd while files were read: collected, counted, never raised one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from upward.warehouse.schema import PROBLEM_COLUMNS

#: Lines listed one by one per file, column and rule; the rest is counted in one row.
LISTED_LINES = 200


@dataclass(slots=True)
class ProblemLog:
    """The problems of one build, in the order in which they were found."""

    rows: list[tuple[str, int | None, str | None, str | None, str, str, str, int]] = field(
        default_factory=list
    )
    _listed: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(
        self,
        file: str,
        kind: str,
        rule: str,
        message: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        rows: int = 1,
    ) -> None:
        """Note one problem; `kind` is rejected, doubtful, ignored or repaired."""
        self.rows.append((file, line, column, value, kind, rule, message, rows))

    def add_lines(
        self,
        file: str,
        kind: str,
        rule: str,
        message: str,
        lines: list[tuple[int, str | None]],
        *,
        column: str | None = None,
    ) -> None:
        """Note one problem per line with its value; beyond `LISTED_LINES` the rest becomes one row with a
        count.
        """
        key = (file, column or "", rule)
        room = max(LISTED_LINES - self._listed[key], 0)
        for line, value in lines[:room]:
            self.add(file, kind, rule, message, line=line, column=column, value=value)
        self._listed[key] += len(lines)
        rest = len(lines) - min(room, len(lines))
        if rest:
            self.add(file, kind, rule, message, column=column, rows=rest)

    def frame(self) -> pl.DataFrame:
        """Return the problems as the table of a release."""
        return pl.DataFrame(self.rows, schema=PROBLEM_COLUMNS, orient="row")
