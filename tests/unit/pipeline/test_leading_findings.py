"""Which findings a page shows first: several metrics, several kinds, and the figures that stand farthest out."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
import pytest

from upward.catalog.load import load_catalog
from upward.pipeline.place_views import DRAWN, _that_differ, _with_ranks

FOUND = pl.col("strength").is_in(["clear", "likely"])
COLUMNS = {
    "geo_level": pl.String(),
    "geo_id": pl.String(),
    "order": pl.UInt32(),
    "kind": pl.String(),
    "strength": pl.String(),
    "scope": pl.String(),
    "metric": pl.String(),
    "first_variable": pl.String(),
    "score": pl.Float64(),
    "percentile": pl.Float64(),
    "open": pl.String(),
}
Item = tuple[str, str, str, float, str, float | None]


def chosen(*items: Item, place: str = "29019", half_open: Collection[int] = ()) -> dict[str, list[int]]:
    """Return the places in the list of (metric, kind, strength, score, scope, percentile) by part of the page; of
    those that are `half_open`, one of two figures is open.
    """
    rows = [
        (
            *("county", place, at, kind, strength, scope, metric, f"{metric}_share", score, percentile),
            "second" if at in half_open else None,
        )
        for at, (metric, kind, strength, score, scope, percentile) in enumerate(items)
    ]
    table = _with_ranks(pl.DataFrame(rows, schema=COLUMNS, orient="row"), FOUND)
    parts: dict[str, list[int]] = {"drawn": [], "found": [], "unclear": [], "untested": []}
    for part, order in table.select("part", "order").iter_rows():
        parts[part].append(order)
    return parts


def found(
    metric: str, kind: str, score: float, strength: str = "clear"
) -> tuple[str, str, str, float, str, None]:
    return metric, kind, strength, score, "nation" if kind == "standing" else "", None


def test_each_leading_finding_is_on_another_metric_and_the_others_follow() -> None:
    items = [found(metric, "gap", 340.0 - at) for at, metric in enumerate("aabbcdefg")]
    parts = chosen(*items)
    assert parts["drawn"] == [0, 2, 4, 5, 6, 7]
    assert parts["found"] == [1, 3, 8]


def test_where_metrics_are_few_a_second_finding_stands_beside_the_first_of_its_metric() -> None:
    parts = chosen(
        found("a", "gap", 340), found("b", "gap", 330), found("a", "change", 320), found("a", "gap", 310)
    )
    assert parts["drawn"] == [0, 2, 1]  # not a third one of a metric
    assert parts["found"] == [3]


def test_a_likely_finding_on_a_further_metric_stands_after_the_clear_ones() -> None:
    parts = chosen(found("a", "gap", 340), found("b", "gap", 305), found("c", "gap", 248, "likely"))
    assert parts["drawn"] == [0, 1, 2]


def test_kinds_alternate_where_findings_are_about_as_strong() -> None:
    gaps = [found(metric, "gap", 340.0 - at) for at, metric in enumerate("abcdefg")]
    others = [found("h", "change", 328), found("i", "standing", 325)]
    assert {7, 8} <= set(chosen(*gaps, *others)["drawn"])
    far_weaker = [found("h", "change", 240, "likely"), found("i", "standing", 230, "likely")]
    assert not {7, 8} & set(chosen(*gaps, *far_weaker)["drawn"])


def test_what_joins_two_figures_is_not_drawn_but_follows() -> None:
    parts = chosen(found("a", "relation", 340), found("a", "gap", 330))
    assert (parts["drawn"], parts["found"]) == ([1], [0])


def test_a_third_middle_for_one_figure_gives_way_to_another_figure() -> None:
    many = [found(metric, "gap", 348) for metric in "abcde"]
    levels = [found("g", "standing", 330.0 - at) for at in range(4)]
    others = [found("h", "relation", 220.0 - at, "likely") for at in range(3)]
    parts = chosen(*many, *levels, *others)
    assert len(parts["drawn"]) == DRAWN
    assert parts["found"] == [6, 9, 10, 11, 7]


@pytest.mark.parametrize("kind", ["change", "gap"])
def test_of_figures_without_a_margin_those_farthest_from_the_middle_are_shown(kind: str) -> None:
    untested = [
        ("a", kind, "not usable", 48.0, "", None),  # a level of this metric is not hidden by it
        ("b", "standing", "not usable", 20.0, "nation", 0.74),
        ("c", "standing", "not usable", 15.0, "peers", 1.0),
        ("a", "standing", "not usable", 5.0, "nation", 0.03),
        ("d", "standing", "not usable", 4.0, "nation", 0.9),
    ]
    assert chosen(*untested)["untested"] == [3, 4]


def test_without_a_place_in_the_nation_the_largest_difference_is_shown() -> None:
    untested = [
        ("a", "standing", "not usable", 20.0, "peers", 1.0),
        ("b", "standing", "not usable", 9.0, "state", None),
    ]
    assert chosen(*untested)["untested"] == [0, 1]


def test_one_pair_of_figures_is_enough_among_what_cannot_be_told() -> None:
    unclear = [found(metric, "relation", 120.0, "uncertain") for metric in "abc"]
    unclear += [found(metric, "gap", 110.0, "uncertain") for metric in "defg"]
    assert chosen(*unclear)["unclear"] == [0, 3, 4, 5]


def test_a_pair_of_which_one_figure_is_told_from_the_middle_gives_way_to_one_that_is_open_on_both_sides() -> (
    None
):
    unclear = [found(metric, "relation", 120.0, "uncertain") for metric in "ab"]
    unclear += [found("c", "gap", 110.0, "uncertain")]
    assert chosen(*unclear, half_open=[0])["unclear"] == [1, 2]
    assert chosen(*unclear, half_open=[0, 1])["unclear"] == [2]


def test_figures_that_print_equal_are_not_two_figures_to_look_into() -> None:
    variable = "ratio_other_nh_house_value_households"
    pairs = [
        ("not usable", "standing", 1.0204, 1.0171),  # 1.02 and 1.02
        ("not usable", "standing", 1.0249, 1.0251),  # as near, but 1.02 and 1.03
        ("uncertain", "standing", 1.0204, 1.0171),  # that it cannot be told is what is said of it
        ("not usable", "gap", 1.0204, 1.0171),
    ]
    table = pl.DataFrame(
        [(at, strength, kind, variable, *values) for at, (strength, kind, *values) in enumerate(pairs)],
        schema=["order", "strength", "kind", "first_variable", "first_value", "second_value"],
        orient="row",
    )
    assert _that_differ(table, load_catalog("en"))["order"].to_list() == [1, 2, 3]
