"""Public pages of the current release: the same page as the static site's, under the workbench's strict policy."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.test import Client

from upward.warehouse.read import Release

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(sample_data: Path, sample_release: Release) -> str:
    """The code of the largest county of the sample."""
    return max(sample_release.all_places("county"), key=lambda place: place.population or 0).geo_id


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_page_of_a_place_stands_with_its_style_and_no_script(county: str, prefix: str) -> None:
    answered = Client().get(f"{prefix}/places/{county}/")
    text = answered.content.decode()
    assert answered.status_code == 200
    assert f"<html lang={'es' if prefix else 'en'}>" in text
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    allowed = answered.headers["Content-Security-Policy"]
    for style in styles:
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_a_page_that_a_browser_has_already_is_not_sent_again(county: str) -> None:
    first = Client().get(f"/places/{county}/")
    again = Client().get(f"/places/{county}/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    spanish = Client().get(f"/es/places/{county}/")
    assert spanish.headers["ETag"] != first.headers["ETag"]


def test_a_place_is_found_by_its_name_and_an_unknown_one_is_not_there(
    county: str, sample_release: Release
) -> None:
    label = sample_release.place(county).label
    found = Client().get("/places/", {"q": label}).content.decode()
    assert f'href="/places/{county}/"' in found
    assert Client().get(f"/places/{label}/").headers["Location"] == f"/places/{county}/"
    assert Client().get("/places/99999/").status_code == 404
    assert "Nothing found" in Client().get("/places/", {"q": "zzzzqqqq"}).content.decode()


def test_without_data_the_pages_say_how_to_get_some(no_release: None) -> None:
    assert "upward data pull" in Client().get("/places/").content.decode()
    assert Client().get("/places/29019/").status_code == 404


def test_a_plan_is_started_for_places_by_name_and_an_ambiguous_name_lists_what_may_be_meant(
    world, county: str
) -> None:
    from upward.web.plans.models import Plan

    browser = world.browser("owner")
    refused = browser.post("/plans/new/", {"name": "New", "places": "Nowhere at all", "edition": "2025"})
    assert refused.status_code == 422
    assert "Nowhere at all" in refused.content.decode()
    assert (
        browser.post("/plans/new/", {"name": "New", "places": county, "edition": "2025"}).status_code == 302
    )
    assert Plan.objects.get(name="New").places.get().geo_id == county
