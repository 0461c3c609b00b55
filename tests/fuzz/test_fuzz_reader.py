"""A short run of the reader's fuzzer, the same texts every time; the long one is run by command."""

from __future__ import annotations

from tests.fuzz.reader import fuzz


def test_whatever_is_typed_the_reader_keeps_its_promises() -> None:
    """400 made-up texts for four companies: no exception, no word lost, the same again, and its restatement reads back."""
    run = fuzz(seed=20260520, texts=400)
    assert run.texts == 400
    assert [str(finding) for finding in run.findings] == []
