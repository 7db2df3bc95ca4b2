"""Addresses of records."""

from __future__ import annotations

from django.urls import path

from upward.web.records.views import entries, files, lists

app_name = "records"
PLAN = "plans/<slug:slug>/"
KIND = f"{PLAN}records/<slug:kind>/"
RECORD = f"{KIND}<slug:uid>/"
urlpatterns = [
    path(f"{PLAN}records/", lists.index, name="index"),
    path(f"{PLAN}thread/", lists.thread, name="thread"),
    path(KIND, lists.record_list, name="list"),
    path(f"{KIND}new/", entries.add, name="add"),
    path(f"{KIND}export.csv", files.export_csv, name="csv"),
    path(f"{KIND}export.xlsx", files.export_xlsx, name="xlsx"),
    path(f"{KIND}import/", files.bring_in, name="bring_in"),
    path(RECORD, entries.record, name="record"),
    path(f"{RECORD}change/", entries.change, name="change"),
    path(f"{RECORD}withdraw/", entries.withdraw, name="withdraw"),
    path(f"{RECORD}restore/", entries.restore, name="restore"),
    path(f"{RECORD}merge/", entries.merge, name="merge"),
    path(f"{RECORD}settle/", entries.settle, name="settle"),
]
