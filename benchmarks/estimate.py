"""Own estimates beside DuckDB, polars, svy and R's survey, each at the size it can bear, and beside the
limit.

The whole job: six means and shares and three quantiles of income with 80 replicates, for 3,629 geographies
and 14 groups, variables derived. Goals: within 2.5 times the decoding of the Parquet file at 16 million
records and 3.5 times at 3.3 million; peak memory under 5 GiB; growth no worse than linear.

    python -m benchmarks.estimate [FOLDER]      FOLDER keeps the invented files (16 M records: 1.1 GB, 4 GB
    prepared)
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks.measure import Line, run_python
from benchmarks.survey_file import write_survey

SIZES = {"1 M": 1_000_000, "3.3 M": 3_300_000, "16 M": 16_000_000}
GOALS = {"3.3 M": 3.5, "16 M": 2.5}
MOST_GIB = 5.0
#: Records that R is given: its time grows with records times groups.
SAMPLE = 10_000

SPECIFICATION = """\
schema: upward/estimate/1
design: {weight: PWGTP, replicates: {prefix: PWGTP, count: 80}, method: acs-sdr}
by: [PUMA, [PUMA, RACE], [PUMA, SEX], [PUMA, DIS], [PUMA, TEN], [PUMA, INCG]]
geography: {from: {PUMA: puma}, to: area, crosswalk: crosswalk.csv}
estimates:
  - {name: employed, kind: share, where: {field: EMP, equals: 1}, universe: {field: AGE, between: [25, 54]}}
  - {name: poor, kind: share, where: {field: POV, equals: 1}}
  - {name: burden, kind: share, where: {field: BURDEN, equals: 1}}
  - {name: college, kind: share, where: {field: COLL, equals: 1}, universe: {field: AGE, between: [25, null]}}
  - {name: hours, kind: mean, of: HOURS, universe: {field: AGE, between: [25, 54]}}
  - {name: income, kind: mean, of: HINCP}
  - {name: income_at, kind: quantile, of: HINCP, at: [0.2, 0.5, 0.8]}
"""

#: The job with the store prepared and the decoding of the file, in turns: other work hits both alike.
OURS = """
import json, resource, sys, time
from pathlib import Path
import polars as pl
from upward.engine.estimate import Settings, estimate
from upward.engine.specification_file import read_specification
folder = Path(sys.argv[1])
source = folder / "records.parquet"
specification = read_specification(folder / "specification.yaml")
settings = Settings(cache=folder / "prepared")
start = time.perf_counter()
estimate(specification, source, settings)
first = time.perf_counter() - start
rows = len(estimate(specification, source, settings).table)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
times, decodes = [], []
for _round in range(5):
    start = time.perf_counter()
    estimate(specification, source, settings)
    times.append(time.perf_counter() - start)
    start = time.perf_counter()
    frame = pl.read_parquet(source)
    decodes.append(time.perf_counter() - start)
    records = len(frame)
    del frame
facts = {"first": first, "seconds": sorted(times)[2], "decode": sorted(decodes)[2]}
print(json.dumps({**facts, "rows": rows, "peak": peak, "records": records}))
"""

MEMORY = """
import json, sys, time
from pathlib import Path
import numpy as np
path = next(Path(sys.argv[1]).glob("prepared/*/weights.bin"))
weights = np.fromfile(path, np.int16)
times = []
for _round in range(3):
    start = time.perf_counter()
    weights.sum(dtype=np.int64)
    times.append(time.perf_counter() - start)
print(json.dumps({"seconds": sorted(times)[1]}))
"""

#: One small task for the peers: sums of three measures with 81 weights by PUMA and race.
DUCKDB = """
import json, sys, time
import duckdb
weights = ["PWGTP", *(f"PWGTP{number}" for number in range(1, 81))]
sums = ", ".join(f"sum({w}), sum({w} * EMP), sum({w}::double * HINCP)" for w in weights)
duckdb.sql("set enable_progress_bar = false")
start = time.perf_counter()
rows = duckdb.sql(f"select PUMA, RACE, {sums} from '{sys.argv[1]}' group by PUMA, RACE").fetchall()
print(json.dumps({"seconds": time.perf_counter() - start, "rows": len(rows)}))
"""

POLARS = """
import json, sys, time
import polars as pl
weights = ["PWGTP", *(f"PWGTP{number}" for number in range(1, 81))]
sums = []
for w in weights:
    sums += [pl.col(w).cast(pl.Float64).sum().alias(w), (pl.col(w).cast(pl.Float64) *
    pl.col("EMP")).sum().alias(w + "e"), (pl.col(w).cast(pl.Float64) * pl.col("HINCP")).sum().alias(w + "i")]
start = time.perf_counter()
found = pl.scan_parquet(sys.argv[1]).group_by("PUMA", "RACE").agg(sums).collect(engine="streaming")
print(json.dumps({"seconds": time.perf_counter() - start, "rows": len(found)}))
"""

#: The same small task by us: means of the two by PUMA and race, with standard errors.
SMALL = """
import json, sys, time
from pathlib import Path
from upward.engine.estimate import Settings, estimate
from upward.engine.specification_file import specification_of
folder = Path(sys.argv[1])
spec = specification_of({"schema": "upward/estimate/1", "by": [["PUMA", "RACE"]],
    "design": {"weight": "PWGTP", "replicates": {"prefix": "PWGTP", "count": 80}, "method": "acs-sdr"},
    "estimates": [{"name": "e", "kind": "mean", "of": "EMP"}, {"name": "i", "kind": "mean", "of": "HINCP"}]},
    folder=folder)
times = []
for _round in range(4):
    start = time.perf_counter()
    rows = len(estimate(spec, Path(sys.argv[2]), Settings(cache=folder / "prepared-small")).table)
    times.append(time.perf_counter() - start)
print(json.dumps({"seconds": sorted(times[1:])[1], "rows": rows}))
"""

SVY = """
import json, sys, time
import polars as pl, svy
frame = pl.read_parquet(sys.argv[1])
start = time.perf_counter()
weights = svy.SdrWgts(prefix="PWGTP", n_reps=80)
sample = svy.Sample(data=frame, design=svy.Design(wgt="PWGTP", rep_wgts=weights))
for name in ("EMP", "HINCP"):
    sample.estimation.mean(name, by=("PUMA", "RACE"), method="replication", variance_center="estimate")
print(json.dumps({"seconds": time.perf_counter() - start}))
"""

R = """
suppressMessages(library(survey))
d <- read.csv(commandArgs(TRUE)[1])
s <- proc.time()[["elapsed"]]
des <- svrepdesign(data = d, weights = ~PWGTP, repweights = d[, paste0("PWGTP", 1:80)], type = "other",
                   scale = 4 / 80, rscales = rep(1, 80), mse = TRUE, combined.weights = TRUE)
r <- svyby(~EMP + HINCP, ~PUMA + RACE, des, svymean)
cat(proc.time()[["elapsed"]] - s, nrow(r))
"""


def measure(home: Path) -> Iterator[Line]:
    """Write the invented files into a folder and yield the figures; of a peer that cannot be measured
    the line says why.
    """
    seconds = {}
    for name, records in SIZES.items():
        folder = home / name.replace(" ", "")
        source, _crosswalk = write_survey(folder, records)
        (folder / "specification.yaml").write_text(SPECIFICATION, encoding="utf-8")
        ours = json.loads(run_python(OURS, str(folder)).output)
        seconds[name] = ours["seconds"]
        yield from _whole_job(name, ours, json.loads(run_python(MEMORY, str(folder)).output))
        yield from _small_task(name, folder, source)
    growth = (seconds["16 M"] / seconds["3.3 M"]) / (SIZES["16 M"] / SIZES["3.3 M"])
    yield Line("estimates, 16 M : 3.3 M, time for each record", f"{growth:.2f}", "at most 1.2", growth <= 1.2)
    yield from _sample(home)


def _whole_job(name: str, ours: dict, memory: dict) -> list[Line]:
    ratio, goal = ours["seconds"] / ours["decode"], GOALS.get(name)
    nanoseconds = 1e9 * ours["seconds"] / ours["records"] / 81
    lines = [
        Line(f"estimates, {name} records: whole job, s (median of 5)", f"{ours['seconds']:.2f}"),
        Line(f"estimates, {name}: Parquet decode by polars, s", f"{ours['decode']:.2f}"),
        Line(f"estimates, {name}: one pass over the weights in memory, s", f"{memory['seconds']:.2f}"),
        Line(
            f"estimates, {name}: whole job : Parquet decode", f"{ratio:.2f}",
            f"at most {goal}" if goal else "",
            ratio <= goal if goal else None,
        ),
        Line(f"estimates, {name}: ns for each record and weight", f"{nanoseconds:.1f}"),
        Line(f"estimates, {name}: first run, preparing and compiling, s", f"{ours['first']:.1f}"),
        Line(f"estimates, {name}: rows of results", f"{ours['rows']:,}"),
    ]  # fmt: skip
    reached = ours["peak"] < MOST_GIB
    lines.append(
        Line(f"estimates, {name}: peak memory, preparing too, GiB", f"{ours['peak']:.2f}", "under 5", reached)
    )
    return lines


def _small_task(name: str, folder: Path, source: Path) -> list[Line]:
    ours = json.loads(run_python(SMALL, str(folder), str(source)).output)["seconds"]
    lines = []
    peers = {"DuckDB": DUCKDB, "polars": POLARS}
    if name == "1 M":
        peers["svy"] = SVY
    for peer, code in peers.items():
        what = f"estimates, {name}: two means by PUMA and race, {peer} : ours"
        if importlib.util.find_spec(peer.lower()) is None:
            lines.append(Line(what, "not measured: it is not installed (make .venv/.bench)"))
            continue
        try:
            theirs = json.loads(run_python(code, str(source)).output)["seconds"]
        except (RuntimeError, ValueError) as problem:
            lines.append(Line(what, f"not measured: it failed ({problem})"))
            continue
        lines.append(Line(what, f"{theirs / ours:.0f}"))
    return lines


def _sample(home: Path) -> list[Line]:
    """Return R's time beside ours on a sample that R can bear."""
    import polars as pl

    folder = home / "sample"
    folder.mkdir(exist_ok=True)
    frame = pl.read_parquet(home / "1M" / "records.parquet")
    few = frame.filter(pl.col("PUMA") < frame["PUMA"].sort()[SAMPLE])
    few.write_parquet(folder / "records.parquet")
    few.write_csv(folder / "records.csv")
    ours = json.loads(run_python(SMALL, str(folder), str(folder / "records.parquet")).output)["seconds"]
    what = f"estimates, {len(few):,} records: two means by PUMA and race, R survey : ours"
    if shutil.which("Rscript") is None:
        return [Line(what, "not measured: R is not installed (Debian: r-base-core, r-cran-survey)")]
    done = subprocess.run(
        ["Rscript", "-e", R, str(folder / "records.csv")], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return [Line(what, f"not measured: R failed ({last})")]
    theirs = float(done.stdout.split()[0])
    return [Line(what, f"{theirs / ours:.0f}")]


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary)
        for line in measure(folder):
            verdict = "" if line.reached is None else " – reached" if line.reached else " – not reached"
            click.echo(
                f"{line.what}: {line.figure}" + (f" (goal: {line.goal}{verdict})" if line.goal else "")
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
