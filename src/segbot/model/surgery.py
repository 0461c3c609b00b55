"""Changes to a tree at one place, as people make them by hand: drop this, negate that, either instead of both.

A place is a path of child indexes from the root (`children`). Every change gives a new tree; what is not touched stays as it
is, of whatever kind. A `Not` around a condition belongs to it: the place of "never bought" is that of the `Not`.
"""

from __future__ import annotations

import zlib
from typing import TypeAlias

from segbot.model.condition import (
    Against,
    AllOf,
    AnyOf,
    Capped,
    Condition,
    Everyone,
    Listed,
    Not,
    Ranked,
    all_of,
    any_of,
    children,
    negate,
    with_children,
)

Path: TypeAlias = tuple[int, ...]


class NoSuchPlace(ValueError):
    """The tree has no such place (any more)."""


def at(tree: Condition, path: Path) -> Condition:
    """The node at a place. Raises `NoSuchPlace`."""
    for index in path:
        inner = children(tree)
        if not 0 <= index < len(inner):
            raise NoSuchPlace(f"{path}")
        tree = inner[index]
    return tree


def key(path: Path, node: Condition) -> int:
    """Names a condition on a button: the same as long as it stands at its place as it is."""
    return zlib.crc32(repr((path, node)).encode())


def put(tree: Condition, path: Path, new: Condition) -> Condition:
    """Another node at a place."""
    if not path:
        return new
    inner = list(children(tree))
    if not 0 <= path[0] < len(inner):
        raise NoSuchPlace(f"{path}")
    inner[path[0]] = put(inner[path[0]], path[1:], new)
    return with_children(tree, tuple(inner))


def drop(tree: Condition, path: Path) -> Condition:
    """The tree without the node at a place; a group that loses its last condition goes with it. Of nothing everyone is left."""
    found = _without(tree, path)
    return Everyone() if found is None else found


def _without(node: Condition, path: Path) -> Condition | None:
    if not path:
        return None
    inner = children(node)
    if not 0 <= path[0] < len(inner):
        raise NoSuchPlace(f"{path}")
    left = _without(inner[path[0]], path[1:])
    if left is not None:
        return with_children(node, (*inner[: path[0]], left, *inner[path[0] + 1 :]))
    rest = (*inner[: path[0]], *inner[path[0] + 1 :])
    match node:
        case AllOf():
            return all_of(rest) if rest else None
        case AnyOf():
            return any_of(rest) if rest else None
        case Capped() | Ranked() | Against():  # of everybody instead
            return with_children(node, (Everyone(),))
        case _:
            return None


def insert(tree: Condition, path: Path, new: Condition) -> Condition:
    """One more condition in the group at a place; a single condition there becomes a group of both, and everyone is replaced."""
    here = at(tree, path)
    match here:
        case Everyone():
            return put(tree, path, new)
        case AnyOf():
            return put(tree, path, any_of((*here.parts, new)))
        case _:
            return put(tree, path, all_of((here, new)))


def negated(tree: Condition, path: Path) -> Condition:
    """The opposite of the condition at a place."""
    return put(tree, path, negate(at(tree, path)))


def swapped(tree: Condition, path: Path) -> Condition:
    """All instead of any in the group at a place, or any instead of all; inside a negation too. Raises `NoSuchPlace` for no group."""
    match at(tree, path):
        case AllOf(parts=parts):
            return put(tree, path, AnyOf(parts))
        case AnyOf(parts=parts):
            return put(tree, path, AllOf(parts))
        case Not(part=AllOf(parts=parts)):
            return put(tree, path, Not(AnyOf(parts)))
        case Not(part=AnyOf(parts=parts)):
            return put(tree, path, Not(AllOf(parts)))
        case _:
            raise NoSuchPlace(f"no group at {path}")


def lifted(tree: Condition, path: Path) -> tuple[Condition, Path]:
    """The condition at a place moved out of its group into the one around it, and its new place. Raises `NoSuchPlace` at the top."""
    above = group_above(tree, path)
    outer = group_above(tree, above) if above else None
    if above is None or outer is None:
        raise NoSuchPlace(f"nothing around {path}")
    moved = at(tree, path)
    # What stands after a place is not moved by taking something out of a deeper one, except where a group falls together.
    without = drop(tree, path)
    around = at(without, outer)
    placed = put(without, outer, _with_part(around, moved))
    parts = children(at(placed, outer))
    return placed, (*outer, len(parts) - 1)


def _with_part(group: Condition, new: Condition) -> Condition:
    match group:
        case AnyOf():
            return AnyOf((*group.parts, new))
        case AllOf():
            return AllOf((*group.parts, new))
        case Everyone():
            return new
        case _:
            return AllOf((group, new))


def group_above(tree: Condition, path: Path) -> Path | None:
    """The place of the nearest group around a place; None where there is none but the whole."""
    for end in range(len(path) - 1, -1, -1):
        if isinstance(at(tree, path[:end]), AllOf | AnyOf):
            return path[:end]
    return None


# --- people named one by one, on top of the rules -----------------------------------------------


def pinned(tree: Condition) -> tuple[Condition, tuple[str, ...], tuple[str, ...]]:
    """The rules of a tree, the keys of the people pinned in, and of those pinned out: `with_pinned` puts them together again."""
    out: tuple[str, ...] = ()
    rules = tree
    if isinstance(rules, Not) and isinstance(rules.part, Listed):
        return Everyone(), (), rules.part.keys
    if isinstance(rules, AllOf):
        named = [part for part in rules.parts if isinstance(part, Not) and isinstance(part.part, Listed)]
        if len(named) == 1:
            (only,) = named
            assert isinstance(only, Not)
            assert isinstance(only.part, Listed)
            out, rules = only.part.keys, all_of(part for part in rules.parts if part is not only)
    if isinstance(rules, AnyOf):
        lists = [part for part in rules.parts if isinstance(part, Listed)]
        if len(lists) == 1:
            (one,) = lists
            return any_of(part for part in rules.parts if part is not one), one.keys, out
    return rules, (), out


def with_pinned(rules: Condition, keys_in: tuple[str, ...], keys_out: tuple[str, ...]) -> Condition:
    """Everybody of the rules and those pinned in, without those pinned out."""
    tree = any_of((rules, Listed(keys_in))) if keys_in else rules
    return all_of((tree, Not(Listed(keys_out)))) if keys_out else tree
