"""Names of segments, snapshots and lists in a sentence: found as they are written, or misspelt by a letter or two.

The names are given from outside, because who asks decides which there are; the words of the catalog know nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from segbot.model.condition import Condition, Defined, Member, canonical, transform, walk
from segbot.model.membership import Group, Known
from segbot.nl.chart import Item
from segbot.nl.inflect import noun_forms
from segbot.nl.lexicon import closed
from segbot.nl.meaning import Naming
from segbot.nl.text import Token, TokenKind, fold, words_of

_END = "\0 \0"
_SHORTEST_TYPO = 4
_ORDINARY = (
    closed.GLUE
    | frozenset(closed.NEVER_CORRECTED_TO)
    | frozenset(word for noun in closed.NOUNS for word in noun.split())
    | frozenset(phrase for phrase in closed.FILLER_PHRASES if " " not in phrase)
)
"""A name of such words alone has to be called a segment to be read as one."""


_GROUPS = frozenset({"segment", "list", "snapshot", "audience", "cohort"})


@dataclass(frozen=True, slots=True)
class Match:
    """A name in the tokens [i, j): who it may stand for, and the words that were misspelt (token, as the name has it)."""

    i: int
    j: int
    known: tuple[Known, ...]
    fixes: tuple[tuple[int, str], ...] = ()
    bare: bool = True
    """Whether it can be read without the word segment, list or snapshot beside it."""


class Roll:
    """The names one person may use, looked up as a phrase, by number, or by what they mean."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self.known = tuple(known)
        self._trie: dict[str, Any] = {}
        self.by_number = {k.number: k for k in self.known if k.number is not None}
        self.named: dict[tuple[Group, str], tuple[Known, ...]] = {}
        for one in self.known:
            key = (one.of, fold(one.name))
            self.named[key] = (*self.named.get(key, ()), one)
            for form in _forms(one.name):
                self._add(form, one)

    def _add(self, words: Sequence[str], one: Known) -> None:
        node = self._trie
        for word in words:
            node = node.setdefault(word, {})
        found = node.setdefault(_END, [])
        if one not in found:
            found.append(one)

    def __bool__(self) -> bool:
        return bool(self.known)

    @cached_property
    def meanings(self) -> Mapping[Member, Condition]:
        """What each segment means, by the condition of being in it."""
        return {one.member: one.meaning for one in self.known if one.meaning is not None}

    @cached_property
    def snapshots(self) -> tuple[Known, ...]:
        """Those that may be named by the day they were taken."""
        return tuple(one for one in self.known if one.of == "snapshot")

    @cached_property
    def labels(self) -> dict[str, str]:
        """Every name with what it is, for suggestions."""
        return {one.name: "a ready segment" if one.ready else f"a {one.of}" for one in self.known}

    def inlined(self, tree: Condition) -> Condition:
        """The tree with what its segments and defined words mean in their places, as far as known, written one way."""

        def rule(node: Condition) -> Condition:
            if isinstance(node, Defined):
                return node.meaning
            meaning = self.meanings.get(node) if isinstance(node, Member) else None
            return node if meaning is None else meaning

        return canonical(transform(transform(tree, rule), rule))

    def matches(self, tokens: Sequence[Token], correct: Callable[[str], bool]) -> list[Match]:
        """Every name in a text. `correct` says whether a word is spelt right: only others may be a misspelling."""
        if not self.known:
            return []
        found: list[Match] = []
        for start, token in enumerate(tokens):
            if token.kind is TokenKind.QUOTED:
                found += self._quoted(token, start)
            else:
                found += self._from(tokens, start, correct)
        return found

    def _quoted(self, token: Token, at: int) -> Iterator[Match]:
        node: dict[str, Any] | None = self._trie
        for word in words_of(token.norm):
            node = node.get(word) if node is not None else None
        if node is not None and _END in node:
            yield Match(at, at + 1, tuple(node[_END]))

    def _from(self, tokens: Sequence[Token], start: int, correct: Callable[[str], bool]) -> Iterator[Match]:
        paths: list[tuple[dict[str, Any], int, tuple[tuple[int, str], ...]]] = [(self._trie, start, ())]
        while paths:
            node, at, fixes = paths.pop()
            if at > start and _END in node:
                bare = any(t.norm not in _ORDINARY and t.kind is TokenKind.WORD for t in tokens[start:at])
                yield Match(start, at, tuple(node[_END]), fixes, bare)
            if at == len(tokens):
                continue
            said = tokens[at].norm
            if said in node:
                paths.append((node[said], at + 1, fixes))
            elif (meant := _misspelt(tokens[at], node, correct)) is not None:
                paths.append((node[meant], at + 1, (*fixes, (at, meant))))


def _forms(name: str) -> Iterator[tuple[str, ...]]:
    words = words_of(name)
    if not words:
        return
    yield words
    if words[-1].isalpha() and len(words[-1]) > 2:
        for form in noun_forms(words[-1]):
            yield (*words[:-1], form)


def _misspelt(token: Token, node: Mapping[str, Any], correct: Callable[[str], bool]) -> str | None:
    word = token.norm
    if token.kind is not TokenKind.WORD or len(word) < _SHORTEST_TYPO or not word.isalpha() or correct(word):
        return None
    words = [w for w in node if w != _END and len(w) >= _SHORTEST_TYPO and w not in closed.NEVER_CORRECTED_TO]
    found = process.extractOne(word, words, scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2)
    return str(found[0]) if found is not None else None


def name_items(roll: Roll, tokens: Sequence[Token], matches: Sequence[Match], *, bare: bool) -> list[Item]:
    """The chart's items for the names of a text; `bare` lets those stand that are not called a segment."""
    found: list[Item] = []
    for match in matches:
        members = tuple(one.member for one in _own_first(match.known))
        size = match.j - match.i
        naming = Naming(members)
        found.append(Item("SEGNAME", naming, match.i, match.j, -1.0 - 0.3 * size, "name"))
        segments = tuple(m for m in members if m.of != "snapshot")
        if bare and match.bare and segments:
            found.append(Item("BARESEG", Naming(segments), match.i, match.j, -1.0 - 0.8 * size, "name"))
        if any(
            token.norm in _GROUPS for token in tokens[match.i : match.j]
        ):  # the name says itself what it is: VIP list
            found.append(Item("SEGREF", naming, match.i, match.j, -1.3 - 0.3 * size, "name"))
    for index, token in enumerate(tokens):
        number = roll.by_number.get(int(token.value)) if token.kind is TokenKind.NUMBER and token.value else None
        if number is None or not token.text.isdigit():
            continue
        naming = Naming((number.member,))
        found.append(Item("SEGNUM", naming, index, index + 1, 0.0, "name"))
        if index and tokens[index - 1].norm == "#" and tokens[index - 1].end == token.start:
            found.append(Item("SEGREF", naming, index - 1, index + 1, -2.0, "name"))
    return found


def _own_first(known: Sequence[Known]) -> list[Known]:
    """A team's own segment takes the place of a ready one of that name."""
    own = [one for one in known if not one.ready]
    return own if any(one.of == "segment" for one in own) else list(known)


def corrected(tree: Condition, matches: Sequence[Match]) -> list[tuple[int, str]]:
    """The misspelt words of the names that a tree holds."""
    held = {replace(node, change=None, window=None) for node in walk(tree) if isinstance(node, Member)}
    return [fix for match in matches if held & {one.member for one in match.known} for fix in match.fixes]
