"""Columns of the records, one for each kind of field in the catalogue, so that a model reads like its specification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models

LINE = 300
WORD = 60


class WordsField(models.TextField):  # type: ignore[type-arg]
    """Several words in their order, kept as "|one|two|" so that any database finds one of them."""

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> tuple[str, ...]:
        """Return what was kept as words."""
        return tuple(word for word in (value or "").split("|") if word)

    def to_python(self, value: Any) -> tuple[str, ...]:
        """Return words, whatever they come as."""
        return self.from_db_value(value, None, None) if isinstance(value, str) else tuple(value or ())

    def get_prep_value(self, value: Any) -> str:
        """Return the words as they are kept."""
        if isinstance(value, str):
            return value
        words = [str(word) for word in value or ()]
        return f"|{'|'.join(words)}|" if words else ""

    def value_to_string(self, record: models.Model) -> str:
        """Return the words as they are kept."""
        return self.get_prep_value(self.value_from_object(record))


def line() -> Any:
    """Text of one line."""
    return models.CharField(max_length=LINE, blank=True, default="")


def text() -> Any:
    """Text of several lines."""
    return models.TextField(blank=True, default="")


def word() -> Any:
    """A word of a list, a variable, a group or a place: an id of the catalogue."""
    return models.CharField(max_length=WORD, blank=True, default="")


def words() -> Any:
    """Several of them."""
    return WordsField(blank=True, default=())


def day() -> Any:
    """A day."""
    return models.DateField(null=True, blank=True)


def month() -> Any:
    """Year and month: "2027-03"."""
    return models.CharField(max_length=7, blank=True, default="")


def year() -> Any:
    """A year."""
    return models.PositiveSmallIntegerField(null=True, blank=True)


def number() -> Any:
    """A number, a share (0 to 1) or an amount of dollars."""
    return models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)


def yes_no() -> Any:
    """Yes, no, or not said."""
    return models.BooleanField(null=True, blank=True)


def address() -> Any:
    """An address on the web."""
    return models.URLField(max_length=500, blank=True, default="")


def person() -> Any:
    """Someone who works on the plan."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )


def upload() -> Any:
    """A file of the plan; a file that is deleted leaves its name in the history."""
    return models.ForeignKey(
        "plans.Upload", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )


def link(model: str) -> Any:
    """One record of a kind. It cannot be deleted while this one is there: records are withdrawn, not deleted."""
    return models.ForeignKey(model, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")


def links(model: str) -> Any:
    """Several records of a kind."""
    return models.ManyToManyField(model, blank=True, related_name="+")


def rows() -> Any:
    """A small table: a list of rows, each a mapping of column to text."""
    return models.JSONField(blank=True, default=list)


def columns_of(model: type[models.Model]) -> Sequence[str]:
    """Return the names of the columns that a model has of its own, links included."""
    return [
        field.name
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.name not in OWN_COLUMNS
    ]


#: What every record has beside the fields of its kind.
OWN_COLUMNS = frozenset(
    ("id", "plan", "uid", "version", "created_at", "changed_at", "withdrawn_at", "withdrawn_reason")
)
