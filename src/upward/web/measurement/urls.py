"""Addresses of measurement beside its records."""

from __future__ import annotations

from django.urls import path

from upward.web.measurement import views

app_name = "measurement"
urlpatterns = [path("plans/<slug:slug>/coverage/", views.table, name="coverage")]
