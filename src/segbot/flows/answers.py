"""One request answered without Slack: the JSON that `segbot ask` prints, which is a contract with scripts and evaluations."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from segbot.errors import BadData, CannotCompile, GuardRefused, QueryTimedOut, UnknownName
from segbot.flows.compose import window_lines
from segbot.flows.house import House
from segbot.flows.sizing import members, sizes
from segbot.model import codec
from segbot.model.condition import Condition
from segbot.model.reading import Outcome, Reading
from segbot.model.resolve import Moment
from segbot.model.segment import Counted
from segbot.sql.compile import render
from segbot.sql.guard import Refused, guard
from segbot.warehouse.run import Warehouse

EXIT_STATUS = {Outcome.ANSWER: 0, Outcome.CLARIFY: 3, Outcome.REJECT: 4}
"""What the shell sees; 2 is for usage and configuration."""


@dataclass
class _Clock:
    """Milliseconds spent on each step."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] = round(self.spent.get(name, 0.0) + (time.perf_counter() - started) * 1000, 2)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reading with its SQL and numbers. `problem` is a sentence for what went wrong after reading."""

    reading: Reading
    at: Moment
    sql: str | None = None
    count: Counted | None = None
    choice_sql: tuple[tuple[str | None, ...], ...] = ()
    choice_counts: tuple[tuple[Counted | None, ...], ...] = ()
    timings: dict[str, float] = field(default_factory=dict)
    problem: str = ""

    @property
    def outcome(self) -> Outcome:
        """The reading's outcome; a tree that can't be turned into SQL is no answer."""
        uncompiled = self.reading.condition is not None and self.sql is None
        return Outcome.REJECT if uncompiled else self.reading.outcome


async def answer(house: House, warehouse: Warehouse | None, text: str, now: datetime) -> Answer:
    """Read, compile, guard and (with a warehouse) count one request.

    A tree that can't be compiled, or a count that takes too long, becomes the answer's `problem`; a database that can't be
    reached or is set up wrongly raises.
    """
    clock, at = _Clock(), house.moment(now)
    with clock.step("read"):
        reading = house.reader.read(text, at)
    choices = [[c.condition for c in q.choices] for q in reading.questions]
    try:
        sql = None if reading.condition is None else _sql(house, reading.condition, at, clock)
        choice_sql = tuple(tuple(_sql(house, tree, at, clock) for tree in trees) for trees in choices)
    except (CannotCompile, UnknownName, GuardRefused) as error:
        return Answer(reading, at, timings=clock.spent, problem=error.sentence)
    uncounted = Answer(reading, at, sql, choice_sql=choice_sql, timings=clock.spent)
    if warehouse is None or reading.condition is None:
        return uncounted
    flat = [reading.condition, *(tree for trees in choices for tree in trees)]
    try:
        with clock.step("count"):
            counted = iter(await sizes(house, warehouse, flat, at))
    except (QueryTimedOut, BadData) as error:
        return replace(uncounted, problem=error.sentence)
    return replace(
        uncounted,
        count=next(counted),
        choice_counts=tuple(tuple(next(counted) for _ in trees) for trees in choices),
    )


def _sql(house: House, condition: Condition, at: Moment, clock: _Clock) -> str:
    with clock.step("compile"):
        statement = members(house, condition, at)
    with clock.step("guard"):
        verdict = guard(statement.sql, house.policy)
    if isinstance(verdict, Refused):
        raise GuardRefused(verdict.reason)
    return render(statement)


def as_json(answer: Answer, house: House, request_id: str | int | None = None) -> dict[str, Any]:
    """The contract: one JSON object for one request."""
    reading, at = answer.reading, answer.at
    windows = window_lines(reading.condition, house.catalog, at) if reading.condition is not None else ()
    return {
        "id": request_id,
        "text": reading.text,
        "outcome": answer.outcome.value,
        "condition": _tree(reading.condition),
        "restatement": reading.restatement,
        "sql": answer.sql,
        "count": answer.count.value if answer.count else None,
        "base": answer.count.base if answer.count else None,
        "as_of": at.now.astimezone(UTC).isoformat(),
        "timezone": at.rules.timezone,
        "windows": [{"phrase": w.phrase, "from": _iso(w.start), "to": _iso(w.end)} for w in windows],
        "phrases": [{"start": p.start, "end": p.end, "text": p.text, "meaning": p.meaning} for p in reading.phrases],
        "fillers": [{"start": f.start, "end": f.end, "text": f.text} for f in reading.fillers],
        "asides": [{"start": a.start, "end": a.end, "text": a.text} for a in reading.asides],
        "unread": [
            {"start": u.start, "end": u.end, "text": u.text, "suggestions": [s.replacement for s in u.suggestions]}
            for u in reading.unread
        ],
        "corrections": [
            {"start": c.start, "end": c.end, "said": c.said, "read_as": c.read_as} for c in reading.corrections
        ],
        "assumptions": [a.text for a in reading.assumptions],
        "questions": [
            {
                "phrase": question.phrase,
                "choices": [
                    {
                        "label": choice.label,
                        "condition": _tree(choice.condition),
                        "sql": sql,
                        "count": counted.value if counted else None,
                    }
                    for choice, sql, counted in zip(
                        question.choices,
                        answer.choice_sql[q] if answer.choice_sql else [None] * len(question.choices),
                        answer.choice_counts[q] if answer.choice_counts else [None] * len(question.choices),
                        strict=True,
                    )
                ],
            }
            for q, question in enumerate(reading.questions)
        ],
        "note": answer.problem or reading.note,
        "timings_ms": answer.timings,
    }


def _tree(condition: Condition | None) -> dict[str, Any] | None:
    return None if condition is None else codec.dump(condition)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
