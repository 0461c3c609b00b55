"""Every tree has a sentence, and the sentence has that tree: paraphrases are read back, in four companies."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.random_trees import Trees

import segbot.demo
from segbot.catalog.load import load_catalog
from segbot.model.catalog import Catalog
from segbot.model.condition import (
    COUNT,
    Against,
    AllOf,
    AnyOf,
    Around,
    CameBack,
    Capped,
    Compare,
    Comparison,
    Condition,
    Did,
    Everyone,
    Filter,
    Has,
    Held,
    Measure,
    Measured,
    Member,
    Not,
    Nth,
    Ranked,
    Reachable,
    Regularly,
    Rows,
    Sampled,
    Sequence,
    Share,
    Stopped,
    at_least,
    canonical,
)
from segbot.model.operators import Operator
from segbot.model.reading import Outcome
from segbot.model.resolve import Moment
from segbot.model.windows import Calendar, Dated, Duration, Named, Unit, Window, after, before, during, last, since
from segbot.nl.phrase import phrase, phrase_difference, phrase_node
from segbot.nl.reader import Reader
from segbot.nl.restated import read_restatement
from segbot.nl.text import tokenize

HERE = Path(__file__).parents[1]
COMPANIES = {
    "shop": Path(segbot.demo.__file__).parent / "company" / "catalog.yaml",
    **{name: HERE / "companies" / name / "catalog.yaml" for name in ("saas", "hotel", "insurer")},
}
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
TREES = int(os.environ.get("SEGBOT_TREES", "200"))
MANY = settings(max_examples=TREES, deadline=None, suppress_health_check=list(HealthCheck))
CORPUS = HERE / "corpus"


@cache
def _company(name: str) -> tuple[Catalog, Reader, Trees]:
    catalog = load_catalog(COMPANIES[name])
    reader = Reader(catalog)
    at = Moment(NOW, catalog.calendar)
    terms = {}
    for term in catalog.dictionary:
        meant = reader.read(f"{catalog.customers.plural} who are {term.words[0]}", at).condition
        if meant is not None and meant.kind == "defined":
            terms[meant.term] = meant.meaning
    return catalog, reader, Trees(catalog, terms)


def _read_back(name: str, tree: Condition) -> None:
    catalog, reader, _ = _company(name)
    said = phrase(tree, catalog)
    reading = reader.read(said, Moment(NOW, catalog.calendar))
    assert reading.condition is not None, said
    assert canonical(reading.condition) == canonical(tree), said
    assert (reading.outcome, reading.unread, reading.questions) == (Outcome.ANSWER, (), ()), said
    spans = [*reading.phrases, *reading.fillers]
    for token in tokenize(said):
        assert sum(s.start <= token.start and token.end <= s.end for s in spans) == 1, (said, token.text)


@pytest.mark.parametrize("name", COMPANIES)
@MANY
@given(data=st.data())
def test_a_sentence_is_read_back_to_the_tree_it_came_from(name: str, data: Any) -> None:
    """Whatever a tree says, its sentence means that tree and nothing else: no doubt, and no word left over."""
    catalog, reader, trees = _company(name)
    tree = data.draw(trees.trees())
    restated = read_restatement(phrase(tree, catalog), catalog, reader.terms)
    assert restated is not None, phrase(tree, catalog)
    assert canonical(restated.condition) == canonical(tree), phrase(tree, catalog)


@pytest.mark.parametrize("name", COMPANIES)
@settings(MANY, max_examples=max(25, TREES // 20))
@given(data=st.data())
def test_the_reader_answers_a_sentence_with_its_tree_and_an_account_of_every_word(name: str, data: Any) -> None:
    """The whole reader gives the same answer, asks nothing, and has each word in exactly one place."""
    _read_back(name, data.draw(_company(name)[2].trees()))


def _understood() -> list[Any]:
    cases = []
    for file in sorted(CORPUS.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            if "answer" in case:
                cases.append(pytest.param(case["text"], id=case["text"][:60]))
    return cases


@pytest.mark.parametrize("text", _understood())
def test_what_the_corpus_means_is_restated_so_that_it_means_the_same(text: str) -> None:
    """The restatement on the card of every request of the corpus is itself a request for those very people."""
    catalog, reader, _ = _company("shop")
    tree = reader.read(text, Moment(NOW, catalog.calendar)).condition
    if tree is not None:
        _read_back("shop", tree)


# --- what sentences sound like -------------------------------------------------------------------

_O = Operator


def _has(attribute: str, *values: Any, by: Operator = Operator.IS) -> Has:
    return Has(attribute, by, values)


def _is(name: str, *values: Any, by: Operator = Operator.IS, no: bool = False) -> Filter:
    return Filter(name, by, values, None, no)


def _orders(*filters: Filter, when: Window | None = None) -> Rows:
    return Rows("order", filters, when)


def _rows(event: str, *filters: Filter, when: Window | None = None) -> Rows:
    return Rows(event, filters, when)


def _more(number: float) -> Comparison:
    return Comparison(_O.GT, (number,))


_DAYS = last(90, Unit.DAY)
_WOMEN, _MEN = _has("gender", "F"), _has("gender", "M")
_TEXAS, _CALIFORNIA = _has("state", "TX"), _has("state", "CA")
_BOUGHT, _VISITED, _OPENED = Did(_orders()), Did(_rows("visit")), Did(_rows("email_opened"))
_SPENT = Measured(_orders(when=last(1, Unit.YEAR)), Measure("sum", "amount"))

SENTENCES: list[tuple[Condition, str]] = [
    (Everyone(), "all customers"),
    # people, ages and places
    (_WOMEN, "women"),
    (_has("gender", "X"), "customers whose gender is non-binary"),
    (Not(_WOMEN), "customers whose gender is not female"),
    (_CALIFORNIA, "customers in California"),
    (_has("state", "TX", "FL"), "customers in Texas or Florida"),
    (Not(_has("state", "TX", "FL")), "customers whose state is neither Texas nor Florida"),
    (Not(_has("state", "TX", "FL", "OH")), "customers whose state is neither Texas, Florida nor Ohio"),
    (_has("city", "New York"), "customers whose city is New York"),
    (_has("city", "Gotham"), 'customers whose city is "Gotham"'),
    (_has("age", 30, by=_O.GT), "customers over 30"),
    (_has("age", 65, by=_O.GE), "customers 65 or older"),
    (_has("age", 25, 34, by=_O.BETWEEN), "customers aged 25 to 34"),
    (Not(_has("age", 30, by=_O.GT)), "customers whose age is not over 30"),
    (AllOf((_WOMEN, _has("age", 30, by=_O.GT), _CALIFORNIA)), "women over 30 in California"),
    (
        AnyOf((AllOf((_WOMEN, _TEXAS)), AllOf((_MEN, _CALIFORNIA)))),
        "women in Texas or men in California",
    ),
    # other attributes
    (_has("loyalty_tier", "gold"), "customers who are gold members"),
    (Not(_has("loyalty_tier", "gold")), "customers who are not gold members"),
    (_has("loyalty_tier", "gold", "silver"), "customers whose loyalty tier is gold or silver"),
    (_has("home_ownership", "owner"), "customers who are homeowners"),
    (_has("has_children", True), "customers who have children"),
    (_has("has_children", False), "customers who have no children"),
    (_has("email_opt_in", True), "customers who are subscribed to email"),
    (_has("household_income", 100_000, by=_O.GE), "customers whose household income is at least $100,000"),
    (
        _has("household_income", 50_000, 80_000, by=_O.BETWEEN),
        "customers whose household income is between $50,000 and $80,000",
    ),
    (Not(Has("household_income", _O.IS_SET)), "customers who have no household income"),
    (_has("first_name", "Ann", by=_O.STARTS_WITH), 'customers whose first name starts with "Ann"'),
    (_has("email", "gmail.com", by=_O.DOMAIN), "customers whose email is at gmail.com"),
    (_has("interests", "hiking", "camping", by=_O.HAS_ANY), "customers whose interests include hiking or camping"),
    (
        _has("interests", "hiking", "camping", by=_O.HAS_ALL),
        "customers whose interests include all of hiking and camping",
    ),
    (Has("birth_date", _O.WITHIN, (), during(Dated(1985))), "customers who were born in 1985"),
    (
        Has("birth_date", _O.ANNIVERSARY, (), during(Calendar(Unit.MONTH, 0))),
        "customers whose birthday falls this month",
    ),
    (Has("signed_up_at", _O.WITHIN, (), last(30, Unit.DAY)), "customers whose sign-up date is in the last 30 days"),
    (Reachable("email"), "customers who can be reached by email"),
    (
        Held("loyalty_tier", ("gold",), Duration(3, Unit.MONTH)),
        "customers whose loyalty tier has been gold for 3 months",
    ),
    # behaviour
    (_BOUGHT, "customers who bought"),
    (Not(_BOUGHT), "customers who never bought"),
    (Did(_orders(when=_DAYS)), "customers who bought in the last 90 days"),
    (Not(Did(_orders(when=_DAYS))), "customers who did not buy in the last 90 days"),
    (Did(_orders(), COUNT, at_least(2)), "customers who bought at least 2 times"),
    (Did(_orders(), COUNT, Comparison(_O.IS, (1,))), "customers who bought exactly 1 time"),
    (Did(_orders(), COUNT, _more(5)), "customers who bought more than 5 times"),
    (Not(Did(_orders(), COUNT, at_least(3))), "customers who did not buy at least 3 times"),
    (
        Did(_orders(_is("category", "shoes", "hats"), when=last(1, Unit.MONTH))),
        "customers who bought shoes or hats in the last month",
    ),
    (
        Did(_orders(_is("category", "shoes"), _is("colour", "black"))),
        "customers who bought shoes where color is black",
    ),
    (
        Did(_orders(_is("amount", 300, by=_O.GT))),
        "customers who bought where order value is over $300",
    ),
    (Did(_rows("add_to_cart", _is("category", "shoes"))), "customers who added shoes to cart"),
    (_OPENED, "customers who opened an email"),
    (Not(_OPENED), "customers who never opened an email"),
    (Did(_rows("email_sent", when=last(7, Unit.DAY))), "customers who were sent an email in the last 7 days"),
    (
        Did(_orders(when=during(Dated(2025))), Measure("sum", "amount"), _more(500)),
        "customers who spent over $500 in 2025",
    ),
    (
        Did(_rows("item", _is("category", "shoes")), Measure("sum", "amount"), _more(500)),
        "customers who spent over $500 on shoes",
    ),
    (
        Did(_rows("item", _is("category", "shoes")), Measure("sum", "quantity"), at_least(3)),
        "customers who bought at least 3 shoes",
    ),
    (
        Did(_orders(when=last(12, Unit.MONTH)), Measure("average", "amount"), _more(80)),
        "customers whose average order value of orders in the last 12 months is over $80",
    ),
    (
        Did(_orders(), Measure("distinct", "category"), at_least(3)),
        "customers whose number of different product categories of orders is at least 3",
    ),
    (Nth(_orders(), 1, during(Dated(None, 3))), "customers whose first order was in March"),
    (
        Nth(_orders(), -1, None, (_is("category", "shoes"),)),
        "customers whose last order was one where product category is shoes",
    ),
    (
        Share(_rows("visit", _is("device", "mobile")), _rows("visit"), _more(0.5)),
        "customers whose share of visits where device is mobile is over 50%",
    ),
    (
        Share(_rows("email_opened", when=_DAYS), _rows("email_sent", when=_DAYS), Comparison(_O.GE, (0.5,))),
        "customers whose ratio of email opens in the last 90 days to sent emails in the last 90 days is at least 50%",
    ),
    (
        Compare(
            Measured(_orders(when=during(Calendar(Unit.YEAR, 0)))),
            _O.GT,
            Measured(_orders(when=during(Calendar(Unit.YEAR, -1)))),
        ),
        "customers whose number of orders this year is more than the number of orders last year",
    ),
    (
        Sequence(_rows("add_to_cart"), _orders(), Duration(2, Unit.DAY), then_never=True),
        "customers who added to cart and then did not buy within 2 days",
    ),
    (
        Sequence(_rows("visit", when=last(7, Unit.DAY)), _orders(), None, then_never=True),
        "customers who visited in the last 7 days and then did not buy",
    ),
    (
        Sequence(_rows("product_view"), _orders(), Duration(7, Unit.DAY), same=("product",)),
        "customers who viewed a product and then bought with the same product within 7 days",
    ),
    (
        Around(_orders(), "signed_up_at", None, Duration(7, Unit.DAY)),
        "customers who bought within 7 days after the sign-up date",
    ),
    (Regularly(_orders(), 4, 6, Unit.MONTH), "customers who bought in at least 4 of the last 6 months"),
    (Stopped(_orders(), Duration(6, Unit.MONTH)), "customers who stopped buying 6 months ago"),
    (
        CameBack(_orders(), Duration(6, Unit.MONTH), last(30, Unit.DAY)),
        "customers who came back to buying after 6 months without it in the last 30 days",
    ),
    # times
    (Did(_orders(when=since(Dated(2025, 3)))), "customers who bought since March 2025"),
    (Did(_orders(when=before(Dated(2024)))), "customers who bought before 2024"),
    (Did(_orders(when=after(Dated(2025, 3, 4)))), "customers who bought after March 4, 2025"),
    (Did(_orders(when=during(Named("black_friday", 2024)))), "customers who bought on Black Friday 2024"),
    (Did(_orders(when=during(Calendar(Unit.QUARTER, -1)))), "customers who bought last quarter"),
    # rankings, samples and lists
    (Ranked("top", 10, "percent", "lifetime_value"), "customers in the top 10% by lifetime value"),
    (
        Ranked("top", 100, "people", _SPENT, _TEXAS),
        "customers in the top 100 by total order value of orders in the last year among those whose state is Texas",
    ),
    (Against("above", "average", "household_income"), "customers whose household income is above the average"),
    (Sampled(10), "customers in a random 10%"),
    (Capped(Everyone(), 100), "at most 100 customers"),
    (
        Capped(_BOUGHT, 500, "lifetime_value"),
        "at most 500 customers with the highest lifetime value of those who bought",
    ),
    (Member("segment", "spring_buyers"), "customers in the segment spring_buyers"),
    (Not(Member("list", "staff")), "customers not in the list staff"),
    (
        Member("segment", "spring_buyers", "left", last(7, Unit.DAY)),
        "customers who left the segment spring_buyers in the last 7 days",
    ),
    # several together
    (
        AllOf(
            (
                _WOMEN,
                _has("age", 30, by=_O.GT),
                _CALIFORNIA,
                Did(_orders(when=_DAYS), COUNT, at_least(2)),
                Not(_OPENED),
            )
        ),
        "women over 30 in California who bought at least 2 times in the last 90 days and never opened an email",
    ),
    (
        AllOf((Did(_rows("email_clicked")), Not(Did(_orders(when=last(60, Unit.DAY)))))),
        "customers who clicked an email and who did not buy in the last 60 days",
    ),
    (AnyOf((_BOUGHT, _VISITED)), "customers who bought or who visited"),
    (AllOf((_CALIFORNIA, AnyOf((_BOUGHT, _VISITED)))), "customers in California who bought or who visited"),
    (
        AllOf((_BOUGHT, AnyOf((_VISITED, _OPENED)))),
        "customers who bought and (who visited or who opened an email)",
    ),
    (
        AnyOf((AllOf((_BOUGHT, _VISITED)), _OPENED)),
        "customers (who bought and who visited) or who opened an email",
    ),
    (Not(AnyOf((_BOUGHT, _VISITED))), "all customers except those who bought or who visited"),
    (AllOf((_WOMEN, Not(AnyOf((_BOUGHT, _VISITED))))), "women, except those who bought or who visited"),
    (
        AllOf((_has("loyalty_tier", "gold"), Reachable("email"), _VISITED)),
        "customers who are gold members, who can be reached by email and who visited",
    ),
]


@pytest.mark.parametrize(("tree", "said"), [pytest.param(t, s, id=s[:70]) for t, s in SENTENCES])
def test_a_sentence_sounds_as_a_person_would_say_it(tree: Condition, said: str) -> None:
    """Each kind of condition has its own plain wording, which means it again."""
    assert phrase(tree, _company("shop")[0]) == said
    _read_back("shop", tree)


def test_a_line_stands_alone() -> None:
    """In the list of conditions, a line begins with a capital letter and needs no noun."""
    catalog = _company("shop")[0]
    assert phrase_node(Not(_OPENED), catalog) == "Never opened an email"
    assert phrase_node(_has("state", "TX"), catalog) == "State is Texas"


def test_labels_of_a_question_say_only_what_differs() -> None:
    """What all choices share is left out of their labels; choices that share nothing are said in full."""
    catalog = _company("shop")[0]
    shoes, jackets, dresses = (Did(_orders(_is("category", c))) for c in ("shoes", "jackets", "dresses"))
    one = AllOf((_WOMEN, _CALIFORNIA, shoes, AnyOf((jackets, dresses))))
    two = AllOf((_WOMEN, _CALIFORNIA, AnyOf((AllOf((shoes, jackets)), dresses))))
    assert phrase_difference((one, two), catalog) == (
        "shoes and (jackets or dresses)",
        "(shoes and jackets) or dresses",
    )
    assert phrase_difference((_WOMEN, _MEN), catalog) == ("women", "men")
    timed = Did(_orders(when=_DAYS))
    assert phrase_difference((AllOf((_TEXAS, timed)), AllOf((_TEXAS, _BOUGHT))), catalog) == (
        "who bought in the last 90 days",
        "who bought",
    )


def test_other_sentences_are_left_to_the_reader_of_ordinary_english() -> None:
    """Only what the paraphrase itself would say is a restatement; a word more, or in another place, makes it none."""
    catalog, reader, _ = _company("shop")
    for text in (
        "customers who bought twice",
        "please customers who bought",
        "customers who bought, really",
        "women!",
        "",
    ):
        assert read_restatement(text, catalog, reader.terms) is None
