"""A mistake in a catalogue file is refused with the file, the key and what was expected; all at once."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upward.base.errors import CatalogError
from upward.catalog.load import DATA_FOLDER, read_catalog
from upward.catalog.reading import Problems, read_yaml

METRIC = "metrics/college_preparation.yaml"


@pytest.fixture
def folder(tmp_path):
    """A catalogue with the packaged framework and one metric that no later correction changes."""
    ignored = shutil.ignore_patterns("metrics", "locale", "published", "geographies")
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=ignored)
    (folder / "metrics").mkdir()
    shutil.copy(Path(__file__).parent / "files" / "college_preparation.yaml", folder / "metrics")
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


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (METRIC, "form: single\n", "form: single\nform: single\n", f"{METRIC}: form: stands twice (line 7)"),
        (METRIC, "form: single\n", "form: single\nshape: single\n", f"{METRIC}: shape: unknown key"),
        (METRIC, "form: single\n", "form: round\n", f"{METRIC}: form: expected one of single, percentiles"),
        (METRIC, "form: single\n", "", f"{METRIC}: form: missing; expected one of single"),
        (METRIC, "id: college_preparation", "id: other", f"{METRIC}: id: expected “college_preparation”"),
        (
            METRIC,
            "predictor: preparation-for-college",
            "predictor: luck",
            f"{METRIC}: predictor: “luck” does not exist",
        ),
        (METRIC, "source: acs-pums", "source: hearsay", f"{METRIC}: source: “hearsay” does not exist"),
        (
            METRIC,
            "source: acs-pums\n",
            "source: acs-pums\nfurther_sources: [hearsay]\n",
            f"{METRIC}: further_sources: “hearsay” does not exist",
        ),
        (
            METRIC,
            "        bounds: sampling\n",
            "        bounds: sampling\n        source: hearsay\n",
            ".source: “hearsay” does not exist",
        ),
        (
            METRIC,
            "quality_rule: sample-share",
            "quality_rule: none",
            f"{METRIC}: quality_rule: “none” does not exist",
        ),
        (METRIC, "unit: share", "unit: furlong", f"{METRIC}: variables[share_hs_degree].unit: “furlong”"),
        (
            METRIC,
            "minimum: 0",
            "minimum: low",
            "variables[share_hs_degree].minimum: expected a number or null",
        ),
        (METRIC, "minimum: 0", "minimum: 2", "variables[share_hs_degree]: minimum 2 is above maximum 1"),
        (METRIC, "zero: value", "zero: nothing", "variables[share_hs_degree].zero: expected one of value"),
        (METRIC, "breaks: []", "breaks: none", f"{METRIC}: breaks: expected a list"),
        (METRIC, "[female, male]", "[female, men]", ".groups[gender].groups: “men” does not exist"),
        (METRIC, "[female, male]", "[female, female]", ".groups[gender].groups[1]: “female” stands twice"),
        (
            METRIC,
            "bounds: sampling",
            "bounds: wide",
            ".editions[2025].bounds: expected one of none, sampling",
        ),
        (
            METRIC,
            "all_row_is_overall: true",
            "all_row_is_overall: yes",
            "expected true or false, found “yes”",
        ),
        (METRIC, "2014, 2018, 2021]", "2018, 2014, 2021]", "years.county[1]: expected years in rising order"),
        (METRIC, "county: [2014", "county: [14", "years.county[0]: expected a year of four digits"),
        (METRIC, "years: {county", "years: {parish", "years.parish: unknown key; known here: county, place"),
        (METRIC, "short: High school degree", "short: 2014", f"{METRIC}: short: expected text, found “2014”"),
        (METRIC, "short: High school degree", "short: true", f"{METRIC}: short: expected text, found “true”"),
        (METRIC, "short: High school degree", "short: ''", f"{METRIC}: short: is empty"),
        (
            METRIC,
            "short: High school degree",
            "short: [a, b]",
            f"{METRIC}: short: expected text in line 5, found a list",
        ),
        (METRIC, "short: High school degree", "short: a <script>", f"{METRIC}: short: expected plain text"),
        (METRIC, "short: High school degree", "short: 'a {{ b }}'", f"{METRIC}: short: expected plain text"),
        (
            METRIC,
            "short: High school degree",
            "short: !!python/none x",
            f"{METRIC}: short: expected text in line 5",
        ),
        (
            "units.yaml",
            "decimals: 1",
            "decimals: 1.5",
            "units.yaml: units.share.decimals: expected a whole number",
        ),
        ("units.yaml", "  share:\n", "  Share:\n", "units.yaml: units.Share: expected an id"),
        (
            "groups.yaml",
            "divides: residents",
            "divides: people",
            "groups.yaml: group_types.all.divides: expected one of",
        ),
        (
            "groups.yaml",
            "overlapping: false",
            "overlapping: 0",
            "group_types.all.overlapping: expected true or false",
        ),
        (
            "framework.yaml",
            'edition: "2022"',
            'edition: "1999"',
            "vintages.2021.edition: “1999” does not exist",
        ),
        (
            "framework.yaml",
            "pillar: neighborhoods",
            "pillar: arch",
            "predictors.housing-affordability.pillar: “arch”",
        ),
        ("quality.yaml", '"3":', '"4":', "quality.yaml: levels.4: expected one of 1, 2, 3, none"),
        (
            "sources.yaml",
            "licence_confirmed: false",
            "licence_confirmed: maybe",
            "expected true or false, found “maybe”",
        ),
        ("glossary.yaml", "terms:", "words:", "glossary.yaml: terms: missing; expected a mapping"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_what_was_expected(folder, name, old, new, expected):
    change(folder, name, old, new)
    problems = problems_of(folder)
    assert any(expected in problem and problem.startswith(name) for problem in problems), problems


def test_all_mistakes_of_all_files_come_together(folder):
    change(folder, METRIC, "form: single", "form: round")
    change(folder, METRIC, "zero: value", "zero: nothing")
    change(folder, "units.yaml", "scale: 100", "scale: many")
    problems = problems_of(folder)
    assert len(problems) == 3
    assert len({problem.partition(":")[0] for problem in problems}) == 2


def test_a_metric_file_that_the_framework_does_not_list_is_a_problem(folder):
    change(folder, "framework.yaml", "  - college_preparation\n", "")
    assert f"{METRIC}: is not in the list “metrics” of framework.yaml." in problems_of(folder)


def test_a_variable_in_two_metrics_is_refused(folder):
    other = folder / "metrics" / "preschool.yaml"
    text = (folder / METRIC).read_text(encoding="utf-8")
    other.write_text(text.replace("id: college_preparation", "id: preschool", 1), encoding="utf-8")
    assert any("variables[share_hs_degree]: is also in metric" in problem for problem in problems_of(folder))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"a: [1\n", "is not valid YAML"),
        (b"a: b: c\n", "is not valid YAML"),
        (b"", "expected a mapping"),
        (b"- a\n", "expected a mapping"),
        (b"a: 1\n---\nb: 2\n", "is not valid YAML"),
        (b"a: \x00\n", "is not valid YAML"),
        (b"a: *b\n", "is not valid YAML"),
    ],
)
def test_an_unreadable_file_is_a_problem_of_that_file(folder, content, expected):
    (folder / "units.yaml").write_bytes(content)
    assert any(p.startswith("units.yaml: ") and expected in p for p in problems_of(folder))


def test_a_missing_file_is_a_problem_of_that_file(folder):
    (folder / "sources.yaml").unlink()
    assert any(p.startswith("sources.yaml: cannot be read") for p in problems_of(folder))


def test_words_that_other_readers_take_for_truth_values_stay_text(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text('no: "no"\nnorway: NO\nzip: "01234"\n', encoding="utf-8")
    problems = Problems()
    fields = read_yaml(path, "a.yaml", problems)
    assert [fields.text(key) for key in ("no", "norway", "zip")] == ["no", "NO", "01234"]
    fields.done()
    assert not problems.found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode())))
def test_no_content_of_a_file_makes_the_reader_fail_in_another_way(tmp_path, content):
    path = tmp_path / "any.yaml"
    path.write_bytes(content)
    problems = Problems()
    fields = read_yaml(path, "any.yaml", problems)
    for key in fields.names():
        fields.text(key)
        fields.years_by_level(key)
        fields.number_or_none(key)
    fields.done()
    assert all(problem.startswith("any.yaml: ") for problem in problems.found)
