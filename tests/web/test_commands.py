"""The workbench's commands: their examples, one after the other as a newcomer would; serving, and what it refuses."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from workbench_world import PASSWORD

from upward.cli.workbench import commands_of_the_workbench

CODE = "import sys; from upward.cli.main import run; sys.exit(run(sys.argv[1:]))"
#: In this order each finds what the one before left.
EXAMPLES = (
    "upward migrate",
    "upward user add ana@example.org --name 'Ana Ruiz' --staff",
    "upward user list --json",
    "upward plan new 'Boone County' --place 29019 --owner ana@example.org",
    "upward plan list --json",
    "upward plan show boone-county --json",
    "upward plan check boone-county",
    "upward map boone-county -o boone-map.pdf",
    "upward plan export boone-county -o boone.upward.zip",
    "upward plan import boone.upward.zip",
    "upward backup upward-backup.zip",
    "upward restore upward-backup.zip",
    "upward user password ana@example.org",
    "upward user address mango-4821 ana@example.org",
    "upward user close ana@example.org",
    "upward user open ana@example.org",
)


def environment(**more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("UPWARD_", "DJANGO_", "PYTEST"))
    }
    return {**kept, **more}


def run(home: Path, *words: str, text: str = "", folder: Path | None = None, **more: str):
    return subprocess.run(
        [sys.executable, "-c", CODE, "--home", str(home), *words],
        capture_output=True, text=True, input=text, env=environment(**more), check=False, cwd=folder,
    )  # fmt: skip


def test_the_examples_of_the_help_run_in_their_order(home: Path, tmp_path: Path) -> None:
    for example in EXAMPLES:
        words = shlex.split(example)[1:]
        text = "y\n"
        if words[:2] in (["user", "add"], ["user", "password"]):
            words, text = [*words, "--password-stdin"], PASSWORD + "\n"
        if words[:2] == ["user", "address"]:  # a sign-in name is drawn by chance
            words[2] = "ana@example.org"
        ended = run(home, *words, text=text, folder=tmp_path)
        assert ended.returncode == 0, f"{example}: {ended.stderr}"


def test_every_example_of_the_help_is_among_those_that_run() -> None:
    def epilogs(command):
        yield command.epilog
        for child in getattr(command, "commands", {}).values():
            yield from epilogs(child)

    said = {
        text.removeprefix("Example: ") for command in commands_of_the_workbench() for text in epilogs(command)
    }
    groups = {"upward user add ana@example.org --name Ana", "upward plan list", "upward serve --port 8000"}
    assert said - groups == set(EXAMPLES)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("UPWARD_ADDRESS", "plans.example.gov", "not the address of a site"),
        ("UPWARD_DATABASE_URL", "mysql://x/y", "PostgreSQL"),
        ("UPWARD_DATABASE_URL", "postgresql://a@b:port/c", "port"),
        ("UPWARD_SECRET_KEY", "short", "50 or more"),
        ("UPWARD_MAIL_URL", "http://mail", "mail server"),
        ("UPWARD_OIDC_ISSUER", "https://id.example.gov", "together"),
        ("UPWARD_TIME_ZONE", "Mars/Olympus", "time zone"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(home: Path, name: str, value: str, word: str) -> None:
    ended = run(home, "user", "list", **{name: value})
    assert ended.returncode == 2
    assert word in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_server_s_database_that_does_not_answer_is_said_so(home: Path) -> None:
    ended = run(home, "user", "list", UPWARD_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert ended.returncode == 5
    assert "does not answer" in ended.stderr


def test_a_port_that_is_taken_is_said_so_before_anything_starts(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run(home, "serve", "--port", str(port))
    assert ended.returncode == 5
    assert ended.stderr.splitlines() == [
        f"upward: 127.0.0.1 cannot be listened on at port {port}: something listens there already.",
        f"Stop it, or take another port: --port {port + 1}",
    ]
    assert not (home / "key").exists()


def test_a_database_of_a_newer_version_is_not_touched(home: Path) -> None:
    assert run(home, "migrate").returncode == 0
    with closing(sqlite3.connect(home / "workbench.sqlite3")) as held, held:
        held.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('plans', '9999_later', '2031-01-01')"
        )
    ended = run(home, "user", "list")
    assert ended.returncode == 5
    assert "newer version of Upward (plans.9999_later)" in ended.stderr
    assert "restore FILE" in ended.stderr


def test_a_database_of_an_older_version_is_backed_up_before_it_is_changed(home: Path) -> None:
    assert run(home, "migrate").returncode == 0
    added = run(
        home, "user", "add", "ana@example.org", "--name", "Ana", "--password-stdin", text=PASSWORD + "\n"
    )
    assert added.returncode == 0, added.stderr
    with (
        closing(sqlite3.connect(home / "workbench.sqlite3")) as held,
        held,
    ):  # as if the newest change were not there
        held.execute("DROP INDEX history_of_event")
        held.execute("DELETE FROM django_migrations WHERE app = 'core' AND name LIKE '0003%'")
    waiting = run(home, "check", "--json")
    assert "changes of this version wait: upward migrate" in waiting.stdout
    ended = run(home, "user", "list")
    assert ended.returncode == 0, ended.stderr
    assert "Backup before the change:" in ended.stderr
    assert len(list((home / "backups").glob("before-migration-*.zip"))) == 1
    assert "ana@example.org" in ended.stdout


def test_a_damaged_database_is_named_and_a_backup_takes_its_place(home: Path, tmp_path: Path) -> None:
    assert run(home, "migrate").returncode == 0
    added = run(
        home, "user", "add", "ana@example.org", "--name", "Ana", "--password-stdin", text=PASSWORD + "\n"
    )
    assert added.returncode == 0, added.stderr
    assert run(home, "backup", str(tmp_path / "kept.zip")).returncode == 0
    (home / "workbench.sqlite3").write_bytes(b"no database, but long enough to be read as one" * 20)
    for words in (("user", "list"), ("check",)):
        ended = run(home, *words)
        assert ended.returncode == 5
        said = ended.stdout + ended.stderr
        assert "file is not a database" in said
        assert "upward restore FILE" in said
        assert "Traceback" not in said
    restored = run(home, "restore", str(tmp_path / "kept.zip"), "--yes")
    assert restored.returncode == 0, restored.stderr
    assert (home / "workbench.sqlite3.damaged").is_file()
    assert "ana@example.org" in run(home, "user", "list").stdout


def test_a_restore_over_records_is_refused_where_nobody_can_be_asked(home: Path, tmp_path: Path) -> None:
    assert run(home, "migrate").returncode == 0
    assert run(home, "backup", str(tmp_path / "kept.zip")).returncode == 0
    ended = run(home, "restore", str(tmp_path / "kept.zip"))
    assert ended.returncode == 5
    assert "Nothing was restored" in ended.stderr
    assert "--yes" in ended.stderr
    declined = run(home, "restore", str(tmp_path / "kept.zip"), text="n\n")
    assert declined.returncode not in (0, 5)
    assert "Nothing was restored" not in declined.stderr


def test_the_worker_comes_back_and_outlives_a_process_of_the_server(home: Path) -> None:
    workbench = Workbench(home)
    try:
        first = worker_of(workbench)
        server = next(pid for pid in children(workbench.process.pid) if pid != first)
        os.kill(server, signal.SIGTERM)
        time.sleep(2)
        assert worker_of(workbench) == first, "a server process that ends leaves the worker alone"
        os.kill(first, signal.SIGKILL)
        for _try in range(100):
            time.sleep(0.2)
            if worker_of(workbench) not in {first, None}:
                break
        assert worker_of(workbench) not in {first, None}
    finally:
        assert workbench.stop() == 0
    assert "unexpected" not in workbench.said


def children(parent: int) -> list[int]:
    """The processes that a process started, on Linux."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def worker_of(workbench: Workbench) -> int | None:
    """The background worker beside a server, if it runs."""
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            held = (process / "stat").read_text().rpartition(")")[2].split()
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if (
            int(held[1]) == workbench.process.pid
            and held[0] != "Z"
            and b"upward.web.commands.working" in words
        ):
            return int(process.name)
    return None


class Workbench:
    """A workbench that serves, started as people start it."""

    def __init__(self, home: Path, **more: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE, "--home", str(home), "serve", "--port", str(self.port), "--workers", "2"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(**more),
            start_new_session=True,
        )  # fmt: skip
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C" in line:
                break
        for _try in range(100):
            try:
                assert self.status("/healthz") == 200
                return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError(f"the workbench does not answer: {self.said}")

    def status(self, path: str, **headers: str) -> int:
        try:
            with urlopen(Request(self.address + path, headers=headers), timeout=10) as answered:
                return answered.status
        except HTTPError as refused:
            return refused.code

    def kill(self) -> None:
        """End every process of it at once, as a loss of power would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code


def test_serving_with_nothing_set_makes_a_key_and_a_link_for_the_first_person(home: Path) -> None:
    workbench = Workbench(home)
    try:
        link = re.search(r"http://\S+/first/\S+/", workbench.said).group()
        assert workbench.status(link.removeprefix(workbench.address)) == 200
        assert workbench.status("/static/upward.css") == 200
        assert workbench.status("/", Host="evil.example") == 400
        assert (home / "key").stat().st_mode & 0o077 == 0
    finally:
        assert workbench.stop() == 0


@pytest.mark.django_db
def test_a_new_password_from_the_shell_signs_out_everywhere_and_drops_lost_keys(person) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client
    from django.urls import reverse

    from upward.web.accounts.actions import drop_second_factor, set_password

    ana = person("Ana")
    TOTP.activate(ana, generate_totp_secret())
    browser = Client()
    browser.force_login(ana)
    assert browser.get(reverse("plans:list")).status_code == 200
    set_password(person=ana, password="seven slow clouds drift")
    drop_second_factor(person=ana)
    assert browser.get(reverse("plans:list")).status_code == 302
    again = Client()
    again.post(reverse("account_login"), {"login": ana.email, "password": "seven slow clouds drift"})
    assert again.get(reverse("plans:list")).status_code == 200


def test_check_looks_at_the_workbench_for_deployers(home: Path) -> None:
    import json

    def look(**more: str) -> dict[str, dict]:
        return {line["name"]: line for line in json.loads(run(home, "check", "--json", **more).stdout)}

    first = look()
    assert first["database"]["state"] == "note"
    assert first["mail"]["state"] == "note"
    assert run(home, "migrate").returncode == 0
    assert look()["database"]["state"] == "good"
    (home / "key").chmod(0o644)
    assert look()["key"]["state"] == "bad"
    assert run(home, "check").returncode == 5
    (home / "key").chmod(0o600)
    server = look(
        UPWARD_ADDRESS="https://plans.example.gov",
        UPWARD_BEHIND_PROXY="1",
        UPWARD_MAIL_URL="smtp://127.0.0.1:1",
    )
    assert server["address"]["state"] == "good"
    assert server["mail"]["state"] == "bad"
    provider = {"UPWARD_OIDC_CLIENT_ID": "upward", "UPWARD_OIDC_CLIENT_SECRET": "s"}
    assert look(UPWARD_OIDC_ISSUER="https://id.example.gov", **provider)["sign-in"]["state"] == "good"
    assert look(UPWARD_OIDC_ISSUER="http://id.example.gov", **provider)["sign-in"]["state"] == "bad"
    assert look(UPWARD_DATABASE_URL="postgresql://x@127.0.0.1:1/none")["database"]["state"] == "bad"


@pytest.mark.django_db
def test_the_sample_plan_is_made_once_and_its_lead_signs_in(no_release: None) -> None:
    from django.test import Client
    from django.urls import reverse

    from upward.web.commands.sample import LEAD, make_sample_plan
    from upward.web.plans.models import Plan

    make_sample_plan()
    password = make_sample_plan()
    assert Plan.objects.count() == 1
    browser = Client()
    browser.post(reverse("account_login"), {"login": LEAD, "password": password})
    shown = browser.get(reverse("plans:home", kwargs={"slug": "example-county"})).content.decode()
    assert "Do this next" in shown
    assert "Signed off" in shown


def test_a_plan_is_written_in_every_form_and_nothing_of_others_is_overwritten(
    home: Path, tmp_path: Path
) -> None:
    run(home, "migrate")
    run(home, "user", "add", "ana@example.org", "--name", "Ana", "--password-stdin", text=f"{PASSWORD}\n")
    assert (
        run(home, "plan", "new", "Boone County", "--place", "29019", "--owner", "ana@example.org").returncode
        == 0
    )
    folder = tmp_path / "release"
    for _time in range(2):
        ended = run(home, "map", "boone-county", "-o", str(folder), "--lang", "es")
        assert ended.returncode == 0, ended.stderr
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["boone-county.docx", "boone-county.html", "boone-county.json", "boone-county.pdf"]
    assert "Plan de Acción de Movilidad" in (folder / "boone-county.html").read_text(encoding="utf-8")
    (folder / "mine.txt").write_text("mine")
    refused = run(home, "map", "boone-county", "-o", str(folder))
    assert (refused.returncode, "mine.txt" in refused.stderr) == (5, True)


@pytest.mark.parametrize(("target", "code"), [("map.odt", 2), ("nowhere/map.pdf", 2), ("map.pdf", 4)])
def test_a_map_that_cannot_be_written_says_why(home: Path, tmp_path: Path, target: str, code: int) -> None:
    ended = run(home, "map", "no-such-plan", "-o", target, folder=tmp_path)
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr
    assert not list(tmp_path.glob("map.*"))
