"""Did-you-mean: the name nearest to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

_GOOD_ENOUGH = 66.0


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name closest to `word`, if one is close: "chioce" is near "choice". Case and punctuation do not matter."""
    found = process.extractOne(
        word, list(dict.fromkeys(names)), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_GOOD_ENOUGH
    )
    return str(found[0]) if found else None


def did_you_mean(word: str, names: Iterable[str]) -> str | None:
    """The suggestion that goes with an unknown name, or None when nothing is close."""
    near = nearest(word, names)
    return f"did you mean {near!r}?" if near is not None else None
