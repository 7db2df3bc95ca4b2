"""Every text for people has its Spanish twin, with the same places for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from upward.base import messages
from upward.base.messages import LANGUAGES, _, message_file, ngettext, use_language

ROOT = Path(__file__).resolve().parents[3]
#: As in the Makefile's target `messages`.
KEYWORDS = {
    "_": None,
    "to_translate": None,
    "translated_later": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACE = re.compile(r"\{(\w*)[^}]*\}")


def _said_in_code() -> set[tuple[str | None, str | tuple[str, ...]]]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    methods = [(pattern.removeprefix("src/"), method) for pattern, method in methods]
    options = {pattern.removeprefix("src/"): value for pattern, value in options.items()}
    found = extract_from_dir(ROOT / "src", methods, options, KEYWORDS)
    return {(context, text) for _file, _line, text, _comments, context in found}


def _held(language: str) -> list[Message]:
    with message_file(language).open("rb") as file:
        catalog: Catalog = read_po(file, locale=language)
    return [message for message in catalog if message.id]


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each message with each of its translations; the plural stands for both English forms."""
    for message in _held(language):
        for form in _forms(message.string):
            yield _forms(message.id)[-1], form


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_message_file_holds_what_the_code_says_and_nothing_else(language: str) -> None:
    held = {(message.context, message.id) for message in _held(language)}
    said = _said_in_code()
    assert len(said) > 200
    assert said - held == set(), "run `make messages` and translate what is new"
    assert held - said == set(), "run `make messages`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_none_is_a_guess(language: str) -> None:
    held = _held(language)
    assert [message.id for message in held if not all(_forms(message.string))] == []
    assert [message.id for message in held if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_same_places_for_numbers_and_the_same_space_at_the_ends(language: str) -> None:
    for english, translated in _pairs(language):
        assert set(PLACE.findall(translated)) == set(PLACE.findall(english)), english
        ends = (translated[:1].isspace(), translated[-1:].isspace())
        assert ends == (english[:1].isspace(), english[-1:].isspace()), english


def test_a_message_is_given_in_the_language_in_force() -> None:
    assert _("Residents") == "Residents"
    with use_language("es"):
        assert _("Residents") == "Residentes"
        assert ngettext("{n} metric", "{n} metrics", 2) != "{n} metrics"
    assert _("Residents") == "Residents"


def test_a_language_without_a_file_speaks_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    messages._translations.cache_clear()
    monkeypatch.setattr(messages, "LOCALE_DIRECTORY", tmp_path)
    with use_language("es"):
        assert _("Residents") == "Residents"
    messages._translations.cache_clear()
