"""Questions about drafts and elements that the scope asks: does it begin with people, end in a behaviour, look alike?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from segbot.model.condition import COUNT, Capped, Ranked
from segbot.nl.drafts import All, Draft, Fork, Join, Leaf, Neg, Tokens, Within, walk
from segbot.nl.elements import Element, X
from segbot.nl.lists import distribute
from segbot.nl.meaning import Clause, Ready, Test, When


def both_of(parts: Sequence[Draft]) -> Draft | None:
    """All of some drafts; none at all is nothing."""
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Join(False, tuple(parts))


def is_ranked(draft: Draft) -> bool:
    return isinstance(draft, Leaf) and isinstance(draft.atom, Ready) and isinstance(draft.atom.condition, Ranked)


def capped(draft: Draft) -> Draft:
    """A number of people is taken of all that is said, not of the base: 40 of the gold members."""
    parts = _conjuncts(draft)
    cap = next((p for p in parts if isinstance(p, Leaf) and _is_cap(p)), None)
    if cap is None or len(parts) == 1:
        return draft
    rest = tuple(p for p in parts if p is not cap)
    tokens = tuple(t for part in walk(draft) if isinstance(part, Join) and not part.any for t in part.tokens)
    return Within(cap, rest[0] if len(rest) == 1 and not tokens else Join(False, rest, tokens))


def _conjuncts(draft: Draft) -> list[Draft]:
    if isinstance(draft, Join) and not draft.any:
        return [inner for part in draft.parts for inner in _conjuncts(part)]
    return [draft]


def _is_cap(leaf: Leaf) -> bool:
    return isinstance(leaf.atom, Ready) and isinstance(leaf.atom.condition, Capped)


def negated(draft: Draft, tokens: Tokens) -> Draft:
    """Not a draft; of a list of objects joined by "and" it may mean neither or not both, which is asked (policy P4)."""
    clauses_ = isinstance(draft, Join) and all(isinstance(p, Leaf) and isinstance(p.atom, Clause) for p in draft.parts)
    if not isinstance(draft, Join) or draft.any or not clauses_:
        return Neg(draft, tokens)
    neither: Draft = Neg(replace(draft, any=True), tokens)
    return Fork(
        (("", neither), ("", Neg(draft, tokens))),
        "not_and",
        "None of them, or not all of them together?",
        tokens,
        ask=True,
    )


def twice_negated(draft: Draft, tokens: Tokens) -> Draft | None:
    """ "haven't bought nothing": people who say no twice mean it once; that the two cancel out is a tap away."""
    clause = draft.atom if isinstance(draft, Leaf) else None
    if not isinstance(draft, Leaf) or not isinstance(clause, Clause) or clause.measure != COUNT or not clause.count:
        return None
    if clause.count.comparison.values != (0,) or clause.count.also is not None:
        return None
    once: Draft = Leaf(clause, tuple(sorted((*tokens, *draft.tokens))))
    text = "the two negations are read as one"
    return Fork((("", once), ("", Neg(draft, tokens))), "double_negative", text, tokens)


def last_clause(draft: Draft) -> Leaf | None:
    """The behaviour said last in a draft, if it ends in a plain one."""
    match draft:
        case Leaf(atom=Clause()):
            return draft
        case Join(any=False, parts=parts):
            return last_clause(parts[-1])
        case _:
            return None


def closed_by_windows(parts: list[Draft], kinds: list[str], tokens: Tokens) -> Draft | None:
    """ "opened or clicked in the last 30 days and bought in the last 90": each window closes a group of its own."""
    groups: list[list[Draft]] = [[]]
    inner: set[str] = set()
    outer: set[str] = set()
    for index, part in enumerate(parts):
        groups[-1].append(part)
        leaf = part.part if isinstance(part, Neg) else part
        if not isinstance(leaf, Leaf) or not isinstance(leaf.atom, Clause):
            return None
        if index < len(kinds):
            closing = leaf.atom.when is not None
            (outer if closing else inner).add(kinds[index])
            if closing:
                groups.append([])
        elif leaf.atom.when is None:
            return None
    if inner != {"or"} or outer != {"and"}:
        return None
    joined: list[Draft] = []
    for group in groups:
        members = [X(p) for p in group]
        distribute(members)
        joined.append(members[0].draft if len(members) == 1 else Join(True, tuple(m.draft for m in members)))
    return Join(False, tuple(joined), tokens)


def none_of(first: Leaf, right: Leaf) -> Leaf | None:
    """ "opened 3 but clicked none this month": the left-out noun brings the window along to both."""
    one, two = first.atom, right.atom
    if (
        not isinstance(one, Clause)
        or not isinstance(two, Clause)
        or two.count is None
        or two.when is None
        or one.when is not None
    ):
        return None
    if two.count.comparison.values != (0,) or one.position is not None:
        return None
    return Leaf(replace(one, when=When(two.when.window)), first.tokens)


def none_then(first: Leaf, right: Leaf) -> Leaf | None:
    """ "received 5 this month but opened none": none of those, so that the window holds for both."""
    one, two = first.atom, right.atom
    if not isinstance(one, Clause) or not isinstance(two, Clause) or one.when is None or two.when is not None:
        return None
    if two.count is None or two.count.comparison.values != (0,) or one.position is not None:
        return None
    return Leaf(replace(two, when=When(one.when.window)), right.tokens)


def swap(draft: Draft, old: Leaf, new: Draft) -> Draft:
    """A draft with one leaf replaced."""
    if draft is old:
        return new
    if isinstance(draft, Join):
        return replace(draft, parts=tuple(swap(p, old, new) for p in draft.parts))
    return draft


def different_people(parts: Sequence[Draft]) -> bool:
    """Whether phrases begin with different values of one attribute: women in Texas and men in Ohio."""
    heads = [head_test(part) for part in parts]
    if any(h is None for h in heads):
        return False
    fields = {h.field for h in heads if h is not None}
    values = [set(h.values) for h in heads if h is not None]
    return len(fields) == 1 and not set.intersection(*values)


def head_test(draft: Draft) -> Test | None:
    """The test that a phrase about people begins with; none where it begins with what they are not: not men, over 30."""
    match draft:
        case Leaf(atom=Test() as test):
            return test
        case Join(parts=parts):
            return head_test(parts[0])
        case Within(part=part):
            return head_test(part)
        case _:
            return None


def is_everyone_phrase(draft: Draft) -> bool:
    """Whether a phrase begins anew with people: "and people who ...", "and those who ..."."""
    match draft:
        case All():
            return True
        case Join(any=False, parts=parts):
            return is_everyone_phrase(parts[0])
        case _:
            return False


def is_bare_phrase(elements: list[Element]) -> bool:
    """One kind of people and perhaps a noun for them: VIPs, gold members."""
    kinds = [e for e in elements if isinstance(e, X) and not isinstance(e.draft, All)]
    noun = any(isinstance(e, X) and isinstance(e.draft, All) for e in elements)
    return len(kinds) == 1 and (kinds[0].head or noun) and all(isinstance(e, X) for e in elements)


def is_kind_of_people(draft: Draft) -> bool:
    """Whether a phrase is nothing but a kind of people: VIPs, homeowners."""
    return isinstance(draft, Leaf) and isinstance(draft.atom, Test | Ready) and draft.atom.person


def same_shape(one: Draft, two: Draft) -> bool:
    """Whether two neighbours in a comma list are of one kind: both behaviours, or both tests of the same attribute."""

    def shape(draft: Draft) -> str:
        leaf = draft.part if isinstance(draft, Neg) else draft
        if isinstance(leaf, Leaf) and isinstance(leaf.atom, Clause):
            return "clause"
        if isinstance(leaf, Leaf) and isinstance(leaf.atom, Test):
            return leaf.atom.field
        return ""

    return shape(one) != "" and shape(one) == shape(two)
