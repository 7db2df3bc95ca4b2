"""Pages for people with an account; what was typed into a form outlives a lapsed sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

View = Callable[..., HttpResponse]
KEPT = "kept_form"
MOST_KEPT = 100_000


def signed_in(view: View) -> View:
    """Give a view to people with an account only; others sign in first and come back, with what they had typed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            keep_form(request)
        return HttpResponseRedirect(
            f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        )

    return wrapped


def keep_form(request: HttpRequest) -> None:
    """Keep the texts of a form in the visitor's session until the sign-in that follows."""
    fields = {
        name: value
        for name, value in request.POST.items()
        if name != "csrfmiddlewaretoken" and "password" not in name
    }
    if sum(len(name) + len(value) for name, value in fields.items()) <= MOST_KEPT:
        request.session[KEPT] = {"path": request.path, "fields": fields}


def kept_form(request: HttpRequest) -> dict[str, str] | None:
    """Return, once, what was typed on this page before the sign-in lapsed."""
    kept = request.session.get(KEPT)
    if not isinstance(kept, dict) or kept.get("path") != request.path:
        return None
    del request.session[KEPT]
    return dict(kept["fields"])
