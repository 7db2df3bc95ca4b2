"""Clean text made into a table of text, with the line number of every row.

The fast path counts separators and quotes of all lines at once and hands clean lines to polars; a line
that does not fit (too few or too many fields, an open quote, far too long) is rejected with its number
and never repaired.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from upward.base.errors import DataError
from upward.warehouse.sources.text import LINE_SIZE_LIMIT, CleanText, LineNote

MISSING = ("", "NA")
LINE = "line of the file"
_COMMA, _QUOTE, _NEWLINE = 44, 34, 10
_MOST_COLUMNS = 2000


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as columns of text (missing values are null), with each row's line number in column `LINE`."""

    columns: tuple[str, ...]
    frame: pl.DataFrame
    rows_read: int  # data lines of the file, rejected ones included
    rejected: tuple[LineNote, ...]  # one per rejected line


def read_header(text: CleanText) -> tuple[str, ...]:
    """Return the names of the columns; raise DataError if the first line is no header."""
    end = text.data.find(b"\n")
    line = text.data if end < 0 else text.data[:end]
    if len(line) > LINE_SIZE_LIMIT:
        raise DataError("The first line is far too long to be a header.", advice="Is this a CSV file?")
    if not line.strip():
        raise DataError("The file has no header line.", advice="The first line must name the columns.")
    try:
        names = next(csv.reader([line.decode("utf-8")], strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError("The header line cannot be read.", advice="Is this a CSV file?") from error
    if len(names) > _MOST_COLUMNS:
        raise DataError(f"The header names {len(names)} columns.", advice="No published file has that many.")
    return tuple(name.strip().lstrip("\ufeff") for name in names)


def count_rows(text: CleanText) -> int:
    """Return how many data lines the file has; blank lines do not count."""
    return sum(1 for line in text.data.split(b"\n")[1:] if line.strip()) + len(text.dropped)


def read_table(text: CleanText) -> RawTable:
    """Return the table of a file; raise DataError where the columns cannot be told apart."""
    columns = read_header(text)
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise DataError(
            f"The header names {', '.join(f'“{name}”' for name in twice)} more than once.",
            advice="Rename or remove one of the columns; which is meant cannot be known.",
        )
    body = _Lines(text)
    rejected = body.check(len(columns))
    frame = _parse(columns, body)
    return RawTable(columns, frame, body.rows_read, tuple(rejected))


class _Lines:
    """The data lines of a file with their starts, ends and numbers, blank ones left out."""

    def __init__(self, text: CleanText) -> None:
        data = text.data if text.data.endswith(b"\n") else text.data + b"\n"
        self.dropped = text.dropped
        self._index(data)
        numbers = np.arange(1, len(self.ends) + 1)
        kept = (self.ends > self.starts) & (numbers > 1)
        for index in np.flatnonzero(kept & (self.ends - self.starts < 3)):
            kept[index] = bool(data[self.starts[index] : self.ends[index]].strip())
        self.numbers = numbers
        self._keep(kept)
        self.rows_read = len(self.numbers) + sum(1 for number in text.dropped if number > 1)

    def _index(self, data: bytes) -> None:
        self.data = data
        self.bytes = np.frombuffer(data, dtype=np.uint8)
        self.ends = np.flatnonzero(self.bytes == _NEWLINE)
        self.starts = np.concatenate((np.zeros(1, dtype=np.int64), self.ends[:-1] + 1))[: len(self.ends)]

    def _keep(self, kept: npt.NDArray[np.bool_]) -> None:
        self.starts, self.ends, self.numbers = self.starts[kept], self.ends[kept], self.numbers[kept]

    def check(self, width: int) -> list[LineNote]:
        """Leave out lines that do not hold `width` fields, and return why for each."""
        rejected = [note for number, note in sorted(self.dropped.items()) if number > 1]
        message = "The line is longer than a million characters."
        rejected += self._leave_out(self.ends - self.starts > LINE_SIZE_LIMIT, "line-too-long", message)
        quotes = np.flatnonzero(self.bytes == _QUOTE)
        message = "The line has an odd number of quotation marks."
        odd = self._leave_out(self._within(quotes) % 2 == 1, "open-quote", message)
        if odd:
            self._index(self.joined())
            quotes = np.flatnonzero(self.bytes == _QUOTE)
        # Every line holds an even number of quotation marks: a comma after an even number of them separates
        # fields.
        commas = np.flatnonzero(self.bytes == _COMMA)
        if len(quotes):
            commas = commas[np.searchsorted(quotes, commas) % 2 == 0]
        message = f"The line does not have {width} fields like the header."
        ragged = self._leave_out(self._within(commas) + 1 != width, "ragged-line", message)
        return [*rejected, *odd, *ragged]

    def _within(self, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return how many of the positions, in rising order, lie within each line."""
        within: npt.NDArray[np.int64] = np.searchsorted(positions, self.ends) - np.searchsorted(
            positions, self.starts
        )
        return within

    def _leave_out(self, bad: npt.NDArray[np.bool_], rule: str, message: str) -> list[LineNote]:
        notes = [
            LineNote(int(self.numbers[index]), "rejected", rule, message, self._excerpt(int(index)))
            for index in np.flatnonzero(bad)
        ]
        if notes:
            self._keep(~bad)
        return notes

    def _excerpt(self, index: int) -> str:
        start = int(self.starts[index])
        return self.data[start : min(int(self.ends[index]), start + 80)].decode("utf-8", "replace")

    def joined(self) -> bytes:
        """Return the lines that are left, each with its line end."""
        if not len(self.starts):
            return b""
        if int(self.ends[-1] - self.starts[0]) + 1 == int((self.ends - self.starts + 1).sum()):
            return self.data[self.starts[0] : self.ends[-1] + 1]
        pairs = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return b"".join(self.data[start : end + 1] for start, end in pairs)


def _parse(columns: tuple[str, ...], body: _Lines) -> pl.DataFrame:
    numbers = pl.Series(LINE, body.numbers, dtype=pl.UInt32)
    if not len(body.numbers):
        return pl.DataFrame(
            {name: [] for name in columns}, schema=dict.fromkeys(columns, pl.String)
        ).with_columns(numbers)
    content = body.joined()
    try:
        frame = pl.read_csv(
            content,
            has_header=False,
            infer_schema=False,
            null_values=list(MISSING),
            new_columns=list(columns),
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        frame = None
    if frame is None or frame.height != len(numbers) or frame.width != len(columns):
        frame = _parse_with_care(columns, content)
    return frame.with_columns(numbers)


def _parse_with_care(columns: tuple[str, ...], content: bytes) -> pl.DataFrame:
    """Read line by line where the fast reader stumbles; every line is known to have the right number of
    fields.
    """
    rows: list[list[str | None]] = []
    for line in content.decode("utf-8").split("\n"):
        if not line:
            continue
        fields = next(csv.reader(io.StringIO(line), strict=False))
        fields = (fields + [""] * len(columns))[: len(columns)]
        rows.append([None if field in MISSING else field for field in fields])
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
