"""Spelling: what an unknown word may have been meant to be. Never a function word, and never for a word that is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from segbot.nl.lexicon import closed
from segbot.nl.lexicon.common import COMMON_WORDS
from segbot.nl.lexicon.compile import Lexicon
from segbot.nl.lexicon.idle import TALKING

SHORTEST = 4


_ENDINGS = (
    "s",
    "es",
    "ed",
    "d",
    "ing",
    "er",
    "ers",
    "r",
    "rs",
    "ly",
    "ness",
    "ful",
    "less",
    "ment",
    "ments",
    "ion",
    "ions",
    "able",
    "y",
    "al",
    "ish",
)


def stems(word: str) -> Iterator[str]:
    """A word and what it may be derived from: speakers → speak, running → run, cities → city."""
    yield word
    if word.endswith("ies"):
        yield word[:-3] + "y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            if ending in ("d", "r", "rs") and stem[-1] != "e":
                continue  # "orderd" is no form of order
            if stem[-1] == "y" and stem[-2] not in "aeiou" and ending[0] != "i":
                continue  # "marryed" is no form of marry
            yield stem
            yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]


@dataclass(slots=True)
class Speller:
    """Candidates for words that are in no list, by first letter; answers are remembered."""

    lexicon: Lexicon
    _buckets: dict[str, list[str]] = field(default_factory=dict)
    _memory: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for word in self.lexicon.content:
            if word not in closed.NEVER_CORRECTED_TO and word.isalpha():
                self._buckets.setdefault(word[0], []).append(word)

    def known(self, word: str) -> bool:
        """Whether a word is spelt right: of this catalog, or of everyday English."""
        return word in self.lexicon.words or word in TALKING or any(stem in COMMON_WORDS for stem in stems(word))

    def correct(self, word: str) -> str | None:
        """The word that an unknown one was surely meant to be, or None."""
        if len(word) < SHORTEST or not word.isalpha() or self.known(word):
            return None
        if word not in self._memory:
            if len(self._memory) > 5_000:
                self._memory.clear()
            self._memory[word] = self._find(word)
        return self._memory[word]

    def _find(self, word: str) -> str | None:
        allowed = 1 if len(word) < 8 else 2
        # people rarely miss the first letter; the second stands in for a swapped pair
        candidates = [*self._buckets.get(word[0], ()), *(self._buckets.get(word[1], ()) if word[1] != word[0] else ())]
        found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=allowed, limit=8)
        if not found:
            return None
        ranked = sorted(
            found,
            key=lambda f: (f[1], word[0] != f[0][0], -self.lexicon.content.get(f[0], 0), -fuzz.ratio(word, f[0]), f[0]),
        )
        best = ranked[0]
        if word[0] != best[0][0] and (best[1] > 1 or len(word) < 5):
            return None
        if best[1] == 2 and len(ranked) > 1 and ranked[1][1] == 2 and len(word) < 7:
            return None  # two equally far words: a guess would be a coin toss
        return str(best[0])
