"""Addresses of strategy beside its records."""

from __future__ import annotations

from django.urls import path

from upward.web.strategy import views

app_name = "strategy"
urlpatterns = [path("plans/<slug:slug>/logic-model/", views.model, name="model")]
