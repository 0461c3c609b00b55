"""The ladder that a model's answer climbs: JSON, schema, catalog, evidence, parity with the words, the reader's own readings.

It ends in a `Proposal` that a person may confirm, or in `Rejected` with sentences that go back to the model verbatim. A
proposal is never applied by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from segbot.model import codec
from segbot.model.catalog import Catalog
from segbot.model.condition import AllOf, AnyOf, Condition, Everyone, Has, Not, canonical
from segbot.model.reading import Reading
from segbot.nl.lexicon.compile import Lexicon
from segbot.nl.phrase import phrase, phrase_node
from segbot.nl.propose.lift import Ground, lift
from segbot.nl.propose.logic import Logic, alternatives, build, joins, negated_ids, parse_logic
from segbot.nl.propose.parity import Quoting, disparities, guesses
from segbot.nl.propose.slice import Slice, masked
from segbot.nl.propose.wire import WireCondition, WireDocument, parse
from segbot.nl.propose.words import Part, Sentence, take_apart

MOST_ERRORS = 12


class Rung(StrEnum):
    """Where an answer fell."""

    JSON = "json"
    CATALOG = "catalog"
    LOGIC = "logic"
    EVIDENCE = "evidence"
    PARITY = "parity"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Rejected:
    """An answer that fell, and why, in sentences for a repair."""

    rung: Rung
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters [start, end) of the request."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One condition in plain English with the words of the request it rests on."""

    meaning: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """Words that only the model claims to know, with the condition it made of them."""

    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tree that a person may confirm, with everything needed to judge it.

    `differences` tell how it differs from the reader's best reading; `agrees` that it is one of the readings the reader
    considered itself.
    """

    condition: Condition
    restatement: str
    evidence: tuple[Evidence, ...]
    not_understood: tuple[Stretch, ...]
    guesses: tuple[Guess, ...]
    ambiguities: tuple[str, ...]
    differences: tuple[str, ...]
    agrees: bool


@dataclass(frozen=True)
class Ladder:
    """The checks for one request. `request` is the text as the model saw it (`masked`)."""

    catalog: Catalog
    lexicon: Lexicon
    slice: Slice
    definitions: Mapping[str, Condition]
    reading: Reading

    def climb(self, answer: str) -> Proposal | Rejected:
        """Judge one answer of a model. Never raises for anything a model can write."""
        document = parse(answer)
        if not isinstance(document, WireDocument):
            return _rejected(Rung.JSON, document)
        if not document.conditions:
            return _rejected(Rung.NOTHING, ("no condition is proposed",))
        request = masked(self.reading.text)
        ground = Ground(self.catalog, self.slice, self.definitions, request)
        lifted, errors = _lifted(document.conditions, ground)
        if errors:
            return _rejected(Rung.CATALOG, errors)
        logic = parse_logic(document.logic, lifted)
        if isinstance(logic, str):
            return _rejected(Rung.LOGIC, (logic,))
        tree = build(logic, lifted)
        if not _loads(tree):
            return _rejected(Rung.LOGIC, ("logic: the tree is nested too deeply",))
        corrections = {c.start: c.read_as for c in self.reading.corrections}
        sentence = take_apart(request, self.lexicon, corrections)
        quotes = _Quotes(sentence)
        spans = {wire.id: quotes.stretches(wire.id, wire.evidence) for wire in document.conditions}
        left = quotes.stretches("not_understood", document.not_understood)
        if quotes.errors:
            return _rejected(Rung.EVIDENCE, quotes.errors)
        negated = negated_ids(logic)
        quoting = tuple(
            Quoting(wire.id, lifted[wire.id], wire.id in negated, _tokens(sentence, spans[wire.id]))
            for wire in document.conditions
        )
        if errors := tuple(_uncovered(quoting, left, sentence)):
            return _rejected(Rung.EVIDENCE, errors)
        if errors := (*disparities(quoting, sentence, self.catalog), *_or_kept(quoting, logic, left, sentence)):
            return _rejected(Rung.PARITY, errors)
        return self._proposal(tree, quoting, spans, left, document, sentence)

    def _proposal(
        self,
        tree: Condition,
        quoting: tuple[Quoting, ...],
        spans: Mapping[str, tuple[Stretch, ...]],
        left: tuple[Stretch, ...],
        document: WireDocument,
        sentence: Sentence,
    ) -> Proposal:
        evidence, guessed = [], []
        for one in quoting:
            shown = Not(one.condition) if one.negated else one.condition
            meaning = phrase_node(shown, self.catalog)
            evidence.append(Evidence(meaning, self._original(spans[one.id])))
            if unknown := guesses(one, sentence):
                words = " ".join(self.reading.text[t.start : t.end] for t in _in_order(sentence, unknown))
                guessed.append(Guess(words, meaning))
        considered = [canonical(c) for c in candidates(self.reading)]
        agrees = canonical(tree) in considered
        return Proposal(
            tree,
            phrase(tree, self.catalog),
            tuple(evidence),
            self._original(left),
            tuple(guessed),
            tuple(" ".join(a.split())[:200] for a in document.ambiguities if a.strip()),
            () if agrees else _differences(tree, self.reading.condition, self.catalog),
            agrees,
        )

    def _original(self, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
        return tuple(Stretch(s.start, s.end, self.reading.text[s.start : s.end]) for s in stretches)


def candidates(reading: Reading) -> tuple[Condition, ...]:
    """All trees that the reader considered: its best one, the choices of its questions, its switchable meanings."""
    trees = [reading.condition] if reading.condition is not None else []
    trees += [c.condition for q in reading.questions for c in q.choices]
    trees += [c.condition for a in reading.assumptions for c in a.alternatives]
    return tuple(trees)


def _rejected(rung: Rung, errors: Iterable[str]) -> Rejected:
    return Rejected(rung, tuple(dict.fromkeys(errors))[:MOST_ERRORS])


def _lifted(conditions: tuple[WireCondition, ...], ground: Ground) -> tuple[dict[str, Condition], tuple[str, ...]]:
    lifted: dict[str, Condition] = {}
    errors: list[str] = []
    for number, wire in enumerate(conditions, 1):
        if wire.id != f"c{number}":
            errors.append(f"condition {number} has the id {wire.id!r}; number them c1, c2, ... in order")
            continue
        made = lift(wire, ground)
        if isinstance(made, tuple):
            errors.extend(made)
        else:
            lifted[wire.id] = made
    return lifted, tuple(errors)


def _loads(tree: Condition) -> bool:
    try:
        return codec.load(codec.dump(tree)) == tree
    except codec.BadTree:
        return False


# --- evidence -----------------------------------------------------------------------------------


class _Quotes:
    """Finds quotes in the request: whole words, letter for letter; the nth time something is quoted is its nth place."""

    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence
        self._used: dict[str, int] = {}
        self.errors: list[str] = []

    def stretches(self, owner: str, quotes: Iterable[str]) -> tuple[Stretch, ...]:
        """The places of some quotes; a quote that is not in the request is an error."""
        found = []
        for quote in quotes:
            places = self._places(quote)
            if not places:
                self.errors.append(f"{owner}: {quote!r} is not in the request; quote whole words exactly as they stand")
                continue
            turn = self._used.get(quote, 0)
            self._used[quote] = turn + 1
            start = places[turn % len(places)]
            found.append(Stretch(start, start + len(quote), quote))
        return tuple(found)

    def _places(self, quote: str) -> list[int]:
        text = self._sentence.text
        if not quote.strip():
            return []
        places, start = [], text.find(quote)
        edges = {edge for token in self._sentence.tokens for edge in (token.start, token.end)}
        while start >= 0:
            if all(edge in edges or _edge(text, edge) for edge in (start, start + len(quote))):
                places.append(start)
            start = text.find(quote, start + 1)
        return places


def _edge(text: str, index: int) -> bool:
    """Whether no word or number runs across this place."""
    return not (0 < index < len(text) and text[index - 1].isalnum() and text[index].isalnum())


def _tokens(sentence: Sentence, stretches: Iterable[Stretch]) -> frozenset[int]:
    return frozenset().union(*(sentence.within(s.start, s.end) for s in stretches))


def _in_order(sentence: Sentence, indexes: Iterable[int]) -> Iterable[_Spot]:
    return (_Spot(sentence.tokens[i].start, sentence.tokens[i].end) for i in sorted(indexes))


@dataclass(frozen=True, slots=True)
class _Spot:
    start: int
    end: int


def _uncovered(quoting: tuple[Quoting, ...], left: tuple[Stretch, ...], sentence: Sentence) -> Iterable[str]:
    """Every word that carries meaning is quoted by a condition or given up; each condition rests on such a word."""
    given_up = _tokens(sentence, left)
    for one in quoting:
        solid = {i for i in one.tokens if sentence.parts[i] in (Part.CONTENT, Part.NEGATION)}
        if not solid and not isinstance(one.condition, Everyone):
            yield f"{one.id}: its evidence holds no word that says anything; quote the words it comes from"
        if both := solid & given_up:
            start, end = sentence.span(both)
            yield f"{sentence.text[start:end]!r} is both evidence of {one.id} and not_understood"
    quoted = frozenset().union(*(one.tokens for one in quoting)) | given_up
    for index, part in enumerate(sentence.parts):
        if part in (Part.CONTENT, Part.NEGATION) and index not in quoted:
            token = sentence.tokens[index]
            yield (
                f"{sentence.text[token.start : token.end]!r} is neither evidence of a condition nor in not_understood"
            )


def _or_kept(
    quoting: tuple[Quoting, ...], logic: Logic, left: tuple[Stretch, ...], sentence: Sentence
) -> Iterable[str]:
    """Each "or" that is said is an alternative in the tree, and no other alternatives are in it."""
    given_up = _tokens(sentence, left)
    said = {i for i, part in enumerate(sentence.parts) if part is Part.OR and i not in given_up}
    listed = [one for one in quoting if _alternatives(one.condition) and one.tokens & said]
    negated = sum(one.negated for one in quoting)
    if said and "or" not in joins(logic) and negated < 2 and not listed:
        yield "the request says 'or', but neither the logic nor a list of values has an alternative"
    free = said - frozenset().union(*(one.tokens for one in listed))
    tested = [one.condition.attribute for one in quoting if isinstance(one.condition, Has)]
    slash = any(token.norm in ("/", "|") for token in sentence.tokens)
    if alternatives(logic) > len(free) and not slash and len(set(tested)) == len(tested):
        yield "the logic has an alternative where the request says no 'or'; join with AND"


def _alternatives(condition: Condition) -> bool:
    """Whether some test of a condition has several values."""
    return any(len(values) > 1 for values in _value_lists(codec.dump(condition)))


def _value_lists(data: object) -> Iterable[list[object]]:
    if isinstance(data, dict):
        if isinstance(values := data.get("values"), list):
            yield values
        for item in data.values():
            yield from _value_lists(item)
    elif isinstance(data, list):
        for item in data:
            yield from _value_lists(item)


# --- compared with the reader -------------------------------------------------------------------


def _differences(tree: Condition, own: Condition | None, catalog: Catalog) -> tuple[str, ...]:
    """What stands in only one of the two trees, in plain English."""
    if own is None:
        return ()
    mine, others = _leaves(tree), _leaves(own)
    added = [f"added: {phrase_node(leaf, catalog)}" for leaf in mine if leaf not in others]
    gone = [f"left out: {phrase_node(leaf, catalog)}" for leaf in others if leaf not in mine]
    return (*added, *gone) or ("the same conditions, joined differently",)


def _leaves(node: Condition, negative: bool = False) -> tuple[Condition, ...]:
    match canonical(node):
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return tuple(dict.fromkeys(leaf for part in parts for leaf in _leaves(part, negative)))
        case Not(part=part):
            return _leaves(part, not negative)
        case leaf:
            return (Not(leaf) if negative else leaf,)
