"""The tour as a modal of a few steps, and the banner at Home that offers it."""

from __future__ import annotations

from collections.abc import Sequence

from segbot.model.tour import TourStep
from segbot.slack.ids import Action, Callback, Value
from segbot.slack.views import kit
from segbot.slack.views.kit import Block, View


def tour_banner() -> list[Block]:
    """The offer at the top of Home, for those who have never seen the tour."""
    buttons = [
        kit.button(Action.TOUR, "Show me", str(Value("tour")), primary=True, aloud="Show me the two-minute tour"),
        kit.button(Action.TOUR_LATER, "No, thanks", str(Value("tour")), aloud="No, thanks: never offer the tour again"),
    ]
    text = ":wave: *New here?* A tour of two minutes shows what you can ask, and what a card tells you."
    return [kit.section(text), kit.actions(buttons), {"type": "divider"}]


def tour_modal(steps: Sequence[TourStep], at: int) -> View:
    """One step; what is out of range is the nearest one there is."""
    at = min(max(at, 0), len(steps) - 1)
    step = steps[at]
    blocks = [kit.section(f"*{at + 1}. {step.title}*\n{step.text}")]
    if step.example:
        blocks.append(kit.rich(kit.quote(kit.run(f"/segment {step.example}"))))
    buttons = []
    if at > 0:
        buttons.append(kit.button(Action.TOUR.at(0), "Back", str(Value("tour", at - 1)), aloud="Back one step"))
    if at + 1 < len(steps):
        next_ = str(Value("tour", at + 1))
        buttons.append(kit.button(Action.TOUR.at(1), "Next", next_, primary=True, aloud="Next step of the tour"))
    blocks += [kit.actions(buttons), kit.context(f"Step {at + 1} of {len(steps)}")]
    return kit.modal("Two-minute tour", blocks, close="Done", callback=Callback.SHOW)
