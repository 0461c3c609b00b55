"""Short forms and slips that only their neighbours give away: "yoga n tents", "vips w sms", "brought" for bought.

Each becomes the word it stands for and is shown as a correction, so that it can be undone.
"""

# ruff: noqa: E501, SIM905 (tables of words read best one class to a line)

from __future__ import annotations

from collections.abc import Collection, Sequence

from segbot.nl.text import Token, TokenKind

_SHORT = {
    "wich": "which", "whch": "which", "wht": "what", "hav": "have", "hv": "have", "ths": "this", "lst": "last", "nxt": "next",
    "yr": "year", "yrs": "years", "wk": "week", "wks": "weeks", "mth": "month", "mths": "months", "mnth": "month", "mnths": "months",
    "mos": "months", "cust": "customers", "custs": "customers", "cstmrs": "customers", "custmers": "customers", "b4": "before", "btw": "between",
    "bw": "between", "abt": "about", "frm": "from", "frome": "from", "wth": "with", "wiht": "with", "nd": "and", "adn": "and", "bougt": "bought",
    "boght": "bought", "purch": "purchased", "oder": "order", "whith": "with", "teh": "the", "thier": "their", "liek": "like",
    "evry": "every", "evryone": "everyone", "every1": "everyone", "any1": "anyone", "some1": "someone",
    "peeps": "people", "subs": "subscribers", "ppls": "people", "poeple": "people", "peopel": "people", "peaple": "people", "wimen": "women",
    "trough": "through", "throught": "through", "womans": "women", "mans": "men", "childs": "children", "heyy": "hey", "heyyy": "hey", "hii": "hi",
    "tht": "that", "thats": "that", "dat": "that", "r": "are", "ur": "your", "lyk": "like", "nvr": "never", "nevr": "never",
}  # fmt: skip
_NOT_BOUGHT = frozenset(
    ["back", "home", "in", "along", "up", "down", "forward", "together", "friend", "friends", "them", "us"]
)
_UNITS = frozenset("day days week weeks month months quarter quarters year years yr yrs mo mos mths".split())
_PEOPLE = frozenset(
    "people ppl customers customer clients client users everybody everyone anybody anyone buyers shoppers members women men".split()
)
_SUBJECTS = frozenset(["about", "they", "we", "i", "he", "she", "it"])

_SAID_OF_PEOPLE = frozenset(
    "speak speaks live lives are is have has like likes own owns bought ordered did do never".split()
)


def spelled_out(tokens: Sequence[Token], known: Collection[str], free: Sequence[bool]) -> dict[int, str]:
    """The words that short forms stand for, by token. `known` are the catalog's words: they stay; `free` says which may change."""
    words = [token.norm for token in tokens]
    found: dict[int, str] = {}
    for index in range(len(tokens)):
        full = _full(tokens, words, index, known) if free[index] else None
        if full is not None:
            found[index] = words[index] = full
    return found


def _full(tokens: Sequence[Token], words: Sequence[str], index: int, known: Collection[str]) -> str | None:
    word = words[index]
    before = words[index - 1] if index else ""
    after = words[index + 1] if index + 1 < len(words) else ""
    lower = not tokens[index].shouted or all(t.shouted for t in tokens if t.text.isalpha())
    match word:
        case "n" if lower and _plain(before) and _plain(after):
            return "and"
        case "what" if (before in _PEOPLE or before.isdigit()) and after in _SAID_OF_PEOPLE:
            return "who"
        case "w" if lower and (_plain(after) or after.isdigit()):
            return "with"
        case "nr" if lower and (before in ("phone", "mobile", "telephone", "cell") or after in ("of",)):
            return "number"
        case "brought" if after and not _NOT_BOUGHT & set(words[index + 1 : index + 4]):
            return "bought"
        case "what" if before in _PEOPLE and after not in _SUBJECTS:
            return "who"
        case "what" if tokens[index - 1].text[:1].isupper() and index > 1 and after in _SAID_OF_PEOPLE:
            return "who"
        case "much" if before == "how" and _PEOPLE & set(words[index + 1 : index + 3]):
            return "many"
        case "since" if _lasting(tokens, words, index):
            return "for"
        case _:
            short = _SHORT.get(word) if lower or len(word) > 2 else None
            return short if short and word not in known else None


def _plain(word: str) -> bool:
    return len(word) > 1 and word.isalpha()


def _lasting(tokens: Sequence[Token], words: Sequence[str], index: int) -> bool:
    """ "not bought since 6 months": a length of time that is not ago, after a negation."""
    rest = words[index + 1 : index + 3]
    if len(rest) < 2 or tokens[index + 1].kind is not TokenKind.NUMBER or rest[1] not in _UNITS:
        return False
    return words[index + 3 : index + 4] != ["ago"] and bool(
        {"not", "never", "no"} & set(words[max(index - 5, 0) : index])
    )
