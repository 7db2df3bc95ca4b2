"""`upward peers`, `findings`, `target` and `representation`: what may be said of a place, and of its
plans.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from upward.base.errors import UsageError
from upward.base.messages import LANGUAGES, use_language
from upward.cli.output import count, json_option, print_json, print_paragraph, print_table

if TYPE_CHECKING:
    from upward.insights.analysis import Analysis
    from upward.insights.findings import Finding
    from upward.insights.targets import TargetTest

#: Shape before the word, as on pages: filled, half, open, none.
SHOWN_FINDINGS = 12

language_option = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the sentences.",
)


@click.command(
    short_help="Show the places most like a place.",
    epilog="Example: upward peers 29019 --count 5 --metric income",
)
@click.argument("place")
@click.option("--count", "wanted", type=int, metavar="N", help="How many (default: 10).")
@click.option("--add", multiple=True, metavar="PLACE", help="Add this place; may be given several times.")
@click.option(
    "--drop", multiple=True, metavar="PLACE", help="Leave this place out; may be given several times."
)
@click.option(
    "--metric", metavar="M", help="Peers for this metric: found without the part that is this metric itself."
)
@json_option
@click.pass_obj
def peers(
    home: Path | None,
    place: str,
    wanted: int | None,
    add: tuple[str, ...],
    drop: tuple[str, ...],
    metric: str | None,
    as_json: bool,
) -> None:
    """Show the places most like PLACE, and what makes them so.

    Each part of the distance is 1 between two places taken at random, 0 between two that are alike: size
    (population), growth (of population over five years), region (state, division, region), composition
    (residents by race and ethnicity) and income (of the middle household).
    """
    release = _opened(home)
    if metric is not None:
        metric = _metric_id(release, metric)
    found = release.peers(place, count=wanted, add=add, drop=drop, metric=metric)
    if as_json:
        print_json([peer.as_contract() for peer in found])
        return
    _print_head(release, release.place(place).label)
    names = list(found[0].parts)
    print_table(
        ("place", "name", "population", "distance", *names),
        [
            (
                peer.place.geo_id,
                peer.place.label + (" (added)" if peer.added else ""),
                count(peer.place.population),
                f"{peer.distance:.2f}",
                *(f"{peer.parts[name]:.2f}" for name in names),
            )
            for peer in found
        ],
        wraps="name",
        right=frozenset({"population", "distance", *names}),
    )


@click.command(
    short_help="Show what the numbers of a place say.",
    epilog="Example: upward findings 29019 --all --language es",
)
@click.argument("place")
@click.option("--all", "everything", is_flag=True, help="All findings, not only the first of each strength.")
@click.option(
    "--kind", type=click.Choice(["gap", "change", "standing", "relation", "caution"]), help="Only these."
)
@click.option("--why", is_flag=True, help="Say below each what it rests on and why it stands there.")
@language_option
@json_option
@click.pass_obj
def findings(
    home: Path | None,
    place: str,
    everything: bool,
    kind: str | None,
    why: bool,
    language: str,
    as_json: bool,
) -> None:
    """Show what the numbers of PLACE say, each worded only as strongly as they allow.

    Clear holds after all tests of its family were counted; likely holds when tested alone, or rests on a
    Marginal number. --json gives every finding with the numbers it rests on.
    """
    from upward.present.wording import finding_mark

    release = _opened(home)
    with use_language(language):
        found = [item for item in release.findings(place) if kind is None or item.kind == kind]
    if as_json:
        print_json([item.as_contract() for item in found])
        return
    _print_head(release, release.place(place).label)
    shown = found if everything or kind else _first_of_each(found)
    for item in shown:
        with use_language(language):
            shape, word = finding_mark(str(item.mark))
        print_paragraph(f"{shape} {word}: {item.statement}", before=True)
        if why:
            print_paragraph(item.why_first, indent=2)
            if item.detail:
                print_paragraph(item.detail, indent=2)
    if len(shown) < len(found):
        click.echo(f"\n{len(found) - len(shown)} more findings: --all, --kind, or --json.", err=True)


def _first_of_each(found: list[Finding]) -> list[Finding]:
    """Return the first findings that say a side, then a few of those that cannot."""
    said = [item for item in found if item.strength in ("clear", "likely")][:SHOWN_FINDINGS]
    other = [item for item in found if item.strength == "uncertain"][:3]
    cautions = [item for item in found if item.kind == "caution"][:5]
    return [*said, *other, *cautions]


@click.command(
    short_help="Test a target against what was ever seen.",
    epilog="Example: upward target 29019 share_employed --to 95% --by 2035",
)
@click.argument("place")
@click.argument("metric")
@click.option("--to", "value", metavar="X", help="The value to reach: 88%, 0.88 or $32,000.")
@click.option("--by", "year", type=int, required=True, metavar="YEAR", help="The year to reach it by.")
@click.option("--group", metavar="G", help="For this group: with-disability, or disability/with-disability.")
@click.option("--against", metavar="G", help="Close the gap of --group to this group, instead of --to.")
@click.option("--close", metavar="SHARE", help="How much of that gap: 50%.")
@language_option
@json_option
@click.pass_obj
def target(
    home: Path | None,
    place: str,
    metric: str,
    value: str | None,
    year: int,
    group: str | None,
    against: str | None,
    close: str | None,
    language: str,
    as_json: bool,
) -> None:
    """Test whether a target for METRIC of PLACE is honest, can be seen, and how many people it means.

    Honest: how many places ever moved so far in as many years, without sampling noise. Seen: the smallest
    change that the measure can show, and the first year in which the planned path exceeds it. A metric of
    several
    variables needs the variable: pctl_income_20.
    """
    _check_target_options(value, group, against, close)
    release = _opened(home)
    with use_language(language):
        if against is None:
            assert value is not None
            found = release.target(place, metric, to=value, by=year, group=group)
        else:
            assert group is not None
            found = release.gap_target(
                place, metric, group=group, against=against, close=_share(close or ""), by=year
            )
        if as_json:
            print_json(found.as_contract())
        else:
            _print_target(release, found)


def _check_target_options(
    value: str | None, group: str | None, against: str | None, close: str | None
) -> None:
    if against is None and close is None:
        if value is None:
            raise UsageError(
                "A target needs a value.", advice="Name it with --to, or a gap with --against and --close."
            )
        return
    if value is not None or group is None or against is None or close is None:
        raise UsageError(
            "A gap target takes --group, --against and --close, and no --to.",
            advice="Example: --group black-nh --against white-nh --close 50%",
        )


def _share(text: str) -> float:
    try:
        return float(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        raise UsageError(f"“{text}” is not a share.", advice="Write 50% or 0.5.") from None


def _print_target(release: Analysis, found: TargetTest) -> None:
    from upward.insights.wording import words_in_force

    words = words_in_force()
    _print_head(release, found.place.label)
    groups = "".join(f", {words.group(found.group_type, group, found.metric)}" for group in found.groups)
    print_paragraph(f"{words.short(found.variable)}{groups} [{found.variable}]", before=True)
    is_gap = len(found.groups) == 2
    show = words.difference if is_gap else words.value

    def reached(of: str) -> str | None:
        item = found.reached if of == "peers" else found.reached_all
        return f"{item.count} of {item.of}" if item and item.of else None

    detectable = found.detectable_change
    rows = [
        ("baseline", f"{show(found.variable, found.baseline.value)} ({found.baseline.year})"),
        ("target", f"{show(found.variable, found.to)} ({found.by})"),
        ("change", words.difference(found.variable, found.change)),
        ("peers that reached it", reached("peers")),
        ("places that reached it", reached("all")),
        (
            "smallest change that shows",
            None if detectable is None else words.difference(found.variable, detectable),
        ),
        ("first year that it can show", found.first_detectable_year),
        ("people", None if found.people is None else f"about {found.people:,.0f}"),
    ]
    print_table(("what", "answer"), rows, wraps="answer")
    for note in found.notes:
        print_paragraph(f"* {note}", indent=2)


@click.command(
    short_help="Set the seats of an elected body beside its residents.",
    epilog="Example: upward representation 29019 --officials council.csv",
)
@click.argument("place")
@click.option(
    "--officials",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="The seats, as the officials describe themselves (.yaml or .csv).",
)
@language_option
@json_option
@click.pass_obj
def representation(home: Path | None, place: str, officials: Path, language: str, as_json: bool) -> None:
    """Make the full metric of descriptive representation for PLACE from a local count.

    FILE names each seat's group as the official describes himself or herself, or “declined”: black-nh,
    hispanic, other, white-nh. As CSV, a column “group” with one row for each seat; as YAML, schema:
    upward/officials/1, body, date, and officials, a list of entries such as group: hispanic. Officials are
    counted, never listed.
    """
    release = _opened(home)
    with use_language(language):
        found = release.representation(place, officials)
    if as_json:
        print_json(found.as_contract())
        return
    _print_head(release, found.place.label)
    seats = f"{len(found.body.seats)} seats, {found.body.declined} declined"
    print_paragraph(f"{found.body.name} {found.body.date} · {seats} · residents of {found.year}", before=True)
    print_table(
        ("group", "seats : residents", "seats", "by chance"),
        [
            (
                item.label,
                item.ratio,
                item.seats if item.seats == item.highest else f"{item.seats} to {item.highest}",
                f"{item.chance.low} to {item.chance.high}",
            )
            for item in found.groups
        ],
        wraps="group",
        right=frozenset({"seats : residents", "seats", "by chance"}),
    )
    for item in found.groups:
        print_paragraph(item.statement, indent=2)


def _opened(home: Path | None) -> Analysis:
    from upward.insights.analysis import open_release

    return open_release(home)


def _metric_id(release: Analysis, name: str) -> str:
    from upward.cli.metrics import check_filters

    check_filters(release.catalog, metric=name, group_type=None, edition=None, source_release=None)
    return release.catalog.variables[name].metric if name in release.catalog.variables else name


def _print_head(release: Analysis, label: str) -> None:
    if release.sample:
        click.echo("Sample data, invented")
    click.echo(f"{label} · release {release.id}")
