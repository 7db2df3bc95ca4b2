"""Which model keeps which kind of record."""

from __future__ import annotations

from functools import lru_cache

from django.apps import apps

from upward.base.errors import NotFoundError
from upward.base.messages import _
from upward.catalog.record_model import RecordKind
from upward.web.plans.catalogue import catalog
from upward.web.records.models import PlanRecord


@lru_cache(maxsize=1)
def models_by_kind() -> dict[str, type[PlanRecord]]:
    """Return the model of each kind, in the order of the catalogue."""
    found = {model.KIND: model for model in apps.get_models() if issubclass(model, PlanRecord)}
    return {name: found[name] for name in catalog().records}


def kind_called(name: str) -> RecordKind:
    """Return a kind of record, in the language in force; raises NotFoundError where there is none."""
    try:
        return catalog().records[name]
    except KeyError:
        raise NotFoundError(_("There is no kind of record “{kind}”.").format(kind=name)) from None


def model_of(kind: str) -> type[PlanRecord]:
    """Return the model of a kind."""
    return models_by_kind()[kind]
