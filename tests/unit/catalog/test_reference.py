"""Reference pages hold what the catalogue holds."""

from pathlib import Path

import yaml

from upward.catalog.load import DATA_FOLDER, load_catalog
from upward.catalog.reference import METRIC_KEYS, _years, reference_pages, write_reference


def test_every_metric_variable_group_unit_source_rule_and_term_stands_on_a_page():
    catalog = load_catalog()
    pages = reference_pages(catalog)
    for name in (*catalog.metrics, *catalog.variables):
        assert f"`{name}`" in pages["metrics.md"], name
    for name in (*catalog.group_types, *catalog.units, *catalog.sources, *catalog.quality_rules):
        assert f"`{name}`" in pages["catalogue.md"], name
    for source in catalog.sources.values():
        assert source.citation in pages["catalogue.md"]
    for term in catalog.glossary.values():
        assert f"**{term.term}**" in pages["glossary.md"]


def test_terms_that_are_not_confirmed_are_said_to_be_so():
    page = reference_pages(load_catalog())["catalogue.md"]
    section = page.partition("### Mobility Metrics\n")[2].partition("###")[0]
    assert "License (not confirmed)" in section
    assert "Mobility Metrics Data for the Upward Mobility Framework (v2025.01)" in section


def test_limitations_and_file_claims_are_passed_on():
    catalog = load_catalog()
    page = reference_pages(catalog)["metrics.md"]
    for metric in catalog.metrics.values():
        for text in metric.limitations:
            assert f"- Limitation: {text}" in page
        for variable in metric.variables:
            for edition in variable.editions:
                for claim in edition.file_claims:
                    assert claim in page


def test_the_keys_described_are_the_keys_that_files_use():
    described = {key for key, _kind, _meaning in METRIC_KEYS}
    used = set()
    for path in (DATA_FOLDER / "metrics").glob("*.yaml"):
        used |= yaml.safe_load(path.read_text(encoding="utf-8")).keys()
    assert used <= described
    assert described - used <= {"comparable", "not_comparable_reason"}


def test_pages_are_written_and_the_same_every_time(tmp_path):
    written = write_reference(tmp_path / "reference")
    assert {path.name for path in written} == {
        "catalogue.md",
        "metrics.md",
        "glossary.md",
        "steps.md",
        "planning.md",
        "records.md",
    }
    first = {path: Path(path).read_bytes() for path in written}
    write_reference(tmp_path / "reference")
    assert {path: path.read_bytes() for path in written} == first


def test_tables_are_not_broken_by_their_content():
    for text in reference_pages(load_catalog()).values():
        columns = 0
        for line in text.splitlines():
            if not line.startswith("|"):
                columns = 0
                continue
            cells = line.replace("\\|", "").count("|")
            assert columns in (0, cells), line
            columns = cells


def test_years_are_drawn_together():
    assert _years((2014, 2015, 2016, 2018, 2021, 2022)) == "2014–2016, 2018, 2021–2022"
    assert _years((2023,)) == "2023"
    assert _years(()) == ""
