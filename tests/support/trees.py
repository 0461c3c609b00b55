"""Random conditions over the small shop: every node, every operator of every kind, values that occur and values that don't."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from tests.support import shop_rows as rows_
from tests.support.shop import CATALOG

from segbot.model.catalog import Field
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
    Defined,
    Did,
    Everyone,
    Filter,
    Has,
    Held,
    Listed,
    Measure,
    Measured,
    Member,
    Near,
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
)
from segbot.model.operators import Kind, Operator, operators_for
from segbot.model.windows import (
    Ago,
    Calendar,
    Clock,
    Dated,
    Duration,
    EndOf,
    Now,
    Part,
    StartOf,
    Unit,
    Weekday,
    Weekend,
    WeekOf,
    Window,
    before,
    coming,
    during,
    last,
    more_than_ago,
    since,
)

UNITS = st.sampled_from(list(Unit))
DAYS_UP = st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR])


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Windows of every form."""
    amount = draw(st.integers(0, 30))
    unit = draw(UNITS)
    period = draw(
        st.one_of(
            st.builds(Calendar, DAYS_UP, st.integers(-3, 1)),
            st.builds(Calendar, st.sampled_from([Unit.QUARTER, Unit.YEAR]), st.integers(-1, 0), st.just(True)),
            st.builds(Dated, st.sampled_from([2023, 2024, 2025, 2026])),
            st.builds(Dated, st.sampled_from([None, 2025, 2026]), st.sampled_from([1, 2, 3, 11, 12])),
            st.just(Dated(2026, 3, 8)),
            st.just(Dated(2024, 2, 29)),
            st.builds(Dated, st.just(2025), quarter=st.integers(1, 4)),
            st.builds(Weekday, st.integers(0, 6), st.integers(-2, 1)),
            st.just(WeekOf(Dated(2026, 3, 8))),
            st.sampled_from([Weekend(), Weekend("ended"), Weekend("coming")]),
            st.builds(
                Part, st.builds(Dated, st.just(2025), st.integers(1, 12)), st.sampled_from(["first", "middle", "last"])
            ),
            st.just(Part(Calendar(Unit.MONTH, -1), "last", 2, Unit.WEEK)),
        )
    )
    return draw(
        st.sampled_from(
            [
                last(amount, unit),
                coming(amount, unit),
                more_than_ago(amount, unit),
                during(period),
                since(period),
                before(period),
                Window(Ago(amount + 5, unit), Ago(amount, unit)),
                Window(StartOf(period), Now()),
                Window(StartOf(period, 1), EndOf(period, 1)),
                Window(clock=Clock((5, 6))),
                Window(StartOf(period), None, Clock((0, 2, 3))),
            ]
        )
    )


TEXTS: dict[str, tuple[str, ...]] = {
    "name": ("Ana", "ANA", "50%", "a_b", "o'brien", "zoë", "back\\", "a*", "?na", "*", "straße"),
    "email": ("gmail.com", "GMAIL", "ana@gmail.com", "@gmail.com", "no-at", "mail.example", "b@g"),
    "phone": ("+1", "44", "+44", "415", "001", "+14155550100"),
    "city": ("paris", "São", "austin", "ing "),
    "address_city": ("paris", "São", "austin"),
    "note": ("Ana", "50%", "a_b"),
    "coupon": ("spring", "50%"),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "gender": ("F", "M", "X"),
    "state": ("CA", "ca", "TX", "NY", "WA"),
    "children_choice": ("0", "1", "5", "many"),
    "plan": ("pro", "free", "gold"),
    "token": (str(rows_.TOKENS[0]), str(rows_.TOKENS[1]), "nonsense"),
    "industry": ("tech", "food", "steel"),
    "channel": ("web", "shop", "app", "fax"),
    "category": ("shoes", "hats", "socks", "gloves"),
    "device": ("mobile", "desktop", "tablet", "fridge"),
    "app": ("ios", "web"),
    "tier": ("gold", "silver", "bronze"),
    "tags": ("a", "b", "c", "d"),
    "labels": ("new", "old", "hot", "cold"),
}
NUMBERS = st.one_of(
    st.sampled_from([-30, -5, 0, 0.1, 1, 2, 3, 3.5, 5, 7, 12.5, 20, 30, 100, 100000, 100000.01, 10**20]),
    st.integers(-10, 120),
)


@st.composite
def tests_of(draw: st.DrawFn, field: Field) -> tuple[Operator, tuple[object, ...], Window | None]:
    """An operator that fits a field, with values and a window as it needs."""
    row = draw(st.sampled_from(operators_for(field.kind)))
    if row.window:
        # the anniversary of a day is a whole day
        clocked = draw(windows().filter(lambda w: w.clock is None or row.key is Operator.WITHIN))
        return row.key, (), clocked
    if row.most == 0:
        return row.key, (), None
    match row.key:
        case Operator.BETWEEN | Operator.LENGTH:
            low, high = sorted(draw(st.tuples(NUMBERS, NUMBERS)) if row.key is Operator.BETWEEN else draw(LENGTHS))
            return row.key, (low, high), None
        case _:
            pass
    most = min(row.most or 3, 3)
    if field.kind is Kind.FLAG:
        return row.key, tuple(draw(st.lists(st.booleans(), min_size=1, max_size=2, unique=True))), None
    if field.kind in (Kind.NUMBER, Kind.MONEY, Kind.AGE):
        return row.key, tuple(draw(st.lists(NUMBERS, min_size=1, max_size=most))), None
    words = CHOICES.get(field.key) or TEXTS[field.key]
    return row.key, tuple(draw(st.lists(st.sampled_from(words), min_size=1, max_size=most))), None


LENGTHS = st.tuples(st.integers(0, 4), st.integers(0, 4))


@st.composite
def has(draw: st.DrawFn) -> Condition:
    """A test of any attribute."""
    if draw(st.integers(0, 30)) == 0:
        place = draw(st.sampled_from([(40.7128, -74.006), (34, -118), (-33.9, 151), (89.9, -179.99)]))
        unit = draw(st.sampled_from(["km", "miles"]))
        return Near(*place, draw(st.sampled_from([1, 5, 500, 6000, 12000])), unit)
    field = draw(st.sampled_from(CATALOG.attributes))
    operator, values, window = draw(tests_of(field))
    return Has(field.key, operator, values, window)  # type: ignore[arg-type]


TIMED = [event for event in CATALOG.events if event.time is not None]


@st.composite
def rows(draw: st.DrawFn, *, timed: bool = False, event: str | None = None, windowed: bool = True) -> Rows:
    """Rows of an event, often filtered, often in a window."""
    pool = TIMED if timed else CATALOG.events
    found = CATALOG.event(event) if event is not None else draw(st.sampled_from(pool))
    assert found is not None
    chosen = draw(st.lists(filters(found.key), max_size=2)) if found.properties else []
    window = draw(st.none() | windows()) if windowed and found.time is not None else None
    return Rows(found.key, tuple(chosen), window)


@st.composite
def filters(draw: st.DrawFn, event: str) -> Filter:
    """A test of a property of an event's rows."""
    found = CATALOG.event(event)
    assert found is not None
    field = draw(st.sampled_from(found.properties))
    operator, values, window = draw(tests_of(field))
    return Filter(field.key, operator, values, window, draw(st.booleans()))  # type: ignore[arg-type]


COMPARISONS: SearchStrategy[Comparison] = st.one_of(
    st.builds(
        Comparison,
        st.sampled_from([Operator.IS, Operator.GT, Operator.GE, Operator.LT, Operator.LE]),
        st.tuples(st.sampled_from([-1, 0, 1, 2, 3, 0.5, 2.5, 20, 100, 500])),
    ),
    st.sampled_from([(0, 2), (1, 1), (2, 5), (-5, 0), (0.5, 1.5), (19.99, 120)]).map(
        lambda pair: Comparison(Operator.BETWEEN, pair)
    ),
)


@st.composite
def measured(draw: st.DrawFn) -> Measured:
    """A measure over rows."""
    chosen = draw(rows())
    event = CATALOG.event(chosen.event)
    assert event is not None
    numeric = [p.key for p in event.properties if p.kind in (Kind.NUMBER, Kind.MONEY)]
    any_ = [p.key for p in event.properties]
    options: list[Measure] = [COUNT, COUNT]
    if numeric:
        name = draw(st.sampled_from(numeric))
        options += [Measure("sum", name), Measure("average", name), Measure("minimum", name), Measure("maximum", name)]
    if any_:
        options.append(Measure("distinct", draw(st.sampled_from(any_))))
    return Measured(chosen, draw(st.sampled_from(options)))


@st.composite
def did(draw: st.DrawFn) -> Condition:
    """Did, never did, so often, so much."""
    asked = draw(measured())
    if draw(st.booleans()) and asked.measure == COUNT:
        return Did(asked.rows)
    return Did(asked.rows, asked.measure, draw(COMPARISONS))


@st.composite
def nth(draw: st.DrawFn) -> Condition:
    """First, second, last."""
    chosen = draw(rows(timed=True))
    event = CATALOG.event(chosen.event)
    assert event is not None
    tests = tuple(draw(st.lists(filters(event.key), max_size=1)))
    return Nth(chosen, draw(st.sampled_from([1, 2, 3, -1, -2])), draw(st.none() | windows()), tests)


FRACTIONS = st.one_of(
    st.builds(
        Comparison,
        st.sampled_from([Operator.IS, Operator.GT, Operator.GE, Operator.LT, Operator.LE]),
        st.tuples(st.sampled_from([0, 0.25, 0.5, 1, 2])),
    ),
    st.just(Comparison(Operator.BETWEEN, (0.2, 0.6))),
)


@st.composite
def shares(draw: st.DrawFn) -> Condition:
    """A share of an event's rows, or the ratio of two events."""
    whole = draw(rows(timed=True))
    part = draw(rows(timed=True, event=whole.event if draw(st.booleans()) else None))
    return Share(part, whole, draw(FRACTIONS))


DURATIONS = st.builds(Duration, st.integers(0, 12), UNITS)


@st.composite
def sequences(draw: st.DrawFn) -> Condition:
    """A then B, A and no B."""
    first = draw(rows(timed=True))
    # Local times without a zone cannot be put in order with instants.
    alike = {"order": ["order", "item", "visit", "ticket"], "item": ["order", "item", "visit"], "ticket": ["order"]}
    alike |= {
        "tier_change": ["order", "tier_change"],
        "visit": ["order", "item", "visit", "login"],
        "login": ["login", "visit"],
    }
    then = draw(rows(timed=True, event=draw(st.sampled_from(alike[first.event]))))
    shared = {"order", "item"} >= {first.event, then.event} and first.event == then.event == "item"
    same = ("category",) if shared and draw(st.booleans()) else ()
    return Sequence(first, then, draw(st.none() | DURATIONS), draw(st.booleans()), same)


@st.composite
def arounds(draw: st.DrawFn) -> Condition:
    """Rows near a customer's own date."""
    event, attribute = draw(
        st.sampled_from(
            [
                ("order", "signed_up"),
                ("visit", "signed_up"),
                ("login", "last_visit"),
                ("visit", "born"),
                ("order", "founded"),
                ("order", "seen"),
            ]
        )
    )
    start, end = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
    back = draw(DURATIONS) if start else None
    return Around(draw(rows(event=event)), attribute, back, draw(DURATIONS) if end else None)


RANKABLE = [
    "income", "children", "age", "score", "signed_up", "last_visit", "born", "company_size", "founded", "renews", "seen",
]  # fmt: skip
NUMERIC = ["income", "children", "age", "score", "company_size"]


def rankings(inner: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
    """Rankings within a condition or the base."""
    by = st.sampled_from(RANKABLE) | measured()
    numeric = st.sampled_from(NUMERIC) | measured()
    side: SearchStrategy[object] = st.sampled_from(["top", "bottom"])
    within = st.none() | inner
    return st.one_of(
        st.builds(Ranked, side, st.sampled_from([1, 3, 10]), st.just("people"), by, within),
        st.builds(Ranked, side, st.sampled_from([10, 25, 33.3, 100]), st.just("percent"), by, within),
        st.builds(
            Against, st.sampled_from(["above", "below"]), st.sampled_from(["average", "median"]), numeric, within
        ),
        st.builds(Capped, inner, st.integers(1, 30), st.none() | by, side),
    )


LEAVES: SearchStrategy[Condition] = st.one_of(
    has(),
    has(),
    did(),
    did(),
    nth(),
    shares(),
    sequences(),
    arounds(),
    st.builds(Compare, measured(), st.sampled_from([Operator.GT, Operator.GE, Operator.LT, Operator.LE, Operator.IS]),
              measured(), st.sampled_from([1, 2, 0.5])),
    st.builds(Stopped, rows(timed=True, windowed=False), st.builds(Duration, st.integers(1, 12), UNITS)),
    st.builds(CameBack, rows(timed=True), st.builds(Duration, st.integers(1, 6), UNITS), st.none() | windows()),
    st.integers(1, 6).flatmap(
        lambda of: st.builds(Regularly, rows(timed=True, windowed=False), st.integers(1, of), st.just(of), UNITS)
    ),
    st.sampled_from([Everyone(), Reachable("email"), Reachable("sms"), Sampled(30, 7), Sampled(100), Sampled(0.5)]),
    st.lists(st.sampled_from(["1", "4", "40", "x", "999999"]), min_size=1, max_size=4).map(
        lambda keys: Listed(tuple(keys))
    ),
    st.just(Member("segment", "web buyers")),
    st.builds(Held, st.just("tier"), st.sampled_from([("gold",), ("gold", "silver")]), DURATIONS),
)  # fmt: skip

SEGMENTS: dict[Member, Condition] = {
    Member("segment", "web buyers"): AnyOf(
        (
            Did(Rows("order", (Filter("channel", Operator.IS, ("web",)),))),
            Member("list", "friends"),
        )
    ),
    Member("list", "friends"): Listed(("1", "7", "13")),
}


def _groups(inner: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(AllOf, parts),
        st.builds(AnyOf, parts),
        st.builds(Not, inner),
        st.builds(Defined, st.just("VIP"), inner),
        rankings(inner),
    )


TREES: SearchStrategy[Condition] = st.recursive(LEAVES, _groups, max_leaves=5)
