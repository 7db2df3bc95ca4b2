"""Addresses of public plans, and of deciding what is public."""

from __future__ import annotations

from django.urls import path

from upward.web.publishing import views

app_name = "publishing"
PLAN = "plans/<slug:slug>/public/"
urlpatterns = [
    path("p/", views.public_plans, name="public_list"),
    path("p/<slug:slug>/", views.public_plan, name="public"),
    path(PLAN, views.choose, name="choose"),
    path(f"{PLAN}review/", views.review, name="review"),
    path(f"{PLAN}withdraw/", views.withdraw, name="withdraw"),
]
