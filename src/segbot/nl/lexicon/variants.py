"""Words that any company's catalog may use for one another: a cart is a basket, a text is a text message."""

from __future__ import annotations

from collections.abc import Iterator

from segbot.model.catalog import Event

_SAME: dict[str, tuple[str, ...]] = {
    "cart": ("basket", "bag", "shopping cart", "shopping basket", "shopping bag", "trolley"),
    "carts": ("baskets", "shopping carts"),
    "text": ("text message", "sms", "sms message"),
    "texts": ("text messages", "sms messages"),
    "graduate": ("grad",),
    "graduates": ("grads",),
    "program": ("programme",),
    "catalog": ("catalogue",),
    "ticket": ("case",),
    "website": ("site", "web site"),
}


def variants(phrase: str) -> Iterator[str]:
    """The phrase with one word in other words; the first word of a longer phrase stays, because it may be a verb."""
    words = phrase.split()
    for index, word in enumerate(words):
        if index or len(words) == 1:
            for other in _SAME.get(word.lower(), ()):
                yield " ".join((*words[:index], other, *words[index + 1 :]))


_SITE = frozenset({"visit the website", "visit the site", "visit our site", "browse the site"})
_ON_SITE = tuple(
    f"{verb} {article} {noun}"
    for verb in ("look at", "check out", "go to", "go on", "come to", "browse", "visit", "use")
    for article in ("our", "the")
    for noun in ("website", "site", "online shop", "online store", "web shop", "webshop", "homepage", "web")
)


def site_verbs(event: Event) -> tuple[str, ...]:
    """How a visit of the website is said besides, where an event is one: looked at our website."""
    said = {f"{verb.lemma} {verb.particle}".strip() for verb in event.verbs}
    return _ON_SITE if said & _SITE else ()
