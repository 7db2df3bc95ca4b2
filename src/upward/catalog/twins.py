"""The twins of one language while they are read: text laid over English objects, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from upward.catalog.reading import Fields, Problems, read_yaml

Item = TypeVar("Item")


@dataclass(slots=True)
class Twins:
    """The twins of one language while they are read."""

    folder: Path
    problems: Problems = field(default_factory=Problems)
    missing: list[str] = field(default_factory=list)

    def open(self, name: str) -> Fields:
        """Return the top mapping of a twin; an absent one is empty."""
        path = self.folder / f"{name}.yaml"
        if path.exists():
            return read_yaml(path, shown(self.folder, name), self.problems)
        return Fields(None, shown(self.folder, name), "", self.problems, broken=True)

    def text(self, fields: Fields, key: str, english: str) -> str:
        """Return the translated text, or the English one after noting that it is missing."""
        if not english.strip():
            if fields.has(key) and fields.text(key, default=""):
                fields.problem(key, "is empty in English; leave it out.")
            return english
        translated = fields.text(key, default="", strip=english == english.strip())
        if not translated.strip():
            self.missing.append(f"{fields.file}: {fields.path + '.' if fields.path else ''}{key}")
            return english
        return translated

    def item(self, item: Item, fields: Fields, keys: tuple[str, ...]) -> Item:
        """Return the item with these text fields translated."""
        changes: dict[str, Any] = {key: self.text(fields, key, getattr(item, key)) for key in keys}
        return replace(item, **changes)  # type: ignore[type-var]  # every caller passes a catalogue dataclass

    def texts(self, fields: Fields, key: str, english: tuple[str, ...]) -> tuple[str, ...]:
        """Return a translated list of texts of the same length."""
        translated = fields.texts(key)
        if not translated and english:
            self.missing.append(f"{fields.file}: {fields.path + '.' if fields.path else ''}{key}")
            return english
        if len(translated) != len(english):
            fields.problem(key, f"expected {len(english)} texts as in English, found {len(translated)}.")
            return english
        return translated

    def each(
        self, top: Fields, key: str, known: Mapping[str, Item], keys: tuple[str, ...]
    ) -> dict[str, Item]:
        """Return the items of one mapping, each translated."""
        inner = top.mapping(key)
        translated = {}
        for name, item in known.items():
            fields = inner.mapping(name)
            translated[name] = self.item(item, fields, keys)
            fields.done()
        inner.done()
        return translated

    def by_key(self, top: Fields, key: str, english: Mapping[str, str]) -> dict[str, str]:
        """Return a mapping of ids to texts, each translated."""
        inner = top.mapping(key)
        translated = {name: self.text(inner, name, text) for name, text in english.items()}
        inner.done()
        return translated


def shown(folder: Path, name: str) -> str:
    """Return the name of a twin, as messages show it."""
    return f"locale/{folder.name}/{name}.yaml"
