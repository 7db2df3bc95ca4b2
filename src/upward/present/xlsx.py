"""A place page as a workbook: facts, newest values, years, groups, definitions, missing values, sources.

Numbers are numbers with their unit's format, codes and years are text, and no text is ever run as a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from upward.base.messages import _, use_language
from upward.catalog.format import CUT_OFF
from upward.catalog.load import load_catalog
from upward.catalog.model import Catalog, Unit
from upward.present.build_values import OVERALL
from upward.present.sheets import Book, Cell, Number
from upward.present.specs import PlacePage
from upward.present.wording import flag_text, quality_word, reason_text
from upward.warehouse.read import ResultRow

#: Fixed, so that the same page gives the same bytes.
CREATED = "2026-01-01T00:00:00Z"


def write_place_workbook(page: PlacePage, path: Path) -> None:
    """Write the page as an .xlsx file; the same page gives the same bytes."""
    with use_language(page.language):
        catalog = load_catalog(page.language)
        book = Book(page.title, "Upward", CREATED)
        groups = [row for row in page.rows if row.group_type != OVERALL]
        missing = ((line.value, line.reason, line.advice) for line in page.missing)
        for name, heads, rows in (
            (_("Place"), (_("Fact"), _("Value")), _facts(page)),
            (_("Newest values"), _value_heads(), _newest(page, catalog)),
            (_("Years"), _value_heads(), _values(catalog, _overall(page.rows))),
            (_("Groups"), _value_heads(), _values(catalog, groups)),
            (_("Nation and state"), _span_heads(), _spans(page, catalog)),
            (_("Definitions"), (_("Metric"), _("Part"), _("Text")), _definitions(page)),
            (_("Missing"), (_("Value"), _("Why it is missing"), _("Local data that can help")), missing),
            (_("Sources"), (_("Source"), _("Citation"), _("Licence"), _("Address")), _sources(page)),
        ):
            _sheet(book, page, name, heads, rows)
        book.write(path)


def _sheet(
    book: Book, page: PlacePage, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Add one sheet whose first line says what it is."""
    title = f"{page.title} · {name} · {_('release {id}').format(id=page.release.id)}"
    footer = ""
    if page.release.sample:
        title = f"{_('Sample data, invented')} · {title}"
        footer = f"&L{_('Sample data, invented')}&R&P / &N"
    book.sheet(name, title, heads, rows, footer)


def number_cell(value: float | None, unit: Unit) -> Number | None:
    """Return a stored value as a number in its unit; shares stay shares and are shown as percent.

    A number that pages cut off is kept whole here, for people who compute with it, and shown with one decimal.
    """
    if value is None:
        return None
    places = max(unit.decimals, 1) if unit.id in CUT_OFF else unit.decimals
    decimals = "." + "0" * places if places else ""
    if unit.suffix == "%":
        return Number(value, f"0{decimals}%")
    return Number(value * unit.scale, f"{unit.prefix}#,##0{decimals}")


def _facts(page: PlacePage) -> Iterable[Sequence[Cell]]:
    yield _("Name"), page.title
    for fact in page.facts:
        if f"{fact.value}-{fact.small}" == page.release.id:
            yield fact.label, page.release.id
        else:
            yield f"{fact.label} {fact.small}".strip(), fact.value
    yield _("Page made"), page.made
    yield _("Release built"), page.release.built
    yield _("Identity"), page.release.checksum
    for word, meaning in page.quality:
        yield _("Data quality: {word}").format(word=word), meaning


def _value_heads() -> tuple[str, ...]:
    return (
        _("Metric"), _("Variable"), _("Label"), _("Unit"), _("Year"), _("Group type"), _("Group"), _("Value"),
        _("Lower bound"), _("Upper bound"), _("Share of home value"), _("Share of households"), _("Data quality"),
        _("Published value"), _("Published quality"), _("Remarks"), _("Edition"), _("Release of the publisher"), _("File"),
    )  # fmt: skip


def _overall(rows: Sequence[ResultRow]) -> list[ResultRow]:
    return [row for row in rows if row.group_type == OVERALL]


def _newest(page: PlacePage, catalog: Catalog) -> Iterable[Sequence[Cell]]:
    """The newest row with a value of each variable's newest edition with one."""
    newest: dict[str, ResultRow] = {}
    for row in _overall(page.rows):
        kept = newest.get(row.variable)
        if row.value is not None and (
            kept is None or (kept.edition, kept.period) < (row.edition, row.period)
        ):
            newest[row.variable] = row
    return _values(catalog, [newest[variable] for variable in catalog.variables if variable in newest])


def _values(catalog: Catalog, rows: Iterable[ResultRow]) -> Iterable[Sequence[Cell]]:
    order = {variable: index for index, variable in enumerate(catalog.variables)}
    key = lambda row: (order.get(row.variable, 0), row.group_type, row.group, row.edition, row.period)  # noqa: E731
    for row in sorted((row for row in rows if row.variable in order), key=key):
        variable = catalog.variables[row.variable]
        unit = catalog.units[variable.unit]
        yield (
            catalog.metrics[row.metric].short, row.variable, variable.label, unit.name, row.period,
            *_group_words(catalog, row),
            number_cell(row.value, unit), number_cell(row.lower, unit), number_cell(row.upper, unit),
            _share(row.numerator), _share(row.denominator),
            quality_word(row.quality) if row.value is not None else _("Not available"),
            row.published_value, "" if row.published_quality is None else quality_word(row.published_quality),
            _remarks(row), row.edition, row.source_release, row.source_file,
        )  # fmt: skip


def _share(value: float | None) -> Number | None:
    return None if value is None else Number(value, "0.0%")


def _group_words(catalog: Catalog, row: ResultRow) -> tuple[str, str]:
    group_type = catalog.group_types.get(row.group_type)
    if group_type is None:
        return row.group_type, row.group
    names = {group.id: group.name for group in group_type.groups}
    return group_type.name, names.get(row.group, _("All") if row.group == OVERALL else row.group)


def _remarks(row: ResultRow) -> str:
    parts = [flag_text(flag) for flag in row.flags.split()] if row.flags else []
    if row.value is None:
        parts.insert(0, reason_text(row.status, row.reason)[1])
    return " ".join(parts)


def _span_heads() -> tuple[str, ...]:
    return (
        _("Metric"), _("Variable"), _("Year"), _("Scope"), _("5th percentile of residents"), _("Middle (median)"),
        _("95th percentile of residents"), _("Middle as published"),
    )  # fmt: skip


def _spans(page: PlacePage, catalog: Catalog) -> Iterable[Sequence[Cell]]:
    for row in (row for pillar in page.pillars for row in pillar.rows):
        for variable, period, span in row.spans:
            unit = catalog.units[catalog.variables[variable].unit]
            figures = (number_cell(value, unit) for value in (span.low, span.middle, span.high))
            yield row.short, variable, period, span.name, *figures, span.published_text


def _definitions(page: PlacePage) -> Iterable[Sequence[Cell]]:
    for row in (row for pillar in page.pillars for row in pillar.rows):
        yield row.short, _("Name"), row.name
        for head, text in row.definition.essentials + row.definition.further:
            yield row.short, head or _("Definition"), text
        for limit in row.definition.limits:
            yield row.short, _("Limits."), limit


def _sources(page: PlacePage) -> Iterable[Sequence[Cell]]:
    for source in page.sources:
        yield source.name, source.citation, source.licence, source.address
    for vintage in page.vintages:
        yield _("Publications on this page."), vintage
    for flag in page.flags:
        yield _("Marks on figures of this page."), flag
