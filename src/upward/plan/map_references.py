"""What each kind of evidence says in the references: number, year, quality, source, release; who was heard and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from upward.base.messages import _, ngettext
from upward.plan.content import RecordContent
from upward.plan.map_context import Context, joined
from upward.present.document import Run, Text, text


def reference_text(context: Context, record: RecordContent) -> Text:
    """Return the reference of a record that others rest on."""
    return _TEXTS.get(record.kind, _other)(context, record)


def source_of_metric(context: Context, record: RecordContent) -> str:
    """Return publisher, source, the publisher's release and the data release of a reading of a metric."""
    variable = context.variable(record)
    metric = context.catalog.metrics.get(variable.metric) if variable else None
    source = context.catalog.sources.get(metric.source) if metric else None
    return joined(
        [
            publication(context, record.text("source_release")),
            _("made from: {source}").format(source=source.name) if source else "",
            _("data release {id}").format(id=record.text("release") or context.content.release or "–"),
        ],
        "; ",
    )


def publication(context: Context, vintage: str) -> str:
    """Return a release of the publisher by its name: Mobility Metrics 2025.01."""
    published = context.catalog.sources.get("mobility-metrics")
    return f"{published.name if published else _('Mobility Metrics')} {vintage}".strip()


def _metric(context: Context, record: RecordContent) -> Text:
    variable = context.variable(record)
    value, interval = context.published(record)
    what = [
        variable.label if variable else record.text("variable"),
        context.group(record),
        context.words(record, "place"),
    ]
    margin = _("interval {interval}").format(interval=interval) if interval else _("no margin published")
    return text(
        joined(
            [
                f"{', '.join(part for part in what if part)}, {context.words(record, 'year')}: {value}, {margin}",
                context.quality(record),
                record.text("weak_reason"),
                source_of_metric(context, record),
            ]
        )
    )


def _local(context: Context, record: RecordContent) -> Text:
    what = [record.text("name"), context.group(record) or record.text("group_words"), record.text("area")]
    bounds = context.own_interval(record, "lower", "upper")
    interval = f" ({bounds})" if bounds else ""
    year = context.words(record, "period") or context.words(record, "year")
    return text(
        joined(
            [
                f"{', '.join(filter(None, what))}, {year}: {context.own(record, 'value')}{interval}",
                context.quality(record),
                record.text("quality_note"),
                _("Local number; source: {source}").format(
                    source=", ".join(
                        part
                        for part in (context.words(record, "source"), record.text("source_words"))
                        if part
                    )
                    or _("not named")
                ),
            ]
        )
    )


def _source(context: Context, record: RecordContent) -> Text:
    lines = [
        record.text("name"),
        context.words(record, "owner"),
        record.text("years"),
        record.text("quality_notes"),
    ]
    return _with_address(context, record, joined(lines))


def _event(context: Context, record: RecordContent) -> Text:
    years = " – ".join(
        part for part in (context.words(record, "year"), context.words(record, "ended")) if part
    )
    return _with_address(
        context, record, joined([f"{record.text('title')} ({years})", record.text("source")])
    )


def _theme(context: Context, record: RecordContent) -> Text:
    heard = "; ".join(_activity_words(context, activity) for activity in context.linked(record, "activities"))
    voices = context.words(record, "voices")
    return text(
        joined(
            [
                _("What residents said: {title}").format(title=record.text("title")),
                _("said by {n} people").format(n=voices) if voices else "",
                _("heard in: {activities}").format(activities=heard) if heard else "",
            ]
        )
    )


def _contribution(context: Context, record: RecordContent) -> Text:
    """A resident's own words are not printed without consent: only where and when they were heard."""
    heard = [_activity_words(context, activity) for activity in context.linked(record, "activity")]
    return text(joined([_("What a resident said"), *heard, context.words(record, "heard_on")], ", "))


def _activity(context: Context, record: RecordContent) -> Text:
    return text(joined([_activity_words(context, record)]))


def _activity_words(context: Context, record: RecordContent) -> str:
    people = record.values.get("attendance")
    count = (
        ngettext("{n} person", "{n} people", int(str(people).split(".")[0])).format(
            n=context.words(record, "attendance")
        )
        if people
        else ""
    )
    return ", ".join(part for part in (record.text("title"), context.words(record, "on"), count) if part)


def _action(context: Context, record: RecordContent) -> Text:
    return _with_address(
        context, record, joined([record.text("name"), record.text("lead"), record.text("outcomes")])
    )


def _other(context: Context, record: RecordContent) -> Text:
    return text(joined([context.catalog.records[record.kind].name, context.title(record)], ": "))


def _with_address(context: Context, record: RecordContent, words: str) -> Text:
    address = context.words(record, "address")
    return text(
        f"{words} " if address else words,
        Run(address, "", address if address.startswith(("https://", "http://")) else ""),
    )


_TEXTS: Mapping[str, Callable[[Context, RecordContent], Text]] = {
    "pinned-metric": _metric,
    "local-value": _local,
    "data-source": _source,
    "history-event": _event,
    "theme": _theme,
    "contribution": _contribution,
    "engagement-activity": _activity,
    "current-action": _action,
}
