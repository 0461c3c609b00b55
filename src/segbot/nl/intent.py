"""Requests that ask for no segment: empty ones, thanks, and questions about something other than people.

Each is told what segbot does and, where there is one, the nearest thing that it can do. A sentence that asks for people is
never turned away here, whatever else it says.
"""

# ruff: noqa: E501 (patterns read best one kind to a line)

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from segbot.model.catalog import Catalog
from segbot.model.condition import Condition
from segbot.model.reading import Outcome, Reading, Unread
from segbot.nl.aside import people_in
from segbot.nl.lexicon.compile import Lexicon
from segbot.nl.phrase import phrase
from segbot.nl.text import Token

_START = r"^\s*(?:(?:hi|hello|hey|please|pls|so|ok|okay|and|can you|could you|can u)[,! ]+)*"
_MESSAGE = r"(?:e-?mails?|newsletters?|campaigns?|messages?|texts?|sms|posts?|mailings?|push(?:es)?|letters?)"
_MADE = (
    r"(?:codes?|coupons?|vouchers?|landing pages?|banners?|templates?|subject lines?|dashboards?|reports?|charts?|graphs?"
    r"|a/b tests?|spreadsheets?|decks?|forecasts?)"
)

_THANKS = re.compile(
    r"^\W*(?!(?:(?:everyone|all)\W*)+$)(?:(?:thanks?(?: you| u)?|thx|ty|cheers|ta|great|perfect|awesome|amazing|lovely|brilliant|excellent|nice|cool|wow|super"
    r"|good (?:bot|job|work|stuff)|well done|you rock|love it|bye|goodbye|see you|never ?mind|no worries|all good|got it|ok|okay"
    r"|(?:that|this|it)(?:'s| is| was)? (?:(?:was|is|really|super|very|so|just|all) )*(?:helpful|great|perfect|awesome|amazing|useful|good|it|fine|cool|what i needed)"
    r"|a lot|so much|very much|again|a bunch|a million|everyone|all|segbot|team|for (?:the|your) help|for (?:that|this)|really|so|helpful)\W*)+$",
    re.IGNORECASE,
)
_BY_NOTE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"{_START}(?:draft|compose|write(?! to\b)|design|proofread|translate)\b.*\b(?:{_MESSAGE}|subject|copy)\b",
            re.IGNORECASE | re.DOTALL,
        ),
        "segbot writes and sends nothing: it finds the people to send it to. Say who they are, for example “people who opened an email in "
        "the last 30 days”.",
    ),
    (
        re.compile(
            rf"{_START}(?:schedule|send(?: out)?|publish|resend|forward|cancel|pause|launch|post)\b.*\b(?:{_MESSAGE})\b",
            re.I | re.S,
        ),
        "segbot sends nothing: it finds the people to send it to. Say who they are, for example “people who opened an email in the last "
        "30 days”.",
    ),
    (
        re.compile(
            rf"{_START}(?:create|make|generate|set up|add|design|build|write|need)\b(?:(?!\b(?:who|used|using|with)\b).)*\b{_MADE}\b",
            re.IGNORECASE | re.DOTALL,
        ),
        "segbot makes nothing but groups of people. It can find who such a thing is for: try “people who …”.",
    ),
    (
        re.compile(
            rf"{_START}(?:how (?:did|does|do|is|was|are|were|well)\b.*\b(?:perform\w*|do(?:ing)?|go(?:ing)?|convert\w*|work(?:ing)?|sell\w*)\b"
            rf"|what (?:was|is|were) the (?:open|click|conversion|unsubscribe|bounce)(?: ?-?through)? rate\b)",
            re.IGNORECASE | re.DOTALL,
        ),
        "segbot reports no results of campaigns or sales: it counts people. The nearest is who took part, for example “people who opened an "
        "email last week” or “people who clicked an email and then bought”.",
    ),
    (
        re.compile(
            rf"{_START}(?:(?:which|what)(?:'s)?(?: (?:of|are|is|one|ones|our|the|my|one of))* (?:campaign|e-?mail|product|message|segment|channel|item|brand|categor|best ?-?sell|top ?-?sell|store|shop)(?:s|es|ies|ys|y|ing)?(?: (?:product|item|brand|campaign)s?)?)\b",
            re.IGNORECASE,
        ),
        "That asks about something other than people. segbot finds and counts people: try “people who bought …” or “people who opened …”.",
    ),
    (
        re.compile(
            rf"{_START}(?:how much\b|why\b|how do i\b|where (?:do|can|should) (?:i|we|you)\b|how do you\b|how does\b|how can i\b|when did\b|when do\b|when is\b|what time\b"
            r"|what was our\b|what is our\b|what were our\b|what(?:'s| is) the (?:weather|average|total|revenue|open rate|conversion)"
            r"|delete\b.*\b(?:customers|people|users|members|everyone|all|them)\b"
            r"|(?:the )?(?:average|total|median) [a-z ]+ (?:by|per) \w+\s*$)",
            re.IGNORECASE | re.DOTALL,
        ),
        "That asks for something other than a group of people. segbot finds and counts people: try “people who …”.",
    ),
)
_COUNTED = re.compile(
    rf"{_START}how many (?P<counted>.*?)\b(?:did we|do we|have we|were sent|we sent|we send|have you|do you)\b",
    re.I | re.S,
)
_HOW_MUCH = re.compile(
    rf"{_START}how much (?!(?:do|did|does|have|has|are|is|we|you)\b)(?P<counted>[\w' -]+?)"
    r"(?=\s+(?:do|did|have|has|are|is|we|you|live|lives|in|from|near|with|without|who|that|which|what|whose)\b|\W*$)",
    re.I,
)
_MEANING = re.compile(
    rf"{_START}(?:what (?:does|did|do(?! we\b| you\b)) [“\"']?(?P<a>[\w' -]+?)[”\"']? mean\b|what do (?:we|you) mean by [“\"']?(?P<b>[\w' -]+?)[”\"']?(?: here)?\W*$"
    rf"|how (?:do|does) (?:we|you|segbot) define [“\"']?(?P<c>[\w' -]+?)[”\"']?(?: here)?\W*$|how (?:is|are) [“\"']?(?P<g>[\w' -]+?)[”\"']? defined(?: here)?\W*$"
    rf"|define [“\"']?(?P<d>[\w' -]+?)[”\"']?\W*$|what(?:'s| is) (?:the )?(?:definition|meaning) of [“\"']?(?P<e>[\w' -]+?)[”\"']?\W*$"
    r"|what counts as (?:an? )?[“\"']?(?P<f>[\w' -]+?)[”\"']?(?: here)?\W*$)",
    re.IGNORECASE,
)
_HELP = re.compile(
    r"^\W*(?:help|help me|what can you do|what do you do|how does this work|who are you|what are you)\W*$",
    re.IGNORECASE,
)
_HELP_NOTE = (
    "segbot finds and counts people by what they are and what they did. Try: women in California who bought twice."
)
_WELCOME = (
    "You're welcome! Say who you are looking for whenever you like, for example: women in California who bought twice."
)
_NOT_COUNTED = "That counts something other than people. segbot finds and counts people: try “how many people …”."


def empty_reading(text: str) -> Reading:
    """Nothing was said."""
    return Reading(
        text,
        Outcome.REJECT,
        None,
        intent="empty",
        note="Say who you are looking for, for example: women in California who bought twice.",
    )


def not_a_segment(
    text: str,
    tokens: Sequence[Token],
    lexicon: Lexicon,
    catalog: Catalog,
    terms: Mapping[str, tuple[str, Condition]],
) -> Reading | None:
    """A message that people can't be counted for, with what is said to it; or None. `terms` are the words of the house."""
    if _THANKS.match(text):
        return _refused(text, tokens, _WELCOME)
    if _HELP.match(text):
        return _refused(text, tokens, _HELP_NOTE)
    if match := _MEANING.match(text):
        said = next(group for group in match.groups() if group)
        return _refused(text, tokens, _defined(said, catalog, terms))
    if match := _COUNTED.match(text):
        return None if _of_people(match, tokens, lexicon) else _refused(text, tokens, _NOT_COUNTED)
    if (match := _HOW_MUCH.match(text)) and _of_people(match, tokens, lexicon):
        return None
    for index, (pattern, note) in enumerate(_BY_NOTE):
        if pattern.match(text) and (index not in _UNLESS_PEOPLE or not people_in(tokens, lexicon)):
            return _refused(text, tokens, note)
    return None


def _of_people(match: re.Match[str], tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether what is counted is people: how many gold members, and not how many emails to members."""
    start, end = match.span("counted")
    people = people_in(tokens, lexicon)
    counted = [k for k, token in enumerate(tokens) if start <= token.start and token.end <= end]
    noun = next((k for k in counted if k in people), None)
    return noun is not None and not any(tokens[k].norm in _PREPOSITIONS for k in counted if k < noun)


def _defined(said: str, catalog: Catalog, terms: Mapping[str, tuple[str, Condition]]) -> str:
    """What a word means in this house, or that nobody has said so."""
    wanted = " ".join(re.sub(r"^(?:an?|the) ", "", said.strip().casefold()).split())
    forms = {wanted, wanted.removesuffix(f" {catalog.customers.plural.casefold()}"), wanted.removesuffix("s")}
    for word, condition in terms.values():
        if {word.casefold(), word.casefold().removesuffix("s")} & forms:
            return f"“{word}” means here: {phrase(condition, catalog)}."
    return (
        f"Nobody has said yet what “{said.strip()}” means here. Ask for people by that word, and segbot asks what it should mean; "
        "an owner can keep the answer in the dictionary."
    )


def _refused(text: str, tokens: Sequence[Token], note: str) -> Reading:
    whole = Unread(tokens[0].start, tokens[-1].end, text[tokens[0].start : tokens[-1].end])
    return Reading(text, Outcome.REJECT, None, unread=(whole,), intent="not_a_segment", note=note)


_PREPOSITIONS = frozenset(["to", "from", "by", "for", "of", "with"])
_UNLESS_PEOPLE = frozenset([1, 2, 3])
"""Of the patterns those that say nothing against a sentence which asks for people."""
