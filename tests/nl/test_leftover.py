"""Words that add nothing where they stand: which belong to a condition, which are talk, and which stay unread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.nl.conftest import SHOP

from segbot.catalog.load import load_catalog
from segbot.model.catalog import Catalog
from segbot.model.condition import canonical
from segbot.model.reading import Outcome
from segbot.model.resolve import Moment
from segbot.nl.lexicon import idle
from segbot.nl.lexicon.people import inhabitants
from segbot.nl.notation import notation
from segbot.nl.reader import Reader

COMPANIES = Path(__file__).parents[1] / "companies"


@pytest.fixture(scope="module", params=("shop", "saas", "hotel", "insurer"))
def company(request: pytest.FixtureRequest) -> Catalog:
    """Each of the four companies' catalogs."""
    return load_catalog(SHOP if request.param == "shop" else COMPANIES / request.param / "catalog.yaml")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("people in Oregon state", "people in Oregon"),
        ("people that rent their house", "people that rent"),
        ("between 18 and 25 years", "people between 18 and 25"),
        ("first order date in 2024", "first order in 2024"),
        ("people with sms accepted", "subscribed to sms"),
        ("bought from the jackets category", "bought jackets"),
        ("people who hold gold membership", "gold members"),
        ("customers belonging to the silver tier", "silver members"),
        ("customers who carry the gold card", "gold members"),
        ("people living in the city of Boston", "people in Boston"),
        ("Londoners over 40", "over 40 in London"),
        ("Texans", "people in Texas"),
        ("silver, within 2000-5000 points", "silver, between 2000 and 5000 points"),
        ("signed up in 2024 and then never bought", "signed up in 2024 and never bought"),
        ("women tx", "women in Texas"),
    ],
)
def test_words_that_name_the_kind_or_lead_to_a_condition_belong_to_it(
    said: str, plain: str, reader: Reader, at: Moment
) -> None:
    """The request means what it means without them."""
    one, other = reader.read(said, at), reader.read(plain, at)
    assert one.condition is not None
    assert other.condition is not None
    assert not one.unread
    assert notation(canonical(one.condition)) == notation(canonical(other.condition))


@pytest.mark.parametrize(
    ("said", "unread"),
    [
        ("happy customers in Texas", "happy"),
        ("grateful customers in Texas", "grateful"),
        ("we want happy customers in Texas", "happy"),
        ("women in Texas who need help", "help"),
        ("women in Texas, happy", "happy"),
        ("people who left Texas", "left"),
        ("people who used to be gold members", "used"),
        ("quick women in Texas", "quick"),
        ("we phoned gold members", "phoned"),
        ("not grateful for women in Texas", "grateful"),
        ("customers that hate jackets category", "hate"),
        ("people with a German car", "car"),
        ("customers who talk German television", "television"),
    ],
)
def test_words_that_say_something_stay_unread(said: str, unread: str, reader: Reader, at: Moment) -> None:
    """What may say something of the customers is reported, however general the word is."""
    reading = reader.read(said, at)
    assert reading.outcome is Outcome.REJECT
    assert unread in " ".join(u.text for u in reading.unread)


def test_no_word_of_talk_is_dropped_where_the_company_uses_it(company: Catalog) -> None:
    """A company's own word is never talk: each of them is either not one of the table or kept by the lexicon."""
    reader = Reader(company)
    at = Moment(_MOMENT, company.calendar)
    own = sorted(
        word
        for word in idle.TALKING - idle.JOINING - idle.SPEAKERS
        if word in reader.vocabulary and reader._lexicon.has((word,))
    )
    for word in own:
        reading = reader.read(f"I would {word} for a list of {company.customers.plural}", at)
        assert word not in {w for aside in reading.asides for w in aside.text.split()}


_MOMENT = datetime(2026, 5, 20, 12, tzinfo=UTC)
_BEFORE = (
    "I would be grateful for a list of",
    "umm so like",
    "hmm, not sure if this is possible but",
    "could you be so kind to compile",
    "I was asked by my boss to gather",
    "no idea whether it works but please extract",
    "if it is not too difficult, assemble",
)
_AFTER = (
    ", if you would be so kind",
    ", whenever it suits you",
    ", not urgent",
    ", I would really appreciate it",
    ", thanks a million",
    ", hope that makes sense",
    ", no rush",
)
_ASKED = {
    "shop": ("women in Texas", "customers who bought shoes in 2025", "gold members over 30", "people who never bought"),
    "saas": ("admins on the pro plan", "users in Germany", "accounts with more than 50 seats"),
    "hotel": ("gold members from Austria", "women over 50 in Hamburg"),
    "insurer": ("women over 50", "people who made a claim in 2025"),
}


@pytest.fixture(scope="module")
def readers() -> dict[str, Reader]:
    """A reader for each company."""
    paths = {"shop": SHOP, **{n: COMPANIES / n / "catalog.yaml" for n in ("saas", "hotel", "insurer")}}
    return {name: Reader(load_catalog(path)) for name, path in paths.items()}


def _requests() -> Iterator[tuple[str, str]]:
    return ((name, text) for name, texts in _ASKED.items() for text in texts)


@given(
    case=st.sampled_from(sorted(_requests())),
    before=st.sampled_from(("", *_BEFORE)),
    after=st.sampled_from(("", *_AFTER)),
)
@settings(max_examples=60, deadline=None)
def test_talk_around_a_request_never_changes_what_it_means(
    case: tuple[str, str], before: str, after: str, readers: dict[str, Reader]
) -> None:
    """Whatever is said of the request itself, before it or after it, the same people are meant."""
    name, text = case
    reader = readers[name]
    at = Moment(_MOMENT, reader.catalog.calendar)
    plain, around = reader.read(text, at), reader.read(f"{before} {text}{after}".strip(), at)
    assert plain.condition is not None
    assert around.condition is not None, [u.text for u in around.unread]
    assert not around.unread
    assert canonical(around.condition) == canonical(plain.condition)


@given(
    case=st.sampled_from(sorted(_requests())),
    words=st.lists(st.sampled_from(sorted(idle.TALKING)), min_size=1, max_size=4),
)
@settings(max_examples=80, deadline=None)
def test_any_general_words_before_a_request_leave_its_people_or_are_reported(
    case: tuple[str, str], words: list[str], readers: dict[str, Reader]
) -> None:
    """Words of talk in any order: what is answered is the request's own people, else something is reported or asked."""
    name, text = case
    reader = readers[name]
    at = Moment(_MOMENT, reader.catalog.calendar)
    reading = reader.read(f"{' '.join(words)}, I mean {text}", at)
    plain = reader.read(text, at)
    assert plain.condition is not None
    if reading.asides and reading.outcome is Outcome.ANSWER:
        assert reading.condition is not None
        assert canonical(reading.condition) == canonical(plain.condition)


@pytest.mark.parametrize(
    ("place", "people"),
    [
        ("London", "londoners"), ("Berlin", "berliners"), ("Texas", "texans"), ("Boston", "bostonians"), ("Chicago", "chicagoans"),
        ("California", "californians"), ("Florida", "floridians"), ("New York", "new yorkers"), ("Paris", "parisians"),
        ("Seattle", "seattleites"), ("Atlanta", "atlantans"), ("Oregon", "oregonians"),
    ],
)  # fmt: skip
def test_people_of_a_place_are_called_by_it(place: str, people: str) -> None:
    """The usual word for those who live in a place follows from its name."""
    assert people in inhabitants(place)


@pytest.mark.parametrize("place", ["Mobile", "Nice", "Bath", "Orange"])
def test_places_that_are_everyday_words_have_no_such_people(place: str) -> None:
    """A nicer shoe is nobody from Nice."""
    assert not inhabitants(place)
