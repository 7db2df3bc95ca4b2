"""Messages for people, looked up with gettext and without a web framework.

The language is held in a context variable, so a page renders in one language while another thread renders in
a second. Messages stand in `locale/<language>/LC_MESSAGES/upward.po`, which is read as it is: there is no compiled
copy that could be older than its source.
"""

from __future__ import annotations

import gettext as _gettext_module
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "es")
LOCALE_DIRECTORY = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("upward_language", default="en")


def message_file(language: str) -> Path:
    """Return the path of the messages in a language; English has none, its text is its own key."""
    return LOCALE_DIRECTORY / language / "LC_MESSAGES" / "upward.po"


@lru_cache(maxsize=8)
def _translations(language: str) -> _gettext_module.NullTranslations:
    path = message_file(language)
    if not path.is_file():
        return _gettext_module.NullTranslations()
    from babel.messages.mofile import write_mo  # heavy, and English needs none of it
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return _gettext_module.GNUTranslations(compiled)


def current_language() -> str:
    """Return the language code in force, `en` unless `use_language` set another."""
    return _language.get()


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Put a language in force for the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str) -> str:
    """Return the message in the language in force; English text is its own key."""
    language = _language.get()
    return message if language == LANGUAGES[0] else _translations(language).gettext(message)


def to_translate(message: str) -> str:
    """Return the message as it is: it stands in a table of messages and is translated where it is shown."""
    return message


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form that fits the number, in the language in force."""
    return _translations(_language.get()).ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    """Return the message as it reads in a named context, in the language in force."""
    return _translations(_language.get()).pgettext(context, message)
