"""`segbot dictionary` and `segbot feedback` bring what people said in Slack back to those who keep the catalog."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from segbot.catalog.load import load_catalog
from segbot.demo.company import CATALOG
from segbot.flows.evaluation import read_cases
from segbot.flows.feedback import as_corpus
from segbot.flows.house import open_house
from segbot.model.request import NewRequest, Surface
from segbot.store.database import Store
from segbot.store.feedback import Opinion
from segbot.store.migrate import migrate

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def store_of_its_own(make_database: Callable[..., str]) -> str:
    url = make_database()
    migrate(url, "segbot")
    return url


@pytest.fixture
def run(tmp_path: Path, store_of_its_own: str) -> Run:
    def segbot(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SEGBOT_")}
        environment |= {"SEGBOT_STORE_URL": store_of_its_own, "SEGBOT_CATALOG": str(CATALOG), "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, "-m", "segbot", *arguments],
            env=environment, input=stdin, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return segbot


def define(url: str, team: str, term: str, means: str) -> None:
    async def work() -> None:
        async with Store.open(url) as store:
            await store.dictionary.define(team, term, words=(), means=means, author="U1", now=NOW)

    asyncio.run(work())


def test_words_are_listed_exported_into_a_catalog_and_removed(run: Run, store_of_its_own: str, tmp_path: Path) -> None:
    """What is exported, put into a catalog file, means there what it meant in Slack."""
    define(store_of_its_own, "T1", "high-value", "customers with 3 or more orders")
    define(store_of_its_own, "T2", "grün: ja", "women in Texas")
    listed = run("dictionary", "list")
    assert listed.returncode == 0, listed.stderr
    assert "high-value: customers with 3 or more orders" in listed.stdout
    assert "grün: ja" not in run("dictionary", "list", "--team", "T1").stdout

    exported = yaml.safe_load(run("dictionary", "export").stdout)["dictionary"]
    text = CATALOG.read_text(encoding="utf-8")
    catalog = tmp_path / "catalog.yaml"
    terms = yaml.safe_dump(exported, allow_unicode=True)
    catalog.write_text(
        text.replace("\ndictionary:\n", "\ndictionary:\n" + "".join(f"  {line}\n" for line in terms.splitlines()))
    )
    house = open_house(load_catalog(catalog))
    assert house.read("high-value customers", NOW).outcome.value == "answer"

    assert run("dictionary", "remove", "nothing").returncode == 2
    assert run("dictionary", "remove", "HIGH-VALUE", stdin="n\n").returncode == 1
    assert "high-value" in run("dictionary", "list").stdout
    assert run("dictionary", "remove", "HIGH-VALUE", "--yes").returncode == 0
    assert "high-value" not in run("dictionary", "list").stdout

    async def trail() -> list[str]:
        async with Store.open(store_of_its_own) as store:
            return [entry.action for entry in await store.audit.entries("T1")]

    assert asyncio.run(trail()) == ["forgot"]


def test_thumbs_down_become_cases_to_correct(run: Run, store_of_its_own: str) -> None:
    """Each has the words, how they were read and what the person said, in the format that `segbot eval` takes."""
    house = open_house(load_catalog(CATALOG))

    async def work() -> None:
        async with Store.open(store_of_its_own) as store:
            judged = (("women in Texas", -1), ("women in Xanadu", -1), ("men over 30", 1))
            for seconds, (words, thumb) in enumerate(judged):
                at = NOW + timedelta(seconds=seconds)
                reading = house.read(words, NOW)
                new = NewRequest("T1", "C1", "U1", Surface.COMMAND, words, reading)
                request = await store.requests.add(new, NOW)
                opinion = Opinion("T1", request.id, "U1", thumb, words, "no: the city", at, "misread", reading, "abc")
                await store.feedback.give(opinion)

    asyncio.run(work())
    exported = run("feedback", "export")
    assert exported.returncode == 0, exported.stderr
    cases = read_cases(exported.stdout, "feedback.yaml")
    assert [(c.text, c.outcome.value, c.tree) for c in cases] == [
        ("women in Texas", "answer", "gender=F & state=TX"),
        ("women in Xanadu", "reject", "gender=F"),
    ]
    assert "no: the city" in exported.stdout
    assert len(read_cases(run("feedback", "export", "--all").stdout, "all.yaml")) == 3
    assert run("feedback", "export", "--since", "2026-06-01").stdout == ""


def test_an_opinion_from_before_readings_were_kept_still_has_its_words() -> None:
    """It is exported as not understood: whoever corrects it writes the tree."""
    old = Opinion("T1", "r1", "U1", -1, "women", "", NOW)
    assert as_corpus([old]) == [{"text": "women", "reject": None, "feedback": {"thumb": "down", "at": "2026-05-20"}}]
