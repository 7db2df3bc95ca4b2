"""The whole site on two processes, and its pages beside a headless Vega-Lite renderer in the same run.

Goals: every page of a published release under 60 s on two cores (stretch 20 s); place pages under 200 kB. The files
to download (CSV, JSON, workbook, data package) are measured on their own, on top.
"""

from __future__ import annotations

import json
import resource
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from benchmarks.measure import Line

PROCESSES = 2
GOAL = 60
LIGHT = 200_000
#: Pages that the peer renders: enough for a steady rate, few enough to wait for.
PEER_PAGES = 12


def measure(home: Path) -> list[Line]:
    """Write the site of the release in `home` twice, without and with downloads, and return the figures."""
    folder = home / "site"
    bare, busy, without = _publish(home, folder, ())
    sizes = sorted(path.stat().st_size for path in (folder / "places").glob("*.html"))
    shutil.rmtree(folder)
    full, busier, with_files = _publish(home, folder, ("csv", "json", "xlsx"))
    shutil.rmtree(folder)
    ours = without.places / bare
    charts, theirs = _peer(home)
    return [
        Line("whole site, every page: seconds, 2 processes", f"{bare:.1f}", f"under {GOAL}", bare < GOAL),
        Line("whole site with all downloads: seconds", f"{full:.1f}"),
        Line("processor seconds, without and with downloads", f"{busy:.0f}, {busier:.0f}"),
        Line("files and MB, without and with downloads", _files(without, with_files)),
        Line(
            "place page in the site, kB: median, largest",
            f"{sizes[len(sizes) // 2] / 1000:.0f}, {sizes[-1] / 1000:.0f}",
            f"largest under {LIGHT // 1000}",
            sizes[-1] < LIGHT,
        ),
        Line("places a second, with all their pages and maps", f"{ours:.1f}"),
        Line(f"Vega-Lite headless: pages a second ({charts} charts a page)", f"{theirs:.2f}"),
        Line("ours : Vega-Lite", f"{ours / theirs:.0f}"),
    ]


def _files(without, with_files) -> str:
    parts = (f"{report.files:,} / {report.bytes / 1e6:,.0f}" for report in (without, with_files))
    return ", ".join(parts)


def _publish(home: Path, folder: Path, forms: tuple[str, ...]):
    from upward.insights.analysis import open_release
    from upward.pipeline.site import publish_site

    today = datetime.now(UTC).date()
    start, before = time.perf_counter(), _processor_seconds()
    report = publish_site(open_release(home), folder, forms=forms, processes=PROCESSES, today=today)
    return time.perf_counter() - start, _processor_seconds() - before, report


def _processor_seconds() -> float:
    """Return the processor time of this process and of its finished children: what a busy machine cannot blur."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def _peer(home: Path) -> tuple[int, float]:
    """Return how many charts a page has, and how many such pages two processes of the peer render in a second."""
    specs = _specs(home)
    tasks = [specs] * PEER_PAGES
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_render, [specs[:1]] * PROCESSES))  # start the processes and the renderer
        start = time.perf_counter()
        list(pool.map(_render, tasks))
        seconds = time.perf_counter() - start
    return len(specs), PEER_PAGES / seconds


def _specs(home: Path) -> list[str]:
    """The charts of one place's page as Vega-Lite, built by Altair from the same numbers."""
    import altair
    import polars as pl

    from upward.warehouse.read import open_release

    rows = open_release(home).metrics("29019").filter(pl.col("value").is_not_null())
    specs = []
    for _key, frame in rows.group_by("variable", "group_type", maintain_order=True):
        data = altair.Data(values=frame.select("period", "group", "value", "lower", "upper").to_dicts())
        base = altair.Chart(data, width=320, height=120).encode(y="group:N")
        interval = base.mark_rule().encode(x="lower:Q", x2="upper:Q")
        specs.append((interval + base.mark_point().encode(x="value:Q")).to_json())
    return specs


def _render(specs: list[str]) -> int:
    import vl_convert

    return sum(len(vl_convert.vegalite_to_svg(json.loads(spec))) for spec in specs)
