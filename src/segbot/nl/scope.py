"""The boolean structure of a sentence: what "and", "or", "but", "not", "except" and "who" hold together.

From loose to tight: sentences; but / except / unless; phrases about people joined by and / or; a phrase's clause behind
"who"; or; and; side by side; not; lists (see `segbot.nl.lists`). Where two bracketings are honest the result is a fork.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from segbot.nl import slight
from segbot.nl.drafts import All, Draft, Fork, Join, Leaf, Neg, Tokens, Within
from segbot.nl.elements import Element, Frag, Op, Row, X
from segbot.nl.fragments import settle
from segbot.nl.grammar.context import Scene
from segbot.nl.joining import Joining
from segbot.nl.lists import connective, distribute, merge, tokens_of
from segbot.nl.meaning import Clause
from segbot.nl.rows import amounts_of_what, counted_rows, same_rows, stray_values
from segbot.nl.shapes import (
    both_of,
    capped,
    is_bare_phrase,
    is_ranked,
    negated,
    twice_negated,
)

_NEGATORS = frozenset({"NOT", "NEVER", "NO"})
_BREAKS = frozenset({"BUT", "EXCEPT", "UNLESS"})
_SMALL = frozenset({"in", "of", "on", "at", "to", "for", "from", "with", "by"})
_SOFT = frozenset({"COMMA", "STOP", "REL", "AND", "SLASH"})
_LOOSE = _SOFT | {"OR", "NOR", "THEN"}


class Scope:
    """One reading of a row: the draft of its tree; words that found no place are added to the row's unread ones."""

    def __init__(self, scene: Scene, row: Row) -> None:
        self.scene = scene
        self.row = row
        self.joining = Joining(row)
        self._loose_negations()
        stray_values(scene, row)
        settle(scene, row)
        same_rows(row)
        counted_rows(row)
        row.elements = self._bracketed(row.elements)
        self._merge(row.elements)
        amounts_of_what(scene, row)

    def _loose_negations(self) -> None:
        """ "never frobnicated in Texas": a negation before a word that nobody understood is not one of what stands behind it."""
        unread = {t for t in self.row.unread if self.row.words[t].isalpha() and self.row.words[t] not in _SMALL}
        for op, following in list(pairwise(self.row.elements)):
            if not isinstance(op, Op) or op.cat not in _NEGATORS:
                continue
            first = min(following.tokens, default=0)
            if unread & set(range(max(op.tokens) + 1, first)):
                self.row.elements.remove(op)
                self.row.unread += op.tokens

    def draft(self) -> Draft | None:
        """The draft of the whole sentence, or None when there is nothing to say."""
        parts: list[Draft] = []
        stops: list[int] = []
        sentence: list[Element] = []
        for element in (*self.row.elements, Op("STOP", ())):
            colon = isinstance(element, Op) and any(self.row.words[t] == ":" for t in element.tokens)
            if colon and sentence and isinstance(before := sentence[-1], Op) and before.cat in ("EXCEPT", "NOT"):
                stops += element.tokens  # "Exclude: platinum members"
            elif isinstance(element, Op) and element.cat == "STOP":
                part = self._but_level(sentence)
                if part is not None:
                    parts.append(part)
                stops += element.tokens
                sentence = []
            else:
                sentence.append(element)
        self.row.fillers += stops
        whole = both_of(parts)
        if whole is None:
            return None
        self.row.unread += slight.heavy(whole, self.row.words)
        return capped(whole)

    def _merge(self, elements: list[Element]) -> None:
        """Merge the lists among some elements, in place."""
        inner = replace(self.row, elements=elements)
        merge(self.scene, inner)
        elements[:] = inner.elements

    def _bracketed(self, elements: list[Element]) -> list[Element]:
        """Brackets around operands make one operand; brackets around nothing are only noise."""
        stack: list[list[Element]] = [[]]
        for element in elements:
            cat = element.cat if isinstance(element, Op) else ""
            if cat == "OPEN":
                self.row.fillers += element.tokens
                stack.append([])
            elif cat == "CLOSE":
                self.row.fillers += element.tokens
                if len(stack) > 1:
                    inner = stack.pop()
                    stack[-1] += self._as_operand(inner)
            else:
                stack[-1].append(element)
        while len(stack) > 1:  # a bracket never closed
            unclosed = stack.pop()
            stack[-1] += unclosed
        return stack[0]

    def _as_operand(self, inner: list[Element]) -> list[Element]:
        operands = [e for e in inner if isinstance(e, X)]
        if len(operands) < 2:
            return inner
        self._merge(inner)
        draft = self._but_level(inner)
        return [] if draft is None else [X(draft, head=operands[0].head)]

    # --- but, except, unless -----------------------------------------------------------------------

    def _but_level(self, elements: list[Element]) -> Draft | None:
        groups: list[tuple[Op | None, list[Element]]] = [(None, [])]
        for element in elements:
            if isinstance(element, Op) and element.cat in _BREAKS:
                last_op, last = groups[-1]
                if last_op is not None and not any(isinstance(e, X) for e in last):
                    # "but except ...": the second word decides
                    groups[-1] = (Op(element.cat, (*last_op.tokens, *element.tokens)), last)
                else:
                    groups.append((element, []))
            else:
                groups[-1][1].append(element)
        result: Draft | None = None
        excluded = False
        for op, group in groups:
            part = self._people_level(group, exclusion=op is not None and op.cat == "EXCEPT")
            if op is None:
                result = part
            elif part is None:
                self.row.unread += op.tokens
            elif op.cat == "BUT" and isinstance(part, All):
                self.row.unread += (*op.tokens, *part.tokens)  # "not gold, but a member" says something, not everyone
            elif op.cat == "BUT":
                result = part if result is None else self.joining.but(result, part, op.tokens)
                if result is part:
                    self.row.fillers += op.tokens
            elif op.cat == "EXCEPT":
                negated = Neg(part, op.tokens)
                result = negated if result is None else both_of([result, negated])
            else:
                result = part if result is None else self.joining.unless(result, part, op.tokens, excluded)
            excluded = op is not None and op.cat == "EXCEPT"
        return result

    # --- phrases about people ----------------------------------------------------------------------

    def _people_level(self, elements: list[Element], *, exclusion: bool = False) -> Draft | None:
        elements = self._trimmed(elements)
        if not elements:
            return None
        if isinstance(elements[0], Op) and elements[0].cat == "EITHER":
            return self._either(elements)
        phrases: list[list[Element]] = [[]]
        joins: list[tuple[str, list[Op]]] = []
        index = 0
        while index < len(elements):
            kind, ops, after = connective(elements, index, slash="comma")
            if kind and phrases[-1] and self._starts_people(elements, after):
                joins.append((kind, ops))
                phrases.append([])
                index = after
                continue
            phrases[-1].append(elements[index])
            index += 1
        tail = self._shared_tail(phrases) if joins and not exclusion else None
        ask = tail is not None
        if tail is None and joins and not exclusion:
            tail = self._shared_modifiers(phrases)
        parts = [p for phrase in phrases if (p := self._person_phrase(phrase)) is not None]
        if len(parts) != len(phrases):
            self.row.unread += tuple(t for _, ops in joins for t in tokens_of(ops))
            return both_of(parts)
        if len(parts) == 1:
            return parts[0]
        if tail is None:
            return self.joining.people_joined(parts, joins, exclusion)
        said, clause, sure = tail
        on_both = Join(False, (self.joining.people_joined(parts, joins, exclusion), clause))
        on_last = self.joining.people_joined([*parts[:-1], Join(False, (parts[-1], clause))], joins, exclusion)
        if ask:
            self.row.fillers += said
        if sure:
            return on_both
        text = "Does that hold for all of them, or only for the last?" if ask else "what follows is said of all of them"
        return Fork((("", on_both), ("", on_last)), "who_of_both", text, said, ask=ask)

    def _shared_modifiers(self, phrases: list[list[Element]]) -> tuple[Tokens, Draft, bool] | None:
        """Take what is said of the last of several bare kinds of people, which is said of all of them: women or VIPs in Nevada."""
        last = phrases[-1]
        bare = all(is_bare_phrase(p) for p in phrases[:-1])
        if not bare or len(last) < 2 or not isinstance(last[0], X) or isinstance(last[0].draft, All):
            return None
        clause = self._modifiers(last[1:])
        if clause is None:
            return None
        said = last[0].tokens
        phrases[-1] = last[:1]
        return said, clause, False

    def _shared_tail(self, phrases: list[list[Element]]) -> tuple[Tokens, Draft, bool] | None:
        """Take a "who ..." off the last of several phrases, which may be said of all of them; a comma before it makes that sure."""
        last = phrases[-1]
        cut = next(
            (
                i
                for i, e in enumerate(last)
                if isinstance(e, Op) and e.cat == "REL" and i > 0 and not self._joined_before(last, i)
            ),
            None,
        )
        earlier = any(isinstance(e, Op) and e.cat == "REL" for phrase in phrases[:-1] for e in phrase)
        if cut is None or earlier or all(isinstance(e, X) and isinstance(e.draft, All) for e in last[:cut]):
            return None  # "and those who ..." says itself whom it means
        sure = isinstance(before := last[cut - 1], Op) and before.cat == "COMMA"
        rel = last[cut]
        clause = self._modifiers(last[cut + 1 :])
        if clause is None:
            return None
        phrases[-1] = last[:cut]
        return (rel.tokens if isinstance(rel, Op) else ()), clause, sure

    def _starts_people(self, elements: list[Element], index: int) -> bool:
        while index < len(elements):
            element = elements[index]
            if isinstance(element, X):
                return element.head
            if not isinstance(element, Op) or element.cat not in ("NOT", "EITHER"):
                return False
            index += 1
        return False

    def _either(self, elements: list[Element]) -> Draft | None:
        """ "either A or B": the or splits widely, whatever stands on its sides."""
        opening = elements[0]
        assert isinstance(opening, Op)
        groups: list[list[Element]] = [[]]
        ors: list[Op] = [opening]
        index = 1
        while index < len(elements):
            kind, ops, after = connective(elements, index, slash="comma")
            if kind == "or":
                groups.append([])
                ors += ops
                index = after
                continue
            groups[-1].append(elements[index])
            index += 1
        tail: Draft | None = None
        tail_tokens: Tokens = ()
        last = groups[-1]
        cut = next((i for i, e in enumerate(last) if isinstance(e, Op) and e.cat == "REL" and i > 0), None)
        if (
            cut is not None
            and len(groups) > 1
            and any(isinstance(e, X) and e.head and not isinstance(e.draft, All) for e in last[:cut])
        ):
            rel = last[cut]
            assert isinstance(rel, Op)
            tail, tail_tokens = self._modifiers(last[cut + 1 :]), rel.tokens
            groups[-1] = last[:cut]
        members = [g[0] for g in groups if len(g) == 1 and isinstance(g[0], X)]
        if len(members) == len(groups):
            distribute(members)
        parts = [p for g in groups if (p := self._person_phrase(g)) is not None]
        if not parts:
            self.row.unread += tokens_of(ors)
            return tail
        tokens = tokens_of(ors)
        union: Draft = Join(True, tuple(parts), tokens) if len(parts) > 1 else parts[0]
        if len(parts) == 1:
            self.row.fillers += tokens
        if tail is None:
            return union
        self.row.fillers += tail_tokens
        on_both = Join(False, (union, tail))
        on_last = Join(True, (*parts[:-1], Join(False, (parts[-1], tail))), tokens)
        return Fork(
            (("", on_both), ("", on_last)),
            "who_of_both",
            "Does that hold for all of them, or only for the last?",
            tail_tokens,
            ask=True,
        )

    def _person_phrase(self, elements: list[Element]) -> Draft | None:
        """One phrase about people: an optional head (women, buyers, everyone) and what is said of them."""
        elements = self._trimmed(elements)
        if not elements:
            return None
        if isinstance(elements[0], Op) and elements[0].cat == "EITHER":
            return self._either(elements)
        first = elements[0]
        negator = first if isinstance(first, Op) and first.cat in _NEGATORS else None
        rest = elements[1:] if negator else elements
        if not rest or not isinstance(rest[0], X) or not rest[0].head:
            return self._modifiers(elements)
        head, following = rest[0], rest[1:]
        if is_ranked(head.draft) and following and isinstance(following[0], X) and following[0].clause is not None:
            self.row.unread += following[0].tokens  # "top 10% by premiums paid": not people who paid
            following = following[1:]
        tail = self._modifiers(following)
        if negator is None:
            return self._headed(head, tail)
        whole = Neg(self._headed(head, tail), negator.tokens)
        if tail is None:
            return whole
        near = both_of([Neg(head.draft, negator.tokens), tail])
        assert near is not None
        if isinstance(following[0], Op) and following[0].cat == "COMMA":
            return near
        if isinstance(head.draft, All):
            return whole
        return Fork((("", whole), ("", near)), "not_people", "How far does “not” reach here?", negator.tokens, ask=True)

    def _headed(self, head: X, tail: Draft | None) -> Draft:
        if tail is None:
            return head.draft
        ranked = head.draft
        if isinstance(ranked, Leaf) and is_ranked(ranked):
            together = both_of([ranked, tail])
            assert together is not None
            return Fork(
                (("", Within(ranked, tail)), ("", together)),
                "ranked_within",
                "ranked among these people only",
                ranked.tokens,
            )
        both = both_of([head.draft, tail])
        assert both is not None
        return both

    # --- what is said of people --------------------------------------------------------------------

    def _modifiers(self, elements: list[Element]) -> Draft | None:
        """Or of ands of things side by side; a "who" behind them opens a clause of its own that reaches to the end."""
        elements = self._trimmed(elements)
        if not elements:
            return None
        clauses_, joins = self._split_clauses(elements)
        if len(clauses_) > 1:
            parts = [self._modifiers(clause) for clause in clauses_]
            kept = [p for p in parts if p is not None]
            if len(kept) == len(parts):
                return self.joining.pairwise(kept, [kind for kind, _ in joins], joins)
        return self._one_clause(elements)

    def _split_clauses(self, elements: list[Element]) -> tuple[list[list[Element]], list[tuple[str, list[Op]]]]:
        """ "... and who ...", "... or whose ...": a clause of its own begins there, whatever stood before."""
        found: list[list[Element]] = [[]]
        joins: list[tuple[str, list[Op]]] = []
        index = 0
        while index < len(elements):
            kind, ops, after = connective(elements, index, slash="comma")
            following = elements[after] if kind and after < len(elements) else None
            if kind in ("and", "or") and found[-1] and isinstance(following, Op) and following.cat == "REL":
                if kind == "or" and any(isinstance(e, Op) and e.cat == "EITHER" for e in found[-1]):
                    found[-1] += ops  # either who ... or whose ...
                    self.row.fillers += following.tokens
                    index = after + 1
                    continue
                joins.append((kind, ops))
                self.row.fillers += following.tokens
                found.append([])
                index = after + 1
                continue
            found[-1].append(elements[index])
            index += 1
        return found, joins

    def _one_clause(self, elements: list[Element]) -> Draft | None:
        for index, element in enumerate(elements):
            if (
                isinstance(element, Op)
                and element.cat == "REL"
                and index > 0
                and not self._joined_before(elements, index)
            ):
                self.row.fillers += element.tokens
                return both_of(
                    [
                        p
                        for p in (self._modifiers(elements[:index]), self._modifiers(elements[index + 1 :]))
                        if p is not None
                    ]
                )
            if isinstance(element, Op) and element.cat == "EITHER" and index > 0:
                front = elements[:index]
                while front and isinstance(last := front[-1], Op) and last.cat in ("AND", "COMMA", "REL"):
                    self.row.fillers += last.tokens
                    front.pop()
                before = self._modifiers(front)
                return both_of([p for p in (before, self._either(elements[index:])) if p is not None])
        elements = self._without(elements, "REL")
        return self._or_level(elements)

    def _joined_before(self, elements: list[Element], index: int) -> bool:
        previous = elements[index - 1]
        return isinstance(previous, Op) and previous.cat in (
            "AND",
            "OR",
            "NOR",
            "SLASH",
            "BUT",
            "EITHER",
            *_NEGATORS,
            "REL",
        )

    def _or_level(self, elements: list[Element]) -> Draft | None:
        groups: list[list[Element]] = [[]]
        joins: list[tuple[str, list[Op]]] = []
        index = 0
        while index < len(elements):
            kind, ops, after = connective(elements, index, slash="comma")
            if kind:
                if groups[-1] and after < len(elements):
                    joins.append((kind, ops))
                    groups.append([])
                else:
                    self.row.fillers += tokens_of(ops)
                index = after
                continue
            groups[-1].append(elements[index])
            index += 1
        if not groups[-1]:
            groups.pop()
        self._distribute(groups, joins)
        parts: list[Draft] = []
        kept: list[tuple[str, list[Op]]] = []
        for position, group in enumerate(groups):
            part = self._side_by_side(group)
            if part is None:
                continue
            if parts:
                kept.append(joins[position - 1])
            parts.append(part)
        return self.joining.joined(parts, kept)

    def _distribute(self, groups: list[list[Element]], joins: list[tuple[str, list[Op]]]) -> None:
        """A window at the end of a list of behaviours holds for all of them, unless "never" stands before one (policy P3)."""
        members: list[X] = []
        for group in groups:
            plain = [e for e in group if not (isinstance(e, Op) and e.cat == "NOT")]
            if len(plain) != 1 or not isinstance(plain[0], X) or plain[0].clause is None:
                members = []
                continue
            members.append(plain[0])
        if len(members) > 1 and joins:
            distribute(members)

    def _side_by_side(self, elements: list[Element]) -> Draft | None:
        parts: list[Draft] = []
        negators: list[Op] = []
        for element in elements:
            if isinstance(element, Frag):
                self.row.unread += element.tokens
            elif isinstance(element, Op):
                if element.cat in _NEGATORS:
                    negators.append(element)
                elif element.cat in _SOFT or element.cat in ("EITHER",):
                    self.row.fillers += element.tokens
                else:
                    self.row.unread += element.tokens
            else:
                draft = element.draft
                if negators:
                    tokens = tokens_of(negators)
                    if any(op.cat in ("NEVER", "NO") for op in negators):
                        self.joining.never |= set(tokens)
                    draft = twice_negated(element.draft, tokens) or negated(draft, tokens)
                    if len(negators) == 2:
                        draft = element.draft
                        parts.append(draft)
                        self.row.unread += tokens
                        negators = []
                        continue
                    negators = []
                    if parts and isinstance(parts[-1], Leaf) and isinstance(element.atom, Clause):
                        parts[-1] = self.joining.but(parts[-1], draft, ())
                        continue
                parts.append(draft)
        if negators:
            self.row.unread += tokens_of(negators)
        return both_of(parts)

    # --- tidying -----------------------------------------------------------------------------------

    def _trimmed(self, elements: Sequence[Element]) -> list[Element]:
        """Without joining words at the ends, which then join nothing."""
        first, end = 0, len(elements)
        while first < end and isinstance(op := elements[first], Op) and op.cat in _LOOSE:
            (self.row.fillers if op.cat in _SOFT else self.row.unread).extend(op.tokens)
            first += 1
        while end > first and isinstance(op := elements[end - 1], Op) and op.cat in _LOOSE:
            (self.row.fillers if op.cat in ("COMMA", "STOP", "REL") else self.row.unread).extend(op.tokens)
            end -= 1
        return list(elements[first:end])

    def _without(self, elements: list[Element], cat: str) -> list[Element]:
        kept: list[Element] = []
        for element in elements:
            if isinstance(element, Op) and element.cat == cat:
                self.row.fillers += element.tokens
            else:
                kept.append(element)
        return kept
