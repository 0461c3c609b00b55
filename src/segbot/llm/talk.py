"""What can be said to a language model and what can come back, the same for every provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A whole conversation so far, and the JSON Schema that the answer should follow."""

    system: str
    messages: tuple[Message, ...]
    schema: Mapping[str, Any]
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The model's answer as text, and the tokens that question and answer took together."""

    text: str
    tokens: int


class Kind(StrEnum):
    """Why there is no answer."""

    TRUNCATED = "truncated"
    """The answer did not fit into the allowed tokens."""
    REFUSED = "refused"
    BUSY = "busy"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    WRONG_KEY = "wrong_key"
    FAILED = "failed"
    """The provider did not accept the question, or broke."""
    GARBLED = "garbled"
    """What came back does not follow the provider's own protocol."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """No answer. `retry_after` (seconds) is the provider's own wish; `detail` is for the log, never for a person."""

    kind: Kind
    detail: str = ""
    retry_after: float | None = None
    tokens: int = 0


class Model(Protocol):
    """A language model that can be asked."""

    @property
    def name(self) -> str:
        """How people know it."""
        ...

    async def ask(self, question: Question, timeout: float) -> Reply | Trouble:
        """Ask once, for at most `timeout` seconds. Never raises for anything the other side does."""
        ...
