"""What a workspace consists of before anything happens in it: people, channels, the app and the strictness.

Everything is plain data with defaults for a small company; an app's `manifest.yml`, read into a dictionary, can
fill the part about the app.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

#: Bot scopes of the default app: everything the served methods can ask for.
ALL_SCOPES = (
    "app_mentions:read assistant:write channels:history channels:join channels:read chat:write "
    "chat:write.customize chat:write.public commands emoji:read files:read files:write groups:history "
    "groups:read im:history im:read im:write links:read links:write mpim:history mpim:read mpim:write "
    "reactions:read reactions:write team:read usergroups:read users.profile:read users:read users:read.email"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A human member: Maya Chen, Marketing manager."""

    id: str
    name: str
    real_name: str
    title: str = ""
    color: str = "4a154b"
    is_admin: bool = False

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.real_name.split()[:2]).upper()

    @property
    def email(self) -> str:
        return f"{self.name}@example.com"


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as configured; `members` are ids of people, the app's bot user among them where it is in."""

    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A user group: @partner-success."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; with `escape`, mentions in its text arrive as `<@U…|name>`."""

    command: str
    description: str = ""
    usage_hint: str = ""
    escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of the lightning menu (`global`) or of a message's menu (`message_action`)."""

    name: str
    callback_id: str
    type: str = "global"
    description: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """The installed app. `events` names the subscriptions (`message.im`); None subscribes to all."""

    name: str = "segbot"
    id: str = "A0SEGBOT"
    bot_id: str = "B0SEGBOT"
    bot_user_id: str = "U0SEGBOT"
    commands: tuple[Command, ...] = (Command("/segment", "Find and count customers", "women in California"),)
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: frozenset[str] = frozenset(ALL_SCOPES.split())
    events: frozenset[str] | None = None
    unfurl_domains: tuple[str, ...] = ()


PEOPLE = (
    Person("U0MAYA", "maya", "Maya Chen", "Lifecycle marketer", "1264a3"),
    Person("U0PRIYA", "priya", "Priya Nair", "Partner success manager", "2b7a4b"),
    Person("U0OMAR", "omar", "Omar Haddad", "Data analyst", "b4632c"),
    Person("U0ALEX", "alex", "Alex Rivera", "Workspace admin", "7a3e9d", is_admin=True),
)
_EVERYBODY = tuple(person.id for person in PEOPLE)
CHANNELS = (
    Room("C0MARKETING", "marketing", (*_EVERYBODY, "U0SEGBOT"), topic="Campaigns, audiences, results"),
    Room("C0CAMPAIGNS", "campaigns", (*_EVERYBODY, "U0SEGBOT"), topic="What goes out, and when"),
    Room("C0PARTNERS", "partner-success", ("U0PRIYA", "U0ALEX", "U0MAYA", "U0SEGBOT"), topic="Approvals"),
    Room("G0EXECPLANS", "exec-plans", ("U0ALEX", "U0PRIYA"), is_private=True, topic="Not for everybody"),
)
GROUPS = (Group("S0PARTNERS", "partner-success", "Partner success", ("U0PRIYA", "U0ALEX")),)


@dataclass(frozen=True, slots=True)
class WorkspaceConfig:
    """One workspace and how strict it is. Times are in seconds; tokens are made up anew unless given."""

    team_id: str = "T0DEMO"
    team_name: str = "Wildflower Goods"
    team_domain: str = "wildflower"
    people: tuple[Person, ...] = PEOPLE
    channels: tuple[Room, ...] = CHANNELS
    groups: tuple[Group, ...] = GROUPS
    app: App = App()
    bot_token: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-A0SEGBOT-{secrets.token_hex(12)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    client_id: str = "10001.20002"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12))
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_url_seconds: float = 30 * 60.0
    response_url_uses: int = 5
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    rate_limits: bool = True
    burst: int = 5  # messages a channel takes at once before one a second holds
    commercial_distribution: bool = False  # conversations.history: 1 a minute, 15 messages
    max_connections: int = 10

    def with_manifest(self, manifest: Mapping[str, Any]) -> WorkspaceConfig:
        """This workspace with the app described by an app manifest (as read from YAML or JSON)."""
        features: Mapping[str, Any] = manifest.get("features") or {}
        settings: Mapping[str, Any] = manifest.get("settings") or {}
        oauth: Mapping[str, Any] = manifest.get("oauth_config") or {}
        events = (settings.get("event_subscriptions") or {}).get("bot_events")
        scopes = (oauth.get("scopes") or {}).get("bot")
        app = replace(
            self.app,
            name=(features.get("bot_user") or {}).get("display_name") or self.app.name,
            commands=tuple(
                Command(
                    row["command"],
                    row.get("description", ""),
                    row.get("usage_hint", ""),
                    bool(row.get("should_escape")),
                )
                for row in features.get("slash_commands") or ()
            ),
            shortcuts=tuple(
                Shortcut(
                    row["name"],
                    row["callback_id"],
                    "message_action" if row["type"] == "message" else "global",
                    row.get("description", ""),
                )
                for row in features.get("shortcuts") or ()
            ),
            scopes=frozenset(scopes) if scopes is not None else self.app.scopes,
            events=frozenset(events) if events is not None else self.app.events,
            unfurl_domains=tuple(features.get("unfurl_domains") or ()),
        )
        return replace(self, app=app)
