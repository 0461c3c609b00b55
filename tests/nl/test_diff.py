"""The difference of two segments, said in one line."""

from __future__ import annotations

import pytest

from segbot.model.catalog import Catalog
from segbot.model.condition import Capped, Condition
from segbot.model.resolve import Moment
from segbot.nl.diff import line
from segbot.nl.reader import Reader

LINES = [
    ("women over 30 in California", "women over 30 in Texas", "State: California → Texas"),
    ("women over 30", "women over 40", "Age: over 30 → over 40"),
    ("women over 30", "women", "Dropped: age is over 30"),
    ("women", "women over 30 in Texas", "Added: age is over 30, state is Texas"),
    ("women", "women", "No change"),
    ("bought in the last 90 days", "bought in the last 60 days", "Bought in the last 90 → 60 days"),
    ("bought in the last 90 days", "bought this year", "Bought in the last 90 days → this year"),
    ("bought twice", "bought three times", "Bought at least 2 → 3 times"),
    ("women who bought", "women who never bought", "Bought → never bought"),
    ("women in Texas", "women or people over 65", "Added: or age is over 65; dropped: state is Texas"),
    ("women", "women or people over 65", "Added: or age is over 65"),
    ("women or people over 65", "women", "Dropped: or age is over 65"),
    (
        "women over 30 in California",
        "women in Texas who never opened an email",
        "State: California → Texas; added: never opened an email; dropped: age is over 30",
    ),
    ("everyone", "women", "Added: gender is female"),
    ("women", "everyone", "Dropped: gender is female"),
]  # fmt: skip


def _tree(reader: Reader, at: Moment, request: str) -> Condition:
    condition = reader.read(request, at).condition
    assert condition is not None
    return condition


@pytest.mark.parametrize(("before", "after", "said"), LINES)
def test_a_difference_reads_as_a_person_would_say_it(
    before: str, after: str, said: str, reader: Reader, at: Moment, shop: Catalog
) -> None:
    """Changed, added, dropped, in this order, each said once."""
    assert line(_tree(reader, at, before), _tree(reader, at, after), shop) == said


def test_a_cap_is_a_difference_of_its_own(reader: Reader, at: Moment, shop: Catalog) -> None:
    """A cap that comes, changes and goes is said as such, and the people under it are compared as before."""
    women, men = _tree(reader, at, "women"), _tree(reader, at, "men")
    assert line(women, Capped(women, 500), shop) == "Added: at most 500"
    assert line(Capped(women, 500), Capped(women, 1200), shop) == "At most 500 → 1,200"
    assert line(Capped(women, 500), men, shop) == "Gender: female → male; dropped: at most 500"
