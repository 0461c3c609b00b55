"""Background talk: what people say around a request, cut off before it is read.

"I'm preparing the Father's Day mailing. I want men with kids." The first sentence says nothing about whom to find, but it is no
courtesy either: it is an aside, and it is shown as one. The rules are strict, because a condition must never be taken for
talk: an aside is opened by one of a closed list of patterns, and nothing in it is a number, a negation, a word for people, a
"who", a comparison or a place. Greetings and sign-offs are courtesy; the names in them are asides.
"""

# ruff: noqa: E501, SIM905 (patterns read best one kind to a line)

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from segbot.model.catalog import Catalog
from segbot.nl.chart import Item
from segbot.nl.grammar.context import PLACES
from segbot.nl.lexicon import closed
from segbot.nl.lexicon.compile import Entry, Lexicon
from segbot.nl.meaning import Doing, Ref, Refs
from segbot.nl.text import Token, TokenKind


@dataclass(frozen=True, slots=True)
class Talk:
    """Tokens [i, j) that are no part of the request: background ("ASIDE") or courtesy ("FILLER")."""

    i: int
    j: int
    cat: Literal["ASIDE", "FILLER"] = "ASIDE"


_OCCASION = (
    r"(?:mailings?|newsletters?|campaigns?|launch|relaunch|push|promo|promotion|announcement|flyers?|leaflets?|invites?"
    r"|invitations?|giveaway|raffle|webinar|survey|events?|clearance|blast|drop|drive|presentation|meeting|report|deck|project"
    r"|pilot|sale|e ?mail|text|mail|post|sms|message|voucher|discount|offer|party|workshop)"
)
_PROJECT = r"(?:mailings?|newsletters?|campaigns?|launch|relaunch|promo|promotion|announcement|flyers?|leaflets?|blast|project|pilot)"
_NO_VERB = r"(?!(?:[a-z]+ed|(?!spring )[a-z]+ing|opens|gets|clicks|reads|got|get|has|have|had|read|saw|see|sent|in|on|from|with|and|but) )"
_LEAD = (
    r"(?:(?:so|ok|okay|well|and|also|fyi|hi|hello|hey|hiya|morning|good morning|good afternoon|team|all|everyone|there|please"
    r"|background|context|basically|now|right) ?[,!.]? ?)*"
)
_WE = r"(?:i|we|my team|our team|the team|marketing)"
_ASKER = (
    r"(?:(?:my|our|the) (?:[a-z]+ )?(?:boss|manager|director|ceo|cmo|cfo|coo|team|colleagues?|client|owner|agency|department|vp|lead"
    r"|head of [a-z]+)|marketing|sales|management|finance|leadership|crm)"
)
_BUSY = (
    r"(?:preparing|planning|working on|doing|running|building|writing|putting together|launching|organi[sz]ing|hosting"
    r"|getting ready|about to|setting up|drafting|testing|starting|promoting|relaunching|opening|introducing|bringing back"
    r"|holding|clearing|finali[sz]ing|brainstorming|thinking about|trying to|going to|pushing|celebrating|overstocked)"
)
_PLENTY = r"(?:too many|too much|a lot of|lots of|plenty of|loads of|tons of|so many|so much|leftover|an overstock of)"

# a whole sentence of talk
_SENTENCE = re.compile(
    rf"^{_LEAD}(?:{_WE} (?:am|are|is|were|was|have been|will be) (?:currently |just |now |also |still )?{_BUSY}\b"
    rf"|{_WE} (?:have|have got|got) (?:got )?{_PLENTY}\b|there (?:is|are) (?:still )?{_PLENTY}\b"
    rf"|{_WE} (?:want|would like|need|hope|plan|intend|have) to (?:offer|send|give|announce|promote|pitch|run|launch|celebrate"
    r"|clear|push|sell|get rid|try|test|bring back|move|plan)\b"
    rf"|(?:working on|preparing|planning) (?:the|a|an|our|my)\b"
    rf"|it is (?:for|about) (?:the|a|an|our|my|this|next)\b[^,]*\b{_OCCASION}$"
    rf"|(?:this|that|it) is for\b[^,]*\b{_OCCASION}$"
    r"|(?:context|background|purpose|goal|objective|aim|campaign|project|brief|occasion|use case)\b ?[-:=] ?(?:[a-z]))"
)
_HEADING = re.compile(
    rf"^(?:(?:audience|segment|list|target|target group|brief|query|request) )?(?:for )?(?:the |our |my |a |an |this |next )?"
    rf"(?:[a-z]+ ){{0,4}}{_OCCASION}$|^(?:win back|winback|reactivation|re activation|retention|upsell|up sell|cross sell"
    r"|onboarding|welcome|re engagement|reengagement|loyalty push|churn prevention|thank you)(?: (?:campaign|list|audience|segment|idea))?$"
)
# the beginning of a sentence, up to where the request begins
_OPENINGS = (
    re.compile(
        rf"^{_LEAD}for (?:the|our|my|a|an|this|next) (?:[a-z]+ ){{0,4}}{_OCCASION} ?,? ?"
        r"(?=(?:i|we|please|can|could|give|show|find|get|pull|who|which|how)\b)"
    ),
    re.compile(rf"^{_LEAD}for (?:the|our|my|a|an|this|next) (?:[a-z]+ ){{0,4}}{_OCCASION} ?, ?"),
    re.compile(
        rf"^{_LEAD}{_ASKER} (?:(?:has |have |is |just )?(?:wants|want|would like|asked|asking|needs|need|wondering|asks)"
        r"(?: (?:me|us))?(?: for| to know| to see| to find out| to find| to pull| about| to have)?) "
    ),
    re.compile(
        rf"^{_LEAD}{_WE} (?:want|would like|need|hope|plan|are going|am going|are planning) to (?:say (?:a (?:big )?)?(?:thank you|thanks|hello|sorry|"
        r"happy birthday) to|thank|invite|reward|surprise|apologi[sz]e to|win back|re engage|reactivate|get in touch with|reach out to|e ?mail|mail|text|message|contact|call) "
    ),
    re.compile(
        rf"^{_LEAD}{_WE} (?:want|would like|need|hope|plan|are going|am going|are planning|will be|are) (?:to )?(?:offer|offering|send|sending|give|giving|announce|announcing|"
        r"promote|promoting|pitch|pitching)(?: [a-z]+){1,7} to (?=(?:all |our |the |all our )*(?:people|everyone|everybody|anyone|customers|those|who)\b)"
    ),
    re.compile(
        rf"^{_LEAD}{_WE} (?:have|have got|got) (?:got )?{_PLENTY}[^,]*?(?:,|\band\b|, ?(?:so|and)\b) ?(?={_WE} (?:am|are|want|need|would)\b)"
    ),
    re.compile(
        rf"^{_LEAD}{_WE} (?:am|are|was|were) thinking (?:of|about) (?=(?:people|customers|everyone|anyone|those)\b)"
    ),
    re.compile(rf"^{_LEAD}{_WE} (?:am|are|was|were) (?:wondering|curious|interested in) (?=(?:how many|who|which)\b)"),
)
_CLOSINGS = (
    re.compile(
        r"(?:,|-|\n)? ?(?:so|so that) (?:i|we|they|marketing) (?:can|could|may|will) (?:send|invite|offer|thank|email|mail|text|give|"
        r"contact|call|reach|target|tell|ask|remind|win|reward|write|get|plan|see|check|include|let)\b[^,;]*$"
    ),
    re.compile(
        r"(?:,|-|\n)? ?(?:in order )?to (?:thank|invite|remind|reward|tell|ask) them(?: (?!not\b|never\b)[a-z]+){0,8}$"
    ),
    re.compile(
        rf"(?:,|-|\n) ?(?:for (?:the |our |my |a |an |this )?|the |our |my |this )(?:[a-z]+ ){{1,4}}{_OCCASION}$"
    ),
    # without "for", only what is no behaviour: ", subscribed to email" and ", used a discount" are conditions
    re.compile(rf"(?:,|-|\n) ?{_NO_VERB}(?:[a-z]+ ){{1,4}}{_PROJECT}$"),
    re.compile(rf"\( ?(?:for )?(?:the |our |my |a |an |this )?(?:[a-z]+ ){{1,4}}{_OCCASION} ?\)$"),
)
_LABELLED = re.compile(r"^(?:context|background|purpose|goal|objective|aim|occasion|project|use case|brief)$")

_ADDRESSED = r"(?:data|crm|analytics|marketing|team|all|everyone|everybody|folks|guys|colleagues?|friends?|sir|madam|segbot|bot|there|again|hello|hi)"
_GREETING = re.compile(
    rf"^(?:dear|hi|hello|hey|hiya|good morning|good afternoon|good evening|morning)(?: {_ADDRESSED}){{0,3}}$"
)
_NAMED_GREETING = re.compile(
    r"^(?:dear|hi|hello|hey|hiya|good morning|good afternoon|morning) (?P<name>[a-z]+(?: [a-z]+)?)$"
)
_SIGN_OFF = re.compile(
    r"(?:^|[.!?,;\n-] ?)(?P<formula>(?:(?:best|kind|kindest|warm|many|all the|with best|with kind|sincerely|yours|yours truly|cheers|"
    r"thanks|thank you|thx|ta|ty|best regards|best wishes|regards|greetings|talk soon|have a (?:great|nice|good) (?:day|one|weekend)|"
    r"much appreciated|appreciate it|xx|xoxo)(?: (?:regards|wishes|best|thanks|greetings|so much|a lot|a bunch|a million|in advance|"
    r"again|team|all|everyone|and|best|kind))*))(?P<rest>[ ,!.\n-]*(?P<name>[a-z]+(?: [a-z]+)?)? ?[.!]*)$"
)
_BLOCKING = frozenset(
    "not never no without except excluding neither nor unless none nothing who whom whose which that than least most more less fewer "
    "over under above below between only exactly if or either buyers shoppers ppl".split()
) | set(closed.NUMBER_WORDS)
_PREPOSITIONS = frozenset(["in", "from", "near", "at", "around", "outside"])
_ENDS = frozenset([".", "!", "?", ";", ":"])


class Asides:
    """Finds the talk around a request. `taken` are tokens that name a segment: they are never talk."""

    def __init__(
        self, text: str, tokens: Sequence[Token], lexicon: Lexicon, catalog: Catalog, taken: Collection[int] = ()
    ) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.catalog = catalog
        self.taken = taken
        self.broken = [
            index > 0 and "\n" in text[tokens[index - 1].end : token.start] for index, token in enumerate(tokens)
        ]
        self.people = people_in(tokens, lexicon)

    def find(self) -> tuple[Talk, ...]:
        """The stretches of talk, in order; never all of a request."""
        found: list[Talk] = []
        first, end = 0, len(self.tokens)
        for talk in self._signed_off():
            found.append(talk)
            end = min(end, talk.i)
        for talk in self._greeted(end):
            found.append(talk)
            first = max(first, talk.j)
        for i, j in self._sentences(first, end):
            found += self._in_sentence(i, j, end)
        found = [t for t in found if t.i < t.j]
        left = set(range(len(self.tokens))) - {k for t in found for k in range(t.i, t.j)}
        if not any(self.tokens[k].norm.isalnum() for k in left):
            return ()
        return tuple(sorted(found, key=lambda t: t.i))

    # --- sentences -----------------------------------------------------------------------------------

    def _sentences(self, first: int, end: int) -> Iterator[tuple[int, int]]:
        start = first
        for index in range(first, end):
            if index > start and self.broken[index]:
                yield start, index
                start = index
            if self.tokens[index].norm in _ENDS:
                yield start, index + 1
                start = index + 1
        if start < end:
            yield start, end

    def _in_sentence(self, i: int, j: int, end: int) -> Iterator[Talk]:
        last = self.tokens[j - 1].norm
        body = j - 1 if last in _ENDS else j
        said, starts = self._said(i, body)
        alone = i == 0 and j == len(self.tokens)
        if not said or (alone and last not in ("!", ".", "?", ":") and not any(p.match(said) for p in _OPENINGS)):
            yield from self._closing(said, starts, body)
            return
        if last == ":" and j < end and _HEADING.match(said) and self._harmless(i, body) and not self._themed(i, body):
            yield Talk(i, j)
            return
        if last == ":" and j < end and _LABELLED.match(said):
            stop = next(
                (
                    k + 1
                    for k in range(j, end)
                    if self.tokens[k].norm in (".", ";") or (k + 1 < end and self.broken[k + 1])
                ),
                0,
            )
            if stop and self._harmless(j, stop - 1) and not self._does(j, stop - 1):
                yield Talk(i, stop)
            return
        for opening in _OPENINGS:
            match = opening.match(said)
            cut = starts.get(match.end()) if match else None  # None: it ends within a word
            inner = match is not None and cut is not None and match.end() < len(said)
            if inner and cut and self._harmless(i, cut, openings=True) and not self._themed(i, cut):
                yield Talk(i, cut)
                yield from self._in_sentence(cut, j, end)
                return
        if _SENTENCE.match(said) and self._harmless(i, body):
            yield Talk(i, j)
            return
        yield from self._closing(said, starts, body)

    def _closing(self, said: str, starts: dict[int, int], end: int) -> Iterator[Talk]:
        for closing in _CLOSINGS:
            match = closing.search(said)
            if match and match.start() > 0:
                cut = starts.get(match.start(), starts.get(match.start() + 1))
                if cut is not None and self._harmless(cut, end) and not self._themed(cut, end):
                    yield Talk(cut, end)
                    return

    # --- letters -------------------------------------------------------------------------------------

    def _greeted(self, end: int) -> Iterator[Talk]:
        stop = next(
            (k for k in range(min(end, 6)) if self.tokens[k].norm in (",", "!", ".") or (k and self.broken[k])), 0
        )
        if not stop or stop >= end:
            return
        said, starts = self._said(0, stop)
        after = stop if self.broken[stop] and self.tokens[stop].norm not in (",", "!", ".") else stop + 1
        if _GREETING.match(said):
            yield Talk(0, after, "FILLER")
        elif (match := _NAMED_GREETING.match(said)) and self._nobody(cut := starts[match.start("name")], stop):
            yield Talk(0, cut, "FILLER")
            yield Talk(cut, after)

    def _signed_off(self) -> Iterator[Talk]:
        count = len(self.tokens)
        first = max(0, count - 12)
        said, starts = self._said(first, count)
        match = _SIGN_OFF.search(said)
        begin = starts.get(match.start("formula")) if match else None
        name = starts.get(match.start("name")) if match and match["name"] else count
        if match is None or not begin or name is None:  # all there is, or within a word
            return
        if match["name"] and not self._nobody(name, count):
            return
        if self._harmless(begin, name, openings=True):
            yield Talk(begin, name, "FILLER")
            yield Talk(name, count)

    def _nobody(self, i: int, j: int) -> bool:
        """Whether words are nothing that the catalog knows: a person's name."""
        words = [t for t in self.tokens[i:j] if t.kind is TokenKind.WORD]
        if not words or any(k in self.taken for k in range(i, j)):
            return False
        return all(t.norm not in self.lexicon.words and t.text[:1].isupper() for t in words)

    # --- what may be in it ---------------------------------------------------------------------------

    def _said(self, i: int, j: int) -> tuple[str, dict[int, int]]:
        """The words of some tokens side by side, and which token begins at which of their characters."""
        parts: list[str] = []
        starts: dict[int, int] = {}
        at = 0
        for index in range(i, j):
            if self.broken[index] and index > i:
                parts.append("\n")
                at += 1
            starts[at] = index
            parts.append(self.tokens[index].norm + " ")
            at += len(self.tokens[index].norm) + 1
        said = "".join(parts)
        starts[at] = j
        return said.rstrip(), {**starts, len(said.rstrip()): j}

    def _harmless(self, i: int, j: int, openings: bool = False) -> bool:
        """Whether no condition is in some words: no number, negation, people, comparison or place."""
        for index in range(i, j):
            token = self.tokens[index]
            if token.kind not in (TokenKind.WORD, TokenKind.SYMBOL) or index in self.taken:
                return False
            if token.norm in _BLOCKING and not (token.norm == "that" and index and self.tokens[index - 1].norm == "so"):
                return False
            if index in self.people and not (openings and token.norm in ("all", "everyone", "everybody")):
                return False
            if token.norm in _PREPOSITIONS and index + 1 < j and self._place(index + 1):
                return False
        return True

    def _does(self, i: int, j: int) -> bool:
        """Whether something that customers do is said without a subject, as conditions are: Context: bought tents, opened emails."""
        return any(
            isinstance(entry.sem, Doing) and entry.cat == "VERB"
            for index in range(i, j)
            if index == i or self.tokens[index - 1].norm in (",", "and", "/", "+")
            for _, entry in self._entries(index)
        )

    def _themed(self, i: int, j: int) -> bool:
        """Whether a campaign of the company is named: what people did with it is a condition, and "for" may say that."""
        return any(
            end <= j and isinstance(entry.sem, Refs) and any(self._of_campaign(ref) for ref in entry.sem.refs)
            for index in range(i, j)
            for end, entry in self._entries(index)
        )

    def _of_campaign(self, ref: Ref) -> bool:
        event = self.catalog.event(ref.owner) if ref.owner is not None else None
        field = event.property(ref.field) if event is not None else None
        return field is not None and "campaign" in f"{field.key} {field.label}".casefold()

    def _entries(self, index: int) -> Iterator[tuple[int, Entry]]:
        norms = [t.norm for t in self.tokens]
        yield from self.lexicon.lookup(norms, index, [False] * len(norms))

    def _place(self, index: int) -> bool:
        for _, entry in self._entries(index):
            if isinstance(entry.sem, Refs):
                for ref in entry.sem.refs:
                    field = self.catalog.attribute(ref.field) if ref.owner is None else None
                    if field is not None and field.role in PLACES:
                        return True
        return False


def people_in(tokens: Sequence[Token], lexicon: Lexicon) -> frozenset[int]:
    """Tokens that are words for people, unless they are part of a longer phrase that is not: Father's Day."""
    norms = [token.norm for token in tokens]
    found: set[int] = set()
    inside: set[int] = set()
    for index in range(len(tokens)):
        for end, entry in lexicon.lookup(norms, index, [False] * len(norms)):
            sem = entry.sem
            who = entry.cat in ("NOUN", "ACTOR", "KIN") or (
                isinstance(sem, Refs) and sem.plural and any(ref.owner is None for ref in sem.refs)
            )
            if who:
                found |= set(range(index, end))
            elif end > index + 1 and entry.cat != "FILLER":
                inside |= set(range(index, end))
    return frozenset(found - inside)


def outside(items: Sequence[Item], talk: Sequence[Talk]) -> list[Item]:
    """The items of the request itself, and one for each stretch of talk."""
    cut = {k for t in talk for k in range(t.i, t.j)}
    kept = [item for item in items if not any(k in cut for k in range(item.i, item.j))]
    return [*kept, *(Item(t.cat, None, t.i, t.j, 0.0, "talk") for t in talk)]
