"""Flows without databases: requests in a dictionary, deliveries in a set, and failures on demand.

The real flows have tests of their own; here it is Slack's side that must hold, so the tests say when a count is slow,
fails or is changed meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import slack_cards as cards

from segbot.errors import NotFound
from segbot.flows.desk import Actor, Duplicate
from segbot.flows.narrow import Advice
from segbot.flows.resume import Interrupted
from segbot.flows.save import SaveProblem
from segbot.model.cards import (
    Card,
    HelpCard,
    Move,
    NoticeCard,
    PreviewCard,
    ProgressLine,
    SavedAs,
    SaveForm,
    SegmentCard,
    ShareCard,
    SqlCard,
    WordSpan,
)
from segbot.model.library import HomeCard, Look
from segbot.model.request import Status, Surface
from segbot.model.segment import Counted


class FakeFlows:
    """What the handlers call instead of `segbot.flows`, with the same signatures."""

    def __init__(self) -> None:
        self.requests: dict[str, SegmentCard] = {}
        self.deliveries: set[str] = set()
        self.anchors: dict[str, tuple[str, str]] = {}
        self.actors: list[Actor] = []
        self.surfaces: list[Surface] = []
        self.done: Counter[str] = Counter()
        self.failures: dict[str, list[Exception]] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.finished: list[str] = []
        self.put_down: list[tuple[str, Status]] = []
        self.how: list[tuple[bool, bool]] = []
        self.progress: dict[str, ProgressLine] = {}
        self.stopped_elsewhere: set[str] = set()
        self.advice = Advice()
        self.estimated: Counted | None = None

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Put these in the place of the real flows, where the handlers look them up."""
        patch.setattr("segbot.slack.handlers.telling.progress", lambda desk, request: self.progress.get(request))
        patch.setattr("segbot.slack.handlers.telling.stopped_elsewhere", self._stopped_elsewhere)
        patch.setattr("segbot.slack.handlers.opening.first_look", self._first_look)
        patch.setattr("segbot.slack.handlers.asking.advise", self._step("advise"))
        patch.setattr("segbot.slack.handlers.settling.narrow", self._step("narrow"))
        for name in ("start", "anchor", "count", "put_down", "current", "choose", "switch", "replace_words"):
            patch.setattr(f"segbot.flows.ask.{name}", self._step(name))
        for name in ("finish", "release"):
            patch.setattr(f"segbot.flows.ask.{name}", getattr(self, f"_{name}"))
        patch.setattr("segbot.slack.handlers.resuming.interrupted", self._interrupted)
        patch.setattr("segbot.flows.refine.hear", self._hear)
        for name in ("form", "save"):
            patch.setattr(f"segbot.flows.save.{name}", self._step(name))
        patch.setattr("segbot.slack.handlers.looking.preview", self._step("preview"))
        patch.setattr("segbot.slack.handlers.looking.show_sql", self._step("show_sql"))
        patch.setattr("segbot.slack.handlers.sharing.share", self._step("share"))
        patch.setattr("segbot.slack.handlers.commanding.help_card", self._help)
        patch.setattr("segbot.slack.handlers.home.unseen", self._seen_already)
        patch.setattr("segbot.flows.library.home", self._home)
        patch.setattr("segbot.slack.handlers.home.examples", lambda catalog: cards.HELP.examples)

    def fail(self, step: str, *errors: Exception) -> None:
        """The next calls of a step raise these."""
        self.failures.setdefault(step, []).extend(errors)

    def hold(self, step: str) -> asyncio.Event:
        """Calls of a step wait until this event is set."""
        return self.gates.setdefault(step, asyncio.Event())

    def _step(self, name: str) -> Callable[..., Awaitable[Any]]:
        step = getattr(self, f"_{name}")

        async def call(desk: object, actor: Actor, *args: Any, **more: Any) -> Any:
            if name in self.gates:
                await self.gates[name].wait()
            if self.failures.get(name):
                raise self.failures[name].pop(0)
            self.actors.append(actor)
            result = step(actor, *args, **more)
            self.done[name] += 1
            return result

        return call

    def _take(self, delivery: str) -> None:
        if delivery in self.deliveries:
            raise Duplicate(delivery)
        self.deliveries.add(delivery)

    async def _first_look(self, desk: object, actor: Actor, card: SegmentCard) -> SegmentCard:
        if "first_look" in self.gates:
            await self.gates["first_look"].wait()
        return card if self.estimated is None or card.stage != "counting" else replace(card, count=self.estimated)

    async def _help(self, desk: object) -> HelpCard:
        return cards.HELP

    async def _seen_already(self, desk: object, actor: Actor) -> bool:
        return False

    async def _home(self, desk: object, actor: Actor, look: Look) -> HomeCard:
        return HomeCard(look, "customers", "UTC", examples=cards.HELP.examples)

    async def _finish(self, desk: object, delivery: str) -> None:
        self.finished.append(delivery)

    async def _release(self, desk: object, delivery: str) -> None:
        self.deliveries.discard(delivery)

    async def _interrupted(self, desk: object) -> tuple[Interrupted, ...]:
        return ()

    async def _hear(self, desk: object, actor: Actor, text: str, *, delivery: str) -> None:
        """Nothing that is said in a thread is a change: what is said of changes is tested with the real flows."""

    async def _stopped_elsewhere(self, desk: object, actor: Actor, request: str) -> bool:
        return request in self.stopped_elsewhere

    def _advise(self, actor: Actor, request: str) -> Advice:
        return self.advice

    def _narrow(self, actor: Actor, request: str, key: int, days: int, *, delivery: str) -> SegmentCard:
        self._take(delivery)
        return self._settled(request, f"Narrowed {key}/{days}")

    def _get(self, request: str) -> SegmentCard:
        if request not in self.requests:
            raise NotFound(request)
        return self.requests[request]

    def _start(self, actor: Actor, text: str, *, delivery: str, surface: Surface) -> Card:
        self._take(delivery)
        self.surfaces.append(surface)
        if not text.strip():
            return cards.HELP
        if "nonsense" in text:
            return NoticeCard(replace(cards.NOTICE.notice, title="I didn't understand that", retry=False), ("women",))
        like = cards.QUESTION if "shoes" in text else cards.UNREAD if "Atlantis" in text else cards.COUNTING
        id = f"r{len(self.requests) + 1}"
        self.requests[id] = replace(like, id=id, title=text, author=actor.user, sentence=(WordSpan(text, "condition"),))
        return self.requests[id]

    def _anchor(self, actor: Actor, request: str, channel: str, ts: str) -> None:
        self.anchors[request] = (channel, ts)

    def _put_down(self, actor: Actor, request: str, status: Status) -> None:
        self.put_down.append((request, status))

    def _count(self, actor: Actor, request: str, *, fresh: bool, anyway: bool) -> SegmentCard:
        self.how.append((fresh, anyway))
        card = self._get(request)
        if card.stage == "counting":
            card = replace(
                card, stage="counted", count=cards.counted(37), lines=cards.COUNTED.lines, moves=cards.COUNTED.moves
            )
        self.requests[request] = card
        return card

    def _current(self, actor: Actor, request: str) -> SegmentCard:
        return self._get(request)

    def _settled(self, request: str, title: str) -> SegmentCard:
        card = replace(self._get(request), stage="counting", title=title, questions=(), unread=(), count=None)
        self.requests[request] = replace(card, chips=(), moves=(Move.STOP,))
        return self.requests[request]

    def _choose(self, actor: Actor, request: str, question: int, choice: int, *, delivery: str) -> SegmentCard:
        self._take(delivery)
        return self._settled(request, f"Chose {question}/{choice}")

    def _switch(self, actor: Actor, request: str, chip: int, option: int, *, delivery: str) -> SegmentCard:
        self._take(delivery)
        return self._settled(request, f"Switched {chip}/{option}")

    def _replace_words(self, actor: Actor, request: str, unread: int, better: int, *, delivery: str) -> SegmentCard:
        self._take(delivery)
        return self._settled(request, f"Replaced {unread}/{better}")

    def _preview(self, actor: Actor, request: str, *, page: int = 0) -> PreviewCard:
        return replace(cards.PREVIEW, id=request, title=self._get(request).title)

    def _show_sql(self, actor: Actor, request: str) -> SqlCard:
        return replace(cards.SQL, id=request, title=self._get(request).title)

    def _form(self, actor: Actor, request: str) -> SaveForm:
        return SaveForm(request, self._get(request).title[:80], ("vip",), cards.COUNTING.restatement)

    def _save(
        self, actor: Actor, request: str, *, name: str, note: str, tags: tuple[str, ...], delivery: str
    ) -> SegmentCard | SaveProblem:
        if name == "taken":
            return SaveProblem("name", "#3 has this name already. Please choose another.")
        self._take(delivery)
        moves = (Move.PREVIEW, Move.SHOW_SQL, Move.SHARE)
        self.requests[request] = replace(self._get(request), saved=SavedAs("s1", 12, name, tags), moves=moves)
        return self.requests[request]

    def _share(self, actor: Actor, request: str, *, delivery: str) -> ShareCard:
        self._take(delivery)
        return replace(cards.SHARED, id=request, title=self._get(request).title, author=actor.user)
