"""A plan's document of some 25 pages: as PDF, and in all three forms.

Goals: the PDF in under a second, all three forms in under five. The peer is the same text through headless Chromium's
print, which also writes a PDF; it is run once, with its start-up, as a county office would.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Line

TESTS = Path(__file__).parents[1] / "tests" / "outputs"
RUNS = 5
PAGES = 25
PLACE = "21227"
#: Kinds of the told plan that stand several times more, so that it has 25 pages and more.
AGAIN, COPIES = ("finding", "strategic-action", "measure"), 4


def measure(home: Path) -> list[Line]:
    """Write the told plan, with charts of the current release in `home`, and return the figures."""
    from upward.present.document_docx import render_docx
    from upward.present.document_html import render_html
    from upward.present.document_pdf import render_pdf

    document = _document(home)
    first = _seconds(lambda: render_pdf(document), 1)
    pdf = _seconds(lambda: render_pdf(document), RUNS)
    docx = _seconds(lambda: render_docx(document), RUNS)
    html = _seconds(lambda: render_html(document), RUNS)
    pages = render_pdf(document).count(b"/Type/Page/")
    assert pages >= PAGES, pages
    lines = [
        Line(
            f"plan of {pages} pages as PDF: first, then",
            f"{first:.2f} s, {pdf:.2f} s",
            "under 1 s",
            first * PAGES / max(pages, PAGES) < 1,
        ),
        Line("the same in three forms", f"{pdf + docx + html:.2f} s", "under 5 s", first + docx + html < 5),
    ]
    peer = _chromium(render_html(document))
    if peer:
        lines.append(
            Line("Chromium's print of the same plan", f"{peer:.2f} s: {peer / pdf:.0f} times as long")
        )
    return lines


def _document(home: Path):
    sys.path.insert(0, str(TESTS))
    from dataclasses import replace

    from invented_plans import told_plan

    from upward.pipeline.publish import plan_document
    from upward.warehouse.release import current_release_id

    told = replace(told_plan(), release=current_release_id(home) or "")
    records = dict(told.records)
    for kind in AGAIN:
        found = told.of(kind)
        more = tuple(
            replace(item, key=replace(item.key, uid=f"{item.uid}-{n}"))
            for n in range(COPIES)
            for item in found
        )
        records[kind] = (*found, *more)
    return plan_document(replace(told, records=records), language="en", home=home)


def _seconds(work: Callable[[], object], runs: int) -> float:
    """Return the median of some runs."""
    found = []
    for _run in range(runs):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return sorted(found)[len(found) // 2]


def _chromium(text: str) -> float | None:
    program = shutil.which("chromium")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "plan.html", Path(folder) / "plan.pdf"
        source.write_text(text, encoding="utf-8")
        start = time.perf_counter()
        command = [
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        subprocess.run(command, capture_output=True, check=True)
        return time.perf_counter() - start
