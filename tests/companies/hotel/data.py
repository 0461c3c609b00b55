"""Haus & Hafen's rows: guests, their stays and bookings, points, tiers, offers and reviews, up to today and ahead."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.companies.made import CUSTOMERS, FIRST_NAMES, LAST_NAMES, NOW, Chance, write

Row = tuple[Any, ...]

_TODAY = NOW.date()
_CITIES = {
    ("Hamburg", "DE", "20095"): 4.0, ("Berlin", "DE", "10115"): 5.0, ("München", "DE", "80331"): 4.0,
    ("Köln", "DE", "50667"): 3.0, ("Leipzig", "DE", "04109"): 2.0, ("Wien", "AT", "1010"): 2.0,
    ("Salzburg", "AT", "5020"): 1.0, ("Zürich", "CH", "8001"): 1.5, ("Genève", "CH", "1201"): 0.6,
    ("Paris", "FR", "75001"): 1.0, ("London", "GB", "EC1A"): 1.0, ("Amsterdam", "NL", "1012"): 1.0,
    ("København", "DK", "1050"): 0.5, (None, None, None): 0.8,
}  # fmt: skip
_HOTELS = (
    (1, "Alsterhof", "Hamburg", "DE", 4, True),
    (2, "Speicherloft", "Hamburg", "DE", 3, False),
    (3, "Isarblick", "München", "DE", 5, True),
    (4, "Kreuzberg Eins", "Berlin", "DE", 3, False),
    (5, "Am Dom", "Köln", "DE", 4, False),
    (6, "Donaukai", "Wien", "AT", 5, True),
    (7, "Limmatquai", "Zürich", "CH", 4, True),
)
_ROOMS = {"STD": "Standard", "SUP": "Superior", "DLX": "Deluxe", "JST": "Junior Suite", "STE": "Suite"}
_RATES = {"STD": 95, "SUP": 130, "DLX": 175, "JST": 240, "STE": 390}
_TIERS = ("Basic", "Silver", "Gold", "Platinum")
_OFFERS = (
    (1, "Spa Weekend", "wellness"), (2, "Stay 3 Pay 2", "discount"), (3, "Advent in Wien", "city break"),
    (4, "Family Summer", "family"), (5, "Early Bird 2026", "discount"), (6, "Easter Brunch", "dining"),
)  # fmt: skip


def fill(url: str) -> None:
    """Make the company in an empty database."""
    write(url, Path(__file__).parent / "schema.sql", _Group(77).tables())


class _Group:
    def __init__(self, seed: int) -> None:
        self.chance = Chance(seed)
        names = ("guests", "stays", "points_ledger", "tier_history", "offer_sends", "reviews")
        self.rows: dict[str, list[Row]] = {f"pms.{name}": [] for name in names}

    def tables(self) -> dict[str, list[Row]]:
        self.rows["pms.hotels"] = list(_HOTELS)
        self.rows["pms.room_types"] = list(_ROOMS.items())
        self.rows["pms.offers"] = list(_OFFERS)
        for guest in range(1, CUSTOMERS + 1):
            self.guest(guest)
        self.rows["pms.stays"].append(  # a guest that was deleted
            (self.number("stays"), 999_999, 1, "STD", "checked_out", date(2026, 1, 3), date(2026, 2, 1),
             date(2026, 2, 3), 2, 99, 198, 1, 0, False, "business", "direct")
        )  # fmt: skip
        return self.rows

    def number(self, table: str) -> int:
        return len(self.rows[f"pms.{table}"]) + 1

    def add(self, table: str, *row: Any) -> None:
        self.rows[f"pms.{table}"].append(row)

    def guest(self, key: int) -> None:
        chance = self.chance
        joined = chance.day(date(2019, 3, 1), _TODAY, recent=1.3)
        city, country, postal_code = chance.weighted(_CITIES)
        corporate = chance.yes(0.22)
        keen = chance.weighted({0.0: 0.1, 0.7: 0.4, 2.0: 0.3, 6.0: 0.2})
        tier = self.tiers(key, joined, keen)
        nights = sum(self.stay(key, joined, corporate) for _ in range(chance.few(keen, 25)))
        points = self.points(key, joined, nights)
        gender = chance.weighted({"f": 46, "m": 47, "d": 1, None: 6})
        language = {"DE": "de", "AT": "de", "CH": "de", "FR": "fr", None: None}.get(country, "en")
        self.add(
            "guests", key, {"f": "Frau", "m": "Herr"}.get(gender or ""), chance.one(FIRST_NAMES), chance.one(LAST_NAMES),
            None if chance.yes(0.12) else f"guest{key}@{chance.one(('gmx.de', 'web.de', 'gmail.com', 'orange.fr'))}",
            None if chance.yes(0.35) else f"+{chance.one(('49', '43', '41', '44'))}{chance.whole(10**8, 10**9)}",
            None if chance.yes(0.2) else chance.day(date(1938, 1, 1), date(2006, 12, 31)), gender, city, postal_code,
            country, language, tier, points, joined, corporate, None if chance.yes(0.15) else chance.yes(0.6),
            None if chance.yes(0.3) else chance.yes(0.4), chance.yes(0.01),
        )  # fmt: skip
        for offer, _, _ in _OFFERS:
            if chance.yes(0.45):
                sent = chance.day(max(joined, date(2025, 9, 1)), _TODAY)
                opened = min(sent + timedelta(days=chance.whole(0, 9)), _TODAY) if chance.yes(0.45) else None
                used = (
                    min(opened + timedelta(days=chance.whole(0, 30)), _TODAY) if opened and chance.yes(0.25) else None
                )
                self.add("offer_sends", self.number("offer_sends"), offer, key, sent, opened, used)

    def tiers(self, guest: int, joined: date, keen: float) -> str:
        """The guest's tiers since joining, without gaps; the last one is today's."""
        chance = self.chance
        level, since = 0, joined
        while True:
            until = since + timedelta(days=chance.whole(60, 700))
            rises = level < 3 and chance.yes(min(0.7, 0.12 + keen / 10))
            if until >= _TODAY or not (rises or chance.yes(0.15)):
                self.add("tier_history", guest, _TIERS[level], since, None)
                return _TIERS[level]
            self.add("tier_history", guest, _TIERS[level], since, until)
            level, since = (level + 1 if rises else max(0, level - 1)), until

    def stay(self, guest: int, joined: date, corporate: bool) -> int:
        """One booking, past or ahead; the nights slept."""
        chance = self.chance
        booked = chance.day(joined, _TODAY, recent=1.4)
        check_in = booked + timedelta(days=chance.few(25, 160))
        nights = chance.weighted({1: 4, 2: 5, 3: 3, 4: 1, 5: 1, 7: 1})
        check_out = check_in + timedelta(days=nights)
        room = chance.weighted({"STD": 5, "SUP": 3, "DLX": 2, "JST": 1, "STE": 0.5})
        rate = None if chance.yes(0.02) else round(_RATES[room] * chance.random.uniform(0.8, 1.5), 2)
        ended = "checked_out" if check_out <= _TODAY else "in_house" if check_in <= _TODAY else "booked"
        fate = chance.weighted({ended: 88, "cancelled": 9, "no_show" if check_in < _TODAY else ended: 3})
        children = chance.weighted({0: 8, 1: 1, 2: 1})
        self.add(
            "stays", self.number("stays"), guest, chance.one(_HOTELS)[0], room, fate, booked, check_in, check_out, nights,
            rate, None if rate is None else round(rate * nights, 2), chance.weighted({1: 4, 2: 6}), children,
            chance.yes(0.45), None if chance.yes(0.1) else "business" if corporate and chance.yes(0.8) else "leisure",
            chance.weighted({"direct": 4, "booking.com": 4, "expedia": 1, "phone": 1, "corporate": 1}),
        )  # fmt: skip
        stay = self.number("stays") - 1
        if fate == "checked_out" and chance.yes(0.3):
            written = min(check_out + timedelta(days=chance.whole(0, 20)), _TODAY)
            score = chance.weighted({10: 3, 9: 4, 8: 4, 7: 2, 5: 1, 3: 1, 2: 0.5})
            self.add(
                "reviews", self.number("reviews"), stay, written, score, chance.one(("Sehr schön!", "Too loud", None))
            )
        return nights if fate in ("checked_out", "in_house") else 0

    def points(self, guest: int, joined: date, nights: int) -> int:
        """Entries of the ledger; the balance."""
        chance = self.chance
        entries = [("earned", 100 * chance.whole(1, 3)) for _ in range(nights)]
        entries += [("bonus", 500)] * chance.few(0.3, 2)
        total = sum(points for _, points in entries)
        for kind, share in (("redeemed", 0.25), ("expired", 0.1)):
            if total >= 400 and chance.yes(share):
                spent = 100 * chance.whole(1, total // 200)
                entries.append((kind, -spent))
                total -= spent
        for kind, points in entries:
            day = chance.day(joined, _TODAY, recent=1.3)
            self.add("points_ledger", self.number("points_ledger"), guest, day, kind, points)
        return total
