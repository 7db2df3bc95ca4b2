"""Descriptive representation: who holds the seats, as they describe themselves, beside who lives here.

The published half of the metric is the residents' shares. The other half is counted locally: a file names the
body, its date, and for each official the group that he or she gives, or `declined`. Nothing is guessed. With
few seats shares move in large steps, so the exact chance of such a result is given, and a side is named only
where it holds whatever the officials who declined would have said.

What belongs here: reading the file and joining the halves. What does not: probabilities (`engine/seats.py`).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from upward.base.errors import DataError, NotFoundError, UsageError
from upward.catalog import format as shown_as
from upward.engine.compare import adjust_for_family
from upward.engine.seats import Chance, chance_of_seats
from upward.insights.candidates import LEVEL
from upward.insights.wording import Words, capital, filled
from upward.warehouse.places import Place
from upward.warehouse.read import Release, ResultRow, rows_in

METRIC = "representation"
GROUP_TYPE = "race-ethnicity"
DECLINED = "declined"
SCHEMA = "upward/officials/1"
#: Columns of the CSV form; `official` is a seat or a name, and never leaves this module.
CSV_COLUMNS = ("official", "group", "source")
SOURCES = ("self-report", "public statement")
MOST_SEATS = 1000


@dataclass(frozen=True, slots=True)
class Body:
    """An elected body: its name, the date of the count, and for each seat the group or `declined`."""

    name: str
    date: str
    seats: tuple[str, ...]

    @property
    def declined(self) -> int:
        """How many officials did not say."""
        return self.seats.count(DECLINED)


@dataclass(frozen=True, slots=True)
class GroupSeats:
    """One group's two halves: seats and residents. `side` is below, above, within or unsettled.

    `highest` counts every official who declined as of this group; `chance` is that of `seats` as told.
    """

    group: str
    label: str
    seats: int
    highest: int
    seat_share: float
    resident_share: float
    ratio: str
    chance: Chance
    p_adjusted: float
    side: str
    statement: str
    row: ResultRow


@dataclass(frozen=True, slots=True)
class Representation:
    """The full metric for one body of a place."""

    place: Place
    body: Body
    year: str
    groups: tuple[GroupSeats, ...]
    notes: tuple[str, ...]

    def as_contract(self) -> dict[str, Any]:
        """Return the metric as plain values for JSON; officials are counted, never listed."""
        return {
            "place": self.place.geo_id,
            "body": self.body.name,
            "date": self.body.date,
            "seats": len(self.body.seats),
            "declined": self.body.declined,
            "residents_year": self.year,
            "groups": [
                {
                    "group": item.group,
                    "label": item.label,
                    "seats": item.seats,
                    "seats_at_most": item.highest,
                    "seat_share": item.seat_share,
                    "resident_share": item.resident_share,
                    "ratio": item.ratio,
                    "expected_by_chance": item.chance.expected,
                    "range_by_chance": [item.chance.low, item.chance.high],
                    "p": item.chance.p,
                    "p_adjusted": item.p_adjusted,
                    "side": item.side,
                    "statement": item.statement,
                    "number": item.row._asdict(),
                }
                for item in self.groups
            ],
            "notes": list(self.notes),
        }


def represent(release: Release, words: Words, place: Place, body: Body) -> Representation:
    """Return the residents' shares beside the seats of a body, group by group in the published order.

    The groups are tested together (Benjamini–Hochberg). A side is named only where it passes for every way
    in which those who declined might have answered. Raises NotFoundError without residents' shares.
    """
    frame = release.metrics(place, metric=METRIC, group_type="all")
    rows = resident_rows(words, rows_in(frame))
    if not rows:
        raise NotFoundError(f"{place.label} has no published shares of residents.")
    notes = list(words.catalog.metrics[METRIC].limitations)
    year = next(iter(rows.values())).period
    return Representation(place, body, year, seats_of_groups(words, body, rows), tuple(notes))


def seats_of_groups(words: Words, body: Body, rows: Mapping[str, ResultRow]) -> tuple[GroupSeats, ...]:
    """Return each group's seats beside its residents, tested as `represent` says; `rows` are those of residents."""
    counts = Counter(body.seats)
    total = len(body.seats)
    found = {}
    for group, row in rows.items():
        assert row.value is not None
        lowest, highest = counts[group], counts[group] + body.declined
        share = min(1.0, max(0.0, row.value))
        found[group] = [chance_of_seats(held, total, share) for held in range(lowest, highest + 1)]
    adjusted = adjust_for_family([chances[0].p for chances in found.values()])
    worst = adjust_for_family([max(chance.p for chance in chances) for chances in found.values()])
    return tuple(
        _group(words, group, rows[group], counts[group], total, body.declined, chances, p, worst_p)
        for (group, chances), p, worst_p in zip(found.items(), adjusted, worst, strict=True)
    )


def resident_rows(words: Words, published: Iterable[ResultRow]) -> dict[str, ResultRow]:
    """Return the newest share of residents by group, out of a place's published rows; empty where there is none."""
    variables = words.catalog.metrics[METRIC].variables
    known = {variable.id for variable in variables}
    newest = [
        row
        for row in published
        if row.variable in known and row.group_type == "all" and row.value is not None
    ]
    year = max((row.period for row in newest), default="")
    by_variable = {row.variable: row for row in newest if row.period == year}
    rows = {}
    for variable in variables:
        _type, _slash, group = variable.group.partition("/")
        if variable.id in by_variable:
            rows[group] = by_variable[variable.id]
    return rows


def _group(
    words: Words,
    group: str,
    row: ResultRow,
    seats: int,
    total: int,
    declined: int,
    chances: Sequence[Chance],
    p_adjusted: float,
    worst_p: float,
) -> GroupSeats:
    assert row.value is not None
    sides = {_side(seats + more, chance, worst_p) for more, chance in enumerate(chances)}
    side = sides.pop() if len(sides) == 1 else "unsettled"
    texts = words.statements.representation
    label = capital(words.group(GROUP_TYPE, group))
    residents = words.value(row.variable, row.value)
    parts = [
        filled(
            texts["fact"],
            {"group": label, "residents": residents, "seats": str(seats), "total": str(total)},
        ),
        texts["within" if side == "unsettled" and not declined else side],
    ]
    if declined:
        parts.insert(1, filled(texts["declined"], {"declined": str(declined), "total": str(total)}))
    share = words.catalog.units["share"]
    return GroupSeats(
        group=group,
        label=label,
        seats=seats,
        highest=seats + declined,
        seat_share=seats / total,
        resident_share=row.value,
        ratio=f"{shown_as.shown(seats / total, share)} : {residents}",
        chance=chances[0],
        p_adjusted=p_adjusted,
        side=side,
        statement=" ".join(parts),
        row=row,
    )


def _side(held: int, chance: Chance, p: float) -> str:
    if p > LEVEL:
        return "within"
    return "below" if held < chance.expected else "above"


def read_body(path: Path) -> Body:
    """Return the body that a YAML or CSV file describes.

    YAML: `schema: upward/officials/1`, `body`, `date`, and `officials`, a list of `{group: …, source: …}`.
    CSV: columns `group` and, if wanted, `official` and `source`, one row for each seat; the body has the
    file's name. Raises DataError, listing every problem with its line, and UsageError for another ending.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"There is no file {path}.", advice="Check its name.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise DataError(f"{path} cannot be read as UTF-8 text: {problem}.") from None
    ending = path.suffix.lower()
    if ending == ".csv":
        name, date, told = path.stem, "", _read_csv(text, path)
    elif ending in (".yaml", ".yml"):
        name, date, told = _read_yaml(text, path)
    else:
        raise UsageError(f"{path.name} is not a list of officials.", advice="End it in .yaml or .csv.")
    return _checked(path, name, date, told)


def _checked(path: Path, name: str, date: str, told: Sequence[tuple[str, Mapping[str, str]]]) -> Body:
    from upward.catalog.load import load_catalog

    known = {group.id: group for group in load_catalog().group_types[GROUP_TYPE].groups}
    labels = {
        label.lower(): group.id
        for group in known.values()
        for label in (group.id, group.name, *group.published)
    }
    problems, seats = [], []
    for where, entry in told:
        group = entry.get("group", "").strip()
        source = entry.get("source", "").strip() or SOURCES[0]
        if group.lower() == DECLINED:
            seats.append(DECLINED)
        elif group.lower() in labels:
            seats.append(labels[group.lower()])
        else:
            wanted = ", ".join([*known, DECLINED])
            problems.append(f"{where}: “{group}” is not a group; expected one of {wanted}.")
        if source not in SOURCES:
            problems.append(
                f"{where}: “{source}” is not a source; expected {' or '.join(SOURCES)}. "
                "Nothing is guessed from names."
            )
    if not told:
        problems.append("it names no official; each seat needs one entry.")
    if len(told) > MOST_SEATS:
        problems.append(f"it names {len(told)} officials; at most {MOST_SEATS}.")
    if problems:
        raise DataError(f"{path.name} has problems:\n" + "\n".join(f"- {problem}" for problem in problems))
    return Body(name, date, tuple(seats))


def _read_csv(text: str, path: Path) -> list[tuple[str, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        unknown = [name for name in columns if name not in CSV_COLUMNS]
        if "group" not in columns or unknown:
            raise DataError(
                f"{path.name} has the columns {', '.join(columns) or 'none'}.",
                advice="It needs “group”; “official” and “source” may stand beside it.",
            )
        return [
            (f"line {reader.line_num}", {name: value or "" for name, value in row.items() if name})
            for row in reader
        ]
    except csv.Error as problem:
        raise DataError(f"{path.name} is not valid CSV: {problem} (line {reader.line_num}).") from None


def _read_yaml(text: str, path: Path) -> tuple[str, str, list[tuple[str, dict[str, str]]]]:
    try:
        document = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # resolves nothing: every scalar is text
    except yaml.YAMLError as problem:
        raise DataError(f"{path.name} is not valid YAML: {' '.join(str(problem).split())}.") from None
    if not isinstance(document, dict):
        raise DataError(
            f"{path.name} is not a mapping of keys to values.", advice="See upward representation --help."
        )
    problems = list(_head_problems(document))
    officials = document.get("officials")
    told = []
    if not isinstance(officials, list):
        problems.append("“officials” must be a list with an entry for each seat.")
        officials = []
    for number, entry in enumerate(officials, start=1):
        if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
            problems.append(f"official {number}: expected keys and values, such as group: hispanic.")
            continue
        unknown = entry.keys() - set(CSV_COLUMNS)
        problems += [
            f"official {number}: “{key}” is an unknown key; known: {', '.join(CSV_COLUMNS)}."
            for key in sorted(unknown)
        ]
        told.append((f"official {number}", entry))
    if problems:
        raise DataError(f"{path.name} has problems:\n" + "\n".join(f"- {problem}" for problem in problems))
    return document["body"], document["date"], told


def _head_problems(document: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(document.keys() - {"schema", "body", "date", "officials"}):
        yield f"“{key}” is an unknown key; known: schema, body, date, officials."
    if document.get("schema") != SCHEMA:
        yield f"“schema” must be {SCHEMA}."
    for key in ("body", "date"):
        if not isinstance(document.get(key), str) or not document.get(key):
            yield f"“{key}” is missing."
