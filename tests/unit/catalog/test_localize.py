"""Spanish twins: they change texts alone, must fit the English files, and lack nothing."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from upward.base.errors import CatalogError
from upward.catalog import model
from upward.catalog.load import DATA_FOLDER, load_catalog, read_catalog
from upward.catalog.localize import localized, missing_texts

FILES = Path(__file__).parent / "files"
TWIN = """
name: Proporción de jóvenes de 19 y 20 años con diploma de secundaria
short: Diploma de secundaria
definition: De cada 100 residentes de 19 y 20 años, cuántos han terminado la secundaria.
universe: Residentes de 19 y 20 años.
formula: Media ponderada.
weights: Peso de la persona y 80 pesos de réplica.
estimator: media de encuesta
source_words: Microdatos de la encuesta.
suppression: Menos de 30 casos.
limitations: [Uno., Dos., Tres.]
supplements: [Tasas de graduación.]
variables:
  share_hs_degree:
    label: Proporción con diploma
    short: Con diploma
    editions:
      "2022": {definition_note: Un año.}
      "2025": {definition_note: Cinco años., file_claims: [El formulario dice otra cosa.]}
"""


@pytest.fixture
def folder(tmp_path):
    """The packaged framework with its twins, and one metric with a twin of its own."""
    ignored = shutil.ignore_patterns("metrics", "published", "geographies")
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data", ignore=ignored)
    (folder / "metrics").mkdir()
    shutil.copy(FILES / "college_preparation.yaml", folder / "metrics")
    (folder / "locale" / "es" / "metrics").mkdir()
    (folder / "locale" / "es" / "metrics" / "college_preparation.yaml").write_text(TWIN, encoding="utf-8")
    return folder


def twin(folder, name):
    return folder / "locale" / "es" / name


def change(folder, name, old, new):
    path = twin(folder, name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems_of(folder):
    with pytest.raises(CatalogError) as caught:
        localized(read_catalog(folder), folder, "es")
    return caught.value.problems


def test_a_complete_twin_lacks_nothing_and_translates_every_level(folder):
    english = read_catalog(folder)
    spanish = localized(english, folder, "es")
    assert missing_texts(english, folder, "es") == ()
    metric = spanish.metrics["college_preparation"]
    assert metric.limitations == ("Uno.", "Dos.", "Tres.")
    assert spanish.variables["share_hs_degree"] is metric.variables[0]
    assert metric.variables[0].editions[1].file_claims == ("El formulario dice otra cosa.",)
    assert spanish.units["residents_per_physician"].suffix == " a 1"
    assert spanish.dimensions["dignity-and-belonging"].names == {"2022": "Ser valorado en la comunidad"}


def test_numbers_ids_and_order_stay_as_they_are(folder):
    english = read_catalog(folder)
    spanish = localized(english, folder, "es")
    assert _without_text(spanish) == _without_text(english)
    assert spanish.hash == english.hash


def test_a_missing_text_stands_in_english_and_is_named(folder):
    change(folder, "metrics/college_preparation.yaml", "short: Diploma de secundaria\n", "")
    english = read_catalog(folder)
    assert localized(english, folder, "es").metrics["college_preparation"].short == "High school degree"
    assert missing_texts(english, folder, "es") == ("locale/es/metrics/college_preparation.yaml: short",)


def test_a_missing_twin_leaves_the_whole_file_in_english(folder):
    twin(folder, "units.yaml").unlink()
    english = read_catalog(folder)
    assert localized(english, folder, "es").units == english.units
    missing = missing_texts(english, folder, "es")
    assert "locale/es/units.yaml: units.share.name" in missing
    assert len(missing) == len([text for text in missing if "units.yaml" in text])


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("units.yaml", "  share:", "  sharing:", "units.sharing: unknown key"),
        (
            "units.yaml",
            "{name: número, ",
            "{name: número, decimals: 2, ",
            "units.count.decimals: unknown key",
        ),
        (
            "units.yaml",
            "{name: número, ",
            "{name: número, prefix: '~', ",
            "units.count.prefix: is empty in English",
        ),
        ("groups.yaml", "hispanic:", "latino:", "groups.latino: unknown key"),
        (
            "framework.yaml",
            '"2022": Ser',
            '"2025": Ser',
            "dimensions.dignity-and-belonging.names.2025: unknown key",
        ),
        (
            "metrics/college_preparation.yaml",
            "[Uno., Dos., Tres.]",
            "[Uno.]",
            "limitations: expected 3 texts",
        ),
        ("metrics/college_preparation.yaml", '"2025":', '"2024":', "editions.2024: unknown key"),
        (
            "metrics/college_preparation.yaml",
            "share_hs_degree:",
            "share_degree:",
            "variables.share_degree: unknown",
        ),
        (
            "metrics/college_preparation.yaml",
            "name: Prop",
            "breaks: [{reason: a, short: b}]\nname: Prop",
            "breaks: expected 0 entries",
        ),
        ("quality.yaml", "cv-turnout:", "cv-election:", "rules.cv-election: unknown key"),
    ],
)
def test_a_twin_that_does_not_fit_is_refused_with_file_and_key(folder, name, old, new, expected):
    change(folder, name, old, new)
    assert any(p.startswith(f"locale/es/{name}: ") and expected in p for p in problems_of(folder))


def test_a_twin_without_an_english_file_is_refused(folder):
    twin(folder, "metrics/luck.yaml").write_text("name: Suerte\n", encoding="utf-8")
    assert "locale/es/metrics/luck.yaml: has no English file." in problems_of(folder)


def test_two_coverages_of_a_type_are_told_apart_by_edition(folder):
    path = folder / "metrics" / "college_preparation.yaml"
    text = path.read_text(encoding="utf-8")
    text += """      - group_type: gender
        groups: [female, male]
        years: {county: [2018]}
        edition: "2022"
        period_years: 1
        all_row_is_overall: true
        note: One year.
"""
    path.write_text(text, encoding="utf-8")
    note = "    groups: {gender/2022: {note: Un año.}}\n"
    twin_path = twin(folder, "metrics/college_preparation.yaml")
    twin_path.write_text(twin_path.read_text(encoding="utf-8") + note, encoding="utf-8")
    english = read_catalog(folder)
    groups = localized(english, folder, "es").variables["share_hs_degree"].groups
    notes = {(coverage.group_type, coverage.edition): coverage.note for coverage in groups}
    assert notes["gender", "2022"] == "Un año."
    assert notes["gender", "2025"] == ""


def test_the_packaged_spanish_catalogue_lacks_nothing():
    assert missing_texts(load_catalog("en"), DATA_FOLDER, "es") == ()


def test_spanish_texts_are_translations_and_not_copies():
    english, spanish = load_catalog("en"), load_catalog("es")
    for name, metric in english.metrics.items():
        assert spanish.metrics[name].definition != metric.definition, name
    for name, term in english.glossary.items():
        assert spanish.glossary[name].definition != term.definition, name


def _without_text(value):
    """Return the value with every text longer than a word or id, and every unit's affixes, left out."""
    if isinstance(value, model.Unit):
        return (value.id, value.scale, value.decimals)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = (
            "id",
            "predictor",
            "metric",
            "unit",
            "source",
            "quality_rule",
            "form",
            "direction",
            "edition",
            "years",
        )
        kept += (
            "bounds",
            "bounds_years",
            "group_type",
            "period_years",
            "minimum",
            "maximum",
            "zero",
            "group",
        )
        kept += (
            "variables",
            "editions",
            "groups",
            "metrics",
            "units",
            "sources",
            "pillars",
            "number",
            "published",
        )
        kept += (
            "comparable",
            "address",
            "citation",
            "publisher",
            "licence_confirmed",
            "rank",
            "value",
            "hash",
        )
        names = [field.name for field in dataclasses.fields(value) if field.name in kept]
        return {name: _without_text(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {key: _without_text(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_without_text(item) for item in value)
    return value
