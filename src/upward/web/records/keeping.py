"""What is computed from all records of a plan, kept until the plan's history has another row."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from django.core.cache import caches
from django.utils import timezone

from upward.base.messages import current_language
from upward.web.core.history import history_marks
from upward.web.plans.models import Plan

KEPT_SECONDS = 3600
#: One at a time reads a whole plan: those who ask meanwhile find what the first has made.
_READING = Lock()
Made = TypeVar("Made")


def kept(plan: Plan, name: str, make: Callable[[], Made]) -> Made:
    """Return what `make` gives, made once after each change of the plan, for a day, a language and a process.

    Each change of a plan writes a row of history. `name` tells what is kept apart from everything else of the plan.
    """
    count, last = history_marks([plan.pk])[plan.pk]
    key = f"{name}:{plan.pk}:{plan.slug}:{count}:{last}:{timezone.localdate()}:{current_language()}"
    memory = caches["memory"]
    held: Made | None = memory.get(key)
    if held is None:
        with _READING:
            held = memory.get(key)
            if held is None:
                held = make()
                memory.set(key, held, KEPT_SECONDS)
    return held
