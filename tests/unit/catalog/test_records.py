"""The kinds of records: strictly read, whole, and with every field that the guide names."""

import shutil

import pytest

from upward.base.errors import CatalogError
from upward.catalog.load import DATA_FOLDER, load_catalog, read_catalog
from upward.catalog.localize import localized, missing_texts
from upward.catalog.reading import Problems
from upward.catalog.record_files import APPS, options_from, read_records
from upward.catalog.record_model import FieldKind
from upward.catalog.record_reference import records_page
from upward.catalog.step_checks import step_problems

ACTIONS = "records/actions.yaml"

#: What part (b) of the research note on the guide lists for each form, in its own words.
GUIDE_FIELDS = {
    "pinned-metric": (
        "metric, variable", "year", "lower bound", "upper bound", "quality", "peer values", "national median", "p5",
        "p95", "gap, subgroup values", "definition break flag", "limitation note", "local source available?",
        "insight text", "follow-up question", "strength/concern tag",
    ),
    "representation-form": (
        "governing body", "number of seats", "count per group, share", "source", "date", "declined",
        "other groups (gender etc.)",
    ),
    "readiness-condition": ("agreed score", "evidence", "gap", "action to build", "owner", "due", "blocking?"),
    "readiness-decision": ("overall decision", "decision-makers", "date", "conditions attached"),
    "partner": (
        "name", "actor type", "sector", "pillar(s)", "predictor(s)", "role", "levers controlled", "interest (hi/lo)",
        "influence (hi/lo)", "stance", "power source", "lived experience", "demographic/area represented",
        "relationship owner", "ask", "contribution", "engagement level", "circle", "status", "dates",
    ),
    "charter": (
        "geography", "scope", "structure", "decision rule", "meeting rhythm", "conduct", "conflict of interest",
        "data agreement", "compensation", "term", "review date",
    ),
    "data-source": (
        "dataset", "topic/predictor", "owner", "contact", "level of geography", "years", "update frequency",
        "groups available", "format", "access terms/agreement", "sensitivity", "cost", "quality notes", "equity notes",
        "status",
    ),
    "current-action": (
        "type", "lead", "predictor(s)", "population", "area", "people served", "budget & source", "period",
        "outcome evidence", "gap/overlap", "link to plan",
    ),
    "finding": (
        "statement", "pillar/predictor", "dimension(s)", "evidence: metric values with quality", "evidence: local data",
        "evidence: story", "evidence: document", "population & area", "disparity", "cause hypotheses",
        "existing response", "confidence", "open question", "status", "dissent",
    ),
    "engagement-activity": (
        "phase/step", "purpose, goal", "ladder level", "promise to public", "audience", "recruitment", "compensation",
        "accessibility", "translation", "consent", "questions", "date", "place", "stations (chart, question)",
        "facilitators", "attendance", "attendance by type", "comments", "raw notes (private)", "questions about data",
        "priorities voted", "follow-up owed", "what changed because of it", "feedback given back on",
    ),
    "cause": (
        "problem", "method", "chain of causes", "level", "evidence", "within local control?", "who holds lever",
        "priority",
    ),
    "priority": (
        "if", "then", "because", "long-term goal", "preconditions", "assumptions", "external factors",
    ),
    "strategic-action": (
        "title", "statement", "pillar/predictor(s)", "dimension(s)", "finding(s) addressed",
        "root cause(s) addressed", "systems-change condition(s)", "type", "population of focus", "place of focus",
        "equity effect", "evidence (source, strength)", "lead", "partners", "authority needed", "resources", "cost",
        "funding", "start–end", "risks", "assumptions", "feasibility", "impact", "community support", "status",
        "decision record",
    ),
    "measure": (
        "logic-model element", "type", "learning question", "name", "exact definition", "numerator", "denominator",
        "unit", "direction", "disaggregation", "source", "method", "instrument", "baseline value", "baseline year",
        "baseline quality", "gap target", "frequency", "collector", "reporter", "audience", "cost", "storage",
        "limitations", "review date", "status",
    ),
    "target": ("target value", "target year", "target basis", "objective pair", "tied to a sector"),
    "results-communication": ("audience", "horizon", "product", "channel", "owner", "date", "language"),
    "release-product": (
        "product", "audience", "channel", "message", "owner", "date", "approval", "language", "accessibility",
        "status",
    ),
    "release-event": ("date", "place", "host", "speakers", "invitees", "agenda", "follow-up"),
    "milestone": ("what", "by whom", "by when", "resources available/needed", "barriers/resistance", "whom to inform"),
    "funding": ("source", "amount", "period", "secured?"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """The packaged catalogue without metrics."""
    ignored = shutil.ignore_patterns("metrics", "published", "geographies")
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=ignored)
    (folder / "metrics").mkdir()
    return folder


def problems_after(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        read_catalog(folder)
    return caught.value.problems


@pytest.mark.parametrize("kind", GUIDE_FIELDS)
def test_every_field_of_the_guide_has_a_field_here(kind):
    held = set()
    for field in load_catalog().records[kind].fields.values():
        held |= {field.guide, field.label.lower()}
    assert [words for words in GUIDE_FIELDS[kind] if words not in held] == []


def test_every_kind_has_an_app_a_title_and_a_step_that_fills_it():
    catalog = load_catalog()
    assert {kind.app for kind in catalog.records.values()} == set(APPS)
    for kind in catalog.records.values():
        assert kind.title.needed
        assert kind.id in catalog.steps[kind.step].records
        assert any(field.listed for field in kind.fields.values())


def test_every_kind_of_field_is_used():
    fields = [field for kind in load_catalog().records.values() for field in kind.fields.values()]
    used = {item.kind for field in fields for item in (field, *field.columns.values())}
    assert used == set(FieldKind)


def test_the_thread_runs_from_evidence_to_the_measure():
    records = load_catalog().records
    stands_on = {
        name: {field.of for field in kind.links if field.stands_on} for name, kind in records.items()
    }
    assert {"pinned-metric", "local-value", "theme"} <= stands_on["finding"]
    assert "finding" in stands_on["cause"]
    assert {"cause", "finding"} <= stands_on["strategic-action"]
    assert stands_on["logic-model-element"] == {"strategic-action"}
    assert "logic-model-element" in stands_on["measure"]
    assert "measure" in stands_on["target"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_labels_are_short_and_help_is_a_sentence(language):
    for kind in load_catalog(language).records.values():
        for field in kind.fields.values():
            for item in (field, *field.columns.values()):
                assert len(item.label) <= 60, item.label
                assert item.label[-1] not in ".!"
                assert not item.help or item.help[-1] in ".»”?", item.help
                assert len(item.help.split()) <= 20, item.help


def test_nothing_is_left_untranslated():
    assert missing_texts(load_catalog(), DATA_FOLDER, "es") == ()


def test_spanish_changes_texts_and_nothing_else():
    english, spanish = load_catalog(), load_catalog("es")
    for name, kind in english.records.items():
        other = spanish.records[name]
        assert list(other.fields) == list(kind.fields)
        for field in kind.fields.values():
            twin = other.fields[field.id]
            assert (twin.kind, twin.of, twin.options_from, twin.needed, list(twin.columns)) == (
                field.kind,
                field.of,
                field.options_from,
                field.needed,
                list(field.columns),
            )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("app: strategy", "app: magic", "records.vision.app: expected one of evidence"),
        ("section: vision", "section: dream", "records.vision.section: “dream” does not exist"),
        ("kind: line", "kind: essay", "fields.title.kind: expected one of line"),
        ("title: true", "title: false", "expected exactly one field with “title: true”"),
        ("options_from: dimensions", "options_from: colors", "options_from: “colors” does not exist"),
        ("of: theme", "of: dream", "fields.themes.of: “dream” does not exist"),
        ("        of: theme\n", "", "“of” belongs to record and records"),
        ("kind: records\n", "kind: text\n", "“of” belongs to record and records"),
        ("      statement:", "      version:", "“version” cannot be the name of a field"),
        ("      statement:", "      my-text:", "“my-text” cannot be the name of a field"),
        ("needed: true", "needed: perhaps", "needed: expected true or false"),
        (
            "kind: line\n        needed: true",
            "kind: line\n        private: true\n        needed: true",
            "private",
        ),
    ],
)
def test_a_mistake_is_named_with_file_key_and_what_was_expected(folder, old, new, expected):
    problems = problems_after(folder, ACTIONS, old, new)
    assert any(problem.startswith(ACTIONS) and expected in problem for problem in problems), problems


def test_a_kind_in_two_files_is_refused(folder):
    shutil.copy(folder / ACTIONS, folder / "records" / "measures.yaml")
    with pytest.raises(CatalogError) as caught:
        read_catalog(folder)
    assert any("is also in records/actions.yaml" in problem for problem in caught.value.problems)


def test_a_file_that_is_not_named_like_a_step_is_refused(folder):
    (folder / ACTIONS).rename(folder / "records" / "dreams.yaml")
    assert "records/dreams.yaml: is not named like a step." in list(step_problems(read_catalog(folder)))


def test_a_twin_that_does_not_fit_is_refused(folder):
    path = folder / "locale/es" / ACTIONS
    path.write_text(
        path.read_text(encoding="utf-8").replace("      statement:", "      sentence:", 1), encoding="utf-8"
    )
    with pytest.raises(CatalogError) as caught:
        localized(read_catalog(folder), folder, "es")
    assert any("records.vision.fields.sentence: unknown key" in problem for problem in caught.value.problems)


def test_an_empty_folder_has_no_records(tmp_path):
    problems = Problems()
    assert read_records(tmp_path, {}, problems) == {}
    assert problems.found == []


def test_options_come_from_vocabularies_and_from_the_framework():
    catalog = load_catalog("es")
    assert options_from(catalog, "high-low")["high"] == "Alto"
    assert len(options_from(catalog, "predictors")) == 24
    assert options_from(catalog, "checklist")["dated"].endswith(".")


def test_the_page_ties_guide_field_page_and_section_together():
    catalog = load_catalog()
    page = records_page(catalog)
    for kind in catalog.records.values():
        assert f"`/plans/SLUG/records/{kind.id}/`" in page
        assert all(f"`{field.id}`" in page for field in kind.fields.values())
    assert "systems-change condition(s)" in page
