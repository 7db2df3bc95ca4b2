"""`upward estimate`: files written, rows printed, mistakes answered with line and column."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

import upward as package

SPEC = """\
schema: upward/estimate/1
design: {weight: W, replicates: {prefix: R, count: 4}, method: acs-sdr}
by: [[], ST]
estimates:
  - {name: people, kind: total}
  - {name: works, kind: share, where: {field: WORK, equals: 1}}
  - {name: pay, kind: quantile, of: PAY, at: 0.5}
"""
HEADER = "ST,WORK,PAY,W,R1,R2,R3,R4\n"


def records(count: int = 40) -> str:
    rows = [
        f"0{1 + at % 2},{at % 3 % 2},{1000 + at},{10 + at},{10 + at},{9 + at},{12 + at},{10 + at}"
        for at in range(count)
    ]
    return HEADER + "\n".join(rows) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "data.csv").write_text(records(), encoding="utf-8")
    return tmp_path


def test_rows_are_written_with_the_columns_of_the_contract(upward, folder: Path) -> None:
    ended = upward(
        "--home",
        folder / "home",
        "estimate",
        folder / "spec.yaml",
        "--data",
        folder / "data.csv",
        "-o",
        folder / "out.csv",
    )
    assert ended.code == 0, ended.err
    assert ended.out == ""
    with (folder / "out.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert list(rows[0])[:12] == [
        "name",
        "kind",
        "at",
        "by",
        "ST",
        "value",
        "se",
        "lower",
        "upper",
        "n",
        "population",
        "method",
    ]
    people = {row["ST"]: row for row in rows if row["name"] == "people"}
    assert set(people) == {"", "01", "02"}, "leading zeros stay"
    assert float(people[""]["value"]) == sum(10 + at for at in range(40))


def test_json_prints_the_rows_and_nothing_else(upward, folder: Path) -> None:
    ended = upward(
        "--home",
        folder / "home",
        "estimate",
        folder / "spec.yaml",
        "--data",
        folder / "data.csv",
        "--engine",
        "reference",
        "--json",
    )
    rows = json.loads(ended.out)
    assert {row["method"] for row in rows} == {"acs-sdr/total/t", "acs-sdr/share/t", "acs-sdr/quantile-hf1/t"}


def test_csv_gz_and_parquet_give_the_same_rows(upward, folder: Path) -> None:
    import polars as pl

    (folder / "data.csv.gz").write_bytes(gzip.compress(records().encode()))
    pl.read_csv(folder / "data.csv", schema_overrides={"ST": pl.String}).write_parquet(
        folder / "data.parquet"
    )
    found = []
    for name in ("data.csv", "data.csv.gz", "data.parquet"):
        ended = upward(
            "--home",
            folder / "home",
            "estimate",
            folder / "spec.yaml",
            "--data",
            folder / name,
            "-o",
            folder / "out.parquet",
        )
        assert ended.code == 0, ended.err
        found.append(pl.read_parquet(folder / "out.parquet"))
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


def test_estimates_on_few_records_are_withheld_with_a_reason(upward, folder: Path) -> None:
    (folder / "data.csv").write_text(records(18), encoding="utf-8")
    words = (
        "--home",
        folder / "home",
        "estimate",
        folder / "spec.yaml",
        "--data",
        folder / "data.csv",
        "--engine",
        "reference",
        "--json",
    )
    rows = {(row["name"], row["ST"]): row for row in json.loads(upward(*words).out)}
    assert rows["people", "01"]["status"] == "suppressed"
    assert rows["people", "01"]["reason"] == "fewer than 10 records"
    assert [rows["people", "01"][name] for name in ("value", "se", "lower", "upper", "population")] == [
        None
    ] * 5
    assert rows["people", None]["status"] == "ok"
    shown = {(row["name"], row["ST"]): row for row in json.loads(upward(*words, "--floor", "0").out)}
    assert shown["people", "01"]["status"] == "ok"


@pytest.mark.parametrize("engine", ["local", "reference", "duckdb"])
@pytest.mark.parametrize(
    ("line", "said"),
    [("01,1,much,10,1,1,1,1", "column PAY: found “much”"), ("01,1,5,,1,1,1,1", "column W: found “”"),
     ("01,1,5,7,1,1,x,1", "column R3: found “x”")],
)  # fmt: skip
def test_a_bad_value_is_named_with_row_and_column(
    upward, folder: Path, engine: str, line: str, said: str
) -> None:
    (folder / "data.csv").write_text(records() + line + "\n", encoding="utf-8")
    spec = SPEC.replace("quantile, of: PAY, at: 0.5", "mean, of: PAY")
    (folder / "spec.yaml").write_text(spec, encoding="utf-8")
    ended = upward(
        "--home",
        folder / "home",
        "estimate",
        folder / "spec.yaml",
        "--data",
        folder / "data.csv",
        "--engine",
        engine,
        "--json",
    )
    assert ended.code == 3
    assert f"row 42, {said}" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("engine", ["local", "reference", "duckdb"])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("short.csv", (records() + "01,1\n").encode(), "row 42: found 2 cells, expected 8"),
        ("long.csv", (records() + "01,1,5,7,1,1,1,1,9\n").encode(), "row 42: found 9 cells, expected 8"),
        ("cut.csv.gz", gzip.compress(records(4000).encode())[:-500], "cannot be read"),
        ("not.csv.gz", records().encode(), "cannot be read"),
        ("semicolons.csv", records().replace(",", ";").encode(), "separated by ';'"),
        ("nothing.csv", b"", "is empty"),
        ("nothing.parquet", b"PAR1 and no more", "cannot be read"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_damaged_file_is_answered_with_what_is_wrong(
    upward, folder: Path, engine: str, name: str, content: bytes, said: str
) -> None:
    (folder / name).write_bytes(content)
    spec = SPEC.replace("quantile, of: PAY, at: 0.5", "mean, of: PAY")
    (folder / "spec.yaml").write_text(spec, encoding="utf-8")
    ended = upward(
        "--home", folder / "home", "estimate", folder / "spec.yaml", "--data", folder / name,
        "--engine", engine, "--json",
    )  # fmt: skip
    assert ended.code == 3, ended.err
    assert said in ended.err + ended.out


def test_commas_and_line_ends_inside_quotes_are_not_damage(upward, folder: Path) -> None:
    quoted = records().replace("\n01,", '\n"0,1\n",')
    (folder / "data.csv").write_text(quoted, encoding="utf-8")
    ended = upward(
        "--home", folder / "home", "estimate", folder / "spec.yaml", "--data", folder / "data.csv",
        "--engine", "reference", "--json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert {row["ST"] for row in json.loads(ended.out)} == {None, "0,1\n", "02"}


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"data": "absent.csv"}, 3, "There is no file"),
        ({"data": "spec.yaml"}, 3, "no ending that names a form"),
        ({"output": "out.xlsx"}, 2, "no ending that names a form"),
        ({"output": "nowhere/out.csv"}, 2, "does not exist"),
        ({"engine": "duckdb"}, 2, "does not compute quantiles: pay"),
        ({"spec": SPEC.replace("WORK", "JOB")}, 3, "lacks the column(s) JOB"),
        ({"spec": SPEC.replace("acs-sdr", "sdr")}, 3, "line 2, column"),
        ({"spec": SPEC.replace("at: 0.5", "at: 0.5, rule: hf7")}, 2, "--engine reference"),
    ],
)
def test_what_cannot_be_done_is_refused_with_advice(
    upward, folder: Path, change: dict, code: int, said: str
) -> None:
    (folder / "spec.yaml").write_text(change.get("spec", SPEC), encoding="utf-8")
    ended = upward(
        "--home", folder / "home", "estimate", folder / "spec.yaml",
        "--data", folder / change.get("data", "data.csv"), "-o", folder / change.get("output", "out.csv"),
        "--engine", change.get("engine", "local"),
    )  # fmt: skip
    assert ended.code == code
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_neither_specification_nor_metric_is_wrong_usage(upward, folder: Path) -> None:
    ended = upward("estimate", "--data", folder / "data.csv", "--json")
    assert (ended.code, "or --metric" in ended.err) == (2, True)


def test_python_gets_a_frame_from_a_mapping(folder: Path) -> None:
    spec = {
        "schema": "upward/estimate/1",
        "design": {"weight": "W", "replicates": {"prefix": "R", "count": 4}, "method": "acs-sdr"},
        "estimates": [{"name": "pay", "kind": "mean", "of": "PAY"}],
    }
    frame = package.estimate(spec, folder / "data.csv", home=folder / "home")
    assert frame["name"].to_list() == ["pay"]
    weighted = sum((1000 + at) * (10 + at) for at in range(40))
    assert frame["value"][0] == pytest.approx(weighted / sum(10 + at for at in range(40)))


def test_a_library_that_is_not_installed_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from upward.base.errors import UsageError
    from upward.engine.extras import require

    def absent(name: str):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(UsageError) as caught:
        require("ibis")
    assert "pip install -e '.[estimate]'" in str(caught.value)
