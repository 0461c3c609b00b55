"""The ladder lets right answers through: what the reader is sure of, written as a model would propose it, passes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from llm_kit import CATALOGS, NO_WINDOW, did, document, has, place, where, window

from segbot.model.condition import COUNT, ONCE, AllOf, Condition, Did, Has, Not, canonical
from segbot.model.reading import Outcome, Reading
from segbot.model.windows import Ago, Ahead, Calendar, Dated, EndOf, Named, Now, Period, StartOf, Window
from segbot.nl.propose.ladder import Proposal

TESTS = Path(__file__).parent.parent


def requests(company: str) -> list[str]:
    path = (
        TESTS / "everyday" / "requests.yaml" if company == "shop" else TESTS / "companies" / company / "requests.yaml"
    )
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [case["request"] for case in (data if isinstance(data, list) else data["requests"])]


@pytest.mark.parametrize("company", CATALOGS)
def test_most_right_answers_pass(company: str) -> None:
    """Of the requests that the reader answers, at least nine in ten pass when quoted as the reader understood them."""
    fell: Counter[str] = Counter()
    for text in requests(company):
        reading = place(company).read(text)
        answer = written(reading)
        if answer is None:
            continue
        judged = place(company).climb(text, answer)
        if isinstance(judged, Proposal):
            assert reading.condition is not None
            assert canonical(judged.condition) == canonical(reading.condition)
            assert judged.agrees
        fell["passed" if isinstance(judged, Proposal) else f"{text}: {judged.errors[0]}"] += 1
    assert fell.total() >= 15
    assert fell["passed"] >= 0.9 * fell.total(), [why for why in fell if why != "passed"]


def written(reading: Reading) -> str | None:
    """The wire document of a sure reading made of plain tests and behaviours, else None."""
    tree = reading.condition
    if reading.outcome is not Outcome.ANSWER or tree is None:
        return None
    parts = tree.parts if isinstance(tree, AllOf) else (tree,)
    conditions, logic = [], []
    for index, part in enumerate(parts):
        quotes = [p.text for p in reading.phrases if len(parts) == 1 or p.path[:1] == (index,)]
        one = _condition(part.part if isinstance(part, Not) else part, f"c{index + 1}", quotes or [reading.text])
        if one is None:
            return None
        conditions.append(one)
        logic.append(f"{'NOT ' if isinstance(part, Not) else ''}c{index + 1}")
    return document(*conditions, logic=" AND ".join(logic))


def _condition(node: Condition, key: str, quotes: list[str]) -> dict[str, Any] | None:
    match node:
        case Has(attribute=field, operator=operator, values=values):
            when = _window(node.window)
            return when and has(key, quotes, field, *map(_value, values), operator=operator.value, window=when)
        case Did(rows=rows, measure=measure, comparison=comparison):
            when = _window(rows.window)
            if when is None or any(f.window for f in rows.filters):
                return None
            filters = [
                where(
                    f"{rows.event}.{f.property}", *map(_value, f.values), operator=f.operator.value, negated=f.negated
                )
                for f in rows.filters
            ]
            if measure == COUNT and comparison == ONCE:
                return did(key, quotes, rows.event, filters=filters, window=when)
            return did(
                key,
                quotes,
                rows.event,
                filters=filters,
                window=when,
                measure=measure.function,
                measure_property=f"{rows.event}.{measure.property}" if measure.property else "none",
                comparison=comparison.operator.value,
                numbers=[_value(v) for v in comparison.values],
            )
        case _:
            return None


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _window(found: Window | None) -> dict[str, Any] | None:
    if found is None:
        return NO_WINDOW
    match found.start, found.end:
        case Ago(amount=amount, unit=unit), Now():
            return window("last", amount=amount, unit=unit.value)
        case Now(), Ahead(amount=amount, unit=unit):
            return window("next", amount=amount, unit=unit.value)
        case None, Ago(amount=amount, unit=unit):
            return window("more_than_ago", amount=amount, unit=unit.value)
        case StartOf(period=Calendar() as one, years_back=0), EndOf(period=other, years_back=0):
            same = one == other and not one.fiscal
            return window("period", amount=one.offset, unit=one.unit.value) if same else None
        case StartOf(period=one, years_back=0), EndOf(period=other, years_back=0) if _date(one) and _date(other):
            return (
                window("on", start=_date(one))
                if one == other
                else window("between", start=_date(one), end=_date(other))
            )
        case StartOf(period=one, years_back=0), None if _date(one):
            return window("since", start=_date(one))
        case EndOf(period=one, years_back=0), None if _date(one):
            return window("after", start=_date(one))
        case None, StartOf(period=one, years_back=0) if _date(one):
            return window("before", start=_date(one))
        case _:
            return None


def _date(period: Period) -> str:
    match period:
        case Named(name=name, year=None, which="latest"):
            return name
        case Dated(year=year, quarter=int() as quarter, fiscal=False, which="latest"):
            return f"{year}-Q{quarter}" if year else f"Q{quarter}"
        case Dated(year=year, month=month, day=day, half=None, quarter=None, fiscal=False, which="latest"):
            return "-".join(str(p) if p > 999 else f"{p:02d}" for p in (year, month, day) if p is not None)
        case _:
            return ""
