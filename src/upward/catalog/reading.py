"""Strict reading of the catalogue's YAML files: every value has one declared type, every mistake has a place.

Only plain mappings, lists and scalars are accepted; tags, duplicate keys and unknown keys are problems.
Nothing is guessed: `name: no` is not turned into false, and a number where text belongs is a mistake.
Problems are collected, so that a person sees all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

Scalar = str | int | float
EnumType = TypeVar("EnumType", bound=StrEnum)
Value = TypeVar("Value")

# The base loader resolves nothing: every scalar stays the text it is. libyaml's is some ten times faster.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
_NOT_TEXT = re.compile(r"[-+]?[0-9][0-9_.eE+-]*|true|false|null|~", re.IGNORECASE)
_NOT_INERT = re.compile(r"<[/!a-zA-Z]|&[a-zA-Z#][a-zA-Z0-9]*;|[\x00-\x08\x0b-\x1f\x7f]|\{\{|\{%")
_IDENTIFIER = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_LEVELS = ("county", "place")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


class Problems:
    """Collects what is wrong, each as "file: key path: what is expected".

    With `positions`, line and column stand behind the file: files that people write themselves need them.
    """

    def __init__(self, *, positions: bool = False) -> None:
        self.found: list[str] = []
        self._positions = positions

    def add(self, file: str, path: str, message: str, *, node: Any = None) -> None:
        """Note one problem, at the node of the file where that is known."""
        if self._positions and node is not None:
            file = f"{file}, line {node.start_mark.line + 1}, column {node.start_mark.column + 1}"
        self.found.append(f"{file}: {path}: {message}" if path else f"{file}: {message}")


def read_yaml(path: Path, name: str, problems: Problems) -> Fields:
    """Return the top mapping of a file; an unreadable one is noted and read as if it were empty."""
    node: Any = None
    try:
        node = _Loader(path.read_text(encoding="utf-8")).get_single_node()
    except OSError as error:
        problems.add(name, "", f"cannot be read ({error.strerror}).")
    except UnicodeDecodeError as error:
        problems.add(name, "", f"is not UTF-8 text (byte {error.start}).")
    except yaml.YAMLError as error:
        problems.add(name, "", f"is not valid YAML: {_yaml_reason(error)}")
    else:
        if not isinstance(node, yaml.MappingNode):
            problems.add(name, "", "expected a mapping of keys to values at the top.")
    return Fields(node, name, "", problems, broken=not isinstance(node, yaml.MappingNode))


def _yaml_reason(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f" in line {mark.line + 1}" if mark else ""
    return f"{getattr(error, 'problem', None) or 'unreadable characters'}{place}."


class Fields:
    """A mapping being read: each method takes one key, checks its type and notes what is wrong.

    A method returns a harmless value of the right type after noting a problem, so that reading goes on; the
    caller throws the result away if any problem was noted. `done` comes last: it names unknown keys.
    """

    def __init__(self, node: Any, file: str, path: str, problems: Problems, *, broken: bool = False) -> None:
        self.file = file
        self.path = path
        self.problems = problems
        self._broken = broken
        self._node = node
        self._nodes: dict[str, Any] = {}
        self._taken: set[str] = set()
        if not broken:
            self._collect(node)

    def _collect(self, node: Any) -> None:
        if not isinstance(node, yaml.MappingNode) or node.tag not in _PLAIN_TAGS:
            self.problems.add(self.file, self.path, "expected a mapping of keys to values.", node=node)
            self._broken = True
            return
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.add(self.file, self.path, f"expected a plain key in {_line(key_node)}.")
                continue
            key = key_node.value
            if key in self._nodes:
                self.problems.add(
                    self.file, self._at(key), f"stands twice ({_line(key_node)}); keep one of the two."
                )
                continue
            self._nodes[key] = value_node

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def problem(self, key: str, message: str) -> None:
        """Note a problem at a key."""
        node = self._nodes.get(key.split("[", 1)[0], self._node)
        self.problems.add(self.file, self._at(key), message, node=node)

    def names(self) -> list[str]:
        """Return the keys in the order of the file."""
        return list(self._nodes)

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return key in self._nodes

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._nodes:
            if key not in self._taken:
                self.problem(key, f"unknown key; known here: {', '.join(sorted(self._taken))}.")

    def _take(self, key: str, *, required: bool, expected: str) -> Any:
        self._taken.add(key)
        node = self._nodes.get(key)
        if node is None and required and not self._broken:
            self.problem(key, f"missing; expected {expected}.")
        return node

    def text(self, key: str, default: str | None = None, *, strip: bool = True) -> str:
        """Return inert text; without a default the key is required and must not be empty."""
        node = self._take(key, required=default is None, expected="text")
        if node is None:
            return default or ""
        text = self._text_of(node, key)
        if default is None and text is not None and not text.strip():
            self.problem(key, "is empty; expected text.")
        return (text or "").strip() if strip else text or ""

    def _text_of(self, node: Any, key: str) -> str | None:
        """Return the text of a node, or None where it was refused."""
        if not _is_scalar(node):
            self.problem(key, f"expected text in {_line(node)}, found {_kind(node)}.")
            return None
        text = str(node.value)
        if _is_plain(node) and (_NOT_TEXT.fullmatch(text) or not text):
            self.problem(key, f"expected text, found “{text}”; put text that looks like a number in quotes.")
            return None
        if match := _NOT_INERT.search(text):
            self.problem(key, f"expected plain text, found markup or a control character: {match.group()!r}.")
            return None
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a missing key is an empty list."""
        return tuple(
            (self._text_of(item, f"{key}[{index}]") or "").strip()
            for index, item in enumerate(self._items(key))
        )

    def texts_by_id(self, key: str) -> dict[str, str]:
        """Return a mapping of ids to texts; a missing key is an empty mapping."""
        inner = self.mapping(key)
        for name in inner.names():
            if not _IDENTIFIER.fullmatch(name):
                inner.problem(name, "expected an id of lower-case letters, digits and hyphens as the key.")
        return {name: inner.text(name) for name in inner.names()}

    def _items(self, key: str) -> list[Any]:
        node = self._take(key, required=False, expected="a list")
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or node.tag not in _PLAIN_TAGS:
            self.problem(key, f"expected a list in {_line(node)}, found {_kind(node)}.")
            return []
        return list(node.value)

    def identifier(self, key: str, default: str | None = None) -> str:
        """Return an id: lower-case letters and digits joined by hyphens, underscores or points."""
        node = self._take(key, required=default is None, expected="an id")
        if node is None:
            return default or ""
        if _is_scalar(node) and (_IDENTIFIER.fullmatch(node.value) or (default == "" and not node.value)):
            return str(node.value)
        self.problem(key, f"expected an id of lower-case letters, digits and hyphens, found {_shown(node)}.")
        return ""

    def identifiers(self, key: str) -> tuple[str, ...]:
        """Return a list of ids, none of them twice; a missing key is an empty list."""
        found: list[str] = []
        for index, node in enumerate(self._items(key)):
            if not _is_scalar(node) or not _IDENTIFIER.fullmatch(node.value):
                self.problem(f"{key}[{index}]", f"expected an id, found {_shown(node)}.")
            elif node.value in found:
                self.problem(f"{key}[{index}]", f"“{node.value}” stands twice in the list.")
            else:
                found.append(node.value)
        return tuple(found)

    def choice(self, key: str, choices: type[EnumType]) -> EnumType:
        """Return one of the words of an enumeration."""
        words = [member.value for member in choices]
        return choices(self.word(key, tuple(words)))

    def word(self, key: str, words: tuple[str, ...]) -> str:
        """Return one of the words given."""
        node = self._take(key, required=True, expected=f"one of {', '.join(words)}")
        if node is not None and (not _is_scalar(node) or node.value not in words):
            self.problem(key, f"expected one of {', '.join(words)}; found {_shown(node)}.")
            node = None
        return words[0] if node is None else str(node.value)

    def whole(self, key: str, default: int | None = None) -> int:
        """Return a whole number."""
        number = self._number(key, int, "a whole number", required=default is None)
        return (default or 0) if number is None else number

    def number(self, key: str) -> float:
        """Return a number."""
        return self._number(key, float, "a number", required=True) or 0.0

    def numbers(self, key: str) -> tuple[float, ...]:
        """Return a list of numbers; a single number is a list of one, a missing key an empty list."""
        found = [_plain_value(node) for node in self._one_or_many(key)]
        for value, node in zip(found, self._one_or_many(key), strict=True):
            if not isinstance(value, int | float):
                self.problem(key, f"expected a number, found {_shown(node)}.")
        return tuple(float(value) for value in found if isinstance(value, int | float))

    def scalars(self, key: str) -> tuple[Scalar, ...]:
        """Return a list of numbers and texts, a single one for a list of one.

        A number is text if it is in quotes or has a leading zero (`"02"`, `02`): codes are text.
        """
        found: list[Scalar] = []
        for node in self._one_or_many(key):
            value = _plain_value(node)
            if value is None or (value == "" and _is_plain(node)):
                self.problem(key, f"expected a number or a text, found {_shown(node)}.")
            else:
                found.append(value)
        return tuple(found)

    def groupings(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Return a list whose entries are a name or a list of names, each as a list of names."""
        found = []
        for node in self._one_or_many(key):
            parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
            if all(_is_scalar(part) and part.value for part in parts):
                found.append(tuple(str(part.value) for part in parts))
            else:
                self.problem(key, f"expected names of columns in {_line(node)}, found {_shown(node)}.")
        return tuple(found)

    def columns(self, key: str) -> tuple[str, ...]:
        """Return names of columns: one, or a list; a missing key is an empty list."""
        found = []
        for node in self._one_or_many(key):
            if _is_scalar(node) and node.value:
                found.append(str(node.value))
            else:
                self.problem(key, f"expected the name of a column, found {_shown(node)}.")
        return tuple(found)

    def _one_or_many(self, key: str) -> list[Any]:
        node = self._take(key, required=False, expected="a value or a list")
        if node is None:
            return []
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]

    def holds(self, key: str, kind: str) -> bool:
        """Tell whether the key is there and holds a `mapping`, a `list` or a `value`."""
        node = self._nodes.get(key)
        known = {"mapping": yaml.MappingNode, "list": yaml.SequenceNode, "value": yaml.ScalarNode}
        return isinstance(node, known[kind])

    def number_or_none(self, key: str) -> float | None:
        """Return a number, or None where the file says `null` or lacks the key."""
        node = self._nodes.get(key)
        if node is not None and _is_scalar(node) and node.value in ("null", "~") and _is_plain(node):
            self._taken.add(key)
            return None
        return self._number(key, float, "a number or null", required=False)

    def _number(
        self, key: str, convert: Callable[[str], Value], expected: str, *, required: bool
    ) -> Value | None:
        node = self._take(key, required=required, expected=expected)
        if node is None:
            return None
        if _is_scalar(node) and _is_plain(node) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", node.value):
            try:
                return convert(node.value)
            except ValueError:
                pass
        self.problem(key, f"expected {expected}, found {_shown(node)}.")
        return None

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false; only these two words are accepted, without quotes."""
        node = self._take(key, required=default is None, expected="true or false")
        if node is None:
            return bool(default)
        if _is_scalar(node) and _is_plain(node) and node.value in ("true", "false"):
            return bool(node.value == "true")
        self.problem(key, f"expected true or false, found {_shown(node)}.")
        return False

    def years(self, key: str) -> tuple[int, ...]:
        """Return years in rising order, none twice."""
        found: list[int] = []
        for index, node in enumerate(self._items(key)):
            text = node.value if _is_scalar(node) and _is_plain(node) else ""
            year = int(text) if re.fullmatch(r"[0-9]{4}", text) else 0
            if not _FIRST_YEAR <= year <= _LAST_YEAR:
                self.problem(f"{key}[{index}]", f"expected a year of four digits, found {_shown(node)}.")
            elif found and year <= found[-1]:
                self.problem(
                    f"{key}[{index}]", f"expected years in rising order, found {year} after {found[-1]}."
                )
            else:
                found.append(year)
        return tuple(found)

    def years_by_level(self, key: str) -> dict[str, tuple[int, ...]]:
        """Return years by level of geography (`county`, `place`)."""
        return {level: inner.years(level) for level, inner in self._by_level(key)}

    def wholes_by_level(self, key: str) -> dict[str, int]:
        """Return whole numbers by level of geography."""
        return {level: inner.whole(level) for level, inner in self._by_level(key)}

    def _by_level(self, key: str) -> Iterator[tuple[str, Fields]]:
        inner = self.mapping(key)
        for level in inner.names():
            if level in _LEVELS:
                yield level, inner
        inner._taken.update(_LEVELS)  # both levels are known keys, present or not
        inner.done()

    def mapping(self, key: str, *, required: bool = False) -> Fields:
        """Return a mapping to read on; a missing one is empty."""
        node = self._take(key, required=required, expected="a mapping")
        return Fields(node, self.file, self._at(key), self.problems, broken=node is None)

    def each(self, key: str, *, required: bool = True) -> Iterator[tuple[str, Fields]]:
        """Yield id and fields of every entry of a mapping whose keys are ids."""
        inner = self.mapping(key, required=required)
        for name in inner.names():
            if not _IDENTIFIER.fullmatch(name):
                inner.problem(name, "expected an id of lower-case letters, digits and hyphens as the key.")
            yield name, inner.mapping(name)

    def entries(self, key: str, label: str = "") -> Iterator[Fields]:
        """Yield the fields of every mapping in a list, named in messages by the value of the key `label`."""
        for index, node in enumerate(self._items(key)):
            name = _label_of(node, label) or str(index)
            yield Fields(node, self.file, f"{self._at(key)}[{name}]", self.problems)


def _plain_value(node: Any) -> Scalar | None:
    """Return a scalar as the number or the text that it is; None for anything else."""
    if not _is_scalar(node):
        return None
    text = str(node.value)
    if not _is_plain(node) or not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", text):
        return text
    return int(text) if re.fullmatch(r"-?[0-9]+", text) else float(text)


def _is_scalar(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag in _PLAIN_TAGS


def _is_plain(node: Any) -> bool:
    return node.style is None or node.style == ""


def _kind(node: Any) -> str:
    if node.tag not in _PLAIN_TAGS:
        return f"the tag {node.tag}"
    return {"scalar": "a single value", "sequence": "a list", "mapping": "a mapping"}[node.id]


def _shown(node: Any) -> str:
    return f"“{node.value}”" if _is_scalar(node) else _kind(node)


def _line(node: Any) -> str:
    return f"line {node.start_mark.line + 1}"


def _label_of(node: Any, label: str) -> str:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if isinstance(key_node, yaml.ScalarNode) and key_node.value == label and _is_scalar(value_node):
                return str(value_node.value)
    return ""
