"""A full build from all published files, against a bare DuckDB load of the same files in the same run.

Goals: under 60 s and 3 GiB on 2 cores; row parsing at least half the speed of the bare load.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.measure import PUBLISHED_FILES, Line, run_python

BUILD = """
import json, sys, time
from pathlib import Path
from upward.pipeline.refresh import build_release
start = time.perf_counter()
steps = []
def note(line):
    steps.append((line, time.perf_counter() - start))
info = build_release(Path(sys.argv[1]), home=Path(sys.argv[2]), progress=note)
chosen = next(seconds for line, seconds in steps if line.startswith("Choosing"))
accounts = info.manifest["accounting"]
rows = sum(account["rows_read"] for account in accounts)
print(json.dumps({"rows": rows, "files": len(accounts), "numbers": info.results, "bytes": info.bytes,
                  "parsing": chosen}))
"""

#: Every file into a table of texts: nothing is recognised, checked or converted.
BARE = r"""
import json, sys, time
from pathlib import Path
import duckdb
files = [line for line in Path(sys.argv[1]).read_text().splitlines()]
start = time.perf_counter()
connection = duckdb.connect()
rows = 0
skipped = []
for number, file in enumerate(files):
    options = "all_varchar=true, header=true, null_padding=true, strict_mode=false, delim=',', quote='\"'"
    for encoding in ("utf-8", "latin-1"):
        source = f"read_csv('{file}', {options}, encoding='{encoding}')"
        try:
            connection.execute(f"create table t{number} as select * from {source}")
            break
        except duckdb.Error:
            continue
    else:
        skipped.append(file)
        continue
    rows += connection.execute(f"select count(*) from t{number}").fetchone()[0]
print(json.dumps({"rows": rows, "seconds": time.perf_counter() - start, "skipped": len(skipped)}))
"""


def measure(home: Path) -> list[Line]:
    """Build a release of the published files in `home` and return the figures."""
    built = run_python(BUILD, str(PUBLISHED_FILES), str(home))
    facts = json.loads(built.output)
    files = sorted(str(path) for path in PUBLISHED_FILES.rglob("*.csv*") if path.name != "MANIFEST.csv")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listing:
        listing.write("\n".join(files))
        listing.flush()
        bare = json.loads(run_python(BARE, listing.name).output)
    ours = facts["rows"] / facts["parsing"]
    theirs = bare["rows"] / bare["seconds"]
    return [
        Line("full build: seconds", f"{built.seconds:.1f}", "under 60", built.seconds < 60),
        Line("full build: peak memory, GiB", f"{built.peak_gib:.2f}", "under 3", built.peak_gib < 3),
        Line("full build: rows read, files", f"{facts['rows']:,} in {facts['files']}"),
        Line("full build: numbers written, MB", f"{facts['numbers']:,}, {facts['bytes'] / 1e6:.0f} MB"),
        Line("reading, recognising and checking: rows a second", f"{ours:,.0f}"),
        Line(f"bare DuckDB load: rows a second ({bare['skipped']} files refused)", f"{theirs:,.0f}"),
        Line("ours : bare load", f"{ours / theirs:.2f}", "at least 0.5", ours / theirs >= 0.5),
    ]
