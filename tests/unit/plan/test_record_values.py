"""Values of records: what people type is read, kept and shown; what they should not type is answered with advice."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upward.base.errors import UsageError
from upward.base.messages import use_language
from upward.catalog.load import load_catalog
from upward.catalog.record_model import Field, FieldKind
from upward.plan.content import RecordKey
from upward.plan.record_values import (
    plain_number,
    read_rows,
    read_value,
    stored_value,
    typed_rows,
    value_from_stored,
    value_words,
)

CATALOG = load_catalog()
SEATS = CATALOG.records["representation-form"].fields["counts"]


def field(kind, **more):
    return Field(id="x", label="X", kind=FieldKind(kind), **more)


@pytest.mark.parametrize(
    ("kind", "typed", "value", "words"),
    [
        ("line", " A line ", "A line", "A line"),
        ("date", "2027-03-01", date(2027, 3, 1), "March 1, 2027"),
        ("month", "2027-03", "2027-03", "March 2027"),
        ("year", "2027", 2027, "2027"),
        ("number", "1,250.5", Decimal("1250.5"), "1,250.5"),
        ("money", "$58,107", Decimal(58107), "$58,107"),
        ("money", "0.5", Decimal("0.5"), "$0.50"),
        ("share", "41.5%", Decimal("0.415"), "41.5%"),
        ("yes-no", "no", False, "No"),
        ("link", "example.org/a", "https://example.org/a", "https://example.org/a"),
        ("place", "29019", "29019", "29019"),
    ],
)
def test_what_is_typed_is_read_kept_and_shown(kind, typed, value, words):
    one = field(kind)
    assert read_value(CATALOG, one, [typed]) == value
    assert value_from_stored(one, stored_value(value)) == value
    assert value_words(CATALOG, one, value) == words


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("date", "soon"), ("month", "2027-13"), ("year", "27"), ("number", "a few"), ("share", "101"),
        ("yes-no", "maybe"), ("link", "javascript:alert(1)"), ("link", "no address"), ("place", "Boone"),
        ("number", "99999999999999"), ("line", "x" * 301), ("text", "a\x00b"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_advice(kind, typed):
    with pytest.raises(UsageError):
        read_value(CATALOG, field(kind), [typed])


def test_nothing_typed_is_no_value():
    for kind in FieldKind:
        more = {"options_from": "high-low"} if kind in ("choice", "choices") else {}
        assert read_value(CATALOG, field(kind, **more), ["", " "]) is None


def test_choices_are_taken_by_id_or_name_in_the_order_of_the_list():
    several = field("choices", options_from="high-low")
    assert read_value(CATALOG, several, ["low", "High"]) == ("high", "low")
    with pytest.raises(UsageError):
        read_value(CATALOG, several, ["highest"])
    with use_language("es"):
        assert value_words(load_catalog("es"), several, ("high", "low")) == "Alto; Bajo"


def test_links_are_keys_and_shown_by_the_names_given():
    link = field("records", of="finding")
    value = read_value(CATALOG, link, ["finding:abcd", "abcd", "ef01"])
    assert value == (RecordKey("finding", "abcd"), RecordKey("finding", "ef01"))
    assert stored_value(value) == ["abcd", "ef01"]
    assert value_from_stored(link, ["abcd", "ef01"]) == value
    assert value_words(CATALOG, link, value, names={"finding:abcd": "Homes"}) == "Homes; ef01"


def test_rows_are_typed_one_on_a_line():
    group = next(iter(CATALOG.group_types.values()))
    name = f"{group.id}/{group.groups[0].id}"
    rows = read_rows(CATALOG, SEATS, f"{name} | 4 | 80\n\n{name} | 1")
    assert rows == (
        {"group": name, "seats": Decimal(4), "residents": Decimal("0.8")},
        {"group": name, "seats": Decimal(1)},
    )
    assert read_rows(CATALOG, SEATS, typed_rows(SEATS, rows)) == rows
    assert value_from_stored(SEATS, stored_value(rows)) == rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [(" | 4", "Row 1 needs"), ("a | 4", "Row 1, Group"), ("x | x | x | x", "Row 1 has too many parts")],
)
def test_a_row_with_a_mistake_is_named(text, expected):
    with pytest.raises(UsageError, match=expected):
        read_rows(CATALOG, SEATS, text)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6))
def test_a_number_keeps_every_digit(number):
    assert Decimal(plain_number(number)) == number
    assert value_from_stored(field("number"), stored_value(number)) == number


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    for kind in FieldKind:
        more = {"options_from": "high-low"} if kind in ("choice", "choices") else {}
        one = (
            SEATS
            if kind == "rows"
            else field(kind, of="finding" if kind.startswith("record") else "", **more)
        )
        try:
            value = read_value(CATALOG, one, [text])
        except UsageError:
            continue
        if value is not None:
            assert value_from_stored(one, stored_value(value)) == value
            assert isinstance(value_words(CATALOG, one, value), str)
