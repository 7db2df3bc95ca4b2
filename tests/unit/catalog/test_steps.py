"""The ten steps: strictly read, whole, with ids that never change and texts that people can read."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from upward.base.errors import CatalogError
from upward.catalog.load import DATA_FOLDER, load_catalog, read_catalog
from upward.catalog.localize import localized, missing_texts
from upward.catalog.reading import Problems
from upward.catalog.step_checks import step_problems
from upward.catalog.step_files import read_steps, step_file
from upward.catalog.step_model import AnswerKind, Basis, Marker
from upward.catalog.step_reference import STEP_KEYS, planning_page, steps_page

FIRST = "steps/01-approach.yaml"
THIRD = "steps/03-readiness.yaml"
GOLDEN = Path(__file__).parent / "files" / "step_ids.txt"


@pytest.fixture
def folder(tmp_path):
    """The packaged catalogue without metrics."""
    ignored = shutil.ignore_patterns("metrics", "published", "geographies")
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=ignored)
    (folder / "metrics").mkdir()
    return folder


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems_of(folder):
    with pytest.raises(CatalogError) as caught:
        read_catalog(folder)
    return caught.value.problems


def test_the_steps_are_ten_and_whole():
    catalog = load_catalog()
    assert list(step_problems(catalog)) == []
    assert [step.number for step in catalog.steps.values()] == list(range(1, 11))
    assert [step.word for step in catalog.steps.values()] == [
        "Approach",
        "Metrics",
        "Readiness",
        "Coalition",
        "Findings",
        "Community",
        "Actions",
        "Measures",
        "Release",
        "Momentum",
    ]


def test_ids_are_those_that_answers_are_stored_under():
    """An id may be added at the end of the list; one that is gone or renamed would orphan people's answers."""
    catalog = load_catalog()
    ids = [*catalog.tasks, *catalog.questions]
    ids += [f"{item.id}: {option}" for item in catalog.questions.values() for option in item.options]
    ids += [f"{word.id}/{entry}" for word in catalog.vocabularies.values() for entry in word.entries]
    ids += [f"step {slug}" for slug in catalog.steps] + [f"chapter {name}" for name in catalog.chapters]
    ids += [f"record {name}" for name in catalog.records] + [f"section {name}" for name in catalog.outline]
    ids += [f"item {name}" for name in catalog.checklist]
    ids += [f"field {kind.id}.{name}" for kind in catalog.records.values() for name in kind.fields]
    known = GOLDEN.read_text(encoding="utf-8").split("\n")[:-1]
    assert set(known) - set(ids) == set(), "an id that answers may rest on is gone"
    assert set(ids) - set(known) == set(), f"new ids: add them to {GOLDEN.name}"


def test_steps_seven_and_eight_go_side_by_side_and_nothing_else_does():
    steps = load_catalog().steps
    assert {slug: step.beside for slug, step in steps.items() if step.beside} == {
        "actions": ("measures",),
        "measures": ("actions",),
    }


def test_pages_of_the_guide_that_were_not_found_are_said_to_be_so():
    steps = load_catalog().steps
    for slug in ("coalition", "actions", "release"):
        assert "was not found" in steps[slug].coverage
        assert f"guide-step-{steps[slug].number}" not in steps[slug].reading
    for slug in steps.keys() - {"coalition", "actions", "release"}:
        assert "opening" in steps[slug].coverage


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (FIRST, "number: 1\n", "number: 2\n", "number: expected “1” as in the name of the file"),
        (FIRST, "slug: approach\n", "slug: method\n", "slug: expected “approach” as in the name"),
        (FIRST, "word: Approach\n", "word: Approach\nshort: A\n", "short: unknown key"),
        (FIRST, "word: Approach\n", "", "word: missing; expected text"),
        (FIRST, "    marker: key concept\n", "    marker: idea\n", "marker: expected one of key concept"),
        (FIRST, "    basis: seen\n", "    basis: certain\n", "basis: expected one of seen, opening"),
        (FIRST, "  s01.t02:\n    title", "  s01.t01:\n    title", "tasks.s01.t01: stands twice"),
        (FIRST, "  s01.t05:", "  s02.t05:", "tasks.s02.t05: expected an id like s01.t01"),
        (FIRST, "minutes: 45", "minutes: 0", "tasks.s01.t01.minutes: expected one minute or more"),
        (FIRST, "minutes: 45", "minutes: long", "tasks.s01.t01.minutes: expected a whole number"),
        (
            FIRST,
            "who: [project-lead, leadership]",
            "who: []",
            "tasks.s01.t01.who: expected at least one role",
        ),
        (FIRST, "who: [project-lead,", "who: [boss,", "tasks.s01.t01.who: “boss” does not exist"),
        (FIRST, "chapter: embarking", "chapter: ending", "chapter: “ending” does not exist"),
        (FIRST, "      s01.t02: ", "      s01.t77: ", "tasks.s01.t03.after: “s01.t77” does not exist"),
        (FIRST, "      s01.t02: ", "      s01.t05: ", "after: waits for itself"),
        (FIRST, "records: [shared-approach]", "records: [dream]", "records: “dream” does not exist"),
        (FIRST, "reading: [guide-introduction,", "reading: [a-book,", "reading: “a-book” does not exist"),
        (
            FIRST,
            "task: s01.t03",
            "task: s02.t01",
            "“s02.t01” does not exist; expected a task of the same step",
        ),
        (FIRST, "options_from: dimensions", "options_from: colors", "options_from: “colors” does not exist"),
        (FIRST, "    options_from: dimensions\n", "", "options: missing; a question of kind “choices”"),
        (FIRST, "kind: text", "kind: essay", "kind: expected one of text, long text"),
        (
            FIRST,
            "    kind: choice\n",
            "    kind: text\n",
            "options: a question of kind “text” has no options",
        ),
        (THIRD, "options_from: readiness-scale", "options_from: sectors", "expected whole numbers in rising"),
        (THIRD, "  approach:\n    what", "  arrival:\n    what", "uses: “arrival” does not exist"),
        ("toolkit.yaml", "number: 1", "number: one", "chapters.embarking.number: expected a whole number"),
        ("records/approach.yaml", "    plural:", "    many:", "records.shared-approach.many: unknown key"),
        ("readings.yaml", "publisher:", "editor:", "editor: unknown key"),
        ("vocabularies.yaml", "use:", "for:", "for: unknown key"),
        ("plan-outline.yaml", "step: release", "step: party", "sections.letter.step: “party” does not exist"),
        ("plan-outline.yaml", "section: short-version", "section: end", "“end” does not exist"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_what_was_expected(folder, name, old, new, expected):
    change(folder, name, old, new)
    problems = problems_of(folder)
    assert any(expected in problem and problem.startswith(name) for problem in problems), problems


def test_an_id_in_two_steps_is_refused(folder):
    change(folder, "steps/02-metrics.yaml", "  s02.t01:\n", "  s01.t01:\n")
    problems = problems_of(folder)
    assert "steps/02-metrics.yaml: tasks.s01.t01: is also in step “approach”." in problems


def test_a_file_without_a_number_in_its_name_is_refused(folder):
    (folder / FIRST).rename(folder / "steps" / "approach.yaml")
    assert any("expected a name like 01-approach.yaml" in problem for problem in problems_of(folder))


def test_two_files_of_one_slug_are_refused(folder):
    shutil.copy(folder / FIRST, folder / "steps" / "11-approach.yaml")
    assert any("another file has the slug “approach”" in problem for problem in problems_of(folder))


def test_a_step_that_is_not_whole_is_named(folder):
    (folder / "steps" / "10-momentum.yaml").unlink()
    change(folder, "plan-outline.yaml", "step: momentum", "step: release")
    change(folder, FIRST, "word: Approach", "word: Our approach")
    path = folder / FIRST
    path.write_text(path.read_text().replace("    marker: caution\n", ""), encoding="utf-8")
    found = list(step_problems(read_catalog(folder)))
    assert "steps: expected files numbered 1 to 10, found [1, 2, 3, 4, 5, 6, 7, 8, 9]." in found
    assert f"{FIRST}: word: expected one word of at most 12 letters." in found
    assert f"{FIRST}: guidance: no passage carries the marker “caution”." in found
    assert "records/momentum.yaml: records.milestone: no step fills it." in found


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (FIRST, "  s01.t01:", "  s01.t09:", "tasks.s01.t09: unknown key"),
        (FIRST, "    title: Leer juntos", "    minutes: 3\n    title: Leer juntos", "minutes: unknown key"),
        (FIRST, "good:\n", "good:\n  - Una más.\n", "good: expected 4 texts as in English, found 5"),
        (FIRST, "      older:", "      elder:", "questions.s01.q03.options.elder: unknown key"),
        ("toolkit.yaml", "  embarking:", "  beginning:", "chapters.beginning: unknown key"),
        (
            "vocabularies.yaml",
            "      housing:",
            "      homes:",
            "vocabularies.sectors.entries.homes: unknown",
        ),
        ("plan-outline.yaml", "  letter:", "  envelope:", "sections.envelope: unknown key"),
    ],
)
def test_a_twin_that_does_not_fit_is_refused(folder, name, old, new, expected):
    change(folder, f"locale/es/{name}", old, new)
    with pytest.raises(CatalogError) as caught:
        localized(read_catalog(folder), folder, "es")
    found = caught.value.problems
    assert any(problem.startswith(f"locale/es/{name}: ") and expected in problem for problem in found), found


def test_a_missing_twin_is_named_text_by_text(folder):
    english = read_catalog(folder)
    assert missing_texts(english, folder, "es") == ()
    (folder / "locale" / "es" / THIRD).unlink()
    missing = missing_texts(english, folder, "es")
    assert f"locale/es/{THIRD}: tasks.s03.t06.title" in missing
    assert f"locale/es/{THIRD}: tasks.s03.t06.after.s03.t04" in missing
    assert localized(english, folder, "es").steps["readiness"].name == "Check that we are ready"


def test_spanish_changes_texts_and_nothing_else():
    english, spanish = load_catalog("en"), load_catalog("es")
    for name, task in english.tasks.items():
        other = spanish.tasks[name]
        assert (task.minutes, task.who, task.records, task.needed, list(task.after)) == (
            other.minutes,
            other.who,
            other.records,
            other.needed,
            list(other.after),
        )
        assert task.title != other.title
        assert spanish.steps[task.step].tasks[name] is other
    for name, question in english.questions.items():
        assert list(question.options) == list(spanish.questions[name].options)
        assert question.text != spanish.questions[name].text


def test_tasks_begin_with_a_verb_and_ask_for_proof():
    first_words = {task.title.split()[0] for task in load_catalog().tasks.values()}
    assert not first_words & {"The", "A", "An", "Our", "All", "What", "Who", "How"}
    for task in load_catalog().tasks.values():
        assert task.title[-1] not in ".!?"
        assert task.evidence.endswith(".")
    infinitives = [task.title.split()[0] for task in load_catalog("es").tasks.values()]
    assert [word for word in infinitives if not re.search(r"([aei]r|se)$", word)] == []


def test_every_kind_of_answer_and_marker_and_basis_is_used():
    catalog = load_catalog()
    assert {question.kind for question in catalog.questions.values()} == set(AnswerKind)
    passages = [passage for step in catalog.steps.values() for passage in step.guidance.values()]
    assert {passage.marker for passage in passages} == {*Marker, None}
    assert {passage.basis for passage in passages} == set(Basis)


def test_the_pages_hold_every_task_question_record_word_and_reading():
    catalog = load_catalog()
    steps, planning = steps_page(catalog), planning_page(catalog)
    for name in (*catalog.tasks, *catalog.questions):
        assert f"`{name}`" in steps
    for step in catalog.steps.values():
        assert step.coverage in steps
        assert all(passage.title in steps for passage in step.guidance.values())
    for name in (*catalog.records, *catalog.vocabularies, *catalog.outline, *catalog.checklist):
        assert f"`{name}`" in planning
    assert all(text.title in planning for text in catalog.readings.values())


def test_the_keys_described_are_the_keys_that_step_files_use():
    described = {key for key, _kind, _meaning in STEP_KEYS}
    used = set()
    for path in (DATA_FOLDER / "steps").glob("*.yaml"):
        used |= yaml.safe_load(path.read_text(encoding="utf-8")).keys()
    assert used == described


def test_an_empty_folder_has_no_steps(tmp_path):
    problems = Problems()
    assert read_steps(tmp_path, problems) == {}
    assert problems.found == []


def test_the_name_of_a_file_is_made_from_number_and_slug():
    assert [step_file(step) for step in load_catalog().steps.values()][::9] == [
        FIRST,
        "steps/10-momentum.yaml",
    ]
