"""The whole API: plans and their records, and what other apps add."""

from __future__ import annotations

from upward.web.api import comments
from upward.web.api.api import api

api.add_router("", comments.router)

__all__ = ("api",)
