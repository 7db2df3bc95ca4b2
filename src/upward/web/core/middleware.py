"""What happens around every page: language, security headers, and refusals that become pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import get_language

from upward.base.errors import NotFoundError
from upward.base.messages import use_language
from upward.web.core.refusals import NotAllowed, StateForbids
from upward.web.core.views import needs_its_button, refused

Next = Callable[[HttpRequest], HttpResponse]

#: Nothing is loaded from elsewhere, no script or style stands in a page, no page is shown inside another.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}


class ContentSecurityMiddleware:
    """Send a strict content security policy with every answer.

    A view that renders a page of `upward.present`, whose style stands in the page, names the style's hash in
    `response.style_hashes`. Where single sign-on is set up, a form may lead on to its provider.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.policy = dict(POLICY)
        if settings.OPTIONS.single_sign_on:
            provider = urlsplit(settings.OPTIONS.single_sign_on.issuer)
            self.policy["form-action"] += f" {provider.scheme}://{provider.netloc}"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with its headers."""
        response = self.get_response(request)
        policy = dict(self.policy)
        for digest in getattr(response, "style_hashes", ()):
            policy["style-src"] += f" 'sha256-{digest}'"
        response.headers.setdefault(
            "Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())
        )
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(self)",
        )
        response.headers.setdefault("X-Frame-Options", "DENY")
        if not getattr(response, "is_for_everyone", False):
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


class LanguageMiddleware:
    """Put the language of the address in force for our own messages, as Django's middleware does for its own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer in the language of its address."""
        with use_language(get_language() or "en"):
            return self.get_response(request)


class RefusalMiddleware:
    """Turn a refusal into a page that says why and who can; nothing private is cached by browsers between people."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer; pages of signed-in people are not kept by caches."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response = self._said(request, response)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    def _said(self, request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
        """Return a page for people where Django sends an empty answer."""
        page = needs_its_button(request)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Return the page for a refusal; any other problem goes its way."""
        if isinstance(problem, NotFoundError):
            return render(request, "core/404.html", status=404)
        if not isinstance(problem, NotAllowed | StateForbids):
            return None
        status = 403 if isinstance(problem, NotAllowed) else 409
        return refused(request, problem, status=status)
