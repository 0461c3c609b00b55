"""A first catalog from a live database: it loads, it fits, and it says what it guessed and left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segbot.catalog.check import check
from segbot.catalog.draft import draft
from segbot.catalog.load import locate, read_catalog
from segbot.catalog.observed import Observed, ObservedColumn, ObservedTable
from segbot.catalog.report import report_notes
from segbot.errors import CatalogError
from segbot.model.catalog import Catalog, Event, Field, Role
from segbot.model.operators import Kind

Company = Callable[[str], tuple[str, Observed]]


def drafted(observed: Observed) -> tuple[Catalog, str]:
    """The catalog of a draft and its notes; the draft must load and fit without a single problem."""
    text, notes = draft(observed, "Test")
    catalog, problems = read_catalog(text)
    assert catalog is not None, [str(p) for p in problems]
    assert problems == ()
    found = check(catalog, observed, locate(text))
    assert [str(p) for p in found] == []
    return catalog, "\n".join(notes)


def attribute(catalog: Catalog, key: str) -> Field:
    found = catalog.attribute(key)
    assert found is not None, [a.key for a in catalog.attributes]
    return found


def event(catalog: Catalog, key: str) -> Event:
    found = catalog.event(key)
    assert found is not None, [e.key for e in catalog.events]
    return found


def property_of(catalog: Catalog, name: str, key: str) -> Field:
    found = event(catalog, name).property(key)
    assert found is not None, [p.key for p in event(catalog, name).properties]
    return found


def test_the_shop_is_drafted_as_a_shop(demo_observed: Observed) -> None:
    """Customers, roles, orders with what was bought, message events by kind, consent and the staff flag are found."""
    catalog, notes = drafted(demo_observed)
    assert (catalog.customers.table, catalog.customers.key, catalog.customers.buyer_event) == (
        "shop.customers",
        "id",
        "order",
    )
    assert {Role.GENDER, Role.AGE, Role.BIRTH_DATE, Role.STATE, Role.COUNTRY, Role.CITY, Role.INCOME, Role.TIER} <= {
        a.role for a in catalog.attributes
    }
    assert attribute(catalog, "email").contact == "email"
    assert attribute(catalog, "phone").contact == "phone"
    assert attribute(catalog, "street").contact == "address"
    assert [v.value for v in attribute(catalog, "loyalty_tier").values] == ["bronze", "silver", "gold", "platinum"]
    assert attribute(catalog, "education").ordered
    assert attribute(catalog, "interests").kind is Kind.LIST
    assert catalog.attribute("password_hash") is None
    assert "password_hash: it looks like a secret" in notes
    order = event(catalog, "order")
    assert (order.amount, order.spend_verbs, order.value_of) == ("amount", ("spend",), "order_line")
    assert {"buy", "order"} <= {v.lemma for v in order.verbs}
    category = property_of(catalog, "order", "product_category")
    assert category.source.many
    assert "shoes" in {v.value for v in category.values}
    lines = event(catalog, "order_line")
    assert lines.time is not None
    assert [j.table for j in lines.time.joins] == ["shop.orders"]
    assert (lines.quantity, lines.verbs) == ("quantity", ())
    assert {"opened", "clicked", "login", "add_to_cart", "product_view"} <= {e.key for e in catalog.events}
    assert "Every order counts, even cancelled ones." in notes
    assert [(c.key, c.consent) for c in catalog.channels] == [("email", "email_opt_in"), ("sms", "sms_opt_in")]
    assert catalog.base == "not internal accounts"


def test_a_software_company_is_drafted_by_its_users(company: Company) -> None:
    """Users are the people; their account and its plan describe them; enums, test users and kinds of activity are found."""
    catalog, notes = drafted(company("saas")[1])
    assert (catalog.customers.table, catalog.customers.key, catalog.customers.key_type) == (
        "app.users",
        "user_id",
        "uuid",
    )
    plan = attribute(catalog, "plan")
    assert [j.table for j in plan.source.joins] == ["app.accounts", "app.plans"]
    assert ([v.value for v in plan.values], plan.ordered) == (["Free", "Pro", "Enterprise"], True)
    assert attribute(catalog, "role").source.sql_type == "enum"
    assert attribute(catalog, "country_code").role is Role.COUNTRY
    assert attribute(catalog, "mrr").synonyms == ("monthly recurring revenue",)
    assert attribute(catalog, "account_created_at").source.joins[0].table == "app.accounts"
    assert {e.key for e in catalog.events} == {"export", "invite_sent", "report_created", "login", "ticket"}
    assert event(catalog, "report_created").verbs[0].particle == "a report"
    assert property_of(catalog, "ticket", "priority").ordered
    assert catalog.base == "not test users"
    for said in (
        "api_token: it looks like a secret",
        "preferences: it is JSON",
        "invoices: it belongs to app.accounts",
    ):
        assert said in notes


def test_a_hotel_without_foreign_keys_is_drafted_from_names(company: Company) -> None:
    """Keys in camel case that nobody declared are found by name; contact data is known by its look; identity papers stay out."""
    catalog, notes = drafted(company("hotel")[1])
    assert (catalog.customers.table, catalog.customers.key) == ("pms.Guests", "guestId")
    assert attribute(catalog, "contact_info").kind is Kind.EMAIL
    assert attribute(catalog, "nationality").role is Role.COUNTRY
    assert attribute(catalog, "pillow_type").source.joins[0].table == "pms.GuestPreferences"
    stay = event(catalog, "stay")
    assert stay.time is not None
    assert (stay.time.column, stay.time.sql_type, stay.amount) == ("bookedAt", "timestamp", "total_amount")
    assert property_of(catalog, "stay", "hotel").source.joins[0].table == "pms.Hotels"
    assert property_of(catalog, "stay", "check_in_date").kind is Kind.DATE
    assert event(catalog, "offer_redemption").verbs[0].lemma == "redeem"
    assert catalog.customers.buyer_event == "stay"
    assert "Guessed that pms.Stays.guestId names a row of pms.Guests (guestId)." in notes
    assert "passportNumber: it looks like a secret" in notes


def test_a_star_schema_is_drafted_over_its_date_dimension(company: Company) -> None:
    """Facts take their day from the date dimension and their objects from the others; no key is declared anywhere."""
    catalog, notes = drafted(company("insurer")[1])
    assert (catalog.customers.table, catalog.customers.noun) == ("public.dim_policy_holder", "policy holder")
    claim, premium = event(catalog, "claim"), event(catalog, "premium")
    assert claim.time is not None
    assert premium.time is not None
    assert (claim.time.column, claim.time.sql_type, claim.time.joins[0].from_column) == (
        "full_date",
        "date",
        "loss_date_key",
    )
    assert premium.time.joins[0].from_column == "paid_date_key"
    assert (claim.amount, premium.amount) == ("claimed_amount", "premium_amount")
    assert property_of(catalog, "premium", "product").source.joins[0].table == "public.dim_product"
    assert attribute(catalog, "state_code").role is Role.STATE
    assert attribute(catalog, "since_date").role is Role.SIGNED_UP
    smoker = attribute(catalog, "smoker_flag")
    assert (smoker.kind, smoker.source.sql_type) == (Kind.FLAG, "text")
    assert attribute(catalog, "holder_name").contact == "name"
    assert attribute(catalog, "e_mail").contact == "email"
    assert premium.spend_verbs == ("pay",)
    assert "Guessed that public.fact_claim.loss_date_key names a row of public.dim_date (date_key)." in notes


def test_a_draft_never_shows_contact_data(company: Company, demo_observed: Observed) -> None:
    """No address, name or number of a person is seen when inspecting, so none can be in a draft."""
    for observed in (company("saas")[1], company("hotel")[1], company("insurer")[1], demo_observed):
        text, _ = draft(observed)
        assert "@" not in text
        assert "+1206" not in text
        for table in observed.tables:
            for column in table.columns:
                assert not ((column.contact or column.secret) and (column.top or column.least)), (
                    table.name,
                    column.name,
                )


def test_without_customers_nothing_is_drafted() -> None:
    """A database in which no table looks like people is told so in a sentence, with what to do."""
    columns = (ObservedColumn("sku", "text", "text"), ObservedColumn("price", "numeric", "numeric"))
    with pytest.raises(CatalogError) as caught:
        draft(Observed((ObservedTable("public.products", 3, columns, ("sku",)),)))
    assert "No table looks like customers" in caught.value.sentence


def test_notes_are_grouped_by_their_reason(company: Company) -> None:
    """What was left out for one reason is told in one line."""
    _, notes = draft(company("saas")[1])
    assert "- Left out, because it looks like a secret: app.users.api_token." in report_notes(notes).splitlines()
