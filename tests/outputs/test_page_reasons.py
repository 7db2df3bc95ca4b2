"""What a page says of its own figures: example, cautions, marks, what is missing, where they are from."""

from __future__ import annotations

from datetime import date

import invented
import pytest

from upward.catalog.load import load_catalog
from upward.present.build import build_place_page
from upward.present.html import render_place_page
from upward.present.scales import percentile_scale
from upward.present.wording import says_both

FORMER = "The value is that of the former area of which this place was a part"


def metric_row(page, name: str):
    return next(row for pillar in page.pillars for row in pillar.rows if row.id == name)


def only(name: str, change):
    """Return a change of the rows of one metric alone."""
    return lambda row: change(row) if row.metric == name else row


class StateAlone(invented.InventedContext):
    """The figures of states are usable, those of the nation are not."""

    def get(self, *number: str):
        found = super().get(*number)
        return found._replace(usable=number[-1] != "US")


def of_state_alone():
    catalog = load_catalog("en")
    return build_place_page(
        invented.COUNTY, invented.all_rows(catalog, invented.COUNTY), StateAlone(catalog), catalog,
        populations=invented.POPULATIONS, release_info=invented.RELEASE, today=date(2026, 11, 24), language="en",
    )  # fmt: skip


def test_the_example_chart_is_strong_with_an_interval_and_its_value_inside(page) -> None:
    mark, scale = page.key.mark, percentile_scale(page.key.spans[0])
    assert page.key.spans[0].national
    assert mark.quality == 1
    assert mark.bounded
    assert scale.holds(mark.value)


def test_a_weak_chart_or_one_whose_value_lies_beyond_is_no_example_while_there_is_a_better(make) -> None:
    def spoiled(row):
        if row.metric == "turnout" or row.value is None:
            return row
        return row._replace(quality=3) if row.metric != "preschool" else row._replace(value=50.0)

    page = make(change=spoiled)
    assert page.key_label == metric_row(page, "turnout").name


def test_a_chart_without_the_bar_of_the_nation_is_no_example_but_its_bar_is_explained() -> None:
    page = of_state_alone()
    assert page.key is None
    assert page.draws_states
    assert "Second bar" in render_place_page(page)


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        (("turnout", "debt"), "(Debt in collections; Voter turnout)"),
        (
            ("turnout", "debt", "income", "preschool", "physicians"),
            "(Preschool; Household income; Debt in collections and 2 more)",
        ),
    ],
)  # fmt: skip
def test_a_mark_names_three_metrics_and_counts_the_others(make, metrics, said: str) -> None:
    page = make(change=lambda row: row._replace(flags="capped") if row.metric in metrics else row)
    assert page.flags == (f"The publisher capped the value at 100% {said}.",)


def test_marks_of_figures_that_the_page_does_not_show_are_not_explained(make) -> None:
    marked = make(change=only("air_quality", lambda row: row._replace(flags="former-area")))
    assert marked.flags == (f"{FORMER} (Air quality).",)
    gone = only("air_quality", lambda row: invented.missing(row)._replace(flags="former-area"))
    assert make(change=gone).flags == ()


def test_a_caution_names_the_weak_figures_where_others_are_not_weak(make) -> None:
    def notes(*weak: str, language: str = "en") -> str:
        page = make(
            change=lambda row: row._replace(quality=3) if row.variable in weak else row, language=language
        )
        return metric_row(page, "school_poverty").note.text

    black, white = "share_meps20_black", "share_meps20_white"
    assert notes(black) == "Weak: Black students. Do not act on that figure alone."
    assert notes(black, language="es") == "Débil: Estudiantes negros. No actúe solo con esa cifra."
    assert notes(black, white) == "Weak: Black students; White students. Do not act on those figures alone."
    everything = notes(black, "share_meps20_hispanic", white)
    assert everything == "The data are weak: do not act on this figure alone."


def test_names_with_commas_are_told_apart_where_a_quality_is_of_several(make) -> None:
    page = make(change=lambda row: row._replace(quality=3) if "black" in row.variable else row)
    lines = dict(metric_row(page, "racial_exposure").meta)
    assert lines["Data quality, Hispanic; Other races and ethnicities; White, non-Hispanic:"] == "Strong"


def test_a_newer_year_without_a_value_is_named_with_its_reason(make) -> None:
    page = make(
        change=lambda row: (
            invented.missing(row, "Why.") if row.metric == "turnout" and row.period == "2020" else row
        )
    )
    assert ("No newer value (2020): why.", "") in metric_row(page, "turnout").meta


def test_divisions_without_any_value_stand_in_the_row_and_among_what_is_missing(make) -> None:
    gone = only("preschool", lambda row: row if row.group_type == "all" else None)
    page = make(change=gone)
    (chart,) = metric_row(page, "preschool").groups
    assert chart.caption == "By race and ethnicity and by household income"
    lines = page.missing_by_reason[chart.reason]
    (line,) = (line for line in lines if line.value.startswith("Preschool"))
    assert line.value == "Preschool: by race and ethnicity; by household income"
    spanish = metric_row(make(change=gone, language="es"), "preschool").groups[0].caption
    assert spanish == "Por raza y etnia y por ingreso del hogar"


def test_a_name_that_says_the_metric_is_not_put_behind_it(page) -> None:
    def begun(name: str) -> str:
        return metric_row(page, name).standing[0].sentence.partition(", 20")[0]

    assert begun("debt") == "Any debt in collections"
    assert begun("physicians") == "Residents per physician"
    assert begun("transit_commuting") == "Transit commuters"
    assert begun("transportation_cost") == "Transportation cost, cost share"


def test_one_shared_word_is_not_enough_to_leave_the_metric_out() -> None:
    assert not says_both("Students without a home", "Share of students")
    assert not says_both("Estudiantes sin hogar", "Porcentaje de estudiantes")
    assert says_both("Transporte público al trabajo", "Viajeros en transporte público")


def test_a_source_is_cited_for_metrics_with_a_value_only(make, page) -> None:
    def cited(page):
        return {source.name: source.metrics for source in page.sources}

    learning = next(name for name, metrics in cited(page).items() if metrics == "Learning per grade")
    full = make(change=lambda row: None if row.metric in ("learning_rate", "preschool") else row)
    assert learning not in cited(full)
    assert all("Preschool" not in metrics for metrics in cited(full).values())
    assert list(cited(make(rows=[])).values()) == ["all figures"]


def test_a_note_says_of_which_figures_it_is_where_it_is_of_one_in_some_years_and_of_all_in_others(
    make,
) -> None:
    def gone(row):
        one = row.variable == "count_homeless" and row.period == "2020"
        return invented.missing(row, "Why.") if one or row.period == "2019" else row

    table = metric_row(make(change=only("housing_stability", gone)), "housing_stability").table
    notes = dict(next(group for group in table.groups if group.head == "Notes").rows)
    assert "Why." in notes.values()
    (head,) = (head for head, text in notes.items() if text == "Why.")
    assert "Number of students: 2020" in head
    assert "Both: 2019" in head
