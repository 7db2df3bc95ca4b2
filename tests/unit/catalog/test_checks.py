"""The packaged catalogue is whole; and each check notices what it is there to notice."""

import shutil
from dataclasses import replace

from upward.catalog import checks
from upward.catalog.load import DATA_FOLDER, load_catalog


def test_the_packaged_catalogue_is_complete():
    assert checks.check_catalog() == ()


def test_a_metric_without_a_file_is_named(tmp_path):
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data")
    (folder / "metrics" / "college_preparation.yaml").unlink()
    (folder / "locale" / "es" / "metrics" / "college_preparation.yaml").unlink(missing_ok=True)
    problems = checks.check_catalog(folder)
    assert "metrics/college_preparation.yaml: missing; framework.yaml lists it." in problems
    assert "framework.yaml: predictors.preparation-for-college: no metric measures it." in problems


def test_a_missing_translation_is_named(tmp_path):
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data")
    (folder / "locale" / "es" / "glossary.yaml").unlink()
    assert any(
        problem.startswith("locale/es/glossary.yaml: terms.puma.definition: missing")
        for problem in checks.check_catalog(folder)
    )


def test_a_lost_predictor_is_noticed():
    catalog = load_catalog()
    fewer = {name: item for name, item in catalog.predictors.items() if name != "just-policing"}
    metrics = {name: item for name, item in catalog.metrics.items() if item.predictor != "just-policing"}
    problems = list(checks.framework_problems(replace(catalog, predictors=fewer, metrics=metrics)))
    assert "framework.yaml: predictors: expected 4 in pillar “governance”, found 3." in problems


def test_metrics_out_of_the_order_of_predictors_are_noticed():
    catalog = load_catalog()
    backwards = dict(reversed(catalog.metrics.items()))
    changed = replace(catalog, metrics=backwards)
    assert "framework.yaml: metrics: expected the order of the predictors." in checks.framework_problems(
        changed
    )


def test_ranks_that_do_not_rise_are_noticed():
    catalog = load_catalog()
    vintages = {name: replace(vintage, rank=1) for name, vintage in catalog.vintages.items()}
    problems = list(checks.framework_problems(replace(catalog, vintages=vintages)))
    assert any("expected ranks that rise" in problem for problem in problems)


def test_a_metric_without_limitations_and_a_break_outside_its_years_are_noticed():
    from upward.catalog.model import Break

    catalog = load_catalog()
    metric = replace(
        catalog.metrics["college_preparation"],
        limitations=(),
        city_limitations=1,
        breaks=(Break(after=1999, before=2001, kind="source", reason="Long ago.", short="old"),),
    )
    problems = list(checks.metric_problems(replace(catalog, metrics={metric.id: metric})))
    assert len(problems) == 3
    assert "limitations: expected at least one" in problems[0]
    assert "city_limitations: expected 0 to 0" in problems[1]
    assert "breaks[0]: 1999 to 2001 is no break within the published years 2014 to 2023" in problems[2]


def test_local_data_named_for_what_the_metric_does_not_hold_or_that_do_not_exist_are_noticed():
    catalog = load_catalog()
    metric = replace(
        catalog.metrics["income"], supplements_for={"race-ethnicity": 9, "tenure": 1, "gender": 0}
    )
    problems = list(checks.metric_problems(replace(catalog, metrics={metric.id: metric})))
    assert [problem.split(": expected")[0] for problem in problems] == [
        "metrics/income.yaml: supplements_for.race-ethnicity",
        "metrics/income.yaml: supplements_for.tenure",
    ]


def test_crime_must_never_be_marked_comparable():
    catalog = load_catalog()
    crime = replace(catalog.metrics["college_preparation"], id="crime", comparable=True)
    problems = list(checks.metric_problems(replace(catalog, metrics={"crime": crime})))
    assert "metrics/crime.yaml: comparable: expected false; its source forbids comparing places." in problems


def test_a_label_shared_by_two_groups_and_an_unused_type_are_noticed():
    catalog = load_catalog()
    gender = catalog.group_types["gender"]
    same = replace(gender, groups=tuple(replace(group, published=("Female",)) for group in gender.groups))
    idle = replace(gender, id="idle")
    problems = list(checks.group_problems(replace(catalog, group_types={"gender": same, "idle": idle})))
    assert "groups.yaml: group_types.gender: the label “Female” stands 2 times." in problems
    assert "groups.yaml: group_types.idle: no variable uses it." in problems


def test_a_unit_without_a_place_for_the_number_is_noticed():
    catalog = load_catalog()
    units = {"count": replace(catalog.units["count"], words="many")}
    assert list(checks.unit_problems(replace(catalog, units=units), "locale/es/")) == [
        "locale/es/units.yaml: units.count.words: expected {value} once, found “many”."
    ]
