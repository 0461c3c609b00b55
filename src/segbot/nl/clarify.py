"""Doubts as choices: each question and each assumption comes with the whole tree of every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segbot.model.catalog import Event, Role
from segbot.model.condition import (
    Condition,
    Did,
    Has,
    Measure,
    Measured,
    Not,
    Nth,
    Ranked,
    Rows,
    all_of,
    at_least,
    canonical,
)
from segbot.model.operators import Operator
from segbot.model.reading import Assumption, Choice, Question
from segbot.model.windows import Unit, last, more_than_ago
from segbot.nl.drafts import FIRST, Choices, Draft, Fork, Leaf, Tokens, changed, realise, walk, with_leaves
from segbot.nl.grammar.context import Scene, shows_life
from segbot.nl.meaning import Asked, Atom, Clause, Note, Ready, Test
from segbot.nl.phrase import phrase, phrase_difference, phrase_node
from segbot.nl.text import Token

MAX_QUESTIONS = 2


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is open or assumed in a draft. `asked` are the tokens of words that only the company can define."""

    questions: tuple[Question, ...]
    assumptions: tuple[Assumption, ...]
    asked: tuple[Tokens, ...]
    undefined: tuple[Tokens, ...]


class _Maker:
    def __init__(self, view: Scene, text: str, tokens: Sequence[Token], draft: Draft) -> None:
        self.view, self.text, self.tokens, self.draft = view, text, tokens, draft
        self.questions: list[Question] = []
        self.assumptions: list[Assumption] = []

    def tree(self, forks: Mapping[int, int] | None = None, atoms: Mapping[int, Atom] | None = None) -> Condition:
        return realise(self.view, self.draft, Choices(forks or {}, atoms or {}))[0]

    def span(self, said: Tokens) -> tuple[int, int, str]:
        first = min(said)
        while first and self.tokens[first - 1].end == self.tokens[first].start:
            first -= 1  # the other half of "didn't"
        start, end = self.tokens[first].start, self.tokens[max(said)].end
        return start, end, self.text[start:end]

    def ask(self, said: Tokens, text: str, choices: Sequence[Choice]) -> None:
        different: dict[Condition, Choice] = {}
        for choice in choices:
            different.setdefault(canonical(choice.condition), choice)
        if len(different) >= 2 and said:
            start, end, words = self.span(said)
            self.questions.append(Question(start, end, words, text, tuple(different.values())))

    def assume(self, said: Tokens, code: str, text: str, alternatives: Sequence[Choice]) -> None:
        if not said:
            return
        start, end, _ = self.span(said)
        found = Assumption(code, text, start, end, tuple(alternatives))
        if not any(
            a.code == code and a.text == text and a.alternatives == found.alternatives for a in self.assumptions
        ):
            self.assumptions.append(found)


def doubts(view: Scene, text: str, tokens: Sequence[Token], draft: Draft) -> Doubts:
    """All questions and assumptions of a draft."""
    maker = _Maker(view, text, tokens, draft)
    asked: list[Tokens] = []
    undefined: list[Tokens] = []
    for part in walk(draft, FIRST):
        if isinstance(part, Fork):
            _fork(maker, part)
        elif isinstance(part, Leaf):
            atom = part.atom
            if isinstance(atom, Asked):
                (asked if _define(maker, part, atom) else undefined).append(part.tokens)
            elif isinstance(atom, Test) and atom.rivals:
                _rivals(maker, part, atom)
            if isinstance(atom, Test | Clause | Ready):
                for note in atom.notes:
                    _note(maker, part, note)
    return Doubts(tuple(maker.questions), tuple(maker.assumptions), tuple(asked), tuple(undefined))


def _fork(maker: _Maker, fork: Fork) -> None:
    catalog = maker.view.catalog
    trees = [maker.tree({id(fork): index}) for index in range(len(fork.options))]
    if fork.ask:
        parts = [realise(maker.view, option)[0] for _, option in fork.options]
        said = phrase_difference(parts, catalog)
        labels = [label or words for (label, _), words in zip(fork.options, said, strict=True)]
        maker.ask(fork.tokens, fork.text, [Choice(label, tree) for label, tree in zip(labels, trees, strict=True)])
        return
    others = [Choice(phrase(tree, catalog), tree) for tree in trees[1:] if canonical(tree) != canonical(trees[0])]
    if others:
        maker.assume(fork.tokens, fork.code, fork.text, others)


def _rivals(maker: _Maker, leaf: Leaf, test: Test) -> None:
    choices = []
    for rival in (test, *test.rivals):
        tree = maker.tree(atoms={id(leaf): rival})
        node = realise(maker.view, Leaf(rival, leaf.tokens))[0]
        choices.append(Choice(phrase_node(node, maker.view.catalog), tree))
    maker.ask(leaf.tokens, "Which one do you mean?", choices)


def _note(maker: _Maker, leaf: Leaf, note: Note) -> None:
    alternatives = []
    if note.changes:
        other = changed(leaf.atom, note.changes)
        alternatives.append(Choice(note.label or "The other meaning", maker.tree(atoms={id(leaf): other})))
    maker.assume(leaf.tokens, note.code, note.text, alternatives)


# --- words that only the company can define ----------------------------------------------------------


def proposed(view: Scene, draft: Draft) -> Draft:
    """The draft with proposals for every word that only the company can define."""

    def rule(leaf: Leaf) -> Leaf:
        if isinstance(leaf.atom, Asked) and not leaf.atom.proposals:
            return Leaf(Asked(leaf.atom.term, proposals(view, leaf.atom.term)), leaf.tokens)
        return leaf

    return with_leaves(draft, rule)


def _define(maker: _Maker, leaf: Leaf, asked: Asked) -> bool:
    offered = asked.proposals
    if len(offered) < 2:
        return False
    choices = [Choice(label, maker.tree(atoms={id(leaf): Ready(condition)})) for label, condition in offered]
    maker.ask(leaf.tokens, "What should this mean? Your company has no definition of it yet.", choices)
    return True


_FAMILIES: dict[str, tuple[str, ...]] = {
    "spending": (
        "wealthy",
        "high income",
        "high net worth",
        "most valuable",
        "rich",
        "affluent",
        "big spenders",
        "top spenders",
        "top buyers",
        "biggest spenders",
        "highest spenders",
        "top shoppers",
        "big spender",
        "high value",
        "high spenders",
        "high spender",
        "valuable",
        "best customers",
        "top customers",
        "important",
        "premium",
        "whales",
        "whale",
        "vip",
        "vips",
        "good customers",
        "heavy",
    ),
    "loyal": (
        "loyal",
        "most loyal",
        "loyalists",
        "frequent",
        "regular",
        "regulars",
        "power users",
        "power user",
        "fans",
        "superfans",
    ),
    "active": (
        "active",
        "most active",
        "most engaged",
        "engaged",
        "recent",
        "recently",
        "lately",
        "hot leads",
        "warm leads",
    ),
    "lapsed": (
        "lapsed",
        "inactive",
        "at risk",
        "dormant",
        "churned",
        "churning",
        "unengaged",
        "disengaged",
        "likely to churn",
        "cold leads",
    ),
    "new": ("new",),
    "young": ("young", "younger"),
    "old": ("old", "older"),
}
_FAMILY_OF = {word: family for family, words in _FAMILIES.items() for word in words}


def proposals(view: Scene, term: str) -> tuple[tuple[str, Condition], ...]:
    """What an evaluative word may mean in this catalog: two or three conditions with labels."""
    catalog = view.catalog
    buying = catalog.event(catalog.customers.buyer_event) if catalog.customers.buyer_event else None
    found: list[Condition] = []
    match _FAMILY_OF.get(term, ""):
        case "spending":
            found = [
                *_rich(view, term),
                *([Ranked("top", 10, "percent", _spend(buying))] if buying and buying.amount else []),
                *_top_tier(view),
            ]
            if buying and buying.amount:
                year = Rows(buying.key, (), last(12, Unit.MONTH))
                found.append(Did(year, Measure("sum", buying.amount), at_least(1000)))
        case "loyal" if buying:
            found = [
                Did(Rows(buying.key, (), last(12, Unit.MONTH)), comparison=at_least(3)),
                Did(Rows(buying.key), comparison=at_least(5)),
                *_top_tier(view),
            ]
        case "active":
            events = [e for e in (buying, *filter(shows_life, catalog.events)) if e is not None and e.time is not None]
            found = [
                Did(Rows(e.key, (), last(days, Unit.DAY)))
                for e, days in zip(dict.fromkeys(events), (90, 30, 30), strict=False)
            ]
        case "lapsed" if buying:
            found = [
                all_of(
                    (
                        Did(Rows(buying.key, (), more_than_ago(n, Unit.MONTH))),
                        Not(Did(Rows(buying.key, (), last(n, Unit.MONTH)))),
                    )
                )
                for n in (6, 12)
            ]
        case "new":
            signed = view.role(Role.SIGNED_UP)
            if buying:
                found.append(Nth(Rows(buying.key), 1, last(30, Unit.DAY)))
            if signed:
                found.append(Has(signed.key, Operator.WITHIN, (), last(30, Unit.DAY)))
        case "young" | "old" as side:
            age = view.role(Role.AGE)
            if age and side == "young":
                found = [Has(age.key, Operator.LT, (25,)), Has(age.key, Operator.LT, (35,))]
            elif age:
                found = [Has(age.key, Operator.GE, (55,)), Has(age.key, Operator.GE, (65,))]
        case _:
            pass
    return tuple((phrase_node(c, catalog), c) for c in found[:3])


def _spend(buying: Event) -> Measured:
    return Measured(Rows(buying.key), Measure("sum", buying.amount))


def _rich(view: Scene, term: str) -> list[Condition]:
    if term not in ("wealthy", "rich", "affluent", "high income", "high net worth"):
        return []
    fields = [f for role in (Role.INCOME, Role.NET_WORTH) if (f := view.role(role)) is not None]
    return [Ranked("top", 10, "percent", field.key) for field in fields]


def _top_tier(view: Scene) -> list[Condition]:
    tier = view.role(Role.TIER)
    return [Has(tier.key, Operator.IS, (tier.values[-1].value,))] if tier and tier.ordered and tier.values else []
