"""Values from the database in the catalog: real ones are added, the owner's words win, contact data stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from segbot.addresses import parse_address
from segbot.catalog.load import load_catalog, read_catalog
from segbot.catalog.vocabulary import (
    Profile,
    ProfiledValues,
    fields_to_profile,
    load_profile,
    save_profile,
    with_values,
)
from segbot.errors import ConfigurationError, WarehouseUnavailable
from segbot.model.catalog import Catalog, Field
from segbot.warehouse.inspect import inspect, open_inspection, profile_values

DEMO = Path(__file__).parents[2] / "src" / "segbot" / "demo" / "company" / "catalog.yaml"
AT = datetime(2026, 5, 20, 12, tzinfo=UTC)


def catalog_of(attributes: str) -> Catalog:
    catalog, problems = read_catalog(
        f"catalog: 1\nname: T\ncustomers: {{table: c, key: id}}\nattributes:\n  {attributes}\n"
    )
    assert catalog is not None, problems
    return catalog


def merged(attributes: str, *values: tuple[str, int], complete: bool = True) -> Field:
    catalog = catalog_of(attributes)
    key = catalog.attributes[0].key
    profile = Profile(AT.isoformat(), catalog.digest, {key: ProfiledValues(values, complete)})
    found = with_values(catalog, profile).attribute(key)
    assert found is not None
    return found


def test_values_of_the_demo_company_are_read(demo_url: str) -> None:
    """Profiling reads every word field once, over joins too, and no contact field."""
    catalog = load_catalog(DEMO)
    with open_inspection(demo_url) as connection:
        profile = profile_values(catalog, connection, AT)
    assert profile.problems == ()
    contact = {a.key for a in catalog.attributes if a.contact}
    assert {"email", "phone", "first_name", "street"} <= contact
    assert not contact & profile.fields.keys()
    assert set(profile.fields) == {wanted.name for wanted in fields_to_profile(catalog)}
    assert dict(profile.fields["gender"].values).keys() == {"F", "M", "X"}
    assert "tents" in dict(profile.fields["order.category"].values)
    full = with_values(catalog, profile)
    brand, interests = full.event("item").property("brand"), full.attribute("interests")  # type: ignore[union-attr]
    assert brand is not None
    assert interests is not None
    assert len(brand.values) > 5
    assert all(v.rows for v in interests.values)
    assert full.digest != catalog.digest


def test_new_values_come_with_the_words_of_their_role() -> None:
    """A state that was seen is understood by its name, whether the column holds codes or names."""
    codes = merged("state: {role: state}", ("CA", 9), ("TX", 4))
    california = codes.value("CA")
    assert california is not None
    assert (california.label, california.rows) == ("California", 9)
    wyoming = codes.value("WY")
    assert wyoming is not None
    assert wyoming.rows == 0
    names = merged("state: {role: state}", ("California", 9), ("texas", 4))
    assert names.value("CA") is None
    assert names.value("TX") is None
    texas = names.value("texas")
    assert texas is not None
    assert (texas.label, "TX" in texas.synonyms) == ("Texas", True)


def test_what_the_owner_wrote_wins() -> None:
    """Listed values keep their order, label and words; a closed list grows by nothing; an open one by what was seen."""
    closed = merged("tier: {kind: choice, values: {g: [gold, top], s: silver}}", ("s", 5), ("x", 2))
    assert [(v.value, v.label, v.rows) for v in closed.values] == [("g", "gold", 0), ("s", "silver", 5)]
    opened = merged("tier: {kind: choice, values: {g: [gold, top]}, more_values: true}", ("top", 5), ("g", 2))
    assert [(v.value, v.label, v.synonyms) for v in opened.values] == [("g", "gold", ("top",)), ("top", "top", ())]


def test_an_order_is_not_guessed() -> None:
    """A value that was seen but has no place in the owner's order is not put at its end."""
    field = merged(
        "tier: {kind: choice, values: [low, high], ordered: true, more_values: true}", ("high", 1), ("middle", 9)
    )
    assert [v.value for v in field.values] == ["low", "high"]


def test_one_word_means_one_value() -> None:
    """When two spellings were seen, shared words go to the more frequent one."""
    field = merged("state: {role: state, values: profiled}", ("CA", 90), ("California", 3))
    words = [w.casefold() for v in field.values for w in {v.value, v.label, *v.synonyms}]
    assert len(words) == len(set(words))
    california = field.value("CA")
    assert california is not None
    assert "Cali" in california.synonyms


def test_contact_data_is_never_merged() -> None:
    """Even a profile that holds addresses puts none into the catalog."""
    assert merged("mail: {kind: email}", ("a@example.org", 1)).values == ()


def test_a_field_with_too_many_values_stays_open() -> None:
    """When there were more values than are kept, others may exist."""
    assert merged("plan: {kind: choice, values: {a: a}, more_values: true}", ("a", 1), complete=False).open_values


def test_a_profile_survives_its_file(tmp_path: Path) -> None:
    """What is saved is what is loaded, whatever the values are."""
    path = tmp_path / "deep" / "profile.json"
    profile = Profile(
        AT.isoformat(),
        "abc",
        {"a.b": ProfiledValues((("Zürich", 3), ('O\'Neill "x"', 1)), False, True)},
        (("c", "gone"),),
    )
    save_profile(path, profile)
    save_profile(path, profile)
    assert load_profile(path) == profile
    assert [p.name for p in path.parent.iterdir()] == ["profile.json"]


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{}", '{"format": 1}', '{"format": 99, "at": "x"}', '{"format": 1, "at": 5']
)
def test_a_profile_that_cannot_be_used_is_none(tmp_path: Path, content: str | None) -> None:
    """A missing, broken or older cache is made anew, never an error."""
    path = tmp_path / "profile.json"
    if content is not None:
        path.write_text(content)
    assert load_profile(path) is None


def test_a_profile_ages() -> None:
    """A profile serves the catalog it was made for, for as long as it is told."""
    catalog = catalog_of("plan: {kind: choice}")
    profile = Profile(AT.isoformat(), catalog.digest)
    assert profile.fresh(catalog, AT + timedelta(hours=5), timedelta(days=1))
    assert not profile.fresh(catalog, AT + timedelta(days=2), timedelta(days=1))
    assert not profile.fresh(catalog_of("plan: {kind: text}"), AT, timedelta(days=1))


# --- the database's side ------------------------------------------------------------------------


def test_inspecting_cannot_write(demo_url: str) -> None:
    """The connection for inspecting refuses any change."""
    with open_inspection(demo_url) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("CREATE TABLE shop.mine (id int)")


def test_what_cannot_be_read_is_told_not_fatal(demo_url: str) -> None:
    """A field without its column, and tables out of bounds, are named; everything else is read."""
    catalog = load_catalog(DEMO)
    text = DEMO.read_text().replace(
        "signup_source:\n    kind: choice", "signup_source:\n    kind: choice\n    column: gone"
    )
    wrong, _ = read_catalog(text)
    assert wrong is not None
    with open_inspection(demo_url) as connection:
        profile = profile_values(wrong, connection, AT)
    assert profile.problems == (("signup_source", "it is not in the database"),)
    assert len(profile.fields) == len(fields_to_profile(catalog)) - 1


def test_a_role_sees_only_what_it_may(demo_url: str) -> None:
    """Tables that the user may not read are skipped with the reason, columns it may not read are not seen."""
    arguments = parse_address(demo_url, "the test").arguments
    with psycopg.connect(**arguments, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS catalog_reader")
        connection.execute("CREATE ROLE catalog_reader")
        connection.execute("GRANT USAGE ON SCHEMA shop TO catalog_reader")
        connection.execute("GRANT SELECT (id, city) ON shop.customers TO catalog_reader")
    with open_inspection(demo_url) as connection:
        connection.execute("SET ROLE catalog_reader")
        observed = inspect(connection)
    customers = observed.table("shop.customers")
    assert customers is not None
    assert [c.name for c in customers.columns] == ["id", "city"]
    assert customers.columns[1].top
    assert ("shop.orders", "this user may not read it") in observed.skipped
    with psycopg.connect(**arguments, autocommit=True) as connection:
        connection.execute("DROP OWNED BY catalog_reader")
        connection.execute("DROP ROLE catalog_reader")


def test_a_wrong_address_is_a_sentence() -> None:
    """A text that is no address, or an address that knows no such database, names the setting."""
    with pytest.raises(ConfigurationError, match="SEGBOT_DATABASE_URL"), open_inspection("not an address"):
        pass


def test_addresses_stay_in_the_database_even_unmarked(make_database: Callable[..., str]) -> None:
    """A column of e-mail addresses and telephone numbers that nobody marked gives no values."""
    url = make_database()
    with psycopg.connect(**parse_address(url, "the test").arguments, autocommit=True) as connection:
        connection.execute("CREATE TABLE c (id int PRIMARY KEY, note text)")
        connection.execute(
            "INSERT INTO c VALUES (1, 'ann@example.org'), (2, '+1 206 555 0100'), (3, '98101-1234'), (4, 'gold')"
        )
    with open_inspection(url) as connection:
        profile = profile_values(catalog_of("note: {kind: text, values: profiled}"), connection, AT)
    assert [value for value, _ in profile.fields["note"].values] == ["98101-1234", "gold"]


def test_values_inside_json_and_lists_are_read(make_database: Callable[..., str]) -> None:
    """A path into a JSON column gives its texts, a list its elements, and rows of another shape do no harm."""
    url = make_database()
    with psycopg.connect(**parse_address(url, "the test").arguments, autocommit=True) as connection:
        connection.execute("CREATE TABLE c (id int PRIMARY KEY, doc jsonb, tags text[])")
        connection.execute(
            """INSERT INTO c VALUES (1, '{"ui": {"theme": "dark"}, "likes": ["tea", "rum"]}', '{a,b}'),
            (2, '{"ui": {"theme": "light"}, "likes": "tea"}', '{a}'), (3, '[]', NULL), (4, NULL, '{}')"""
        )
    catalog = catalog_of(
        "theme: {kind: choice, column: doc, path: [ui, theme]}\n"
        "  likes: {kind: list, column: doc, path: likes}\n"
        "  tags: {kind: list}"
    )
    with open_inspection(url) as connection:
        profile = profile_values(catalog, connection, AT)
    assert profile.problems == ()
    assert {name: dict(found.values) for name, found in profile.fields.items()} == {
        "theme": {"dark": 1, "light": 1},
        "likes": {"tea": 2, "rum": 1},
        "tags": {"a": 2, "b": 1},
    }


def test_large_tables_are_read_in_part(demo_url: str) -> None:
    """Above a size, values come from a sample, and the profile says so."""
    catalog = load_catalog(DEMO)
    with open_inspection(demo_url) as connection:
        profile = profile_values(catalog, connection, AT, sample_above=1_000, sample=500)
    assert profile.fields["gender"].sampled
    assert not profile.fields["order.category"].sampled
    assert 200 < sum(rows for _, rows in profile.fields["gender"].values) < 2_000


def test_a_lost_connection_is_told_as_such(demo_url: str) -> None:
    """When the server goes away in the middle, inspecting stops with a sentence, instead of skipping every table."""
    with open_inspection(demo_url) as connection:
        with psycopg.connect(**parse_address(demo_url, "the test").arguments, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
        with pytest.raises(WarehouseUnavailable):
            inspect(connection)
