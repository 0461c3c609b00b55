"""Who may say what words mean for everybody: the owners of the settings, or everybody where none are named."""

from __future__ import annotations

from segbot.flows.desk import Actor
from segbot.settings import Settings


def owners(settings: Settings) -> tuple[str, ...]:
    """The owners as they are written in the settings: Slack user ids, or handles with an @ in front."""
    return tuple(dict.fromkeys(name.strip() for name in settings.owners.split(",") if name.strip()))


def is_owner(settings: Settings, actor: Actor) -> bool:
    """Whether a person is an owner; where the settings name none, everybody is."""
    named = owners(settings)
    handle = actor.handle.casefold()
    return not named or any(
        name == actor.user or (handle != "" and name.startswith("@") and name[1:].casefold() == handle)
        for name in named
    )
