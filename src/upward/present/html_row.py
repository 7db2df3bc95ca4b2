"""One metric's row of a place page as HTML: heading and value, three figures, reading, and where to read on.

A page has dozens of rows and a site hundred thousand of them, so they are written here, piece by piece, and not in
a template; every text goes through `escaped`.
"""

from __future__ import annotations

from markupsafe import Markup

from upward.base.messages import _
from upward.present.escape import escaped
from upward.present.html_parts import definition, figures, note, sentences, table
from upward.present.specs import MetricRow, PlacePage


def metric_row(page: PlacePage, row: MetricRow, spoken: str, *, site: str | None) -> Markup:
    """Return a row as an article; `spoken` is the id of its heading and begins those of its sentences.

    `site` leads from a page of a site to the folder of its language; without it the page stands alone and holds
    table, words and definition itself.
    """
    kind = '"row empty"' if row.empty_reason else '"row panels"' if row.wide else "row"
    part = f"<span class=part>, {escaped(row.part)}</span>" if row.part else ""
    value = f"{_headlines(row)}\n{_meta(row)}\n" if row.headlines else ""
    body = (
        _reason(row)
        if row.empty_reason
        else _figures_and_reading(page, row, "" if site is not None else spoken)
    )
    return Markup(
        f"<article class={kind} id={escaped(row.id)} aria-labelledby={spoken}>\n"
        f"<header><h3 id={spoken}>{escaped(row.predictor)}{part}</h3><p class=metric>{escaped(row.name)}\n"
        f"{value}</header>\n{body}<div class=more>{_further(page, row, spoken, site)}</div></div>\n</article>"
    )


def _reason(row: MetricRow) -> str:
    """Why there is no value, in place of figures and reading."""
    reason = row.empty_reason
    if row.local:
        reason += f" {_('Local data can stand in: {supplement}').format(supplement=row.local)}"
    head = escaped(_("No value for this place"))
    return (
        f"<div class=read><figure class=none><figcaption>{head}</figcaption>"
        f"<p>{escaped(reason)}</p></figure>\n"
    )


def _figures_and_reading(page: PlacePage, row: MetricRow, words: str) -> str:
    """The three figures and what they say; `words` begins the ids of sentences that stand on the page."""
    sample = page.release.sample
    parts = [
        figures(charts, sample, f"f{number}", words and words + letter)
        for number, letter, charts in ((1, "s", row.standing), (2, "t", row.trends), (3, "g", row.groups))
    ]
    tag = _tag(*row.tag) if row.tag else ""
    said = note(row.note.kind, row.note.text) if row.note else ""
    reading = " ".join(map(escaped, row.reading))
    return f"{''.join(parts)}<div class=read><p class=say>{tag}{reading}</p>\n{said}"


def _tag(shape: str, word: str) -> str:
    return f"<b class=tag><span aria-hidden=true>{shape} </span>{escaped(word)}.</b> "


def _further(page: PlacePage, row: MetricRow, spoken: str, site: str | None) -> str:
    """Where to read on: links in a site, else table, words and definition themselves."""
    if site is not None:
        table_words = _of_metric(_("Table and words"), _("for {metric}"), row)
        definition_words = _of_metric(_("Definition and limits"), _("of {metric}"), row)
        id_ = escaped(row.id)
        address = f"{escaped(page.place_code)}-tables.html#{id_}"
        tables = "" if row.empty_reason else f'<a href="{address}">{table_words}</a> '
        return f'<p class=go>{tables}<a href="{site}metrics/{id_}.html">{definition_words}</a></p>'
    # In the row's own article: which metric they open is a description, not said twice more.
    summary = f"<summary aria-describedby={spoken}>"
    tables = ""
    if row.table:
        tables = (
            f"<details>{summary}{escaped(_('Table and words'))}</summary>\n<div class=words>"
            f"{sentences(row.standing, f'{spoken}s')}{sentences(row.trends, f'{spoken}t')}"
            f"{sentences(row.groups, f'{spoken}g')}</div>\n"
            f"<div class=scroll role=region aria-labelledby={spoken} tabindex=0>"
            f"{table(row.table)}</div></details>"
        )
    return (
        f"{tables}<details>{summary}{escaped(_('Definition and limits'))}</summary>"
        f"<div class=def>{definition(row.definition)}</div></details>"
    )


def _of_metric(what: str, of: str, row: MetricRow) -> str:
    """What a link leads to; of which metric is only heard."""
    return f"{escaped(what)}<span class=vh> {escaped(of.format(metric=row.short))}</span>"


def _headlines(row: MetricRow) -> str:
    """The newest values, big: pairs as a table, several as a list of terms, one as a paragraph."""
    if row.pair_heads:
        return _pairs(row, row.pair_heads)
    if len(row.headlines) > 1:
        lines = []
        for line in row.headlines:
            mark = line.mark
            interval = f"<small>{escaped(mark.interval)}</small>" if mark.interval else ""
            gone = " class=no" if mark.value is None else ""
            lines.append(f"<div><dt>{escaped(line.label)}{interval}<dd{gone}>{escaped(mark.text)}</div>")
        return f"<dl class=trip>{''.join(lines)}</dl>"
    (line,) = row.headlines
    text, unit = line.mark.text, line.unit_words
    kind = '"val words"' if not unit and text[:1].isalpha() else "val"
    unit = f" <span>{escaped(unit)}</span>" if unit else ""
    return f"<p class={kind}><b>{escaped(text)}</b>{unit}"


def _pairs(row: MetricRow, heads: tuple[str, str]) -> str:
    group, waiting = escaped(_("Group")), escaped(_("not yet entered"))
    lines = []
    for line in row.headlines:
        mark = line.mark
        if mark.pair:
            cells = f"<td><b>{escaped(mark.pair[0])}</b> :<td>{escaped(mark.pair[1])}"
        elif mark.value is None:
            cells = f"<td colspan=2>{escaped(mark.text)}"
        else:
            blank = f"<span class=blank></span><span class=vh>{waiting}</span>"
            cells = f"<td>{blank} :<td>{escaped(mark.text)}"
        lines.append(f"<tr><th>{escaped(line.label)}{cells}")
    first, second = map(escaped, heads)
    return (
        f"<table class=pair><caption class=vh>{escaped(row.name)}</caption><thead><tr><th>"
        f"<span class=vh>{group}</span><th>{first}<th>{second}<tbody>{''.join(lines)}</table>"
    )


def _meta(row: MetricRow) -> str:
    lines = [
        f"{escaped(text)} <b>{escaped(strong)}</b>" if strong else escaped(text) for text, strong in row.meta
    ]
    return f"<p class=meta>{'<br>'.join(lines)}"
