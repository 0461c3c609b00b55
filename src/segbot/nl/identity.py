"""Answers remembered by the thing itself: the very same object, because hashing or comparing a whole catalog takes long."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Same(Generic[T]):
    """A thing as a key. It holds the thing, so that its identity stays its own."""

    __slots__ = ("thing",)

    def __init__(self, thing: T) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing


def by_identity(most: int) -> Callable[[Callable[[T], R]], Callable[[T], R]]:
    """Remember what a function of one unchanging thing gave, for so many things."""

    def remembering(function: Callable[[T], R]) -> Callable[[T], R]:
        @lru_cache(maxsize=most)
        def answer(key: _Same[T]) -> R:
            return function(key.thing)

        def remembered(thing: T) -> R:
            return answer(_Same(thing))

        return remembered

    return remembering
