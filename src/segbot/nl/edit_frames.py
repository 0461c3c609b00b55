"""The shapes that edits come in: "only ...", "make it ...", "change ... to ...", "drop ..."; and the courtesy around them.

Patterns run over the normal forms of the words, joined by spaces; `a`, `b` are what is said, `t` names what it is said of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from segbot.nl.text import MENTION, Token

Action: TypeAlias = Literal[
    "drop",
    "keep",
    "without",
    "any",
    "assign",
    "same",
    "instead",
    "only",
    "or",
    "also",
    "include",
    "and",
    "everywhere_but",
    "minus",
    "nowhere",
    "throughout",
]


@dataclass(frozen=True, slots=True)
class Frame:
    """One shape: what it does, and its pattern over the whole message."""

    action: Action
    pattern: re.Pattern[str]


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_THEM = r"(?:it|this|that|them|these|those)"
_GREETING = (
    r"(?:ok|okay|k|hm+|so|actually|please|pls|plz|hey|hi|hello|segbot|great|nice|cool|perfect|good"
    r"|thanks|thank you|thx|yes|yeah|"
    rf"yep|right|well|oh|oops|sorry|wait|and now(?! for)|now(?! for)|then|next|alright|sure|fine|awesome|super|{MENTION}|👍|🙏)"
)
GREETING = _p(rf"{_GREETING}(?: (?:,|!|\.|:|-))*(?: |$)")
REQUEST = _p(
    r"(?:(?:can|could|would|will) (?:you|we|u|i)(?: please| pls| kindly)?(?: do| use| have)?|(?:i"
    r"|we) (?:would like|want|need|would love|would prefer|prefer)(?: you)?(?: to)?|"
    r"let us(?: use| have)?|try to|maybe|perhaps|i think(?: we should| that)?|(?:we|you) should"
    r"|how about we|what about we|is it possible to) "
)
SHOW = _p(
    r"(?:show(?: me| us)?|give (?:me|us)|(?:i|we) (?:would like|want|need)(?: to see)?|can (?:i|we) (?:see|get)) "
)
COURTESY = _p(r"(?: (?:please|pls|plz|thanks|thank you|thx|for now|ok|okay|👍|🙏|\?|!|\.))+$")

# --- questions about the segment -------------------------------------------------------------------

_SIZE = r"(?:few|low|small|little|many|high|big|large|nobody|zero|none|empty|tiny|huge)"
ASK = _p(
    r"(?:why|how come)(?: (?:is|are|was|were|it|that|this|so|there|only|the|number|count|segment"
    r"|audience|size|result|does|do|"
    rf"we|have|get|such|a|very|they|too))* {_SIZE}(?: (?:people|number|customers|of them|now|results?"
    r"|segment|audience|a number))*"
    r"|how many(?: people| customers| of them)?(?: are (?:there|they|left|in (?:it|there|this))"
    r"| is (?:it|that|this)| now| in total| do we have| would that be| left)*"
    r"|where do (?:they|people|we) (?:drop out|drop off|go)|show(?: me)? the (?:breakdown|steps"
    r"|ladder|funnel)|break (?:it|this|that) down"
)
WHAT_IF = (
    _p(
        r"(?:and )?(?:what|how)(?: would (?:happen|it be|it look|that be)| happens"
        r"| is it)?(?: like)? if (?:we |you |i |it (?:is|was|were) |they (?:are|were) )?(?P<a>.+)"
    ),
    _p(r"(?:and )?(?:what|how) about (?P<a>.+)"),
    _p(
        r"how many (?:people |customers |of (?:them|these|those) |(?:are "
        r"|would )?(?:there )?(?:be )?)*(?:if |when )?(?:we |you )?(?P<a>.+)"
    ),
    _p(r"(?:and )?(?:what|how much) (?:would (?:it|that) be|is it|is left)(?: like)? (?P<a>(?:with|without|if) .+)"),
    _p(r"what is (?:the (?:number|count|size)|it) (?P<a>(?:with|without|if|for) .+)"),
)

AND_WITHOUT = (
    _p(r"(?:and )?(?:if|suppose|say) (?:(?:we|you|i) )?(?P<a>.+)"),
    _p(r"and (?P<a>(?:with|without|for) .+)"),
)
"""Questions only where they end in a question mark."""
LEAVING = _p(r"without (?:the |that |those )?(?P<a>.+)")
"""In a question of what would be: leaving a condition out, not its opposite."""
NOT_JUST = _p(
    r"(?:but |and )?not (?:just|only|merely|simply|solely)(?: for| in)? (?P<old>.+?)"
    r"(?:(?: (?:,|;|\.|-|but|also|and|plus|include|add))+ (?P<a>.+?)(?: (?:too|as well|also))*)?"
)

# --- back and forth --------------------------------------------------------------------------------

_NUMBER = r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|twice|couple of|a couple of"
UNDO = _p(
    r"(?:undo|revert|roll ?back|go back|take (?:that|it) back|put it back|change it back"
    r"|one step back|step back|as it was(?: before)?|restore it)"
    r"(?: (?:that|it|this|the change|the last(?: one| change| edit| step)?|last (?:one|change|edit"
    r"|step)|one(?: step)?|my last(?: change| edit)?))?"
)
UNDO_MANY = _p(
    rf"(?:undo|revert|go back|roll ?back|back)(?: the)?(?: last)? (?P<n>{_NUMBER})(?: (?:changes|steps"
    r"|edits|times|ones|step))?"
)
UNDO_ALL = _p(
    r"(?:undo|revert) (?:all|everything|all of it|all (?:the )?changes)|start (?:over|again)"
    r"|reset(?: it| this| everything)?"
    r"|(?:(?:go |take me |let us go )?back|revert|return|reset) to (?:the )?(?:first|start|original"
    r"|beginning|initial|very first)(?: one| version| segment| request| step)?"
)
UNDO_TO = _p(
    r"(?:go )?back to (?:the )?(?:(?P<o>second|third|fourth|fifth|sixth)(?: one| version| step)?"
    r"|(?:version|step|number) (?P<n>\d+))"
)
REDO = _p(r"redo(?: (?:that|it|this|the last(?: one| change)?))?|undo (?:the|that) undo|forward again")

# --- answers to an open question -------------------------------------------------------------------

_CHOSEN = {
    **dict.fromkeys(("first", "1st", "1", "one", "a", "former", "#1", "top"), 0),
    **dict.fromkeys(("second", "2nd", "2", "two", "b", "#2"), 1),
    **dict.fromkeys(("third", "3rd", "3", "three", "c", "#3"), 2),
    **dict.fromkeys(("fourth", "4th", "4", "four", "d", "#4"), 3),
    **dict.fromkeys(("last", "latter", "bottom"), -1),
}
_CHOICE = _p(
    r"(?:(?:i )?(?:take|choose|pick|mean|meant|want|go with|use) )?(?:the )?(?:(?:option|number"
    r"|choice|answer|#|no) )?(?P<c>"
    + "|".join(sorted(map(re.escape, _CHOSEN), key=len, reverse=True))
    + r")(?: (?:one|option|choice|reading|meaning|answer))?"
)
YES = frozenset({"yes", "yep", "yeah", "y", "right", "correct", "exactly", "yes exactly", "that one", "that is right"})
BOTH = frozenset({"both", "both of them", "either", "either one", "any of them", "both please", "both together"})


def chosen(said: str) -> int | None:
    """The index that an answer names: "the second one" is 1, "the last" -1."""
    match = _CHOICE.fullmatch(said)
    return _CHOSEN[match["c"]] if match else None


# --- whole messages --------------------------------------------------------------------------------

ANY_WILL_DO = _p(
    r"(?:(?:make it |match |if )?(?:any|either|one)(?: one)? of (?:them|those|these|the (?:two"
    r"|conditions|three))(?: (?:is|are|would be|must hold))?(?: (?:fine|ok|okay|enough|good))?"
    r"|either(?: one)?(?: is| works| will do)(?: fine| ok| okay| enough)?|any(?: one)? will do"
    r"|(?:use )?or instead of and|make (?:it|that|them)(?: an)? or|use or"
    r"|(?:change|swap|switch|replace|turn|make|flip|convert)(?: out)?(?: (?:the|that|all|all the|every))? ands?"
    r"(?: (?:to|for|with|by|into))?(?: (?:an|the))? ors?|ands? (?:→|- >|to) ors?|ors? instead of (?:the )?ands?"
    r"|at least one of (?:them|those|these)"
    r"|match any(?: of them)?|any of the conditions"
    r"|or not and|not and but or|it is enough (?:to (?:meet|match) one|if one (?:holds|matches)))"
)
ALL_MUST = _p(
    r"(?:(?:all|both)(?: of)?(?: (?:them|those|these|the (?:two|conditions)))?(?: (?:must hold|must"
    r"|are required|required|have to hold|at once|at the same time|together|need to (?:hold|match)))?"
    r"|(?:use )?and instead of or|make (?:it|that|them)(?: an)? and|use and"
    r"|(?:change|swap|switch|replace|turn|make|flip|convert)(?: out)?(?: (?:the|that|all|all the|every))? ors?"
    r"(?: (?:to|for|with|by|into))?(?: (?:an|the))? ands?|ors? (?:→|- >|to) ands?|ands? instead of (?:the )?ors?"
    r"|match all(?: of them)?"
    r"|must (?:meet|match) (?:all|both)|and not or|not or but and)"
)
UNCAP = _p(
    r"(?:no|(?:drop|remove|lift|forget|lose) the|without (?:a|the)) (?:cap|limit|sample|sampling"
    r"|maximum|max)|uncapped|uncap(?: it)?"
)
CAP = _p(
    rf"(?P<how>(?:(?:but |and )?(?:only|just|limit(?: {_THEM})?(?: to)?|cap(?: {_THEM})?(?: at| to)?"
    r"|max(?:imum)?(?: of)?|at most|no more than|take|pick|keep|"
    r"sample(?: of)?|a sample of|randomly|a random(?: sample of)?|random|any|the first|first"
    rf"|restrict(?: {_THEM})? to|up to|not more than) )*)"
    r"(?P<n>\d[\d,.]*k?|half|a (?:third|quarter|tenth))(?P<pct> ?%| percent)?(?P<rest>(?: (?:random"
    r"|randomly|of (?:them|these|those)|people|customers|users|guests|max|maximum|tops|at most"
    r"|at random))*)"
)
CAP_SURE = _p(
    r".*\b(?:half|limit|cap|sample|random|randomly|take|pick|keep|first|of them|of these|of those"
    r"|people|customers|users|guests|max|maximum|tops)\b.*"
)
TIMELESS = _p(
    r"(?:at )?any ?time|ever|whenever|(?:of )?all time|no time (?:limit|window|frame)"
    r"|any (?:time )?(?:window|period|date|dates)|no (?:window|date|dates|period)"
    r"|(?:in their )?lifetime|regardless of (?:time|when|the date|date)|(?:it )?(?:does not|no) matter when"
)
EVERYWHERE = _p(
    r"(?:(?:make (?:it|that)|go|let us go|change (?:it|that) to|from|in|to) )*(?:(?:nation|country)(?: |-)?wide"
    r"|(?:all )?(?:across|over|throughout)(?: all of)? (?:the )?(?:whole |entire )?(?:country|nation)"
    r"|(?:any|every)where in the country|(?:the )?(?:whole|entire) (?:country|nation)"
    r"|(?P<world>(?:any|every) ?where|any ?place|all places|any location|all locations|every location|wherever"
    r"(?: (?:they|people) (?:are|live))?|no matter where(?: (?:they|people) (?:are|live))?|world(?: |-)?wide|globally"
    r"|(?:all )?(?:around|over|across) the (?:world|globe)|(?:the )?(?:whole|entire) world))(?: instead)?"
)
"""Wherever people live: in the country, or (`world`) in any."""
NEVER = _p(r"(?:but )?(?:make (?:it|that) |change (?:it|that) to )?never(?: instead)?")
OTHERS = _p(r"everyone else|everybody else|(?:all )?the others|the rest|the other people|all others")
OPPOSITE = _p(
    r"(?:the )?(?:exact )?(?:opposite|reverse|inverse|contrary)|the other way (?:a?round)|(?:negate"
    r"|invert|reverse|flip)(?: (?:it|that|this|the last(?: one)?|the condition))?"
    r"|(?:those|people|the ones|the people)?(?: )?who (?:did|have|had|do) not(?: instead)?"
)

# --- relative --------------------------------------------------------------------------------------

RELATIVE = (
    _p(r"(?P<f>double|triple|quadruple|halve|half)(?: of)?(?: (?:the|that|it|this|my))*(?: (?P<t>.+?))?"),
    _p(r"(?P<f>twice|half|three times) as (?P<as>long|much|many|old|far back|high)"),
    _p(r"(?P<f>increase|raise|extend|lengthen|widen|bump(?: up)?|go up|grow)(?: (?P<t>.+?))? by (?P<n>.+)"),
    _p(r"(?P<f>decrease|reduce|lower|shorten|cut|go down|shrink|narrow)(?: (?P<t>.+?))? by (?P<n>.+)"),
    _p(
        r"(?:add |another |plus )?(?P<n>\d\S*(?: \S+)?) (?P<f>more|longer|extra|further|higher|older|less"
        r"|shorter|fewer|lower|younger)"
    ),
    _p(r"(?:another|add) (?P<n>\d+ (?P<f>days|weeks|months|years))"),
)
FACTORS = {"double": 2.0, "twice": 2.0, "triple": 3.0, "three times": 3.0, "quadruple": 4.0, "halve": 0.5, "half": 0.5}
LESS = frozenset(
    {
        "decrease",
        "reduce",
        "lower",
        "shorten",
        "cut",
        "go down",
        "shrink",
        "narrow",
        "less",
        "shorter",
        "fewer",
        "younger",
    }
)
ABOUT = _p(
    r"(?:(?:a (?:bit|little)|slightly|somewhat|much|a lot) (?:more|less|longer|shorter|older|younger"
    r"|higher|lower|fewer|later|earlier|bigger|smaller)"
    r"|(?:more|less|longer|shorter|older|younger|higher|lower|fewer))(?: (?:like|:|,|-|say))+ (?P<a>.+)"
)

# --- pairs: what was, and what it becomes ------------------------------------------------------------

_CHANGE = (
    r"(?:change|switch|swap|replace|exchange|turn|convert|update|move|correct|fix|set|make|raise|up"
    r"|lower|increase|decrease|extend|shorten|reduce|bump(?: up)?|push|bring|widen|narrow)"
)

PAIRS: tuple[tuple[re.Pattern[str], tuple[str, ...], bool], ...] = (
    (
        _p(rf"{_CHANGE}(?: out)?(?: from)? (?P<body>.+)"),
        ("to", "with", "by", "for", "into", "→", "- >", "be", "to be"),
        False,
    ),
    (
        _p(r"(?:instead|in place) of (?P<body>.+)"),
        (", use", ", make it", ", try", ", take", ", do", ",", "use", "make it", "try", "take"),
        False,
    ),
    (
        _p(r"(?P<body>.+)"),
        ("is wrong , it should be", "is wrong , should be", "is wrong , make it", "is wrong , use", "should have been"),
        False,
    ),
    (_p(r"not (?!just |only |merely |simply |solely )(?P<body>.+)"), ("but", ", but", ",", "but rather", "- "), False),
    (_p(r"(?P<body>.+)"), ("→", "- >", "= >", "becomes", "should be"), False),
    (
        _p(
            r"(?:(?:(?:i|we) (?:said|meant|mean|want|wanted)|use|try|take|do|make it|go with|let us do|better|rather) )?"
            r"(?P<body>.+)"
        ),
        ("instead of", "rather than", "in place of", ", not", "and not", "not"),
        True,
    ),
)
ASSIGN = _p(r"(?:set|make|put|change|keep) (?P<body>.+)")


def halves(match: re.Match[str], separators: tuple[str, ...]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Every way to cut the body of a match at a separator: characters of what is before and after it."""
    start, end = match.span("body")
    body = match["body"]
    for separator in sorted(separators, key=len, reverse=True):
        for found in re.finditer(rf"(?<!\S){re.escape(separator)}(?!\S)", body):
            left, right = body[: found.start()].rstrip(), body[found.end() :].lstrip()
            if left and right:
                yield (start, start + len(left)), (end - len(right), end)


def cuts(match: re.Match[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Every way to cut the body of a match between two words."""
    start, end = match.span("body")
    for found in re.finditer(" ", match["body"]):
        yield (start, start + found.start()), (start + found.end(), end)


# --- shapes with one fragment ----------------------------------------------------------------------

_DROP = (
    r"(?:drop|forget(?: about)?|remove|delete|ignore|lose|skip|omit|scrap|clear|kill|leave (?:out"
    r"|off)|take (?:out|off|away)|get rid of|do away with|"
    r"strip(?: out)?|throw out|disregard|discard|eliminate|unset|stop filtering (?:by|on)|no need for"
    r"|do not (?:filter|limit|restrict)(?: it)? (?:by|on|to)|"
    r"do not need|(?:i |we )?do not care (?:about|for)|never mind|nevermind|not interested in|no more)"
)
FRAMES: tuple[Frame, ...] = (
    Frame("drop", _p(rf"{_DROP} (?P<a>.+)")),
    Frame(
        "drop",
        _p(
            r"(?P<a>.+?) (?:does|do) not matter(?: at all| any ?more)?|(?P<a2>.+?) (?:is|are) (?:irrelevant"
            r"|not important|unimportant)"
        ),
    ),
    Frame("any", _p(r"(?:regardless|irrespective) of (?P<a>.+)|no matter (?:what |which |the )?(?P<a2>.+)")),
    Frame("any", _p(r"(?:in |at |of |from |with )?(?:any|all|either|every|whatever|whichever|both|every) (?P<a>.+)")),
    Frame("any", _p(r"no (?P<a>.+?) (?:limit|filter|restriction|condition|requirement|criteria|criterion)s?")),
    Frame("any", _p(r"(?P<a>.+?) (?:can|could|may) be (?:anything|any|whatever)")),
    Frame(
        "keep",
        _p(
            r"(?:drop|forget|remove|clear|delete) (?:everything|all)(?: else)? (?:except|but"
            r"|other than)(?: for)? (?P<a2>.+)|(?:only )?keep(?: only| just)? (?P<a>.+)"
        ),
    ),
    Frame("nowhere", _p(r"no (?:particular |specific )?(?P<a>[a-z]+)")),
    Frame("minus", _p(r"(?:minus|-) (?P<a>.+)")),
    Frame(
        "throughout",
        _p(
            r"(?:all over|(?:all )?across(?: all of)?|throughout(?: all of)?|(?:in )?(?:the )?(?:whole|entire)(?: of)?"
            r"|(?:in )?all of|(?:any|every)where in) (?P<a>.+)"
        ),
    ),
    Frame("without", _p(r"without (?:the |that |those )?(?P<a>.+)")),
    Frame(
        "same",
        _p(
            r"(?:(?:do|run|give me|now) )*(?:the )?same(?: (?:thing|one|segment|people|group|again|as before|as above|as that|as this"
            r"|as last time|audience|as))*(?: ,)?(?: (?:but|with|for|except|now|only"
            r"|just))?(?: ,)?(?: (?:with|for|make it|that|people))?(?: (?:only|just))? (?P<a>.+)"
        ),
    ),
    Frame("instead", _p(r"do (?!you|we|i|they|not|it|that|this|people|customers)(?P<a>[a-z0-9]+(?: [a-z0-9]+){0,2})")),
    Frame("instead", _p(r"(?:and )?(?:now|again|once more)(?: ,)?(?: but)? for (?P<a>.+)")),
    Frame(
        "instead",
        _p(
            r"(?:(?:make (?:it|that)|change (?:it|that) to|switch to|use|try|take|do|go with|let us do|let us try) )?"
            r"(?P<a>.+?) instead"
        ),
    ),
    Frame("instead", _p(r"instead(?: ,| of (?:that|this|it))?(?: (?:use|try|take|make it|do))? (?P<a>.+)")),
    Frame(
        "instead",
        _p(
            r"(?:wrong|not the right|the wrong) [a-z]+(?: (?:,|-|!|\.|:))*(?: (?:it should be|should be|make it|use|i meant))? "
            r"(?P<a>.+)"
        ),
    ),
    Frame(
        "instead", _p(r"no(?: (?:,|-|!|\.))+ (?:i (?:meant|mean) |rather |make it |it should be |sorry ,? ?)?(?P<a>.+)")
    ),
    Frame("instead", _p(r"(?:i |we )?(?:meant|mean|said) (?P<a>.+)")),
    Frame(
        "instead",
        _p(
            rf"(?:make|change|set|switch|turn|put|push|bump|raise|lower|increase|extend|keep) {_THEM}(?: (?:up"
            r"|down|back|out))?(?: (?:to(?: be)?|into))? (?P<a>.+)"
        ),
    ),
    Frame("instead", _p(r"(?:switch|go back|back|change|move|go|return)(?: it)? to (?P<a>.+)")),
    Frame(
        "instead",
        _p(
            r"(?:use|try|go with|rather|better|say|let us do|correction(?: :)?|(?:it |that |this )?(?:should"
            r"|must) be) (?P<a>.+)"
        ),
    ),
    Frame(
        "everywhere_but",
        _p(
            r"(?:everywhere|anywhere|everyone|everybody|all)(?: else)? (?:but|except(?: for)?|outside(?: of)?"
            r"|other than)(?: in)? (?P<a>.+)"
        ),
    ),
    Frame(
        "only",
        _p(
            r"(?:and |but )?(?:(?:only|just) if(?= they)|(?:i|we) (?:only|just) (?:want|need)|only|just"
            r"|exclusively|solely|keep(?: only| just)?|(?:narrow|limit|restrict|filter|reduce|trim|cut|zoom"
            rf"|drill)(?: {_THEM})?(?: down| in)? (?:to|by|for|on|into)(?: only| just)?|focus on|"
            r"(?:of|among|from|out of) (?:them|those|these)(?: ,)?(?: only| just| show)?|(?:they|and they"
            r"|who) (?:must|should|need to|have to)(?: also| all)?|must(?: also| all)?|as long as(?= they)"
            r"|provided(?: that)?(?= they)|if(?= they)|"
            r"add (?:a |the |another )?(?:condition|filter|requirement)(?: (?:that|for|on|of))?"
            r"|require(?: that)?) (?P<a>.+)"
        ),
    ),
    Frame("only", _p(r"(?P<a>.+?)(?: ,)? (?:only|exclusively)")),
    Frame(
        "only", _p(r"(?P<a>(?:and |but )?(?:not|no|never|did not|have not|do not|who did not|who never) .+?) either")
    ),
    Frame(
        "or",
        _p(
            r"or(?: even| else| also| maybe)? (?P<a>.+?)(?: too| as well| also| in there| to (?:it|this|that"
            r"|the (?:segment|list|mix)))*"
        ),
    ),
    Frame(
        "also",
        _p(
            r"(?:and )?(?:also|additionally|on top of that|in addition)(?: ,)? (?!include|add"
            r"|including)(?P<a>.+?)(?: too| as well)?"
        ),
    ),
    Frame(
        "include",
        _p(
            r"(?:and )?(?:also )?(?:include|including|add(?: in)?|bring in|throw in|let in|plus|as well as"
            r"|together with|along with)(?: also)? (?P<a>.+?)(?: too| as well| also| in there| to (?:it|this"
            r"|that|the (?:segment|list|mix)))*"
        ),
    ),
    Frame(
        "include",
        _p(
            r"(?:widen|broaden|expand|extend|open"
            rf"|grow)(?: {_THEM})?(?: up)? to(?: also)?(?: include)? (?P<a>.+?)(?: too| as well| also"
            r"| in there| to (?:it|this|that|the (?:segment|list|mix)))*"
        ),
    ),
    Frame("also", _p(r"(?P<a>.+?) (?:too|as well|also)")),
    Frame("and", _p(r"(?:and|\+)(?: then)?(?: also)? (?P<a>.+)")),
)

NEGATIVE = _p(
    r"(?:but |and )?(?:not|no|never|exclude|excluding|except|without|minus|leave out|nobody|did not"
    r"|have not|who did not|who have not|who never|but)\b.*"
)
LENGTHS = _p(r"(?:from )?(?P<body>.+)")
CUE = _p(
    r"(?:add|remove|drop|make|change|include|exclude|excluding|only|set|use|replace|forget|also|keep"
    r"|swap|switch|ignore|take out|leave out|"
    r"lower|raise|extend|limit|cap|not|never mind)\b.*"
)
"""How the second of two edits in one message begins."""
SPLIT = _p(r" (?:, and|, then|and then|, but|and|but|,|;|\.) ")
STRONG = frozenset(
    {
        "minus",
        "throughout",
        "drop",
        "same",
        "instead",
        "only",
        "include",
        "also",
        "or",
        "everywhere_but",
        "any",
        "without",
    }
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message's tokens as one line of normal forms, with the way back from its characters to the tokens."""

    tokens: tuple[Token, ...]
    line: str
    starts: tuple[int, ...]

    def inside(self, start: int, end: int) -> tuple[int, int]:
        """The tokens [first, last) of some characters of the line."""
        found = [i for i, at in enumerate(self.starts) if start <= at < end]
        return (found[0], found[-1] + 1) if found else (0, 0)

    def part(self, first: int, last: int) -> Said:
        """Some of the tokens as a line of their own."""
        return said(self.tokens[first:last])


def said(tokens: tuple[Token, ...]) -> Said:
    """The line of some tokens."""
    starts: list[int] = []
    at = 0
    for token in tokens:
        starts.append(at)
        at += len(token.norm) + 1
    return Said(tokens, " ".join(token.norm for token in tokens), tuple(starts))
