"""Two changes to one tree, made independently, put together: so that switching one assumption keeps another's switch.

Every alternative of a reading is a whole tree that differs from the reading's own in one respect. When the person has
already moved away from the reading's tree, the alternative's difference is carried over to where they are now.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

T = TypeVar("T")


def merge(origin: T, here: T, there: T) -> T:
    """`there`'s difference from `origin`, applied to `here`. Where both changed the same value, `there` wins.

    merge(A and B, A and C, D and B) == D and C.
    """
    if here in (origin, there):
        return there
    if there == origin:
        return here
    if isinstance(origin, tuple) and isinstance(here, tuple) and isinstance(there, tuple):
        return cast(T, _merge_tuples(origin, here, there))
    if type(origin) is type(here) is type(there) and is_dataclass(origin) and not isinstance(origin, type):
        merged = {
            f.name: merge(getattr(origin, f.name), getattr(here, f.name), getattr(there, f.name))
            for f in fields(origin)
        }
        try:
            return replace(there, **merged)  # type: ignore[type-var]
        except ValueError:  # the two changes don't go together: the newer one stands
            return there
    return there


def _merge_tuples(origin: tuple[T, ...], here: tuple[T, ...], there: tuple[T, ...]) -> tuple[T, ...]:
    if len(origin) == len(here) == len(there):
        return tuple(merge(o, h, t) for o, h, t in zip(origin, here, there, strict=True))
    if len(origin) == len(here):
        changed = {repr(o): h for o, h in zip(origin, here, strict=True)}
        return tuple(changed.get(repr(t), t) for t in there)
    if len(origin) == len(there):
        changed = {repr(o): t for o, t in zip(origin, there, strict=True)}
        return tuple(changed.get(repr(h), h) for h in here)
    return there
