"""What segbot answers to, one file for each thing a person does. `register_all` hands them to a Bolt app."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from segbot.slack.handlers import (
    asking,
    assisting,
    building,
    changing,
    commanding,
    defining,
    fallback,
    finishing,
    forming,
    home,
    linking,
    looking,
    mending,
    rating,
    reacting,
    replying,
    saving,
    settling,
    sharing,
    shelving,
    shortcuts,
    stepping,
    talking,
    touring,
)
from segbot.slack.handlers.guard import Deps
from segbot.slack.handlers.resuming import resume_all

__all__ = ["Deps", "register_all", "resume_all"]


def register_all(app: AsyncApp, deps: Deps) -> None:
    """Every listener; the fallback comes last, since Bolt takes the first that matches."""
    for feature in (asking, talking, replying, settling, mending, defining, assisting, rating, looking):
        feature.register(app, deps)
    for feature in (saving, sharing, home, shelving, commanding, shortcuts, linking, reacting, stepping):
        feature.register(app, deps)
    for feature in (changing, building, forming, finishing, touring):
        feature.register(app, deps)
    fallback.register(app, deps)
