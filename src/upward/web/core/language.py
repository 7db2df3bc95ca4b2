"""The two message systems kept in step: ours (`upward.base.messages`) for our texts, Django's for its own.

Our templates and Python say `_("…")` from `upward.base.messages`, collected and translated like every text of the
program. Django and allauth bring their own words for their own messages (a password that is too short); both follow
the language of the address: English without a prefix, Spanish under `/es/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy

from upward.base.messages import _, use_language

#: A message that is looked up when it is shown: for labels of forms, which are made once for all languages.
translated_later = lazy(_, str)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Put one language in force for both message systems, as for a mail to one person."""
    with use_language(language), translation.override(language):
        yield


def address_in(language: str, path: str) -> str:
    """Return the same address in another language.

    >>> address_in("es", "/plans/")
    '/es/plans/'
    >>> address_in("en", "/es/plans/?page=2")
    '/plans/?page=2'
    """
    for code, _name in settings.LANGUAGES:
        if path == f"/{code}" or path.startswith((f"/{code}/", f"/{code}?")):
            path = path[len(code) + 1 :] or "/"
            break
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"
