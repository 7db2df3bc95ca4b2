"""Addresses of the plan as a document."""

from __future__ import annotations

from django.urls import path

from upward.web.documents import version_views, views

app_name = "documents"
PLAN = "plans/<slug:slug>/document/"
urlpatterns = [
    path(PLAN, views.overview, name="overview"),
    path(f"{PLAN}look/", views.look, name="look"),
    path(f"{PLAN}files/<str:ending>/", views.download, name="file"),
    path(f"{PLAN}changes/", version_views.changes, name="changes"),
    path(f"{PLAN}changes/table.csv", version_views.changes_csv, name="changes_csv"),
]
