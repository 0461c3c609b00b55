"""Two letters as a code: a place, a language, a gender; only where they can't be an everyday word or an abbreviation.

"TV" is Tuvalu, "me" Maine and "ok" Oklahoma only to a computer. In capitals two letters are a code; in small letters they
are one behind a word for a place, in a list of places, between the signs of a list, or before people. What is also an
English word is never a code in small letters, and what is also an abbreviation only where a place stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from segbot.nl.text import Token, TokenKind

_WORDS = frozenset(
    "in or me hi ok so no we be by to at on as is it if an am do go he up my of a i m f s x d w um uh eh".split()  # noqa: SIM905
)
"""Small letters that are always words."""

_PARTS = frozenset("oh la de co id al ma pa mo st re ha ps th vs te tu et es le el da di un se sa".split())  # noqa: SIM905
"""Small letters that are parts of names, or words now and then: codes only where a place stands."""

_ABBREVIATIONS = frozenset("tv ad ai it pm am pc dj hr pr ps qa mr ms md id cd sms tm sg bs ba ok".split())  # noqa: SIM905
_BEFORE_US = frozenset(
    ["all", "our", "the", "active", "new", "and", "or", "female", "male", "gold", "for", "of", ",", ":"]
)
_PRONOUN_CUES = frozenset({"from", "to", "is", "are", "not", "near"})
_SURE = frozenset({"uk"})
_CUES = frozenset(
    [
        "in",
        "from",
        "near",
        "around",
        "outside",
        "live",
        "lives",
        "living",
        "lived",
        "based",
        "located",
        "reside",
        "resides",
        "residing",
        "state",
        "states",
        "country",
        "region",
        "is",
        "are",
        ":",
        "=",
        "to",
        "into",
        "within",
        "inside",
        "across",
        "throughout",
        "the",
        "not",
        "except",
        "excluding",
    ]
)
_DIVIDERS = frozenset(["+", ";", "|", "."])
_JOINTS = frozenset({"and", "or", ",", "/", "&", "|", "nor", "-"})
_PEOPLE = frozenset(
    [
        "residents",
        "resident",
        "based",
        "customers",
        "people",
        "men",
        "women",
        "buyers",
        "shoppers",
        "users",
        "members",
        "folks",
        "locals",
        "only",
        "homeowners",
        "subscribers",
        "state",
    ]
)


def readable(tokens: Sequence[Token], index: int, places: Collection[int], shouting: bool) -> float | None:
    """What reading the two letters at an index as a code costs; None where they are none.

    `places` are the indexes at which a place was said to end; `shouting` says that the whole text is in capitals.
    """
    token = tokens[index]
    before = tokens[index - 1] if index else None
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    capitals = token.shouted and not shouting
    if token.norm in _SURE:
        return 0.0
    placed = _placed(before, index, places)
    if token.norm in _ABBREVIATIONS:
        return 0.0 if capitals and placed else None
    people = following is not None and following.norm in _PEOPLE
    if token.norm == "us":  # also a pronoun: give us customers in the us
        placed = placed or (capitals and before is not None and before.norm in _DIVIDERS)
        placed = capitals or (placed and (before is None or before.norm not in _PRONOUN_CUES))
        return -0.5 if placed or (people and (before is None or before.norm in _BEFORE_US)) else None
    if capitals:
        return 0.0
    if token.norm in _WORDS:
        return None
    lone = before is None or before.kind is TokenKind.SYMBOL
    last = following is None or following.kind is TokenKind.SYMBOL
    trailing = last and before is not None and before.norm.endswith("s") and len(before.norm) > 3  # big spenders tx
    return 0.3 if placed or ((lone or people or trailing) and token.norm not in _PARTS) else None


def _placed(before: Token | None, index: int, places: Collection[int]) -> bool:
    if before is None:
        return False
    return before.norm in _CUES or (before.norm in _JOINTS and index - 2 in places) or index - 1 in places
