"""Addresses of comments."""

from __future__ import annotations

from django.urls import path

from upward.web.comments import views

app_name = "comments"
PLAN = "plans/<slug:slug>/comments/"
urlpatterns = [
    path(PLAN, views.every, name="list"),
    path(f"{PLAN}beside/<str:record>/", views.thread, name="thread"),
    path(f"{PLAN}<slug:uid>/answer/", views.answer, name="answer"),
    path(f"{PLAN}<slug:uid>/close/", views.close, name="close"),
    path(f"{PLAN}<slug:uid>/reopen/", views.reopen, name="reopen"),
    path(f"{PLAN}<slug:uid>/withdraw/", views.withdraw, name="withdraw"),
    path(f"{PLAN}<slug:uid>/bring-back/", views.bring_back, name="bring_back"),
]
