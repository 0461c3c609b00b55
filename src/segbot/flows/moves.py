"""Changes of one condition at a press: negate it, drop it, a number up or down, either instead of both.

Each is a step of the request's trail like a reply in the thread, so "undo" takes it back. A press names its condition by what
stood at its place: where that was changed meanwhile, nothing is guessed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from segbot.errors import ChangedMeanwhile, SegbotError
from segbot.flows.ask import last_count
from segbot.flows.compose import condition_lines, title
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.estimate import estimates
from segbot.flows.refine import Changed, Trail, revise
from segbot.flows.sizing import sizes
from segbot.flows.steps import steps
from segbot.logs import get_logger
from segbot.model import surgery
from segbot.model.cards import ConditionLine
from segbot.model.catalog import Catalog
from segbot.model.condition import (
    AllOf,
    AnyOf,
    Condition,
    Defined,
    Everyone,
    Not,
    canonical,
    children,
    negate,
)
from segbot.model.segment import Counted
from segbot.model.surgery import Path
from segbot.nl.phrase import phrase_node
from segbot.store.deliveries import Taken
from segbot.warehouse.line import Errand, on_behalf_of

log = get_logger(__name__)

MOST_LINES = 40
"""Conditions that are listed with their moves; of larger trees the rest is in the builder."""

BY_HAND = "by hand"
"""What stands on the card for the words of a change that was pressed."""

_SIZED = 15

Verb: TypeAlias = Literal["negate", "drop", "swap", "step"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A move of one condition: what it does in a few words, and for a step the key of what comes out."""

    label: str
    verb: Verb
    to: int = 0


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A condition with what can be done to it. `key` names it; `without` is how many there would be without it."""

    key: int
    path: Path
    line: ConditionLine
    group: bool
    offers: tuple[Offer, ...]
    without: Counted | None = None


@dataclass(frozen=True, slots=True)
class MovesCard:
    """The conditions of a request to change one by one. `join` swaps the whole ("all" or "any"); `undo` is the version before."""

    id: str
    title: str
    lines: tuple[MoveLine, ...]
    count: Counted | None
    noun: str
    whole: MoveLine | None
    undo: int = 0
    more: int = 0


async def listed(desk: Desk, actor: Actor, request_id: str) -> MovesCard:
    """The conditions of a request as they stand now, with its latest count if there is one. Raises `NotFound`."""
    desk = await desk.at_home(actor.team)
    request = await desk.store.requests.get(actor.team, request_id)
    tree = request.condition or Everyone()
    lines = move_lines(tree, desk.house.catalog)
    record = await last_count(desk, request)
    trail = Trail.of(await desk.store.requests.history(actor.team, request_id))
    undo = trail.steps[trail.position - 1].version if trail.position > 0 else 0
    return MovesCard(
        request.id,
        title(request.text),
        lines[:MOST_LINES],
        None if record is None else record.counted,
        desk.house.catalog.customers.plural,
        whole_line(tree, desk.house.catalog),
        undo,
        max(len(lines) - MOST_LINES, 0),
    )


async def weighed(desk: Desk, actor: Actor, card: MovesCard) -> MovesCard:
    """The same card with how many there would be without each condition: estimated where there is a sample, else exact.

    Without an answer of the database the numbers are missing, and nothing else.
    """
    desk = await desk.at_home(actor.team)
    request = await desk.store.requests.get(actor.team, card.id)
    tree = request.condition or Everyone()
    lines = [line for line in card.lines if not line.group][:_SIZED]
    try:
        trees = [surgery.drop(tree, line.path) for line in lines]
        found = await _sizes(desk, actor, [tree, *trees])
    except (SegbotError, surgery.NoSuchPlace) as error:
        log.info("moves.no_sizes", why=type(error).__name__)
        return card
    left = {line.key: size for line, size in zip(lines, found[1:], strict=True)}
    sized = tuple(replace(line, without=left.get(line.key)) for line in card.lines)
    return replace(card, lines=sized, count=card.count or found[0])


async def _sizes(desk: Desk, actor: Actor, trees: Sequence[Condition]) -> Sequence[Counted | None]:
    if desk.samples is not None:
        found = await estimates(desk.samples, desk.house, trees)
        if all(one is not None for one in found):
            return found
    with on_behalf_of(Errand(actor.team, actor.user, "", desk.settings.cost_limit)):
        return await sizes(desk.house, desk.warehouse, trees, desk.house.moment(desk.clock()))


async def move(desk: Desk, actor: Actor, request_id: str, verb: Verb, key: int, to: int, *, delivery: str) -> Changed:
    """Make a move with the condition that `key` names. The card that comes back is not counted yet.

    Raises `ChangedMeanwhile` when that condition is not there any more, `Duplicate` for a press that was dealt with before.
    """
    if await desk.store.deliveries.take(delivery, "change", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    desk = await desk.at_home(actor.team)
    request = await desk.store.requests.get(actor.team, request_id)
    tree = request.condition or Everyone()
    catalog = desk.house.catalog
    path, _ = place_of(tree, key)
    new = moved_by(tree, path, verb, to, catalog)
    if canonical(new) == canonical(tree):
        raise ChangedMeanwhile(f"{verb} of {key} changes nothing")
    changed = await revise(desk, actor, request, new, BY_HAND)
    await desk.store.deliveries.finish(delivery, desk.clock())
    return changed


def moved_by(tree: Condition, path: Path, verb: Verb, to: int, catalog: Catalog) -> Condition:
    """The tree after a move at a place. Raises `ChangedMeanwhile` when there is no such step."""
    match verb:
        case "negate":
            return surgery.negated(tree, path)
        case "drop":
            return surgery.drop(tree, path)
        case "swap":
            return surgery.swapped(tree, path)
        case "step":
            node = surgery.at(tree, path)
            found = [step.condition for step in steps(node, catalog) if _key(step.condition) == to]
            if not found:
                raise ChangedMeanwhile(f"no step {to}")
            return surgery.put(tree, path, found[0])
        case _:
            assert_never(verb)


def _is_any(node: Condition) -> bool:
    inner = node.part if isinstance(node, Not) else node
    return isinstance(inner, AnyOf)


def place_of(tree: Condition, key: int) -> tuple[Path, Condition]:
    """The condition that a button names. Raises `ChangedMeanwhile` when it is not there any more."""
    for path, node in _places(tree, ()):
        if surgery.key(path, node) == key:
            return path, node
    raise ChangedMeanwhile(f"no condition {key}")


def _places(node: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    yield path, node
    for index, inner in enumerate(children(node)):
        yield from _places(inner, (*path, index))


def move_lines(tree: Condition, catalog: Catalog) -> tuple[MoveLine, ...]:
    """The conditions of a tree as its card lists them, each with its moves."""
    return tuple(
        move_line(tree, path, line, catalog)
        for path, line in condition_lines(tree, catalog)
        if not isinstance(surgery.at(tree, path), Everyone)
    )


def move_line(tree: Condition, path: Path, line: ConditionLine, catalog: Catalog) -> MoveLine:
    """One condition with its moves; unknown kinds can be negated and dropped."""
    node = surgery.at(tree, path)
    if any(isinstance(surgery.at(tree, path[:end]), Defined) for end in range(len(path))):
        return MoveLine(
            surgery.key(path, node), path, line, True, ()
        )  # what a word means is not this segment's to change
    inner = node.part if isinstance(node, Not) else node
    group = isinstance(inner, AllOf | AnyOf)
    offers = [Offer(_opposite(node, catalog), "negate"), Offer("Drop", "drop")]
    if group:
        offers.insert(0, Offer("Match all instead of any" if _is_any(node) else "Match any instead of all", "swap"))
    elif not isinstance(inner, Defined):
        offers += [Offer(step.label, "step", _key(step.condition)) for step in steps(node, catalog)]
    return MoveLine(surgery.key(path, node), path, line, group or isinstance(inner, Defined), tuple(offers))


def whole_line(tree: Condition, catalog: Catalog) -> MoveLine | None:
    """The group that the whole is, with the move that swaps it; None where it is no group."""
    if not isinstance(tree, AllOf | AnyOf):
        return None
    return move_line(tree, (), ConditionLine(0, "Any of" if isinstance(tree, AnyOf) else "All of"), catalog)


def _opposite(node: Condition, catalog: Catalog) -> str:
    """What negating makes of it."""
    inner = node.part if isinstance(node, Not) else node
    if isinstance(inner, AllOf | AnyOf | Defined):
        return "Negate"
    return f"Negate: {phrase_node(negate(node), catalog)}"


def _key(condition: Condition) -> int:
    return zlib.crc32(repr(condition).encode())
