"""Names turned into words: what people call the rows of a table, the things in a column, and what somebody did.

Guesses for a first draft, from the habits of those who name tables; a person reads and corrects them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LAYERS = re.compile(r"^(dim|fact|fct|f|d|stg|tbl|vw|v|raw|mart|int|base)_(?=.)|_(dim|fact|fct|table|tbl|view|v\d+)$")


def snake(name: str) -> str:
    """A name in lower case with underscores: "OrderLines" → "order_lines"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def key_of(name: str) -> str:
    """A name as a key of the catalog: it begins with a letter."""
    plain = snake(name)
    return plain if plain[:1].isalpha() else f"f_{plain}".rstrip("_")


def thing(table: str) -> str:
    """What one row of a table is: "dim_customers" → "customer", "shop.order_lines" → "order_line"."""
    name = snake(table.rpartition(".")[2])
    while (shorter := _LAYERS.sub("", name)) != name and shorter:
        name = shorter
    head, _, last = name.rpartition("_")
    return f"{head}_{singular(last)}" if head else singular(last)


_SINGULAR = {
    "people": "person",
    "children": "child",
    "news": "news",
    "sms": "sms",
    "status": "status",
    "series": "series",
}


def singular(word: str) -> str:
    """A noun for one: "categories" → "category", "addresses" → "address"."""
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if re.search(r"(ss|sh|ch|x|z)es$", word):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plural(word: str) -> str:
    """A noun for several, of the last word: "support ticket" → "support tickets"."""
    if word.endswith("person"):
        return f"{word[:-6]}people"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(s|sh|ch|x|z)$", word) else f"{word}s"


@dataclass(frozen=True, slots=True)
class Saying:
    """How people speak of an event: verbs, nouns, who does it, and words for spending, if any."""

    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    spend: tuple[str, ...] = ()


_BUYING = Saying(
    ("buy", "order", "purchase", "place an order"), ("order", "purchase"), ("buyer", "shopper"), ("spend",)
)
_KNOWN: dict[str, Saying] = {
    "order": _BUYING,
    "purchase": _BUYING,
    "sale": _BUYING,
    "transaction": Saying(("buy", "purchase", "make a transaction"), ("transaction", "purchase"), ("buyer",), ("spend",)),
    "booking": Saying(("book", "make a booking"), ("booking",), ("booker",), ("spend",)),
    "reservation": Saying(("reserve", "book", "make a reservation"), ("reservation", "booking"), (), ("spend",)),
    "stay": Saying(("stay", "stay with us"), ("stay",), (), ("spend",)),
    "night": Saying(("spend a night",), ("night",)),
    "rental": Saying(("rent",), ("rental",), ("renter",), ("spend",)),
    "return": Saying(("return", "send back"), ("return",)),
    "refund": Saying(("get a refund", "be refunded"), ("refund",)),
    "payment": Saying(("pay", "make a payment"), ("payment",), (), ("pay",)),
    "invoice": Saying(("be invoiced", "get an invoice"), ("invoice",)),
    "subscription": Saying(("subscribe", "start a subscription"), ("subscription",), ("subscriber",)),
    "login": Saying(("log in", "sign in"), ("login",)),
    "session": Saying(("visit", "have a session"), ("session", "visit")),
    "visit": Saying(("visit",), ("visit",), ("visitor",)),
    "page_view": Saying(("view a page",), ("page view", "pageview")),
    "pageview": Saying(("view a page",), ("page view", "pageview")),
    "product_view": Saying(("view a product", "look at a product"), ("product view",)),
    "view": Saying(("view",), ("view",)),
    "search": Saying(("search",), ("search",)),
    "click": Saying(("click",), ("click",)),
    "open": Saying(("open",), ("open",)),
    "add_to_cart": Saying(("add to cart", "put in their cart"), ("add to cart",)),
    "cart": Saying(("start a cart",), ("cart",)),
    "checkout": Saying(("check out", "start checkout"), ("checkout",)),
    "checkout_started": Saying(("start checkout",), ("checkout start",)),
    "signup": Saying(("sign up",), ("signup", "sign-up")),
    "registration": Saying(("register",), ("registration",)),
    "download": Saying(("download",), ("download",)),
    "review": Saying(("review", "write a review"), ("review",), ("reviewer",)),
    "rating": Saying(("rate", "leave a rating"), ("rating",)),
    "survey": Saying(("answer a survey",), ("survey",)),
    "survey_response": Saying(("answer a survey",), ("survey response",)),
    "ticket": Saying(("open a ticket", "contact support"), ("ticket", "support ticket")),
    "support_ticket": Saying(("open a support ticket", "open a ticket", "contact support"), ("support ticket", "ticket")),
    "case": Saying(("open a case",), ("case",)),
    "complaint": Saying(("complain", "file a complaint"), ("complaint",)),
    "claim": Saying(("claim", "file a claim", "make a claim"), ("claim",), ("claimant",)),
    "policy": Saying(("take out a policy", "buy a policy"), ("policy",)),
    "premium": Saying(("pay a premium",), ("premium",), (), ("pay",)),
    "quote": Saying(("get a quote", "ask for a quote"), ("quote",)),
    "call": Saying(("call",), ("call",), ("caller",)),
    "redemption": Saying(("redeem",), ("redemption",)),
    "donation": Saying(("donate", "give"), ("donation", "gift"), ("donor",), ("donate", "give")),
    "appointment": Saying(("have an appointment",), ("appointment",)),
    "enrollment": Saying(("enroll",), ("enrollment",)),
    "trip": Saying(("travel", "take a trip"), ("trip",)),
    "ride": Saying(("ride", "take a ride"), ("ride",), ("rider",), ("spend",)),
    "shipment": Saying(("be sent a shipment",), ("shipment", "delivery")),
    "message": Saying(("be sent a message",), ("message",)),
    "email": Saying(("be sent an email",), ("email sent", "sent email")),
    "referral": Saying(("refer a friend",), ("referral",), ("referrer",)),
    # what became of a message, as columns of kinds have it
    "sent": Saying(("be sent a message",), ("sent message",)),
    "delivered": Saying(("receive a message",), ("delivered message",)),
    "opened": Saying(("open a message", "open"), ("opened message",)),
    "clicked": Saying(("click a message", "click"), ("clicked message",)),
    "bounced": Saying(("bounce",), ("bounce",)),
    "complained": Saying(("report spam", "complain"), ("spam complaint",)),
    "subscribed": Saying(("subscribe",), ("subscription",)),
    "unsubscribed": Saying(("unsubscribe",), ("unsubscription",)),
    "logged_in": Saying(("log in", "sign in"), ("login",)),
    "signed_up": Saying(("sign up",), ("sign-up",)),
}  # fmt: skip

_DONE = {
    "created": "create", "sent": "send", "viewed": "view", "opened": "open", "clicked": "click", "started": "start",
    "completed": "complete", "added": "add", "shared": "share", "uploaded": "upload", "downloaded": "download",
    "deleted": "delete", "updated": "update", "installed": "install", "cancelled": "cancel", "canceled": "cancel",
    "submitted": "submit", "booked": "book", "placed": "place", "exported": "export", "played": "play", "read": "read",
    "redeemed": "redeem", "used": "use",
}  # fmt: skip
_TRANSITIVE = frozenset({"redeem", "download", "review", "rate", "rent", "book", "reserve", "claim", "search"})
# Words that say too little about what stands before them: a work order is not bought.
_ALONE = frozenset({
    "order", "purchase", "sale", "open", "view", "case", "call", "message", "sent", "delivered", "opened", "clicked",
    "bounced", "complained", "subscribed", "unsubscribed", "logged_in", "signed_up", "night",
})  # fmt: skip


def saying(name: str) -> tuple[Saying, bool]:
    """How people say an event of this name (singular, snake case), and whether that is known rather than made up."""
    if name in _KNOWN:
        return _KNOWN[name], True
    head, _, last = name.rpartition("_")
    words = name.replace("_", " ")
    if head and last in _DONE:
        # report_created: created a report
        noun = head.replace("_", " ")
        return Saying((f"{_DONE[last]} {_article(noun)} {noun}",), (words,)), True
    if head and last == "send":
        # offer_send: was sent an offer
        noun = head.replace("_", " ")
        return Saying((f"be sent {_article(noun)} {noun}",), (f"{noun} sent", f"sent {noun}")), True
    if head and last in _KNOWN and last not in _ALONE:
        known = _KNOWN[last]
        if known.verbs and known.verbs[0] in _TRANSITIVE:
            # offer_redemption: redeemed an offer
            noun = head.replace("_", " ")
            objects = (f"{known.verbs[0]} {_article(noun)} {noun}", *known.verbs)
            return Saying(objects, (words, *known.nouns), known.actors, known.spend), True
        return Saying(known.verbs, (words, *known.nouns), known.actors, known.spend), True
    return Saying((), (words,)), False


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"
