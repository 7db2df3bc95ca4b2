"""How hard a text is to read: the school grade of English, the ease of Spanish.

English: the grade of Flesch and Kincaid (Kincaid and others 1975, Navy Research Branch Report 8-75). Spanish:
the ease of Szigriszt-Pazos on the INFLESZ scale (Barrio-Cantalejo and others 2008, An. Sist. Sanit. Navar.
31, 135–152): 40 to 55 somewhat difficult, 55 to 65 normal, 65 to 80 quite easy. Syllables of English are
counted
by rule.

What belongs here: the measures. What does not: which texts must reach what (tests, the release check).
"""

from __future__ import annotations

import re
from itertools import pairwise

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W_]+(?:['’.,\-][^\W_]+)*")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^laeiouy]|[aeiouy]l)e$|[^tdaeiouy]ed$|[^aeiouyscgxz]es$")
#: Vowel pairs that are two syllables in English words.
_HIATUS = re.compile(
    r"(?<![ctgs])ia(?!l)|io(?!n|us)|(?<!p)eo(?!us)|ua(?=l)|uou|ying|(?<=cr)ea(?=t)|(?<=[aeiou][^aeiou])ea$"
)
#: Words of our texts whose inner e is silent.
_INNER_SILENT = re.compile(r"household|homeless|statement|(?<=langu)age")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_STRONG = "aeoáéíóú"


def flesch_kincaid_grade(text: str) -> float:
    """Return the school grade that an English text needs; 0 for a text without words.

    A number counts as one word of one syllable, so that figures do not make a sentence look hard.

    >>> round(flesch_kincaid_grade("The cat sat on the mat. It was warm."), 1)
    -2.0
    """
    sentences, words = _split(text)
    if not words:
        return 0.0
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def inflesz(text: str) -> float:
    """Return the reading ease of a Spanish text, more is easier: 206.835 − 62.3 syllables per word − words
    per sentence; 100 for a text without words.
    """
    sentences, words = _split(text)
    if not words:
        return 100.0
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.835 - 62.3 * syllables / len(words) - len(words) / sentences


def english_syllables(word: str) -> int:
    """Return the syllables of an English word by rule: groups of vowels, less a silent end.

    >>> [english_syllables(word) for word in ("share", "people", "disability", "women", "25", "employed")]
    [1, 2, 5, 2, 1, 2]
    """
    letters = "".join(sign for sign in word.lower() if sign.isalpha())
    if not letters:
        return 1
    groups = len(_ENGLISH_VOWELS.findall(letters)) + len(_HIATUS.findall(letters))
    groups -= len(_INNER_SILENT.findall(letters))
    if groups > 1 and _SILENT_END.search(letters):
        groups -= 1
    return max(1, groups)


def spanish_syllables(word: str) -> int:
    """Return the syllables of a Spanish word: groups of vowels, two strong or accented ones parted.

    >>> [spanish_syllables(word) for word in ("parte", "empleo", "ciudad", "país", "discapacidad", "25")]
    [2, 3, 2, 2, 5, 1]
    """
    letters = re.sub(r"(?<=[gq])u(?=[eiéí])", "", word.lower())
    count = 0
    for group in _SPANISH_VOWELS.findall(letters):
        count += 1
        for one, two in pairwise(group):
            accented = one in "íú" or two in "íú"
            if accented or (one in _STRONG and two in _STRONG):
                count += 1
    return max(1, count)


def _split(text: str) -> tuple[int, list[str]]:
    sentences = [part for part in _SENTENCE_END.split(text.strip()) if _WORD.search(part)]
    return max(1, len(sentences)), _WORD.findall(text)
