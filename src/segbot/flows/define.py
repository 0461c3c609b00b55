"""What a word of the company means: said by a person, shown back with its size, kept for everybody by an owner.

A definition is words that the reader understands, so it can be read by people, exported into the catalog file, and
counted on any day. A card that used a word keeps the meaning it was counted with.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from segbot.errors import ChangedMeanwhile, NotAllowed, NotFound
from segbot.flows.ask import current, read_again, with_reading
from segbot.flows.company_words import company_word
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.homes import house_with
from segbot.flows.house import House
from segbot.flows.owners import is_owner, owners
from segbot.flows.sizing import sizes
from segbot.model.cards import SegmentCard, WordLine, WordsCard
from segbot.model.catalog import Term
from segbot.model.condition import Condition, Defined, Everyone, Member, canonical, walk
from segbot.model.reading import Meaning, Outcome, Reading
from segbot.model.segment import Counted
from segbot.nl.lexicon.compile import END, Lexicon
from segbot.nl.text import words_of
from segbot.store.deliveries import Taken
from segbot.store.dictionary import HouseTerm, WordTaken
from segbot.store.trees import comparable

MOST_MEANS = 500
_ATTEMPTS = 3


class OwnersOnly(NotAllowed):
    """Only the owners of segbot may say what a word means for everybody. Press “Ask an owner” on the card instead."""


@dataclass(frozen=True, slots=True)
class DefineForm:
    """The form for a word's meaning. `may_keep` says that this person is an owner; else the owners are asked."""

    id: str
    word: str
    may_keep: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """A meaning that the reader understands: the words, what they were read as, and the tree."""

    word: str
    means: str
    restatement: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """Why a meaning was not taken, for the person who said it."""

    text: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A request whose word was defined: its card (not counted yet where it changed), and where that stands in Slack."""

    card: SegmentCard
    channel: str
    message_ts: str | None
    thread_ts: str | None
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class OwnerQuestion:
    """What the owners are asked in a card's thread. `index` is the meaning's, None when they are asked for one.

    Start and end say where the word stands in the request.
    """

    id: str
    word: str
    asker: str
    owners: tuple[str, ...]
    means: str = ""
    index: int | None = None
    start: int = 0
    end: int = 0


# --- the form -----------------------------------------------------------------------------------


async def define_form(desk: Desk, actor: Actor, request_id: str, start: int, end: int) -> DefineForm:
    """The form for the word between two offsets of a request. Raises `NotFound`, `ChangedMeanwhile`."""
    request = await desk.store.requests.get(actor.team, request_id)
    return DefineForm(request.id, _word_at(request.reading, start, end), is_owner(desk.settings, actor))


async def check(desk: Desk, actor: Actor, word: str, means: str) -> Definition | DefinitionProblem:
    """Whether a word can mean that: it is free, and the reader understands the meaning without a doubt."""
    means = " ".join(means.split())
    if not means:
        return DefinitionProblem("Say what it means, such as “customers with 3 or more orders this year”.")
    if len(means) > MOST_MEANS:
        return DefinitionProblem(f"At most {MOST_MEANS} characters, please.")
    home = await desk.at_home(actor.team)
    root = home.house.root or home.house
    if reason := await asyncio.to_thread(taken, root, word):
        return DefinitionProblem(reason)
    reading = home.house.read(means, desk.clock())
    if problem := _unclear(reading):
        return problem
    if any(isinstance(node, Member) for node in walk(reading.condition or Everyone())):
        return DefinitionProblem("A word can't stand for a segment: name the segment itself, or say its conditions.")
    terms = await desk.store.dictionary.all(actor.team)
    new = Term("new", (word,), means)
    others = tuple(t.as_catalog_term() for t in terms if comparable(t.term) != comparable(word))
    tried = await asyncio.to_thread(house_with, root, (*others, new))
    known = {(p.where, p.why) for p in home.house.reader.problems}
    if any((p.where, p.why) not in known for p in tried.reader.problems):
        return DefinitionProblem(f"“{word}” would be defined by itself, in a circle. Say it without that word.")
    said = tried.read(word, desk.clock())
    assert reading.condition is not None
    if said.condition is None or not any(
        isinstance(node, Defined) and canonical(node.meaning) == canonical(reading.condition)
        for node in walk(said.condition)
    ):
        return DefinitionProblem(f"“{word}” can't be told apart from other words here. Define it in the catalog file.")
    return Definition(word, means, reading.restatement, reading.condition)


async def size(desk: Desk, definition: Definition) -> Counted:
    """How many a definition means now. Raises what counting raises."""
    (counted,) = await sizes(desk.house, desk.warehouse, [definition.condition], desk.house.moment(desk.clock()))
    return counted


# --- keeping ------------------------------------------------------------------------------------


async def keep(desk: Desk, actor: Actor, request_id: str, word: str, means: str) -> Settled | DefinitionProblem:
    """An owner says what a word means for everybody; the card that asked follows. Saying it twice changes nothing.

    Raises `OwnersOnly`, `NotFound`.
    """
    if not is_owner(desk.settings, actor):
        raise OwnersOnly(actor.user)
    checked = await check(desk, actor, word, means)
    if isinstance(checked, DefinitionProblem):
        return checked
    now = desk.clock()
    async with desk.store.transaction() as tx:
        made = await tx.dictionary.define(
            actor.team, word, words=(), means=checked.means, author=actor.user, now=now, replace=False
        )
        if isinstance(made, HouseTerm):
            await tx.audit.record(
                team=actor.team,
                actor=actor.user,
                action="defined",
                object_kind="term",
                object_id=made.id,
                channel=actor.channel,
                detail={"term": made.term, "means": made.means, "request": request_id},
            )
    if isinstance(made, WordTaken) and (problem := await _otherwise(desk, actor, word, checked.means)):
        return problem
    return await _follow(desk, actor, request_id, Meaning(word, checked.means, actor.user, kept=True))


async def keep_meaning(desk: Desk, actor: Actor, request_id: str, index: int) -> Settled | DefinitionProblem:
    """An owner confirms what somebody said on a card. Raises `OwnersOnly`, `NotFound`."""
    meaning = _meaning(await _reading(desk, actor, request_id), index)
    return await keep(desk, actor, request_id, meaning.word, meaning.means)


async def decline(desk: Desk, actor: Actor, request_id: str, index: int) -> Settled:
    """An owner says no: nothing changes but that the card says so. Raises `OwnersOnly`, `NotFound`."""
    if not is_owner(desk.settings, actor):
        raise OwnersOnly(actor.user)
    meaning = _meaning(await _reading(desk, actor, request_id), index)
    return await _follow(desk, actor, request_id, replace(meaning, declined=not meaning.kept))


async def suggest(desk: Desk, actor: Actor, request_id: str, word: str, means: str) -> OwnerQuestion:
    """Note what somebody would have a word mean, for the owners to confirm. Raises `NotFound`."""
    await _follow(desk, actor, request_id, Meaning(word, means, actor.user))
    reading = await _reading(desk, actor, request_id)
    index = next(i for i, m in enumerate(reading.meanings) if _same(m, word, means))
    return await ask_to_keep(desk, actor, request_id, index)


async def ask_to_keep(desk: Desk, actor: Actor, request_id: str, index: int) -> OwnerQuestion:
    """The question to the owners whether a meaning of a card shall hold for everybody. Raises `NotFound`."""
    meaning = _meaning(await _reading(desk, actor, request_id), index)
    return OwnerQuestion(request_id, meaning.word, actor.user, owners(desk.settings), meaning.means, index)


async def ask_for_meaning(desk: Desk, actor: Actor, request_id: str, start: int, end: int) -> OwnerQuestion:
    """The question to the owners what a word shall mean. Raises `NotFound`, `ChangedMeanwhile`."""
    word = _word_at(await _reading(desk, actor, request_id), start, end)
    return OwnerQuestion(request_id, word, actor.user, owners(desk.settings), start=start, end=end)


async def take_question(desk: Desk, delivery: str) -> None:
    """Claim a question to the owners, so that it is posted once. Raises `Duplicate`."""
    if await desk.store.deliveries.take(delivery, "owners", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)


# --- the list -----------------------------------------------------------------------------------


async def words(desk: Desk, actor: Actor) -> WordsCard:
    """Every word that a team has defined, and those of the catalog file."""
    defined = await desk.store.dictionary.all(actor.team)
    home = await desk.at_home(actor.team)
    broken = {problem.where.removeprefix("dictionary: "): problem.why for problem in home.house.reader.problems}
    lines = [
        WordLine(t.id, t.term, t.means, t.author, t.created_at, broken.get(t.as_catalog_term().key, ""))
        for t in defined
    ]
    root = home.house.root or home.house
    lines += [WordLine("", t.words[0], t.means) for t in root.catalog.dictionary if t.words]
    return WordsCard(tuple(lines), root.catalog.calendar.timezone)


async def forget(desk: Desk, actor: Actor, term_id: str) -> WordsCard:
    """Take a word out of use for everybody; cards that used it keep their meaning. Gives the list as it is then.

    Forgetting twice changes nothing more. Raises `OwnersOnly`.
    """
    if not is_owner(desk.settings, actor):
        raise OwnersOnly(actor.user)
    term = next((t for t in await desk.store.dictionary.all(actor.team) if t.id == term_id), None)
    if term is not None:
        async with desk.store.transaction() as tx:
            if await tx.dictionary.retire(actor.team, term.term, desk.clock()):
                await tx.audit.record(
                    team=actor.team,
                    actor=actor.user,
                    action="forgot",
                    object_kind="term",
                    object_id=term.id,
                    channel=actor.channel,
                    detail={"term": term.term, "means": term.means},
                )
    return await words(desk, actor)


# --- parts --------------------------------------------------------------------------------------

_TAKEN = {
    "TERM": "is in the catalog's dictionary already",
    "VALUE": "is a value in your data already",
    "ATTR": "is a field of your catalog already",
    "FLAG": "has a meaning in your catalog already",
    "NOUN": "means everybody in your catalog",
    "NAMEDPERIOD": "is a day of your calendar already",
    "CHANNEL": "is a channel of your catalog already",
}
_FREE = frozenset({"EVALUATIVE", "FILLER"})


def taken(house: House, word: str) -> str:
    """Why a word can't be defined: the catalog or the language has it already; empty when it is free."""
    lexicon: Lexicon = house.lexicon
    spoken = words_of(word)
    node = lexicon.trie
    for part in spoken:
        found = node.get(part)
        if found is None:
            return ""
        node = found
    entries = node.get(END, ())
    for entry in sorted(entries, key=lambda entry: entry.source == "closed"):
        if entry.source in ("catalog", "dictionary"):
            return f"“{word}” {_TAKEN.get(entry.cat, 'has a meaning in your catalog already')}. Choose another word."
        if entry.cat not in _FREE:
            return f"“{word}” is a word of everyday language with a meaning of its own. Choose another word."
    return "" if spoken else "That is no word."


def _unclear(reading: Reading) -> DefinitionProblem | None:
    """Why a meaning is none yet."""
    if reading.unread:
        unread = ", ".join(f"“{u.text}”" for u in reading.unread[:4])
        return DefinitionProblem(f"Not understood: {unread}. Say it with fields and events of your catalog.")
    if reading.questions:
        asked = reading.questions[0]
        choices = " or ".join(f"“{choice.label}”" for choice in asked.choices[:3])
        return DefinitionProblem(f"“{asked.phrase}” can be read in more than one way: say {choices}."[:600])
    if reading.outcome is not Outcome.ANSWER or reading.condition is None:
        return DefinitionProblem(reading.note or "That says nothing about people.")
    if isinstance(reading.condition, Everyone):
        return DefinitionProblem("That means everybody. Say what sets these people apart.")
    return None


def _word_at(reading: Reading, start: int, end: int) -> str:
    asked = [u for u in reading.unread if u.wants_definition and u.start < end and start < u.end]
    word = company_word(reading.text[start:end]) if asked else None
    if word is None:
        raise ChangedMeanwhile(f"no word to define at {start}:{end}")
    return word


async def _reading(desk: Desk, actor: Actor, request_id: str) -> Reading:
    return (await desk.store.requests.get(actor.team, request_id)).reading


def _meaning(reading: Reading, index: int) -> Meaning:
    if not 0 <= index < len(reading.meanings):
        raise NotFound(f"meaning {index} of {len(reading.meanings)}")
    return reading.meanings[index]


def _same(meaning: Meaning, word: str, means: str) -> bool:
    return comparable(meaning.word) == comparable(word) and comparable(meaning.means) == comparable(means)


async def _otherwise(desk: Desk, actor: Actor, word: str, means: str) -> DefinitionProblem | None:
    """What to say when the word was defined in another way by somebody who was faster; None when in the same way."""
    terms = await desk.store.dictionary.all(actor.team)
    wanted = comparable(word)
    there = next((t for t in terms if wanted in map(comparable, t.words)), None)
    if there is None or comparable(there.means) == comparable(means):
        return None
    return DefinitionProblem(
        f"“{word}” means “{there.means}” already, as somebody said. `/segment words` lists it, and lets an owner remove it."
    )


async def _follow(desk: Desk, actor: Actor, request_id: str, said: Meaning) -> Settled:
    """Bring a request in line with what was said about a word of it. Others may press its buttons at the same moment."""
    for attempt in range(_ATTEMPTS):
        home = await desk.at_home(actor.team)
        request = await desk.store.requests.get(actor.team, request_id)
        reading = _following(home, request.reading, said)
        try:
            if reading != request.reading:
                what = (
                    "defined a word" if said.kept else "declined a meaning" if said.declined else "suggested a meaning"
                )
                changed = with_reading(request, reading)
                if reading.condition == request.condition:  # nothing to count anew
                    changed = replace(changed, status=request.status)
                await desk.store.requests.save(changed, by=actor.user, what=what, now=desk.clock())
            break
        except ChangedMeanwhile:
            if attempt == _ATTEMPTS - 1:
                raise
    card = await current(desk, actor, request_id)
    return Settled(card, request.channel, request.message_ts, request.thread_ts, said)


def _following(home: Desk, reading: Reading, said: Meaning) -> Reading:
    """The reading with what was said. A word that is still open is read anew once it has a meaning for everybody."""
    held = next((m for m in reading.meanings if _same(m, said.word, said.means)), None)
    if held is not None:
        noted = replace(held, kept=held.kept or said.kept, declined=said.declined and not held.kept)
        meanings = tuple(noted if m is held else m for m in reading.meanings)
    else:
        meanings = (*reading.meanings, said)
    is_open = any(
        u.wants_definition and comparable(company_word(u.text) or "") == comparable(said.word) for u in reading.unread
    ) or any(comparable(company_word(q.phrase) or "") == comparable(said.word) for q in reading.questions)
    if said.kept and is_open:
        return read_again(home, reading, reading.text)
    return replace(reading, meanings=meanings)
