"""Conditions with the query a careful analyst would write by hand for each, over the small shop.

The moment is 10 March 2026, 11:30 in New York (15:30 UTC). Hand-written queries may assume nothing of the session's zone.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    at_least,
)
from segbot.model.operators import Operator
from segbot.model.windows import (
    Calendar,
    Dated,
    Duration,
    Unit,
    Window,
    before,
    coming,
    during,
    last,
    more_than_ago,
    since,
)

O = Operator  # noqa: E741


@dataclass(frozen=True)
class Case:
    name: str
    condition: Condition
    check: str


def has(key: str, operator: Operator, *values: bool | int | float | str, window: Window | None = None) -> Has:
    return Has(key, operator, values, window)


def measured(function: str, key: str | None, comparison: Comparison, rows: Rows) -> Did:
    return Did(rows, Measure(function, key), comparison)  # type: ignore[arg-type]


ORDERS = Rows("order")
LIVE = "(status IS NULL OR status NOT IN ('cancelled', 'test'))"
ORDERS_90 = Rows("order", window=last(90, Unit.DAY))
# 90 days before 10 March is 10 December; the day began at 5:00 UTC.
IN_90 = "ordered_at >= '2025-12-10 05:00Z' AND ordered_at < '2026-03-10 15:30Z'"
ALL = "SELECT id FROM customers"
BEFORE_FEBRUARY = "ordered_at < '2026-02-10 05:00Z'"


def customers(test: str) -> str:
    return f"{ALL} c WHERE {test}"


def buyers(test: str, having: str = "") -> str:
    return f"SELECT customer_id FROM orders WHERE {LIVE} AND ({test}) GROUP BY customer_id {having} INTERSECT {ALL}"


def others(query: str) -> str:
    return f"{ALL} EXCEPT ({query})"


ITEM_ROWS = """(SELECT o.customer_id, o.ordered_at, i.quantity, i.note, p.category, p.price FROM order_items i
    JOIN orders o ON o.id = i.order_id LEFT JOIN products p ON p.id = i.product_id)"""
ITEMS = f"{ITEM_ROWS} i"
VISITS = "(SELECT * FROM visits WHERE device IN ('mobile', 'desktop', 'tablet')) v"

CASES = (
    # --- text
    Case("text_is", has("name", O.IS, "ANA"), customers("lower(name) = 'ana'")),
    Case("text_is_any_of", has("name", O.IS, "Ana", "O'BRIEN"), customers("lower(name) IN ('ana', 'o''brien')")),
    Case("text_is_not", Not(has("name", O.IS, "ana")), customers("name IS NULL OR lower(name) <> 'ana'")),
    Case("text_contains_percent", has("name", O.CONTAINS, "50%"), customers("position('50%' in name) > 0")),
    Case("text_contains_underscore", has("name", O.CONTAINS, "a_b"), customers("position('a_b' in name) > 0")),
    Case("text_contains_backslash", has("name", O.CONTAINS, "\\"), customers(r"strpos(name, E'\\') > 0")),
    Case("text_starts_with", has("city", O.STARTS_WITH, "são", "AUS"), customers("city ~* '^(são|aus)'")),
    Case("text_ends_with", has("city", O.ENDS_WITH, "IS"), customers("city ~* 'is$'")),
    Case("text_matches", has("name", O.MATCHES, "a?b*"), customers("name ~* '^a.b.*$'")),
    Case("text_is_set", has("name", O.IS_SET), customers("coalesce(name, '') <> ''")),
    Case("text_is_not_set", Not(has("name", O.IS_SET)), customers("name IS NULL OR name = ''")),
    Case("choice_is", has("state", O.IS, "CA"), customers("state = 'CA'")),
    Case("choice_is_any_of", has("state", O.IS, "CA", "TX"), customers("state IN ('CA', 'TX')")),
    Case(
        "choice_is_none_of", Not(has("state", O.IS, "CA", "TX")), customers("coalesce(state, '') NOT IN ('CA', 'TX')")
    ),
    Case("choice_contains", has("state", O.CONTAINS, "a"), customers("state ~* 'a'")),
    Case("choice_starts_with", has("state", O.STARTS_WITH, "c"), customers("state ~* '^c'")),
    Case("choice_ends_with", has("state", O.ENDS_WITH, "a"), customers("state ~* 'a$'")),
    Case("choice_matches", has("state", O.MATCHES, "?a"), customers("state ~* '^.a$'")),
    Case("choice_is_set", has("state", O.IS_SET), customers("state <> ''")),
    Case("choice_of_integers", has("children_choice", O.IS, "0", "5"), customers("children IN (0, 5)")),
    Case(
        "choice_of_uuids",
        has("token", O.IS, "00000000-0000-0000-0000-000000000001", "x"),
        customers("token::text ~ '1$'"),
    ),
    Case("choice_in_json", has("plan", O.IS, "pro"), customers("extra -> 'billing' ->> 'plan' = 'pro'")),
    # --- contact
    Case("email_is", has("email", O.IS, "BOB@gmail.com"), customers("lower(email) = 'bob@gmail.com'")),
    Case("email_contains", has("email", O.CONTAINS, "@g"), customers("email ~* '@g'")),
    Case("email_starts_with", has("email", O.STARTS_WITH, "a"), customers("email ~* '^a'")),
    Case("email_ends_with", has("email", O.ENDS_WITH, ".example"), customers("email ~* '[.]example$'")),
    Case("email_matches", has("email", O.MATCHES, "*@*.*"), customers("email ~ '@.*[.]'")),
    Case("email_domain", has("email", O.DOMAIN, "gmail.com"), customers("email ~* '@gmail[.]com$'")),
    Case("email_domain_without_ending", has("email", O.DOMAIN, "gmail"), customers("email ~* '@gmail[.]'")),
    Case("email_is_set", has("email", O.IS_SET), customers("length(email) > 0")),
    Case("phone_is", has("phone", O.IS, "12"), customers("phone = '12'")),
    Case("phone_contains", has("phone", O.CONTAINS, "555"), customers("phone ~ '555'")),
    Case("phone_starts_with", has("phone", O.STARTS_WITH, "+1"), customers("left(phone, 2) = '+1'")),
    Case("phone_ends_with", has("phone", O.ENDS_WITH, "0100"), customers("right(phone, 4) = '0100'")),
    Case("phone_matches", has("phone", O.MATCHES, "(???)*"), customers("phone ~ '^[(]...[)]'")),
    Case("phone_country_code", has("phone", O.COUNTRY_CODE, "+44"), customers("phone ~ '^([+]|00)44'")),
    Case("phone_is_not_set", Not(has("phone", O.IS_SET)), customers("coalesce(phone, '') = ''")),
    # --- numbers and money
    Case("number_is", has("children", O.IS, 2), customers("children = 2")),
    Case("number_is_any_of", has("children", O.IS, 0, 5, 2.5), customers("children IN (0, 5)")),
    Case("number_over", has("children", O.GT, 1), customers("children > 1")),
    Case("number_at_least_a_fraction", has("children", O.GE, 1.5), customers("children >= 2")),
    Case("number_under", has("children", O.LT, 1), customers("children = 0")),
    Case("number_at_most", has("children", O.LE, 1), customers("children IN (0, 1)")),
    Case("number_between", has("children", O.BETWEEN, 1, 2), customers("children IN (1, 2)")),
    Case("number_not_between", Not(has("children", O.BETWEEN, 1, 2)), customers("coalesce(children, 0) NOT IN (1, 2)")),
    Case("number_is_set", has("children", O.IS_SET), customers("children IS NOT NULL")),
    Case("number_in_json", has("score", O.GE, 3), customers("trim(extra ->> 'score') IN ('7', '12.5', '3')")),
    Case("money_is", has("income", O.IS, 0.1), customers("income = 0.10")),
    Case("money_over", has("income", O.GT, 100000), customers("income > 100000")),
    Case("money_at_least", has("income", O.GE, 100000), customers("income >= 100000")),
    Case("money_under", has("income", O.LT, 0.1), customers("income < 0.1")),
    Case("money_at_most", has("income", O.LE, 0.1), customers("income <= 0.1")),
    Case("money_between", has("income", O.BETWEEN, 0, 100000), customers("income >= 0 AND income <= 100000")),
    Case("money_is_set", has("income", O.IS_SET), customers("income IS NOT NULL")),
    # --- ages: who is born on 29 February turns older on 1 March
    Case("age_is", has("age", O.IS, 29, 30), customers("extract(year from age('2026-03-10', born)) IN (29, 30)")),
    Case("age_over", has("age", O.GT, 30), customers("extract(year from age('2026-03-10', born)) > 30")),
    Case("age_at_least", has("age", O.GE, 30), customers("born <= '1996-03-10'")),
    Case("age_under", has("age", O.LT, 30), customers("born > '1996-03-10' AND born <= '2026-03-10'")),
    Case("age_at_most", has("age", O.LE, 30), customers("born > '1995-03-10' AND born <= '2026-03-10'")),
    Case(
        "age_between",
        has("age", O.BETWEEN, 25, 40),
        customers("extract(year from age('2026-03-10', born)) BETWEEN 25 AND 40"),
    ),
    Case("age_is_set", has("age", O.IS_SET), customers("born IS NOT NULL")),
    # --- flags
    Case("flag_is_true", has("email_consent", O.IS, True), customers("email_consent")),
    Case("flag_is_false", has("email_consent", O.IS, False), customers("NOT email_consent")),
    Case(
        "flag_is_not_true",
        Not(has("email_consent", O.IS, True)),
        customers("email_consent IS NULL OR NOT email_consent"),
    ),
    Case("flag_is_set", has("email_consent", O.IS_SET), customers("email_consent IS NOT NULL")),
    Case("flag_from_a_date", has("blocked", O.IS, True), customers("blocked_at IS NOT NULL")),
    Case("flag_from_a_text", has("vip", O.IS, True), customers("vip IN ('true', 'Y')")),
    Case("flag_in_json", has("beta", O.IS, False), customers("extra ->> 'beta' = 'no'")),
    # --- dates and times
    Case("date_within", has("born", O.WITHIN, window=during(Dated(1996))), customers("extract(year from born) = 1996")),
    Case("date_before", has("born", O.WITHIN, window=before(Dated(1996, 3))), customers("born < '1996-03-01'")),
    Case(
        "date_birthday_this_month",
        has("born", O.ANNIVERSARY, window=during(Calendar(Unit.MONTH, 0))),
        customers("extract(month from born) = 3"),
    ),
    Case(
        "date_birthday_across_new_year",
        has("born", O.ANNIVERSARY, window=Window(during(Dated(2025, 12, 30)).start, during(Dated(2026, 1, 2)).end)),
        customers("to_char(born, 'MMDD') IN ('1230', '1231', '0101', '0102')"),
    ),
    Case(
        "date_birthday_of_29_february",
        has("born", O.ANNIVERSARY, window=during(Dated(2026, 2, 28))),
        customers("to_char(born, 'MMDD') IN ('0228', '0229')"),
    ),
    Case("date_is_set", has("born", O.IS_SET), customers("born IS NOT NULL")),
    Case(
        "date_in_json",
        has("renews", O.WITHIN, window=coming(30, Unit.DAY)),
        customers("extra ->> 'renews' = '2026-03-20'"),
    ),
    Case(
        "time_within_days",
        has("signed_up", O.WITHIN, window=last(7, Unit.DAY)),
        customers("signed_up >= '2026-03-03 05:00Z' AND signed_up < '2026-03-10 15:30Z'"),
    ),
    Case(
        "time_within_hours",
        has("signed_up", O.WITHIN, window=last(24, Unit.HOUR)),
        customers("signed_up >= '2026-03-09 15:30Z' AND signed_up < '2026-03-10 15:30Z'"),
    ),
    Case(
        "time_on_a_day_of_23_hours",
        has("signed_up", O.WITHIN, window=during(Dated(2026, 3, 8))),
        customers("signed_up >= '2026-03-08 05:00Z' AND signed_up < '2026-03-09 04:00Z'"),
    ),
    Case(
        "time_without_zone",
        has("last_visit", O.WITHIN, window=since(Dated(2026, 3))),
        customers("last_visit >= timestamp '2026-03-01'"),
    ),
    Case(
        "time_anniversary",
        has("signed_up", O.ANNIVERSARY, window=during(Dated(2026, 2))),
        customers("extract(month from signed_up AT TIME ZONE 'America/New_York') = 2"),
    ),
    Case("time_is_set", has("signed_up", O.IS_SET), customers("signed_up IS NOT NULL")),
    Case(
        "time_in_json",
        has("seen", O.WITHIN, window=since(Dated(2026, 3, 8))),
        customers("extra ->> 'seen' IN ('2026-03-08T06:59:59Z', '2026-03-08 01:59:59', '2026-03-10T11:30:00-04:00')"),
    ),
    # --- lists
    Case("list_has_any", has("tags", O.HAS_ANY, "a", "c"), customers("'a' = ANY(tags) OR 'c' = ANY(tags)")),
    Case("list_has_all", has("tags", O.HAS_ALL, "b", "c"), customers("'b' = ANY(tags) AND 'c' = ANY(tags)")),
    Case("list_has_none", Not(has("tags", O.HAS_ANY, "a")), customers("('a' = ANY(tags)) IS NOT TRUE")),
    Case("list_length", has("tags", O.LENGTH, 0, 1), customers("cardinality(tags) <= 1")),
    Case("list_is_set", has("tags", O.IS_SET), customers("tags <> '{}'")),
    Case(
        "list_of_rows_has_all",
        has("labels", O.HAS_ALL, "new", "old"),
        """SELECT customer_id FROM labels WHERE label = 'new' INTERSECT
           SELECT customer_id FROM labels WHERE label = 'old' INTERSECT SELECT id FROM customers""",
    ),
    Case(
        "list_of_rows_length",
        has("labels", O.LENGTH, 0, 1),
        customers("(SELECT count(DISTINCT label) FROM labels WHERE customer_id = c.id AND label <> '') <= 1"),
    ),
    # --- places
    Case(
        "near_in_kilometres",
        Near(40.7128, -74.006, 5, "km", "New York"),
        customers("abs(latitude - 40.72) < 0.02 AND abs(longitude + 74) < 0.1"),
    ),
    Case(
        "near_in_miles",
        Near(34, -118.2, 31, "miles"),
        customers("abs(latitude - 34.05) < 0.01 AND abs(longitude + 118.24) < 0.01"),
    ),
    Case(
        "near_beyond_the_180th_meridian",
        Near(40.72, -179.5, 60),
        customers("abs(latitude - 40.72) < 0.02 AND longitude > 179.9"),
    ),
    Case("near_the_pole", Near(90, 0, 20), customers("latitude > 89.8 AND longitude IS NOT NULL")),
    Case(
        "near_half_the_earth",
        Near(0, -90, 10_007),
        customers("cos(radians(latitude)) * cos(radians(longitude + 90)) >= cos(10007 / 6371.0)"),
    ),
    # --- over joins
    Case(
        "joined_choice",
        has("industry", O.IS, "tech"),
        "SELECT c.id FROM customers c JOIN companies o ON o.id = c.company_id WHERE industry = 'tech'",
    ),
    Case(
        "joined_choice_is_not",
        Not(has("industry", O.IS, "tech")),
        """SELECT c.id FROM customers c LEFT JOIN companies o ON o.id = c.company_id
           WHERE industry IS NULL OR industry <> 'tech'""",
    ),
    Case(
        "any_related_row",
        has("floor", O.GE, 1),
        "SELECT c.id FROM customers c JOIN addresses a ON a.customer_id = c.id WHERE floor >= 1",
    ),
    # --- behaviour
    Case("did_ever", Did(ORDERS), buyers("TRUE")),
    Case("never_did", Not(Did(ORDERS)), others(buyers("TRUE"))),
    Case("did_lately", Did(ORDERS_90), buyers(IN_90)),
    Case("not_lately", Not(Did(ORDERS_90)), others(buyers(IN_90))),
    Case("did_twice", Did(ORDERS, COUNT, at_least(2)), buyers("TRUE", "HAVING count(*) >= 2")),
    Case("did_exactly_once", Did(ORDERS, COUNT, Comparison(O.IS, (1,))), buyers("TRUE", "HAVING count(*) = 1")),
    Case(
        "did_at_most_twice",
        Did(ORDERS, COUNT, Comparison(O.LE, (2,))),
        others(buyers("TRUE", "HAVING count(*) > 2")),
    ),
    Case("did_no_times", Did(ORDERS, COUNT, Comparison(O.IS, (0,))), others(buyers("TRUE"))),
    Case(
        "did_between",
        Did(ORDERS, COUNT, Comparison(O.BETWEEN, (2, 3))),
        buyers("TRUE", "HAVING count(*) IN (2, 3)"),
    ),
    Case(
        "did_with_filters_on_one_row",
        Did(Rows("order", (Filter("channel", O.IS, ("web",)), Filter("amount", O.GT, (20,))))),
        buyers("channel = 'web' AND amount > 20"),
    ),
    Case(
        "did_with_a_negated_filter",
        Did(Rows("order", (Filter("channel", O.IS, ("web",), negated=True),))),
        buyers("channel IS DISTINCT FROM 'web'"),
    ),
    Case(
        "did_with_related_rows",
        Did(Rows("order", (Filter("category", O.IS, ("shoes",)),))),
        buyers("""EXISTS (SELECT FROM order_items i JOIN products p ON p.id = i.product_id
                  WHERE i.order_id = orders.id AND category = 'shoes')"""),
    ),
    Case(
        "did_with_related_rows_on_one_line",
        Did(Rows("order", (Filter("category", O.IS, ("shoes",)), Filter("pieces", O.GE, (2,))))),
        buyers("""EXISTS (SELECT FROM order_items i JOIN products p ON p.id = i.product_id
                  WHERE i.order_id = orders.id AND category = 'shoes' AND i.quantity >= 2)"""),
    ),
    Case(
        "did_over_joins",
        Did(Rows("item", (Filter("category", O.IS, ("shoes", "hats")),), last(90, Unit.DAY))),
        f"SELECT customer_id FROM {ITEMS} WHERE category IN ('shoes', 'hats') AND {IN_90} INTERSECT {ALL}",
    ),
    Case(
        "did_on_days",
        Did(Rows("visit", window=last(7, Unit.DAY))),
        f"SELECT customer_id FROM {VISITS} WHERE day BETWEEN '2026-03-03' AND '2026-03-10' INTERSECT {ALL}",
    ),
    Case(
        "did_at_local_times",
        Did(Rows("login", (Filter("rating", O.GE, (4,)),), more_than_ago(1, Unit.DAY))),
        f"""SELECT customer_id FROM logins WHERE data ->> 'rating' IN ('4', '5') AND at < timestamp '2026-03-09'
            INTERSECT {ALL}""",
    ),
    Case(
        "sum_over",
        measured("sum", "amount", Comparison(O.GT, (100,)), ORDERS),
        buyers("TRUE", "HAVING sum(amount) > 100"),
    ),
    Case(
        "sum_at_most",
        measured("sum", "amount", Comparison(O.LE, (100,)), ORDERS),
        others(buyers("TRUE", "HAVING coalesce(sum(amount), 0) > 100")),
    ),
    Case(
        "average_under",
        measured("average", "amount", Comparison(O.LT, (50,)), ORDERS),
        buyers("TRUE", "HAVING avg(amount) < 50"),
    ),
    Case(
        "minimum_is",
        measured("minimum", "amount", Comparison(O.IS, (0,)), ORDERS),
        buyers("TRUE", "HAVING min(amount) = 0"),
    ),
    Case(
        "maximum_between",
        measured("maximum", "amount", Comparison(O.BETWEEN, (20, 100)), ORDERS),
        buyers("TRUE", "HAVING max(amount) BETWEEN 20 AND 100"),
    ),
    Case(
        "distinct_at_least",
        measured("distinct", "category", at_least(2), Rows("item")),
        f"SELECT customer_id FROM {ITEMS} GROUP BY 1 HAVING count(DISTINCT category) >= 2 INTERSECT {ALL}",
    ),
    Case(
        "first_in_window",
        Nth(ORDERS, 1, during(Dated(2025))),
        buyers("TRUE", "HAVING extract(year from min(ordered_at) AT TIME ZONE 'America/New_York') = 2025"),
    ),
    Case(
        "last_before",
        Nth(ORDERS, -1, more_than_ago(30, Unit.DAY)),
        buyers("TRUE", "HAVING max(ordered_at) < '2026-02-08 05:00Z'"),
    ),
    Case(
        "last_with_filter",
        Nth(ORDERS, -1, None, (Filter("channel", O.IS, ("web",)),)),
        f"""SELECT customer_id FROM (SELECT DISTINCT ON (customer_id) * FROM orders
            WHERE {LIVE} AND ordered_at IS NOT NULL ORDER BY customer_id, ordered_at DESC, id DESC) o
            WHERE channel = 'web' INTERSECT {ALL}""",
    ),
    Case(
        "second_in_window",
        Nth(ORDERS, 2, last(90, Unit.DAY)),
        f"""SELECT customer_id FROM orders o WHERE {LIVE} AND {IN_90} AND 1 = (SELECT count(*) FROM orders e WHERE
            (e.status IS NULL OR e.status NOT IN ('cancelled', 'test')) AND e.customer_id = o.customer_id
            AND (e.ordered_at, e.id) < (o.ordered_at, o.id)) INTERSECT {ALL}""",
    ),
    Case(
        "share_of_rows",
        Share(Rows("order", (Filter("channel", O.IS, ("web",)),)), ORDERS, Comparison(O.GE, (0.5,))),
        buyers("TRUE", "HAVING avg((coalesce(channel, '') = 'web')::int) >= 0.5"),
    ),
    Case(
        "ratio_of_events",
        Share(Rows("visit"), ORDERS, Comparison(O.GT, (1,))),
        f"""SELECT o.customer_id FROM (SELECT customer_id, count(*) n FROM orders WHERE {LIVE} GROUP BY 1) o JOIN
            (SELECT customer_id, count(*) n FROM {VISITS} GROUP BY 1) v USING (customer_id) WHERE v.n > o.n
            INTERSECT {ALL}""",
    ),
    Case(
        "compare_two_measures",
        Compare(Measured(ORDERS_90), O.GT, Measured(Rows("visit")), 2),
        customers(
            f"(SELECT count(*) FROM orders WHERE customer_id = c.id AND {LIVE} AND {IN_90}) > "
            f"2 * (SELECT count(*) FROM {VISITS} WHERE customer_id = c.id)"
        ),
    ),
    Case(
        "compare_includes_nothing_at_all",
        Compare(Measured(ORDERS_90), O.LE, Measured(Rows("visit"))),
        customers(
            f"(SELECT count(*) FROM orders WHERE customer_id = c.id AND {LIVE} AND {IN_90}) <= "
            f"(SELECT count(*) FROM {VISITS} WHERE customer_id = c.id)"
        ),
    ),
    # --- order in time
    Case(
        "then",
        Sequence(ORDERS, ORDERS, Duration(30, Unit.DAY)),
        f"""SELECT a.customer_id FROM orders a JOIN orders b ON b.customer_id = a.customer_id
            AND b.ordered_at > a.ordered_at AND b.ordered_at <= a.ordered_at + interval '720 hours'
            WHERE coalesce(a.status, '') NOT IN ('cancelled', 'test')
            AND coalesce(b.status, '') NOT IN ('cancelled', 'test') INTERSECT {ALL}""",
    ),
    Case(
        "then_never",
        Sequence(Rows("visit"), ORDERS, then_never=True),
        f"""SELECT customer_id FROM {VISITS} GROUP BY 1 HAVING NOT EXISTS (SELECT FROM orders o WHERE {LIVE} AND
            o.customer_id = v.customer_id AND (ordered_at AT TIME ZONE 'America/New_York')::date >= max(v.day))
            AND max(day) IS NOT NULL INTERSECT {ALL}""",
    ),
    Case(
        "then_the_same",
        Sequence(Rows("item"), Rows("item"), None, same=("category",)),
        f"""SELECT a.customer_id FROM {ITEM_ROWS} a JOIN {ITEM_ROWS} b
            USING (customer_id, category) WHERE b.ordered_at > a.ordered_at INTERSECT {ALL}""",
    ),
    Case(
        "around_signing_up",
        Around(ORDERS, "signed_up", after=Duration(7, Unit.DAY)),
        f"""SELECT c.id FROM customers c JOIN orders ON customer_id = c.id WHERE {LIVE} AND
            ordered_at BETWEEN signed_up AND signed_up + interval '168 hours'""",
    ),
    Case(
        "regularly",
        Regularly(ORDERS, 2, 6, Unit.MONTH),
        buyers(
            "ordered_at >= '2025-09-01 04:00Z' AND ordered_at < '2026-03-01 05:00Z'",
            "HAVING count(DISTINCT date_trunc('month', ordered_at AT TIME ZONE 'America/New_York')) >= 2",
        ),
    ),
    Case(
        "stopped",
        Stopped(ORDERS, Duration(1, Unit.MONTH)),
        f"""{buyers(BEFORE_FEBRUARY)} EXCEPT
            SELECT customer_id FROM orders WHERE {LIVE} AND ordered_at >= '2026-02-10 05:00Z'
            AND ordered_at < '2026-03-10 15:30Z'""",
    ),
    Case(
        "stopped_hours_ago",
        Stopped(ORDERS, Duration(30, Unit.HOUR)),
        f"""{buyers("ordered_at < '2026-03-09 09:30Z'")} EXCEPT
            SELECT customer_id FROM orders WHERE {LIVE} AND ordered_at >= '2026-03-09 09:30Z'
            AND ordered_at < '2026-03-10 15:30Z'""",
    ),
    Case(
        "came_back",
        CameBack(ORDERS, Duration(60, Unit.DAY), last(30, Unit.DAY)),
        f"""SELECT b.customer_id FROM orders b WHERE coalesce(b.status, '') NOT IN ('cancelled', 'test')
            AND b.ordered_at >= '2026-02-08 05:00Z' AND b.ordered_at < '2026-03-10 15:30Z'
            AND b.ordered_at - interval '1440 hours' >= (SELECT max(a.ordered_at) FROM orders a WHERE {LIVE}
                AND a.customer_id = b.customer_id AND a.ordered_at < b.ordered_at) INTERSECT {ALL}""",
    ),
    Case(
        "held",
        Held("tier", ("gold",), Duration(1, Unit.MONTH)),
        customers(
            """tier = 'gold' AND 'gold' = (SELECT tier FROM tier_changes t WHERE t.customer_id = c.id
               AND at < '2026-02-10 05:00Z' ORDER BY at DESC, id DESC LIMIT 1) AND NOT EXISTS (SELECT FROM tier_changes t
               WHERE t.customer_id = c.id AND tier IS DISTINCT FROM 'gold' AND at >= '2026-02-10 05:00Z'
               AND at < '2026-03-10 15:30Z')"""
        ),
    ),
    # --- rankings
    Case(
        "top_people",
        Ranked("top", 3, "people", "income"),
        customers("(SELECT count(*) FROM customers o WHERE o.income > c.income) < 3 AND income IS NOT NULL"),
    ),
    Case(
        "top_percent_by_measure",
        Ranked("top", 10, "percent", Measured(ORDERS, Measure("sum", "amount"))),
        f"""WITH s AS (SELECT customer_id, sum(amount) AS s FROM orders WHERE {LIVE}
                AND customer_id IN (SELECT id FROM customers) GROUP BY 1 HAVING sum(amount) IS NOT NULL)
            SELECT customer_id FROM s WHERE (SELECT count(*) FROM s o WHERE o.s > s.s) < ceil(0.1 * (SELECT count(*) FROM s))""",
    ),
    Case(
        "bottom_within",
        Ranked("bottom", 2, "people", "age", has("email_consent", O.IS, True)),
        """WITH p AS (SELECT id, born FROM customers WHERE email_consent AND born <= '2026-03-10')
           SELECT id FROM p WHERE (SELECT count(*) FROM p o WHERE o.born > p.born) < 2""",
    ),
    Case(
        "above_average",
        Against("above", "average", "income"),
        customers("income > (SELECT avg(income) FROM customers)"),
    ),
    Case(
        "below_median_within",
        Against("below", "median", "income", has("gender", O.IS, "F")),
        customers(
            "gender = 'F' AND income < (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY income) FROM customers "
            "WHERE gender = 'F' AND income IS NOT NULL)"
        ),
    ),
    Case(
        "sampled",
        Sampled(30, 7),
        customers("('x' || left(md5('7:' || id), 8))::bit(32)::bigint < 0.3 * 2 ^ 32"),
    ),
    Case(
        "capped",
        Capped(has("email_consent", O.IS, True), 3, "income"),
        f"{ALL} WHERE email_consent AND id IN ({ALL} WHERE email_consent ORDER BY income DESC NULLS LAST, id LIMIT 3)",
    ),
    # --- people, groups and words
    Case("everyone", Everyone(), ALL),
    Case("listed", Listed(("1", "4", "nobody", "5")), customers("id IN (1, 4, 5)")),
    Case(
        "all_of",
        AllOf((has("gender", O.IS, "F"), Did(ORDERS), Not(Did(Rows("visit"))))),
        customers(
            f"gender = 'F' AND id IN (SELECT customer_id FROM orders WHERE {LIVE}) AND "
            f"NOT EXISTS (SELECT FROM {VISITS} WHERE customer_id = c.id)"
        ),
    ),
    Case(
        "any_of",
        AnyOf((has("income", O.GT, 100000), Did(ORDERS, COUNT, at_least(3)))),
        customers(f"income > 100000 OR (SELECT count(*) FROM orders WHERE customer_id = c.id AND {LIVE}) >= 3"),
    ),
    Case(
        "none_of",
        Not(AnyOf((has("gender", O.IS, "F"), has("income", O.GT, 100)))),
        customers("coalesce(gender, '') <> 'F' AND coalesce(income, 0) <= 100"),
    ),
    Case(
        "not_all_of",
        Not(AllOf((has("gender", O.IS, "F"), has("income", O.GT, 100)))),
        customers("coalesce(gender, '') <> 'F' OR coalesce(income, 0) <= 100"),
    ),
    Case(
        "reachable",
        Reachable("email"),
        customers("email <> '' AND email_consent AND blocked_at IS NULL"),
    ),
    Case("defined", Defined("VIP", Did(ORDERS, COUNT, at_least(2))), buyers("TRUE", "HAVING count(*) >= 2")),
    Case(
        "in_a_segment",
        Member("segment", "web buyers"),
        buyers("channel = 'web'") + " UNION SELECT id FROM customers WHERE id IN (1, 7, 13)",
    ),
)
