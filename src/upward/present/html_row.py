"""One metric's row of a place page as HTML: heading and value, three figures, reading, and where to read on.

A page has dozens of rows and a site hundred thousand of them, so they are written here, piece by piece, and not in
a template; every text goes through `escaped`.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from upward.base.messages import _
from upward.present.escape import escaped
from upward.present.html_parts import definition, figures, note, sentences, table
from upward.present.specs import MetricRow, PlacePage


def metric_row(
    page: PlacePage,
    row: MetricRow,
    spoken: str,
    *,
    site: str | None,
) -> Markup:
    """Return a row as an article; `spoken` is the id of its heading and begins those of its sentences.

    `site` leads from a page of a site to the folder of its language; without it the page stands alone and holds
    table, words and definition itself.
    """
    kind = " empty" if row.empty_reason else " panels" if row.wide else ""
    id_ = escaped(row.id)
    part = f'<span class="part">, {escaped(row.part)}</span>' if row.part else ""
    parts = [
        f'<article class="row{kind}" id="{id_}" aria-labelledby={spoken}>\n'
        f"<header><h3 id={spoken}>{escaped(row.predictor)}{part}</h3><p class=metric>{escaped(row.name)}</p>\n"
    ]
    if row.headlines:
        parts.append(f"{_headlines(row)}\n{_meta(row)}\n")
    parts.append("</header>\n")
    if row.empty_reason:
        reason = row.empty_reason
        if row.local:
            reason += f" {_('Local data can stand in: {supplement}').format(supplement=row.local)}"
        parts.append(
            f'<div class=read><figure class="none"><figcaption>{escaped(_("No value for this place"))}</figcaption>'
            f"<p>{escaped(reason)}</p></figure>\n<div class=more>"
        )
        if site is not None:
            parts.append('<p class="go">')
    else:
        sample = page.release.sample
        for number, kind, charts in (
            (1, "s", row.standing),
            (2, "t", row.trends),
            (3, "g", row.groups),
        ):
            words = "" if site is not None else f"{spoken}{kind}"
            parts.append(f'<div class="fig f{number}">{figures(charts, sample, words)}</div>\n')
        tag = (
            f'<span class="tag"><span aria-hidden="true">– </span>{escaped(row.tag)}.</span> '
            if row.tag
            else ""
        )
        said = note(row.note.kind, row.note.text) if row.note else ""
        parts.append(f"<div class=read><p class=say>{tag}{_said(row.reading)}</p>\n{said}<div class=more>")
        summary = (
            f"{escaped(_('Table and words'))}<span class=vh> "
            f"{escaped(_('for {metric}').format(metric=row.short))}</span>"
        )
        if site is not None:
            address = f"{escaped(page.place_code)}-tables.html#{id_}"
            parts.append(f'<p class="go"><a href="{address}">{summary}</a> ')
        else:
            assert row.table is not None
            parts.append(
                f"<details><summary>{summary}</summary>\n<p class=words><b>{escaped(_('In words.'))}</b> "
                f"{sentences(row.standing, f'{spoken}s')}{sentences(row.trends, f'{spoken}t')}"
                f"{sentences(row.groups, f'{spoken}g')}</p>\n<div class=scroll role=region "
                f'aria-label="{escaped(_("Table: {metric}").format(metric=row.short))}" tabindex=0>'
                f"{table(row.table)}</div></details>"
            )
    summary = (
        f"{escaped(_('Definition and limits'))}<span class=vh> "
        f"{escaped(_('of {metric}').format(metric=row.short))}</span>"
    )
    if site is not None:
        parts.append(f'<a href="{site}metrics/{id_}.html">{summary}</a></p>')
    else:
        parts.append(
            f"<details><summary>{summary}</summary><div class=def>{definition(row.definition)}</div></details>"
        )
    parts.append("</div></div>\n</article>")
    return Markup("".join(parts))


def _headlines(row: MetricRow) -> str:
    """The newest values, big: pairs as a table, several as a list of terms, one as a paragraph."""
    if row.pair_heads:
        return _pairs(row, row.pair_heads)
    if len(row.headlines) > 1:
        lines = []
        for line in row.headlines:
            mark = line.mark
            interval = f"<small>{escaped(mark.interval)}</small>" if mark.interval else ""
            gone = ' class="no"' if mark.value is None else ""
            lines.append(
                f"<div><dt>{escaped(line.label)}{interval}</dt><dd{gone}>{escaped(mark.text)}</dd></div>"
            )
        return f'<dl class="trip">{"".join(lines)}</dl>'
    (line,) = row.headlines
    text, unit = line.mark.text, line.unit_words
    kind = " words" if not unit and text[:1].isalpha() else ""
    unit = f" <span>{escaped(unit)}</span>" if unit else ""
    return f'<p class="val{kind}"><b>{escaped(text)}</b>{unit}</p>'


def _pairs(row: MetricRow, heads: tuple[str, str]) -> str:
    lines = []
    for line in row.headlines:
        mark = line.mark
        if mark.pair:
            cells = f"<td><b>{escaped(mark.pair[0])}</b> :</td><td>{escaped(mark.pair[1])}</td>"
        elif mark.value is None:
            cells = f'<td colspan="2">{escaped(mark.text)}</td>'
        else:
            blank = f'<span class="blank"></span><span class=vh>{escaped(_("not yet entered"))}</span>'
            cells = f"<td>{blank} :</td><td>{escaped(mark.text)}</td>"
        lines.append(f"<tr><th scope=row>{escaped(line.label)}</th>{cells}</tr>")
    first, second = map(escaped, heads)
    return (
        f'<table class="pair"><caption class=vh>{escaped(row.name)}</caption><thead><tr><th scope=col>'
        f"<span class=vh>{escaped(_('Group'))}</span></th><th scope=col>{first}</th><th scope=col>{second}</th>"
        f"</tr></thead><tbody>\n{''.join(lines)}</tbody></table>"
    )


def _meta(row: MetricRow) -> str:
    lines = [
        f"{escaped(text)} <b>{escaped(strong)}</b>" if strong else escaped(text) for text, strong in row.meta
    ]
    return f"<p class=meta>{'<br>'.join(lines)}</p>"


def _said(sentences: Sequence[str]) -> str:
    return " ".join(map(escaped, sentences))
