"""A draft nobody touched already answers requests: words to people on three companies of other shapes than a shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from segbot.addresses import parse_address
from segbot.catalog.draft import draft
from segbot.catalog.load import read_catalog
from segbot.catalog.observed import Observed
from segbot.catalog.vocabulary import with_values
from segbot.model.reading import Outcome
from segbot.model.resolve import Moment
from segbot.nl.reader import Reader
from segbot.sql.compile import compile_count
from segbot.warehouse.inspect import open_inspection, profile_values

NOW = datetime(2025, 9, 1, 12, tzinfo=UTC)

REQUESTS = {
    "saas": [
        (
            "admins in Germany",
            "SELECT count(*) FROM app.users u JOIN app.accounts a USING (account_id) "
            "WHERE u.role = 'admin' AND a.country_code = 'DE' AND NOT u.is_test_user",
        ),
        (
            "never created a report",
            "SELECT count(*) FROM app.users u WHERE NOT u.is_test_user AND NOT EXISTS (SELECT FROM app.activity_events e "
            "WHERE e.user_id = u.user_id AND e.event_name = 'report_created')",
        ),
        (
            "in finance with more than 100 employees",
            "SELECT count(*) FROM app.users u JOIN app.accounts a USING (account_id) "
            "WHERE a.industry = 'finance' AND a.employee_count > 100 AND NOT u.is_test_user",
        ),
        (
            "opened a ticket with high priority",
            "SELECT count(*) FROM app.users u WHERE NOT u.is_test_user AND EXISTS (SELECT FROM app.tickets t "
            "WHERE t.user_id = u.user_id AND t.priority = 'high')",
        ),
    ],
    "hotel": [
        (
            "gold guests from Norway",
            """SELECT count(*) FROM pms."Guests" WHERE "loyaltyTier" = 'gold' AND nationality = 'Norway'""",
        ),
        (
            "stayed in Oslo",
            """SELECT count(DISTINCT s."guestId") FROM pms."Stays" s JOIN pms."Hotels" h USING ("hotelId")
            WHERE h.city = 'Oslo'""",
        ),
        (
            "never redeemed an offer",
            """SELECT count(*) FROM pms."Guests" g WHERE NOT EXISTS
            (SELECT FROM pms."OfferRedemptions" r WHERE r."guestId" = g."guestId")""",
        ),
    ],
    "insurer": [
        (
            "women in Texas",
            "SELECT count(*) FROM dim_policy_holder JOIN dim_geography USING (geography_key) "
            "WHERE gender_code = 'F' AND state_code = 'TX'",
        ),
        (
            "filed a claim in March 2025",
            "SELECT count(DISTINCT policy_holder_key) FROM fact_claim JOIN dim_date ON date_key = loss_date_key "
            "WHERE full_date BETWEEN '2025-03-01' AND '2025-03-31'",
        ),
        ("claims over $500", "SELECT count(DISTINCT policy_holder_key) FROM fact_claim WHERE claimed_amount > 500"),
    ],
}


@pytest.fixture(scope="module")
def answers(company: Callable[[str], tuple[str, Observed]]) -> Callable[[str, str, str], tuple[int, int]]:
    """What segbot counts for a request, and what hand-written SQL does."""

    def ask(name: str, request: str, by_hand: str) -> tuple[int, int]:
        url, observed = company(name)
        catalog, problems = read_catalog(draft(observed)[0])
        assert catalog is not None, problems
        with open_inspection(url) as connection:
            catalog = with_values(catalog, profile_values(catalog, connection, NOW))
        reader = Reader(catalog)
        moment = Moment(NOW, catalog.calendar)
        reading = reader.read(request, moment)
        assert reading.outcome is Outcome.ANSWER, reading
        assert reading.condition is not None
        statement = compile_count(reading.condition, catalog, moment, reader.base())
        with psycopg.connect(**parse_address(url, "the test").arguments) as connection:
            counted = connection.execute(statement.sql.encode(), statement.parameters).fetchone()
            expected = connection.execute(by_hand.encode()).fetchone()
        assert counted is not None
        assert expected is not None
        return counted[0], expected[0]

    return ask


@pytest.mark.parametrize(
    ("name", "request_", "by_hand"), [(name, *case) for name, cases in REQUESTS.items() for case in cases]
)
def test_a_draft_answers_as_an_analyst_would(
    answers: Callable[[str, str, str], tuple[int, int]], name: str, request_: str, by_hand: str
) -> None:
    """On an unedited draft, a request gives the number of people that hand-written SQL gives, and it is not nobody."""
    counted, expected = answers(name, request_, by_hand)
    assert counted == expected > 0
