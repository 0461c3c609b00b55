"""Who may look at single customers: those whom the settings name, and nobody where they name none."""

from __future__ import annotations

from segbot.flows.desk import Actor
from segbot.settings import Settings

_EVERYBODY = "*"


def may_look(settings: Settings, actor: Actor) -> bool:
    """Whether a person may look at single customers: nobody unless the settings name them, or everybody (`*`)."""
    named = {name.strip() for name in settings.customer_viewers.split(",") if name.strip()}
    handle = f"@{actor.handle.casefold()}" if actor.handle else ""
    return _EVERYBODY in named or actor.user in named or (handle != "" and handle in {n.casefold() for n in named})
