"""Lines over the years as a page builds them: broken where the place's own ground changed, several of them named."""

from __future__ import annotations

from dataclasses import replace

import invented
import pytest

from upward.base.messages import use_language
from upward.present.specs import TrendChart


def trend(page, metric: str) -> TrendChart:
    rows = {row.id: row for pillar in page.pillars for row in pillar.rows}
    (chart,) = rows[metric].trends
    assert isinstance(chart, TrendChart)
    return chart


def under_a_new_code(before: int):
    """Change rows: those of years before `before` carry the flag of a former area, and boundary files get newer."""

    def change(row):
        flags = "former-area" if int(row.period) < before else ""
        return row._replace(flags=flags, geo_vintage="2022" if int(row.period) > 2021 else "2020")

    return change


def test_a_figure_of_a_former_area_is_never_joined_with_one_of_the_place_itself(make) -> None:
    place = replace(invented.COUNTY, geo_id="02063", predecessors="02261")
    chart = trend(make(place, change=under_a_new_code(2020)), "digital_access")
    own, later = (chart.series[0].runs[0], chart.series[0].runs[1:])
    assert [mark.year for mark in own] == [2018]
    assert [(gap.after, gap.before, gap.word) for gap in chart.gaps] == [(2018, 2021, "new boundaries")]
    assert "boundaries of the place changed" in chart.sentence
    # a newer boundary file in which the place is the same
    assert [[mark.year for mark in run] for run in later] == [[2021, 2023]]


def test_an_area_that_only_got_another_code_is_not_said_to_have_new_boundaries(make) -> None:
    place = replace(invented.COUNTY, geo_id="46102", predecessors="46113")
    chart = trend(make(place, change=under_a_new_code(2020)), "digital_access")
    assert [gap.after for gap in chart.gaps] == [2018]
    assert "boundaries" not in chart.sentence
    assert "had another code before" in chart.sentence


@pytest.mark.parametrize(
    ("language", "words"), [("en", "from top to bottom: over time"), ("es", "de arriba abajo: en el tiempo")]
)
def test_several_lines_are_named_in_the_order_in_which_their_last_values_stand(make, language, words) -> None:
    def steady(more: float):
        def change(row):
            if row.metric != "crime":
                return row
            return row._replace(value=100.0 if "violent" in row.variable else 100.0 + more)

        return change

    def caption(more: float) -> str:
        with use_language(language):
            return trend(make(change=steady(more), language=language), "crime").caption

    above, below = caption(50.0), caption(-50.0)
    assert words in above
    names, *_rest = above.split(",")
    swapped, *_rest = below.split(",")
    assert names != swapped
    assert set(names.lower().split()) == set(swapped.lower().split())


@pytest.mark.parametrize(("language", "lettered"), [("en", False), ("es", True)])
def test_words_of_several_breaks_without_room_stand_in_the_caption_with_their_letters(
    make, language: str, lettered: bool
) -> None:
    with use_language(language):
        rows = {row.id: row for pillar in make(language=language).pillars for row in pillar.rows}
        chart, *_others = rows["debt"].trends
    assert isinstance(chart, TrendChart)
    assert len({gap.word for gap in chart.gaps if gap.word}) > 1
    assert chart.captioned == lettered
    words = list(dict.fromkeys(gap.word for gap in chart.gaps if gap.word))
    assert all(
        (f" · {letter}: {word}" in chart.caption) == lettered
        for letter, word in zip("ab", words, strict=True)
    )
