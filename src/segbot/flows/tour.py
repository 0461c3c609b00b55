"""The first two minutes: a short tour with this company's own words, offered once to each person."""

from __future__ import annotations

from segbot.flows.desk import Actor, Desk
from segbot.flows.help import examples
from segbot.model.tour import TourStep

_PREFERENCE = "tour"


async def unseen(desk: Desk, actor: Actor) -> bool:
    """Whether a person has neither taken the tour nor put it off."""
    return await desk.store.preferences.get(actor.team, actor.user, _PREFERENCE) is None


async def seen(desk: Desk, actor: Actor, how: str) -> None:
    """Never offer the tour to this person again; `how` is whether they took it ("taken") or not ("later")."""
    await desk.store.preferences.put(actor.team, actor.user, _PREFERENCE, how, desk.clock())


def tour(desk: Desk) -> tuple[TourStep, ...]:
    """The steps, in order."""
    catalog = desk.house.catalog
    noun, example = catalog.customers.plural, examples(catalog)[0]
    return (
        TourStep(
            "Say who you are looking for",
            f"Type `/segment` and a sentence, in any channel, or write to me directly. I count the {noun} in your"
            " company's own database, and I only ever read it.",
            example,
        ),
        TourStep(
            "Read the card",
            "The number comes first. Below it stand your own words: *bold* became a condition, ~struck out~ was not"
            " understood. Each condition says how many are left after it, so you see which one costs the most.",
        ),
        TourStep(
            "Talk to it",
            "Anybody can reply in the card's thread: `only Texas`, `make it 60 days`, `also men`, `why so few?`, `undo`."
            " The card changes, and I tell how many came in and went out. Other talk I leave alone.",
        ),
        TourStep(
            "Look, save, share",
            "*Preview* shows the first people, to you alone and with contact data masked. *Save* gives the segment a name"
            " that works in later requests. *Share in thread* freezes it: ask there “is this still right?” any day.",
        ),
        TourStep(
            "Find it again",
            "At *Home* are your segments, those shared with you, and some that are ready to use. `/segment help` has"
            f" requests that find {noun} here, and `/segment words` what the words of your company mean.",
        ),
    )
