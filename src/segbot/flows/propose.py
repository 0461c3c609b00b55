"""What a language model makes of a request that segbot could not read for sure: a proposal, confirmed by a person or not.

The proposal is kept with the request's reading, so that confirming needs only the request's id. Until then nothing changes.
"""

from __future__ import annotations

from dataclasses import replace

from segbot.errors import ChangedMeanwhile, NotFound
from segbot.flows.ask import current
from segbot.flows.compose import condition_lines, title, word_spans
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.house import House
from segbot.flows.proposer import Declined, Proposer, definitions, make_proposer
from segbot.flows.sizing import sizes
from segbot.llm.connect import open_model
from segbot.model.cards import EvidenceLine, ProposalCard, ProposalNote, SegmentCard
from segbot.model.reading import Filler, LeftOut, Outcome, Phrase, Proposed, Reading, Unread
from segbot.model.request import NewRequest, Request, Status, Surface
from segbot.model.segment import Counted
from segbot.nl.propose.ladder import Proposal
from segbot.settings import Settings
from segbot.store.deliveries import Taken


def open_proposer(settings: Settings, house: House) -> Proposer | None:
    """The proposer of the settings, None when no language model is configured. Raises `ConfigurationError`."""
    model = open_model(settings)
    if model is None:
        return None
    return make_proposer(
        model,
        house.catalog,
        definitions(house),
        timeout=settings.llm_timeout,
        max_tokens=settings.llm_max_tokens,
        daily_budget=settings.llm_daily_budget,
    )


def worth_asking(reading: Reading) -> bool:
    """Whether a model is asked without being told to: only when the reader is not sure of a request for people."""
    return reading.intent == "segment" and reading.outcome is not Outcome.ANSWER


async def claim(desk: Desk, key: str) -> None:
    """Claim to ask about something, until it is released. Raises `Duplicate` while somebody else asks the same."""
    if await desk.store.deliveries.take(key, "assist", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(key)


async def propose(
    desk: Desk, actor: Actor, request_id: str, *, asked: bool = False
) -> ProposalCard | ProposalNote | None:
    """A proposal for a kept request, or a note why there is none. Up to `llm_timeout` seconds.

    None when no model is configured, or when the reader is sure and nobody `asked`. Raises `NotFound`.
    """
    request = await desk.store.requests.get(actor.team, request_id)
    if desk.proposer is None or not (asked or worth_asking(request.reading)):
        return None
    now = desk.clock()
    made = await desk.proposer.propose(request.reading, actor.team, desk.house.moment(now))
    if isinstance(made, Declined):
        return ProposalNote(request.id, made.note)
    kept = replace(request.reading, proposal=_proposed(made, request.reading))
    try:
        request = await desk.store.requests.save(
            replace(request, reading=kept), by=actor.user, what="proposed", now=desk.clock()
        )
    except ChangedMeanwhile:
        return ProposalNote(request.id, "The request was changed meanwhile; ask again for a proposal.")
    return proposal_card(request, made, desk)


async def propose_words(desk: Desk, actor: Actor, text: str, *, surface: Surface) -> ProposalCard | ProposalNote | None:
    """A proposal for words of which the reader made nothing at all, so that no request was kept: it is kept now.

    None when no model is configured, or the words are no request for people.
    """
    desk = await desk.at_home(actor.team)
    now = desk.clock()
    reading = desk.house.read(text, now)
    if desk.proposer is None or not worth_asking(reading):
        return None
    new = NewRequest(
        team=actor.team,
        channel=actor.channel or "",
        user=actor.user,
        surface=surface,
        text=text,
        reading=reading,
        status=Status.UNREAD if reading.outcome is Outcome.REJECT else Status.QUESTION,
        thread_ts=actor.thread,
    )
    request = await desk.store.requests.add(new, now)
    return await propose(desk, actor, request.id)


async def proposal_size(desk: Desk, actor: Actor, request_id: str) -> Counted | None:
    """How many a waiting proposal means, None when none is waiting. Raises what counting raises."""
    waiting = (await desk.store.requests.get(actor.team, request_id)).reading.proposal
    if waiting is None:
        return None
    desk = await desk.at_home(actor.team)
    at = desk.house.moment(desk.clock())
    (counted,) = await sizes(desk.house, desk.warehouse, [waiting.condition], at)
    return counted


async def confirm(desk: Desk, actor: Actor, request_id: str, *, delivery: str) -> SegmentCard:
    """Take the proposal: its tree becomes the request's. The card that comes back is not counted yet.

    Raises `Duplicate` for a delivery dealt with before, `NotFound` when no proposal is waiting, `ChangedMeanwhile`.
    """
    now = desk.clock()
    if await desk.store.deliveries.take(delivery, "change", now) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    request = await desk.store.requests.get(actor.team, request_id)
    if request.reading.proposal is None:
        raise NotFound(f"request {request_id} has no proposal")
    reading = confirmed(request.reading, request.reading.proposal)
    request = replace(request, reading=reading, condition=reading.condition, status=Status.COUNTING)
    await desk.store.requests.save(request, by=actor.user, what="confirmed a proposal", now=now)
    await desk.store.deliveries.finish(delivery, desk.clock())
    return await current(desk, actor, request_id)


async def discard(desk: Desk, actor: Actor, request_id: str) -> SegmentCard:
    """Drop a waiting proposal; segbot's own reading stands as before. Raises `NotFound`, `ChangedMeanwhile`."""
    request = await desk.store.requests.get(actor.team, request_id)
    if request.reading.proposal is not None:
        request = replace(request, reading=replace(request.reading, proposal=None))
        await desk.store.requests.save(request, by=actor.user, what="discarded a proposal", now=desk.clock())
    return await current(desk, actor, request_id)


def confirmed(reading: Reading, proposal: Proposed) -> Reading:
    """The reading once a person has confirmed a proposal: its tree and its account of the words, nothing open any more."""
    taken = [(p.start, p.end) for p in proposal.phrases] + [(u.start, u.end) for u in proposal.unread]
    return Reading(
        text=reading.text,
        outcome=Outcome.ANSWER,
        condition=proposal.condition,
        restatement=proposal.restatement,
        phrases=proposal.phrases,
        fillers=tuple(_between(reading.text, taken)),
        # the person saw that these words are not in it, and took it without them
        left_out=tuple(LeftOut(u.start, u.end, u.text) for u in proposal.unread),
    )


def proposal_card(request: Request, proposal: Proposal, desk: Desk) -> ProposalCard:
    """Everything a person needs to judge a proposal."""
    catalog = desk.house.catalog
    shown = confirmed(request.reading, _proposed(proposal, request.reading))
    guessed = {g.meaning: g.words for g in proposal.guesses}
    return ProposalCard(
        id=request.id,
        title=title(request.text),
        author=request.user,
        sentence=word_spans(shown),
        restatement=proposal.restatement,
        lines=tuple(line for _, line in condition_lines(proposal.condition, catalog)),
        evidence=tuple(
            EvidenceLine(e.meaning, tuple(s.text for s in e.stretches), guessed.get(e.meaning, ""))
            for e in proposal.evidence
        ),
        not_used=tuple(s.text for s in proposal.not_understood),
        ambiguities=proposal.ambiguities,
        differences=proposal.differences,
        agrees=proposal.agrees,
        model=desk.proposer.model.name if desk.proposer else "",
        noun=catalog.customers.plural,
    )


def _proposed(proposal: Proposal, reading: Reading) -> Proposed:
    """A proposal as it is kept. Its suggestions for unread words are the reader's."""
    hints = {(u.start, u.end): u.suggestions for u in reading.unread}
    return Proposed(
        proposal.condition,
        proposal.restatement,
        tuple(Phrase(s.start, s.end, s.text, e.meaning) for e in proposal.evidence for s in e.stretches),
        tuple(Unread(s.start, s.end, s.text, hints.get((s.start, s.end), ())) for s in proposal.not_understood),
    )


def _between(text: str, taken: list[tuple[int, int]]) -> list[Filler]:
    """The words outside all of some stretches."""
    free = [True] * len(text)
    for start, end in taken:
        free[start:end] = [False] * (end - start)
    fillers: list[Filler] = []
    start = 0
    for index in range(len(text) + 1):
        if index == len(text) or not free[index] or text[index].isspace():
            if index > start and free[start]:
                fillers.append(Filler(start, index, text[start:index]))
            start = index + 1
    return fillers
