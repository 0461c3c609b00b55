"""From the text as typed to tokens that know where they came from.

Slack escapes and mark-up, smart quotes, odd spaces and full-width characters are made plain first, with a map back to the
characters of the original, so that every span of a `Reading` points into what the person really sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from segbot.nl.lexicon.closed import ABBREVIATIONS, CONTRACTED_IS, SHORT_CONTRACTIONS


class TokenKind(StrEnum):
    """What a token looks like, before anybody asks what it means."""

    WORD = "word"
    NUMBER = "number"
    ORDINAL = "ordinal"
    DECADE = "decade"
    DATE = "date"
    EMAIL = "email"
    DOMAIN = "domain"
    QUOTED = "quoted"
    SYMBOL = "symbol"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: the text as typed, its normal form, and its characters [start, end) in the original.

    `value` is the number of a number or ordinal, and the decade's first year of a decade (80 for "80s", 1980 for "1980s").
    """

    text: str
    norm: str
    start: int
    end: int
    kind: TokenKind
    value: int | float | None = None

    @property
    def shouted(self) -> bool:
        """Whether it was typed in capitals, as codes are: CA."""
        return self.text.isupper()


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text with, for each of its characters, the span of the original it stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


_QUOTES = {"‘": "'", "’": "'", "‚": "'", "ʼ": "'", "`": " ", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "´": "'"}
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_SPACES = dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u3000\t\r", " ")
_REPLACED = {**_QUOTES, **_DASHES, **_SPACES, "≥": " >= ", "≤": " <= ", "≠": " != ", "…": " "}
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\ufe0f\u00ad")
_ESCAPES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&quot;": '"', "&#39;": "'"}
_MARKUP = re.compile(
    r"<([@#!])([^<>|\s]*)(?:\|([^<>]*))?>|<((?:mailto:|tel:|https?://)[^<>|\s]*)(?:\|([^<>]*))?>|&(?:amp|lt|gt|nbsp|quot|#39);"
)
_VARIED = frozenset("<&") | _REPLACED.keys()
MENTION = "\ufffc"
"""Stands for a Slack mention or broadcast (<!channel>) in plain text: one character that no word contains."""


def plain(text: str) -> Plain:
    """The text without Slack's mark-up and typographic variety, with the way back."""
    if text.isascii() and _VARIED.isdisjoint(text):  # nearly all of them, and much quicker
        return Plain(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(characters: str, start: int, end: int) -> None:
        for character in characters:
            out.append(character)
            starts.append(start)
            ends.append(end)

    def put_each(first: int, last: int) -> None:
        for index in range(first, last):
            character = text[index]
            if character in _INVISIBLE:
                continue
            if character in _FRACTIONS:
                put(_fraction(character, out), index, index + 1)
            elif character in _REPLACED:
                put(_REPLACED[character], index, index + 1)
            elif character.isascii():
                put(character, index, index + 1)
            else:
                put(_folded(character), index, index + 1)

    position = 0
    for match in _MARKUP.finditer(text):
        put_each(position, match.start())
        position = match.end()
        if match[1]:
            put(f" {MENTION} ", match.start(), match.end())
        elif match[4]:
            label = 5 if match[5] else 4
            first = match.start(label) + (
                match[4].find(":") + 1 if label == 4 and match[4][:4] in ("mail", "tel:") else 0
            )
            put_each(first, match.end(label))
        else:
            put(_ESCAPES[match[0]], match.start(), match.end())
    put_each(position, len(text))
    return Plain("".join(out), tuple(starts), tuple(ends))


def _fraction(character: str, before: Sequence[str]) -> str:
    """A vulgar fraction as a decimal one, part of the whole number before it: 2½ → 2.5, ½ → 0.5."""
    written = "".join(before[-12:])
    whole = re.search(r"(?<![\w.,/:+-])\d{1,9}\Z", written)
    return f"{_FRACTIONS[character]} " if whole else f" 0{_FRACTIONS[character]} "


def _folded(character: str) -> str:
    """Lower case, compatible form, without accents: É → e, ２ → 2. What would be more than one word stays as it is: ㏂."""
    decomposed = unicodedata.normalize("NFKD", character)
    base = "".join(c for c in decomposed if not unicodedata.combining(c))
    if len(base) > 1 and not (base.isalpha() or base.isdigit()):
        return character
    return base or " "


def fold(text: str) -> str:
    """A whole text in the form tokens are compared in."""
    if text.isascii():
        return text.lower()
    return plain(text).text.lower()


_TOKEN = re.compile(
    r"""
      (?P<email>[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)
    | (?P<at>@[a-z0-9-]+(?:\.[a-z0-9-]+)+)
    | (?P<url>https?://\S+)
    | (?P<quoted>"[^"\n]{1,80}")
    | (?P<phone>(?<![\w+])\+\d{1,4}(?:[ -]?\d{2,5}){0,4}(?![\w%]))
    | (?P<date>\d{4}-\d{1,2}-\d{1,2}(?!\d)|(?<![\d-])\d{1,2}-\d{1,2}-(?:19|20)\d\d(?![\d-])
        |\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?!\d)|\d{1,2}/\d{1,2}(?![\d/]))
    | (?P<decade>'?(?:(?:19|20)\d|\d)0'?s\b)
    | (?P<ordinal>\d+(?:st|nd|rd|th)\b)
    | (?P<number>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:\s{0,2}(?P<suffix>k|mm|mn|bn)\b)?)
    | (?P<domain>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.
        (?:com|net|org|edu|gov|io|co|uk|de|fr|ca|us|me|eu|info|biz|ai|app|dev|it|es|nl|ch|at|be|br|mx|jp|au|in)\b)
    | (?P<dotted>(?<!\S)\.[a-z]{2,6}\b)
    | (?P<short>\bw/o\b|\bw/|\bb/c\b|\br&b\b)
    | (?P<shortcode>:[a-z0-9_+-]*[a-z][a-z0-9_+-]*:)
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*'?)
    | (?P<symbol>>=|<=|!=|<>|==|&&|\|\||[^\s\w]|_)
    | (?P<other>\S)
    """,
    re.VERBOSE,
)
_SUFFIX = {"k": 1_000, "mm": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
_BLANK = frozenset("*~_")


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, in order. Nothing but white space, hyphens within words and mark-up (*, _, ~) is left out."""
    source = plain(text)
    lowered = source.text.lower()
    if len(lowered) != len(source.text):  # a few characters grow when lowered; fold them one by one
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in source.text)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(lowered):
        kind = match.lastgroup or "other"
        if match["suffix"] and match["number"]:
            kind = "number"
        start, end = match.span()
        if match[0] == "-" and _inner_hyphen(lowered, start):
            continue
        made = _make(kind, match[0], match["suffix"], start, end)
        tokens.extend(_placed(text, source, made))
    return _numbered(text, tokens)


def _numbered(text: str, tokens: list[Token]) -> list[Token]:
    """The numbers of a numbered list as its bullets: 1) women 2) in Texas. They count up from one, so they say nothing else."""
    found: list[int] = []
    for index in range(len(tokens) - 1):
        number, mark = tokens[index], tokens[index + 1]
        opens = index == 0 or text[number.start - 1 : number.start].isspace()
        closes = mark.norm in (")", ".") and mark.start == number.end and text[mark.end : mark.end + 1].isspace()
        if number.kind is TokenKind.NUMBER and number.value == len(found) + 1 and opens and closes:
            found.append(index)
    if len(found) < 2:
        return tokens
    marks = {tokens[index + 1].norm for index in found}
    if len(marks) > 1 or (found[0] and "." in marks):
        return tokens
    merged: list[Token] = []
    for index, token in enumerate(tokens):
        if index in found:
            end = tokens[index + 1].end
            merged.append(Token(text[token.start : end], "\u2022", token.start, end, TokenKind.SYMBOL))
        elif index - 1 not in found:
            merged.append(token)
    return merged


def _inner_hyphen(text: str, at: int) -> bool:
    """Whether a hyphen is within a word (top-tier, under-25s, 90-day) and not between numbers (25-40, 50k-100k) or free."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if not before.isalnum() or not after.isalnum():
        return False
    if after.isalpha():
        return True
    start = at
    while start and text[start - 1].isalnum():
        start -= 1
    return text[start:at].isalpha() and at - start > 1


_Made = tuple[str, TokenKind, int | float | None, int, int]


def _make(kind: str, said: str, suffix: str | None, start: int, end: int) -> list[_Made]:
    match kind:
        case "word":
            return _word(said, start, end)
        case "number":
            digits = said.removesuffix(suffix or "").strip().replace(",", "")
            if len(digits) > 15:
                return [(said, TokenKind.OTHER, None, start, end)]
            value: int | float = float(digits) if "." in digits else int(digits)
            if suffix:
                value = round(value * _SUFFIX[suffix], 6)
            return [(said, TokenKind.NUMBER, int(value) if value == int(value) else value, start, end)]
        case "ordinal":
            digits = said[:-2]
            return [(said, TokenKind.ORDINAL, int(digits) if len(digits) < 9 else None, start, end)]
        case "decade":
            return [(said, TokenKind.DECADE, int(said.strip("'s")), start, end)]
        case "short":
            return [(ABBREVIATIONS.get(said, said), TokenKind.WORD, None, start, end)]
        case "quoted":
            return [(said[1:-1].strip(), TokenKind.QUOTED, None, start, end)]
        case "at":
            return [(said[1:], TokenKind.DOMAIN, None, start, end)]
        case "phone":
            return [(said, TokenKind.QUOTED, None, start, end)]
        case "dotted":
            return [(said, TokenKind.DOMAIN, None, start, end)]
        case "email" | "domain" | "date":
            return [(said, TokenKind(kind), None, start, end)]
        case "symbol" if said in _BLANK:
            return []
        case "symbol" if len(said) > 1 or said.isascii():
            return [(said, TokenKind.SYMBOL, None, start, end)]
        case _:
            return [(said, TokenKind.OTHER, None, start, end)]


def _word(said: str, start: int, end: int) -> list[_Made]:
    """A word, or the two words of a contraction: haven't → have, not. A possessive belongs to its word: women's → women."""
    word = TokenKind.WORD
    if said in SHORT_CONTRACTIONS:
        first, second, cut = SHORT_CONTRACTIONS[said]
        return [(first, word, None, start, start + cut), (second, word, None, start + cut, end)]
    if "'" not in said:
        return [(said, word, None, start, end)]
    base, _, tail = said.rpartition("'")
    cut = start + len(base)
    if said == "n't":  # what is left of a word behind a sign
        return [("not", word, None, start, end)]
    if said.endswith("n't"):
        whole = {"can": "can", "ca": "can", "wo": "will", "sha": "shall", "ai": "are"}.get(said[:-3], said[:-3])
        return [(whole, word, None, start, end - 3), ("not", word, None, end - 3, end)]
    if tail in ("re", "ve", "ll", "m", "d"):
        full = {"re": "are", "ve": "have", "ll": "will", "m": "am", "d": "would"}[tail]
        return [(base, word, None, start, cut), (full, word, None, cut, end)]
    if tail == "s" and base in CONTRACTED_IS:
        return [(base, word, None, start, cut), ("is" if base != "let" else "us", word, None, cut, end)]
    if tail in ("s", ""):
        return [(base, word, None, start, end)]
    return [(said, word, None, start, end)]


def _placed(text: str, source: Plain, made: list[_Made]) -> list[Token]:
    placed = []
    for norm, kind, value, start, end in made:
        first, last = source.starts[start], source.ends[end - 1]
        placed.append(Token(text[first:last], norm, first, last, kind, value))
    return placed


_SPELT_OTHERWISE = frozenset({*SHORT_CONTRACTIONS, *_SUFFIX})
_SIMPLE = re.compile(r"(?:[A-Za-z]+|\d{1,9})(?: (?:[A-Za-z]+|\d{1,9}))*")


def words_of(text: str) -> tuple[str, ...]:
    """A catalog's phrase as the normal forms its tokens will have."""
    if _SIMPLE.fullmatch(text):  # nearly all of them, and much quicker
        words = tuple(text.lower().split())
        if _SPELT_OTHERWISE.isdisjoint(words):
            return words
    return tuple(token.norm for token in tokenize(text))
