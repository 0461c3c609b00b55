"""The manifest: within Slack's limits, asking for exactly what the code uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from segbot.slack.app import SCOPES
from segbot.slack.ids import COMMAND, Shortcut

ROOT = Path(__file__).parents[2]

# What each subscribed event and feature needs, by Slack's reference.
NEEDS = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "function_executed": None,
    "link_shared": "links:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
# What the methods that segbot calls need: posting, its command and shortcuts, unfurling, the agent's pane, pictures, time zones.
CALLS = {"chat:write", "commands", "files:write", "links:write", "assistant:write", "users:read"}
INDISPENSABLE = {"app_mentions:read", "chat:write", "commands", "im:history"}


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
    assert set(manifest) == {
        "_metadata",
        "display_information",
        "features",
        "functions",
        "oauth_config",
        "settings",
    }
    agent = manifest["features"]["agent_view"]
    assert len(agent["agent_description"]) <= 300
    assert 1 <= len(agent["suggested_prompts"]) <= 4
    for shortcut in manifest["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert shortcut["type"] in ("global", "message")


def test_it_asks_for_what_is_used_and_no_more(manifest: dict[str, Any]) -> None:
    """Each scope has its use, each subscription its scope; no scope reads files, addresses or what people wrote before."""
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert events == set(NEEDS)
    assert scopes == CALLS | {scope for scope in NEEDS.values() if scope}
    assert scopes >= SCOPES == INDISPENSABLE
    assert not scopes & {"users:read.email", "files:read", "search:read", "channels:join", "chat:write.public"}
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_it_fits_the_code(manifest: dict[str, Any]) -> None:
    """The command that the code listens to, and the Home and messages that it serves, are switched on."""
    assert [c["command"] for c in manifest["features"]["slash_commands"]] == [COMMAND]
    shortcuts = {(s["callback_id"], s["type"]) for s in manifest["features"]["shortcuts"]}
    assert shortcuts == {(Shortcut.NEW, "global"), (Shortcut.FROM_MESSAGE, "message")}
    assert set(manifest["functions"]) == {Shortcut.STEP}
    assert manifest["settings"]["function_runtime"] == "remote"
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["settings"]["socket_mode_enabled"]
