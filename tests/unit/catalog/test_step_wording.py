"""The steps read at grade 8 or below, in short sentences, and speak to people plainly."""

import re

import pytest

from upward.catalog.load import load_catalog

GRADE = 8
PASSAGE_GRADE = 9  # a single passage may be a little harder than its step
LONGEST_SENTENCE = 20


def syllables(word):
    """Count the syllables of an English word by its groups of vowels."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if re.search(r"[^sxzhcg]es$", letters):
        letters = letters[:-1]
    if re.search(r"[^aeiouylr]e$|[aeiouy][lr]e$", letters):
        letters = letters[:-1]
    elif re.search(r"[^aeiouytd]ed$", letters):
        letters = letters[:-2]
    return max(1, len(re.findall(r"[aeiouy]+", letters)))


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?])[”»]?\s+", text) if part]


def grade(text):
    """Return the Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59."""
    words = re.findall(r"[A-Za-z][A-Za-z’'-]*|\d[\d,.]*", text)
    number = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * number / len(words) - 15.59


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("make", 1), ("table", 2), ("people", 2), ("asked", 1), ("needed", 2), ("rules", 1), ("places", 2),
        ("community", 4), ("evidence", 3), ("measures", 2), ("here", 1), ("the", 1), ("mobility", 4),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word, expected):
    assert syllables(word) == expected


def test_the_grade_tells_plain_from_hard():
    assert grade("The cat sat on the mat. It was warm.") < 2
    assert (
        grade("Institutional accountability necessitates comprehensive intergovernmental coordination.") > 15
    )


def texts(step):
    yield step.purpose
    yield step.pace
    for passage in step.guidance.values():
        yield passage.text
    for example in step.examples.values():
        yield example.text
    for task in step.tasks.values():
        yield from (f"{task.title}.", task.why, task.evidence, *task.after.values())
    for question in step.questions.values():
        yield from (question.text, question.help)
    for use in step.uses.values():
        yield use.reason
    yield from step.good
    for pitfall in step.pitfalls.values():
        yield from (f"{pitfall.name}.", pitfall.instead)


def test_every_step_reads_at_grade_eight_or_below():
    grades = {slug: grade(" ".join(texts(step))) for slug, step in load_catalog().steps.items()}
    assert {slug: value for slug, value in grades.items() if value > GRADE} == {}


def test_every_passage_reads_nearly_as_easily():
    hard = {
        (step.slug, passage.id): round(grade(passage.text), 1)
        for step in load_catalog().steps.values()
        for passage in step.guidance.values()
        if grade(passage.text) > PASSAGE_GRADE
    }
    assert hard == {}


def test_sentences_of_guidance_tasks_and_questions_are_short():
    long = [
        sentence
        for step in load_catalog().steps.values()
        for text in texts(step)
        for sentence in sentences(text)
        if len(sentence.split()) > LONGEST_SENTENCE and text not in {e.text for e in step.examples.values()}
    ]
    assert long == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_shouted_and_texts_end_as_sentences(language):
    for step in load_catalog(language).steps.values():
        for text in texts(step):
            assert "!" not in text, text
            assert text[-1] in ".?»”", text


@pytest.mark.parametrize("language", ["en", "es"])
def test_questions_are_questions(language):
    questions = load_catalog(language).questions.values()
    assert [question.id for question in questions if not question.text.endswith("?")] == []
    if language == "es":
        assert [question.id for question in questions if "¿" not in question.text] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_questions_to_residents_use_no_word_of_the_trade(language):
    trade = re.compile(
        r"\b(stakeholder|logic model|baseline|metric|modelo lógico|línea de base|indicador)", re.IGNORECASE
    )
    for question in load_catalog(language).questions.values():
        if question.who[0] == "residents":
            assert not trade.search(question.text), question.id


def test_spanish_texts_use_their_own_marks():
    for step in load_catalog("es").steps.values():
        for text in texts(step):
            assert "“" not in text, text
            assert text.count("¿") == text.count("?"), text
