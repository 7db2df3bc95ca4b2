"""The place page as a reader meets it: valid, complete, small, honest about what is missing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import invented
import pytest
from reading_html import articles, parse, words

from upward.catalog.load import load_catalog
from upward.present.html import css_string, render_place_page
from upward.present.html_parts import figures
from upward.present.specs import FindingsView, FindingView, NoChart, RangeChart
from upward.warehouse import codes

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
    assert "2019–2023 pooled, 3 years ago" in [text for text, _strong in row.meta]


def test_a_former_area_says_that_it_ended(make) -> None:
    former = replace(invented.COUNTY, current=False, last_year="2021", successors="09110 09120")
    text = render_place_page(make(former))
    assert "former area" in text
    assert "09110 and 09120" in text
    assert "Since 2014" not in text


def metric_row(page, name: str):
    return next(row for pillar in page.pillars for row in pillar.rows if row.id == name)


def test_a_new_area_says_since_when_it_exists_and_of_what_it_was_made(make, page) -> None:
    region = replace(invented.COUNTY, geo_id="09110", predecessors="09003 09013")
    assert make(region).banner == (
        "New area, in the data since 2022: it took the place of parts of Hartford County and Tolland County. Older "
        "figures are of those areas and are not joined."
    )
    assert "it was part of Valdez-Cordova Census Area" in make(replace(region, geo_id="02063")).banner
    assert make(replace(region, geo_id="46102")).banner == ""  # renamed, the same ground
    assert page.banner == ""


def test_a_new_area_without_a_row_is_said_to_have_none(make) -> None:
    region = replace(invented.COUNTY, geo_id="09110", predecessors="09003 09013")
    reasons = {row.empty_reason for pillar in make(region, []).pillars for row in pillar.rows}
    assert "The published tables have no row for this area, in the data since 2022." in reasons


@pytest.mark.parametrize(("code", "said"), [(codes.TOO_FEW, True), (codes.FORMER_COUNTIES, False)])
def test_the_rule_on_small_numbers_is_said_only_where_it_is_the_reason(make, code: int, said: bool) -> None:
    reason = codes.REASONS[code]
    without = make(change=lambda row: invented.missing(row, reason))
    for row in (row for pillar in without.pillars for row in pillar.rows):
        assert row.empty_reason.startswith(reason)
        rule = load_catalog().metrics[row.id].suppression
        assert (row.empty_reason == f"{reason} {rule}") is said


def test_limits_from_filling_gaps_are_called_so(page, make) -> None:
    row = metric_row(page, "housing_stability")
    assert row.headlines[0].mark.interval.startswith("limits from filling gaps: ")
    assert row.meta[0] == ("No sampling margin; limits from filling gaps", "")
    equal = make(change=lambda row: row._replace(lower=row.value, upper=row.value))
    row = metric_row(equal, "housing_stability")
    assert (row.headlines[0].mark.interval, row.meta[0][0]) == ("", "No margin published")


def test_affordable_homes_stand_big_where_no_available_ones_are_published(page, make) -> None:
    assert metric_row(page, "housing_affordability").headlines[0].label == "Available, 30%"
    withheld = codes.REASONS[codes.TOO_FEW]
    row = metric_row(
        make(change=lambda row: invented.missing(row, withheld) if "_available_" in row.variable else row),
        "housing_affordability",
    )
    assert [line.label for line in row.headlines] == ["Affordable, 30%", "Affordable, 50%", "Affordable, 80%"]
    assert [(chart.caption, chart.reason) for chart in row.standing if isinstance(chart, NoChart)] == [
        ("Available", withheld)
    ]


def test_what_a_number_is_a_share_of_stands_under_it(page) -> None:
    assert metric_row(page, "preschool").headlines[0].unit_words == "of children aged 3 and 4"
    assert metric_row(page, "juvenile_arrests").headlines[0].unit_words == "arrests per 100,000 aged 10 to 17"


def test_a_county_without_a_physician_says_in_which_years(make) -> None:
    def nobody(row):
        return row._replace(value=None, flags="no-physician", published_value="0")

    row = metric_row(make(change=nobody), "physicians")
    assert [chart.reason for chart in row.trends] == ["No primary care physician in 2014–2021."]
    assert row.note is None  # the row shows no 0 that a caution could explain; its table does
    (notes,) = [group for group in row.table.groups if group.remarks]
    assert "A published 0 means that the place has no primary care physician." in notes.rows[0]


def test_a_mark_names_the_metrics_whose_figures_carry_it(make) -> None:
    page = make(change=lambda row: row._replace(flags="capped") if row.metric == "turnout" else row)
    assert page.flags == ("The publisher capped the value at 100% (Voter turnout).",)


def test_one_number_of_two_publications_has_one_grade(make) -> None:
    def regraded(row):
        if row.metric != "low_birth_weight" or row.group != "all":
            return row
        return row._replace(value=0.08, quality=3 if row.group_type == "all" else 2)

    charts = metric_row(make(change=regraded), "low_birth_weight").groups
    assert [chart.overall.quality for chart in charts] == [3, 3]


def test_dates_are_words_of_the_language(page, make) -> None:
    assert "page made November 24, 2026" in render_place_page(page)
    assert "24 de noviembre de 2026" in render_place_page(make(language="es"))


def test_without_a_national_range_the_row_says_why(make) -> None:
    page = make(usable=False)
    text = render_place_page(page)
    assert "No US range" in text
    parse(text)


def test_the_key_speaks_of_a_second_bar_only_where_the_page_draws_one(page) -> None:
    rows = [row for pillar in page.pillars for row in pillar.rows]
    alone = [row._replace(standing=tuple(map(_without_state, row.standing))) for row in rows]
    nation = replace(page, pillars=(replace(page.pillars[0], rows=tuple(alone)),))
    assert "Second bar" not in render_place_page(nation)
    assert "Second bar" in render_place_page(page)


def _without_state(chart):
    return chart._replace(spans=chart.spans[:1]) if isinstance(chart, RangeChart) else chart


def test_paper_says_that_further_findings_stand_on_the_screen_page(page) -> None:
    more = tuple(FindingView(f"f{n}", "clear", "Heading", "Words.", "", "", (), None, None) for n in (1, 2))
    findings = FindingsView("Lead.", (), more, (), "", "2 of 9 more findings")
    shown = parse(render_place_page(replace(page, findings=findings)))
    (folded,) = (item for item in shown.iter("summary") if "more finding" in words(item))
    assert words(folded) == "2 of 9 more findings on the screen page"


def test_a_row_without_charts_of_groups_has_no_empty_box() -> None:
    assert figures((), sample=False, kind="f3") == ""


def test_a_limit_of_city_figures_stands_on_pages_of_cities_only_and_there_as_a_caution(make) -> None:
    limit = load_catalog().metrics["associations"].limitations[0]
    county, city = (
        next(
            article
            for article in articles(parse(render_place_page(make(place))))
            if article.get("id") == "associations"
        )
        for place in (invented.COUNTY, invented.CITY)
    )
    assert limit not in words(county)
    notes = [words(box) for box in city.iter("div") if (box.get("class") or "").startswith("note")]
    assert [note for note in notes if limit in note]
