"""Addresses of the foundation, each in both languages."""

from __future__ import annotations

from django.urls import path

from upward.web.core import views

app_name = "core"
urlpatterns = [
    path("", views.start, name="start"),
    path("gallery/", views.gallery, name="gallery"),
    path("help/", views.words, {"page": "help"}, name="help"),
    path("accessibility/", views.words, {"page": "accessibility"}, name="accessibility"),
    path("privacy/", views.words, {"page": "privacy"}, name="privacy"),
]
