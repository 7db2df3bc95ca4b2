"""`peers`, `findings`, `target` and `representation` on the sample: contract, tables, refusals."""

from __future__ import annotations

import json

import pytest

PLACE = "98001"


def document(ended):
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_peers_keep_to_the_contract(ask):
    found = document(ask("peers", PLACE, "--count", 3, "--json"))
    assert len(found) == 3
    assert list(found[0])[:4] == ["place", "name", "distance", "parts"]


def test_findings_keep_to_the_contract(ask):
    found = document(ask("findings", PLACE, "--json"))
    assert list(found[0])[:11] == [
        "id", "kind", "strength", "metric", "year", "groups", "statement", "p", "p_adjusted", "family",
        "numbers",
    ]  # fmt: skip
    assert all(item["numbers"] for item in found if item["kind"] == "gap")
    assert {item["strength"] for item in found} <= {"clear", "likely", "uncertain", "not usable"}


def test_findings_print_their_strength_before_the_sentence(ask):
    ended = ask("findings", PLACE)
    assert ended.code == 0
    marks = [line for line in ended.out.splitlines() if line.startswith(("●", "◐", "○", "–"))]
    assert any(line.startswith("● Clear: ") for line in marks)
    assert "more findings" in ended.err
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_findings_speak_spanish_and_say_why(ask):
    ended = ask("findings", PLACE, "--language", "es", "--kind", "gap", "--why")
    assert "claramente" in ended.out
    assert "Calidad de los datos" in ended.out


def test_a_target_keeps_to_the_contract_and_prints_a_table(ask):
    found = document(ask("target", PLACE, "share_employed", "--to", "97%", "--by", 2032, "--json"))
    assert list(found)[:7] == [
        "baseline", "change", "reached", "detectable_change", "first_detectable_year", "people", "notes",
    ]  # fmt: skip
    ended = ask("target", PLACE, "employment", "--to", "97%", "--by", 2032)
    assert "places that reached it" in ended.out
    assert "97.0% (2032)" in ended.out


def test_a_gap_target_prints_its_gap(ask):
    words = ("--group", "with-disability", "--against", "without-disability", "--close", "50%", "--by", 2032)
    ended = ask("target", PLACE, "employment", *words)
    assert ended.code == 0, ended.err
    assert "points" in ended.out


def test_representation_prints_and_counts(ask, tmp_path):
    file = tmp_path / "council.csv"
    file.write_text("group\nwhite-nh\nhispanic\ndeclined\n")
    ended = ask("representation", PLACE, "--officials", file)
    assert ended.code == 0, ended.err
    assert "3 seats, 1 declined" in ended.out
    found = document(ask("representation", PLACE, "--officials", file, "--json"))
    assert found["seats"] == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["peers", "zzzzqqqq"], 4),
        (["peers", PLACE, "--count", "0"], 2),
        (["peers", PLACE, "--add", "9804000"], 2),
        (["peers", PLACE, "--metric", "happiness"], 4),
        (["findings", "zzzzqqqq"], 4),
        (["findings", PLACE, "--kind", "rumor"], 2),
        (["target", PLACE, "happiness", "--to", "1", "--by", "2030"], 4),
        (["target", PLACE, "income", "--to", "1", "--by", "2030"], 4),
        (["target", PLACE, "employment", "--to", "10%", "--by", "2030"], 5),
        (["target", PLACE, "employment", "--to", "99%", "--by", "2001"], 5),
        (["target", PLACE, "employment", "--to", "9900%", "--by", "2030"], 2),
        (["target", PLACE, "employment", "--to", "much", "--by", "2030"], 2),
        (["target", PLACE, "employment", "--by", "2030"], 2),
        (["target", PLACE, "employment", "--to", "99%", "--close", "50%", "--by", "2030"], 2),
        (["target", PLACE, "employment", "--to", "99%", "--by", "2030", "--group", "martian"], 4),
        (["representation", PLACE, "--officials", "/nowhere.csv"], 3),
    ],
)
def test_what_cannot_be_answered_ends_with_its_code_and_a_message(ask, words, code):
    ended = ask(*words)
    assert ended.code == code, ended.err
    assert ended.out == ""
    assert ended.err.strip()
    assert "Traceback" not in ended.err


def test_the_word_before_a_finding_is_in_the_language_of_its_sentence(ask):
    said = ask("findings", PLACE, "--all", "--language", "es").out
    assert "● Claro: " in said
    assert "Clear: " not in said
