"""Whether a message in a thread is said to segbot at all. Silence is the safe answer: people talk to each other here."""

from __future__ import annotations

from dataclasses import dataclass

from segbot.model.condition import Reachable
from segbot.model.windows import Ago, Calendar, EndOf, Now, StartOf, Unit, Weekday, WeekOf, Window
from segbot.nl.edit_frames import COURTESY, GREETING, REQUEST, SHOW, Said, said
from segbot.nl.edit_words import Fragment
from segbot.nl.meaning import Clause, Test
from segbot.nl.text import MENTION, Token


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message without its courtesy: what is said, from the token `first` on.

    `shown` says that it opened with "show me" or the like, `plain` that it opened with nothing, `asked` that it is a question.
    """

    said: Said
    first: int
    shown: bool = False
    plain: bool = True
    asked: bool = False
    loud: bool = False
    """Ends in an exclamation mark."""


def opening(tokens: tuple[Token, ...]) -> Spoken:
    """Take greetings, requests and thanks off a message."""
    line = said(tokens)
    start = 0
    asked = line.line.endswith("?")
    shown, plain = False, True
    end = len(line.line)
    found = COURTESY.search(line.line)
    if found:
        end = found.start()
    while start < end:
        rest = line.line[start:end]
        greeting = GREETING.match(rest)
        show = SHOW.match(rest)
        request = REQUEST.match(rest)
        if greeting and greeting.end() < len(rest):
            start += greeting.end()
        elif show and plain:
            shown = True
            start += show.end()
            plain = False
        elif request and plain:
            start += request.end()
            plain = False
        else:
            break
    first, last = line.inside(start, end)
    return Spoken(line.part(first, last), first, shown, plain, asked, line.line.endswith("!"))


_PEOPLE_TALKING = frozenset(
    [
        "i",
        "me",
        "my",
        "mine",
        "myself",
        "we",
        "us",
        "our",
        "ours",
        "you",
        "your",
        "yours",
        "he",
        "him",
        "she",
        "her",
        "anybody",
        "bob",
        "http",
        "https",
    ]
) | {MENTION}
_TALKING_OPENERS = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "am",
        "will",
        "would",
        "should",
        "shall",
        "may",
        "might",
    ]
)
_FINITE = frozenset(["is", "are", "was", "were", "am", "will", "would", "should", "shall", "might"])


def talk(spoken: Spoken, line: Said) -> bool:
    """Whether a message is surely said to people: a question to them, or something about them."""
    norms = [t.norm for t in line.tokens]
    if any(MENTION in n or n.startswith("http") for n in norms):
        return True
    return spoken.asked and spoken.plain and norms[0] in _TALKING_OPENERS


def bare_is_edit(spoken: Spoken, line: Said, fragment: Fragment, *, negative: bool) -> bool:
    """Whether a fragment alone, with nothing that says what to do with it, is surely meant for the segment."""
    norms = [t.norm for t in line.tokens]
    if not spoken.plain and not spoken.shown and norms[0] not in _EXCLUDING:
        return False
    outside = [p for p in fragment.pieces if p.cat in ("FILLER", "GLUE", "UNKNOWN")]
    loose = {line.tokens[i].norm for p in outside for i in range(p.i, min(p.j, len(line.tokens)))}
    if loose & _FINITE or set(norms) & (_PEOPLE_TALKING - {"our", "us", "we", "i", "you"}):
        return False
    if loose & _PEOPLE_TALKING and not spoken.shown and not isinstance(fragment.condition, Reachable):
        return False
    core = fragment.core
    if not core:
        return False
    if fragment.when is not None:
        return spoken.plain and not negative and _worth(fragment.when.window)
    if fragment.times is not None:
        return spoken.plain and not spoken.loud
    if fragment.condition is None:
        if fragment.values is not None:
            return False
        if fragment.number is not None:
            return spoken.plain and fragment.number.form != "bare" and not spoken.loud
        return negative and spoken.plain and fragment.company
    if norms[0] in ("top", "bottom") and any(t.value is not None for t in line.tokens):
        return spoken.plain
    if fragment.reading.questions and any(
        q.text.startswith("What should this mean") for q in fragment.reading.questions
    ):
        return False
    return _said_of_people(spoken, fragment, norms, negative=negative)


def _said_of_people(spoken: Spoken, fragment: Fragment, norms: list[str], *, negative: bool) -> bool:
    first = fragment.core[0]
    linked = first.cat in ("REL", "NOUN", "NO", "NEVER", "NOT", "EXCEPT", "NEITHER", "BUT") or negative
    for piece in fragment.core:
        sem = piece.item.sem if piece.item else None
        if isinstance(sem, Clause) and not linked:
            if sem.shape in ("noun", "property") and sem.count is None:
                return False
            if sem.shape == "verb" and piece is first and _imperative(norms[piece.i]):
                return False
            linked = True
        elif isinstance(sem, Test) or piece.cat in ("READY", "CONSENT"):
            linked = True
    return True


_EXCLUDING = frozenset(["exclude", "excluding", "without", "leave", "except", "not"])
_PAST = frozenset(
    [
        "bought",
        "spent",
        "paid",
        "sent",
        "got",
        "made",
        "came",
        "went",
        "had",
        "left",
        "took",
        "read",
        "wrote",
        "saw",
        "sold",
        "gave",
        "put",
        "ran",
        "told",
        "kept",
        "found",
        "held",
        "did",
        "has",
        "have",
        "never",
        "not",
        "who",
        "with",
        "without",
        "in",
        "from",
        "at",
    ]
)


def _imperative(word: str) -> bool:
    """Whether a verb form tells somebody to do something (order, email them) rather than that it was done."""
    return not (word.endswith(("ed", "ing")) or word in _PAST)


def _worth(window: Window | None) -> bool:
    """Whether a time alone may be meant for the segment: 60 days, since March; but "Monday" and "in 10 minutes" are talk."""
    if window is None:
        return False
    for point in (window.start, window.end):
        match point:
            case Ago(unit=unit) if unit.is_clock:
                return False
            case StartOf(period=Weekday() | WeekOf()) | EndOf(period=Weekday() | WeekOf()):
                return False
            case (
                StartOf(period=Calendar(unit=Unit.DAY | Unit.WEEK)) | EndOf(period=Calendar(unit=Unit.DAY | Unit.WEEK))
            ):
                return False
            case StartOf(period=Calendar(offset=offset)) if offset > 0:
                return False
            case _:
                pass
    return not isinstance(window.start, Now)
