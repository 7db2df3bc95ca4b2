"""A site's folder: foreign files stay untouched, a stopped run goes on, a finished one stands in one step."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from upward.base.errors import RefusedError
from upward.pipeline import site as site_module
from upward.pipeline.site import publish_site
from upward.pipeline.site_folder import DONE, MARKER, SiteFolder, tree_size, write_text
from upward.warehouse.read import Release

KEY = {"release": "r1"}
TODAY = date(2026, 11, 24)


def test_a_finished_site_stands_in_its_folder_with_its_marker_alone(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path / "site", KEY)
    write_text(site.beside, "places/a.html", "<p>a")
    site.note("a")
    site.publish()
    assert (tmp_path / "site" / "places" / "a.html").read_text() == "<p>a"
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["places", MARKER]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]


def test_a_later_site_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    for release in ("r1", "r2"):
        site = SiteFolder(tmp_path / "site", {"release": release})
        write_text(site.beside, f"{release}.html", release)
        site.publish()
    assert not (tmp_path / "site" / "r1.html").exists()
    assert (tmp_path / "site" / "r2.html").is_file()


@pytest.mark.parametrize("name", ["site", "site.unfinished", "site.earlier"])
def test_a_folder_with_foreign_files_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    foreign = tmp_path / name / "thesis.txt"
    foreign.parent.mkdir()
    foreign.write_text("years of work")
    with pytest.raises(RefusedError, match="nothing was changed"):
        SiteFolder(tmp_path / "site", KEY)
    assert foreign.read_text() == "years of work"
    assert [path.name for path in foreign.parent.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    with pytest.raises(RefusedError, match="is a file"):
        SiteFolder(tmp_path / "site", KEY)


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    SiteFolder(tmp_path / "site", KEY).publish()
    assert (tmp_path / "site" / MARKER).is_file()


def test_a_stopped_run_is_remembered_for_the_same_key_only(tmp_path: Path) -> None:
    first = SiteFolder(tmp_path / "site", KEY)
    first.note("a")
    first.note("b")
    assert SiteFolder(tmp_path / "site", KEY).done == {"a", "b"}
    other = SiteFolder(tmp_path / "site", {"release": "r2"})
    assert other.done == frozenset()
    assert not (other.beside / DONE).exists()


def test_the_size_of_a_tree_counts_every_file(tmp_path: Path) -> None:
    write_text(tmp_path, "a/b/c.txt", "é")
    write_text(tmp_path, "d.txt", "12345")
    assert tree_size(tmp_path) == (2, 7)


def test_a_run_that_is_stopped_goes_on_where_it_was(
    sample_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = sample_release.all_places("county")[:2]
    options = {"places": places, "forms": ("csv",), "processes": 1, "today": TODAY}
    made: list[str] = []
    working = site_module.make

    def stopping(task):
        if len(made) == 5:
            raise KeyboardInterrupt
        made.append(task.name)
        return working(task)

    monkeypatch.setattr(site_module, "make", stopping)
    with pytest.raises(KeyboardInterrupt):
        publish_site(sample_release, tmp_path / "site", **options)
    assert not (tmp_path / "site").exists()
    monkeypatch.setattr(site_module, "make", working)
    report = publish_site(sample_release, tmp_path / "site", **options)
    assert report.resumed == 5
    whole = publish_site(sample_release, tmp_path / "whole", **options)
    assert (report.files, report.bytes) == (whole.files, whole.bytes)
