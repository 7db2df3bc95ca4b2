"""Tables for spreadsheets: CSV in which no cell is ever run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from upward.present.download import FORMULA_STARTS


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return a download of rows as UTF-8 CSV with a mark that spreadsheets know it by."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(head)
    writer.writerows([harmless(value) for value in row] for row in rows)
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet runs: text that would start a formula gets an apostrophe before it.

    >>> harmless("=1+1"), harmless("Boone County"), harmless(-3)
    ("'=1+1", 'Boone County', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
