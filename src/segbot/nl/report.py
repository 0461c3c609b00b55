"""From the chosen draft to the `Reading`: spans with meanings, fillers, unread words with suggestions, doubts, the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from segbot.model.condition import AllOf, AnyOf, Condition, Everyone, Not, canonical, children
from segbot.model.reading import Aside, Choice, Correction, Filler, Outcome, Phrase, Question, Reading, Unread
from segbot.nl import ledger
from segbot.nl.clarify import MAX_QUESTIONS, doubts, proposed
from segbot.nl.doubtful import kept
from segbot.nl.drafts import All, Draft, Leaf, Mark, realise, walk
from segbot.nl.grammar.context import Scene
from segbot.nl.intent import empty_reading
from segbot.nl.phrase import phrase, phrase_difference, phrase_node
from segbot.nl.restated import Restated
from segbot.nl.suggest import Suggester, edges
from segbot.nl.text import Token, TokenKind


@dataclass(frozen=True, slots=True)
class Parsed:
    """One reading of the whole sentence: its draft and tree, the tokens that are fillers, unread or background, its cost."""

    draft: Draft | None
    condition: Condition | None
    fillers: tuple[int, ...]
    unread: tuple[int, ...]
    cost: float
    asides: tuple[int, ...] = ()


def report(
    view: Scene,
    text: str,
    tokens: Sequence[Token],
    parsed: Sequence[Parsed],
    corrections: tuple[Correction, ...],
    suggester: Suggester,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Reading:
    """The reading of the best of some parsed sentences; the others are its rivals.

    `names` are what else may be meant by a word, each with what it is: the segments that can be named.
    """
    best = parsed[0]
    if best.draft is None or best.condition is None:
        return _nothing(text, tokens, best, corrections, suggester, names)
    draft = proposed(view, best.draft)
    if best.unread:
        draft = kept(draft, [token.norm for token in tokens], best.unread)
    condition, marks = realise(view, draft)
    open_ = doubts(view, text, tokens, draft)
    undefined = {t for said in open_.undefined for t in said}
    asked = {t for said in open_.asked for t in said}
    unread = set(best.unread) | undefined | asked
    read = {t for _, said in marks for t in said} - unread
    fillers = set(best.fillers) - read - unread
    asides = set(best.asides)
    lost = set(range(len(tokens))) - read - unread - fillers - asides
    unread |= lost | {t for t in fillers if _weighty(tokens[t])}
    unread, fillers = _without_edges(tokens, unread, undefined | asked, fillers - unread)
    ledger.check(tokens, read, fillers, unread, asides)
    if not read and not unread and not asked:
        return empty_reading(text)
    questions = open_.questions or _between_covers(view, text, tokens, parsed)
    questions = questions[:MAX_QUESTIONS]
    not_understood = unread - asked
    note = ""
    outcome = Outcome.REJECT if not_understood else Outcome.CLARIFY if questions else Outcome.ANSWER
    if outcome is Outcome.ANSWER and condition == Not(Everyone()):
        outcome, note = Outcome.REJECT, "Read literally, that is nobody at all."
    only_noise = outcome is Outcome.REJECT and condition in (Everyone(), Not(Everyone()))
    return Reading(
        text=text,
        outcome=outcome,
        condition=None if only_noise else condition,
        restatement="" if only_noise else phrase(condition, view.catalog),
        phrases=_phrases(view, text, tokens, condition, draft, marks, read),
        fillers=tuple(Filler(s, e, text[s:e]) for s, e in _spans(tokens, fillers)),
        unread=_unread(text, tokens, not_understood, undefined, asked, suggester, names),
        corrections=corrections,
        assumptions=open_.assumptions,
        questions=questions,
        note=note,
        asides=tuple(Aside(s, e, text[s:e]) for s, e in _spans(tokens, asides)),
    )


def restated_reading(view: Scene, text: str, tokens: Sequence[Token], restated: Restated) -> Reading:
    """The reading of a sentence that the catalog's own restatements are made of: nothing in it is open to doubt."""
    condition = restated.condition
    paths = {id(node): path for node, path in _paths(condition, ())}
    said: dict[tuple[int, ...], set[int]] = {}
    fillers: set[int] = set()
    for index, token in enumerate(tokens):
        around = [s for s in restated.said if s.start <= token.start and token.end <= s.end]
        if around:
            inner = min(around, key=lambda s: s.end - s.start)
            said.setdefault(paths[id(inner.node)], set()).add(index)
        else:
            fillers.add(index)
    read = {index for group in said.values() for index in group}
    ledger.check(tokens, read, fillers, ())
    phrases = []
    for path, indexes in said.items():
        node = node_at(condition, path)
        group = isinstance(node, AllOf | AnyOf | Not) and any(p[: len(path)] == path != p for p in said)
        meaning = _connective(node) if group else phrase_node(node, view.catalog)
        phrases += [Phrase(start, end, text[start:end], meaning, path) for start, end in _spans(tokens, indexes)]
    return Reading(
        text=text,
        outcome=Outcome.ANSWER,
        condition=condition,
        restatement=phrase(condition, view.catalog),
        phrases=tuple(sorted(phrases, key=lambda p: (p.start, p.end))),
        fillers=tuple(Filler(s, e, text[s:e]) for s, e in _spans(tokens, fillers)),
    )


def _paths(node: Condition, path: tuple[int, ...]) -> Iterator[tuple[Condition, tuple[int, ...]]]:
    yield node, path
    for index, child in enumerate(children(node)):
        yield from _paths(child, (*path, index))


def _weighty(token: Token) -> bool:
    """Whether a word may never be a filler, whatever the rules say."""
    return token.kind in (TokenKind.NUMBER, TokenKind.DATE) or token.norm in (
        "not",
        "never",
        "no",
        "without",
        "except",
        "excluding",
        "neither",
        "nor",
        "unless",
    )


def _nothing(
    text: str,
    tokens: Sequence[Token],
    best: Parsed,
    corrections: tuple[Correction, ...],
    suggester: Suggester,
    names: Mapping[str, str],
) -> Reading:
    asides = set(best.asides)
    unread = set(range(len(tokens))) - set(best.fillers) - asides
    unread |= {t for t in best.fillers if _weighty(tokens[t])}
    unread, fillers = _without_edges(tokens, unread, set(), set(range(len(tokens))) - unread - asides)
    ledger.check(tokens, (), fillers, unread, asides)
    if not unread:
        return empty_reading(text)
    return Reading(
        text=text,
        outcome=Outcome.REJECT,
        condition=None,
        fillers=tuple(Filler(s, e, text[s:e]) for s, e in _spans(tokens, fillers)),
        unread=_unread(text, tokens, unread, set(), set(), suggester, names),
        corrections=corrections,
        note="None of this names anything that this company's catalog knows.",
        asides=tuple(Aside(s, e, text[s:e]) for s, e in _spans(tokens, asides)),
    )


def _without_edges(
    tokens: Sequence[Token], unread: set[int], wanted: set[int], fillers: set[int]
) -> tuple[set[int], set[int]]:
    """Unread words and fillers, with the connectives before and after what was not understood among the fillers."""
    for first, last in ledger.runs(tokens, unread - wanted):
        start, end = edges([token.norm for token in tokens[first : last + 1]])
        edge = {*range(first, first + start), *range(first + end, last + 1)}
        unread, fillers = unread - edge, fillers | edge
    return unread, fillers


def _spans(tokens: Sequence[Token], indexes: Iterable[int]) -> list[tuple[int, int]]:
    return [(tokens[a].start, tokens[b].end) for a, b in ledger.runs(tokens, indexes)]


def _unread(
    text: str,
    tokens: Sequence[Token],
    unread: set[int],
    undefined: set[int],
    asked: set[int],
    suggester: Suggester,
    names: Mapping[str, str],
) -> tuple[Unread, ...]:
    found: list[Unread] = []
    for group, wanted in ((unread - undefined, False), (undefined, True), (asked, True)):
        for start, end in _spans(tokens, group):
            said = text[start:end]
            words = [t.norm for t in tokens if start <= t.start and t.end <= end]
            found.append(Unread(start, end, said, () if wanted else suggester.near(words, names), wanted))
    return tuple(sorted(found, key=lambda u: u.start))


# --- phrases -----------------------------------------------------------------------------------------


def node_at(condition: Condition, path: tuple[int, ...]) -> Condition:
    """The node that a path leads to."""
    for index in path:
        condition = children(condition)[index]
    return condition


def _phrases(
    view: Scene,
    text: str,
    tokens: Sequence[Token],
    condition: Condition,
    draft: Draft,
    marks: Sequence[Mark],
    read: set[int],
) -> tuple[Phrase, ...]:
    drafts = list(walk(draft))
    leaves = {part.tokens for part in drafts if isinstance(part, Leaf)}
    everyone = {part.tokens for part in drafts if isinstance(part, All)}
    found: list[Phrase] = []
    taken: set[int] = set()
    for path, said in sorted(marks, key=lambda mark: mark[1] not in leaves):
        node = node_at(condition, path)
        if said in everyone:
            meaning = f"everyone: all {view.catalog.customers.plural}"
        elif said in leaves:
            meaning = phrase_node(node, view.catalog)
        else:
            meaning = _connective(node)
        fresh = [t for t in said if t in read and t not in taken]
        taken.update(fresh)
        found += [Phrase(start, end, text[start:end], meaning, path) for start, end in _spans(tokens, fresh)]
    return tuple(sorted(found, key=lambda p: (p.start, p.end)))


def _connective(node: Condition) -> str:
    match node:
        case AllOf():
            return "all of these must hold"
        case AnyOf():
            return "any of these may hold"
        case Not():
            return "everyone else: not this"
        case _:
            return "joins these words"


# --- rivals ------------------------------------------------------------------------------------------


def _between_covers(view: Scene, text: str, tokens: Sequence[Token], parsed: Sequence[Parsed]) -> tuple[Question, ...]:
    """A question between readings that cut the sentence into other phrases, at the words where they differ."""
    trees: list[Condition] = []
    for one in parsed:
        if (
            one.condition is not None
            and not one.unread
            and not any(canonical(one.condition) == canonical(t) for t in trees)
        ):
            trees.append(one.condition)
    if len(trees) < 2:
        return ()
    said = _differing(parsed, len(tokens))
    start, end = tokens[min(said)].start, tokens[max(said)].end
    labels = phrase_difference(trees[:4], view.catalog)
    choices = tuple(Choice(label, tree) for label, tree in zip(labels, trees, strict=False))
    return (Question(start, end, text[start:end], "This can be read in two ways. Which do you mean?", choices),)


def _differing(parsed: Sequence[Parsed], length: int) -> set[int]:
    first = parsed[0].draft
    mine = {t: leaf.atom for leaf in walk(first) if isinstance(leaf, Leaf) for t in leaf.tokens} if first else {}
    found: set[int] = set()
    for other in parsed[1:]:
        if other.draft is None:
            continue
        atoms = {t: leaf.atom for leaf in walk(other.draft) if isinstance(leaf, Leaf) for t in leaf.tokens}
        found |= {t for t in range(length) if atoms.get(t) != mine.get(t)}
    return found or set(mine) or set(range(length))
