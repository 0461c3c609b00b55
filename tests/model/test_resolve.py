"""Windows become the dates that people mean, in the workspace's timezone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbot.model.catalog import CalendarRules, EasterDay, FixedDay, NamedPeriod, NthWeekday
from segbot.model.resolve import Moment, Resolved, named_dates, resolve
from segbot.model.windows import (
    Ago,
    Ahead,
    Calendar,
    Dated,
    EndOf,
    Named,
    Now,
    StartOf,
    Unit,
    Weekday,
    WeekOf,
    Window,
    after,
    before,
    coming,
    during,
    last,
    longest,
    more_than_ago,
    since,
    through,
)

ZONE = ZoneInfo("America/New_York")
RULES = CalendarRules(
    "America/New_York",
    named=(
        NamedPeriod("black_friday", "Black Friday", ("black friday",), NthWeekday(11, 4, 3, shift=1)),
        NamedPeriod("summer", "summer", ("summer",), FixedDay(6, 1), FixedDay(8, 31)),
        NamedPeriod("winter", "winter", ("winter",), FixedDay(12, 1), FixedDay(2, 29)),
        NamedPeriod("easter", "Easter", ("easter",), EasterDay()),
        NamedPeriod("memorial_day", "Memorial Day", ("memorial day",), NthWeekday(5, -1, 0)),
    ),
)
NOW = datetime(2026, 5, 20, 15, 30, tzinfo=UTC)  # Wednesday, 11:30 in New York
AT = Moment(NOW, RULES)


def local(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=ZONE)


TABLE = [
    (last(90, Unit.DAY), local(2026, 2, 19), NOW),
    (last(3, Unit.HOUR), NOW - timedelta(hours=3), NOW),
    (last(1, Unit.MONTH), local(2026, 4, 20), NOW),
    (last(1, Unit.YEAR), local(2025, 5, 20), NOW),
    (last(2, Unit.QUARTER), local(2025, 11, 20), NOW),
    (coming(7, Unit.DAY), NOW, local(2026, 5, 28)),
    (more_than_ago(6, Unit.MONTH), None, local(2025, 11, 20)),
    (Window(Ago(60, Unit.DAY), Ago(30, Unit.DAY)), local(2026, 3, 21), local(2026, 4, 20)),
    (during(Calendar(Unit.DAY, 0)), local(2026, 5, 20), local(2026, 5, 21)),
    (during(Calendar(Unit.DAY, -1)), local(2026, 5, 19), local(2026, 5, 20)),
    (during(Calendar(Unit.WEEK, -1)), local(2026, 5, 11), local(2026, 5, 18)),
    (during(Calendar(Unit.MONTH, -1)), local(2026, 4, 1), local(2026, 5, 1)),
    (during(Calendar(Unit.MONTH, 1)), local(2026, 6, 1), local(2026, 7, 1)),
    (during(Calendar(Unit.QUARTER, 0)), local(2026, 4, 1), local(2026, 7, 1)),
    (during(Calendar(Unit.QUARTER, -1)), local(2026, 1, 1), local(2026, 4, 1)),
    (during(Calendar(Unit.YEAR, 0)), local(2026, 1, 1), local(2027, 1, 1)),
    (during(Dated(month=3)), local(2026, 3, 1), local(2026, 4, 1)),
    (during(Dated(month=5)), local(2026, 5, 1), local(2026, 6, 1)),
    (during(Dated(month=12)), local(2025, 12, 1), local(2026, 1, 1)),
    (during(Dated(month=12, which="coming")), local(2026, 12, 1), local(2027, 1, 1)),
    (during(Dated(month=5, which="coming")), local(2026, 5, 1), local(2026, 6, 1)),
    (during(Dated(quarter=4)), local(2025, 10, 1), local(2026, 1, 1)),
    (during(Dated(year=2025, quarter=3)), local(2025, 7, 1), local(2025, 10, 1)),
    (during(Dated(year=2026, half=1)), local(2026, 1, 1), local(2026, 7, 1)),
    (during(Dated(year=2025)), local(2025, 1, 1), local(2026, 1, 1)),
    (during(Dated(year=2025, month=3, day=4)), local(2025, 3, 4), local(2025, 3, 5)),
    (during(Dated(month=5, day=21)), local(2025, 5, 21), local(2025, 5, 22)),
    (during(Dated(month=2, day=29)), local(2026, 2, 28), local(2026, 3, 1)),
    (before(Dated(year=2024)), None, local(2024, 1, 1)),
    (since(Dated(month=3)), local(2026, 3, 1), None),
    (after(Dated(month=3)), local(2026, 4, 1), None),
    (through(Dated(month=3)), None, local(2026, 4, 1)),
    (during(WeekOf(Dated(month=5, day=7))), local(2026, 5, 4), local(2026, 5, 11)),
    (during(Weekday(2)), local(2026, 5, 13), local(2026, 5, 14)),
    (during(Weekday(2, 0)), local(2026, 5, 20), local(2026, 5, 21)),
    (during(Weekday(4)), local(2026, 5, 15), local(2026, 5, 16)),
    (during(Weekday(2, 1)), local(2026, 5, 27), local(2026, 5, 28)),
    (during(Named("black_friday")), local(2025, 11, 28), local(2025, 11, 29)),
    (during(Named("black_friday", which="coming")), local(2026, 11, 27), local(2026, 11, 28)),
    (during(Named("summer")), local(2025, 6, 1), local(2025, 9, 1)),
    (during(Named("winter")), local(2025, 12, 1), local(2026, 3, 1)),
    (during(Named("easter", 2026)), local(2026, 4, 5), local(2026, 4, 6)),
    (during(Named("memorial_day", 2026)), local(2026, 5, 25), local(2026, 5, 26)),
    # same period last year: the start of the year to today, one year earlier
    (Window(StartOf(Calendar(Unit.YEAR, 0), 1), Ago(1, Unit.YEAR)), local(2025, 1, 1), local(2025, 5, 20)),
    (
        Window(StartOf(Calendar(Unit.MONTH, 0), 1), EndOf(Calendar(Unit.MONTH, 0), 1)),
        local(2025, 5, 1),
        local(2025, 6, 1),
    ),
    (Window(Now(), Ahead(3, Unit.HOUR)), NOW, NOW + timedelta(hours=3)),
]


@pytest.mark.parametrize(("window", "start", "end"), TABLE)
def test_a_window_has_these_instants(window: Window, start: datetime | None, end: datetime | None) -> None:
    """A window at 11:30 on Wednesday 20 May 2026 in New York begins and ends at these instants."""
    assert resolve(window, AT) == Resolved(start, end)


@pytest.mark.parametrize(
    ("period", "first", "after_last"),
    [
        (Dated(year=2026, fiscal=True), local(2025, 7, 1), local(2026, 7, 1)),
        (Dated(year=2026, quarter=2, fiscal=True), local(2025, 10, 1), local(2026, 1, 1)),
        (Calendar(Unit.YEAR, 0, fiscal=True), local(2025, 7, 1), local(2026, 7, 1)),
        (Calendar(Unit.QUARTER, 0, fiscal=True), local(2026, 4, 1), local(2026, 7, 1)),
    ],
)
def test_fiscal_periods_begin_with_the_fiscal_year(
    period: Dated | Calendar, first: datetime, after_last: datetime
) -> None:
    """With a fiscal year from July, the fiscal year 2026 is the one that ends in June 2026."""
    at = Moment(NOW, CalendarRules("America/New_York", fiscal_year_start=7))
    assert resolve(during(period), at) == Resolved(first, after_last)


def test_weeks_begin_on_the_workspace_s_day() -> None:
    """Where weeks begin on Sunday, last week of a Wednesday is Sunday to Saturday."""
    at = Moment(NOW, CalendarRules("America/New_York", week_start=6))
    assert resolve(during(Calendar(Unit.WEEK, -1)), at) == Resolved(local(2026, 5, 10), local(2026, 5, 17))


def test_days_follow_the_clock_change() -> None:
    """The day on which New York's clocks go forward has 23 hours, the one on which they go back has 25."""
    for day, hours in ((date(2026, 3, 8), 23), (date(2026, 11, 1), 25)):
        span = resolve(during(Dated(day.year, day.month, day.day)), AT)
        assert span.start is not None
        assert span.end is not None
        assert span.end.astimezone(UTC) - span.start.astimezone(UTC) == timedelta(hours=hours)


def test_hours_count_real_time_across_the_clock_change() -> None:
    """Three hours ago is three real hours ago, even when the clock went forward in between."""
    at = Moment(datetime(2026, 3, 8, 8, 0, tzinfo=UTC), RULES)
    start = resolve(last(3, Unit.HOUR), at).start
    assert start is not None
    assert start.astimezone(UTC) == datetime(2026, 3, 8, 5, 0, tzinfo=UTC)


def test_a_window_up_to_now_includes_today_for_dates() -> None:
    """For a date column, "in the last 7 days" includes today; a window that ends at midnight does not include the next day."""
    assert resolve(last(7, Unit.DAY), AT).dates == (date(2026, 5, 13), date(2026, 5, 21))
    assert resolve(during(Dated(month=3)), AT).dates == (date(2026, 3, 1), date(2026, 4, 1))


def test_a_season_over_new_year_ends_in_the_next_year() -> None:
    """Winter 2023 runs from 1 December 2023 to 29 February 2024."""
    winter = RULES.period("winter")
    assert winter is not None
    assert named_dates(winter, 2023) == (date(2023, 12, 1), date(2024, 3, 1))


def test_now_needs_a_timezone() -> None:
    """A naive now is a bug in the caller."""
    with pytest.raises(ValueError, match="timezone"):
        Moment(datetime(2026, 5, 20), RULES)


@given(
    st.data(), st.sampled_from(Unit),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)  # fmt: skip
def test_longer_windows_begin_earlier(data: st.DataObject, unit: Unit, now: datetime) -> None:
    """ "In the last d days" never begins later when d grows, whatever the day, up to the longest time."""
    at = Moment(now, RULES)
    amounts = st.integers(0, 4000) | st.integers(0, longest(unit))
    few, more = (min(data.draw(amounts), longest(unit)) for _ in range(2))
    low, high = sorted((few, more))
    late, early = resolve(last(low, unit), at).start, resolve(last(high, unit), at).start
    assert late is not None
    assert early is not None
    assert early <= late <= now


@given(
    st.integers(-40, 40), st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR]),
    st.integers(0, 6), st.integers(1, 12),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)  # fmt: skip
def test_calendar_periods_tile_time(offset: int, unit: Unit, week_start: int, fiscal_start: int, now: datetime) -> None:
    """A calendar period ends exactly where the next one begins, and the current one holds today."""
    at = Moment(now, CalendarRules("America/New_York", week_start=week_start, fiscal_year_start=fiscal_start))
    fiscal = unit in (Unit.QUARTER, Unit.YEAR)
    this, following = (resolve(during(Calendar(unit, offset + i, fiscal)), at) for i in (0, 1))
    assert this.end == following.start
    current = resolve(during(Calendar(unit, 0, fiscal)), at)
    assert current.start is not None
    assert current.end is not None
    assert current.start <= now < current.end
