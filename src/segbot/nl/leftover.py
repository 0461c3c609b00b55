"""What words that nobody understood add nothing: talk at the edges, the kind of what stands beside them, and light verbs.

Asked only where a request would be refused for some words. "Oregon state", "coupon code SUMMER15", "18 to 25 years": a noun
that names the kind of a condition right beside it belongs to that condition. "Prefer German language", "hold a gold card": a
verb of having or being before a condition about a person is no condition of its own. "I would be grateful for ...": words about
the request, outside of all conditions, are background. Whatever is decided here is checked again in the reading made with it.
"""

# ruff: noqa: SIM905, E501 (tables of words read best as text)

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from segbot.model.catalog import Event, Field, Role
from segbot.model.condition import COUNT
from segbot.model.operators import Kind
from segbot.nl import ledger
from segbot.nl.aside import Talk
from segbot.nl.drafts import All, Draft, Leaf, Neg, walk, with_leaves
from segbot.nl.grammar.context import PLACES, Scene
from segbot.nl.grammar.known import is_source
from segbot.nl.inflect import noun_forms, verb_forms
from segbot.nl.lexicon import closed, idle
from segbot.nl.lexicon.compile import Lexicon
from segbot.nl.meaning import Clause, Consent, Ready, Test
from segbot.nl.text import Token, TokenKind, words_of


@dataclass(frozen=True, slots=True)
class Spared:
    """What is passed over in a second reading: stretches of talk, and single words that belong to what is beside them."""

    talk: tuple[Talk, ...] = ()
    words: frozenset[int] = frozenset()


_ENDS = frozenset([".", "!", "?", ";", ":", "...", "…"])
_PAUSES = frozenset([",", "-", "–", "(", "but", *_ENDS])
_OF_PEOPLE = frozenset("who whom whose which with having has they their them theirs he she his her".split())
_NEGATIONS = frozenset("not no never without except excluding neither nor unless none nothing zero cannot".split())
_LEADS = frozenset("please thanks thank if when whenever so sorry cheers ta asap hope hopefully let".split())
_OPENERS = _LEADS | idle.SPEAKERS | idle.PARTICLES
_STEPS = frozenset(
    "in of on at to for from with by as into under through via within the a an our their his her its is are".split()
)
_MARKS = frozenset(["'", '"'])


def spared(
    tokens: Sequence[Token],
    norms: Sequence[str],
    draft: Draft | None,
    unread: Collection[int],
    lexicon: Lexicon,
    scene: Scene,
) -> Spared:
    """What may be passed over of the words that a reading left; the kinds are only candidates (see `confirmed`)."""
    left = frozenset(unread)
    talk = tuple(_talk(tokens, norms, draft, left, lexicon))
    said = {k for t in talk for k in range(t.i, t.j)}
    kinds = _all_kinds(scene)
    words = {
        k
        for k in left - said
        if tokens[k].kind is TokenKind.WORD
        and not _day_beside(norms, k)
        and not (_said_after_feast(norms, k, lexicon) and norms[k] not in _DATES)
        and (norms[k] in kinds or norms[k] in LIGHT or norms[k] in _THROUGH or norms[k] in _CONSENTING)
    }
    return Spared(talk, frozenset(words))


def _said_after_feast(norms: Sequence[str], k: int, lexicon: Lexicon) -> bool:
    """The Black Friday email: a word that a feast describes is no name of what is beside it."""
    plain = [False] * len(norms)
    return any(
        end == k and entry.cat == "NAMEDPERIOD"
        for start in range(max(0, k - 3), k)
        for end, entry in lexicon.lookup(norms, start, plain)
    )


def _day_beside(norms: Sequence[str], k: int) -> bool:
    """The day after Thanksgiving, the date before Christmas: a time of its own, not the kind of one."""
    return norms[k] in _DATES and norms[k + 1 : k + 2] != [] and norms[k + 1] in ("after", "before", "following")


def confirmed(norms: Sequence[str], draft: Draft | None, words: Collection[int], scene: Scene) -> frozenset[int]:
    """Which of some words that were passed over do say the kind of a condition beside them, or lead to it."""
    leaves = _leaves(draft)
    return frozenset(k for k in words if _home(norms, leaves, k, words, scene) is not None)


def taken_in(norms: Sequence[str], draft: Draft, words: Collection[int], scene: Scene) -> Draft:
    """The draft with such words as part of what they belong to."""
    leaves = _leaves(draft)
    homes: dict[int, set[int]] = {}
    for k in words:
        home = _home(norms, leaves, k, words, scene)
        if home is not None and k not in home.tokens:
            homes.setdefault(id(home), set()).add(k)
    held = {k for leaf in leaves.values() for k in leaf.tokens}

    def rule(leaf: Leaf) -> Leaf:
        more = homes.get(id(leaf), set()) - held
        return replace(leaf, tokens=tuple(sorted({*leaf.tokens, *more}))) if more else leaf

    return with_leaves(draft, rule)


# --- talk -------------------------------------------------------------------------------------------


def _talk(
    tokens: Sequence[Token], norms: Sequence[str], draft: Draft | None, left: frozenset[int], lexicon: Lexicon
) -> Iterator[Talk]:
    """Unread words before the first condition of a sentence, or after its last, that are all about the request."""
    held = {k for part in walk(draft) if isinstance(part, Leaf | All) for k in part.tokens} if draft else set()
    held |= {k for part in walk(draft) if isinstance(part, Neg) for k in part.tokens} if draft else set()
    if not held:
        return
    for start, end in _sentences(tokens):
        inside = [k for k in range(start, end) if k in held]
        if not inside:
            yield from _stretches(tokens, norms, range(start, end), left, lexicon, head=True, alone=True)
            continue
        yield from _stretches(tokens, norms, range(start, inside[0]), left, lexicon, head=True)
        yield from _stretches(tokens, norms, range(inside[-1] + 1, end), left, lexicon, head=False)


def _sentences(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    start = 0
    for k, token in enumerate(tokens):
        if token.norm in _ENDS:
            yield start, k + 1
            start = k + 1
    if start < len(tokens):
        yield start, len(tokens)


def _stretches(
    tokens: Sequence[Token],
    norms: Sequence[str],
    run: range,
    left: frozenset[int],
    lexicon: Lexicon,
    *,
    head: bool,
    alone: bool = False,
) -> Iterator[Talk]:
    mine = [k for k in run if k in left]
    if not mine:
        return
    idioms = _idioms(norms, run)
    if any(norms[k] in _NEGATIONS and k not in idioms for k in run):
        return
    if not head and (
        any(norms[k] in _OF_PEOPLE for k in run) or not (norms[run[0]] in _PAUSES or norms[run[0]] in _LEADS)
    ):
        return
    if any(norms[k] in ("who", "whose", "whom", "their", "they", "them") for k in run if k < mine[-1]):
        return
    if any(
        norms[k] in ("and", "or") and norms[k + 1 : k + 2] and norms[k + 1] not in _OPENERS for k in run if not head
    ):
        return
    framed = any(norms[k] in idle.SPEAKERS or norms[k] in _LEADS or k in idioms for k in run)
    framed |= alone and (norms[run[-1]] in ("!", ":") or sum(norms[k].isalpha() for k in run) > 1)
    for k in mine:
        word, after = norms[k], norms[k + 1] if k + 1 < len(norms) else ""
        if (
            k in idioms
            or word in _PAUSES
            or word in idle.SPEAKERS
            or (word in idle.JOINING and framed and (after or alone))
        ):
            continue
        like = head and word in idle.LIKE and k > run.start and _among_particles(norms, k, run)
        if tokens[k].kind is not TokenKind.WORD or (lexicon.has((word,)) and not like):
            return
        last = head and not alone and k + 1 == run.stop
        particle = word in idle.PARTICLES or like
        asks = head and word in idle.ASKING
        if particle or asks or (word in idle.TALKING and not last and (framed or (head and word in idle.OF_REQUESTS))):
            continue
        return
    for first, final in ledger.runs(tokens, {*mine, *(k for k in idioms if k in run)}):
        yield Talk(first, final + 1)


def _among_particles(norms: Sequence[str], k: int, run: range) -> bool:
    return all(
        norms[i] in idle.PARTICLES or norms[i] in closed.GLUE or norms[i] in (",", "like") for i in range(run.start, k)
    )


def _idioms(norms: Sequence[str], run: range) -> frozenset[int]:
    found: set[int] = set()
    for k in run:
        for idiom in idle.IDIOMS:
            if tuple(norms[k : k + len(idiom)]) == idiom and k + len(idiom) <= run.stop:
                found |= set(range(k, k + len(idiom)))
    return frozenset(found)


# --- kinds and light verbs --------------------------------------------------------------------------

LIGHT = frozenset(
    form
    for lemma in (
        "have own hold possess carry get know use utilise utilize prefer speak talk enjoy favour favor live reside dwell stay come hail "
        "originate belong sit fall land rank qualify count work serve wear sport fit remain register enrol enroll list flag "
        "mark tag class classify categorise categorize record describe identify label choose select "
        "stem"
    ).split()
    for form in verb_forms(lemma)
) | frozenset(
    "favourite favorite preferred chosen main usual primary current registered based located rather own".split()
)
"""Verbs and the like that say no more than that what follows is so of somebody."""
_LIVING = frozenset(
    form
    for lemma in "have live reside dwell come hail originate belong sit register stem fall rank count list record".split()
    for form in verb_forms(lemma)
) | frozenset("based located registered current primary main".split())
"""Those of them that say where people live: who speaks German lives anywhere."""
_THROUGH = frozenset(["through", "via", "by", "thru", "from", "under", "as", "into", "in", "on", "with"])

_CONSENTING = frozenset(
    "accepted accept accepts accepting allowed allow allows permitted enabled active activated granted given agreed okayed confirmed "
    "consent consents consented permission permissions marketing communication communications messages updates subscription "
    "subscriptions list lists mailing mailings optin optins approved ok okay yes on".split()
)

_GROUPS = tuple(
    frozenset(form for word in group.split() for form in noun_forms(word))
    for group in (
        "language tongue", "job occupation work profession career trade", "city town", "coupon code promo voucher",
        "brand make label maker", "channel way route medium", "category department section range", "home house apartment flat place property",
        "state province",
        "country nation",
        "interest hobby pastime passion", "tier level status rank card membership", "gender sex",
        "source origin", "campaign mailing", "education degree diploma", "income salary earnings wage", "size fit", "color colour shade",
        "status state", "plan package", "device platform", "reason cause", "topic subject theme", "score rating star",
    )
)  # fmt: skip
_GENERAL = frozenset({"type", "kind", "status", "group", "category"})
_ITEMS = frozenset(
    form
    for word in "product item article thing piece good merchandise gear stuff line collection range label brand".split()
    for form in noun_forms(word)
)
_DATES = frozenset("date dates day days dated".split())
_PLACES = frozenset("state city town country area region location place province county based living residents".split())
_AGES = frozenset("years year yrs yr old age aged ages yo".split())
_MONEY = frozenset("dollars dollar bucks usd euros euro eur pounds value amount money".split())
_NUMBERS = frozenset("number count".split())
_STOPWORDS = closed.GLUE | frozenset("of in on for to by with number last first is at from or and not no".split())


@lru_cache(maxsize=4096)
def _names(words: tuple[str, ...]) -> frozenset[str]:
    """Single words of names, in singular and plural, with what people use for the same thing."""
    found = {
        form
        for name in words
        for word in words_of(name.replace("_", " ").lower())
        if word.isalpha() and len(word) > 2
        for form in noun_forms(word)
    }
    found -= _STOPWORDS
    for group in _GROUPS:
        if found & group:
            found |= group
    return frozenset(found)


def _field_kinds(field: Field) -> frozenset[str]:
    found = _names((field.key, field.label, *(s for s in field.synonyms if s.count(" ") < 3)))
    role = field.role
    if role in (Role.STATE, Role.CITY, Role.COUNTRY, Role.POSTAL_CODE):
        found |= _PLACES
    if role in (Role.AGE, Role.BIRTH_DATE) or field.kind is Kind.AGE:
        found |= _AGES
    if role is Role.TIER:
        found |= _names(("tier",))
    if role is Role.HOME_OWNERSHIP:
        found |= _names(("home",))
    if field.kind is Kind.MONEY:
        found |= _MONEY
    if field.kind is Kind.NUMBER:
        found |= _NUMBERS
    if field.kind in (Kind.DATE, Kind.TIME):
        found |= _DATES
    if field.kind in (Kind.CHOICE, Kind.LIST):
        found |= _GENERAL
    return found


def _event_kinds(event: Event, clause: Clause) -> frozenset[str]:
    found = _names((event.label, event.table, *event.nouns))
    for test in (*clause.filters, *clause.nth_filters):
        field = event.property(test.property)
        if field is None:
            continue
        found |= _field_kinds(field)
        counted = clause.count is not None and clause.measure == COUNT
        if field.key in event.objects and not counted:
            found |= _ITEMS
    if clause.when is not None or clause.position is not None:
        found |= _DATES
    if clause.count is not None and clause.measure == COUNT:
        found |= _NUMBERS
    if clause.measure != COUNT:
        found |= _MONEY
    return found


def _kinds(atom: Any, scene: Scene) -> frozenset[str]:
    """The words that name the kind of what a condition tests."""
    match atom:
        case Test():
            field = scene.field(None, atom.field)
            return _field_kinds(field) if field is not None else frozenset()
        case Clause():
            return _event_kinds(scene.event(atom.event), atom)
        case Consent():
            return _CONSENTING | _names(tuple(atom.channels))
        case _:
            return frozenset()


@lru_cache(maxsize=64)
def _kinds_of(fields: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset().union(*(_names(names) for names in fields)) if fields else frozenset()


def _all_kinds(scene: Scene) -> frozenset[str]:
    catalog = scene.catalog
    owned = [f for event in catalog.events for f in event.properties]
    names = tuple((f.key, f.label, *(s for s in f.synonyms if s.count(" ") < 3)) for f in (*catalog.attributes, *owned))
    events = tuple((event.label, event.table, *event.nouns) for event in catalog.events)
    closed_kinds = _GENERAL | _ITEMS | _DATES | _PLACES | _AGES | _MONEY | _NUMBERS | _names(("tier", "home"))
    return _kinds_of((*names, *events)) | closed_kinds


def _leaves(draft: Draft | None) -> dict[int, Leaf]:
    """Which condition has a token."""
    found: dict[int, Leaf] = {}
    for part in walk(draft) if draft is not None else ():
        if isinstance(part, Leaf):
            for k in part.tokens:
                found.setdefault(k, part)
    return found


def _home(norms: Sequence[str], leaves: dict[int, Leaf], k: int, words: Collection[int], scene: Scene) -> Leaf | None:
    """The condition that a word belongs to: as the name of its kind on either side, or as a verb before it."""
    word = norms[k]
    for step in (-1, 1):
        leaf = _beside(norms, leaves, k, words, step)
        if leaf is None:
            continue
        if word in _kinds(leaf.atom, scene):
            return leaf
        if step == 1 and _leads(norms, k, words, leaf.atom, scene):
            return leaf
    return None


def _beside(norms: Sequence[str], leaves: dict[int, Leaf], k: int, words: Collection[int], step: int) -> Leaf | None:
    own = leaves.get(k)
    if own is not None and min(own.tokens) < k < max(own.tokens):
        return own  # passed over within a phrase: first order date in 2024
    at = k + step
    while 0 <= at < len(norms) and abs(at - k) < 7:
        if (leaf := leaves.get(at)) is not None and at not in words:
            return leaf
        if not (at in words or norms[at] in _STEPS or norms[at] in closed.GLUE or norms[at] in _MARKS):
            return None
        at += step
    return None


def _leads(norms: Sequence[str], k: int, words: Collection[int], atom: Any, scene: Scene) -> bool:
    """Whether a word is a light verb before a condition about people, or the preposition behind one."""
    if not _is_state(atom):
        return False
    field = scene.field(None, atom.field) if isinstance(atom, Test) else None
    light = _LIVING if field is not None and field.role in PLACES else LIGHT
    if norms[k] == "used" and norms[k + 1] == "to":
        return False  # used to be gold: no longer
    if norms[k] not in _THROUGH:
        return norms[k] in light
    if field is not None and field.role in PLACES and norms[k] == "in":
        return True
    if field is not None and is_source(field) and norms[k] in ("through", "via", "by", "thru", "from"):
        return True
    return any(norms[i] in light for i in words if k - 4 < i < k)


def _is_state(atom: Any) -> bool:
    """Whether a condition says how people are, rather than what they did."""
    match atom:
        case Test():
            return not atom.negated
        case Consent():
            return not atom.negated
        case Ready():
            return True
        case _:
            return False
