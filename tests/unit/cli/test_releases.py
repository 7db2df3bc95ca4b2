"""Commands that make, damage and change releases: each on a home folder of its own."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from upward.warehouse.release import current_release_id, list_releases


@pytest.fixture
def own_home(sample_home: Path, tmp_path: Path) -> Path:
    """A copy of the sample release's home folder that may be written to."""
    return Path(shutil.copytree(sample_home, tmp_path / "own-home"))


@pytest.fixture(scope="module")
def two_files(sample_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the population files of the sample and one metric's file, and one that is no metric's."""
    folder = tmp_path_factory.mktemp("published")
    wanted = [*sample_files.rglob("*populations.csv*"), min(sample_files.rglob("metrics_income*"))]
    for path in wanted:
        shutil.copy(path, folder / path.name)
    (folder / "notes.csv").write_text("when,what\n2023,nothing\n")
    return folder


def test_build_prints_the_account_of_every_file(upward, home: Path, two_files: Path) -> None:
    ended = upward("--home", home, "data", "build", "--from", two_files)
    assert ended.code == 0, ended.err
    assert ended.out.split()[:6] == ["read", "written", "rejected", "doubtful", "ignored", "file"]
    for path in two_files.iterdir():
        assert path.name.removesuffix(".gz") in ended.out
    assert current_release_id(home) in ended.out


def test_build_as_json_is_one_document_whose_rows_add_up(upward, home: Path, two_files: Path) -> None:
    ended = upward("--home", home, "data", "build", "--from", two_files, "--json")
    document = json.loads(ended.out)
    assert document["release"]["id"] == current_release_id(home)
    assert len(document["files"]) == len(list(two_files.iterdir()))
    for account in [*document["files"], {f"rows_{name}": rows for name, rows in document["totals"].items()}]:
        assert (
            account["rows_read"]
            == account["rows_written"] + account["rows_rejected"] + account["rows_ignored"]
        )
    assert document["totals"]["written"] > 0


@pytest.mark.parametrize("name", ["nowhere", "empty", "file.csv"])
def test_a_folder_without_published_files_ends_with_3_and_changes_nothing(
    upward, own_home: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.csv").write_text("a,b\n1,2\n")
    before = current_release_id(own_home)
    ended = upward("--home", own_home, "data", "build", "--from", tmp_path / name)
    assert ended.code in (2, 3)
    assert name in ended.err
    assert ended.out == ""
    assert current_release_id(own_home) == before


def test_a_changed_byte_is_found_and_the_release_is_not_used(upward, own_home: Path) -> None:
    (release,) = list_releases(own_home)
    table = release.folder / "results.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.chmod(0o644)
    table.write_bytes(content)
    ended = upward("--home", own_home, "data", "verify")
    assert ended.code == 3
    assert "results.parquet" in ended.err
    as_json = upward("--home", own_home, "data", "verify", "--json")
    assert as_json.code == 3
    assert json.loads(as_json.out)["good"] is False
    assert upward("--home", own_home, "data", "use", release.id).code == 3
    assert upward("--home", own_home, "check").code == 3


def test_use_goes_back_to_an_older_release(upward, own_home: Path, two_files: Path) -> None:
    older = current_release_id(own_home)
    assert upward("--home", own_home, "data", "build", "--from", two_files).code == 0
    assert current_release_id(own_home) != older
    ended = upward("--home", own_home, "data", "use", older)
    assert (ended.code, ended.out) == (0, "")
    assert current_release_id(own_home) == older
    assert upward("--home", own_home, "data", "use", "unknown").code == 4
    marked = [
        line for line in upward("--home", own_home, "data", "list").out.splitlines() if line.startswith("*")
    ]
    assert len(marked) == 1
    assert older in marked[0]


def test_list_says_how_to_get_a_first_release(upward, home: Path) -> None:
    ended = upward("--home", home, "data", "list")
    assert (ended.code, ended.out) == (0, "")
    assert "upward data build" in ended.err
    assert json.loads(upward("--home", home, "data", "list", "--json").out) == []
    assert upward("--home", home, "data", "verify").code == 4


class Links(HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.targets += [value for name, value in attributes if tag == "a" and name == "href" and value]


def test_demo_writes_an_index_whose_links_lead_to_marked_pages(
    upward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A county's own database is left alone: this one would not even answer.
    monkeypatch.setenv("UPWARD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    ended = upward("--home", tmp_path / "home", "demo", "--into", tmp_path / "demo", "--no-serve")
    assert ended.code == 0, ended.err
    assert "upward demo --real" in ended.out
    assert "invented" in ended.out
    plan = {f"plan/sample-plan.{ending}" for ending in ("html", "pdf", "docx", "json")}
    for name, other, label in (
        ("index.html", "index.es.html", "Sample data, invented"),
        ("index.es.html", "index.html", "Datos de muestra, inventados"),
    ):
        index = (tmp_path / "demo" / name).read_text(encoding="utf-8")
        assert label in index
        targets = Links(index).targets
        assert {other, *plan} < set(targets)
        assert len(targets) == 7 + len(plan)  # the other language, three pages and their workbooks
        for target in set(targets) - {other, *plan}:
            page = tmp_path / "demo" / target
            assert page.stat().st_size > 5000
            if target.endswith(".html"):
                assert label in page.read_text(encoding="utf-8")


def test_demo_leaves_a_release_of_published_data_current(
    upward, tmp_path: Path, two_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, into = tmp_path / "home", tmp_path / "demo"
    with monkeypatch.context() as patch:
        # Only the invented state tells the sample's files from published ones.
        patch.setattr("upward.pipeline.refresh.STATE_CODE", "none")
        assert upward("--home", home, "data", "build", "--from", two_files).code == 0
    published = current_release_id(home)
    ended = upward("--home", home, "demo", "--into", into, "--no-serve")
    assert ended.code == 0
    assert current_release_id(home) == published
    assert current_release_id(into / "home") != published
    assert (into / "index.html").is_file()


def test_problems_of_a_file_that_the_release_was_not_made_from_are_not_found(
    upward, sample_home: Path
) -> None:
    ended = upward("--home", sample_home, "data", "problems", "--file", "no-such-file")
    assert ended.code == 4
    assert "no-such-file" in ended.err


def test_a_file_without_problems_says_so(upward, sample_home: Path) -> None:
    ended = upward("--home", sample_home, "data", "problems", "--file", "place-populations")
    assert (ended.code, ended.out) == (0, "")
    assert "No such problem" in ended.err


def test_the_reason_of_a_file_that_could_not_be_read_stands_in_the_account(
    upward, two_files: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(two_files, tmp_path / "in"))
    (folder / "coded.csv").write_bytes("year,state\n".encode("utf-16"))
    ended = upward("--home", tmp_path / "home", "data", "build", "--from", folder)
    assert ended.code == 0, ended.err
    assert "UTF-16" in ended.out


def test_a_year_for_a_file_that_is_not_there_is_wrong_usage(upward, two_files: Path, tmp_path: Path) -> None:
    ended = upward("--home", tmp_path, "data", "build", "--from", two_files, "--year", "debts.csv=2022")
    assert ended.code == 2
    assert "debts.csv" in ended.err
