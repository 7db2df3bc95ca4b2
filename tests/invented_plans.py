"""Plans that tests, benchmarks and pictures share: one told in full, one with every field filled, one empty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from upward.base.ids import GeoId
from upward.catalog.model import Catalog
from upward.catalog.record_model import Field, FieldKind
from upward.plan.content import Person, PlanContent, RecordContent, RecordKey
from upward.plan.record_values import options_of_field

CHANGED = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)
PLACE = "21227"


def record(kind: str, uid: str, /, **values: Any) -> RecordContent:
    """Return a record with these values."""
    return RecordContent(RecordKey(kind, uid), values, CHANGED, CHANGED)


def key(kind: str, uid: str) -> RecordKey:
    """Return the key of a record."""
    return RecordKey(kind, uid)


def plan_of(*records: RecordContent, place: str = PLACE, release: str = "2025.01-18eaddeb3f", name: str = "Warren County") -> PlanContent:
    """Return a plan with these records."""
    by_kind: dict[str, list[RecordContent]] = {}
    for item in records:
        by_kind.setdefault(item.kind, []).append(item)
    return PlanContent(
        slug="warren-county", name=name, places=(GeoId.parse(place),), language="en", release=release,
        records={kind: tuple(items) for kind, items in by_kind.items()}, people={"m1": Person("Ana Ruiz", "Data analyst")},
    )  # fmt: skip


def metric(uid: str, claim: str, variable: str, value: str, year: int, *, group: str = "", lower: str = "", upper: str = "", **more: Any) -> RecordContent:
    """Return a reading of a metric as the workbench pins it."""
    bounds = {name: Decimal(text) for name, text in (("lower", lower), ("upper", upper)) if text}
    given = {"group": group} if group else {}
    return record(
        "pinned-metric", uid, claim=claim, variable=variable, place=PLACE, year=year, value=Decimal(value), quality="strong",
        source_release="2025.01", release="2025.01-18eaddeb3f", **bounds, **given, **more,
    )  # fmt: skip


def _evidence() -> list[RecordContent]:
    return [
        metric("gap", "74.8% of women aged 25 to 54 are in paid work; of men, 86.1% are.", "share_employed", "0.7475", 2023, group="gender/female", lower="0.7077", upper="0.7875", tag="concern", reading="First shift starts before care opens.", insight_strength="clear"),
        metric("pre", "39.9% of children aged 3 and 4 go to preschool.", "share_in_preschool", "0.399", 2023, lower="0.292", upper="0.506", tag="concern", insight_strength="unclear"),
        metric("homes", "41 homes for every 100 households with the lowest incomes are affordable and available to them.", "share_affordable_available_30_ami", "0.4125", 2023, tag="concern", insight_strength="unpublished"),
        record("data-source", "permits", name="Care permits, 2020–2026", kind="administrative-data", owner="City–county planning commission", years="2020 to 2026", quality_notes="Typed in by two offices.", equity_notes="Homes without a permit are not in it.", status="received"),
        record("local-value", "places", name="Care places after 5:30 pm", value=Decimal(212), unit="count", year=2026, quality="marginal", source=key("data-source", "permits"), source_words="Table 3"),
        record("history-event", "zoning", title="Care homes left out of the zoning code", year=1987, effect="A home with six children needs a hearing.", source="Minutes of the commission", predictors=("employment-opportunities",)),
        record("engagement-activity", "walk", title="Data walk at the library", method="data-walk", on=date(2026, 9, 12), place="Main library", attendance=Decimal(83), heard="Working hours and care hours do not meet.", changed="Care hours became the first priority."),
        record("contribution", "said", subject="Bus", words="The last bus leaves before my shift ends.", activity=key("engagement-activity", "walk"), answer_status="used"),
        record("theme", "hours", title="Care ends before work does", description="Parents stopped longest at the poster on working hours.\n\nFirst shift at the plants starts at six. Most after-school care ends at half past five.", activities=(key("engagement-activity", "walk"),), contributions=(key("contribution", "said"),), voices=Decimal(31)),
        record("quote", "q1", words="Community Education provides after-school care necessary to working parents. Funding should not be cut.", theme=key("theme", "hours"), activity=key("engagement-activity", "walk"), consent="plan", speaker="Jo Name-Withheld"),
        record("quote", "q2", words="Better public transit, so people without cars can get to work.", activity=key("engagement-activity", "walk"), consent="plan-with-name", speaker="Rosa Díaz"),
        record("quote", "q3", words="Not to be printed anywhere.", theme=key("theme", "hours"), consent="internal", speaker="Secret Person"),
        record("finding", "work", statement="Women aged 25 to 54 are less often in paid work than men.", detail="At the data walk, parents said why: care hours follow school budgets.", tag="concern", predictors=("employment-opportunities",), dimensions=("economic-success",), metrics=(key("pinned-metric", "gap"),), local_values=(key("local-value", "places"),), themes=(key("theme", "hours"),), contributions=(key("contribution", "said"),), documents=({"title": "Family needs study", "address": "https://example.org/study", "page": "12"},), status="agreed", confidence="sure", dissent="Two members think pay matters more."),
        record("finding", "preschool", statement="Four in ten children go to preschool.", predictors=("access-to-preschool",), metrics=(key("pinned-metric", "pre"),), status="discussed"),
        record("finding", "draft", statement="A draft that nobody has seen.", status="draft"),
        record("cause", "code", statement="The zoning code keeps care homes from opening.", findings=(key("finding", "work"),), level="policy-or-practice", control="local", themes=(key("theme", "hours"),), events=(key("history-event", "zoning"),), holders=(key("partner", "commission"),), evidence="Permits asked for and refused, 2020 to 2026."),
    ]  # fmt: skip


def _people() -> list[RecordContent]:
    return [
        record("plan-section", "s0", section="letter", text="Dear neighbors,\n\nthis plan is yours.", signed_by="Judge-executive and Rosa Díaz, resident", status="final"),
        record("plan-section", "s1", section="short-version", text="Warren County is growing, and most people of working age have a job. Yet the rules and budgets that shape care, buses and housing were made for another time. 64 members and 2,031 residents chose three places to begin.", status="final"),
        record("shared-approach", "a", title="Our approach", statement="Mobility is having enough money, a say in one’s life, and being valued.", place=PLACE, process="A coalition of 64 members met monthly for a year.", principles=(), adopted_on=date(2026, 3, 1)),
        record("partner", "commission", name="City–county planning commission", sectors=("civic-life",), roles=("steering-group",), contact="PRIVATE 555-0100", stance="opposed", status="joined", contribution="Changes the code."),
        record("partner", "district", name="County school district", sectors=("education",), roles=("working-group-lead",), status="joined"),
        record("partner", "asked", name="Still Asked Company", status="approached"),
        record("charter", "c", title="Charter of the coalition", purpose="To carry this plan.", decision_rule="Two thirds of members present."),
        record("decision", "d", title="Three priorities chosen", on=date(2026, 11, 4), made_by="The coalition", rule="Two thirds", vote="41 for, 6 against", dissent="Six members wanted housing first."),
    ]  # fmt: skip


def _strategy() -> list[RecordContent]:
    return [
        record("vision", "v", title="Vision", statement="Work, care and homes fit together, and nobody has to choose between them.", themes=(key("theme", "hours"),)),
        record("priority", "p1", name="Care that fits work", rank=Decimal(1), reason="At the data walk, parents stopped longest at the poster on working hours. Between those hours sits a choice that nobody should have to make.", result="Every parent who wants paid work can find care that opens before the shift, ends after it, and costs less than the job pays.", if_we="keep care open longer and let care homes open", then="more parents can take the shift they want", because="hours, not will, keep them out", assumptions="Cost may not be what keeps parents from shifts; residents spoke more of hours. We test this first.", findings=(key("finding", "work"),), causes=(key("cause", "code"),), predictors=("employment-opportunities",), chosen_how="By vote of the coalition."),
        record("priority", "p2", name="A ride to every shift", rank=Decimal(2), reason="200 residents asked for it.", predictors=("transportation-access",)),
        record("priority", "p3", name="Homes within reach", rank=Decimal(3), reason="41 homes for every 100 households.", predictors=("housing-affordability",)),
        record("strategic-action", "a1", title="Keep after-school care open to 6:30 pm", statement="Twelve schools stay open one hour longer.", priority=key("priority", "p1"), findings=(key("finding", "work"),), causes=(key("cause", "code"),), type="practice", population="12 schools, 480 places", lead=key("partner", "district"), owner="m1", starts="2027-08", ends="2030-06", cost=Decimal(310000), evidence="After-school pilot, 2026", evidence_strength="promising", risks="Nothing shows yet that pay alone keeps care workers here.", status="not-started", conditions=("practices", "resource-flows")),
        record("strategic-action", "a2", title="Let care homes open by right", priority=key("priority", "p1"), causes=(key("cause", "code"),), type="policy", lead=key("partner", "commission"), ends="2027-12", status="on-track", authority="City and county commissions"),
        record("strategic-action", "a3", title="Run later buses on four routes", priority=key("priority", "p2"), type="program", status="not-started"),
        record("logic-model-element", "e1", title="One more hour of care", part="output", action=key("strategic-action", "a1"), order=Decimal(1)),
        record("logic-model-element", "e2", title="More women in paid work", part="medium-term-outcome", action=key("strategic-action", "a1"), by_year=2030),
        record("logic-model-link", "l", because="Parents can take first shift", from_element=key("logic-model-element", "e1"), to_element=key("logic-model-element", "e2"), assumption="Hours matter more than cost"),
        record("measure", "m", name="Women 25 to 54 in paid work", elements=(key("logic-model-element", "e2"),), layer="mobility-metric", kind="outcome", definition="Share of women aged 25 to 54 with a job.", unit="share", direction="up", variable="share_employed", place=PLACE, group="gender/female", baseline=Decimal("74.8"), baseline_lower=Decimal("70.8"), baseline_upper=Decimal("78.7"), baseline_year=2023, baseline_quality="strong", baseline_source="Mobility Metrics v2025.01", baseline_release="2025.01-18eaddeb3f", collector="m1", audience="Coalition, fiscal court", frequency="each December", status="agreed"),
        record("measure", "m2", name="Care places after 5:30 pm", elements=(key("logic-model-element", "e1"),), layer="program-performance", kind="output", definition="Open places.", unit="count", direction="up", status="draft", collector_partner=key("partner", "district")),
        record("target", "t", statement="Five points more women in paid work by 2030", measure=key("measure", "m"), objective="project-period", value=Decimal("79.8"), year=2030, basis="peer-progress", reached_count=Decimal(9), reached_of=Decimal(40), detectable_change=Decimal("8.1"), first_year=2032, people=Decimal(1300), checked_release="2025.01-18eaddeb3f"),
        record("results-communication", "rc", audience="Parents", horizon="short", product="One page", channel="Schools", languages="English, Spanish"),
        record("sustainability-rating", "sr", block="stable-funding", rating="3", strengths="A two-year grant.", weaknesses="No line in the budget.", action="Ask the fiscal court for one.", due=date(2027, 10, 1)),
        record("funding", "f", source="Community foundation", amount=Decimal(420000), starts="2027-03", ends="2031-12", status="promised", actions=(key("strategic-action", "a1"),)),
        record("milestone", "ms", title="Open the first three schools", action=key("strategic-action", "a1"), due=date(2027, 8, 15), owner="m1", status="not-started"),
        record("review", "rv", title="First yearly review", on=date(2028, 6, 1), who="Coalition and residents"),
        record("plan-version", "pv", title="First edition", on=date(2027, 6, 17)),
    ]  # fmt: skip


def told_plan(**more: Any) -> PlanContent:
    """Return a plan told in full: what the pictures of the manual show."""
    return plan_of(*_evidence(), *_people(), *_strategy(), **more)


def empty_plan() -> PlanContent:
    """Return a plan without a record."""
    return plan_of()


def filled_plan(catalog: Catalog, words: str = "words") -> PlanContent:
    """Return a plan with one record of every kind and a value in every field; texts hold `words` and the field's name."""
    records = [record(kind.id, "1", **{name: filled(catalog, field, words) for name, field in kind.fields.items()}) for kind in catalog.records.values()]
    return plan_of(*records)


def filled(catalog: Catalog, field: Field, words: str) -> Any:
    """Return a value for a field."""
    plain: Mapping[FieldKind, Any] = {
        FieldKind.DATE: date(2027, 1, 2), FieldKind.MONTH: "2027-03", FieldKind.YEAR: 2023, FieldKind.NUMBER: Decimal("12.5"),
        FieldKind.SHARE: Decimal("0.125"), FieldKind.MONEY: Decimal(1200), FieldKind.YES_NO: True, FieldKind.LINK: "https://example.org/",
        FieldKind.MEMBER: "m1", FieldKind.PLACE: PLACE, FieldKind.PLACES: (PLACE,), FieldKind.UPLOAD: "upload-1",
        FieldKind.VARIABLE: "share_employed", FieldKind.GROUP: "gender/female",
    }  # fmt: skip
    if field.kind in plain:
        return plain[field.kind]
    if field.kind is FieldKind.RECORD:
        return key(field.of, "1")
    if field.kind is FieldKind.RECORDS:
        return (key(field.of, "1"),)
    if field.kind is FieldKind.ROWS:
        return ({name: filled(catalog, column, words) for name, column in field.columns.items()},)
    if field.options_from:
        options = list(options_of_field(catalog, field))
        chosen = {"consents": "plan-with-name", "partner-statuses": "joined", "finding-statuses": "agreed"}.get(field.options_from, options[0])
        return chosen if field.kind is FieldKind.CHOICE else (options[0],)
    return f"{'PRIVATE ' if field.private else ''}{words} {field.id}"
