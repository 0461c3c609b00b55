"""What may be shown of a request that was not wholly read: never a condition beside a word of logic that nobody understood.

"spent $1,000 last year, and nothing this year" with "nothing" unread must not keep "bought this year": that is the opposite.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from segbot.nl.drafts import All, Draft, Fork, Join, Leaf, Neg, Within, walk

_LOGIC = frozenset({
    "not", "never", "no", "none", "nothing", "neither", "nor", "nobody", "without", "within", "then", "unless",
    "except", "exclude", "excluding", "quit", "stopped", "ceased", "half", "instead", "hardly", "barely", "rarely", "seldom",
    "only", "must", "fewer", "less", "under", "below", "lacks", "stop", "might", "could", "would",
    "will", "shall",
})  # fmt: skip
_JOINTS = frozenset({"but", "and", "or", ",", ";", "."})
_REACH = 4


def kept(draft: Draft, words: Sequence[str], unread: Collection[int]) -> Draft:
    """The draft without the conditions whose meaning hangs on an unread word of logic."""
    doubtful: list[Leaf] = []
    leaves = [d for d in walk(draft) if isinstance(d, Leaf) and d.tokens]
    for token in unread:
        if words[token] not in _LOGIC:
            continue
        after = [leaf for leaf in leaves if any(token < t <= token + _REACH for t in leaf.tokens)]
        before = [leaf for leaf in leaves if any(token - _REACH <= t < token for t in leaf.tokens)]
        if after:
            doubtful.append(min(after, key=lambda leaf: min(t for t in leaf.tokens if t > token)))
        elif before and not (token and words[token - 1] in _JOINTS):
            doubtful.append(max(before, key=lambda leaf: max(t for t in leaf.tokens if t < token)))
    return (_without(draft, doubtful) or All(())) if doubtful else draft


def _without(draft: Draft, doubtful: Sequence[Leaf]) -> Draft | None:
    """A draft without some leaves, or None; of alternatives none may go alone, since the rest would say more than was said."""
    match draft:
        case Leaf():
            return None if any(draft is leaf for leaf in doubtful) else draft
        case Neg(part=part):
            inner = _without(part, doubtful)
            return None if inner is None else replace(draft, part=inner)
        case Join(any=union, parts=parts):
            found = [p for part in parts if (p := _without(part, doubtful)) is not None]
            if not found or (union and len(found) < len(parts)):
                return None
            return found[0] if len(found) == 1 else replace(draft, parts=tuple(found))
        case Within(ranked=ranked, part=part):
            inner = _without(part, doubtful)
            head = _without(ranked, doubtful)
            if head is None or inner is None:
                return head or inner
            return replace(draft, part=inner)
        case Fork(options=options):
            option = _without(options[0][1], doubtful)
            same = option is options[0][1]
            return draft if same else option
        case _:
            return draft
