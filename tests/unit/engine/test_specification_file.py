"""Specifications are read strictly, and every mistake is named with its line and its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from upward.base.errors import DataError
from upward.engine.specification import Between, Categories, Every, Not, OneOf, Product, columns_of
from upward.engine.specification_file import read_specification, specification_of

CONTRACT = """\
schema: upward/estimate/1
design: {weight: PWGTP, replicates: {prefix: PWGTP, count: 80}, method: acs-sdr}   # or {scale: 0.05}
universe: {field: AGEP, between: [25, 54]}
by: [PUMA, [PUMA, SEX]]            # each entry is one grouping; omit for the whole file
estimates:
  - {name: employed, kind: share, where: {field: ESR, in: [1, 2, 4, 5]}}
  - {name: wage, kind: mean, of: WAGP}
  - {name: income, kind: quantile, of: PINCP, at: [0.2, 0.5, 0.8]}
  - {name: wage_share, kind: ratio, numerator: WAGP, denominator: PINCP}
  - {name: people, kind: total}
geography: {from: PUMA, to: county, crosswalk: FILE.csv, factor: afact}             # optional
"""
DESIGN = (
    "schema: upward/estimate/1\ndesign: {weight: W, replicates: {prefix: R, count: 4}, method: acs-sdr}\n"
)


def read(text: str, folder: Path):
    path = folder / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return read_specification(path)


def test_the_example_of_the_contract_is_read(tmp_path: Path) -> None:
    specification = read(CONTRACT, tmp_path)
    assert specification.groupings() == (("county",), ("county", "SEX"))
    assert specification.design.scale == 4 / 80
    assert specification.universe == Between("AGEP", 25, 54)
    assert specification.geography.crosswalk == str(tmp_path / "FILE.csv")
    assert columns_of(specification).numbers == ("WAGP", "PINCP", "AGEP", "ESR")
    assert columns_of(specification).texts == ("PUMA", "SEX")


def test_the_design_can_be_given_by_its_numbers(tmp_path: Path) -> None:
    design = "{weight: W, replicates: {columns: [a, b]}, scale: 0.05, rscales: 1, mse: true}"
    text = f"schema: upward/estimate/1\ndesign: {design}\n"
    design = read(text + "estimates: [{name: n, kind: total}]\n", tmp_path).design
    assert (design.scale, design.rscales, design.replicates) == (0.05, (1.0, 1.0), ("a", "b"))


def test_derived_fields_and_nested_conditions_are_read(tmp_path: Path) -> None:
    text = DESIGN + (
        "fields:\n"
        "  - {name: real, product: [INC, ADJ], times: 0.000001}\n"
        "  - {name: race, categories: [{value: h, where: {field: HISP, not: 1}}], otherwise: other}\n"
        "estimates:\n"
        "  - name: n\n"
        "    kind: total\n"
        "    where: {and: [{field: ST, equals: 02}, {not: {field: AGE, between: [null, 4]}}]}\n"
    )
    specification = read(text, tmp_path)
    assert specification.fields == (
        Product("real", ("INC", "ADJ"), 1e-6),
        Categories("race", (("h", Not(OneOf("HISP", (1,)))),), "other"),
    )
    assert specification.estimates[0].where == Every((OneOf("ST", ("02",)), Not(Between("AGE", None, 4))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("estimates: [{name: n, kind: totl}]", ["line 3", "kind", "totl"]),
        ("estimates: [{name: n, kind: mean}]", ["line 3", "estimates[n].of", "missing"]),
        ("estimates: [{name: n, kind: coefficient, of: Y}]", ["line 3", "estimates[n].on", "missing"]),
        (
            "estimates: [{name: n, kind: coefficient, of: Y, on: [A, B], term: C}]",
            ["line 3", "term", "intercept, A, B"],
        ),
        (
            "estimates: [{name: n, kind: coefficient, of: Y, on: [A, A]}]",
            ["line 3", "on", "different fields"],
        ),
        ("estimates: [{name: n, kind: total, at: 0.5}]", ["line 3", "at", "does not belong"]),
        ("estimates: [{name: n, kind: quantile, of: X, at: [50]}]", ["line 3", "at", "0.5 is the median"]),
        ("estimates: [{name: n, kind: total}, {name: n, kind: total}]", ["estimates", "stands twice"]),
        ("universe: {field: A, betwen: [1, 2]}\nestimates: [{name: n, kind: total}]", ["line 3", "universe"]),
        ("by: [value]\nestimates: [{name: n, kind: total}]", ["line 3", "by", "column of the results"]),
        ("estimates: []", ["estimates", "at least one"]),
        ("geography: {from: P, to: c}\nestimates: [{name: n, kind: total}]", ["line 3", "crosswalk"]),
        ("colour: red\nestimates: [{name: n, kind: total}]", ["line 3", "colour", "unknown key"]),
        (
            "universe: {field: A, in: [1, b]}\nestimates: [{name: n, kind: total}]",
            ["line 3", "all numbers or all texts"],
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(text: str, expected: list[str], tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(DESIGN + text + "\n", tmp_path)
    for part in expected:
        assert part in caught.value.message


@pytest.mark.parametrize(
    "design",
    ["{weight: W, method: acs-sdr}", "{weight: W, replicates: {prefix: R, count: 4}}",
     "{weight: W, replicates: {prefix: R, count: 4}, method: fay}",
     "{weight: W, replicates: {prefix: R, count: 4}, method: jkn, rscales: [1, 2]}",
     "{weight: R1, replicates: {prefix: R, count: 4}, method: brr}"],
)  # fmt: skip
def test_a_design_that_lacks_something_is_refused(design: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="design"):
        read(
            f"schema: upward/estimate/1\ndesign: {design}\nestimates: [{{name: n, kind: total}}]\n", tmp_path
        )


def test_a_mapping_of_python_is_read_like_a_file(tmp_path: Path) -> None:
    mapping = {
        "schema": "upward/estimate/1",
        "design": {"weight": "W"},
        "by": [[], "ST"],
        "estimates": [{"name": "n", "kind": "total", "where": {"field": "ST", "equals": "02"}}],
    }
    specification = specification_of(mapping, folder=tmp_path)
    assert specification.by == ((), ("ST",))
    assert specification.estimates[0].where == OneOf("ST", ("02",))
