"""The conversation with a language model: one prompt, at most two repairs, one deadline, one budget. Ends in a value, always.

Whatever goes wrong, segbot's own reading stands and a line says why there is no proposal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import structlog

from segbot.flows.house import House
from segbot.llm.talk import Kind, Message, Model, Question, Reply, Trouble
from segbot.model.catalog import Catalog
from segbot.model.condition import Condition, Defined
from segbot.model.reading import Outcome, Reading
from segbot.model.resolve import Moment
from segbot.nl.lexicon.compile import Lexicon, compile_lexicon
from segbot.nl.propose.ladder import Ladder, Proposal, Rejected, Rung, candidates
from segbot.nl.propose.prompt import first_prompt, repair_prompt
from segbot.nl.propose.slice import cut_slice
from segbot.nl.propose.wire import schema

log = structlog.get_logger(__name__)

REPAIRS = 2
LETTERS_PER_TOKEN = 3
"""For reserving budget before the provider has counted: rather too many tokens than too few."""
LEAST_PAUSE = 10.0
"""Seconds that a busy model is left alone when it does not say how long."""
LONGEST_PAUSE = 600.0


class Why(StrEnum):
    """Why there is no proposal, besides what the transport tells."""

    REJECTED = "rejected"
    NOTHING = "nothing"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Declined:
    """No proposal, and one line for a person that says why."""

    why: Why | Kind
    note: str


_STANDS = "this is segbot's own reading."
_NOTES: dict[Why | Kind, str] = {
    Kind.TRUNCATED: f"The language model's answer was cut off; {_STANDS}",
    Kind.REFUSED: f"The language model declined to answer; {_STANDS}",
    Kind.BUSY: f"The language model is busy; {_STANDS}",
    Kind.TIMED_OUT: f"The language model did not answer in time; {_STANDS}",
    Kind.UNREACHABLE: f"The language model can't be reached; {_STANDS}",
    Kind.WRONG_KEY: f"The language model did not accept segbot's key (ask your admin); {_STANDS}",
    Kind.FAILED: f"The language model could not be asked (the log says why); {_STANDS}",
    Kind.GARBLED: f"The language model's answer could not be read; {_STANDS}",
    Why.REJECTED: f"The language model's proposals did not pass the checks; {_STANDS}",
    Why.NOTHING: f"The language model found no more in this than segbot; {_STANDS}",
    Why.BUDGET: f"Today's budget for the language model is used up; {_STANDS}",
}


def declined(why: Why | Kind) -> Declined:
    """The value for a failure."""
    return Declined(why, _NOTES[why])


@dataclass
class Budget:
    """Tokens per team and day (UTC), counted in this process. What is asked is reserved first, so that two can't overdraw."""

    limit: int
    _day: date = date.min
    _spent: dict[str, int] = field(default_factory=dict)

    def reserve(self, team: str, tokens: int, day: date) -> bool:
        """Take tokens out of a team's budget; False (and nothing taken) when there are not enough."""
        if day != self._day:
            self._day, self._spent = day, {}
        spent = self._spent.get(team, 0)
        if spent + tokens > self.limit:
            return False
        self._spent[team] = spent + tokens
        return True

    def settle(self, team: str, reserved: int, used: int, day: date) -> None:
        """Replace what was reserved by what was used; a use that the provider did not tell keeps the reservation."""
        if day == self._day and used:
            self._spent[team] = max(0, self._spent.get(team, 0) - reserved + used)

    def spent(self, team: str) -> int:
        """The tokens a team has used or reserved on the latest day."""
        return self._spent.get(team, 0)


@dataclass
class Proposer:
    """A language model with the catalog it may propose for. One for a process; safe to share between tasks.

    `definitions` are the terms that can be proposed, by key. `timeout` is in seconds and covers repairs and waiting.
    """

    model: Model
    catalog: Catalog
    definitions: Mapping[str, Condition]
    timeout: float
    max_tokens: int
    budget: Budget
    lexicon: Lexicon
    _quiet_until: datetime | None = None

    async def propose(self, reading: Reading, team: str, at: Moment) -> Proposal | Declined:
        """Ask for a proposal for a request that was read at a moment. Never raises for anything the model does."""
        if self._quiet_until is not None and at.now < self._quiet_until:
            return declined(Kind.BUSY)
        slice_ = cut_slice(reading.text, self.catalog, candidates(reading), self.definitions)
        ladder = Ladder(self.catalog, self.lexicon, slice_, self.definitions, reading)
        prompt = first_prompt(self.catalog, slice_, reading, at.now.astimezone(at.zone).date())
        talk = _Talk(
            self,
            team,
            at.now,
            Question(prompt.system, (Message("user", prompt.user),), schema(slice_.names), self.max_tokens),
        )
        try:
            async with asyncio.timeout(self.timeout):
                done = await talk.run(ladder)
        except TimeoutError:
            done = declined(Kind.TIMED_OUT)
        log.info(
            "proposal",
            team=team,
            model=self.model.name,
            outcome="proposed" if isinstance(done, Proposal) else done.why.value,
            repairs=talk.repairs,
            rungs=[rung.value for rung in talk.rungs],
            tokens=talk.tokens,
            detail=talk.detail,
        )
        return done

    def rest(self, now: datetime, seconds: float | None) -> None:
        """Leave the model alone for a while."""
        self._quiet_until = now + timedelta(seconds=min(max(seconds or 0.0, LEAST_PAUSE), LONGEST_PAUSE))


@dataclass
class _Talk:
    """One conversation."""

    proposer: Proposer
    team: str
    now: datetime
    question: Question
    repairs: int = 0
    tokens: int = 0
    detail: str = ""
    rungs: list[Rung] = field(default_factory=list)

    async def run(self, ladder: Ladder) -> Proposal | Declined:
        while True:
            reply = await self.ask()
            if not isinstance(reply, Reply):
                return reply
            judged = ladder.climb(reply.text)
            if isinstance(judged, Proposal):
                return judged
            self.rungs.append(judged.rung)
            if judged.rung is Rung.NOTHING:
                return declined(Why.NOTHING)
            if self.repairs == REPAIRS:
                self.detail = "; ".join(judged.errors)[:300]
                return declined(Why.REJECTED)
            self.repairs += 1
            self.extend(reply, judged)

    def extend(self, reply: Reply, rejected: Rejected) -> None:
        """Add the refused answer and its errors to the conversation."""
        repair = repair_prompt(rejected, REPAIRS - self.repairs)
        # an endless wrong answer would make the repair as long; its beginning is enough to repair from
        said = Message("assistant", reply.text[: 4 * self.question.max_tokens] or "{}")
        turns = (*self.question.messages, said, Message("user", repair))
        self.question = Question(self.question.system, turns, self.question.schema, self.question.max_tokens)

    async def ask(self) -> Reply | Declined:
        """Ask once; a busy model that names a short pause is asked once more after it."""
        answer = await self.paid()
        if isinstance(answer, Trouble) and answer.kind is Kind.BUSY:
            if answer.retry_after is not None and answer.retry_after < self.proposer.timeout / 2:
                await asyncio.sleep(answer.retry_after)
                answer = await self.paid()
            if isinstance(answer, Trouble) and answer.kind is Kind.BUSY:
                self.proposer.rest(self.now, answer.retry_after)
        if isinstance(answer, Trouble):
            self.detail = answer.detail
            return declined(answer.kind)
        return answer

    async def paid(self) -> Reply | Trouble | Declined:
        """Ask once within the budget."""
        budget, day = self.proposer.budget, self.now.date()
        letters = len(self.question.system) + sum(len(m.text) for m in self.question.messages)
        reserved = letters // LETTERS_PER_TOKEN + self.question.max_tokens
        if not budget.reserve(self.team, reserved, day):
            return declined(Why.BUDGET)
        answer = await self.proposer.model.ask(self.question, self.proposer.timeout)
        used = answer.tokens
        if isinstance(answer, Trouble) and not used:
            unasked = answer.kind in (Kind.BUSY, Kind.UNREACHABLE, Kind.WRONG_KEY, Kind.FAILED)
            used = (
                1 if unasked else 0
            )  # nothing was computed; after a time-out it may have been, so the reservation stays
        budget.settle(self.team, reserved, used, day)
        self.tokens += answer.tokens
        return answer


def make_proposer(
    model: Model,
    catalog: Catalog,
    definitions: Mapping[str, Condition],
    *,
    timeout: float = 12.0,
    max_tokens: int = 4000,
    daily_budget: int = 500_000,
) -> Proposer:
    """A proposer over a model and a catalog; compiles the catalog's words."""
    return Proposer(model, catalog, definitions, timeout, max_tokens, Budget(daily_budget), compile_lexicon(catalog))


def definitions(house: House) -> dict[str, Condition]:
    """The terms of the house dictionary by key, each as the condition that the reader makes of its word."""
    found: dict[str, Condition] = {}
    for term in house.catalog.dictionary:
        reading = house.read(term.words[0], datetime.now(UTC)) if term.words else None
        if reading and reading.outcome is Outcome.ANSWER and isinstance(reading.condition, Defined):
            found[term.key] = reading.condition
    return found
