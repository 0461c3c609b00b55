"""Edits: what people answer in a thread, what becomes of the segment, and the talk that must leave it alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from segbot.catalog.load import load_catalog
from segbot.model.condition import Condition, Everyone, canonical
from segbot.model.resolve import Moment
from segbot.nl.edit import Edit, Editor, NoEdit
from segbot.nl.notation import notation
from segbot.nl.reader import Reader
from segbot.nl.text import tokenize

CORPUS = Path(__file__).parents[1] / "corpus"
GROUPS = [
    group
    for name in ("shop", "companies")
    for group in yaml.safe_load((CORPUS / "edits" / f"{name}.yaml").read_text(encoding="utf-8"))
]
CASES = [
    pytest.param(group.get("company", ""), group["before"], case, id=f"{group['before'][:30]} / {case['say'][:50]}")
    for group in GROUPS
    for case in group["edits"]
]
TALK = [line for line in (CORPUS / "talk.txt").read_text(encoding="utf-8").splitlines() if line.strip()]


@cache
def company(name: str) -> Reader:
    """The reader of one of the three other companies."""
    return Reader(load_catalog(Path(__file__).parents[1] / "companies" / name / "catalog.yaml"))


def tree(reader: Reader, at: Moment, request: str) -> Condition:
    """A request as a tree; it must be clear."""
    condition = reader.read(request, at).condition
    assert condition is not None, request
    return condition


def written(reader: Reader, at: Moment, case: Any) -> str:
    """What a corpus entry expects, in the notation: said as a request, or written down."""
    if isinstance(case, dict) and "tree" in case:
        return str(case["tree"])
    said = case["after"] if isinstance(case, dict) else case
    return notation(canonical(tree(reader, at, said)))


def accounted(edit: Edit) -> None:
    """Every token lies in exactly one span of the edit."""
    spans = [(p.start, p.end, p.text) for p in (*edit.phrases, *edit.fillers, *edit.unread)]
    for start, end, said in spans:
        assert edit.text[start:end] == said
    for token in tokenize(edit.text):
        assert len([s for s in spans if s[0] <= token.start and token.end <= s[1]]) == 1, token.text


def same(edit: Condition, expected: str) -> bool:
    return expected in (notation(edit), notation(canonical(edit)))


@pytest.mark.parametrize(("name", "before", "case"), CASES)
def test_every_edit_of_the_corpus_does_what_is_written_there(
    name: str, before: str, case: dict[str, Any], reader: Reader, at: Moment
) -> None:
    """The kind, the new tree, the choices of a question and the unread words are as the corpus says."""
    reader = company(name) if name else reader
    reading = reader.read(before, at)
    earlier = tuple(tree(reader, at, request) for request in case.get("earlier", ()))
    old = reading.condition or Everyone()
    edit = Editor(reader).edit(case["say"], reading if reading.questions else old, at, history=earlier)
    assert isinstance(edit, Edit), edit
    accounted(edit)
    assert edit.kind == case["kind"]
    assert [u.text for u in edit.unread] == case.get("unread", [])
    if "pick" in case:
        assert edit.chosen == (0, case["pick"])
        assert edit.condition == reading.questions[0].choices[case["pick"]].condition
    if "choices" in case:
        wanted = [written(reader, at, choice) for choice in case["choices"]]
        assert len(edit.questions) == 1
        got = [c.condition for c in edit.questions[0].choices]
        assert len(got) == len(wanted)
        assert all(same(g, w) for g, w in zip(got, wanted, strict=True)), [notation(g) for g in got]
    elif "after" in case or "tree" in case:
        assert not edit.questions, [notation(c.condition) for c in edit.questions[0].choices]
        wanted = written(reader, at, case)
        assert same(edit.condition, wanted), (notation(edit.condition), wanted)


@pytest.mark.parametrize("said", TALK)
def test_talk_is_left_alone(said: str, reader: Reader, at: Moment) -> None:
    """Ordinary sentences in a thread never change a segment."""
    for request in ("women over 30 in California", "people who bought twice in the last 90 days"):
        got = Editor(reader).edit(said, tree(reader, at, request), at)
        assert isinstance(got, NoEdit), (got.kind, notation(got.condition), got.line)
