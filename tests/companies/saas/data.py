"""Tallyboard's rows: accounts, their users, and what these did up to now."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.companies.made import CUSTOMERS, FIRST_NAMES, LAST_NAMES, NOW, Chance, write

Row = tuple[Any, ...]

_START = datetime(2022, 9, 1, tzinfo=UTC)
_LATEST = NOW - timedelta(minutes=1)
_PLANS = {"free": 0.35, "starter": 0.25, "pro": 0.25, "enterprise": 0.1, "trial": 0.09}
_PRICE = {"free": 0, "trial": 0, "starter": 12, "pro": 29, "enterprise": 55}
_INDUSTRIES = ("software", "healthcare", "retail", "education", "finance", "manufacturing", "non-profit", None)
_COUNTRIES = {"US": 6.0, "DE": 2.0, "GB": 2.0, "FR": 1.0, "CA": 1.0, "IN": 1.0, "BR": 0.7, "NL": 0.6, None: 0.6}
_ROLES = {"owner": 0.12, "admin": 0.18, "member": 0.5, "viewer": 0.2}
_JOBS = (
    "Product Manager",
    "Data Analyst",
    "Engineer",
    "Head of Marketing",
    "CEO",
    "Consultant",
    "Designer",
    None,
    None,
)
_LOCALES = {"en": 6.0, "de": 2.0, "fr": 1.0, "pt": 0.7, None: 0.8}
_MAIL = ("gmail.com", "acme.io", "müller-labs.example", "northwind.example", "outlook.com")
_INTEGRATIONS = ("slack", "salesforce", "google_drive", "jira", "hubspot")
_CAMPAIGNS = ("March Product Update", "April Product Update", "May Product Update", "Trial Tips", "Annual Plan Offer")


def fill(url: str) -> None:
    """Make the company in an empty database."""
    write(url, Path(__file__).parent / "schema.sql", _Company(2026_05_20).tables())


class _Company:
    def __init__(self, seed: int) -> None:
        self.chance = Chance(seed)
        self.rows: dict[str, list[Row]] = {
            f"app.{name}": []
            for name in (
                "accounts", "users", "logins", "usage_events", "invoices", "payments", "plan_changes", "tickets",
                "nps_responses", "emails",
            )
        }  # fmt: skip

    def tables(self) -> dict[str, list[Row]]:
        accounts = [self.account(i) for i in range(420)]
        for i in range(CUSTOMERS):
            self.user(i, self.chance.one(accounts))
        for account, created, plan, seats in accounts:
            self.billing(account, created, plan, seats)
        return self.rows

    def add(self, table: str, *row: Any) -> None:
        """A row; tables with a number for a key count it up."""
        self.rows[f"app.{table}"].append(row)

    def number(self, table: str) -> int:
        return len(self.rows[f"app.{table}"]) + 1

    def account(self, i: int) -> tuple[str, datetime, str, int | None]:
        chance = self.chance
        key, created = chance.uuid(), chance.moment(_START, NOW - timedelta(days=3), recent=1.3)
        plan = chance.weighted(_PLANS)
        if plan == "trial":
            created = chance.moment(NOW - timedelta(days=33))
        seats = None if chance.yes(0.06) else chance.weighted({3: 5, 8: 4, 15: 3, 40: 2, 120: 1}) + chance.whole(0, 5)
        churned = chance.moment(created, recent=2) if plan != "trial" and chance.yes(0.12) else None
        mrr = None if chance.yes(0.04) else 0 if churned else round(_PRICE[plan] * (seats or 5) * 0.9, 2)
        self.add(
            "accounts", key, f"{chance.one(LAST_NAMES)} {chance.one(('Labs', 'GmbH', 'Inc', '& Sons', 'Café'))} {i}", plan,
            seats, chance.one(_INDUSTRIES), chance.weighted(_COUNTRIES), mrr,
            chance.one(("monthly", "annual")) if _PRICE[plan] else None,
            (created + timedelta(days=30)).date() if plan == "trial" or chance.yes(0.4) else None,
            created, churned, chance.weighted({"Dana Fox": 2, "Luís Prado": 1, None: 2}),
        )  # fmt: skip
        return key, created, plan, seats

    def user(self, i: int, account: tuple[str, datetime, str, int | None]) -> None:
        chance = self.chance
        key, (home, account_created, _, _) = chance.uuid(), account
        created = chance.moment(account_created, recent=0.8)
        name = f"{chance.one(FIRST_NAMES)} {chance.one(LAST_NAMES)}"
        eager = chance.weighted({0.0: 0.12, 0.4: 0.35, 1.0: 0.35, 2.5: 0.18})
        logins = sorted(chance.moment(created, recent=1.4) for _ in range(chance.few(9 * eager)))
        email = None if chance.yes(0.05) else f"user{i}@{chance.one(_MAIL)}"
        self.add(
            "users", key, chance.uuid() if chance.yes(0.02) else None if chance.yes(0.02) else home,
            None if chance.yes(0.05) else name, email, chance.weighted(_ROLES), chance.one(_JOBS),
            chance.weighted(_LOCALES), created, logins[-1] if logins else None, chance.yes(0.4),
            None if chance.yes(0.1) else chance.yes(0.65), chance.yes(0.03),
        )  # fmt: skip
        for at in logins:
            device = chance.weighted({"web": 6, "ios": 2, "android": 2, "desktop": 1})
            self.add("logins", self.number("logins"), key, at, device, chance.one(("password", "sso", "google", None)))
        for _ in range(chance.few(8 * eager)):
            self.usage(key, chance.moment(created, recent=1.4))
        for _ in range(chance.few(1.0)):
            self.ticket(key, chance.moment(created, recent=1.2))
        for _ in range(chance.few(1.1, 3)):
            score = chance.weighted({10: 3, 9: 4, 8: 4, 7: 3, 6: 2, 5: 1, 3: 1, 1: 1, 0: 0.5})
            self.add(
                "nps_responses", self.number("nps_responses"), key, chance.moment(created), score,
                chance.one(("Love it", "Too slow", None, None)),
            )  # fmt: skip
        if email is not None:
            self.emails(key, created, chance.weighted({0.0: 2, 0.3: 3, 0.8: 2}))

    def usage(self, key: str, at: datetime) -> None:
        chance = self.chance
        name = chance.weighted(
            {"dashboard_viewed": 6, "report_created": 4, "export_run": 3, "invite_sent": 2, "integration_connected": 1}
        )
        props: dict[str, Any] = {"seconds": chance.whole(1, 240)}
        match name:
            case "export_run":
                props |= {"format": chance.one(("csv", "pdf", "xlsx")), "rows": chance.one((10, 250, 4000, 60000))}
            case "report_created":
                props |= {"template": chance.yes(0.3), "kind": chance.one(("funnel", "retention", "revenue"))}
            case "integration_connected":
                props |= {"app": chance.one(_INTEGRATIONS)}
            case "invite_sent":
                props |= {"role": chance.one(("admin", "member", "viewer"))}
        if chance.yes(0.05):
            props = {}
        self.add("usage_events", self.number("usage_events"), key, name, at, json.dumps(props))

    def ticket(self, key: str, at: datetime) -> None:
        chance = self.chance
        solved = min(at + timedelta(hours=chance.whole(1, 400)), _LATEST)
        done = chance.yes(0.8)
        self.add(
            "tickets", self.number("tickets"), chance.uuid() if chance.yes(0.01) else key, at, solved if done else None,
            chance.weighted({"low": 2, "normal": 5, "high": 2, "urgent": 1}),
            chance.one(("billing", "bug", "how-to", "feature request", None)),
            chance.whole(1, 5) if done and chance.yes(0.6) else None,
        )  # fmt: skip

    def emails(self, key: str, created: datetime, keen: float) -> None:
        chance = self.chance
        for campaign in _CAMPAIGNS:
            if chance.yes(0.3):
                continue
            sent = chance.moment(max(created, NOW - timedelta(days=90)), NOW - timedelta(hours=1))
            opened = min(sent + timedelta(minutes=chance.whole(1, 4000)), _LATEST) if chance.yes(keen) else None
            clicked = min(opened + timedelta(minutes=2), _LATEST) if opened is not None and chance.yes(0.35) else None
            self.add("emails", self.number("emails"), key, campaign, sent, opened, clicked)

    def billing(self, account: str, created: datetime, plan: str, seats: int | None) -> None:
        chance = self.chance
        price = _PRICE[plan] * (seats or 5)
        for months in range(10) if price else ():
            issued = (NOW - timedelta(days=3 + 30 * months)).date()
            if issued < created.date():
                break
            key = chance.uuid()
            status = chance.weighted({"paid": 8, "open": 1, "overdue": 1})
            self.add("invoices", key, account, issued, issued + timedelta(days=14), price, status)
            tries = 1 + chance.yes(0.1) if status == "paid" else int(chance.yes(0.3))
            for n in range(tries):
                failed = status != "paid" or n < tries - 1
                paid_at = datetime.combine(issued, datetime.min.time(), UTC) + timedelta(hours=9 + 20 * n)
                method = chance.weighted({"card": 6, "sepa": 2, "wire": 1})
                self.add("payments", self.number("payments"), key, paid_at, price, method, failed)
        ladder = ("free", "starter", "pro", "enterprise")
        for _ in range(chance.few(1.1, 3)):
            kind = chance.weighted({"upgrade": 5, "downgrade": 3, "cancel": 2})
            before = chance.one(ladder[:3] if kind == "upgrade" else ladder[1:3])
            step = ladder.index(before) + (1 if kind == "upgrade" else -1)
            after = None if kind == "cancel" else ladder[step]
            self.add("plan_changes", self.number("plan_changes"), account, chance.moment(created), kind, before, after)
