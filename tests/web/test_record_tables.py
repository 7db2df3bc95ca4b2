"""Tables of records that are no tables, and tables that a spreadsheet opens."""

from __future__ import annotations

import pytest
from records_world import CATALOG

from upward.base.errors import DataError
from upward.web.records import tables
from upward.web.records.actions import add_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_release")]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"a,b\n1,2\n", "t.csv"), (b"PK\x03\x04 broken", "t.xlsx"), (b"\x00\x01", "t.csv"), (b"", "t.csv")],
)
def test_what_is_no_table_of_the_kind_is_refused(world, content, name):
    with pytest.raises(DataError):
        tables.preview(world.access(), CATALOG.records["cause"], tables.read_table(content, name))


def test_no_cell_is_run_as_a_formula(world):
    values = {"title": '=HYPERLINK("http://x")', "year": 1962}
    add_record(by=world.access(), kind="history-event", values=values)
    assert b"'=HYPERLINK" in tables.csv_of(world.access(), CATALOG.records["history-event"])
