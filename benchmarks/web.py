"""The workbench under 16 clients at once: workspace and public pages, in a plan of 300 members and 5,000 records.

On SQLite, and on PostgreSQL where UPWARD_TEST_DATABASE_URL names a server; where it names none, a line says so. The
peer is the same server's `/healthz`, which does nothing but ask the database for one row: what a page adds to it is
ours. The home page is measured once more while an editor saves an answer every second, because a change makes the
server read the plan's records anew.
"""

from __future__ import annotations

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from benchmarks.measure import REPOSITORY, Line

CLIENTS = 16
SECONDS = 12.0
MEDIAN, SLOW = 0.060, 0.250
SAVING = "workspace home while an editor saves each second"
SEED = """
from upward.web.commands.setting_up import ready_database, set_up
set_up(None)
ready_database()
from datetime import timedelta
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone
from upward.web.accounts.models import User
from upward.web.core.models import HistoryEntry
from upward.web.plans.actions import add_task, change_task, save_answer, start_plan
from upward.web.plans import catalogue
from upward.web.plans.models import Answer, AnswerVersion, Membership, PlanDate, Task
from upward.web.plans.queries import access_to
now = timezone.now()
with transaction.atomic():
    owner = User.objects.create_user("owner@example.org", name="Owner")
    plan = start_plan(by=owner, name="Large", places=[("98001", "Large County")])
    people = User.objects.bulk_create(
        User(email=f"m{n}@example.org", name=f"Member {n}", password="!") for n in range(299))
    Membership.objects.bulk_create(Membership(plan=plan, user=one, role="contributor") for one in people)
    steps = list(catalogue.catalog().steps)
    Task.objects.bulk_create(
        Task(plan=plan, key=f"own.{n}", step=steps[n % 10], title=f"Task of our own {n}", owner=people[n % 299],
             due=now.date() + timedelta(days=n % 400 - 100)) for n in range(300))
    for key in catalogue.catalog().questions:
        value = {"value": "Words " * 40}
        answer = Answer.objects.create(plan=plan, question=key, value=value, version=10, by=owner, by_name="Owner")
        AnswerVersion.objects.bulk_create(
            AnswerVersion(answer=answer, number=n, value=value, by_name="Owner") for n in range(1, 11))
    PlanDate.objects.bulk_create(
        PlanDate(plan=plan, title=f"Meeting {n}", day=now.date() + timedelta(days=n)) for n in range(200))
    HistoryEntry.objects.bulk_create(
        HistoryEntry(at=now - timedelta(minutes=n), by=owner.pk, by_name="Owner", plan=plan.pk, event="task.done",
                     record="task:s01.t01", record_name="x") for n in range(3500))
    from upward.web.comments.models import Comment
    Comment.objects.bulk_create(
        Comment(plan=plan, record="task:s01.t01", kind="question" if n % 4 else "note", text="Words " * 20,
                by=people[n % 299], by_name="Member", role="contributor", at=now) for n in range(60))
    from upward.web.coalition.models import Partner
    from upward.web.engagement.models import Cause, Contribution, Quote
    from upward.web.evidence.models import Finding
    from upward.web.measurement.models import Measure
    text = "Words " * 30
    Contribution.objects.bulk_create(
        Contribution(plan=plan, subject=f"Voice {n}", words=text, answer_status="used" if n % 50 else "waiting")
        for n in range(2600))
    Partner.objects.bulk_create(Partner(plan=plan, name=f"Partner {n}") for n in range(700))
    Quote.objects.bulk_create(Quote(plan=plan, words=text, consent="none") for n in range(500))
    Measure.objects.bulk_create(Measure(plan=plan, name=f"Measure {n}", definition=text) for n in range(300))
    findings = Finding.objects.bulk_create(
        Finding(plan=plan, statement=f"Finding {n}", status="draft") for n in range(600))
    causes = Cause.objects.bulk_create(Cause(plan=plan, statement=f"Cause {n}") for n in range(300))
    Link = Cause.findings.through
    Link.objects.bulk_create(Link(cause=causes[n // 2], finding=findings[n]) for n in range(600))
    from upward.web.accounts.actions import make_api_token
    token = make_api_token(by=owner, name="editor", may_write=True)
    for n in range(20):
        other = start_plan(by=owner, name=f"Other {n}", places=[("98003", "Other")])
    from upward.web.publishing.actions import publish
    publish(by=access_to(plan, owner), version=0, parts=["progress"], dates=[])
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(owner.pk), owner.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session.save()
print(session.session_key, token)
"""
#: Kept by the editor who saves while others read.
ANSWERED = "/api/v1/plans/large/answers"


def measure(folder: Path) -> list[Line]:
    """Return the figures of each page, on each database that is here."""
    lines = _measure_on(folder / "workbench", "SQLite", {})
    server = os.environ.get("UPWARD_TEST_DATABASE_URL", "")
    if not server:
        why = (
            "not measured: UPWARD_TEST_DATABASE_URL names no PostgreSQL server (pg_ctlcluster 15 main start)"
        )
        lines.append(Line(f"Workbench on PostgreSQL, {CLIENTS} clients at once", why))
    else:
        with _own_database(server) as address:
            lines += _measure_on(
                folder / "workbench-postgresql", "PostgreSQL", {"UPWARD_DATABASE_URL": address}
            )
    return lines


@contextmanager
def _own_database(server: str) -> Iterator[str]:
    """Give the address of an empty PostgreSQL database, dropped afterwards."""
    import psycopg

    name = f"upward_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as held:
        held.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as held:
        held.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


def _measure_on(home: Path, database: str, settings: dict[str, str]) -> list[Line]:
    environment = {**os.environ, "UPWARD_HOME": str(home), **settings}
    from upward.pipeline.refresh import build_sample_release

    build_sample_release(home=home)
    if settings:  # the database of a server is prepared by name, never unasked
        words = [sys.executable, "-m", "upward", "migrate"]
        subprocess.run(words, env=environment, check=True, cwd=REPOSITORY, capture_output=True)
    seeded = subprocess.run(
        [sys.executable, "-c", SEED],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    session, token = seeded.stdout.split()[-2:]
    with served(environment) as address:
        return _lines(address, session, token, database)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """Give the address of a workbench with these settings, which answers already; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "upward", "serve", "--port", str(port)],
        env=environment, stdout=subprocess.DEVNULL, cwd=REPOSITORY,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    for _try in range(300):
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError("the workbench does not answer")


def _lines(address: str, session: str, token: str, database: str) -> list[Line]:
    pages = {
        "/healthz (peer)": "/healthz",
        "workspace home": "/plans/large/",
        SAVING: "/plans/large/",
        "a step": "/plans/large/steps/1/",
        "a task with 60 comments": "/plans/large/tasks/s01.t01/",
        "all tasks": "/plans/large/tasks/",
        "history": "/plans/large/history/",
        "records, 2,600 contributions": "/plans/large/records/contribution/",
        "people, 300 members": "/plans/large/people/",
        "21 plans at a glance": "/plans/overview/",
        "public plan": "/p/large/",
        "public place page": "/places/98001/",
        "framework": "/framework/",
    }
    lines, peer = [], 0.0
    for name, path in pages.items():
        with _saving(address, token) if name == SAVING else nullcontext():
            taken, errors = _load(address + path, session)
        median, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        peer = peer or median
        figure = (
            f"median {median * 1000:.0f} ms, 95th percentile {slow * 1000:.0f} ms, {len(taken) / SECONDS:.0f} pages/s, "
            f"{errors} errors; {median / peer:.1f} times the peer"
        )
        goal = "" if path == "/healthz" else "median under 60 ms, 95th percentile under 250 ms, no errors"
        reached = None if not goal else median < MEDIAN and slow < SLOW and not errors
        lines.append(
            Line(f"Workbench on {database}, {CLIENTS} clients at once: {name}", figure, goal, reached)
        )
    return lines


@contextmanager
def _saving(address: str, token: str) -> Iterator[None]:
    """Let an editor save the next version of an answer every second, as a program with a token does."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urlopen(Request(address + ANSWERED, headers=headers), timeout=30) as answered:
        row = next(row for row in json.loads(answered.read()) if row["kind"] == "long text")
    over = threading.Event()
    failed: list[Exception] = []

    def save() -> None:
        version = row["version"]
        while not over.wait(1):
            body = json.dumps({"version": version, "value": f"Words {version}"}).encode()
            asked = Request(f"{address}{ANSWERED}/{row['question']}", body, headers, method="PUT")
            try:
                with urlopen(asked, timeout=30) as answered:
                    version = json.loads(answered.read())["version"]
            except (URLError, ConnectionError, TimeoutError) as problem:
                failed.append(problem)

    editor = threading.Thread(target=save)
    editor.start()
    yield
    over.set()
    editor.join()
    if failed:
        raise RuntimeError(f"{len(failed)} of the editor's savings failed: {failed[0]}")


def _load(address: str, session: str) -> tuple[list[float], int]:
    """Return the seconds of each answer to clients that read a page, then think for a moment, and the errors.

    Sixteen people do not ask without a pause: each thinks for a quarter of a second between two pages, which is far
    less than people do.
    """
    taken: list[float] = []
    errors = 0
    until = time.monotonic() + SECONDS

    def client() -> None:
        nonlocal errors
        while time.monotonic() < until:
            start = time.perf_counter()
            try:
                with urlopen(
                    Request(address, headers={"Cookie": f"sessionid={session}"}), timeout=30
                ) as answered:
                    text = answered.read()
                    errors += answered.status != 200 or bool(re.search(rb"id=.id_login", text))
            except (URLError, ConnectionError, TimeoutError):
                errors += 1
            taken.append(time.perf_counter() - start)
            time.sleep(0.25)

    clients = [threading.Thread(target=client) for _client in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return taken, errors
