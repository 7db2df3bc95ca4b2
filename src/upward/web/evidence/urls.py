"""Addresses of evidence beside its records."""

from __future__ import annotations

from django.urls import path

from upward.web.evidence import views

app_name = "evidence"
urlpatterns = [
    path("plans/<slug:slug>/findings/", views.findings, name="findings"),
    path("plans/<slug:slug>/data/", views.data, name="data"),
    path("plans/<slug:slug>/readings/<slug:uid>/compare/", views.compare, name="compare"),
]
