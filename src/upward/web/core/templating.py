"""The Jinja2 environment of our pages: strict, escaped, with our messages, addresses, dates and components."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from babel.dates import format_date, format_time
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from jinja2 import Environment, StrictUndefined

from upward.base.messages import _, current_language, ngettext, pgettext
from upward.web.core.forms import bind_hints, error_summary
from upward.web.core.language import address_in

LOCALES = {"en": "en_US", "es": "es_US"}


def environment(**options: Any) -> Environment:
    """Return the environment; a name that a template misses is an error, not an empty place."""
    made = Environment(  # noqa: S701 - escaping is on, two lines down
        **{
            **options,
            "undefined": StrictUndefined,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    made.globals.update(
        _=_,
        ngettext=ngettext,
        pgettext=pgettext,
        url=address,
        static=static,
        bind_hints=bind_hints,
        language=current_language,
    )
    made.filters.update(
        day=day,
        short_day=partial(day, format="MMM d"),
        weekday=partial(day, format="EEE, MMMM d"),
        long_day=partial(day, format="EEEE, MMMM d, y"),
        clock=clock,
        moment=moment,
        since=since,
    )
    return made


def address(name: str, **parts: object) -> str:
    """Return the address of a page in the language in force."""
    return _address(get_language(), name, tuple(parts.items()))


@lru_cache(maxsize=20_000)
def _address(_language: str | None, name: str, parts: tuple[tuple[str, object], ...]) -> str:
    """Return an address; a page has a hundred of them, and Django takes long for each."""
    return reverse(name, kwargs=dict(parts))


def site_address(request: HttpRequest, path: str) -> str:
    """Return a full address for a mail: that of the installation, whatever name the request came under."""
    if settings.OPTIONS.address:
        return f"{settings.OPTIONS.address}{path}"
    return request.build_absolute_uri(path)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the layout needs on every page."""
    path = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    other = "es" if current_language() == "en" else "en"
    return {
        "here": request.path,
        "other_language": other,
        "other_language_name": dict(settings.LANGUAGES)[other],
        "other_address": address_in(other, path),
        "single_sign_on": bool(settings.OPTIONS.single_sign_on),
        "single_sign_on_name": settings.OPTIONS.single_sign_on.name
        if settings.OPTIONS.single_sign_on
        else "",
        "sends_mail": settings.OPTIONS.sends_mail,
        "form_errors": error_summary,
        "now": timezone.localtime(),
    }


def _locale() -> str:
    return LOCALES[current_language()]


def day(value: date | datetime | None, format: str = "long") -> str:
    """Return a date in words: November 23, 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if current_language() == "es":
        format = {"MMM d": "d MMM", "EEE, MMMM d": "EEE, d 'de' MMMM", "EEEE, MMMM d, y": "full"}.get(
            format, format
        )
    return format_date(value, format, locale=_locale())


def clock(value: datetime) -> str:
    """Return the time of day: 9:40 am."""
    text = format_time(timezone.localtime(value), "short", locale=_locale())
    return text.replace("\u202f", " ").replace("AM", "am").replace("PM", "pm")


def moment(value: datetime) -> str:
    """Return day and time of day."""
    return f"{day(value, format='medium')}, {clock(value)}"


def since(value: datetime) -> str:
    """Return when something was, as short as it can be said: a time today, Yesterday, a day of this year, a date."""
    days = (timezone.localdate() - timezone.localtime(value).date()).days
    if days == 0:
        return clock(value)
    if days == 1:
        return _("Yesterday")
    return day(value, format="MMM d") if days < 300 else day(value)
