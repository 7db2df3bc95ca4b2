"""Pages that gather the records of a plan of 500 findings, 200 actions, 600 parts of logic models and 400 measures.

Sixteen clients at once, as in `benchmarks.web`, on SQLite. The peer is the same server's `/healthz`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import REPOSITORY, Line
from benchmarks.web import CLIENTS, MEDIAN, SECONDS, SLOW, _load, served

TESTS = REPOSITORY / "tests" / "web"
SEED = """
from upward.web.commands.setting_up import ready_database, set_up
set_up(None)
ready_database()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from large_plan import fill_large_plan
from upward.web.accounts.models import User
from upward.web.evidence.models import Finding
from upward.web.plans.actions import start_plan
with transaction.atomic():
    owner = User.objects.create_user("owner@example.org", name="Owner")
    plan = start_plan(by=owner, name="Full", places=[("98001", "Full County")])
    fill_large_plan(plan, owner)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(owner.pk), owner.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session.save()
print(session.session_key, Finding.objects.filter(plan=plan)[7].uid)
"""


def measure(folder: Path) -> list[Line]:
    """Return the figures of each page."""
    from upward.pipeline.refresh import build_sample_release

    home = folder / "full-plan"
    paths = [str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "UPWARD_HOME": str(home), "PYTHONPATH": os.pathsep.join(paths)}
    build_sample_release(home=home)
    command = [sys.executable, "-c", SEED]
    seeded = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    session, finding = seeded.stdout.split()[-2:]
    with served(environment) as address:
        return _lines(address, session, finding)


def _lines(address: str, session: str, finding: str) -> list[Line]:
    pages = {
        "/healthz (peer)": "/healthz",
        "home": "/plans/full/",
        "a list, 500 findings": "/plans/full/records/finding/",
        "a finding": f"/plans/full/records/finding/{finding}/",
        "its form": f"/plans/full/records/finding/{finding}/change/",
        "the thread": "/plans/full/thread/",
        "the document": "/plans/full/document/",
    }
    lines, peer = [], 0.0
    for name, path in pages.items():
        taken, errors = _load(address + path, session)
        median, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        peer = peer or median
        figure = (
            f"median {median * 1000:.0f} ms, 95th percentile {slow * 1000:.0f} ms, {len(taken) / SECONDS:.0f} pages/s, "
            f"{errors} errors; {median / peer:.1f} times the peer"
        )
        goal = "" if path == "/healthz" else "median under 60 ms, 95th percentile under 250 ms, no errors"
        reached = None if not goal else median < MEDIAN and slow < SLOW and not errors
        lines.append(Line(f"A full plan, {CLIENTS} clients at once: {name}", figure, goal, reached))
    return lines
