"""Addresses of what anyone may read."""

from __future__ import annotations

from django.urls import path

from upward.web.library import views

app_name = "library"
urlpatterns = [
    path("places/", views.places, name="places"),
    path("places/<str:geo_id>/", views.place, name="place"),
    path("framework/", views.framework, name="framework"),
]
