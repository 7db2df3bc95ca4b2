"""Addresses of measurement beside its records."""

from __future__ import annotations

from django.urls import path

from upward.web.measurement import views

app_name = "measurement"
urlpatterns = [
    path("plans/<slug:slug>/coverage/", views.table, name="coverage"),
    path("plans/<slug:slug>/measures/<slug:uid>/baseline/", views.baseline, name="baseline"),
    path("plans/<slug:slug>/targets/<slug:uid>/check/", views.check, name="check"),
]
