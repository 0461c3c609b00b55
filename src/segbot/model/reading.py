"""What the reader makes of a sentence: a tree, and an account of every word of it.

Spans are character offsets [start, end) into the text as the person sent it. Doubt is data: assumptions can be switched,
questions carry complete choices, unread words carry suggestions. Nothing typed is ever missing from the account: each word
belongs to a phrase (part of a condition), a filler, an aside, an unread span, or words that a person left out.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from segbot.model.condition import Condition


class Outcome(StrEnum):
    """What can be done with a reading."""

    ANSWER = "answer"
    """A tree stands and nothing is unread."""
    CLARIFY = "clarify"
    """Two readings are honest: a choice is needed, and each choice is complete."""
    REJECT = "reject"
    """Something essential was not understood; the part that was is still in `condition`."""


def _key(*parts: object) -> int:
    """A number that names a doubt for as long as it is open, wherever it stands in its list: what a button carries."""
    return zlib.crc32(repr(parts).encode())


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that became part of a condition. `meaning` is plain English; `path` leads to the node (child indexes from the root)."""

    start: int
    end: int
    text: str
    meaning: str
    path: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Filler:
    """Words from the closed list of those that add nothing: please, show me, who are."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Aside:
    """Words taken as background and not as a condition: why somebody asks, whom a letter is from."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the person may have meant: `replacement` for the unread words, and why it is offered."""

    replacement: str
    why: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Words that were not understood, with suggestions from this catalog, best first.

    `wants_definition` marks a word that only the company can define ("high-value"); its suggestions are then meanings.
    """

    start: int
    end: int
    text: str
    suggestions: tuple[Suggestion, ...] = ()
    wants_definition: bool = False

    @property
    def key(self) -> int:
        """Names it on a button: the same however many others are settled before it."""
        return _key(self.start, self.end, self.text)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words that were not understood and that a person chose to do without. The condition never held them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a person said a word of the company means: `word` is `means`, in words that the reader understands.

    `applied` says that the reading's condition has this meaning already, `kept` that it is in the house dictionary,
    `declined` that an owner said no. `by` is who said it (a Slack user id).
    """

    word: str
    means: str
    by: str = ""
    applied: bool = False
    kept: bool = False
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A misspelt word read as another one, shown so that it can be undone."""

    start: int
    end: int
    said: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One complete reading to pick: its label and the whole tree it stands for."""

    label: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something decided for the person, said aloud, and switchable: each alternative is the whole tree with the other meaning.

    `code` is stable ("twice_at_least", "calendar_month", ...), for settings and tests.
    """

    code: str
    text: str
    start: int
    end: int
    alternatives: tuple[Choice, ...] = ()

    @property
    def key(self) -> int:
        """Names it on a button: the same however many others are settled before it."""
        return _key(self.code, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Question:
    """Two or more honest readings of some words. The first choice is the likelier one."""

    start: int
    end: int
    phrase: str
    text: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if len(self.choices) < 2:
            raise ValueError("a question offers at least two choices")

    @property
    def key(self) -> int:
        """Names it on a button: the same however many others are settled before it."""
        return _key(self.start, self.end, self.text)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A tree that a language model proposed and nobody has confirmed yet: the reading is unharmed until somebody does.

    `phrases` are the words it rests on, `unread` those it gave up.
    """

    condition: Condition
    restatement: str
    phrases: tuple[Phrase, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """A change that somebody made by replying: the words, the difference in one line, and who (a Slack user id)."""

    words: str
    change: str
    by: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole account of one request. `note` explains an outcome in words where there is no span for it (empty, not a segment).

    `left_out`, `as_typed` and `meanings` are what people said about the words since: words to do without, words that are
    no misspelling, and what words of the company mean. `edits` are the replies that changed the condition since, oldest first.
    """

    text: str
    outcome: Outcome
    condition: Condition | None
    restatement: str = ""
    phrases: tuple[Phrase, ...] = ()
    fillers: tuple[Filler, ...] = ()
    unread: tuple[Unread, ...] = ()
    corrections: tuple[Correction, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    intent: Literal["segment", "empty", "not_a_segment", "too_long"] = "segment"
    note: str = ""
    proposal: Proposed | None = None
    left_out: tuple[LeftOut, ...] = ()
    as_typed: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    edits: tuple[Edited, ...] = ()
    asides: tuple[Aside, ...] = ()
