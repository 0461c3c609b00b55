"""Short commands after `/segment`: `list`, `open #12`, `smart`, ... told apart from sentences that begin with the same words.

A command is one only when the whole input fits its shape. Where that leaves a doubt ("list loyal" and "list women in
Texas"), what the reader understands as a sentence is a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from segbot.flows.desk import Actor, Desk
from segbot.flows.library import Unfound, find
from segbot.model.reading import Outcome

Plain: TypeAlias = Literal["help", "words", "home", "smart", "recent", "build"]
"""Commands that are nothing but their word."""


@dataclass(frozen=True, slots=True)
class ListThem:
    """List the segments that these words fit; `sure` where it can be no sentence."""

    words: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class OpenIt:
    """Open the segment of that name or number; `sure` where it can be no sentence."""

    words: str
    sure: bool = True


Subcommand: TypeAlias = Plain | ListThem | OpenIt

_PLAIN: tuple[tuple[Plain, str], ...] = (
    ("help", r"(help|\?*)"),
    ("words", r"(our )?(words|dictionary)"),
    ("home", r"home"),
    ("build", r"(build|builder|build( it)? by hand|build a (new )?segment)"),
    ("smart", r"(list |show )?(the )?(smart|ready)( segments?)?"),
    ("recent", r"(list |show )?(my )?(recent|history|requests|recent requests)"),
)
_ALL = r"(list|(list |show )?(all |my |our |the |saved )*segments|list (all|mine))"
_QUOTED = r"[\"“”„«](?P<quoted>[^\"“”„«»]+)[\"“”»]"
_SURELY_LIST = rf"list( segments)?( tagged| named| called| about)? ({_QUOTED}|(?P<tag>#\S+))|list: *(?P<words>.+)"
_NAMED = r"list segments (?P<how>tagged|named|called|about) (?P<words>.+)"
_SURELY_OPEN = rf"open( segment)? ({_QUOTED}|#? ?(?P<number>\d{{1,9}}))"


def subcommand(text: str) -> Subcommand | None:
    """The command that a text is, or may be; None for everything else. Capitals, spacing and a full stop don't matter."""
    said = " ".join(text.split()).rstrip(" .!")
    for name, shape in _PLAIN:
        if _fits(shape, said):
            return name
    if _fits(_ALL, said):
        return ListThem()
    if found := _fits(_SURELY_LIST, said):
        return ListThem(found["quoted"] or found["tag"] or found["words"])
    if found := _fits(_NAMED, said):
        return ListThem(("#" if found["how"].casefold() == "tagged" else "") + found["words"].lstrip("#"))
    if found := _fits(_SURELY_OPEN, said):
        return OpenIt(found["quoted"] or f"#{found['number']}")
    if found := _fits(r"(?P<verb>list|open)( segments?)? (?P<words>.+)", said):
        make = ListThem if found["verb"].casefold() == "list" else OpenIt
        return make(found["words"], sure=False)
    return None


async def told_apart(desk: Desk, actor: Actor, text: str) -> Subcommand | None:
    """What a text surely is: a command whose doubt is settled, or None for a sentence.

    `open` with the exact name of a segment opens it; everything else that the reader understands is a sentence.
    """
    command = subcommand(text)
    if not isinstance(command, ListThem | OpenIt) or command.sure:
        return command
    if isinstance(command, OpenIt) and not isinstance(await find(desk, actor, command.words), Unfound):
        return command
    home = await desk.at_home(actor.team)
    reading = home.house.read(text, desk.clock())
    sentence = reading.outcome in (Outcome.ANSWER, Outcome.CLARIFY) and not reading.unread
    return None if sentence or len(command.words.split()) > _MOST_NAMING else command


_MOST_NAMING = 8
"""Words that a name has at most: what is longer and not understood is a sentence with something wrong in it."""


def _fits(shape: str, said: str) -> re.Match[str] | None:
    return re.fullmatch(shape, said, re.IGNORECASE)
