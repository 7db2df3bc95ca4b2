"""Public pages from the current release: search for a place, its data page, its workbook, the framework."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from upward.base.messages import current_language
from upward.present.build import page_of_release
from upward.present.html import render_place_page
from upward.warehouse.read import Release
from upward.web.core.release import current_release
from upward.web.core.templating import address
from upward.web.core.views import for_everyone
from upward.web.plans import catalogue

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
MOST = 30


@for_everyone
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Show the search for a county or city, with what was found."""
    words = request.GET.get("q", "").strip()[:100]
    release = current_release()
    found = release.places(words, limit=MOST).to_dicts() if release and words else []
    return render(request, "library/places.html", {"release": release, "words": words, "found": found})


@for_everyone
@require_safe
def place(request: HttpRequest, geo_id: str) -> HttpResponse:
    """Show the data page of a place: the same page as the static site's, from the current release."""
    release = current_release()
    if release is None:
        return render(request, "library/places.html", {"release": None, "words": "", "found": []}, status=404)
    found = release.place(geo_id)
    if found.geo_id != geo_id:
        return redirect(address("library:place", geo_id=found.geo_id), permanent=True)
    text, digest, tag = _place_page(release, geo_id, current_language())
    known = request.headers.get("If-None-Match") == tag
    response: HttpResponse = HttpResponseNotModified() if known else HttpResponse(text)
    response.style_hashes = (digest,)  # type: ignore[attr-defined]
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    return response


@lru_cache(maxsize=256)
def _place_page(release: Release, geo_id: str, language: str) -> tuple[str, str, str]:
    """Return the page, the hash of the style that stands in it, and its tag; a release never changes."""
    text = render_place_page(
        page_of_release(release, release.place(geo_id), today=timezone.localdate(), language=language)
    )
    style = STYLE.search(text)
    digest = base64.b64encode(hashlib.sha256((style.group(1) if style else "").encode()).digest()).decode()
    return text, digest, f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


@for_everyone
@require_safe
def framework(request: HttpRequest) -> HttpResponse:
    """Show pillars, predictors and metrics, and the glossary."""
    return render(request, "library/framework.html", {"catalog": catalogue.catalog()})
