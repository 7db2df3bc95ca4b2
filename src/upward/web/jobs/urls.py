"""Address of the page on background work."""

from __future__ import annotations

from django.urls import path

from upward.web.jobs import views

app_name = "jobs"
urlpatterns = [path("jobs/", views.jobs, name="list")]
