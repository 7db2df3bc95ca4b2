"""Alternative texts of drawings: words, with the values that a reader needs, and no comparison."""

from __future__ import annotations

from upward.base.messages import use_language
from upward.present.alternatives import alternatives_of, line_in_words
from upward.present.specs import (
    Gap,
    GroupLine,
    GroupsChart,
    Lane,
    LanesChart,
    Mark,
    MiniChart,
    Series,
    TrendChart,
)


def year(when: int, value: float, *, quality: int | None = 1, interval: str = "") -> Mark:
    return Mark(str(when), value, f"{value:.0f}%", interval=interval, quality=quality, year=when)


def test_a_line_is_told_by_its_ends_and_the_span_of_its_values() -> None:
    marks = [year(2014, 40), year(2016, 30), year(2018, 55, quality=3), year(2020, 50)]
    assert line_in_words("Women", marks) == (
        "Women: begins at 40% in 2014 and ends at 50% in 2020; all years lie between 30% and 55%; "
        "data quality Weak: 2018"
    )


def test_a_line_of_two_years_needs_no_span_and_one_of_a_single_year_no_end() -> None:
    assert (
        line_in_words("", [year(2014, 40), year(2016, 30)]) == "begins at 40% in 2014 and ends at 30% in 2016"
    )
    assert line_in_words("", [year(2014, 40)]) == "40% in 2014"


def test_a_line_that_never_moves_is_told_once() -> None:
    marks = [year(2014, 40), year(2016, 40), year(2018, 40)]
    assert line_in_words("US middle", marks) == "US middle: 40% in every year from 2014 to 2018"


def test_each_panel_has_its_own_words_and_says_where_the_line_is_broken() -> None:
    series = tuple(
        Series(label, "", ((year(2014, low, interval="1% to 2%"), year(2016, low + 1)),))
        for label, low in (("Black", 20), ("White", 30))
    )
    gap = Gap(2014, 2016, "", "Other method.")
    first, second = alternatives_of(TrendChart("", "", series, (gap,), panels=True), "Pay")
    assert first == (
        "Pay. A line over the years, each year with its interval: "
        "Black: begins at 20% in 2014 and ends at 21% in 2016; line broken between 2014 and 2016 (Other method)."
    )
    assert "White: begins at 30%" in second
    assert "Black" not in second


def test_groups_keep_every_value_and_interval_and_what_is_not_shown() -> None:
    lines = (
        GroupLine("Women", (Mark("Women", 0.7, "70%", 0.6, 0.8, "60% to 80%"),)),
        GroupLine("Men", (Mark("Men", text="not shown"),)),
    )
    chart = GroupsChart("By gender, 2023 · no US range", "", lines, Mark("All", 0.7, "71%"))
    assert alternatives_of(chart, "Work") == (
        "Work. By gender, 2023. A dot for each group on one scale, with a line for its interval: "
        "Women: 70%, with an interval from 60% to 80%; Men: not shown; All 71%.",
    )


def test_of_three_numbers_for_each_group_the_intervals_are_left_to_the_table() -> None:
    mark = Mark("", 5, "$5", 4, 6, "$4 to $6")
    chart = GroupsChart("By gender", "", (GroupLine("Women", (mark, mark)),), keys=("low", "high"))
    assert alternatives_of(chart)[0].endswith(": Women: low $5, high $5.")


def test_lanes_leave_intervals_to_the_table_and_small_drawings_say_them() -> None:
    mark = Mark("Rent", 5, "$5", 4, 6, "$4 to $6")
    (lanes,) = alternatives_of(LanesChart("", "Here: Rent $5 ($4 to $6).", (Lane(mark, None),), ()), "Cost")
    assert lanes.startswith("Cost. A dot for each number")
    assert lanes.endswith("Here: Rent $5.")
    (small,) = alternatives_of(MiniChart("Rent: Rent $5 ($4 to $6).", (mark,)), "not said twice")
    assert small.endswith("Rent: Rent $5, with an interval from $4 to $6.")
    assert "not said twice" not in small


def test_spanish_words_stand_around_the_numbers() -> None:
    with use_language("es"):
        said = line_in_words("", [year(2014, 40), year(2016, 30)])
    assert said == "empieza en 40% en 2014 y termina en 30% en 2016"
