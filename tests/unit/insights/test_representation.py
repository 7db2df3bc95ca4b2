"""Representation: a local count beside residents, exact chance, and no claim that those who declined could
undo."""

from __future__ import annotations

import pytest

from upward.base.errors import DataError, UsageError
from upward.insights.representation import Body, read_body

PLACE = "98001"
HEAD = "schema: upward/officials/1\nbody: County board\ndate: 2025-03-01\nofficials:\n"


def body(*seats: str) -> Body:
    return Body("Council", "2025-03-01", seats)


def by_group(found):
    return {item.group: item for item in found.groups}


def test_both_halves_stand_side_by_side(analysis):
    found = by_group(analysis.representation(PLACE, body(*["white-nh"] * 6, *["hispanic"] * 3)))
    assert found["white-nh"].seat_share == pytest.approx(6 / 9)
    assert found["white-nh"].ratio.startswith("66.7% : ")
    assert found["hispanic"].seats == 3
    assert sum(item.seats for item in found.values()) == 9
    assert all(item.row.variable.startswith("share_desc_rep") for item in found.values())


def test_few_seats_are_never_called_too_few(analysis):
    """With five seats, none for a group of a tenth of residents is what chance often gives."""
    found = by_group(analysis.representation(PLACE, body(*["white-nh"] * 5)))
    for item in found.values():
        if item.seats == 0 and item.resident_share < 0.3:
            assert item.side == "within"


def test_many_seats_without_a_large_group_are_called_so(analysis):
    rows = by_group(analysis.representation(PLACE, body("other")))
    largest = max(rows.values(), key=lambda item: item.resident_share)
    found = by_group(analysis.representation(PLACE, body(*["other"] * 51)))
    assert found[largest.group].side == "below"
    assert found["other"].side == "above"


def test_those_who_declined_can_undo_a_claim(analysis):
    rows = by_group(analysis.representation(PLACE, body("other")))
    largest = max(rows.values(), key=lambda item: item.resident_share).group
    others = next(group for group in rows if group != largest)
    sure = by_group(analysis.representation(PLACE, body(*[others] * 30)))[largest]
    unsure = by_group(analysis.representation(PLACE, body(*[others] * 10, *["declined"] * 20)))[largest]
    assert sure.side == "below"
    assert unsure.side in ("unsettled", "within")
    assert (unsure.seats, unsure.highest) == (0, 20)
    assert "20 of 30" in unsure.statement


def test_officials_are_counted_never_listed(analysis, tmp_path):
    file = tmp_path / "council.csv"
    file.write_text("official,group\nAda Nomen,hispanic\nBo Nomen,declined\n")
    text = str(analysis.representation(PLACE, file).as_contract())
    assert "Nomen" not in text
    assert "'declined': 1" in text


def test_a_body_is_read_from_yaml_and_from_csv(tmp_path):
    yaml = tmp_path / "board.yaml"
    yaml.write_text(HEAD + "  - {group: hispanic, source: public statement}\n  - {group: declined}\n")
    assert read_body(yaml) == Body("County board", "2025-03-01", ("hispanic", "declined"))
    table = tmp_path / "board.csv"
    table.write_text('group,source\n"Black, Non-Hispanic",self-report\nWHITE,\n', encoding="utf-8-sig")
    assert read_body(table) == Body("board", "", ("black-nh", "white-nh"))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("b.csv", "name\nx\n", "columns"),
        ("b.csv", "", "columns"),
        ("b.csv", "group\n", "no official"),
        ("b.csv", "group\nmartian\nhispanic\nvenusian\n", "line 2.*martian.*\n.*line 4"),
        ("b.csv", "group,source\nhispanic,guessed from the name\n", "Nothing is guessed"),
        ("b.yaml", "- a\n", "mapping"),
        ("b.yaml", "a: [\n", "YAML"),
        ("b.yaml", HEAD + "  - hispanic\n", "official 1"),
        ("b.yaml", HEAD + "  - {group: hispanic, party: x}\n", "unknown key"),
        ("b.yaml", HEAD.replace("date: 2025-03-01\n", "") + "  - {group: hispanic}\n", "“date” is missing"),
        ("b.yaml", "schema: other\nbody: x\ndate: y\nofficials: []\n", "schema"),
        ("b.yaml", HEAD + "  - {group: hispanic}\nmore: 1\n", "unknown key"),
    ],
)
def test_a_bad_file_names_every_problem_and_its_place(tmp_path, name, text, words):
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(DataError) as refused:
        read_body(file)
    import re

    assert re.search(words, str(refused.value), re.DOTALL), str(refused.value)


def test_a_file_that_is_not_there_or_of_another_kind_is_refused(tmp_path):
    with pytest.raises(DataError, match="no file"):
        read_body(tmp_path / "none.csv")
    other = tmp_path / "list.docx"
    other.write_text("x")
    with pytest.raises(UsageError, match=r"\.yaml or \.csv"):
        read_body(other)
