"""A local Slack for any Bolt app: the Web API, Socket Mode, signed HTTP, and a page to see it with.

It is strict where Slack is strict, so that what works here works there. See docs/workspace.md.
"""

from segbot.demo.workspace.config import (
    App,
    Command,
    Group,
    Person,
    Room,
    Shortcut,
    WorkspaceConfig,
)
from segbot.demo.workspace.driver import actions_in, message_words
from segbot.demo.workspace.server import Workspace

__all__ = [
    "App",
    "Command",
    "Group",
    "Person",
    "Room",
    "Shortcut",
    "Workspace",
    "WorkspaceConfig",
    "actions_in",
    "message_words",
]
