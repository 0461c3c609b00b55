"""Words that any company's catalog may use for one another: a cart is a basket, a text is a text message."""

from __future__ import annotations

from collections.abc import Iterator

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
