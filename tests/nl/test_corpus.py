"""The corpus: what people type, and the reading a careful analyst gives it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from segbot.model.resolve import Moment
from segbot.nl.notation import notation
from segbot.nl.reader import Reader

CORPUS = Path(__file__).parents[1] / "corpus"


def _cases() -> list[Any]:
    cases = []
    for file in sorted(CORPUS.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            cases.append(pytest.param(case, id=f"{file.stem}: {case['text'][:60]}"))
    return cases


@pytest.mark.parametrize("case", _cases())
def test_every_utterance_of_the_corpus_is_read_as_written_there(
    case: dict[str, Any], reader: Reader, at: Moment
) -> None:
    """Outcome, tree, assumptions, unread words, background, corrections and the choices of every question are as the corpus says."""
    reading = reader.read(case["text"], at)
    expected = next(key for key in ("answer", "clarify", "reject") if key in case)
    got = {
        "outcome": reading.outcome.value,
        "tree": notation(reading.condition) if reading.condition is not None else None,
        "assumes": [a.code for a in reading.assumptions],
        "unread": [u.text for u in reading.unread],
        "fixes": {c.said: c.read_as for c in reading.corrections},
        "asides": [a.text for a in reading.asides],
        "choices": [[notation(c.condition) for c in q.choices] for q in reading.questions],
    }
    assert got == {
        "outcome": expected,
        "tree": case[expected],
        "assumes": case.get("assumes", []),
        "unread": case.get("unread", []),
        "fixes": case.get("fixes", {}),
        "asides": case.get("asides", []),
        "choices": case.get("choices", []),
    }
