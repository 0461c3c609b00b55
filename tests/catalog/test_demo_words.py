"""The demo catalog's own words: its base, house terms, ready segments and examples are all understood."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from segbot.catalog.load import load_catalog
from segbot.model.reading import Outcome
from segbot.model.resolve import Moment
from segbot.nl.reader import Reader

CATALOG = load_catalog(Path(__file__).parents[2] / "src" / "segbot" / "demo" / "company" / "catalog.yaml")
MOMENT = Moment(datetime(2026, 5, 20, 16, tzinfo=UTC), CATALOG.calendar)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(CATALOG)


@pytest.mark.parametrize(
    "request_",
    [
        *(pytest.param(s.request, id=s.key) for s in CATALOG.segments),
        *(pytest.param(t.means, id=t.key) for t in CATALOG.dictionary),
        *CATALOG.examples,
        CATALOG.base,
    ],
)
def test_the_catalogs_own_requests_need_no_question(reader: Reader, request_: str) -> None:
    """Every request that the catalog itself makes stands without a question and without an unread word."""
    assert reader.read(request_, MOMENT).outcome is Outcome.ANSWER


def test_some_words_are_left_to_ask() -> None:
    """The house dictionary leaves "high-value" and "active" open, so that the product asks for them."""
    defined = {word.casefold() for term in CATALOG.dictionary for word in term.words}
    assert not defined & {"high-value", "high value", "active", "loyal", "engaged"}
