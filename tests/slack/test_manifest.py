"""The manifest: within Slack's limits, asking for exactly what the code uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from segbot.slack.app import SCOPES
from segbot.slack.ids import COMMAND

ROOT = Path(__file__).parents[2]

# What each subscribed event and feature needs, by Slack's reference.
NEEDS = {"app_mention": "app_mentions:read", "message.im": "im:history", "app_home_opened": None}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


def test_it_is_within_slacks_limits(manifest: dict[str, Any]) -> None:
    """Slack takes every text at its length."""
    about = manifest["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80
    commands = manifest["features"]["slash_commands"]
    assert len(commands) <= 50
    for command in commands:
        assert command["command"].startswith("/")
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    assert len(manifest["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert set(manifest) == {"display_information", "features", "oauth_config", "settings"}


def test_it_asks_for_what_is_used_and_no_more(manifest: dict[str, Any]) -> None:
    """Each scope has its use, each subscription its scope, and no scope reads people's conversations."""
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert events == set(NEEDS)
    assert scopes == {"commands", "chat:write"} | {scope for scope in NEEDS.values() if scope}
    assert scopes == SCOPES
    assert not scopes & {"channels:history", "groups:history", "mpim:history", "users:read.email", "files:write"}
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_it_fits_the_code(manifest: dict[str, Any]) -> None:
    """The command that the code listens to, and the Home and messages that it serves, are switched on."""
    assert [c["command"] for c in manifest["features"]["slash_commands"]] == [COMMAND]
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["settings"]["socket_mode_enabled"]
