"""Day rules of the house calendar in words: "25 December", "4th Thursday of November + 1", "Easter - 2"."""

from __future__ import annotations

import calendar
import re

from segbot.model.catalog import DayRule, EasterDay, FixedDay, NthWeekday

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
_NTH = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "5th": 5, "last": -1}
_SHIFT = re.compile(r"^(?P<day>.+?)\s*(?P<sign>[+-])\s*(?P<days>\d{1,3})(?:\s*days?)?$")
_FIXED = re.compile(r"^(?:(?P<d1>\d{1,2})\s+(?P<m1>[a-z]+)|(?P<m2>[a-z]+)\s+(?P<d2>\d{1,2}))$")
_NTH_WEEKDAY = re.compile(r"^(?P<nth>[a-z0-9]+)\s+(?P<weekday>[a-z]+)\s+(?:of|in)\s+(?P<month>[a-z]+)$")

EXAMPLES = "write '25 December', 'last Monday of May', 'Easter' or 'fourth Thursday of November + 1'"


def parse_day(text: str) -> DayRule | None:
    """The rule that a text states, or None when it states none."""
    said = " ".join(text.lower().split())
    shift = 0
    if (shifted := _SHIFT.match(said)) is not None:
        said, shift = shifted["day"], int(shifted["days"]) * (1 if shifted["sign"] == "+" else -1)
    if said in ("easter", "easter sunday"):
        return EasterDay(shift)
    if (fixed := _FIXED.match(said)) is not None:
        month = _MONTHS.get(fixed["m1"] or fixed["m2"])
        day = int(fixed["d1"] or fixed["d2"])
        # 29 February is a day, in leap years
        if month is None or not 1 <= day <= calendar.monthrange(2024, month)[1]:
            return None
        return FixedDay(month, day, shift)
    if (weekday := _NTH_WEEKDAY.match(said)) is not None:
        nth, day_of_week = _NTH.get(weekday["nth"]), _WEEKDAYS.get(weekday["weekday"])
        month = _MONTHS.get(weekday["month"])
        if nth is None or day_of_week is None or month is None:
            return None
        return NthWeekday(month, nth, day_of_week, shift)
    return None
