"""The loader: what it reads, and that it names every problem at once with its place and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segbot.catalog.load import load_catalog, read_catalog
from segbot.errors import CatalogError
from segbot.model.catalog import Catalog, EasterDay, FixedDay, Join, NthWeekday, Role, Verb
from segbot.model.operators import Kind

DEMO = Path(__file__).parents[2] / "src" / "segbot" / "demo" / "company" / "catalog.yaml"
HEAD = """\
catalog: 1
name: Test
customers: {table: customers, key: id}
"""


def catalog_of(text: str) -> Catalog:
    catalog, problems = read_catalog(text)
    assert not [p for p in problems if p.severity == "error"], [str(p) for p in problems]
    assert catalog is not None
    return catalog


BROKEN = {
    "empty": ("", ["line 1: the catalog is empty, start with `catalog: 1`"]),
    "only a comment": ("# hello\n", ["line 1: the catalog is empty, start with `catalog: 1`"]),
    "a bottomless pit": ("a: " + "[" * 3_000 + "]" * 3_000, ["line 1: this nests too deeply"]),
    "a list": ("- a\n- b\n", ["line 1: the catalog is a mapping of keys, start with `catalog: 1`"]),
    "not YAML": (
        "catalog: 1\nname: [a\n",
        ["line 3: this is not valid YAML: while parsing a flow sequence did not find expected ',' or ']'"],
    ),
    "a colon in a text": (
        HEAD + "base: not: staff\n",
        [
            "line 4: this is not valid YAML: mapping values are not allowed in this context, "
            "put a text that holds ': ' in quotes"
        ],
    ),
    "an alias": (
        HEAD + "attributes:\n  a: &x {kind: text}\n  b: *x\n",
        ["line 6: aliases (*x) are not supported, use `like`, write it out, or quote the text"],
    ),
    "a key twice": (
        HEAD + "attributes:\n  age: {role: age}\n  age: {kind: number}\n",
        ["line 6: attributes.age: the key 'age' is here twice, it is already on line 5"],
    ),
    "a tag": (
        HEAD + "attributes:\n  age: !!python/object:os.system {role: age}\n",
        ["line 5: attributes.age: unknown tag tag:yaml.org,2002:python/object:os.system, remove it"],
    ),
    "another format": (
        HEAD.replace("catalog: 1", "catalog: 2") + "attributes: {}\n",
        ["line 1: catalog: this version reads format 1, not '2', write `catalog: 1`"],
    ),
    "nothing but a name": (
        "name: Test\n",
        [
            "line 1: 'catalog' is missing, write `catalog: 1`",
            "line 1: 'customers' is missing",
            "line 1: 'attributes' is missing",
        ],
    ),
    "misspelt kind and key": (
        HEAD + "attributes:\n  gender: {kind: chioce, sinonyms: [sex]}\n",
        [
            "line 5: attributes.gender.kind: unknown kind 'chioce', did you mean 'choice'?",
            "line 5: attributes.gender.sinonyms: unknown key 'sinonyms', did you mean 'synonyms'?",
        ],
    ),
    "misspelt section": (
        HEAD + "attributes: {}\nevent: {}\n",
        ["line 5: event: unknown key 'event', did you mean 'events'?"],
    ),
    "misspelt role": (
        HEAD + "attributes:\n  s: {role: sate}\n",
        ["line 5: attributes.s.role: unknown role 'sate', did you mean 'state'?"],
    ),
    "a flag that is none": (
        HEAD + "attributes:\n  a: {kind: text, sensitive: perhaps}\n",
        ["line 5: attributes.a.sensitive: 'perhaps' is neither true nor false"],
    ),
    "a mapping where words go": (
        HEAD + "attributes:\n  a: {kind: text, synonyms: {x: y}}\n",
        ["line 5: attributes.a.synonyms: here goes a list of words, not a mapping, write [word, word]"],
    ),
    "a word where a mapping goes": (
        HEAD + "attributes:\n  a: text\n",
        ["line 5: attributes.a: here goes a mapping of keys, not 'text'"],
    ),
    "an empty word": (
        HEAD + "attributes:\n  a: {kind: text, synonyms: ['']}\n",
        ["line 5: attributes.a.synonyms[0]: this word is empty"],
    ),
    "a bad key": (
        HEAD + "attributes:\n  Home City: {kind: text}\n",
        ["line 5: attributes.Home City: a key is lower-case letters, digits and _, write 'home_city'"],
    ),
    "two values for a word": (
        HEAD + "attributes:\n  tier: {kind: choice, values: {a: [gold, top], b: [silver, top]}}\n",
        ["line 5: attributes.tier.values.b: the word 'top' already means 'a', remove one"],
    ),
    "two of a role": (
        HEAD + "attributes:\n  city: {role: city}\n  town: {role: city}\n",
        ["line 6: attributes.town.role: the role city is already played by 'city', a role belongs to one attribute"],
    ),
    "a history that is none": (
        HEAD
        + "attributes:\n  tier: {kind: choice, history: change.teir}\n"
        + "events:\n  change: {table: t, customer: c, time: at, nouns: [change], properties: {tier: {kind: choice}}}\n",
        [
            "line 5: attributes.tier.history: there is no property of an event with a time 'change.teir', did you mean "
            "'change.tier'?"
        ],
    ),
    "values of contact data": (
        HEAD + "attributes:\n  mail: {kind: email, values: profiled}\n",
        ["line 5: attributes.mail.values: contact data is never listed or sampled"],
    ),
    "yes on a text": (
        HEAD + "attributes:\n  a: {kind: text, yes: [x]}\n",
        ["line 5: attributes.a.yes: only a flag has words for yes and no, kind: flag"],
    ),
    "over on a text": (
        HEAD + "attributes:\n  a: {kind: text, over: [x]}\n",
        ["line 5: attributes.a.over: only a number is over or under something"],
    ),
    "ordered but not listed": (
        HEAD + "attributes:\n  a: {kind: choice, ordered: true}\n",
        ["line 5: attributes.a.ordered: ordered values must be listed, from low to high, list them under values"],
    ),
    "a type that does not fit": (
        HEAD + "attributes:\n  a: {kind: money, type: text}\n",
        ["line 5: attributes.a.type: a column of type text can't be used here, use one of numeric, integer, jsonb"],
    ),
    "a table in a column": (
        HEAD + "attributes:\n  a: {kind: text, column: other.name}\n",
        ["line 5: attributes.a.column: 'other.name' names a table, put the table under via"],
    ),
    "like nothing": (
        HEAD + "attributes:\n  city: {role: city}\n  a: {like: ctiy}\n",
        ["line 6: attributes.a.like: there is no field 'ctiy', did you mean 'city'?"],
    ),
    "like a likeness": (
        HEAD + "attributes:\n  a: {kind: text}\n  b: {like: a}\n  c: {like: b}\n",
        ["line 7: attributes.c.like: 'b' is itself like another one, write `like: a`"],
    ),
    "an unknown timezone": (
        "timezone: Europe/Berln\n" + HEAD + "attributes: {}\n",
        ["line 1: timezone: unknown timezone 'Europe/Berln', did you mean 'Europe/Berlin'?"],
    ),
    "an impossible day": (
        HEAD + "attributes: {}\ncalendar:\n  leap: {day: 31 February}\n",
        [
            "line 6: calendar.leap.day: '31 February' is not a day of the year, "
            "write '25 December', 'last Monday of May', 'Easter' or 'fourth Thursday of November + 1'"
        ],
    ),
    "half a season": (
        HEAD + "attributes: {}\ncalendar:\n  summer: {from: 1 June}\n",
        ["line 6: calendar.summer: say either `day`, or both `from` and `to`"],
    ),
    "one word, two meanings": (
        HEAD + "attributes: {}\ndictionary:\n  vip: {words: [VIP], means: a}\n  star: {words: [vip], means: b}\n",
        ["line 7: dictionary.star: the word 'vip' is already defined by 'vip', remove one"],
    ),
    "references that lead nowhere": (
        """\
catalog: 1
name: Test
customers:
  table: customers
  key: id
  shown_as: [first_nme]
  buyer_event: ordr
attributes:
  first_name: {role: first_name}
  mail: {kind: email}
  vip: {kind: text}
events:
  order:
    table: orders
    customer: customer_id
    amount: total
    objects: [category]
    nouns: [order]
channels:
  email: {address: mail, consent: vip, blocked_by: [bounced]}
destinations:
  klaviyo: {kind: klaviyo, mandatory: [email], channel: mail}
""",
        [
            "line 6: customers.shown_as[0]: there is no attribute 'first_nme', did you mean 'first_name'?",
            "line 7: customers.buyer_event: there is no event 'ordr', did you mean 'order'?",
            "line 16: events.order.amount: there is no property 'total'",
            "line 17: events.order.objects[0]: there is no property 'category'",
            "line 20: channels.email.consent: the attribute 'vip' is a text, it must be a flag",
            "line 20: channels.email.blocked_by[0]: there is no attribute 'bounced', there is first_name, mail, vip",
            "line 22: destinations.klaviyo.mandatory[0]: there is no attribute 'email', did you mean 'mail'?",
            "line 22: destinations.klaviyo.channel: there is no channel 'mail', did you mean 'email'?",
        ],
    ),
    "an address that is not masked": (
        HEAD + "attributes:\n  mail: {kind: text}\nchannels:\n  email: {address: mail}\n",
        [
            "line 7: channels.email.address: the attribute 'mail' is not marked as contact data, "
            "add contact to it, so that it is masked"
        ],
    ),
    "an event's filters": (
        HEAD
        + """\
attributes: {}
events:
  order:
    table: orders
    customer: customer_id
    nouns: [order]
    where:
      - {column: status}
      - {column: paid, type: boolean, is: perhaps}
      - {column: shop, type: integer, is: [1, two]}
      - {column: kind, is: a, is_not: b}
""",
        [
            "line 11: events.order.where[0]: say either `is`, `is_not` or `is_set`",
            "line 12: events.order.where[1]: 'perhaps' is neither true nor false",
            "line 13: events.order.where[2]: 'two' is not a whole number",
            "line 14: events.order.where[3]: say either `is`, `is_not` or `is_set`",
        ],
    ),
    "a join on nothing": (
        HEAD + "attributes:\n  a: {kind: text, via: [{table: other, on: a equals b}]}\n",
        ["line 5: attributes.a.via[0].on: 'a equals b' is not a pair of columns, write `left = right`"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_problem_of_a_broken_file_is_named_at_once_with_its_line(name: str) -> None:
    """A broken file gives exactly the problems a person must mend, in the order of the file, and no catalog."""
    text, expected = BROKEN[name]
    catalog, problems = read_catalog(text)
    assert [str(p) for p in problems] == expected
    assert catalog is None


def test_an_error_carries_all_problems_and_names_the_file(tmp_path: Path) -> None:
    """Loading a broken file raises one error whose sentence lists every problem and whose data holds them."""
    path = tmp_path / "catalog.yaml"
    path.write_text(HEAD + "attributes:\n  a: {kind: chioce}\n  b: {kind: nmber}\n")
    with pytest.raises(CatalogError) as caught:
        load_catalog(path)
    assert [p.line for p in caught.value.problems] == [5, 6]
    assert caught.value.sentence.startswith(f"The catalog {path} can't be used, it has 2 problems:\n  line 5: ")


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "There is no catalog file"), (b"name: \xff\xfe", "is not UTF-8 text"), ("folder", "can't be read")],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, content: bytes | str | None, said: str
) -> None:
    """A missing file, a folder and a file in another encoding each give one sentence that says what to do."""
    path = tmp_path / "catalog.yaml"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "folder":
        path.mkdir()
    with pytest.raises(CatalogError) as caught:
        load_catalog(path)
    assert said in caught.value.sentence


def test_nothing_that_was_written_is_taken_for_something_else() -> None:
    """Country codes and words that YAML would read as booleans, numbers, dates or nothing stay the words they are."""
    catalog = catalog_of(
        HEAD
        + """\
attributes:
  country: {role: country, values: {NO: , on: [off, yes], 1_0: 2024-01-01, "null": nothing, 007: 0x1F}}
  flag: {kind: flag, sensitive: true, yes: [yes], no: [no]}
"""
    )
    country = catalog.attribute("country")
    assert country is not None
    assert [(v.value, v.label) for v in country.values] == [
        ("NO", "Norway"),
        ("on", "off"),
        ("1_0", "2024-01-01"),
        ("null", "nothing"),
        ("007", "0x1F"),
    ]
    flag = catalog.attribute("flag")
    assert flag is not None
    assert (flag.sensitive, flag.yes, flag.no) == (True, ("yes",), ("no",))


def test_a_role_brings_its_kind_words_and_values() -> None:
    """`role: state` alone understands California, Cali and CA; what the file gives comes first."""
    catalog = catalog_of(
        HEAD + "attributes:\n  state: {role: state}\n  sex: {role: gender, values: {w: [frauen], m: }}\n"
    )
    state, sex = catalog.attribute("state"), catalog.attribute("sex")
    assert state is not None
    assert sex is not None
    california = state.value("CA")
    assert california is not None
    assert california.label == "California"
    assert "Cali" in california.synonyms
    assert (state.kind, state.profiled, state.open_values) == (Kind.CHOICE, True, True)
    woman = sex.value("w")
    assert woman is not None
    assert woman.label == "frauen"
    assert {"women", "female"} <= set(woman.synonyms)
    assert (sex.profiled, sex.open_values) == (False, False)


def test_joins_filters_and_types_reach_the_model() -> None:
    """Short and long forms of sources become the same plain data, with the schema in front of bare table names."""
    catalog = catalog_of(
        """\
catalog: 1
name: Test
schema: app
customers: {table: users, key: user_id, key_type: uuid}
attributes:
  plan:
    kind: choice
    column: name
    via:
      - {table: accounts, on: [account_id, tenant = tenant_no]}
      - {table: billing.plans, on: plan_id = id, many: true}
  theme: {kind: choice, column: settings, path: [ui, theme]}
events:
  order:
    table: orders
    customer: user_id
    time: {column: ordered_on, type: date}
    verbs: [buy, place an order]
    where: {status: [paid, sent]}
"""
    )
    plan, theme, order = catalog.attribute("plan"), catalog.attribute("theme"), catalog.event("order")
    assert plan is not None
    assert theme is not None
    assert order is not None
    assert catalog.customers.table == "app.users"
    assert plan.source.joins == (
        Join("app.accounts", "account_id", "account_id", also=(("tenant", "tenant_no"),)),
        Join("billing.plans", "plan_id", "id", many=True),
    )
    assert (theme.source.column, theme.source.path, theme.source.sql_type) == ("settings", ("ui", "theme"), "jsonb")
    assert order.customer.sql_type == "uuid"
    assert order.time is not None
    assert order.time.sql_type == "date"
    assert order.verbs == (Verb("buy"), Verb("place", "an order"))
    assert [(f.source.column, f.values, f.negated) for f in order.where] == [("status", ("paid", "sent"), False)]


def test_a_likeness_takes_everything_but_what_is_given() -> None:
    """`like` copies a field with its column and values; only the keys beside it differ."""
    catalog = catalog_of(
        HEAD
        + """\
attributes: {}
events:
  item:
    table: lines
    customer: customer_id
    nouns: [item]
    properties:
      category: {kind: choice, values: [shoes, hats], via: [{table: products, on: product_id}]}
  order:
    table: orders
    customer: customer_id
    nouns: [order]
    properties:
      kind_of_thing:
        like: item.category
        via: [{table: lines, on: id = order_id, many: true}, {table: products, on: product_id}]
"""
    )
    order = catalog.event("order")
    assert order is not None
    field = order.property("kind_of_thing")
    assert field is not None
    assert field.source.column == "category"
    assert [v.value for v in field.values] == ["shoes", "hats"]
    assert [j.table for j in field.source.joins] == ["lines", "products"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("25 December", FixedDay(12, 25)),
        ("Dec 25", FixedDay(12, 25)),
        ("29 february", FixedDay(2, 29)),
        ("last Monday of May", NthWeekday(5, -1, 0)),
        ("4th thursday in november + 1", NthWeekday(11, 4, 3, 1)),
        ("fourth Thursday of November + 3 days", NthWeekday(11, 4, 3, 3)),
        ("Easter", EasterDay()),
        ("easter - 2", EasterDay(-2)),
    ],
)
def test_days_are_written_as_people_say_them(text: str, rule: object) -> None:
    """A day of the house calendar is written in words."""
    catalog = catalog_of(HEAD + f"attributes: {{}}\ncalendar:\n  day: {{day: {text}}}\n")
    assert catalog.calendar.named[0].first == rule


def test_the_digest_says_what_a_file_means() -> None:
    """Comments, spacing and order of keys leave the digest alone; any change of content changes it."""
    one = catalog_of(HEAD + "attributes:\n  a: {kind: text, label: A}\n")
    same = catalog_of("# hi\n" + HEAD + "attributes:\n  a:\n    label: A   # there\n    kind: text\n")
    other = catalog_of(HEAD + "attributes:\n  a: {kind: text, label: B}\n")
    assert one.digest == same.digest != other.digest


def test_the_demo_catalog_has_no_problem_at_all() -> None:
    """The demo company's catalog loads without a warning."""
    catalog, problems = read_catalog(DEMO.read_text())
    assert problems == ()
    assert catalog is not None
    assert catalog.with_role(Role.GENDER) is not None
    assert len(catalog.segments) >= 20


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_the_loader_fail(text: str) -> None:
    """Whatever a file holds, the loader answers with problems or a catalog."""
    catalog, problems = read_catalog(text)
    assert catalog is not None or problems


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_no_change_of_a_line_makes_the_loader_fail(data: st.DataObject) -> None:
    """Dropping, doubling or mangling lines of a good catalog gives problems with a line of the file, never an exception."""
    lines = DEMO.read_text().splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "mangle", "indent"])):
            case "drop":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "mangle":
                cut = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + data.draw(st.text(max_size=5)).replace("\n", " ") + lines[at][cut:]
            case _:
                lines[at] = "  " + lines[at]
    _, problems = read_catalog("\n".join(lines))
    assert all(0 <= p.line <= len(lines) + 2 for p in problems)
