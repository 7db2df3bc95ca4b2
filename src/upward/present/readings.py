"""The reading sentence of a row: what the newest figures say, and what the nation's are. Facts only.

A sentence that compares is never written from bare points: it says what a test found of the newest value and the US
middle, as strongly as its strength allows, and names no side where the data cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import isinf

from upward.base.messages import _, current_language
from upward.catalog import format as shown_as
from upward.catalog.model import Form
from upward.present.build_peers import tested_of
from upward.present.build_standing import LANED, no_nation_reason, untested_reason
from upward.present.build_values import Numbers, Sight, clusters, nation_of
from upward.present.specs import Mark, Position, Span
from upward.present.wording import first_lower


@lru_cache(maxsize=4)
def _sentences(_language: str) -> Mapping[str, str]:
    """One sentence per metric or variable; the names in braces are variables, or `value` for the only one."""
    return {
        "share_affordable_available_30_ami": _(
            "In {period}, for every 100 households with incomes of up to 30% of area median income, "
            "{share_affordable_available_30_ami} homes were affordable and available to them. Up to 50%, there were "
            "{share_affordable_available_50_ami}; up to 80%, {share_affordable_available_80_ami}."
        ),
        "share_affordable_30_ami": _(
            "In {period}, for every 100 households with incomes of up to 30% of area median income, there were "
            "{share_affordable_30_ami} homes at a price they could carry, whoever lived there. Up to 50%, there were "
            "{share_affordable_50_ami}; up to 80%, {share_affordable_80_ami}."
        ),
        "count_homeless": _(
            "In the school year {school_year}, public schools counted {count_homeless} students who were without a home at "
            "some time in the year, {share_homeless} of those enrolled."
        ),
        "share_homeless": _(
            "In the school year {school_year}, {value} of public school students were without a home at some time in the year."
        ),
        "share_poverty_exposure": _(
            "In {period}, {value} of residents with incomes below the poverty line lived in neighborhoods where more "
            "than 40% of residents had such incomes."
        ),
        "share_black_nh_exposure": _(
            "In {period}, of the neighbors of an average Black resident {share_black_nh_exposure} belonged to other "
            "groups; of a Hispanic resident {share_hispanic_exposure}, of a White resident {share_white_nh_exposure}, "
            "of a resident of other races and ethnicities {share_other_nh_exposure}."
        ),
        "count_membership_associations_per_10k": _(
            "In {period}, there were {value} membership associations for every 10,000 residents."
        ),
        "share_economic_connectedness": _(
            "Of the friends of people with lower incomes, {value} had higher incomes ({period}). Two equal halves "
            "would be 50%."
        ),
        "ratio_high_low_ses_fb_friends": _(
            "Friendships across income lines stood at {value} ({period}); 1.00 would be two equal halves."
        ),
        "share_transit_commuter": _(
            "In {period}, {value} of workers were estimated to travel to work by transit."
        ),
        "index_transit_trips": _(
            "In {period}, the index of trips by transit was {value} on a scale from 0 to 100."
        ),
        "share_transportation_cost": _(
            "In {period}, getting around took an estimated {value} of the income of a household with a moderate income "
            "for its region."
        ),
        "index_transportation_cost": _(
            "In {period}, the transportation cost index was {value} on a scale from 0 to 100; a higher number means "
            "lower cost."
        ),
        "share_in_preschool": _("In {period}, {value} of children aged 3 and 4 were enrolled in preschool."),
        "rate_learning": _(
            "In {period}, students gained {value} grade levels in English for each grade from 3 to 8; 1.00 is the "
            "national norm."
        ),
        "share_hs_degree": _("In {period}, {value} of residents aged 19 and 20 had a high school degree."),
        "share_digital_access": _("In {period}, {value} of households had both a computer and broadband."),
        "share_digital_access/2022": _("In {period}, {value} of people lived in households with broadband."),
        "share_meps20_black": _(
            "In {period}, {share_meps20_black} of Black students, {share_meps20_hispanic} of Hispanic students and "
            "{share_meps20_white} of White students went to schools where at least 20% of students come from families "
            "with incomes below the poverty line."
        ),
        "share_employed": _("In {period}, {value} of residents aged 25 to 54 had a job."),
        "ratio_living_wage": _(
            "In {period}, pay on an average job was {value} times what one adult with two children needs to live."
        ),
        "pctl_income_20": _(
            "In {period}, one in five households had an income of up to {pctl_income_20}, half of up to "
            "{pctl_income_50}, and one in five of more than {pctl_income_80}."
        ),
        "share_debt_coll": _("In {period}, {value} of adults with a credit record had debt in collections."),
        "share_medical_debt_coll": _(
            "In {period}, {value} of adults with a credit record had medical debt in collections."
        ),
        "ratio_population_pc_physician": _(
            "In {period}, there was one primary care physician for every {value} residents."
        ),
        "no-physician": _("In {period}, the place had no primary care physician."),
        "rate_low_birth_weight": _(
            "In {period}, {value} of babies were born with a low weight (under 2,500 grams)."
        ),
        "index_air_hazard": _(
            "In {period}, the air quality index was {value} on a scale from 0 to 100; a higher number means cleaner air."
        ),
        "rate_injury_death": _(
            "In {period}, injuries took {value} lives a year for every 100,000 residents."
        ),
        "share_election_turnout": _(
            "In the presidential election of {period}, {value} of citizens of voting age voted."
        ),
        "rate_crime_violent": _(
            "In {period}, {rate_crime_violent} violent and {rate_crime_property} property crimes were reported for "
            "every 100,000 residents. Not all agencies report, and not every crime is reported."
        ),
        "rate_juv_arrest": _(
            "In {period}, there were {value} arrests for every 100,000 residents aged 10 to 17. The figure counts "
            "arrests, not persons."
        ),
    }


def reading_of(sight: Sight, found: Sequence[Numbers]) -> tuple[str, ...]:
    """Return the sentences of a row; variables that share a sentence are read together."""
    with_value = [item for item in found if item.latest]
    form = found[0].metric.form
    if form is Form.PAIRS:
        return (_pairs(with_value), *_without_nation(sight, with_value))
    if form is Form.HALF_PAIRS:
        return (
            _residents(with_value),
            _("The share of officials from each group is not published; it is entered locally."),
        )
    said: list[str] = []
    done: set[str] = set()
    for item in [
        item for some in clusters(with_value) for item in some
    ]:  # as the headlines: available homes first
        if item.variable.id not in done:
            said.append(_sentence(item, with_value, done))
    tested = tested_of(sight, with_value)
    if tested:
        said.append(_verdict(sight, *tested, named=len(with_value) > 1))
    elif len(with_value) == 1 or form is Form.COUNT_AND_SHARE:
        said += _national(sight, with_value[-1])
    untested = untested_reason(sight, with_value)
    said += [untested] if untested else _without_nation(sight, with_value)
    return tuple(said)


def _without_nation(sight: Sight, found: Sequence[Numbers]) -> list[str]:
    """Why values have no nation beside them, where something is drawn: a drawing has no room for the reason."""
    metric = found[0].metric
    drawn = metric.form in LANED or any(
        item.spans or (item.latest and item.latest[1].bounded) for item in found
    )
    bare = drawn and metric.comparable and not any(nation_of(item.spans) for item in found)
    return [no_nation_reason(sight, found[0])] if bare else []


def _verdict(sight: Sight, item: Numbers, position: Position, *, named: bool) -> str:
    """What the test of a value against the US middle found."""
    nation = nation_of(item.spans)
    assert nation is not None
    assert item.latest is not None
    if position.strength == "clear":
        verdict = (
            _("this place is clearly above it") if position.above else _("this place is clearly below it")
        )
    elif position.strength == "likely":
        verdict = _("this place is likely above it") if position.above else _("this place is likely below it")
    elif _within(item.latest[1], nation):
        verdict = _("the interval includes it")
    else:
        verdict = _("the data cannot tell the two apart")
    if sight.level == "county":
        sentence = _("The US middle is {middle}; {verdict}.")
    else:
        sentence = _("The middle of large US cities is {middle}; {verdict}.")
    sentence = sentence.format(middle=nation.middle_text, verdict=verdict)
    if not named:
        return sentence
    short = item.variable.short
    return f"{short[:1].upper()}{short[1:]}: {first_lower(sentence)}"


def _within(mark: Mark, nation: Span) -> bool:
    return mark.lower is not None and mark.upper is not None and mark.lower <= nation.middle <= mark.upper


def _sentence(item: Numbers, found: Sequence[Numbers], done: set[str]) -> str:
    """The sentence that begins with this variable; every variable it names is marked as done."""
    assert item.latest is not None
    row, mark = item.latest
    sentences = _sentences(current_language())
    values = {
        other.variable.id: other.latest[1].text
        for other in found
        if other.latest and other.latest[0].period == row.period
    }
    values |= {"period": _period(item), "value": mark.text, "school_year": _school_year(row.period)}
    done.add(item.variable.id)
    if mark.value is not None and isinf(mark.value):
        return sentences["no-physician"].format(**values)
    template = sentences.get(f"{item.variable.id}/{item.edition.edition}") or sentences.get(item.variable.id)
    named = [variable for variable in item.metric.variables if template and f"{{{variable.id}}}" in template]
    if template is None or any(variable.id not in values for variable in named):
        return _generic(item, mark, values["period"])
    done.update(variable.id for variable in named)
    return template.format(**values)


def _generic(item: Numbers, mark: Mark, period: str) -> str:
    return _("{label}: {value} ({period}).").format(label=item.variable.label, value=mark.text, period=period)


def _period(item: Numbers) -> str:
    assert item.latest is not None
    return shown_as.period_words(
        item.latest[0].period, item.edition.period_years.get(item.latest[0].geo_level, 1)
    )


def _school_year(period: str) -> str:
    """A year of the tables of students names the fall in which the school year begins: 2022 → `2022–23`."""
    return f"{period}–{(int(period) + 1) % 100:02d}" if period.isdigit() else period


def _pairs(found: Sequence[Numbers]) -> str:
    template = _("{group}: {share} of the value of homes and {households} of households")
    parts = [
        template.format(
            group=item.variable.short, share=item.latest[1].pair[0], households=item.latest[1].pair[1]
        )
        for item in found
        if item.latest and item.latest[1].pair
    ]
    return f"{'; '.join(parts)} ({_period(found[0])})."


def _residents(found: Sequence[Numbers]) -> str:
    parts = [f"{item.variable.short} {item.latest[1].text}" for item in found if item.latest]
    return _("Residents in {period}: {shares}.").format(period=_period(found[0]), shares="; ".join(parts))


def _national(sight: Sight, item: Numbers) -> list[str]:
    """The nation's figures, and whether the interval includes the middle, where nobody has tested anything."""
    assert item.latest is not None
    mark = item.latest[1]
    nation = nation_of(item.spans)
    if nation is None:
        return []
    untested = mark.bounded and not sight.views.peers
    if mark.value is not None and isinf(mark.value):  # the sentence before has named no unit
        named = _("one for every {value} residents").format(value=nation.middle_text)
        nation = replace(nation, middle_text=named)
    return [_includes(sight, mark, nation) if untested else _middle(sight)(nation)]


def _includes(sight: Sight, mark: Mark, nation: Span) -> str:
    if _within(mark, nation):
        sentence = _("The interval, {interval}, includes the US middle of {middle}.")
        return sentence.format(interval=mark.interval, middle=nation.middle_text)
    return _middle(sight)(nation)


def _middle(sight: Sight) -> Callable[[Span], str]:
    if sight.level == "county":
        sentence = _(
            "The US middle is {middle}; 90 of 100 residents live in counties between {low} and {high}."
        )
    else:
        sentence = _(
            "The middle of large US cities is {middle}; 90 of 100 of their residents live in cities between {low} and {high}."
        )
    return lambda span: sentence.format(middle=span.middle_text, low=span.low_text, high=span.high_text)
