"""One step of the tour that new people are offered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TourStep:
    """A title, a paragraph of our own mrkdwn (no words of others in it), and a request to see what is meant, if any."""

    title: str
    text: str
    example: str = ""
