"""Harbour & Vale's rows: policy holders, policies, premiums, claims, quotes and calls, up to today."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.companies.made import CUSTOMERS, FIRST_NAMES, LAST_NAMES, NOW, Chance, write

Row = tuple[Any, ...]

_TODAY = NOW.date()
_UNKNOWN = -1
_FIRST, _LAST = date(2017, 1, 1), date(2027, 12, 31)
_BANK_HOLIDAYS = {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2025, 12, 25)}
_MARITAL = {"S": "Single", "M": "Married", "D": "Divorced", "W": "Widowed"}
_OCCUPATIONS = (
    ("101", "Teacher", 1), ("102", "Nurse", 1), ("201", "Engineer", 1), ("202", "Accountant", 1), ("301", "Builder", 3),
    ("302", "Electrician", 2), ("401", "Driver", 3), ("900", "Retired", 1), ("901", "Student", 2),
)  # fmt: skip
_REGIONS = (
    ("LDN", "London", "England"), ("SE", "South East", "England"), ("NW", "North West", "England"),
    ("WMD", "West Midlands", "England"), ("SCT", "Scotland", "Scotland"), ("WLS", "Wales", "Wales"),
    ("NIR", "Northern Ireland", "Northern Ireland"),
)  # fmt: skip
_POSTCODES = {"LDN": "SW1A", "SE": "BN1", "NW": "M1", "WMD": "B1", "SCT": "EH1", "WLS": "CF10", "NIR": "BT1"}
_PRODUCTS = (
    (1, "MOT-C", "Motor Comprehensive", "Motor", "comprehensive"), (2, "MOT-T", "Motor Third Party", "Motor", "third party"),
    (3, "HOM-B", "Home Buildings", "Home", "buildings"), (4, "HOM-C", "Home Contents", "Home", "contents"),
    (5, "TRV-S", "Travel Single Trip", "Travel", "single trip"), (6, "TRV-A", "Travel Annual", "Travel", "annual"),
    (7, "PET-L", "Pet Lifetime", "Pet", "lifetime"), (8, "LIF-T", "Term Life", "Life", None),
)  # fmt: skip
_PREMIUM = {1: 620, 2: 340, 3: 280, 4: 150, 5: 35, 6: 110, 7: 420, 8: 260}
_CHANNELS = ((1, "direct"), (2, "broker"), (3, "comparison site"), (4, "branch"))
_CAUSES = {
    "Motor": (1, 2, 3), "Home": (4, 5, 2), "Travel": (6, 7), "Pet": (8,), "Life": (9,),
}  # fmt: skip
_CAUSE_NAMES = (
    (1, "Collision"), (2, "Theft"), (3, "Windscreen"), (4, "Escape of water"), (5, "Storm"), (6, "Cancellation"),
    (7, "Lost luggage"), (8, "Vet fees"), (9, "Death"),
)  # fmt: skip


def key_of(day: date | None) -> int:
    """A day's key in the date dimension."""
    return _UNKNOWN if day is None else day.year * 10_000 + day.month * 100 + day.day


def fill(url: str) -> None:
    """Make the company in an empty database."""
    write(url, Path(__file__).parent / "schema.sql", _Insurer(1871).tables())


class _Insurer:
    def __init__(self, seed: int) -> None:
        self.chance = Chance(seed)
        names = ("dim_policy_holder", "fact_policy", "fact_premium", "fact_claim", "fact_quote", "fact_call")
        self.rows: dict[str, list[Row]] = {f"dw.{name}": [] for name in names}

    def tables(self) -> dict[str, list[Row]]:
        days = [_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days + 1)]
        self.rows |= {
            "dw.dim_date": [(_UNKNOWN, None, None, None, None, None)]
            + [(key_of(d), d, f"{d:%A}", f"{d:%B}", d.year, d in _BANK_HOLIDAYS) for d in days],
            "dw.dim_marital_status": list(_MARITAL.items()),
            "dw.dim_occupation": list(_OCCUPATIONS),
            "dw.dim_region": list(_REGIONS),
            "dw.dim_product": list(_PRODUCTS),
            "dw.dim_channel": list(_CHANNELS),
            "dw.dim_cause": list(_CAUSE_NAMES),
        }
        for holder in range(1, CUSTOMERS + 1):
            self.holder(holder)
        return self.rows

    def number(self, table: str) -> int:
        return len(self.rows[f"dw.{table}"]) + 1

    def add(self, table: str, *row: Any) -> None:
        self.rows[f"dw.{table}"].append(row)

    def holder(self, key: int) -> None:
        chance = self.chance
        joined = chance.day(date(2018, 1, 2), _TODAY, recent=1.2)
        born = None if chance.yes(0.05) else chance.day(date(1938, 1, 1), date(2007, 6, 30))
        region = chance.weighted(
            {"LDN": 4, "SE": 3, "NW": 3, "WMD": 2, "SCT": 2, "WLS": 1, "NIR": 1, None: 0.6, "XX": 0.2}
        )
        self.add(
            "dim_policy_holder", key, f"HV-{key * 37:06d}",
            None if chance.yes(0.02) else f"{chance.one(FIRST_NAMES)} {chance.one(LAST_NAMES)}", born,
            chance.weighted({"F": 48, "M": 48, None: 4}), chance.weighted({"S": 4, "M": 5, "D": 2, "W": 1, None: 1}),
            None if chance.yes(0.1) else chance.one(_OCCUPATIONS)[0], region,
            f"{_POSTCODES[region]} {chance.whole(1, 9)}AB" if region in _POSTCODES else None,
            None if chance.yes(0.15) else f"holder{key}@{chance.one(('gmail.com', 'btinternet.com', 'outlook.com'))}",
            None if chance.yes(0.25) else f"+447{chance.whole(10**8, 10**9 - 1)}",
            chance.weighted({"Y": 6, "N": 3, None: 1}), chance.weighted({"Y": 3, "N": 5, None: 1}), key_of(joined),
            None if chance.yes(0.2) else chance.whole(0, 15), None if chance.yes(0.3) else chance.money(14_000, 140_000),
            "Y" if chance.yes(0.02) else "N",
        )  # fmt: skip
        for _ in range(chance.few(2.2, 7)):
            self.policy(key, joined)
        for _ in range(chance.few(1.2, 5)):
            product = chance.one(_PRODUCTS)[0]
            quoted = None if chance.yes(0.1) else round(_PREMIUM[product] * chance.random.uniform(0.7, 1.6), 2)
            day = key_of(chance.day(joined, _TODAY, recent=1.4))
            self.add("fact_quote", self.number("fact_quote"), key, product, chance.one(_CHANNELS)[0], day, quoted)
        for _ in range(chance.few(1.3, 8)):
            reason = chance.one(("claim", "renewal", "change of address", "billing", None))
            day = key_of(chance.day(joined, _TODAY, recent=1.3))
            complaint = "Y" if chance.yes(0.12) else "N"
            self.add("fact_call", self.number("fact_call"), key, day, reason, chance.whole(1, 55), complaint)

    def policy(self, holder: int, joined: date) -> None:
        chance = self.chance
        product, _, _, line, _ = chance.one(_PRODUCTS)
        written = chance.day(joined, _TODAY, recent=1.2)
        status = chance.weighted({"INF": 7, "LAP": 2, "CAN": 1})
        renewal = date(written.year, written.month, min(written.day, 28))
        while status == "INF" and renewal <= _TODAY:
            renewal = renewal.replace(year=renewal.year + 1)
        premium = round(_PREMIUM[product] * chance.random.uniform(0.6, 1.8), 2)
        policy = self.number("fact_policy")
        self.add(
            "fact_policy", policy, holder, product, chance.weighted({1: 4, 2: 2, 3: 4, 4: 1}), key_of(written),
            key_of(renewal) if status == "INF" else _UNKNOWN, premium,
            None if chance.yes(0.1) else 1000 * chance.whole(2, 900), status,
        )  # fmt: skip
        monthly = chance.yes(0.6)
        paid = written
        while paid <= _TODAY and not (status != "INF" and (paid - written).days > 300):
            amount = round(premium / 12, 2) if monthly else premium
            method = chance.weighted({"direct debit": 7, "card": 3, None: 0.3})
            self.add("fact_premium", self.number("fact_premium"), policy, holder, product, key_of(paid), amount, method)
            paid += timedelta(days=30 if monthly else 365)
        for _ in range(chance.few(1.1, 5)):
            lost = chance.day(written, _TODAY, recent=1.2)
            reported = min(lost + timedelta(days=chance.few(6, 90)), _TODAY)
            claimed = chance.money(80, 9000)
            state = chance.weighted({"OPEN": 2, "PAID": 6, "REJ": 2})
            settled = min(reported + timedelta(days=chance.whole(2, 120)), _TODAY) if state != "OPEN" else None
            self.add(
                "fact_claim", self.number("fact_claim"), policy, holder, product, chance.one(_CAUSES[line]), key_of(lost),
                key_of(reported), key_of(settled), claimed, round(claimed * 0.8, 2) if state == "PAID" else 0, state,
            )  # fmt: skip
