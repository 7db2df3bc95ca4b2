"""A site of the sample as a reader meets it: complete, valid, linked, light, the same bytes every time."""

from __future__ import annotations

import csv
import gzip
import hashlib
import itertools
import json
import random
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from crawling import Crawl, targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_html import numbers, parse, words

from upward.catalog.load import load_catalog
from upward.catalog.questions import load_questions
from upward.pipeline.site import publish_site
from upward.present.maps import mapped_variables
from upward.warehouse.read import Release

TODAY = date(2026, 11, 24)
#: Pages of published places stay below 200 kB (tests/real); a sample place has every group of every metric, and each
#: of its drawings says that it is invented.
MOST_BYTES = 215_000


def chosen(release: Release, level: str | None = None):
    places = sorted(release.all_places(level), key=lambda place: (-(place.population or 0), place.geo_id))
    return [*places[:2], places[-1]]


def digest(folder: Path) -> dict[str, str]:
    """Every file's checksum, but for the marker that names the options."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def site(sample_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Places of every kind of the sample in both languages."""
    folder = tmp_path_factory.mktemp("site") / "site"
    places = [place for level in ("county", "place") for place in chosen(sample_release, level)]
    publish_site(sample_release, folder, places=places, languages=("en", "es"), processes=1, today=TODAY)
    return folder


@pytest.fixture(scope="module")
def crawl(site: Path) -> Crawl:
    return Crawl(site).walk("index.html", "404.html")


def test_every_link_leads_to_a_file_of_the_site_and_to_a_place_in_it(crawl: Crawl) -> None:
    assert crawl.broken == []


def test_nothing_is_loaded_or_linked_outside_the_folder(crawl: Crawl) -> None:
    assert crawl.outside == set()


def test_every_page_of_the_folder_can_be_reached_from_the_start(site: Path, crawl: Crawl) -> None:
    assert set(site.rglob("*.html")) == set(crawl.pages)


def test_every_place_has_its_pages_and_files_in_both_languages(site: Path, sample_release: Release) -> None:
    for place in (*chosen(sample_release, "county"), *chosen(sample_release, "place")):
        for folder in (site, site / "es"):
            assert (folder / "places" / f"{place.geo_id}.html").is_file()
            assert (folder / "places" / f"{place.geo_id}-tables.html").is_file()
            assert (folder / "data" / f"{place.geo_id}.xlsx").is_file()
        assert (site / "data" / f"{place.geo_id}.csv").is_file()
        assert (site / "data" / f"{place.geo_id}.json").is_file()


def test_pages_name_their_language_and_lead_to_their_twin(site: Path, crawl: Crawl) -> None:
    for path, tree in crawl.pages.items():
        spanish = (site / "es") in path.parents
        assert tree.get("lang") == ("es" if spanish else "en")
        twin = {link.get("hreflang") for link in tree.iter("a") if link.get("hreflang")}
        assert twin == {"en" if spanish else "es"}


def test_no_page_holds_a_script_or_a_style_of_its_own(crawl: Crawl) -> None:
    for path, tree in crawl.pages.items():
        assert not [item for item in tree.iter("script") if not item.get("src") or words(item)], path
        assert not list(tree.iter("style")), path
        for element in tree.iter():
            assert element.get("style") is None, path
            assert not [key for key in element.attrib if str(key).startswith("on")], path


def test_place_pages_stay_light_and_share_one_style_sheet(site: Path, crawl: Crawl) -> None:
    sizes = {path: path.stat().st_size for path in crawl.pages if path.parent.name == "places"}
    assert max(sizes.values()) < MOST_BYTES
    sheets = {
        target.rsplit("/", 1)[-1]
        for tree in crawl.pages.values()
        for target in targets(tree)
        if ".css" in target
    }
    assert sheets == {"site.css"}


def test_every_page_has_one_title_headings_in_order_and_unique_names(crawl: Crawl) -> None:
    for path, tree in crawl.pages.items():
        levels = [int(item.tag[1]) for item in tree.iter() if item.tag in ("h1", "h2", "h3", "h4")]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), path
        ids = [item.get("id") for item in tree.iter() if item.get("id")]
        assert len(ids) == len(set(ids)), path
        assert words(next(tree.iter("title"))), path


def test_every_page_says_that_the_numbers_are_invented(crawl: Crawl) -> None:
    for tree in crawl.pages.values():
        banners = [item for item in tree.iter("p") if item.get("class") == "sample"]
        assert len(banners) == 1


def test_a_place_page_and_its_tables_hold_the_same_metrics(site: Path, sample_release: Release) -> None:
    place = chosen(sample_release)[0]
    page = parse((site / "places" / f"{place.geo_id}.html").read_text(encoding="utf-8"))
    tables = parse((site / "places" / f"{place.geo_id}-tables.html").read_text(encoding="utf-8"))
    rows = [item.get("id") for item in page.iter("article")]
    entries = [item.get("id") for item in tables.iter("div") if item.get("class") == "entry"]
    assert set(rows) <= set(entries)
    assert rows == [entry for entry in entries if entry in rows]


def test_the_numbers_drawn_on_a_page_stand_in_its_tables(site: Path, sample_release: Release) -> None:
    for place in chosen(sample_release):
        page = parse((site / "places" / f"{place.geo_id}.html").read_text(encoding="utf-8"))
        tables = parse((site / "places" / f"{place.geo_id}-tables.html").read_text(encoding="utf-8"))
        entries = {item.get("id"): words(item) for item in tables.iter("div") if item.get("class") == "entry"}
        for article in page.iter("article"):
            for svg in article.iter("{http://www.w3.org/2000/svg}svg"):
                spoken = svg.get("aria-label")
                if spoken:
                    assert spoken.rstrip(".") in entries[article.get("id")]


def test_crime_and_arrests_have_no_map_and_no_story(site: Path) -> None:
    catalog = load_catalog("en")
    for metric in (catalog.metrics["crime"], catalog.metrics["juvenile_arrests"]):
        assert mapped_variables(metric) == ()
        assert not (site / "maps" / metric.id).exists()
        assert not any((site / "maps" / f"{variable.id}.html").exists() for variable in metric.variables)
        text = (site / "metrics" / f"{metric.id}.html").read_text(encoding="utf-8")
        assert words(next(parse(text).iter("main"))).count(metric.not_comparable_reason) >= 1
        story = parse((site / "predictors" / f"{metric.predictor}.html").read_text(encoding="utf-8"))
        assert not [svg for svg in story.iter("{http://www.w3.org/2000/svg}svg") if svg.get("role") == "img"]


def test_every_predictor_has_questions_in_both_languages(site: Path) -> None:
    for language, folder in (("en", site), ("es", site / "es")):
        questions = load_questions(language)
        assert set(questions) == set(load_catalog("en").predictors)
        for predictor, asked in questions.items():
            text = words(parse((folder / "predictors" / f"{predictor}.html").read_text(encoding="utf-8")))
            assert all(question in text for question in asked)


def test_a_states_table_has_every_county_with_its_value(site: Path, sample_release: Release) -> None:
    pages = sorted((site / "maps").glob("*/*.html"))
    assert pages
    names = {place.name for place in sample_release.all_places("county", current=False)}
    for path in pages:
        tree = parse(path.read_text(encoding="utf-8"))
        table = next(table for table in tree.iter("table") if "places" in (table.get("class") or ""))
        heads = {words(head) for head in table.iter("th") if head.get("scope") == "row"}
        assert heads <= names
        assert heads


def test_the_classes_of_a_map_count_every_county_once(site: Path) -> None:
    for path in (site / "maps").glob("*.html"):
        if path.name == "index.html":
            continue
        tree = parse(path.read_text(encoding="utf-8"))
        classes, states = list(tree.iter("table"))
        counts = [
            int(next(row.iter("td")).text.replace(",", ""))
            for row in classes.iter("tr")
            if list(row.iter("td"))
        ]
        by_state = [
            sum(int(cell.text.replace(",", "")) for cell in row.iter("td")) for row in states.iter("tr")
        ]
        assert sum(counts) == sum(by_state)
        sentence = words(next(item for item in tree.iter("p") if item.get("class") == "say"))
        assert {str(count) for count in counts} <= numbers(sentence)


def test_the_three_files_of_a_place_hold_the_same_numbers(site: Path, sample_release: Release) -> None:
    place = chosen(sample_release, "county")[0]
    rows = list(sample_release.place_rows(place))
    read = json.loads((site / "data" / f"{place.geo_id}.json").read_text(encoding="utf-8"))
    values = read["fields"].index("value")
    assert sorted(str(number[values]) for series in read["series"] for number in series["numbers"]) == sorted(
        str(row.value) for row in rows
    )
    text = (site / "data" / f"{place.geo_id}.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    variables = {row.variable for row in rows}
    written = [float(line[name]) for line in lines for name in variables & line.keys() if line[name]]
    assert sorted(written) == sorted(row.value for row in rows if row.value is not None)
    book = openpyxl.load_workbook(site / "data" / f"{place.geo_id}.xlsx")
    assert len(book.worksheets) == 8


def test_the_data_package_describes_every_column_of_its_files(site: Path, sample_release: Release) -> None:
    folder = site / "data" / "package"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"] for resource in package["resources"]} | {"datapackage.json"}
    assert described == {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    rows = 0
    for resource in package["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        path = folder / resource["path"]
        if path.suffix == ".parquet":
            whole = pl.read_parquet(path)
            assert whole.columns == names
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        table = csv.DictReader(data.decode("utf-8").splitlines())
        assert table.fieldnames == names
        rows += len(list(table)) if "metrics/" in resource["path"] else 0
    assert rows == len(whole)


def test_the_search_index_has_every_place_once(site: Path) -> None:
    text = (site / "assets" / "places.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("window.upwardPlaces=").rstrip().rstrip(";"))
    assert sorted(row[0] for row in index) == sorted(
        path.stem for path in (site / "places").glob("*.html") if not path.stem.endswith("-tables")
    )


def test_two_processes_write_the_same_bytes_as_one(sample_release: Release, tmp_path: Path) -> None:
    places = chosen(sample_release)
    for processes in (1, 2):
        publish_site(
            sample_release, tmp_path / str(processes), places=places, processes=processes, today=TODAY
        )
    assert digest(tmp_path / "1") == digest(tmp_path / "2")


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), languages=st.sampled_from([("en",), ("es",), ("es", "en")]))
def test_every_link_resolves_for_any_choice_of_places(
    sample_release: Release, tmp_path_factory: pytest.TempPathFactory, seed: int, languages
) -> None:
    picked = random.Random(seed)
    places = picked.sample(sample_release.all_places(), picked.randint(1, 4))
    forms = picked.choice([(), ("csv",), ("csv", "json", "xlsx")])
    folder = tmp_path_factory.mktemp("some") / "site"
    publish_site(
        sample_release, folder, places=places, languages=languages, forms=forms, processes=1, today=TODAY
    )
    found = Crawl(folder).walk("index.html", "404.html")
    assert found.broken == []
    assert set(folder.rglob("*.html")) == set(found.pages)


def test_the_page_for_a_wrong_address_works_under_any_address(
    sample_release: Release, tmp_path: Path
) -> None:
    places = chosen(sample_release)[:1]
    for address in ("", "https://numbers.example.gov/mobility/"):
        folder = tmp_path / f"site{len(address)}"
        publish_site(
            sample_release, folder, places=places, languages=("en", "es"), forms=(), processes=1, today=TODAY,
            address=address,
        )  # fmt: skip
        for language, path in (("", "404.html"), ("es/", "es/404.html")):
            page = parse((folder / path).read_text(encoding="utf-8"))
            bases = [base.get("href") for base in page.iter("base")]
            assert bases == ([f"{address}{language}"] if address else [])
        other = parse((folder / "index.html").read_text(encoding="utf-8"))
        assert not list(other.iter("base"))
