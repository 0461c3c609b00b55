"""Requests that ask for no segment: empty ones, and questions about something other than people."""

from __future__ import annotations

import re
from collections.abc import Sequence

from segbot.model.reading import Outcome, Reading, Unread
from segbot.nl.lexicon.compile import END, Lexicon
from segbot.nl.meaning import Refs
from segbot.nl.text import Token

_OTHER = re.compile(
    r"^\s*(?:(?:hi|hello|hey|please|so|ok|okay)[,! ]+)*"
    r"(?:how much\b|why\b|how do i\b|how do you\b|how does\b|how can i\b|when did\b|when do\b|when is\b"
    r"|which (?:campaign|e-?mail|product|message|segment|channel)s?\b"
    r"|(?:write (?!to\b)|draft |compose |design ).*\b(?:subject|copy|e-?mail|newsletter|campaign|message|text|post)s?\b"
    r"|delete\b.*\b(?:customers|people|users|members|everyone|all|them)\b"
    r"|(?:the )?(?:average|total|median) [a-z ]+ (?:by|per) \w+\s*$"
    r"|what time\b|what was our\b|what is our\b|what were our\b|"
    r"what(?:'s| is) the (?:weather|average|total|revenue|open rate|conversion)|"
    r"how many (?P<counted>\w+)(?P<rest>.*?\b(?:did we|do we|have we|were sent|we sent|we send)\b))",
    re.IGNORECASE | re.DOTALL,
)


def _people(sem: object) -> bool:
    return isinstance(sem, Refs) and sem.plural and any(ref.owner is None for ref in sem.refs)


def empty_reading(text: str) -> Reading:
    """Nothing was said."""
    return Reading(
        text,
        Outcome.REJECT,
        None,
        intent="empty",
        note="Say who you are looking for, for example: women in California who bought twice.",
    )


def not_a_segment(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> Reading | None:
    """A question that people can't be counted for, or None."""
    match = _OTHER.match(text)
    if match is None:
        return None
    counted = match["counted"]
    if counted:
        node = lexicon.trie.get(counted.lower())
        if node is not None and any(
            _people(entry.sem) or entry.cat in ("NOUN", "ACTOR") for entry in node.get(END, ())
        ):
            return None
    note = "That asks for something other than a group of people. segbot finds and counts people: try “people who …”."
    whole = Unread(tokens[0].start, tokens[-1].end, text[tokens[0].start : tokens[-1].end])
    return Reading(text, Outcome.REJECT, None, unread=(whole,), intent="not_a_segment", note=note)
