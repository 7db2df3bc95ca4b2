"""Pages that belong to no app: the start, health, errors, and the gallery of components."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language_from_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upward.base.errors import UpwardError
from upward.base.messages import _, current_language, use_language
from upward.web.core import gallery as examples
from upward.web.core.language import address_in
from upward.web.core.refusals import NotAllowed
from upward.web.core.templating import address


def for_everyone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a page that search engines may list; every other answer asks them not to."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.is_for_everyone = response.status_code == 200  # type: ignore[attr-defined]
        return response

    return wrapped


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Tell search engines which pages are for everyone."""
    closed = ("account", "api", "calendar", "first", "invitations", "notices", "plans")
    lines = [f"Disallow: {prefix}/{name}/" for name in closed for prefix in ("", "/es")]
    return HttpResponse("\n".join(["User-agent: *", *lines, ""]), content_type="text/plain; charset=utf-8")


@for_everyone
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show what this is and the two ways on: sign in, or read about a place."""
    if request.user.is_authenticated:
        return redirect("plans:list")
    return render(request, "core/start.html")


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say whether this process can reach its database; for proxies and watchers, so no page and no language."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok", "version": settings.VERSION})


@login_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state, for those who build pages."""
    check_may_see_workshop(request)
    form = examples.ExampleForm({"name": "", "kind": "policy", "text": "Kept as it was typed."})
    form.is_valid()
    return render(request, "core/gallery.html", {"form": form, "drawing": examples.example_drawing()})


@for_everyone
@require_safe
def words(request: HttpRequest, page: str) -> HttpResponse:
    """Show one of the pages of plain text: help, accessibility, privacy."""
    return render(request, f"core/{page}.html")


def check_may_see_workshop(request: HttpRequest) -> None:
    """Raise NotAllowed unless the person looks after this installation."""
    if not (request.user.is_authenticated and request.user.is_staff):
        raise NotAllowed(_("Only those who look after this installation can see this page."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Show a page that explains a form without its token, and how to go on."""
    return render(request, "core/csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show the page for a request that cannot be understood; for a wrong host name, what the installer can do."""
    with use_language(_language_of(request)):
        if isinstance(exception, DisallowedHost):
            return bare_page(
                400,
                _("This site does not answer to that name"),
                _("Open it by the address that you were given."),
                _("If you look after this installation: set UPWARD_ADDRESS to the address that people use."),
                leads_on=False,
            )
        return bare_page(
            400, _("This request cannot be understood"), _("Nothing was saved. Go back and try again.")
        )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Show the page for an address that leads nowhere, or to what this person may not see."""
    return render(request, "core/404.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Show the page for a refusal of Django's own."""
    problem = NotAllowed(_("You cannot do this here."))
    return refused(request, problem, status=403)


def refused(request: HttpRequest, problem: UpwardError, *, status: int) -> HttpResponse:
    """Show the page for a rule that says no: why, who can, and the way back to the plan."""
    return render(
        request, "core/refused.html", {"problem": problem, "plan_home": plan_home(request)}, status=status
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """Show the page for a pause after too many tries."""
    return render(request, "core/too_many.html", status=429)


def needs_its_button(request: HttpRequest) -> HttpResponse:
    """Show the page for an address that only a form leads to, as after a sign-in that had lapsed before a button."""
    return render(request, "core/needs_its_button.html", {"plan_home": plan_home(request)}, status=405)


def plan_home(request: HttpRequest) -> str:
    """Return the address of the home page of the plan that a request is about, or an empty text."""
    match = request.resolver_match
    slug = match.kwargs.get("slug") if match and "publishing" not in match.namespaces else None
    return address("plans:home", slug=slug) if slug else ""


def broken(request: HttpRequest) -> HttpResponse:
    """Show the page for a bug, or for a database that is away, without anything that could fail again."""
    time = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    with use_language(_language_of(request)):
        tell = _(
            "If it happens again, tell the person who looks after this installation that it happened at {time}."
        )
        if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
            answered = bare_page(
                503,
                _("The workbench is away for a moment"),
                _(
                    "Its database does not answer, or has no more space. What was saved is safe. Try again in a minute."
                ),
                tell.format(time=time),
            )
            answered.headers["Retry-After"] = "60"
            return answered
        return bare_page(
            500,
            _("Something went wrong"),
            _(
                "This is our fault, not yours. What was saved before is safe. Go back: what you typed is still there."
            ),
            tell.format(time=time),
        )


def _language_of(request: HttpRequest) -> str:
    """Return the language of the address; middleware that would have put it in force may not have run."""
    return get_language_from_path(request.path_info) or "en"


def bare_page(status: int, title: str, *paragraphs: str, leads_on: bool = True) -> HttpResponse:
    """Return a page that needs neither session nor database, in the language in force.

    `leads_on`: with a link to the start, which is of no use under a name that is not answered.
    """
    language = current_language()
    written = format_html_join("", "<p>{}</p>", ((text,) for text in paragraphs))
    start = address_in(language, "/")
    way_on = format_html('<p><a href="{}">{}</a></p>', start, _("Go to the start")) if leads_on else ""
    return HttpResponse(
        format_html(
            '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" '
            'content="width=device-width, initial-scale=1"><title>{} – Upward</title><link rel="stylesheet" href="{}">'
            '</head><body><header class="top"><div class="wrap"><a class="brand" href="{}">Upward</a></div></header>'
            '<main id="main" class="wrap page"><h1>{}</h1><div class="prose">{}{}</div></main>'
            "</body></html>",
            *(language, title, static("upward.css"), start, title, written, way_on),
        ),
        status=status,
    )
