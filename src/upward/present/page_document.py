"""A place page as a document: the same views as the HTML page, in an order that reads well on paper.

What stands out comes first, then each pillar with its metrics; the tables of all charts stand in an appendix and are
linked from the charts. Every metric names its year, its data quality and its sources; the release runs on every page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upward.base.messages import _, use_language
from upward.catalog import format as shown_as
from upward.present.build_findings import peers_table
from upward.present.document import (
    Block,
    Callout,
    Column,
    Columns,
    Contents,
    Document,
    Facts,
    Heading,
    KeyNumber,
    Listing,
    Missing,
    Paragraph,
    Reference,
    References,
    Rows,
    Run,
    Side,
    Table,
    Text,
    quiet,
    strong,
    text,
)
from upward.present.document_charts import figure_of, table_of
from upward.present.specs import Chart, FindingView, Headline, MetricRow, PillarSection, PlacePage
from upward.present.wording import finding_mark

LIMITS_SHOWN = 3


def page_document(page: PlacePage) -> Document:
    """Return the page as a document in the page's language; its date is the date of the page."""
    with use_language(page.language):
        return _Maker(page).document()


class _Maker:
    def __init__(self, page: PlacePage) -> None:
        self.page = page
        self.sample = _("Sample data, invented") if page.release.sample else ""
        self.sources = {source.name: f"S{number}" for number, source in enumerate(page.sources, 1)}

    def document(self) -> Document:
        page = self.page
        release = _("Data release {id}").format(id=page.release.id)
        blocks: tuple[Block, ...] = (
            *self._opening(), *self._findings(), *self._glance(), *self._how(),
            *(block for pillar in page.pillars for block in self._pillar(pillar)),
            *self._missing(), *self._sources(), *self._tables(),
        )  # fmt: skip
        return Document(
            title=_("Mobility Metrics of {place}").format(place=page.title),
            language=page.language,
            blocks=blocks,
            date=page.made,
            author="Upward",
            subject=_("Mobility Metrics of {place}, with intervals, data quality and groups.").format(
                place=page.title
            ),
            foot=(page.title, f"{release} · {self.sample}" if self.sample else release),
        )

    def _opening(self) -> Iterator[Block]:
        page = self.page
        if self.sample:
            yield Paragraph(
                text(
                    strong(f"{self.sample}. "),
                    _("Every name and number on this page is made up to show how a page looks."),
                )
            )
        if page.banner:
            yield Callout("caution", "", (text(page.banner),))
        yield Facts(
            tuple(
                (fact.label, text(fact.value, quiet(f" {fact.small}" if fact.small else "")))
                for fact in page.facts
            )
        )
        yield Contents(_("Contents"), 1)

    def _findings(self) -> Iterator[Block]:
        findings = self.page.findings
        if not findings:
            return
        yield Heading(1, _("What stands out"), "stand", new_page=True)
        yield Paragraph(text(findings.lead), "lead")
        for finding in findings.found:
            yield Heading(2, finding.heading)
            yield Paragraph(_marked(finding))
            if finding.chart:
                yield figure_of(finding.chart, note=text(quiet(self.sample)))
            yield Paragraph(text(f"{finding.detail} ", *_links(finding)), "meta")
        if findings.granted:
            yield Paragraph(text(strong(_("Every test.")), f" {findings.granted}"), "meta")
        if findings.more:
            yield Heading(2, findings.more_words)
            yield Listing(tuple((*_marked(finding), Run(" "), *_links(finding)) for finding in findings.more))
        if findings.found or findings.more:
            ask = _(
                "Numbers show where to look, not why. Take one of these to residents and ask what they see."
            )
            yield Callout("people", "", (text(ask),))
        if findings.unclear:
            yield Heading(2, _("What the data cannot say, and why"))
            yield Listing(
                tuple((*_marked(finding), Run(" "), *_links(finding)) for finding in findings.unclear)
            )

    def _glance(self) -> Iterator[Block]:
        yield Heading(1, _("At a glance"), "glance", new_page=True)
        yield Paragraph(text(_("There is no overall score: no place is strong on all five pillars.")))
        groups = tuple(
            Rows(
                tuple(
                    (
                        text(Run(line.label, "", f"#{line.id}")),
                        text(line.mark.label if line.mark else "–"),
                        text(line.mark.text if line.mark and line.mark.value is not None else "–"),
                        text(line.sentence if line.position else line.words or "–"),
                    )
                    for line in pillar.glances
                ),
                pillar.name,
            )
            for pillar in self.page.pillars
        )
        columns = (
            Column(_("Metric"), share=5),
            Column(_("Year"), True, 2),
            Column(_("Value"), True, 2),
            Column(_("Where it stands"), share=6),
        )
        yield Table(_("All metrics of {place}").format(place=self.page.title), columns, groups)

    def _how(self) -> Iterator[Block]:
        page = self.page
        yield Heading(1, _("How to read this page"), "how")
        if page.key:
            yield figure_of(page.key, caption=page.key_label)
        yield Listing(tuple(text(strong(f"{name}: "), words) for name, words in _signs(page.level)))
        if page.findings:
            yield Heading(2, _("How strong a statement is"))
            yield Facts(tuple((" ".join(finding_mark(mark)), text(words)) for mark, words in _strengths()))
        yield Heading(2, _("How good the data are"))
        yield Facts(tuple((word, text(meaning)) for word, meaning in page.quality))
        if page.peers:
            yield Heading(2, _("Peers"), "peers")
            yield Paragraph(
                text(f"{'; '.join(peer.name for peer in page.peers.peers)}. ", quiet(page.peers.chosen))
            )

    def _pillar(self, pillar: PillarSection) -> Iterator[Block]:
        yield Heading(1, pillar.name, pillar.id, pillar=pillar.number, above=pillar.counted, new_page=True)
        yield Paragraph(text(pillar.why), "lead")
        if pillar.note:
            yield Callout(pillar.note.kind, "", (text(pillar.note.text),))
        for row in pillar.rows:
            yield from self._row(row)

    def _row(self, row: MetricRow) -> Iterator[Block]:
        part = f", {row.part}" if row.part else ""
        yield Heading(2, f"{row.predictor}{part}", row.id)
        yield Paragraph(text(row.name), "meta")
        if row.empty_reason:
            local = (
                _("Local data can stand in: {supplement}").format(supplement=row.local) if row.local else ""
            )
            yield Missing(row.empty_reason, text(local))
            return
        yield from self._values(row)
        table = f"t-{row.id}" if row.table else ""
        charts = (*row.standing, *row.trends, *row.groups)
        yield from _rows_of_figures(charts, row.name, table)
        tag = text(strong(f"{' '.join(row.tag)}. ")) if row.tag else ()
        yield Paragraph((*tag, Run(" ".join(row.reading))))
        if row.note:
            yield Callout(row.note.kind, "", (text(row.note.text),))
        yield Paragraph(
            text(Run(_("Definition and limits"), "", f"#d-{row.id}"), " · ", *self._cited(row)), "meta"
        )

    def _values(self, row: MetricRow) -> Iterator[Block]:
        meta = text("; ".join(f"{words} {value}".strip() for words, value in row.meta) + ".")
        if len(row.headlines) == 1 and not row.pair_heads:
            line = row.headlines[0]
            yield KeyNumber(line.mark.text, line.unit_words, meta)
            return
        yield Facts(tuple((line.label or row.short, _value(line)) for line in row.headlines))
        yield Paragraph(meta, "meta")

    def _cited(self, row: MetricRow) -> Iterator[Run]:
        used = [
            source.name
            for source in self.page.sources
            if row.short in source.metrics.split(", ") or source is self.page.sources[0]
        ]
        yield quiet(_("Sources:") + " ")
        for number, name in enumerate(used):
            mark = self.sources[name]
            yield Run(f"{', ' if number else ''}{mark}", "", f"#{mark}")

    def _missing(self) -> Iterator[Block]:
        yield Heading(1, _("What is missing, and why"), "missing", new_page=True)
        if not self.page.missing:
            yield Paragraph(text(_("Nothing: every metric and every group of this page has a value.")))
            return
        rows = tuple((text(line.value), text(line.reason), text(line.advice)) for line in self.page.missing)
        columns = (
            Column(_("Value"), share=3),
            Column(_("Why it is missing"), share=3),
            Column(_("Local data that can help"), share=4),
        )
        yield Table(_("Missing values, the reason, and what can be done"), columns, (Rows(rows),))

    def _sources(self) -> Iterator[Block]:
        page = self.page
        yield Heading(1, _("Sources and method"), "sources", new_page=True)
        identity = f" {_('Identity')} {page.release.checksum}." if page.release.checksum else ""
        built = (
            f", {_('built {date}').format(date=shown_as.day(page.release.built))}"
            if page.release.built
            else ""
        )
        yield Paragraph(
            text(f"{_('Release {id} of this installation').format(id=page.release.id)}{built}.{identity}")
        )
        yield Paragraph(
            text(
                _(
                    "US and state figures are percentiles of residents by the value of the place they live in. They are left out "
                    "where more than 15 of 100 residents live where the value is missing or weak."
                )
            )
        )
        yield References(
            tuple(
                Reference(
                    self.sources[source.name],
                    self.sources[source.name],
                    text(
                        f"{source.citation} ",
                        quiet(
                            f"{source.licence} {_('Used for: {metrics}.').format(metrics=source.metrics)} "
                        ),
                        Run(source.address, "", source.address),
                    ),
                )
                for source in page.sources
            )
        )
        for title, lines in (
            (_("Publications on this page."), page.vintages),
            (_("Marks on figures of this page."), page.flags),
        ):
            if lines:
                yield Heading(2, title.rstrip("."))
                yield Listing(tuple(text(line) for line in lines))
        yield Heading(2, _("Definitions and limits"))
        for row in (row for pillar in page.pillars for row in pillar.rows):
            yield Heading(3, row.short, f"d-{row.id}")
            yield from (
                Paragraph(text(strong(f"{head} ") if head else "", words))
                for head, words in row.definition.essentials
            )
            if row.definition.limits:
                yield Listing(tuple(text(limit) for limit in row.definition.limits[:LIMITS_SHOWN]))

    def _tables(self) -> Iterator[Block]:
        yield Heading(1, _("Appendix: the numbers of all charts"), "tables", new_page=True)
        for row in (row for pillar in self.page.pillars for row in pillar.rows):
            if row.table:
                yield Heading(2, row.short)
                yield from table_of(row.table, f"t-{row.id}")
        if self.page.peers:
            yield Heading(2, _("Peers"))
            yield from table_of(peers_table(self.page.peers))


def _rows_of_figures(charts: Sequence[Chart], what: str, table: str) -> Iterator[Block]:
    """Two charts side by side, in the order of the page."""
    for start in range(0, len(charts), 2):
        pair = charts[start : start + 2]
        yield Columns(
            tuple(Side((figure_of(chart, what=what, table=table),)) for chart in pair)
            + ((Side(()),) if len(pair) == 1 else ())
        )


def _value(line: Headline) -> Text:
    mark = line.mark
    if mark.pair:
        return text(strong(f"{mark.pair[0]} : {mark.pair[1]}"))
    interval = quiet(f" ({mark.interval})" if mark.interval else "")
    return text(strong(mark.text), f" {line.unit_words}" if line.unit_words else "", interval)


def _marked(finding: FindingView) -> Text:
    return text(strong(" ".join(finding_mark(finding.mark)) + ". "), finding.statement)


def _links(finding: FindingView) -> Iterator[Run]:
    for number, (id_, name) in enumerate(finding.rows):
        yield Run(f"{', ' if number else ''}{name}", "", f"#{id_}")


def _signs(level: str) -> tuple[tuple[str, str], ...]:
    of_cities = "" if level == "county" else f" {_('“US cities” are the large cities that the data hold.')}"
    return (
        (_("Dot"), _("this place. Filled: Strong data with an interval. Open: no published margin, or Marginal or Weak data. At the end of a line it is always filled.")),
        (_("Whisker"), _("the 95% interval. One shorter than the dot is hidden by it.")),
        (_("Pale bar"), _("from the 5th to the 95th percentile of residents: 90 of 100 live with a value inside it. That of the US has the same place in every row.") + of_cities),
        (_("Small open dots"), _("peers, in a lane of their own, one above the other where they meet; ×7 under a dot, or before an arrowhead, means seven.")),
        (_("Tick"), _("the middle: half of residents live where the value is lower.")),
        (_("Arrowhead"), _("the value, or the end of a line or bar, lies beyond the drawing.")),
        (_("Band"), _("the interval of each year.")),
        (_("Dashed line"), _("the US middle of each year; a year by itself is a small dot.")),
        (_("Gap"), _("a year without a value, or a change of source, definition, boundaries or publication. Values on two sides of a gap are not compared.")),
    )  # fmt: skip


def _strengths() -> tuple[tuple[str, str], ...]:
    return (
        ("clear", _("Holds after all comparisons are counted; data quality Strong.")),
        ("likely", _("Holds on its own, or rests on Marginal data.")),
        ("cannot tell", _("The interval is too wide to say.")),
        ("no published margin", _("A figure to look into; no test is possible.")),
    )
