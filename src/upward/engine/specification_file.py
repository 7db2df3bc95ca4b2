"""Reading a specification of estimates from YAML, strictly: each mistake is named with its line and its
key.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from upward.base.errors import DataError, UsageError
from upward.catalog.reading import Fields, Problems, read_yaml
from upward.engine import specification as model
from upward.engine.design import METHODS, Design, design_by_method, design_by_scale

#: Key of a specification -> what it holds; the reference page is made from this.
KEYS = {
    "schema": "`upward/estimate/1`",
    "design": "`weight`, `replicates` (`prefix` and `count`, or `columns`), and `method`, or `scale` "
    "with `rscales`; `mse: false` centres on the mean of the replicates",
    "fields": "derived fields: `name` with `categories` (`value` and `where` each, `otherwise`), or "
    "`product` and `times`",
    "universe": "a condition: who is counted at all",
    "by": "groupings, each a column or a list of columns; `[]` is the whole file, as when the key is absent",
    "estimates": "a list: `name`, `kind`, what the kind needs, and its own `universe`",
    "geography": "`from` (column, or data's column: crosswalk's column), `to`, `name`, and `crosswalk` "
    "with `factor` and `keep` (column: value), or `areas` (area: list of codes, or code: factor)",
    "missing": "texts that mean “missing”; the empty one and NA without it",
}
#: Test of a field in a condition -> what it asks. Conditions are joined by `and`, `or` (lists) and `not`.
TESTS = {
    "in": "equals one of the values; numbers compare as numbers, texts in quotes as texts",
    "equals": "equals the value",
    "not": "equals none of the values",
    "between": "lies from the first number to the second, both included; null leaves one end open",
    "missing": "true: has no value; false: has one",
}
_NEEDS = {"total": (), "mean": ("of",), "share": ("where",), "ratio": ("numerator", "denominator")}
_NEEDS |= {"quantile": ("of", "at"), "coefficient": ("of", "on")}
_ALLOWS = {
    "total": ("of", "where"), "quantile": ("rule", "interval"), "share": ("interval",), "coefficient": ("term",),
}  # fmt: skip


def read_specification(path: Path) -> model.Specification:
    """Return the specification in a YAML file; raise DataError with every mistake, its line and its key."""
    problems = Problems(positions=True)
    top = read_yaml(path, path.name, problems)
    specification = specification_from(top, folder=path.parent) if not problems.found else None
    if problems.found or specification is None:
        raise DataError(
            f"The specification {path} has mistakes:\n" + "\n".join(f"- {found}" for found in problems.found),
            advice="The form of a specification is described in docs/reference/estimate.md.",
        )
    return specification


def specification_of(mapping: Mapping[str, Any], *, folder: Path) -> model.Specification:
    """Return the specification that a mapping of Python holds; mistakes are named as in a file."""
    problems = Problems()
    text = yaml.safe_dump(dict(mapping), sort_keys=False)
    top = Fields(yaml.compose(text, Loader=yaml.BaseLoader), "specification", "", problems)
    specification = specification_from(top, folder=folder)
    if problems.found or specification is None:
        raise DataError(
            "The specification has mistakes:\n" + "\n".join(f"- {found}" for found in problems.found)
        )
    return specification


def specification_from(top: Fields, *, folder: Path) -> model.Specification | None:
    """Return the specification that the fields hold, or None after noting what is wrong with them.

    A crosswalk is a file relative to `folder`.
    """
    before = len(top.problems.found)
    top.word("schema", (model.SCHEMA,))
    design = _design(top)
    universe = read_condition(top, "universe")
    derived = tuple(read_derived(entry) for entry in top.entries("fields", "name"))
    geography = _geography(top.mapping("geography"), folder) if top.has("geography") else None
    by = top.groupings("by") if top.has("by") else ((),) if geography is None else ((geography.name,),)
    estimates = tuple(read_estimate(entry) for entry in top.entries("estimates", "name"))
    missing = top.scalars("missing") if top.has("missing") else ("", "NA")
    top.done()
    if not estimates:
        top.problem("estimates", "missing; expected a list with at least one estimate.")
    _check_names(top, [estimate.name for estimate in estimates], [item.name for item in derived], by)
    if len(top.problems.found) > before or design is None:
        return None
    return model.Specification(
        design, estimates, by or ((),), universe, derived, geography, tuple(str(text) for text in missing)
    )


def _check_names(top: Fields, names: list[str], derived: list[str], by: tuple[tuple[str, ...], ...]) -> None:
    for kind, found in (("estimates", names), ("fields", derived)):
        for name in dict.fromkeys(found):
            if found.count(name) > 1:
                top.problem(kind, f"the name “{name}” stands twice.")
    reserved = set(RESULT_COLUMNS) & {column for grouping in by for column in grouping}
    for name in sorted(reserved):
        top.problem("by", f"“{name}” is a column of the results; give the field another name under `fields`.")
    for grouping in by:
        if len(set(grouping)) < len(grouping):
            top.problem("by", f"a column stands twice in the grouping {', '.join(grouping)}.")


#: The columns of results that are not group columns.
RESULT_COLUMNS = (
    "name", "kind", "at", "by", "value", "se", "lower", "upper", "n", "population", "method", "missing",
    "allocated_n", "df", "status", "reason",
)  # fmt: skip


def _design(top: Fields) -> Design | None:
    fields = top.mapping("design", required=True)
    weight = fields.text("weight")
    replicates = _replicates(fields)
    centred = fields.flag("mse", default=True)
    rscales = fields.numbers("rscales") if fields.has("rscales") else None
    method = fields.word("method", tuple(METHODS)) if fields.has("method") else None
    scale = fields.number_or_none("scale")
    rho = fields.number_or_none("rho")
    fields.done()
    if method is not None and scale is not None:
        fields.problem("scale", "give either `method` or `scale`.")
    if not replicates and (method is not None or scale is not None):
        fields.problem("replicates", "missing; a method needs the columns of the replicate weights.")
    if replicates and method is None and scale is None:
        fields.problem("method", f"missing; expected one of {', '.join(METHODS)}, or `scale`.")
    if len(set(replicates)) < len(replicates) or weight in replicates:
        fields.problem("replicates", "a column stands twice among the weights.")
    try:
        if method is not None and replicates:
            return design_by_method(
                method, weight, replicates, rho=rho, rscales=rscales, centred_on_estimate=centred
            )
        if scale is not None and replicates:
            return design_by_scale(
                weight, replicates, scale=scale, rscales=rscales or (1.0,), centred_on_estimate=centred
            )
    except UsageError as problem:
        fields.problem("method" if method else "scale", problem.message)
        return None
    return Design(weight)


def _replicates(design: Fields) -> tuple[str, ...]:
    if not design.has("replicates"):
        return ()
    fields = design.mapping("replicates")
    if fields.has("columns"):
        columns = fields.columns("columns")
        fields.done()
        return columns
    prefix, count, first = fields.text("prefix"), fields.whole("count"), fields.whole("first", default=1)
    fields.done()
    if not 1 <= count <= 2000:
        fields.problem("count", "expected a number of replicates from 1 to 2000.")
        return ()
    return tuple(f"{prefix}{number}" for number in range(first, first + count))


def read_condition(parent: Fields, key: str) -> model.Condition | None:
    """Return the condition at a key, or None where there is none or it is wrong."""
    if not parent.has(key):
        return None
    return _condition_of(parent.mapping(key))


def _condition_of(fields: Fields) -> model.Condition | None:
    forms = [word for word in ("field", "and", "or") if fields.has(word)]
    if not forms and fields.has("not"):
        part = read_condition(fields, "not")
        fields.done()
        return None if part is None else model.Not(part)
    if len(forms) != 1:
        fields.problem("field", "expected one of: `field` with a test, `and`, `or`, `not`.")
        return None
    if forms[0] == "field":
        return _test(fields)
    parts = tuple(_condition_of(entry) for entry in fields.entries(forms[0]))
    fields.done()
    whole = tuple(part for part in parts if part is not None)
    if not whole or len(whole) < len(parts):
        if not parts:
            fields.problem(forms[0], "expected a list of conditions.")
        return None
    return model.Every(whole) if forms[0] == "and" else model.AnyOf(whole)


def _test(fields: Fields) -> model.Condition | None:
    name = fields.text("field")
    tests = [word for word in TESTS if fields.has(word)]
    if len(tests) != 1:
        fields.problem("field", f"expected exactly one test: {', '.join(TESTS)}.")
        return None
    word = tests[0]
    if word == "missing":
        wanted = fields.flag("missing")
        fields.done()
        return model.Missing(name) if wanted else model.Not(model.Missing(name))
    if word == "between":
        return _between(fields, name)
    values = fields.scalars(word)
    fields.done()
    if not values or len({isinstance(value, str) for value in values}) != 1:
        fields.problem(word, "expected values that are all numbers or all texts (codes in quotes).")
        return None
    return model.Not(model.OneOf(name, values)) if word == "not" else model.OneOf(name, values)


def _between(fields: Fields, name: str) -> model.Condition | None:
    ends = fields.scalars("between")
    fields.done()
    opened = [None if end in ("null", "~") else end for end in ends]
    if len(opened) != 2 or any(isinstance(end, str) for end in opened) or opened == [None, None]:
        fields.problem("between", "expected two numbers [low, high]; null leaves one end open.")
        return None
    low, high = (None if end is None else float(end) for end in opened)
    if low is not None and high is not None and low > high:
        fields.problem("between", "the low end is above the high end.")
    return model.Between(name, low, high)


def read_derived(fields: Fields) -> model.Derived:
    """Return a derived field; mistakes are noted."""
    name = fields.text("name")
    if fields.has("product"):
        factors = fields.columns("product")
        times = fields.number_or_none("times")
        fields.done()
        if not factors:
            fields.problem("product", "expected a list of fields.")
        return model.Product(name, factors, 1.0 if times is None else times)
    cases = []
    for case in fields.entries("categories", "value"):
        value = case.scalars("value")
        condition = read_condition(case, "where")
        if not case.has("where"):
            case.problem("where", "missing; expected a condition.")
        case.done()
        if len(value) == 1 and condition is not None:
            cases.append((str(value[0]), condition))
        elif len(value) != 1:
            case.problem("value", "expected one value.")
    otherwise = fields.scalars("otherwise")
    fields.done()
    if not cases:
        fields.problem("categories", "missing; expected a list of categories, or a `product`.")
    return model.Categories(name, tuple(cases), str(otherwise[0]) if otherwise else None)


def read_estimate(fields: Fields) -> model.Estimate:
    """Return an estimate; mistakes are noted."""
    name = fields.text("name")
    kind = fields.word("kind", tuple(model.KINDS))
    needed = _NEEDS[kind]
    allowed = {"name", "kind", "universe", *needed, *_ALLOWS.get(kind, ())}
    for key in needed:
        if not fields.has(key):
            fields.problem(key, f"missing; a {kind} needs `{key}`.")
    for key in fields.names():
        if key not in allowed:
            fields.problem(key, f"does not belong to a {kind}; known here: {', '.join(sorted(allowed))}.")
    texts = {key: fields.text(key) if fields.has(key) else None for key in ("of", "numerator", "denominator")}
    rule = fields.word("rule", tuple(model.RULES)) if fields.has("rule") else "hf1"
    at = _shares(fields) if fields.has("at") else ()
    on = fields.columns("on") if fields.has("on") else ()
    return model.Estimate(
        name=name,
        kind=kind,
        of=texts["of"],
        where=read_condition(fields, "where"),
        universe=read_condition(fields, "universe"),
        numerator=texts["numerator"],
        denominator=texts["denominator"],
        at=at,
        rule=rule,
        interval=_interval(fields, kind, rule),
        on=on,
        term=_term(fields, on),
    )


def _term(fields: Fields, on: tuple[str, ...]) -> str:
    if len(set(on)) < len(on) or model.INTERCEPT in on:
        fields.problem("on", f"expected different fields, none of them called {model.INTERCEPT}.")
    term = fields.text("term") if fields.has("term") else model.INTERCEPT
    if term != model.INTERCEPT and term not in on:
        fields.problem("term", f"expected one of: {', '.join((model.INTERCEPT, *on))}.")
    return term


def _shares(fields: Fields) -> tuple[float, ...]:
    shares = fields.numbers("at")
    if any(not 0 < share < 1 for share in shares):
        fields.problem("at", "expected shares above 0 and below 1: 0.5 is the median.")
    return shares


def _interval(fields: Fields, kind: str, rule: str) -> str:
    default = "woodruff" if rule == "hf3" else "t"
    if not fields.has("interval"):
        return default
    known = model.QUANTILE_INTERVALS if kind == "quantile" else model.INTERVALS
    return fields.word("interval", tuple(known))


def _geography(fields: Fields, folder: Path) -> model.Geography:
    matching = _matching(fields)
    to = fields.columns("to")
    name = fields.text("name", default=to[-1] if to else "area")
    kept = _texts_of(fields.mapping("keep"))
    areas = _areas(fields) if fields.has("areas") else ()
    crosswalk = fields.text("crosswalk") if fields.has("crosswalk") else None
    factor = fields.text("factor", default="afact")
    fields.done()
    if not matching:
        fields.problem("from", "missing; expected the column that says where a record is.")
    if (crosswalk is None) == (not areas):
        fields.problem("crosswalk", "expected either `crosswalk` (a file) or `areas`.")
    if crosswalk is not None and not to:
        fields.problem("to", "missing; expected the column, or columns, that identify the target.")
    return model.Geography(
        matching=matching,
        to=to,
        name=name,
        crosswalk=None if crosswalk is None else str(folder / crosswalk),
        factor=factor,
        keep=kept,
        areas=areas,
    )


def _matching(fields: Fields) -> tuple[tuple[str, str], ...]:
    if fields.holds("from", "mapping"):
        return _texts_of(fields.mapping("from"))
    return tuple((column, column) for column in fields.columns("from"))


def _texts_of(fields: Fields) -> tuple[tuple[str, str], ...]:
    found = []
    for name in fields.names():
        values = fields.scalars(name)
        if len(values) != 1:
            fields.problem(name, "expected one value.")
        else:
            found.append((name, str(values[0])))
    return tuple(found)


def _areas(fields: Fields) -> tuple[tuple[str, tuple[tuple[str, float], ...]], ...]:
    areas = fields.mapping("areas")
    found = []
    for area in areas.names():
        if not areas.holds(area, "mapping"):
            found.append((area, tuple((str(code), 1.0) for code in areas.scalars(area))))
            continue
        codes = areas.mapping(area)
        pairs = tuple((code, codes.number(code)) for code in codes.names())
        for code, factor in pairs:
            if not 0 < factor <= 1:
                codes.problem(code, "expected a factor above 0, at most 1.")
        found.append((area, pairs))
    areas.done()
    return tuple(found)
