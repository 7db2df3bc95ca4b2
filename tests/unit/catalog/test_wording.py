"""Catalogue texts speak of places and barriers, never down to people; they are short and in one spelling."""

import dataclasses
import re
from statistics import mean

import pytest

from upward.catalog.load import load_catalog
from upward.catalog.metric_files import OF_WHAT_LENGTH

NOT_TEXT = {"published", "citation", "address", "hash", "publisher", "formula"}
BELITTLING = {
    "en": (
        r"\bpoor(er|est|ly)?\b|\bunder-?perform|\blow-performing|\bfailing\b|\bat-risk\b|\bminorit(y|ies)\b"
        r"|\bthe homeless\b|\bthe disabled\b|\bnon-?whites?\b|\bghetto|\bslums?\b|\billegal|\bdrop-?outs?\b"
        r"|\blow-skilled\b|\bworst\b|\bbad neighborhood|\bbroken homes?\b|\bvulnerable\b"
        r"|\bdisadvantaged people\b"
    ),
    "es": (
        r"\bpobres?\b|\bminorías?\b|\bilegal|\blos sin hogar\b|\blos discapacitados\b|\bmarginad|\bdesertor"
        r"|\bfracasad|\bmal rendimiento|\bguetos?\b|\bvulnerables?\b|\bpeor(es)? lugar"
    ),
}
BRITISH = (
    r"\bneighbour|\bcolour|\bfavour|\blabour|\bprogramme|\bcentre\b|\bbehaviour|\bper cent\b|\benrolment\b"
    r"|\borganis|\brecognis|\banalys(e|ed|es)\b|\bmodelled\b"
)
LONGEST_SENTENCE = 45
MEAN_SENTENCE = 22


def texts(value, path=""):
    """Yield every text for people below a value, with the path to it."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in NOT_TEXT:
                yield from texts(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}[{key}]")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}[{index}]")
    elif isinstance(value, str) and " " in value:
        yield path, value


@pytest.mark.parametrize("language", ["en", "es"])
def test_dashes_and_apostrophes_are_those_of_print(language):
    typed = re.compile(r"(?<=\S) - (?=\S)|(?<=\w)'|\bU\.S\.")
    found = [f"{path}: {text}" for path, text in texts(load_catalog(language)) if typed.search(text)]
    assert found == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_stands_under_a_big_number_fits_into_its_column(language):
    under = [variable.of_what for variable in load_catalog(language).variables.values()]
    assert any(under)
    assert [text for text in under if len(text) > OF_WHAT_LENGTH] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_text_belittles_people_or_places(language):
    pattern = re.compile(BELITTLING[language], re.IGNORECASE)
    found = [f"{path}: {text}" for path, text in texts(load_catalog(language)) if pattern.search(text)]
    assert found == []


def test_the_guard_itself_finds_what_it_should():
    pattern = re.compile(BELITTLING["en"], re.IGNORECASE)
    for text in ("poor performers", "the poor", "underperforming schools", "minority students", "non-whites"):
        assert pattern.search(text), text
    assert not pattern.search("people in poverty, in neighborhoods where most residents are people of color")


def test_english_texts_are_spelled_the_american_way():
    found = [
        f"{path}: {text}" for path, text in texts(load_catalog()) if re.search(BRITISH, text, re.IGNORECASE)
    ]
    assert found == []


def test_sentences_are_short_enough_to_read():
    catalog = load_catalog()
    wanted = re.compile(r"\.(definition|why|meaning|note|limitations\[\d+\]|reason|direction_note)$")
    lengths = {}
    for path, text in texts(catalog):
        if wanted.search(path):
            for sentence in re.split(r"(?<=[.!?])\s+", text):
                lengths[f"{path}: {sentence}"] = len(sentence.split())
    assert {sentence for sentence, words in lengths.items() if words > LONGEST_SENTENCE} == set()
    assert mean(lengths.values()) <= MEAN_SENTENCE


def test_texts_end_as_sentences_where_they_are_sentences():
    catalog = load_catalog()
    wanted = re.compile(r"\.(definition|why|meaning|limitations\[\d+\]|reason)$")
    found = [path for path, text in texts(catalog) if wanted.search(path) and text[-1] not in ".!?"]
    assert found == []
