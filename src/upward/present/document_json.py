"""Documents as JSON: written with a schema name, read back strictly."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from upward.base.errors import DataError
from upward.present import document as model
from upward.present.document import SCHEMA, Document

#: Name in the JSON -> kind of block.
KINDS: dict[str, type] = {kind.__name__.lower(): kind for kind in get_args(model.Block)}
NAMES = {kind: name for name, kind in KINDS.items()}


def same(words: str) -> str:
    """Return the words as they are."""
    return words


def to_data(value: object, words: Callable[[str], str] = same) -> Any:
    """Return a document or a part of it as plain data; every string goes through `words`."""
    if is_dataclass(value):
        data = {field.name: to_data(getattr(value, field.name), words) for field in fields(value)}
        return {"kind": NAMES[type(value)], **data} if type(value) in NAMES else data
    if isinstance(value, tuple):
        return [to_data(item, words) for item in value]
    return words(value) if isinstance(value, str) else value


def to_json(document: Document) -> str:
    """Return the document as the text of a JSON file; the same document gives the same text."""
    return json.dumps({"schema": SCHEMA, **to_data(document)}, ensure_ascii=True, indent=1) + "\n"


def from_json(text: str) -> Document:
    """Return the document that `to_json` wrote; raises DataError where the text is no such document."""
    try:
        data = json.loads(text)
    except ValueError as problem:
        raise DataError(f"The document is not JSON: {problem}.") from problem
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else None
        raise DataError(f"The document has the schema {found!r}, not {SCHEMA!r}.")
    made: Document = _built(
        Document, {key: value for key, value in data.items() if key != "schema"}, "document"
    )
    return made


@lru_cache(maxsize=64)
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, vars(model))


def _read(wanted: Any, value: Any, where: str) -> Any:
    """Return a value of the wanted type, or raise DataError with its place."""
    origin = get_origin(wanted)
    if origin is tuple:
        return _items(get_args(wanted), value, where)
    if origin in (Union, UnionType):
        choices = get_args(wanted)
        if value is None and type(None) in choices:
            return None
        blocks = [choice for choice in choices if choice in NAMES]
        if blocks:
            return _block(value, where)
        return _read(next(choice for choice in choices if choice is not type(None)), value, where)
    if isinstance(wanted, type) and is_dataclass(wanted):
        return _block(value, where) if wanted in NAMES else _built(wanted, value, where)
    if type(value) is not wanted:
        raise DataError(f"{where}: {value!r} is not of type {wanted.__name__}.")
    return value


def _items(wanted: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise DataError(f"{where}: a list is missing.")
    if wanted[-1] is Ellipsis:
        wanted = (wanted[0],) * len(value)
    if len(wanted) != len(value):
        raise DataError(f"{where}: {len(value)} entries instead of {len(wanted)}.")
    return tuple(
        _read(kind, item, f"{where}[{index}]")
        for index, (kind, item) in enumerate(zip(wanted, value, strict=True))
    )


def _block(value: Any, where: str) -> Any:
    name = value.get("kind") if isinstance(value, dict) else None
    if name not in KINDS:
        raise DataError(f"{where}: {name!r} is no kind of block.")
    rest = {key: item for key, item in value.items() if key != "kind"}
    return _built(KINDS[name], rest, f"{where}.{name}")


def _built(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise DataError(f"{where}: {value!r} is not a group of fields.")
    hints = _hints(kind)
    wrong = sorted(value.keys() ^ hints.keys())
    if wrong:
        raise DataError(f"{where}: fields {', '.join(wrong)} are missing or unknown.")
    return kind(**{name: _read(hints[name], value[name], f"{where}.{name}") for name in hints})
