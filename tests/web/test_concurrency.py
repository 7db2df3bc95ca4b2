"""Many editors at once, then the server is killed in mid-write: what was acknowledged is there, the database whole.

On SQLite always; on PostgreSQL where a server is told by UPWARD_TEST_DATABASE_URL.
"""

from __future__ import annotations

import http.client
import json
import os
import sqlite3
import threading
import time
import uuid
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import OpenerDirector, Request, build_opener

import pytest
from test_commands import Workbench, run
from workbench_world import PASSWORD

from upward.catalog.load import load_catalog

EDITORS = 20
Versions = dict[tuple[str, int], str]
SECONDS = 60 if os.environ.get("UPWARD_REQUIRE_ALL") else 12
SHARED, *OWN = [
    key for key, question in load_catalog().questions.items() if question.kind.value == "long text"
]
SEED = """
from upward.web.commands.setting_up import set_up
set_up(None)
from upward.web.accounts.actions import add_person, make_api_token
from upward.web.plans.actions import start_plan
from upward.web.plans.models import Membership
owner = add_person(by=None, email="owner@example.org", name="Owner", password="x")
plan = start_plan(by=owner, name="Busy", places=[("98001", "Busy County")])
import json
tokens = []
for number in range(20):
    person = add_person(by=None, email=f"e{number}@example.org", name=f"Editor {number}", password=None)
    Membership.objects.create(plan=plan, user=person, role="editor")
    tokens.append(make_api_token(by=person, name="t", may_write=True))
print(json.dumps(tokens))
"""


class Editor(threading.Thread):
    """Writes answers as fast as it is let, to a question of its own and to one that all share, each over the version
    that it knows; remembers what was acknowledged.
    """

    def __init__(self, workbench: Workbench, token: str, number: int, until: float) -> None:
        super().__init__(daemon=True)
        self.path = f"{workbench.address}/api/v1/plans/busy/answers/"
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.number, self.until = number, until
        self.versions = {OWN[number]: 0, SHARED: 0}
        self.kept: list[tuple[str, int, str]] = []
        self.conflicts = 0
        self.errors: list[str] = []

    def run(self) -> None:
        opener = build_opener()
        while time.monotonic() < self.until:
            for question in self.versions:
                if not self.write(opener, question):
                    return

    def write(self, opener: OpenerDirector, question: str) -> bool:
        """Write once; return whether the server is still there."""
        text = f"Editor {self.number} {uuid.uuid4()}"
        body = json.dumps({"version": self.versions[question], "value": text}).encode()
        asked = Request(self.path + question, body, self.headers, method="PUT")
        try:
            try:
                with opener.open(asked, timeout=30) as answered:
                    self.versions[question] = json.loads(answered.read())["version"]
                    self.kept.append((question, self.versions[question], text))
            except HTTPError as refused:
                self.take_refusal(question, refused.code, refused.read().decode())
        except (URLError, OSError, http.client.HTTPException):  # gone, perhaps in the middle of an answer
            return False
        return True

    def take_refusal(self, question: str, status: int, body: str) -> None:
        """Go on from the version that is there, wait where asked to, and remember anything else as an error."""
        if status == 409:
            self.conflicts += 1
            self.versions[question] = json.loads(body)["version"]
        elif status == 429:
            time.sleep(0.5)
        else:
            self.errors.append(f"{status} {body[:200]}")


def seed(home: Path, **more: str) -> list[str]:
    import subprocess
    import sys

    from test_commands import environment

    done = subprocess.run(
        [sys.executable, "-c", SEED], capture_output=True, text=True, check=False,
        env=environment(UPWARD_HOME=str(home), **more),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def storm(home: Path, **more: str) -> list[Editor]:
    """Let all editors write, kill the server while they do, and return them with what was acknowledged."""
    ended = run(home, "migrate", **more)
    assert ended.returncode == 0, ended.stderr
    tokens = seed(home, **more)
    workbench = Workbench(home, **more)
    until = time.monotonic() + SECONDS + 30
    editors = [Editor(workbench, token, number, until) for number, token in enumerate(tokens)]
    for editor in editors:
        editor.start()
    time.sleep(SECONDS)
    workbench.kill()
    for editor in editors:
        editor.join(timeout=60)
    check_it_goes_on(home, tokens[0], editors[0], **more)
    return editors


def check_it_goes_on(home: Path, token: str, editor: Editor, **more: str) -> None:
    """The server starts again after the kill, gives the acknowledged answer out, and takes the next one."""
    workbench = Workbench(home, **more)
    try:
        again = Editor(workbench, token, editor.number, time.monotonic() + 30)
        question, version, _text = next(
            line for line in reversed(editor.kept) if line[0] == OWN[editor.number]
        )
        again.versions = {question: version}
        until = time.monotonic() + 90  # the minute's requests may be used up
        while not again.kept and time.monotonic() < until:
            # What was written and not acknowledged may be there: then the new version is told.
            assert again.write(build_opener(), question)
        assert again.errors == []
        assert again.conflicts <= 1
        assert again.kept[0][1] in {version + 1, version + 2}
        editor.kept += again.kept
    finally:
        assert workbench.stop() == 0


def backed_up_in_the_storm(home: Path, kept: Path, **more: str) -> list[tuple[str, int, str]]:
    """Take a backup while all editors write, then restore it over everything; return what was acknowledged before."""
    assert run(home, "migrate", **more).returncode == 0
    tokens = seed(home, **more)
    workbench = Workbench(home, **more)
    editors = [Editor(workbench, token, number, time.monotonic() + 60) for number, token in enumerate(tokens)]
    for editor in editors:
        editor.start()
    time.sleep(3)
    before = [line for editor in editors for line in list(editor.kept)]
    done = run(home, "backup", str(kept), **more)
    time.sleep(1)
    for editor in editors:
        editor.until = 0.0
    for editor in editors:
        editor.join(timeout=60)
    assert workbench.stop() == 0
    assert done.returncode == 0, done.stderr
    assert [error for editor in editors for error in editor.errors] == []
    after = [line for editor in editors for line in editor.kept]
    assert len(before) > EDITORS
    assert len(after) > len(before), "people went on while it was taken"
    return before


def check_is_a_moment_of(restored: Versions, running: Versions, newest: dict[str, int], before: list) -> None:
    """What a backup holds is the state of one moment: all that was acknowledged before, nothing torn, nothing else."""
    for question, version, text in before:
        assert restored[question, version] == text
    assert restored.items() <= running.items()
    whole = {(question, number) for question, last in newest.items() for number in range(1, last + 1)}
    assert restored.keys() == whole


def test_a_backup_taken_while_people_write_is_whole_on_sqlite(home: Path, tmp_path: Path) -> None:
    kept, database = tmp_path / "kept.zip", home / "workbench.sqlite3"

    def versions() -> Versions:
        with closing(sqlite3.connect(database)) as held:
            assert held.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert held.execute("PRAGMA foreign_key_check").fetchall() == []
            return {
                (key, number): json.loads(value)["value"] for key, number, value in held.execute(VERSIONS)
            }

    before = backed_up_in_the_storm(home, kept)
    running = versions()
    restored = run(home, "restore", str(kept), "--yes")
    assert restored.returncode == 0, restored.stderr
    with closing(sqlite3.connect(database)) as held:
        newest, told = dict(held.execute(NEWEST)), held.execute(TOLD).fetchone()[0]
    check_is_a_moment_of(versions(), running, newest, before)
    assert told == len(versions())


def test_a_backup_taken_while_people_write_is_whole_on_postgresql(
    home: Path, tmp_path: Path, own_database: str
) -> None:
    import psycopg

    kept, settings = tmp_path / "kept.zip", {"UPWARD_DATABASE_URL": own_database}

    def versions() -> Versions:
        with psycopg.connect(own_database) as held:
            return {(key, number): value["value"] for key, number, value in held.execute(VERSIONS)}

    before = backed_up_in_the_storm(home, kept, **settings)
    running = versions()
    restored = run(home, "restore", str(kept), "--yes", **settings)
    assert restored.returncode == 0, restored.stderr
    with psycopg.connect(own_database) as held:
        newest, told = dict(held.execute(NEWEST).fetchall()), held.execute(TOLD).fetchone()[0]
    check_is_a_moment_of(versions(), running, newest, before)
    assert told == len(versions())


def check_nothing_is_lost(
    editors: list[Editor], versions: Versions, newest: dict[str, int], told: int
) -> None:
    assert [error for editor in editors for error in editor.errors] == []
    acknowledged = [line for editor in editors for line in editor.kept]
    assert len(acknowledged) > EDITORS
    assert len({line[:2] for line in acknowledged}) == len(acknowledged), "one version, one author"
    for question, version, text in acknowledged:
        assert versions[question, version] == text
    whole = {(question, number) for question, last in newest.items() for number in range(1, last + 1)}
    assert versions.keys() == whole, "no version is missing or torn"
    assert told == len(versions), "each version has its row of history"


VERSIONS = """SELECT question, number, plans_answerversion.value FROM plans_answerversion
              JOIN plans_answer ON plans_answer.id = answer_id"""
NEWEST = "SELECT question, version FROM plans_answer"
TOLD = "SELECT count(*) FROM core_historyentry WHERE event = 'answer.saved'"


def test_nothing_acknowledged_is_lost_on_sqlite(home: Path) -> None:
    editors = storm(home)
    with closing(sqlite3.connect(home / "workbench.sqlite3")) as held:
        assert held.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert held.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = {(key, number): json.loads(value)["value"] for key, number, value in held.execute(VERSIONS)}
        check_nothing_is_lost(editors, rows, dict(held.execute(NEWEST)), held.execute(TOLD).fetchone()[0])
    assert sum(editor.conflicts for editor in editors) > 0, "some met in the shared question"


def test_nothing_acknowledged_is_lost_on_postgresql(home: Path, own_database: str) -> None:
    import psycopg

    editors = storm(home, UPWARD_DATABASE_URL=own_database)
    with psycopg.connect(own_database) as held:
        rows = {(key, number): value["value"] for key, number, value in held.execute(VERSIONS)}
        check_nothing_is_lost(
            editors, rows, dict(held.execute(NEWEST).fetchall()), held.execute(TOLD).fetchone()[0]
        )
    assert sum(editor.conflicts for editor in editors) > 0


def test_a_backup_of_postgresql_brings_everything_back(home: Path, tmp_path: Path, own_database: str) -> None:
    import psycopg

    def everything() -> dict[str, list]:
        with psycopg.connect(own_database) as held:
            names = held.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            ).fetchall()
            return {
                name: sorted(held.execute(f'SELECT * FROM "{name}"').fetchall(), key=str) for (name,) in names
            }

    settings = {"UPWARD_DATABASE_URL": own_database}
    assert "upward migrate" in run(home, "user", "list", **settings).stderr, (
        "a server's database is not changed unasked"
    )
    assert run(home, "migrate", **settings).returncode == 0
    seed(home, **settings)
    kept = tmp_path / "kept.zip"
    assert run(home, "backup", str(kept), **settings).returncode == 0
    before = everything()
    added = run(
        home,
        "user",
        "add",
        "late@example.org",
        "--name",
        "Late",
        "--password-stdin",
        text=PASSWORD + "\n",
        **settings,
    )
    assert added.returncode == 0, added.stderr
    assert everything() != before
    restored = run(home, "restore", str(kept), "--yes", **settings)
    assert restored.returncode == 0, restored.stderr
    assert everything() == before


@pytest.fixture
def own_database() -> str:
    """The address of an empty PostgreSQL database; the test is skipped where there is no server."""
    server = os.environ.get("UPWARD_TEST_DATABASE_URL", "")
    if not server:
        pytest.skip("no PostgreSQL: start one (pg_ctlcluster 15 main start) and set UPWARD_TEST_DATABASE_URL")
    import psycopg

    name = f"upward_{uuid.uuid4().hex[:12]}"
    parts = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as held:
        held.execute(f'CREATE DATABASE "{name}"')
    yield parts._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as held:
        held.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
