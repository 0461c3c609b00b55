"""How two parts of a sentence meet: A but B, A unless B, A and B or C, these people and those; and whether they share a time.

The scope cuts the sentence into parts; here the parts become one draft. What may honestly mean two things is a fork.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from segbot.model.condition import Sequence as Then
from segbot.model.windows import Window
from segbot.nl.drafts import Draft, Fork, Join, Leaf, Neg, Tokens, walk, with_leaves
from segbot.nl.elements import Op, Row
from segbot.nl.grammar import clauses
from segbot.nl.lexicon.closed import GLUE
from segbot.nl.lists import mixed, tokens_of
from segbot.nl.meaning import Clause, Ready, When
from segbot.nl.shapes import (
    closed_by_windows,
    different_people,
    is_everyone_phrase,
    is_kind_of_people,
    last_clause,
    none_of,
    none_then,
    same_shape,
    swap,
)


@dataclass(slots=True)
class Joining:
    """The joining of one row's parts. `never` are the tokens of negations that leave no doubt about time: never, no."""

    row: Row
    never: set[int] = field(default_factory=set)

    def unless(self, left: Draft, right: Draft, tokens: Tokens, excluded: bool) -> Draft:
        """A unless B is A and not B; "exclude A unless B" keeps B; "not A unless B" may mean either, which is asked."""
        if excluded:
            return Join(True, (left, right), tokens)
        less = Join(False, (left, Neg(right, tokens)))
        if not isinstance(left, Neg):
            return less
        either = Join(True, (left, right), tokens)
        return Fork((("", either), ("", less)), "unless", "Are those after “unless” in or out?", tokens, ask=True)

    def but(self, left: Draft, right: Draft, tokens: Tokens) -> Draft:
        """A but B. A window said after "didn't B" stays with B (policy P3); "A but did not B" may mean afterwards, or ever."""
        first = last_clause(left)
        if (
            first is not None
            and isinstance(right, Leaf)
            and self._says(right, "none")
            and (also := none_then(first, right)) is not None
        ):
            other, this = Join(False, (left, right), tokens), Join(False, (left, also), tokens)
            return Fork((("", this), ("", other)), "window_shared", "none of those in the same time", right.tokens)
        if first is not None and isinstance(right, Leaf) and (shared := none_of(first, right)) is not None:
            other, this = Join(False, (left, right), tokens), Join(False, (swap(left, first, shared), right), tokens)
            return Fork(
                (("", this), ("", other)), "window_shared", "the time is read as holding for both", right.tokens
            )
        negated = right if isinstance(right, Neg) else None
        then = negated.part if negated is not None else None
        if first is not None and isinstance(then, Leaf) and isinstance(then.atom, Clause) and negated is not None:
            return self._did_not(left, first, negated, then, tokens)
        return Join(False, (left, right), tokens)

    def _says(self, leaf: Leaf, word: str) -> bool:
        return any(self.row.words[t] == word for t in leaf.tokens)

    def _did_not(self, left: Draft, first: Leaf, negated: Neg, then: Leaf, tokens: Tokens) -> Draft:
        one, two = first.atom, then.atom
        assert isinstance(one, Clause)
        assert isinstance(two, Clause)
        plain = Join(False, (left, negated), tokens)
        if two.when is not None:
            window = two.when.window
            if two.elided and not any(c.when for c in _clauses(left)):
                return Fork(
                    (("", Join(False, (_timed(left, one.event, window), negated), tokens)), ("", plain)),
                    "window_of_all",
                    "Does the time hold for all of it, or only for the last part?",
                    then.tokens,
                    ask=True,
                )
            if self._one_object(first, then, tokens) and one.when is None and one.position is None:
                both = swap(left, first, Leaf(replace(one, when=When(window)), first.tokens))
                shared = Join(False, (both, negated), tokens)
                text = "the time is read as holding for both"
                return Fork((("", shared), ("", plain)), "window_shared", text, then.tokens)
            if self._behind_comma(negated, then) and one.when is None and one.position is None:
                both = swap(left, first, Leaf(replace(one, when=When(window)), first.tokens))
                shared = Join(False, (both, negated), tokens)
                text = "the time behind the comma is read as holding for both"
                return Fork((("", shared), ("", plain)), "window_shared", text, then.tokens)
            if one.when is None and one.position is None and (self._is_no(negated) or not self._absolute(negated)):
                both = Leaf(replace(one, when=When(two.when.window)), first.tokens)
                other = Join(False, (swap(left, first, both), negated), tokens)
                return Fork(
                    (("", plain), ("", other)),
                    "window_last_only",
                    "the time is read as belonging to the last part only",
                    then.tokens,
                )
            return plain
        return self._open_time(left, first, negated, then, tokens)

    def _open_time(self, left: Draft, first: Leaf, negated: Neg, then: Leaf, tokens: Tokens) -> Draft:
        """A did, and did not B: not in the same time, not afterwards, or not ever. "never" says which; of the others one is
        taken (or asked for, where no time was said at all) and the rest are a tap away.
        """
        one, two = first.atom, then.atom
        assert isinstance(one, Clause)
        assert isinstance(two, Clause)
        ever: Draft = Join(False, (left, negated), tokens)
        kind = self._past(negated)
        if kind == "never":
            return ever
        rows, after = clauses.rows(one), clauses.rows(two)
        later: list[tuple[str, Draft]] = []
        if rows is not None and after is not None and one.event != two.event:
            said = (*first.tokens, *tokens, *negated.tokens, *then.tokens)
            later = [("", swap(left, first, Leaf(Ready(Then(rows, after, None, True)), said)))]
        about = (*negated.tokens, *then.tokens)
        at_any_time = "not at any time"
        if one.when is None or one.position is not None:
            open_ = kind == "past" and two.shape == "verb" and not two.filters and not self._absolute(negated)
            if later and open_ and one.position is None:
                text = "Not at all, or not afterwards?"
                return Fork((*later, ("", ever)), "did_not_when", text, about, ask=True)
            if not later or kind != "perfect":
                return ever
            return Fork((("", ever), *later), "did_not_when", at_any_time, about)
        same = Leaf(replace(two, when=When(one.when.window)), then.tokens)
        shared: tuple[str, Draft] = ("", Join(False, (left, Neg(same, negated.tokens)), tokens))
        if kind == "perfect":
            return Fork((("", ever), *later, shared), "did_not_when", at_any_time, about)
        return Fork((shared, *later, ("", ever)), "window_shared", "not in the same time", about)

    def _one_object(self, first: Leaf, then: Leaf, tokens: Tokens) -> bool:
        """Whether two verbs have one object, so one time, too: opened but not clicked an email in May."""
        clause = first.atom
        bare = isinstance(clause, Clause) and clause.shape == "verb" and not clause.filters and clause.count is None
        words = {self.row.words[t] for t in first.tokens if self.row.words[t] not in GLUE}
        beside = len(words) == 1 and bool(tokens) and max(first.tokens) + 1 == min(tokens)
        after = min(then.tokens, default=0) + 1
        return bare and beside and self.row.words[after : after + 1] in (["a"], ["an"], ["any"], ["our"], ["the"])

    def _behind_comma(self, negated: Neg, then: Leaf) -> bool:
        """Whether the time was set off at the end: clicked but didn't buy, last 30 days."""
        start = max(negated.tokens, default=0)
        commas = [t for t in range(start, max(then.tokens)) if self.row.words[t] == ","]
        return any(any(start < t < comma for t in then.tokens) for comma in commas[-1:])

    def _past(self, negated: Neg) -> str:
        """Which past a negation is in: "never", "perfect" for haven't and not yet, "past" for didn't, without, no, not."""
        words = {self.row.words[t] for t in negated.tokens}
        first = min(negated.tokens, default=0)
        around = {self.row.words[i] for i in (first - 1, first) if 0 <= i < len(self.row.words)}
        if words & {"never", "ever", "once"}:
            return "never"
        return "perfect" if around & {"have", "has", "had", "yet", "still"} else "past"

    def _is_no(self, negated: Neg) -> bool:
        """Whether it is negated as a noun: logged in but no purchase in the last 60 days."""
        return {self.row.words[t] for t in negated.tokens} == {"no"}

    def _absolute(self, negated: Neg) -> bool:
        """Whether the negation leaves no doubt about time: never, no, haven't, "opened but not clicked"; "didn't" does."""
        first = min(negated.tokens, default=0)
        past = {self.row.words[i] for i in (first - 1, first) if 0 <= i < len(self.row.words)}
        return bool(set(negated.tokens) & self.never) or not past & {"did", "does", "do", "without"}

    def people_joined(self, parts: list[Draft], joins: list[tuple[str, list[Op]]], exclusion: bool) -> Draft:
        tokens = tuple(t for _, ops in joins for t in tokens_of(ops))
        following = "and"
        kinds: list[str] = []
        for kind, _ in reversed(joins):
            following = kind if kind != "comma" else following
            kinds.append(following)
        kinds.reverse()
        if exclusion:
            return Join(True, tuple(parts), tokens)
        if set(kinds) == {"and"} and different_people(parts):
            return Join(True, tuple(parts), tokens)
        anew = any(is_everyone_phrase(p) for p in parts[1:]) or all(is_kind_of_people(p) for p in parts)
        if set(kinds) == {"and"} and any(kind == "and" for kind, _ in joins) and anew:
            both, either = Join(False, tuple(parts), tokens), Join(True, tuple(parts), tokens)
            text = "Both groups together, or only people in both?"
            return Fork((("", either), ("", both)), "and_of_people", text, tokens, ask=True)
        clear = any(len(ops) > 1 for kind, ops in joins if kind != "comma")
        return mixed(parts, kinds, tokens, clear=clear)

    def joined(self, parts: list[Draft], joins: list[tuple[str, list[Op]]]) -> Draft | None:
        if not parts:
            return None
        kinds: list[str] = []
        for position, (kind, _) in enumerate(joins):
            if kind == "comma":
                later = next((k for k, _ in joins[position:] if k != "comma"), "and")
                alike = same_shape(parts[position], parts[position + 1])
                kinds.append(later if alike else "and")
            else:
                kinds.append(kind)
        merged: Draft = self.pairwise(parts, kinds, joins)
        return merged

    def pairwise(self, parts: list[Draft], kinds: list[str], joins: list[tuple[str, list[Op]]]) -> Draft:
        tokens = tuple(t for _, ops in joins for t in tokens_of(ops))
        if kinds and set(kinds) == {"and"}:
            result = parts[0]
            for part, (_, ops) in zip(parts[1:], joins, strict=True):
                result = self.but(result, part, tokens_of(ops))
            return result
        clear = any(len(ops) > 1 for (kind, ops) in joins if kind != "comma")
        closed = closed_by_windows(parts, kinds, tokens)
        if closed is not None and len(set(kinds)) > 1:
            return Fork(
                (("", closed), ("", mixed(parts, kinds, tokens, clear=True))),
                "windows_group",
                "each time closes its group",
                tokens,
            )
        return mixed(parts, kinds, tokens, clear=clear)


def _clauses(draft: Draft) -> list[Clause]:
    return [d.atom for d in walk(draft) if isinstance(d, Leaf) and isinstance(d.atom, Clause)]


def _timed(draft: Draft, event: str, window: Window | None) -> Draft:
    """A draft with the behaviours of one event in a window."""

    def rule(leaf: Leaf) -> Leaf:
        clause = leaf.atom
        if not isinstance(clause, Clause) or clause.event != event or clause.position is not None:
            return leaf
        return Leaf(replace(clause, when=When(window)), leaf.tokens)

    return with_leaves(draft, rule)
