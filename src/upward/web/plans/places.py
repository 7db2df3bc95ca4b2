"""Places of a plan, read from what people type, with the help of the current release."""

from __future__ import annotations

import re
from collections.abc import Mapping

from upward.base.errors import NotFoundError, UsageError
from upward.base.messages import _
from upward.web.core.release import current_release

CODE = re.compile(r"\d{5}|\d{7}")
MOST_PLACES = 40


def read_places(text: str, *, known: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Return (code, name) of each line; raises NotFoundError with candidates, or UsageError where nothing is named.

    `known` are the places that the plan has already: they stay even where the current release lacks them.
    """
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not lines:
        raise UsageError(_("Name at least one county or city."))
    if len(lines) > MOST_PLACES:
        raise UsageError(_("A plan has {limit} places or fewer.").format(limit=MOST_PLACES))
    found = [_read_place(line, known or {}) for line in lines]
    return list(dict(found).items())


def _read_place(line: str, known: Mapping[str, str]) -> tuple[str, str]:
    for code, name in known.items():
        if line in (code, name):
            return code, name
    release = current_release()
    if release is None:
        if CODE.fullmatch(line):
            return line, line
        raise NotFoundError(
            _("This installation has no data yet, so names of places are not known."),
            advice=_("Write the code of the county (5 figures) or city (7 figures) instead."),
        )
    place = release.place(line)
    return place.geo_id, place.label
