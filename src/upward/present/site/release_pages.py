"""The page of the release, what became of its rows and files, and the page of downloads."""

from __future__ import annotations

from collections import Counter
from typing import Any

from upward.base.messages import _
from upward.catalog import format as shown_as
from upward.catalog.model import Catalog
from upward.present.site.frame import File, Frame, SiteFacts, render
from upward.present.site.pages import Page
from upward.present.specs import Column, TableGroup, TableSpec
from upward.present.wording import flag_text
from upward.warehouse.read import Release
from upward.warehouse.schema import FLAGS, RESULT_COLUMNS

#: What is counted of every file's rows, in the order of the table.
COUNTED = ("read", "written", "doubtful", "rejected", "ignored")


def release_page(facts: SiteFacts, language: str, catalog: Catalog, release: Release) -> Page:
    """Return the page of the release: identity, files, rows, problems, marks, sources, checksums."""
    frame = Frame(
        facts, language, "release.html", _("Release {id}").format(id=release.id),
        _("The files behind this site, their checksums, and what became of every row."),
        trail=((_("Places"), "index.html"),),
    )  # fmt: skip
    manifest = release.manifest
    accounts: list[dict[str, Any]] = manifest.get("accounting", [])
    totals = {
        key: shown_as.number(sum(account.get(f"rows_{key}", 0) for account in accounts)) for key in COUNTED
    }
    values = {
        "facts": [
            (_("Release"), release.id),
            *([(_("Built"), facts.release.built)] if facts.release.built else []),
            (_("Rows written"), totals["written"]),
            (_("Files"), shown_as.number(len(accounts))),
            (_("Program"), f"Upward {manifest.get('code_version', '')}"),
        ],
        "rows_words": _(
            "{read} rows were read: {written} written, {ignored} ignored with a reason, {rejected} rejected with file, line and column."
        ).format(**totals),
        "files": _files(accounts),
        "problems": _problems(release),
        "flags": _flags(),
        "sources": list(catalog.sources.values()),
        "checksums": _checksums(manifest),
    }  # fmt: skip
    return frame.output, render("release.html", frame, values)


def _files(accounts: list[dict[str, Any]]) -> TableSpec:
    columns = (
        Column(_("File")), Column(_("Read"), True), Column(_("Written"), True), Column(_("Doubtful"), True),
        Column(_("Rejected"), True), Column(_("Ignored"), True), Column(_("Rules")),
    )  # fmt: skip
    rows = tuple(
        (
            account["file"].rsplit("/", 1)[-1],
            *(shown_as.number(account.get(f"rows_{key}", 0)) for key in COUNTED),
            ", ".join(account.get("reasons", {})),
        )
        for account in accounts
    )
    return TableSpec(_("Files read, and what became of their rows"), columns, (TableGroup(_("Files"), rows),))


def _problems(release: Release) -> TableSpec | None:
    counts: Counter[tuple[str, str]] = Counter()
    messages: dict[tuple[str, str], str] = {}
    for row in release.problems().iter_rows(named=True):
        key = row["kind"], row["rule"]
        counts[key] += row["rows"] or 1
        messages.setdefault(key, row["message"])
    if not counts:
        return None
    columns = (Column(_("Rule")), Column(_("Rows"), True), Column(_("What, and what was done (first case)")))
    kinds = {
        "rejected": _("Rejected"),
        "doubtful": _("Doubtful"),
        "ignored": _("Ignored"),
        "repaired": _("Repaired"),
    }
    groups = tuple(
        TableGroup(
            kinds.get(kind, kind),
            tuple(
                (rule, shown_as.number(count), messages[found, rule])
                for (found, rule), count in counts.most_common()
                if found == kind
            ),
        )
        for kind in sorted({kind for kind, _rule in counts}, key=list(kinds).index)
    )
    return TableSpec(_("Problems, by rule"), columns, groups)


def _flags() -> TableSpec:
    rows = tuple((flag, flag_text(flag)) for flag in FLAGS)
    return TableSpec(_("Marks"), (Column(_("Mark")), Column(_("Meaning"))), (TableGroup(_("Marks"), rows),))


def _checksums(manifest: dict[str, Any]) -> TableSpec:
    rows = tuple(
        (str(source.get("file", source.get("path", ""))), str(source.get("sha256", "")))
        for source in manifest.get("sources", [])
        if isinstance(source, dict)
    )
    columns = (Column(_("File")), Column("SHA-256"))
    return TableSpec(_("Checksums of the files read"), columns, (TableGroup(_("Files"), rows),))


def data_page(facts: SiteFacts, language: str, sizes: dict[str, int]) -> Page:
    """Return the page of downloads; `sizes` are bytes by path below `data/package/`."""
    frame = Frame(
        facts, language, "data/index.html", _("Data"), _("Downloads of all figures."), section="data"
    )
    what = {
        "datapackage.json": _("what is in the package: every file, field and source"),
        "results.parquet": _("every current number of every place"),
        "places.csv": _("counties and cities with code, state and residents"),
        "context.csv": _("middle, 5th and 95th percentile of the nation and every state"),
    }
    files = [
        File(
            f"{frame.root}data/package/{path}",
            path,
            f"{what.get(path, _('one metric, all places and years'))} ({_size(size)})",
        )
        for path, size in sizes.items()
    ]
    frame = Frame(
        facts, language, frame.path, frame.title, frame.description, section="data", files=tuple(files)
    )
    return frame.output, render("data.html", frame, {"fields": _fields()})


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{max(size / 1000, 1):,.0f} kB"


def _fields() -> TableSpec:
    rows = tuple((name, str(kind)) for name, kind in RESULT_COLUMNS.items())
    columns = (Column(_("Field")), Column(_("Type")))
    return TableSpec(_("Fields of a number"), columns, (TableGroup(_("Fields"), rows),))
