"""Releases of data, each opened once per process: the current one, and the one that a plan has frozen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from upward.base.errors import UpwardError
from upward.base.messages import current_language
from upward.insights.analysis import Analysis
from upward.insights.analysis import open_release as open_analysis
from upward.insights.findings import Finding
from upward.warehouse.read import Release, open_release
from upward.warehouse.release import current_release_id


def current_release() -> Release | None:
    """Return the release that `current` points to, or None where nothing has been built yet."""
    current = current_release_id(settings.OPTIONS.home)
    return None if current is None else _opened(settings.OPTIONS.home, current)


@lru_cache(maxsize=2)
def _opened(home: Path, _release: str) -> Release:
    return open_release(home)


def release_for(release: str) -> Analysis | None:
    """Return the release with this id; where it is gone or none is named, the current one; None without any data."""
    wanted = release or current_release_id(settings.OPTIONS.home)
    if wanted is None:
        return None
    try:
        return _analysis(settings.OPTIONS.home, wanted)
    except UpwardError:
        current = current_release_id(settings.OPTIONS.home)
        return None if current in (None, wanted) else _analysis(settings.OPTIONS.home, str(current))


@lru_cache(maxsize=3)
def _analysis(home: Path, release: str) -> Analysis:
    return open_analysis(home, release)


def findings_of(release: str, place: str) -> tuple[Finding, ...]:
    """Return what the numbers of a place say, in the language in force; kept for the next page that asks."""
    analysis = release_for(release)
    if analysis is None:
        return ()
    return _findings(settings.OPTIONS.home, analysis.id, place, current_language())


@lru_cache(maxsize=16)
def _findings(home: Path, release: str, place: str, _language: str) -> tuple[Finding, ...]:
    return tuple(_analysis(home, release).findings(place))
