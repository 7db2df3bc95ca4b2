"""The place page as a reader meets it: valid, complete, small, honest about what is missing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import invented
import pytest
from reading_html import articles, parse, words

from upward.catalog.load import load_catalog
from upward.present.html import css_string, render_place_page

MOST_BYTES = 250_000


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("place", [invented.COUNTY, invented.CITY], ids=["county", "city"])
def test_a_full_page_is_valid_html_in_its_language(make, place, language) -> None:
    text = render_place_page(make(place, language=language))
    tree = parse(text)
    assert tree.get("lang") == language
    assert text.startswith("<!doctype html>")


@pytest.mark.parametrize("place", [invented.COUNTY, invented.CITY], ids=["county", "city"])
def test_a_full_page_stays_small(make, place) -> None:
    assert len(render_place_page(make(place)).encode()) < MOST_BYTES


def test_nothing_is_loaded_from_elsewhere_and_there_is_no_script(page) -> None:
    tree = parse(render_place_page(page))
    assert not list(tree.iter("script"))
    assert not list(tree.iter("link"))
    assert not [element for element in tree.iter() if element.get("src")]
    assert not [key for element in tree.iter() for key in element.attrib if str(key).startswith("on")]


def test_the_same_input_gives_the_same_bytes(make) -> None:
    assert render_place_page(make()) == render_place_page(make())


def test_every_metric_has_a_row_in_the_order_of_the_framework(page) -> None:
    catalog = load_catalog()
    shown = [article.get("id") for article in articles(parse(render_place_page(page)))]
    assert sorted(shown) == sorted(catalog.metrics)
    pillars = [catalog.predictors[catalog.metrics[metric].predictor].pillar for metric in shown]
    assert pillars == sorted(pillars, key=list(catalog.pillars).index)


def test_every_identifier_is_used_once_and_every_link_leads_somewhere(page) -> None:
    tree = parse(render_place_page(page))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    targets = [link.get("href") for link in tree.iter("a")]
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)


def test_headings_never_skip_a_level(page) -> None:
    heads = ("h1", "h2", "h3", "h4")
    levels = [
        int(element.tag[1]) for element in parse(render_place_page(page)).iter() if element.tag in heads
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_place_without_any_number_says_so_for_every_metric(make) -> None:
    text = render_place_page(make(rows=[]))
    tree = parse(text)
    assert all("empty" in (article.get("class") or "") for article in articles(tree))
    assert all(words(next(article.iter("figcaption"))) for article in articles(tree))
    assert len(text.encode()) < MOST_BYTES


def test_a_name_cannot_break_out_of_the_page(make) -> None:
    name = "</style><script>alert(\"1\")</script> & 'x' \\ “ü”"
    place = replace(invented.COUNTY, name=name, state_name="<b>")
    text = render_place_page(make(place))
    tree = parse(text)
    assert not list(tree.iter("script"))
    assert words(next(tree.iter("h1"))) == f"{name}, <b>"
    assert "<script" not in text


def test_text_in_a_style_sheet_is_escaped() -> None:
    assert css_string('a";}</style>\n') == "a\\22 \\3b \\7d \\3c \\2f style\\3e \\a "


def test_sample_pages_say_so_at_the_top_on_every_chart_and_in_print(make) -> None:
    sample = replace(invented.RELEASE, sample=True)
    text = render_place_page(make(release=sample))
    tree = parse(text)
    captions = [caption for article in articles(tree) for caption in article.iter("figcaption")]
    charts = [caption for caption in captions if words(caption)]
    assert charts
    assert all("Sample data, invented" in words(caption) for caption in charts)
    body = words(next(tree.iter("body")))
    assert body.index("Sample data, invented") < body.index("Exemplar County, Sampleland")
    assert "Sample data\\2c  invented" in text.partition("</style>")[0]


def test_ordinary_pages_do_not_speak_of_sample_data(page) -> None:
    assert "Sample data" not in render_place_page(page)


def test_no_sentence_of_the_page_compares_without_a_test(page) -> None:
    reading = " ".join(sentence for pillar in page.pillars for row in pillar.rows for sentence in row.reading)
    for claim in (
        "worse",
        "better than",
        "higher than",
        "lower than",
        "above the",
        "below the US",
        "significant",
    ):
        assert claim not in reading


def test_crime_and_arrests_stand_alone(page) -> None:
    for row in (
        row for pillar in page.pillars for row in pillar.rows if row.id in ("crime", "juvenile_arrests")
    ):
        assert row.spans == ()
        assert all(not hasattr(chart, "spans") for chart in row.standing)
        assert "US" not in " ".join(row.reading).split()


def test_the_value_carries_its_age(page) -> None:
    row = next(row for pillar in page.pillars for row in pillar.rows if row.id == "college_preparation")
    assert any("3 years old" in text for text, _strong in row.meta)


def test_a_former_area_says_that_it_ended(make) -> None:
    former = replace(invented.COUNTY, current=False, last_year="2021", successors="09110 09120")
    text = render_place_page(make(former))
    assert "former area" in text
    assert "09110 and 09120" in text
    assert "Since 2014" not in text


def test_without_a_national_range_the_row_says_why(make) -> None:
    page = make(usable=False)
    text = render_place_page(page)
    assert "No US range" in text
    parse(text)
