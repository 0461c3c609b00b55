"""Short commands and the sentences that begin with the same words: the table that tells them apart."""

from __future__ import annotations

import pytest

from segbot.flows.subcommands import ListThem, OpenIt, Subcommand, subcommand

COMMANDS: tuple[tuple[str, Subcommand], ...] = (
    ("", "help"),
    ("help", "help"),
    ("HELP", "help"),
    ("??", "help"),
    ("words", "words"),
    ("our dictionary", "words"),
    ("home", "home"),
    ("Home.", "home"),
    ("smart", "smart"),
    ("ready segments", "smart"),
    ("list smart segments", "smart"),
    ("recent", "recent"),
    ("my requests", "recent"),
    ("list", ListThem()),
    ("list all", ListThem()),
    ("list my segments", ListThem()),
    ("show all segments", ListThem()),
    ("my segments", ListThem()),
    ("segments", ListThem()),
    ("list #vip", ListThem("#vip")),
    ('list "big spenders"', ListThem("big spenders")),
    ("list “big spenders”", ListThem("big spenders")),
    ("list: women", ListThem("women")),
    ("list segments named women in Texas", ListThem("women in Texas")),
    ("list segments tagged vip", ListThem("#vip")),
    ("open #12", OpenIt("#12")),
    ("open 12", OpenIt("#12")),
    ("open segment # 12", OpenIt("#12")),
    ('open "Women in Texas"', OpenIt("Women in Texas")),
    # A doubt that only the reader and the names of segments settle:
    ("list loyal", ListThem("loyal", sure=False)),
    ("list women in Texas", ListThem("women in Texas", sure=False)),
    ("open Big spenders", OpenIt("Big spenders", sure=False)),
    ("open tickets in the last month", OpenIt("tickets in the last month", sure=False)),
)

SENTENCES = (
    "help me find women in Texas",
    "helpful customers",
    "homeowners in Texas",
    "home owners with kids",
    "home address in California",
    "smart phones bought twice",
    "smartwatch buyers",
    "recent buyers",
    "recent customers in Texas",
    "opened an email in the last 30 days",
    "opens emails on mobile",
    "listed in Texas",
    "listeners of the podcast",
    "women on the vip list",
    "my best customers",
    "show all customers",
    "all segments of women",
    "ready to buy",
    "segments that bought twice",
    "history of returns",
)


@pytest.mark.parametrize(("text", "command"), COMMANDS)
def test_what_fits_a_shape_is_a_command(text: str, command: Subcommand) -> None:
    """The whole input fits: it is the command, or may be one."""
    assert subcommand(text) == command
    assert subcommand(f"  {text.replace(' ', '  ')} ") == command


@pytest.mark.parametrize("text", SENTENCES)
def test_what_goes_on_as_a_sentence_is_a_sentence(text: str) -> None:
    """A sentence may begin with the word of a command."""
    assert subcommand(text) is None
