"""Pages that belong to no app: the start, health, errors, and the gallery of components."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upward.base.messages import _
from upward.web.core import gallery as examples
from upward.web.core.refusals import NotAllowed


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
    return render(request, "core/gallery.html", {"form": form, "blank": examples.ExampleForm()})


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


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Show the page for a request that cannot be understood."""
    return HttpResponse("Bad request", status=400, content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Show the page for an address that leads nowhere, or to what this person may not see."""
    return render(request, "core/404.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Show the page for a refusal of Django's own."""
    problem = NotAllowed(_("You cannot do this here."))
    return render(request, "core/refused.html", {"problem": problem}, status=403)


def broken(_request: HttpRequest) -> HttpResponse:
    """Show the page for a bug, without anything that could fail again."""
    text = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Something went wrong – Upward</title>"
        "<main><h1>Something went wrong</h1><p>This is our fault, not yours. What was saved before is safe. "
        "Go back and try again; if it happens again, tell the person who looks after this installation.</p>"
        "<p lang=es>Algo salió mal. Es culpa nuestra, no suya. Lo que ya estaba guardado está a salvo.</p></main>"
    )
    return HttpResponse(text, status=500)
