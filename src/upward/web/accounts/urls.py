"""Addresses of the own account."""

from __future__ import annotations

from django.urls import path

from upward.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("first/<str:token>/", views.first_visit, name="first_visit"),
    path("account/", views.account, name="account"),
    path("account/address/", views.new_address, name="new_address"),
    path("account/address/sent/", views.new_address_sent, name="new_address_sent"),
    path("account/address/<str:proof>/", views.confirm_address, name="confirm_address"),
    path("account/calendar/", views.renew_calendar, name="renew_calendar"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:number>/remove/", views.remove_token, name="remove_token"),
]
