"""What differs between two texts, as pieces that stayed, were left out or were added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\S+|\s+")
#: Below this likeness two texts are shown one after the other; crumbs of both would be harder to read.
LIKE_ENOUGH = 0.4


class Piece(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    LEFT_OUT = "left out"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text and what became of it."""

    piece: Piece
    text: str


def text_differences(before: str, after: str) -> tuple[Stretch, ...]:
    """Return the stretches of two texts in reading order, word by word.

    Those that are not added make up `before`; those that are not left out make up `after`.
    """
    if before == after:
        return (Stretch(Piece.SAME, before),) if before else ()
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new)
    if not old or not new or matcher.ratio() < LIKE_ENOUGH:
        return _stretches((Piece.LEFT_OUT, before), (Piece.ADDED, after))
    found: list[tuple[Piece, str]] = []
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            found.append((Piece.SAME, "".join(old[old_from:old_to])))
        else:
            found.append((Piece.LEFT_OUT, "".join(old[old_from:old_to])))
            found.append((Piece.ADDED, "".join(new[new_from:new_to])))
    return _stretches(*_joined(found))


def _joined(found: list[tuple[Piece, str]]) -> Iterator[tuple[Piece, str]]:
    """Yield the pieces with changes that only white space parts made one: a phrase, not words by turns."""
    left_out = added = ""
    for number, (piece, words) in enumerate(found):
        if piece is Piece.LEFT_OUT:
            left_out += words
        elif piece is Piece.ADDED:
            added += words
        elif words.isspace() and (left_out or added) and number + 1 < len(found):
            left_out, added = left_out + words, added + words
        else:
            yield from ((Piece.LEFT_OUT, left_out), (Piece.ADDED, added), (piece, words))
            left_out = added = ""
    yield from ((Piece.LEFT_OUT, left_out), (Piece.ADDED, added))


def whole_differences(before: str, after: str) -> tuple[Stretch, ...]:
    """Return a value that is not running text as what it was and what it became."""
    return _stretches((Piece.LEFT_OUT, before), (Piece.ADDED, after))


def _stretches(*found: tuple[Piece, str]) -> tuple[Stretch, ...]:
    return tuple(Stretch(piece, words) for piece, words in found if words)


def count_lines(before: list[str], after: list[str]) -> tuple[int, int]:
    """Return how many lines were added and how many left out."""
    added = left_out = 0
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if what != "equal":
            left_out += old_to - old_from
            added += new_to - new_from
    return added, left_out
