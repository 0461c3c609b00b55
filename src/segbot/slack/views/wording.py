"""Numbers, shares, moments and stretches of time in the words of a card."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from segbot.model.cards import ProgressLine, WindowLine
from segbot.model.segment import Counted
from segbot.slack.views.kit import clip

_BAR = 8


def number(value: int) -> str:
    """2310 → 2,310"""
    return f"{value:,}"


def people(value: int, noun: str) -> str:
    """2310, customers → 2,310 customers; 1, customers → 1 customer"""
    return f"{number(value)} {clip(singular(noun) if value == 1 else noun, 40)}"


def singular(noun: str) -> str:
    """The noun for one of them: customers → customer, people → person, companies → company."""
    if noun == "people":
        return "person"
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def sentence_case(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """A share from 0 to 1 that never pretends: 0.1162 → 11.6 %, 0.0001 → under 0.1 %, 0.9999 → over 99.9 %."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    value = f"{share * 100:.1f}".removesuffix(".0")
    return f"{value} %"


def drop(share: float) -> str:
    """What a condition takes away, from 0 to 1: 0.41 → −41 %, 0.001 → −under 1 %."""
    if share <= 0:
        return "−0 %"
    if share < 0.01:
        return "−under 1 %"
    if 0.99 < share < 1:
        return "−over 99 %"
    return f"−{share * 100:.0f} %"


def bar(part: int, whole: int) -> str:
    """A small bar: 3 of 8 → ▰▰▰▱▱▱▱▱. Something is never drawn as nothing, nor part as all."""
    if whole <= 0 or part <= 0:
        return "▱" * _BAR
    cells = round(part / whole * _BAR)
    cells = _BAR if part >= whole else min(max(cells, 1), _BAR - 1)
    return "▰" * cells + "▱" * (_BAR - cells)


def size(count: Counted, noun: str) -> str:
    """2,310 customers; about 2,300 customers (2,180 to 2,420) when it is an estimate; fewer than about 300 customers."""
    if count.exact or _of_everybody(count):
        return people(count.value, noun)
    if count.high is None:
        return f"about {people(count.value, noun)}"
    step = _step(count)
    if count.low is None:
        return f"fewer than about {people(_up(count.high, step), noun)}"
    between = f"{number(count.low // step * step)} to {number(_up(count.high, step))}"
    return f"about {people(round(count.value / step) * step, noun)} ({between})"


def short(count: Counted) -> str:
    """2,310, or about 2,300, or under 300: for a button."""
    if count.exact or _of_everybody(count):
        return number(count.value)
    if count.low is None and count.high is not None:
        return f"under {number(_up(count.high, _step(count)))}"
    step = _step(count)
    return f"about {number(round(count.value / step) * step)}"


def _of_everybody(count: Counted) -> bool:
    """Whether the sample was the whole base: then it is the number as it was, and no guess."""
    return not count.exact and count.sample is not None and count.sample == count.base


def _step(count: Counted) -> int:
    """To what an estimate is rounded: no finer than a tenth of what it leaves open."""
    wide = (count.high or count.value) - (count.low or 0)
    return int(10 ** max(len(str(wide)) - 2, 0)) if wide > 0 else 1


def _up(value: int, step: int) -> int:
    return -(-value // step) * step


def share(count: Counted, noun: str) -> str:
    """11.6 % of 20,000 customers"""
    of = people(count.base, noun)
    if count.base and not count.exact and not _of_everybody(count):
        if count.low is None and count.high is not None:
            return f"under {percent(count.high / count.base).removeprefix('under ')} of {of}"
        return f"about {percent(count.value / count.base)} of {of}"
    return f"{percent(count.value / count.base)} of {of}" if count.base else f"of {of}"


def as_of(count: Counted, timezone: str, ago: int | None = None, *, own: bool = False) -> str:
    """Exact, as of Wed 20 May 2026, 14:05 EDT; with its age in seconds where it was counted before: …, 3 minutes ago

    Of an estimate: Estimated from a sample of 20,000 of 1,000,000, as of …. With `own` it is mrkdwn by the reader's own clock.
    """
    when = own_moment(count.as_of, timezone) if own else moment(count.as_of, timezone)
    said = f"{_kind(count)}, as of {when}"
    return said if ago is None else f"{said}: the same was counted {age(ago)}"


def _kind(count: Counted) -> str:
    if count.exact:
        return "Exact"
    if _of_everybody(count):
        return "From a copy of everybody"
    if count.sample is None:
        return "Estimate"
    return f"Estimated from a sample of {number(count.sample)} of {number(count.base)}"


def age(seconds: int) -> str:
    """40 → a moment ago, 60 → 1 minute ago, 200 → 3 minutes ago, 7200 → 2 hours ago"""
    if seconds < 60:
        return "a moment ago"
    if seconds < 3600:
        return f"{seconds // 60} {'minute' if seconds < 120 else 'minutes'} ago"
    return f"{seconds // 3600} {'hour' if seconds < 7200 else 'hours'} ago"


def progress(line: ProgressLine, looks_at: tuple[str, ...]) -> str:
    """Waiting: 3rd in line. Or: 10 s so far, going through customers and orders; stopped after 60 s"""
    if line.place:
        place = "next in line" if line.place == 1 else f"number {line.place} in line"
        return f"Waiting while other counts run: {place}. It begins by itself"
    through = f", going through {listed([clip(name, 40) for name in looks_at])}" if looks_at else ""
    return f"{line.seconds} s so far{through}. It is stopped after {line.limit} s"


def listed(names: list[str]) -> str:
    """a, b and c"""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def moment(when: datetime, timezone: str) -> str:
    """Wed 20 May 2026, 14:05 EDT, in the workspace's zone"""
    local = when.astimezone(ZoneInfo(timezone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def own_moment(when: datetime, timezone: str) -> str:
    """A moment in mrkdwn that Slack shows by the reader's own clock: today at 8:05 PM; the workspace's where it can't."""
    return f"<!date^{int(when.timestamp())}^{{date_short_pretty}}, {{time}}|{moment(when, timezone)}>"


def day(when: datetime, timezone: str) -> str:
    """Wed 20 May 2026, by the clock of the zone"""
    local = when.astimezone(ZoneInfo(timezone))
    return f"{local:%a} {local.day} {local:%b %Y}"


def window(line: WindowLine, timezone: str) -> str:
    """A half-open stretch as people read it: 19 Feb 2026 to 20 May 2026, 14:05; March is 1 to 31 Mar 2026."""
    zone = ZoneInfo(timezone)
    start = line.start.astimezone(zone) if line.start else None
    end = line.end.astimezone(zone) if line.end else None
    first = _edge(start, line.dates_only) if start else ""
    last = _last(end, line.dates_only) if end else ""
    if start and end:
        return first if first == last else f"{first} to {last}"
    if start:
        return f"from {first}"
    return f"until {last}" if end else "on any date"


def _edge(when: datetime, dates_only: bool) -> str:
    day = f"{when.day} {when:%b %Y}"
    return day if dates_only or _midnight(when) else f"{day}, {when:%H:%M}"


def _last(end: datetime, dates_only: bool) -> str:
    """The end itself is outside: midnight belongs to the day before."""
    if _midnight(end):
        return _edge(end - timedelta(days=1), dates_only=True)
    return _edge(end, dates_only)


def _midnight(when: datetime) -> bool:
    return (when.hour, when.minute, when.second, when.microsecond) == (0, 0, 0, 0)
