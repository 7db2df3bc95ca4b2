"""Addresses of readiness beside its records."""

from __future__ import annotations

from django.urls import path

from upward.web.readiness import views

app_name = "readiness"
urlpatterns = [path("plans/<slug:slug>/readiness/", views.overview, name="overview")]
