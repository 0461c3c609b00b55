"""Small words that usually say nothing, and where they do say something: those are reported, never dropped.

"still in Texas" is in Texas, "still buy" is more than bought; "no order yet" is no order, "ordered yet" is nobody's English;
"both shoes and hats" is an and, "both" alone is not; "might buy" is no purchase at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from segbot.nl.drafts import Draft, Leaf, Neg, walk
from segbot.nl.meaning import Clause

_NEGATING = frozenset(
    {"not", "never", "no", "without", "none", "nothing", "neither", "nor", "zero", "lacks", "lacking"}
)
_MODAL = frozenset({"might", "could", "would", "can", "may", "will", "shall"})
_BETWEEN = frozenset(
    {"not", "never", "also", "still", "already", "even", "ever", "have", "be", "well", "probably", "likely", "soon"}
)
_SUBJECTS = frozenset({"who", "that", "which", "they", "people", "customers"})
_REACH = 6
_UNDONE = frozenset({"open", "unresolved", "unsolved", "unanswered", "outstanding", "pending"})
_AFTER_BUT = frozenset({"still", "have", "has", "are", "is", "did", "remain"})


def heavy(draft: Draft, words: Sequence[str]) -> tuple[int, ...]:
    """The tokens of small words that say something here which no condition of the draft says."""
    if not _PERHAPS & set(words):
        return ()
    leaves = sorted((d for d in walk(draft) if isinstance(d, Leaf) and d.tokens), key=lambda d: min(d.tokens))
    negations = {t for d in walk(draft) if isinstance(d, Neg) for t in d.tokens}
    found = []
    for index, word in enumerate(words):
        match word:
            case _ if index in negations:
                light = True
            case "still":
                light = (
                    _negated(words, index, index + 4)
                    or _negated(words, index - 2, index)
                    or not _does(leaves, index)
                    or bool(_UNDONE & set(words[index + 1 : index + 2]))
                )
            case "yet":
                light = _negated(words, index - 12, index) or _negated(words, index, index + 2)
                light = light or bool(_AFTER_BUT & set(words[index + 1 : index + 2]))
            case "both":
                last = index + 1 == len(words)  # in store and online both
                around = words[max(index - _REACH, 0) : index] if last else words[index + 1 : index + 1 + _REACH]
                light = "and" in around or "&" in around
            case "may" if index and words[index - 1] not in _SUBJECTS:  # the month
                light = True
            case "may" if _a_month(words, index):
                light = True
            case _ if word in _MODAL:
                light = not _supposed(leaves, words, index)
            case _:
                continue
        if not light:
            found.append(index)
    return tuple(found)


def _a_month(words: Sequence[str], index: int) -> bool:
    """Whether "may" is the month: in May, 4 May 2026."""
    around = (*words[max(index - 1, 0) : index], *words[index + 1 : index + 2])
    return any(w[:1].isdigit() or w in _BEFORE_MONTH for w in around)


_BEFORE_MONTH = frozenset(
    {"in", "since", "during", "before", "after", "until", "by", "of", "last", "this", "next", "from", "through"}
)
_PERHAPS = _MODAL | {"still", "yet", "both"}


def _negated(words: Sequence[str], start: int, end: int) -> bool:
    return bool(_NEGATING & set(words[max(start, 0) : end]))


def _does(leaves: Sequence[Leaf], index: int) -> bool:
    """Whether the condition that a word belongs to, or stands before, is a behaviour at no certain time."""
    leaf = next((leaf for leaf in leaves if max(leaf.tokens) > index), None) or (leaves[-1] if leaves else None)
    return leaf is not None and isinstance(leaf.atom, Clause) and leaf.atom.when is None


def _supposed(leaves: Sequence[Leaf], words: Sequence[str], index: int) -> bool:
    """Whether a behaviour is only supposed: might buy, would have ordered."""
    following = index + 1
    while following < len(words) and words[following] in _BETWEEN:
        following += 1
    return any(
        isinstance(leaf.atom, Clause) and leaf.atom.shape == "verb" and following in leaf.tokens for leaf in leaves
    )
