"""The sentence as scope sees it: operands and operators in a row, made from the pieces of a cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from segbot.nl.cover import Piece
from segbot.nl.drafts import All, Draft, Leaf, Tokens
from segbot.nl.meaning import AmountOn, Asked, Bound, Clause, Consent, Ready, Refs, Test, When, Word


@dataclass(slots=True, eq=False)
class X:
    """An operand: a draft, whether it can head a phrase (people), and whether its verb was left out."""

    draft: Draft
    head: bool = False
    elided: bool = False

    @property
    def atom(self) -> Any:
        """The single atom it consists of, or None."""
        return self.draft.atom if isinstance(self.draft, Leaf) else None

    @property
    def clause(self) -> Clause | None:
        """Its behaviour, if it is one."""
        atom = self.atom
        return atom if isinstance(atom, Clause) else None

    @property
    def test(self) -> Test | None:
        """Its attribute test, if it is one."""
        atom = self.atom
        return atom if isinstance(atom, Test) else None

    @property
    def tokens(self) -> Tokens:
        """The tokens of a single atom."""
        return self.draft.tokens if isinstance(self.draft, Leaf | All) else ()

    def with_atom(self, atom: Any, tokens: Tokens = ()) -> None:
        """Give it another atom, and further tokens."""
        self.draft = Leaf(atom, tuple(sorted({*self.tokens, *tokens})))


@dataclass(slots=True, eq=False)
class Op:
    """An operator: its category and tokens."""

    cat: str
    tokens: Tokens


@dataclass(slots=True, eq=False)
class Frag:
    """A meaning that needs a neighbour: a window, a count, a bare value."""

    cat: str
    sem: When | Bound | Refs | Consent | AmountOn | Word
    tokens: Tokens


Element = X | Op | Frag
_DROPPED = frozenset({"FILLER", "GLUE"})
_FRAGMENTS = frozenset({"WHEN", "FREQ", "BOUND", "VALUE", "BOUNDON", "ONVALUE", "BYRANK", "RECENCY", "NOTHINGWHEN"})
_AS_COMMA = frozenset({"COMMA", "DASH"})


@dataclass(slots=True)
class Row:
    """All elements of a sentence, with the tokens that are fillers, background, and those that nobody understood."""

    elements: list[Element] = field(default_factory=list)
    fillers: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    asides: list[int] = field(default_factory=list)
    words: Sequence[str] = ()
    """The words of all tokens."""


def row_of(pieces: Sequence[Piece], words: Sequence[str]) -> Row:
    """Sort the pieces of a cover."""
    row = Row(words=words)
    for piece in pieces:
        sem: Any = piece.item.sem if piece.item else None
        if piece.cat in _DROPPED:
            row.fillers += piece.tokens
        elif piece.cat == "ASIDE":
            row.asides += piece.tokens
        elif piece.cat in ("UNKNOWN", "UNSUPPORTED"):
            row.unread += piece.tokens
        elif piece.cat == "NOUN":
            row.elements.append(X(All(piece.tokens), head=True))
        elif piece.cat == "CONSENT" and isinstance(sem, Consent) and not sem.verb:
            row.elements.append(Frag("CONSENT", sem, piece.tokens))
        elif piece.cat in ("TEST", "EV", "READY", "CONSENT", "ASKED"):
            row.elements.append(X(Leaf(sem, piece.tokens), head=_is_head(sem)))
        elif piece.cat in _FRAGMENTS:
            row.elements.append(Frag(piece.cat, sem, piece.tokens))
        else:
            row.elements.append(Op(_operator(piece.cat, sem), piece.tokens))
    return row


def _operator(cat: str, sem: Any) -> str:
    """The operator that a word is for the scope: brackets and dashes are commas, "without" negates like "not"."""
    if cat in _AS_COMMA:
        return "COMMA"
    return "NOT" if cat == "NO" and sem is not None and str(sem.value).startswith("without") else cat


def _is_head(sem: Any) -> bool:
    match sem:
        case Test(person=person):
            return person
        case Clause(shape=shape):
            return shape == "actor"
        case Ready(person=person):
            return person
        case Asked():
            return True
        case _:
            return False
