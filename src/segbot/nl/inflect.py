"""English forms of the catalog's words: generated when a catalog is compiled, so that no stemmer runs on a request.

Stemmers break meaning ("customers" → "custom"); generating the forms of known words can't.
"""

from __future__ import annotations

# lemma: (past, participle); regular verbs are computed
IRREGULAR_VERBS: dict[str, tuple[str, str]] = {
    "be": ("was", "been"), "become": ("became", "become"), "begin": ("began", "begun"), "book": ("booked", "booked"),
    "break": ("broke", "broken"), "bring": ("brought", "brought"), "buy": ("bought", "bought"),
    "check": ("checked", "checked"), "choose": ("chose", "chosen"), "come": ("came", "come"), "do": ("did", "done"),
    "draw": ("drew", "drawn"), "drink": ("drank", "drunk"), "drive": ("drove", "driven"), "eat": ("ate", "eaten"),
    "fall": ("fell", "fallen"), "find": ("found", "found"), "fly": ("flew", "flown"), "forget": ("forgot", "forgotten"),
    "get": ("got", "gotten"), "give": ("gave", "given"), "go": ("went", "gone"), "have": ("had", "had"),
    "hear": ("heard", "heard"), "hold": ("held", "held"), "keep": ("kept", "kept"), "know": ("knew", "known"),
    "lead": ("led", "led"), "leave": ("left", "left"), "lend": ("lent", "lent"), "let": ("let", "let"),
    "log": ("logged", "logged"), "lose": ("lost", "lost"), "make": ("made", "made"), "meet": ("met", "met"),
    "pay": ("paid", "paid"), "put": ("put", "put"), "read": ("read", "read"), "rebuy": ("rebought", "rebought"),
    "ride": ("rode", "ridden"), "run": ("ran", "run"), "say": ("said", "said"), "see": ("saw", "seen"),
    "sell": ("sold", "sold"), "send": ("sent", "sent"), "set": ("set", "set"), "show": ("showed", "shown"),
    "sleep": ("slept", "slept"), "speak": ("spoke", "spoken"), "spend": ("spent", "spent"), "take": ("took", "taken"),
    "tell": ("told", "told"), "think": ("thought", "thought"), "unsubscribe": ("unsubscribed", "unsubscribed"),
    "wear": ("wore", "worn"), "win": ("won", "won"), "write": ("wrote", "written"), "upset": ("upset", "upset"),
}  # fmt: skip

IRREGULAR_PLURALS: dict[str, str] = {
    "person": "people", "man": "men", "woman": "women", "child": "children", "wife": "wives", "life": "lives",
    "foot": "feet", "tooth": "teeth", "mouse": "mice", "goose": "geese", "half": "halves", "shelf": "shelves",
    "scarf": "scarves", "knife": "knives", "leaf": "leaves", "criterion": "criteria", "merchandise": "merchandise",
    "footwear": "footwear", "apparel": "apparel", "clothing": "clothing", "swimwear": "swimwear", "gear": "gear",
    "luggage": "luggage", "spend": "spend", "series": "series", "news": "news", "sms": "sms", "diabetes": "diabetes",
    "jeans": "jeans", "shorts": "shorts", "pants": "pants", "glasses": "glasses", "sunglasses": "sunglasses",
    "leggings": "leggings", "gloves": "gloves",
}  # fmt: skip
_SINGULARS = {many: one for one, many in IRREGULAR_PLURALS.items() if one != many}

_VOWELS = frozenset("aeiou")
# Two-syllable verbs whose last syllable is stressed, so that the consonant doubles: refer → referred.
_DOUBLING = frozenset(
    {"refer", "prefer", "admit", "commit", "submit", "permit", "occur", "control", "transfer", "equip"}
)


def past(lemma: str) -> str:
    """The simple past of a verb or verb phrase; only its first word changes: sign up → signed up."""
    head, tail = _split(lemma)
    return (IRREGULAR_VERBS[head][0] if head in IRREGULAR_VERBS else _ed(head)) + tail


def participle(lemma: str) -> str:
    """The past participle: see → seen."""
    head, tail = _split(lemma)
    return (IRREGULAR_VERBS[head][1] if head in IRREGULAR_VERBS else _ed(head)) + tail


def gerund(lemma: str) -> str:
    """The -ing form: buy → buying, get → getting, purchase → purchasing."""
    head, tail = _split(lemma)
    if head.endswith("ie"):
        form = head[:-2] + "ying"
    elif head.endswith("e") and not head.endswith(("ee", "oe", "ye")) and head != "be":
        form = head[:-1] + "ing"
    else:
        form = (head + head[-1] if _doubles(head) else head) + "ing"
    return form + tail


def third(lemma: str) -> str:
    """The third person singular: buy → buys, go → goes, have → has."""
    head, tail = _split(lemma)
    return ({"have": "has", "be": "is"}.get(head) or _s(head)) + tail


def plural(noun: str) -> str:
    """The plural of a noun or noun phrase; only its last word changes: gift card → gift cards."""
    front, _, last = noun.rpartition(" ")
    if last in _SINGULARS:
        form = last
    elif last in IRREGULAR_PLURALS:
        form = IRREGULAR_PLURALS[last]
    elif last.endswith("woman") or (last.endswith("man") and last not in ("human", "german", "roman", "talisman")):
        form = last[:-3] + "men"
    elif last.endswith("s") and not last.endswith(("ss", "us", "is", "bus", "gas")):
        form = last  # already plural
    else:
        form = _s(last)
    return f"{front} {form}" if front else form


def singular(noun: str) -> str:
    """The singular of a plural noun; a noun that is no plural is given back."""
    front, _, last = noun.rpartition(" ")
    if last in _SINGULARS:
        form = _SINGULARS[last]
    elif last in IRREGULAR_PLURALS.values() or last.endswith(("ss", "us", "is")) or not last.endswith("s"):
        form = last
    elif last.endswith("ies") and len(last) > 4:
        form = last[:-3] + "y"
    elif last.endswith(("shes", "ches", "xes", "sses", "zes")):
        form = last[:-2]
    else:
        form = last[:-1]
    return f"{front} {form}" if front else form


def verb_forms(lemma: str) -> frozenset[str]:
    """Every form of a verb, American and British: buy, buys, bought, buying; cancel, canceled, cancelled."""
    return frozenset({lemma, third(lemma), past(lemma), participle(lemma), gerund(lemma), *_british(lemma)})


def noun_forms(noun: str) -> frozenset[str]:
    """A noun in singular and plural."""
    return frozenset({noun, plural(noun), singular(noun)})


def _split(lemma: str) -> tuple[str, str]:
    head, space, tail = lemma.partition(" ")
    return head, space + tail


def _ed(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    return (verb + verb[-1] if _doubles(verb) else verb) + "ed"


def _doubles(verb: str) -> bool:
    """Whether the last consonant doubles before -ed and -ing: shop → shopped, but open → opened, view → viewed."""
    if verb in _DOUBLING:
        return True
    if len(verb) < 3 or verb[-1] in _VOWELS or verb[-1] in "wxy" or verb[-2] not in _VOWELS or verb[-3] in _VOWELS:
        return False
    return sum(letter in _VOWELS for letter in verb) == 1


def _british(lemma: str) -> tuple[str, ...]:
    """British English doubles an l whatever the stress: cancel → cancelled, travel → travelling; but fail → failed."""
    head, tail = _split(lemma)
    if len(head) < 4 or head[-1] != "l" or head[-2] not in _VOWELS or head[-3] in _VOWELS or _doubles(head):
        return ()
    return f"{head}led{tail}", f"{head}ling{tail}"


def _s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")) or (word.endswith("o") and word[-2:-1] not in _VOWELS):
        return word + "es"
    return word + "s"
