"""Findings and peers as a page shows them: small drawings, and the tables that hold their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from upward.base.messages import _
from upward.present.describe import describe_mini
from upward.present.specs import Column, Mark, MiniChart, PeersView, Reference, TableGroup, TableSpec
from upward.present.wording import quality_word

#: More lines than these are not drawn inside a finding; its table holds them all.
MOST_LINES = 4


def mini_chart(marks: Sequence[Mark], reference: Reference | None = None) -> MiniChart | None:
    """Return the small drawing of a finding with its sentence; None where there is nothing to draw."""
    drawn = tuple(mark for mark in marks if mark.value is not None)[:MOST_LINES]
    if not drawn:
        return None
    return MiniChart(describe_mini(drawn, reference), drawn, reference)


def marks_table(caption: str, marks: Sequence[Mark]) -> TableSpec:
    """Return the numbers of a finding as a table: one row a number, each with interval and quality."""
    columns = (
        Column(_("Number")),
        Column(_("Value"), True),
        Column(_("95% interval"), True),
        Column(_("Data quality")),
    )
    rows = tuple(
        (
            mark.label,
            mark.text,
            mark.interval or _("not published"),
            quality_word(mark.quality) if mark.value is not None else _("Not available"),
        )
        for mark in marks
    )
    return TableSpec(caption, columns, (TableGroup("", rows),))


def peers_table(view: PeersView) -> TableSpec:
    """Return the peers, nearest first, each with its distance and the parts that the distance is made of."""
    columns = (Column(_("Peer")), Column(_("Distance"), True), *(Column(name, True) for name in view.parts))
    rows = tuple((peer.name, peer.distance, *peer.parts) for peer in view.peers)
    return TableSpec(
        _("Peers, nearest first, and what their distance is made of"), columns, (TableGroup("", rows),)
    )
