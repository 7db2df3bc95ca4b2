"""Background work of documents."""

from __future__ import annotations

from django_tasks import task

from upward.web.documents.made import make_files
from upward.web.plans.models import Plan


@task()
def make_documents(plan: int, language: str) -> int:
    """Make all forms of a plan in a language; return how many. A plan that is gone makes none."""
    found = Plan.objects.filter(pk=plan).first()
    return make_files(found, language) if found else 0
