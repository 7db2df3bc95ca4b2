"""Words over the breaks of a line: each above its own upright, none over another, or in the caption."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from upward.present import theme
from upward.present.specs import Gap, Mark, Series, TrendChart
from upward.present.svg import draw_files, drawn
from upward.present.svg_looks import NAMES, SLATE, line

WORDS = ("new boundaries", "no 2020 survey", "new issue", "fewer debts listed", "new method")


def test_words_that_would_touch_are_moved_aside() -> None:
    left, right = theme.words_over([40, 120], ["new issue", "fewer debts listed"], theme.TREND_WIDTH)
    assert left == 40
    assert 120 < right < 120 + theme.text_width("fewer debts listed", theme.PRINTED) / 2


def test_words_without_room_are_not_placed() -> None:
    assert theme.words_over([16, 101, 125], [WORDS[0], WORDS[1], WORDS[0]], theme.TREND_WIDTH) == []
    assert theme.words_over([], [], theme.TREND_WIDTH) == []


@given(st.lists(st.tuples(st.floats(8, 148), st.sampled_from(WORDS)), min_size=1, max_size=4))
def test_placed_words_stand_above_their_uprights_and_apart_on_paper_too(uprights) -> None:
    uprights.sort()
    places, words = [x for x, _word in uprights], [word for _x, word in uprights]
    found = theme.words_over(places, words, theme.TREND_WIDTH)
    halves = [theme.text_width(word, theme.PRINTED) / 2 for word in words]
    if not found:  # one word always has room
        assert len(words) > 1
        return
    ends = [(x - half, x + half) for x, half in zip(found, halves, strict=True)]
    assert ends[0][0] >= -1e-9
    assert ends[-1][1] <= theme.TREND_WIDTH + 1e-9
    assert all(before[1] < after[0] for before, after in itertools.pairwise(ends))
    assert all(low - 1e-9 <= place <= high + 1e-9 for place, (low, high) in zip(places, ends, strict=True))


def test_a_drawing_whose_words_stand_in_the_caption_has_its_uprights_alone() -> None:
    marks = tuple(Mark(str(year), year / 10, f"{year}", year=year) for year in range(2014, 2018))
    gaps = (Gap(2015, 2016, WORDS[0], "The boundaries of the place changed."),)
    line = Series("", "", (marks[:2], marks[2:]))
    worded = drawn(TrendChart("Over time", "", (line,), gaps))
    captioned = drawn(TrendChart("Over time", "", (line,), gaps, captioned=True))
    assert WORDS[0] in worded
    assert WORDS[0] not in captioned
    assert worded.count("V94") == captioned.count("V94") > 0


def test_several_breaks_whose_words_stand_in_the_caption_have_their_letters_above() -> None:
    marks = tuple(Mark(str(year), year / 10, f"{year}", year=year) for year in range(2014, 2018))
    gaps = (Gap(2014, 2015, WORDS[0], "A."), Gap(2015, 2016, WORDS[2], "B."), Gap(2016, 2017, WORDS[0], "A."))
    (drawing,) = draw_files(
        TrendChart("Over time", "", (Series("", "", tuple((mark,) for mark in marks)),), gaps, captioned=True)
    )
    uprights = [float(x) for x in re.findall(r"M([\d.]+) [\d.]+V94", drawing)]
    letters = re.findall(r'x="([\d.]+)" y="12">([ab])<', drawing)
    assert [letter for _x, letter in letters] == ["a", "b", "a"]
    assert all(abs(float(x) - place) <= 1 for (x, _letter), place in zip(letters, uprights, strict=True))


def test_a_us_middle_of_one_year_alone_is_a_dot_and_no_dash() -> None:
    marks = tuple(Mark(str(year), year / 10, f"{year}", year=year) for year in range(2014, 2018))
    nation = tuple(replace(mark, label="US", value=201.5) for mark in marks)
    joined = drawn(TrendChart("Over time", "", (Series("", "", (marks,), (nation,)),)))
    apart = drawn(TrendChart("Over time", "", (Series("", "", (marks,), tuple((mark,) for mark in nation)),)))
    lone = re.compile(r"M\d+ [\d.]+h\.1(?!\d)")
    assert lone.findall(joined) == []
    assert len(lone.findall(apart)) == len(nation)
    dot, dashes = (f"class={NAMES[line(SLATE, *look)]} " for look in ((5,), (1.25, "4 3")))
    assert dashes in joined
    assert dashes not in apart
    assert dot in apart


def test_words_lie_above_all_labels() -> None:
    marks = tuple(Mark(str(year), 9.0, "9", year=year) for year in (2014, 2015, 2016))
    low = Mark("2017", 1.0, "1", year=2017)
    gap = Gap(2014, 2015, "small cells left out", "Small cells were left out.")
    (drawing,) = draw_files(
        TrendChart("Over time", "", (Series("", "", (marks[:1], (*marks[1:], low))),), (gap,))
    )
    (word,) = re.findall(r'y="(\d+)">small cells', drawing)
    values = re.findall(r'y="(\d+)">[19]<', drawing)
    assert values
    assert all(int(y) - 0.75 * theme.PRINTED >= int(word) + 3 for y in values)  # below its descenders
