"""What docs/asking.md says about reading is so, with the demo company's catalog."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from segbot.catalog.load import load_catalog
from segbot.demo.company import CATALOG
from segbot.flows.evaluation import Verdict, judge, read_cases
from segbot.flows.house import House, open_house
from segbot.settings import Settings
from segbot.slack.views import points, segment

DOC = (Path(__file__).parents[2] / "docs" / "asking.md").read_text(encoding="utf-8")
NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL)
EXAMPLES = [(kind, line) for kind, block in BLOCKS if kind != "cases" for line in block.splitlines()]


@pytest.fixture(scope="module")
def house() -> House:
    return open_house(load_catalog(CATALOG))


@pytest.mark.parametrize(("kind", "line"), EXAMPLES)
def test_every_example_is_read_as_its_section_says(house: House, kind: str, line: str) -> None:
    """Answered, asked about, or refused with the words that are named."""
    words, _, unread = line.partition(": ")
    reading = house.read(words, NOW)
    assert reading.outcome.value == kind
    if unread:
        assert [u.text for u in reading.unread] == [unread]


def test_the_cases_hold(house: House) -> None:
    """The example of a corpus file is one that is right."""
    (block,) = (block for kind, block in BLOCKS if kind == "cases")
    judged = judge(house, read_cases(block, "asking.md"), lambda said: NOW)
    assert [one.verdict for one in judged] == [Verdict.RIGHT] * 3
    assert all(not one.differences for one in judged)


def test_the_buttons_and_settings_named_there_exist() -> None:
    """What is printed in bold as a button is a button, and the setting is one."""
    source = Path(points.__file__).read_text(encoding="utf-8") + Path(segment.__file__).read_text(encoding="utf-8")
    for label in (
        "Leave it out",
        "Reword",
        "Something else…",
        "Remember for everybody",
        "Ask an owner",
        "Ask the assistant",
    ):
        assert f"**{label}**" in DOC
        assert label in source
    assert "owners" in Settings.model_fields
