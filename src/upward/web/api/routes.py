"""The whole API: plans and their records, and what other apps add."""

from __future__ import annotations

from upward.web.api import comments, records
from upward.web.api.api import api

api.add_router("", comments.router)
api.add_router("", records.router)

__all__ = ("api",)
