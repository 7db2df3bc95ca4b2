"""Files of plans made as documents: where they lie, what is there, and how they are made.

They can be made again at any time, so they are no part of a backup or a bundle. One folder for each plan and language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from upward.base.messages import use_language
from upward.pipeline.publish import RENDERERS, plan_document, write_document
from upward.web.plans.models import Plan
from upward.web.records.content import content_of

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
}


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file: its ending without the dot, its size in bytes, and when it was made."""

    ending: str
    size: int
    at: datetime


def file_of(plan: Plan, language: str, ending: str) -> Path:
    """Return where a form of the plan lies, whether it has been made or not; raises KeyError for an unknown form."""
    if f".{ending}" not in RENDERERS:
        raise KeyError(ending)
    return Path(settings.OPTIONS.home) / "documents" / str(plan.pk) / language / f"plan.{ending}"


def made_files(plan: Plan, language: str) -> list[MadeFile]:
    """Return the forms that have been made."""
    found = []
    for ending in RENDERERS:
        path = file_of(plan, language, ending[1:])
        if path.is_file():
            held = path.stat()
            found.append(MadeFile(ending[1:], held.st_size, datetime.fromtimestamp(held.st_mtime, UTC)))
    return found


def make_files(plan: Plan, language: str) -> int:
    """Make every form of the plan as it stands now; return how many."""
    steps = f"{settings.OPTIONS.address}{'/es' if language == 'es' else ''}/plans/{plan.slug}/steps/"
    with use_language(language):
        content = content_of(plan)
        names = {place.geo_id: place.name for place in plan.places.all()}
        document = plan_document(
            content, language=language, home=settings.OPTIONS.home, steps=steps, names=names
        )
    for ending in RENDERERS:
        path = file_of(plan, language, ending[1:])
        path.parent.mkdir(parents=True, exist_ok=True)
        write_document(document, path)
    return len(RENDERERS)
