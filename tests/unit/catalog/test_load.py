"""The catalogue loads, is frozen, has one order, and its hash follows its content."""

import dataclasses
import pickle
import shutil
import subprocess
import sys

import pytest

from upward.base.errors import UsageError
from upward.catalog.load import DATA_FOLDER, catalog_hash, load_catalog, read_catalog
from upward.catalog.reading import Problems, read_yaml


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DATA_FOLDER, tmp_path / "data")


def test_the_framework_has_three_dimensions_five_pillars_and_24_predictors():
    catalog = load_catalog()
    assert (len(catalog.dimensions), len(catalog.pillars), len(catalog.predictors)) == (3, 5, 24)
    assert [pillar.number for pillar in catalog.pillars.values()] == [1, 2, 3, 4, 5]
    assert catalog.dimensions["dignity-and-belonging"].names == {"2022": "Being valued in community"}


def test_metrics_stand_in_the_order_of_the_framework():
    listed = read_yaml(DATA_FOLDER / "framework.yaml", "framework.yaml", Problems()).identifiers("metrics")
    assert len(listed) == 26
    assert list(load_catalog().metrics) == [
        name for name in listed if (DATA_FOLDER / f"metrics/{name}.yaml").exists()
    ]


def test_a_metric_file_becomes_typed_objects():
    metric = load_catalog().metrics["college_preparation"]
    (variable,) = metric.variables
    assert metric.quality_rule == "sample-share"
    assert metric.comparable
    assert (variable.minimum, variable.maximum, variable.unit) == (0.0, 1.0, "share")
    newest = variable.editions[-1]
    assert newest.years["county"] == (2014, 2016, 2018, 2021, 2023)
    assert newest.period_years == {"county": 5, "place": 5}
    assert {coverage.group_type for coverage in variable.groups} == {"gender", "disability", "race-ethnicity"}


def test_variables_are_found_by_id_and_know_their_metric():
    catalog = load_catalog()
    for name, variable in catalog.variables.items():
        assert variable.id == name
        assert variable in catalog.metrics[variable.metric].variables


def test_the_same_object_comes_back_and_cannot_be_changed():
    catalog = load_catalog()
    assert load_catalog("en") is catalog
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalog.hash = "other"


def test_the_catalogue_survives_pickling_so_that_worker_processes_can_be_given_it():
    catalog = load_catalog("es")
    assert pickle.loads(pickle.dumps(catalog)) == catalog


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(UsageError, match=r"fr.*Known: en, es"):
        load_catalog("fr")


def test_the_hash_depends_on_content_and_names_alone(folder):
    before = catalog_hash(folder)
    assert before == catalog_hash(DATA_FOLDER) == read_catalog(folder).hash == load_catalog().hash
    (folder / "units.yaml").touch()
    assert catalog_hash(folder) == before
    with (folder / "units.yaml").open("a", encoding="utf-8") as file:
        file.write("# a comment\n")
    changed = catalog_hash(folder)
    assert changed != before
    (folder / "units.yaml").rename(folder / "unity.yaml")
    assert catalog_hash(folder) not in (before, changed)


def test_the_hash_covers_the_translations_too(folder):
    before = catalog_hash(folder)
    (folder / "locale" / "es" / "units.yaml").unlink()
    assert catalog_hash(folder) != before


def test_a_better_sentence_in_a_step_does_not_change_the_hash(folder):
    before = catalog_hash(folder)
    (folder / "locale" / "es" / "steps" / "01-approach.yaml").unlink()
    (folder / "toolkit.yaml").unlink()
    assert catalog_hash(folder) == before


def test_two_files_cannot_swap_bytes_without_changing_the_hash(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, texts in ((one, ("ab", "c")), (other, ("a", "bc"))):
        folder.mkdir()
        for name, text in zip(("x", "y"), texts, strict=True):
            (folder / name).write_text(text, encoding="utf-8")
    assert catalog_hash(one) != catalog_hash(other)


def test_importing_the_loader_reads_no_file_and_no_heavy_package():
    code = (
        "import sys; import upward.catalog.load as load;"
        "assert load._load_packaged.cache_info().currsize == 0;"
        "assert not {'polars', 'numpy', 'jinja2'} & set(sys.modules), sorted(sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_every_group_label_of_the_published_files_has_one_home():
    types = load_catalog().group_types
    assert {group.id for group in types["industry"].groups} == {
        "goods-producing",
        "public-administration",
        "trade-transit-utilities",
        "information",
        "professional",
        "education-health",
        "leisure-other",
    }
    labels = {label: group.id for group in types["neighborhood-race"].groups for label in group.published}
    assert labels["Majority White"] == labels["White neighborhoods"] == "majority-white"
    assert labels["No Majority Race/Ethnicity"] == labels["Mixed neighborhoods"] == "mixed"
