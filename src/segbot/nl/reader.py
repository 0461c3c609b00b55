"""The reader: a sentence in, a `Reading` out. Deterministic, offline, and accountable for every word."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from segbot.model.catalog import Catalog, Term
from segbot.model.condition import Condition, Everyone, Member, canonical, walk
from segbot.model.membership import Known
from segbot.model.reading import Choice, Correction, Outcome, Question, Reading
from segbot.model.resolve import Moment
from segbot.nl import chart, leftover, lexical, years
from segbot.nl.aside import Asides, Talk, outside
from segbot.nl.chart import Item
from segbot.nl.cover import WIDTH, Cover, Piece, covers
from segbot.nl.drafts import All, Draft, realise
from segbot.nl.elements import row_of
from segbot.nl.grammar.all import grammar
from segbot.nl.grammar.context import Scene, scene
from segbot.nl.intent import empty_reading, not_a_segment
from segbot.nl.leftover import Spared
from segbot.nl.lexicon.compile import compile_lexicon, glue_flags
from segbot.nl.phrase import phrase_difference
from segbot.nl.report import Parsed, node_at, report, restated_reading
from segbot.nl.restated import Restated, read_restatement
from segbot.nl.roll import Match, Roll, corrected, name_items
from segbot.nl.scope import Scope
from segbot.nl.shorthand import spelled_out
from segbot.nl.spell import Speller
from segbot.nl.suggest import Suggester
from segbot.nl.text import Token, TokenKind, tokenize
from segbot.nl.whereabouts import Whereabouts

MAX_CHARACTERS = 4_000
MAX_TOKENS = 450
_RIVAL_GAP = 0.3
_UNREAD = 4.0
_LONG = 120
_NOTHING_SPARED = Spared()


@dataclass(frozen=True, slots=True)
class Problem:
    """A definition of the catalog that the reader could not take over: whose it is, what it says, and why."""

    where: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class _Heard:
    """A request before it is understood: its words, spelt right, with the names and the talk among them."""

    text: str
    tokens: Sequence[Token]
    matches: Sequence[Match]
    talk: Sequence[Talk]
    norms: Sequence[str]
    corrections: tuple[Correction, ...]
    restated: Restated | None


class Reader:
    """Reads requests for one catalog. Building it compiles the lexicon; reading is pure and safe in many threads at once.

    `house` are the workspace's own definitions; they come before the catalog's where both define a word.
    """

    def __init__(self, catalog: Catalog, house: tuple[Term, ...] = ()) -> None:
        self.catalog = catalog
        self.problems: tuple[Problem, ...] = ()
        terms = {term.key: term for term in (*catalog.dictionary, *house)}
        self._grammar = grammar()
        self._lexicon = compile_lexicon(catalog, tuple(house), self._grammar.words)
        self._speller = Speller(self._lexicon)
        self._suggester = Suggester(catalog)
        self._whereabouts = Whereabouts(catalog)
        self._terms: dict[str, tuple[str, Condition]] = {}
        self._called: dict[str, str] | None = None
        self._roll = Roll()
        self._define(terms)
        self._base = self._read_base()
        self.ready = self._read_ready()
        """The catalog's own segments as far as they could be read, with what they mean."""
        self._roll = Roll(self.ready)
        self._called = None

    def naming(self, known: Sequence[Known]) -> Reader:
        """The same reader for somebody who may also name these segments, snapshots and lists. Cheap: nothing is compiled."""
        other = copy.copy(self)
        other._roll = Roll((*self.ready, *known))
        other._called = None
        return other

    @property
    def known(self) -> tuple[Known, ...]:
        """The segments, snapshots and lists that may be named."""
        return self._roll.known

    @property
    def meanings(self) -> Mapping[Member, Condition]:
        """What each segment that can be named means now."""
        return self._roll.meanings

    def base(self) -> Condition | None:
        """The tree of the catalog's base filter, or None when it has none (or it can't be read: see `problems`)."""
        return self._base

    @property
    def terms(self) -> dict[str, tuple[str, Condition]]:
        """The words of the dictionary that have a meaning here: by key, the word and what it means."""
        return dict(self._terms)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every single word that it knows, as tokens are compared."""
        return frozenset(self._lexicon.words)

    def read(self, text: str, at: Moment, as_typed: Collection[str] = ()) -> Reading:
        """The reading of a request at a moment. Never raises for anything a person can type.

        The words `as_typed` are taken as they stand: no misspelling of anything.
        """
        if not text.strip():
            return empty_reading(text)
        if len(text) > MAX_CHARACTERS:
            return _too_long(text)
        tokens = tokenize(text)
        if not tokens:
            return empty_reading(text)
        if len(tokens) > MAX_TOKENS:
            return _too_long(text)
        other = not_a_segment(text, tokens, self._lexicon, self.catalog, self._terms)
        if other is not None:
            return other
        heard = self._heard(text, tokens, as_typed)
        plain = self._read(heard, at, bare=False)
        free = tuple(
            match
            for match in heard.matches
            if match.bare and not _named_already(plain, tokens, match) and not _describes(plain, tokens, match)
        )
        return self._either(plain, self._read(heard, at, bare=True), tokens, free) if free else plain

    def _heard(self, text: str, tokens: Sequence[Token], as_typed: Collection[str]) -> _Heard:
        matches = self._roll.matches(tokens, lambda word: word in as_typed or self._speller.known(word))
        taken = {index for match in matches for index in range(match.i, match.j)}
        talk = Asides(text, tokens, self._lexicon, self.catalog, taken).find()
        norms, corrections = self._corrected(tokens, as_typed, matches, talk)
        restated = read_restatement(text, self.catalog, self._terms, self._roll.named)
        return _Heard(text, tokens, matches, talk, norms, corrections, restated)

    def _read(self, heard: _Heard, at: Moment, *, bare: bool) -> Reading:
        """One reading; with `bare`, names count as segments without being called so."""
        text, tokens, matches, corrections = heard.text, heard.tokens, heard.matches, heard.corrections
        view = scene(self.catalog, at, self._terms, self._roll.snapshots)
        names = name_items(self._roll, tokens, matches, bare=bare)
        parsed = self._relieved(view, heard, names, self._parse(view, tokens, heard.norms, names, heard.talk))
        reading = None
        if parsed:
            reading = report(view, text, tokens, parsed, corrections, self._suggester, self._names())
            if why := self._whereabouts.why_unread(tokens, reading.unread):
                reading = replace(reading, note=why)
            if reading.condition is not None:
                fixed = corrected(reading.condition, matches)
                named = (Correction(tokens[k].start, tokens[k].end, tokens[k].text, word) for k, word in fixed)
                reading = replace(
                    reading, corrections=tuple(sorted({*reading.corrections, *named}, key=lambda c: c.start))
                )
        if heard.restated is not None and not _agrees(reading, heard.restated.condition):
            return restated_reading(view, text, tokens, heard.restated)
        return reading or _too_long(text)

    def _either(self, plain: Reading, named: Reading, tokens: Sequence[Token], matches: Sequence[Match]) -> Reading:
        """The reading of a sentence whose words may name a segment: which of the two stands, or a question between them."""
        one, other = plain.condition, named.condition
        if other is None or one is None or _open_words(plain) != _open_words(named):
            return named if one is None or _open_words(named) < _open_words(plain) else plain
        ready = all(known.ready for match in matches for known in match.known)
        if ready or self._roll.inlined(one) == self._roll.inlined(other):
            return plain  # the catalog's own names are descriptions: where they are understood, the words say it
        asked = next(iter(named.questions), None)
        trees = [*([choice.condition for choice in asked.choices] if asked else [other]), one]
        held = {node.id for node in walk(other) if isinstance(node, Member)}
        match = next((m for m in matches if held & {known.id for known in m.known}), matches[0])
        start, end = tokens[match.i].start, tokens[match.j - 1].end
        said = named.text[start:end]
        labels = phrase_difference(trees, self.catalog)
        choices = tuple(Choice(label, tree) for label, tree in zip(labels, trees, strict=True))
        kind = match.known[0].of
        question = Question(
            start, end, said, f"There is a {kind} called “{said}”. Do you mean that, or the words?", choices
        )
        outcome = Outcome.REJECT if named.outcome is Outcome.REJECT else Outcome.CLARIFY
        return replace(named, outcome=outcome, questions=(question, *plain.questions)[:2])

    def _names(self) -> dict[str, str]:
        """What may be meant besides the catalog's own words: segments, and the house's definitions."""
        if self._called is None:
            self._called = {**{word: "in the dictionary" for word, _ in self._terms.values()}, **self._roll.labels}
        return self._called

    def pieces(self, text: str, at: Moment) -> tuple[Scene, list[Token], tuple[Piece, ...]]:
        """The phrases of the likeliest cover of some words, before scope joins them: for words that are no request by
        themselves, such as "60 days" or "the age". No pieces when there is too much to look at.
        """
        tokens = tokenize(text)[:MAX_TOKENS]
        matches = self._roll.matches(tokens, self._speller.known)
        norms, _ = self._corrected(tokens, (), matches)
        view = scene(self.catalog, at, self._terms, self._roll.snapshots)
        glue = glue_flags(tokens)
        items = lexical.items(tokens, norms, glue, self._lexicon, self.catalog)
        items += [*name_items(self._roll, tokens, matches, bare=True), *self._whereabouts.items(tokens, norms)]
        found = chart.parse(self._grammar, view, items, glue)
        best = covers(tokens, found.items) if tokens and not found.exhausted else []
        return view, tokens, best[0].pieces if best else ()

    # --- the pipeline ------------------------------------------------------------------------------

    def _corrected(
        self,
        tokens: Sequence[Token],
        as_typed: Collection[str],
        matches: Sequence[Match] = (),
        talk: Sequence[Talk] = (),
    ) -> tuple[list[str], tuple[Correction, ...]]:
        norms: list[str] = []
        corrections: list[Correction] = []
        spans = [(match.i, match.j) for match in matches] + [(said.i, said.j) for said in talk]
        named = {index for i, j in spans for index in range(i, j)}
        free = [
            token.kind is TokenKind.WORD and token.text not in as_typed and index not in named
            for index, token in enumerate(tokens)
        ]
        full = spelled_out(tokens, self._lexicon.words, free)
        for index, token in enumerate(tokens):
            better = full.get(index) or (self._speller.correct(token.norm) if free[index] else None)
            norms.append(better or token.norm)
            if better:
                corrections.append(Correction(token.start, token.end, token.text, self._suggester.cased(better)))
        return norms, tuple(corrections)

    def _parse(
        self,
        view: Scene,
        tokens: Sequence[Token],
        norms: Sequence[str],
        names: Sequence[Item] = (),
        talk: Sequence[Talk] = (),
        spared: Spared = _NOTHING_SPARED,
    ) -> list[Parsed] | None:
        """The readings worth considering, best first: each different tree once; None when there is too much to look at."""
        spelt = [
            token if token.norm == norm else replace(token, norm=norm)
            for token, norm in zip(tokens, norms, strict=True)
        ]
        within = lexical.labels(tokens, norms, self._lexicon)
        within |= spared.words
        glue = [flag or index in within for index, flag in enumerate(glue_flags(spelt))]
        items = lexical.items(tokens, norms, glue, self._lexicon, self.catalog)
        items += [Item("FILLER", None, k, k + 1, 0.0, "spared") for k in sorted(spared.words)]
        lexed = [*items, *names, *self._whereabouts.items(tokens, norms), *years.items(tokens, norms, view.at.today)]
        found = chart.parse(self._grammar, view, outside(lexed, (*talk, *spared.talk)), glue)
        if found.exhausted:
            return None
        parsed: list[Parsed] = []
        best = float("inf")
        for cover in covers(spelt, found.items, _width(tokens)):  # best first; scope only ever adds to what one costs
            if cover.cost > best + _RIVAL_GAP:
                break
            parsed.append(self._scoped(view, cover, norms))
            best = min(best, parsed[-1].cost)
        parsed.sort(key=lambda p: p.cost)
        kept: list[Parsed] = []
        seen: set[Condition] = set()
        for one in parsed:
            if one.cost > best + _RIVAL_GAP or (kept and len(one.unread) > len(kept[0].unread)):
                continue
            tree = canonical(one.condition) if one.condition is not None else Everyone()
            if tree not in seen:
                seen.add(tree)
                kept.append(one)
        return kept

    def _relieved(
        self, view: Scene, heard: _Heard, names: Sequence[Item], parsed: list[Parsed] | None
    ) -> list[Parsed] | None:
        """Some readings, or where words were left unread, those in which what adds nothing of them is passed over.

        Of a very long text the first ones: reading all of it again would take too long, and what is unread is said.
        """
        if not parsed or not parsed[0].unread or len(heard.tokens) > _LONG:
            return parsed
        first, tokens, norms = parsed[0], heard.tokens, heard.norms
        spared = leftover.spared(tokens, norms, first.draft, first.unread, self._lexicon, view)
        while spared.words or spared.talk:
            again = self._parse(view, tokens, norms, names, heard.talk, spared)
            if not again:
                return parsed
            kept = leftover.confirmed(norms, again[0].draft, spared.words, view)
            if kept != spared.words:
                spared = replace(spared, words=kept)
            elif not set(again[0].unread) < set(first.unread):
                return parsed
            else:
                return [
                    replace(one, draft=leftover.taken_in(norms, one.draft, kept, view)) if one.draft else one
                    for one in again
                ]
        return parsed

    def _scoped(self, view: Scene, cover: Cover, norms: Sequence[str]) -> Parsed:
        row = row_of(cover.pieces, norms)
        unknown = len(row.unread)
        draft: Draft | None = Scope(view, row).draft()
        if draft is None and row.unread:
            cost = cover.cost + _UNREAD * (len(row.unread) - unknown)
            return Parsed(None, None, tuple(row.fillers), tuple(row.unread), cost, tuple(row.asides))
        draft = draft or All(())
        condition, _ = realise(view, draft)
        cost = cover.cost + _UNREAD * (len(row.unread) - unknown)
        return Parsed(draft, condition, tuple(row.fillers), tuple(row.unread), cost, tuple(row.asides))

    # --- definitions -------------------------------------------------------------------------------

    def _define(self, terms: dict[str, Term]) -> None:
        """Read what the words of the house dictionary mean; a word may use others, but not itself."""
        at = Moment(datetime.now(UTC), self.catalog.calendar)
        waiting = dict(terms)
        problems: list[Problem] = []
        while waiting:
            progress = False
            for key, term in list(waiting.items()):
                if any(other != key and self._mentions(term.means, terms[other]) for other in waiting):
                    continue
                if self._mentions(term.means, term):
                    continue
                del waiting[key]
                progress = True
                reading = self.read(term.means, at)
                if reading.outcome is Outcome.ANSWER and reading.condition is not None:
                    self._terms[key] = (term.words[0] if term.words else key, reading.condition)
                else:
                    problems.append(Problem(f"dictionary: {key}", term.means, _why(reading)))
            if not progress:
                problems += [
                    Problem(f"dictionary: {key}", term.means, "it is defined by itself, in a circle")
                    for key, term in waiting.items()
                ]
                break
        self.problems = (*self.problems, *problems)

    def _mentions(self, text: str, term: Term) -> bool:
        words = [t.norm for t in tokenize(text)]
        for phrase in term.words:
            wanted = [t.norm for t in tokenize(phrase)]
            if any(words[i : i + len(wanted)] == wanted for i in range(len(words) - len(wanted) + 1)):
                return True
        return False

    def _read_ready(self) -> tuple[Known, ...]:
        """What the catalog's own segments mean; one may name another, but not itself. Those that can't be read have no name."""
        at = Moment(datetime.now(UTC), self.catalog.calendar)
        waiting, found = list(self.catalog.segments), list[Known]()
        while waiting:
            self._roll = Roll(found)
            readings = [(segment, self.read(segment.request, at)) for segment in waiting]
            fresh = [
                Known("segment", segment.key, segment.name, meaning=reading.condition, ready=True)
                for segment, reading in readings
                if reading.outcome is Outcome.ANSWER and reading.condition is not None
            ]
            if not fresh:
                break
            found += fresh
            done = {one.id for one in fresh}
            waiting = [segment for segment in waiting if segment.key not in done]
        return tuple(found)

    def _read_base(self) -> Condition | None:
        if not self.catalog.base.strip():
            return None
        reading = self.read(self.catalog.base, Moment(datetime.now(UTC), self.catalog.calendar))
        if reading.outcome is Outcome.ANSWER:
            return reading.condition
        self.problems = (*self.problems, Problem("base", self.catalog.base, _why(reading)))
        return None


def _width(tokens: Sequence[Token]) -> int:
    """How many covers to look at: fewer of a very long text."""
    return WIDTH if len(tokens) <= _LONG else 3


def _agrees(reading: Reading | None, condition: Condition) -> bool:
    """Whether the reader of ordinary English is sure of the very same tree; its reading knows the chips that go with it."""
    if reading is None or reading.condition is None or reading.outcome is not Outcome.ANSWER:
        return False
    return canonical(reading.condition) == canonical(condition)


def _named_already(reading: Reading, tokens: Sequence[Token], match: Match) -> bool:
    """Whether a name was called a segment in so many words, so that nothing else can be meant."""
    if reading.condition is None:
        return False
    start, end = tokens[match.i].start, tokens[match.j - 1].end
    around = [p for p in reading.phrases if p.start <= start and end <= p.end]
    return any(isinstance(node, Member) for p in around for node in walk(node_at(reading.condition, p.path)))


def _describes(reading: Reading, tokens: Sequence[Token], match: Match) -> bool:
    """Whether a name is only the catalog's own, and its words were understood as they stand: then they say it."""
    if reading.condition is None or not all(known.ready for known in match.known):
        return False
    start, end = tokens[match.i].start, tokens[match.j - 1].end
    return not any(u.start < end and start < u.end for u in reading.unread)


def _open_words(reading: Reading) -> tuple[int, int]:
    """How many characters of a sentence nobody understood, and how many only the company can define."""
    open_ = [(u.wants_definition, u.end - u.start) for u in reading.unread]
    return sum(size for wanted, size in open_ if not wanted), sum(size for wanted, size in open_ if wanted)


def _why(reading: Reading) -> str:
    if reading.unread:
        return "not understood: " + ", ".join(u.text for u in reading.unread)
    if reading.questions:
        return f"it can be read in more than one way: {reading.questions[0].text}"
    return reading.note or "it says nothing about people"


def _too_long(text: str) -> Reading:
    limit = f"{MAX_CHARACTERS:,} characters or {MAX_TOKENS} words"
    note = f"That is more than {limit}, so it was not read. Say it in fewer words, or in parts."
    reading = Reading(text, Outcome.REJECT, None, intent="too_long", note=note)
    return replace(reading, unread=())


__all__ = ["Problem", "Reader"]
