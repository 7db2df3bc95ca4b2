"""Questions to take to residents about each predictor, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from upward.base.errors import CatalogError
from upward.catalog.reading import Problems, read_yaml

FOLDER = Path(__file__).parent / "data"
FILE = "questions.yaml"


@lru_cache(maxsize=4)
def load_questions(language: str = "en") -> Mapping[str, tuple[str, ...]]:
    """Return the questions by predictor; a language without its own file has the English ones.

    Raises CatalogError where a file is damaged.
    """
    twin = FOLDER / "locale" / language / FILE
    path = twin if twin.is_file() else FOLDER / FILE
    problems = Problems()
    fields = read_yaml(path, FILE, problems)
    found = {}
    for entry in fields.entries("questions", "predictor"):
        found[entry.text("predictor")] = entry.texts("ask")
        entry.done()
    fields.done()
    if problems.found:
        raise CatalogError(tuple(problems.found))
    return found
