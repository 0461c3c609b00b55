"""The ledger's invariants: nothing typed is ever lost, whatever is typed."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segbot.model.condition import Condition, canonical, children
from segbot.model.reading import Outcome, Reading
from segbot.model.resolve import Moment
from segbot.nl.reader import MAX_CHARACTERS, Reader
from segbot.nl.text import tokenize

CORPUS = Path(__file__).parents[1] / "corpus"
SENTENCES = [
    case["text"] for f in sorted(CORPUS.glob("*.yaml")) for case in yaml.safe_load(f.read_text(encoding="utf-8"))
]
CLEAR = [
    case["text"]
    for f in sorted(CORPUS.glob("*.yaml"))
    for case in yaml.safe_load(f.read_text(encoding="utf-8"))
    if "answer" in case
]
WORDS = sorted({word for sentence in SENTENCES for word in sentence.split()})
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)

texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=string.printable, max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from([*WORDS, *string.punctuation, "<!here>", "<@U1>", "&amp;", ":tada:"]), max_size=25).map(
        "".join
    ),
)


def _accounted(reading: Reading) -> None:
    """Every token lies in exactly one span of the reading, and every span is in the text."""
    spans = [(p.start, p.end, p.text) for p in reading.phrases]
    spans += [(f.start, f.end, f.text) for f in reading.fillers]
    spans += [(u.start, u.end, u.text) for u in reading.unread]
    spans += [(a.start, a.end, a.text) for a in reading.asides]
    for start, end, said in spans:
        assert reading.text[start:end] == said
    for token in tokenize(reading.text):
        holders = [s for s in spans if s[0] <= token.start and token.end <= s[1]]
        assert len(holders) == 1, (token.text, holders)


def _node(condition: Condition, path: tuple[int, ...]) -> Condition:
    for index in path:
        condition = children(condition)[index]
    return condition


@QUICK
@given(text=texts)
def test_no_word_is_ever_lost(text: str, reader: Reader, at: Moment) -> None:
    """Whatever is typed: no exception, every word accounted for, and an answer only where nothing is unread or open."""
    reading = reader.read(text, at)
    if reading.intent == "segment":
        _accounted(reading)
    if reading.outcome is Outcome.ANSWER:
        assert reading.condition is not None
        assert not reading.unread
        assert not reading.questions
    for phrase in reading.phrases:
        assert reading.condition is not None or reading.outcome is Outcome.REJECT
        if reading.condition is not None:
            _node(reading.condition, phrase.path)
    for question in reading.questions:
        assert len({canonical(c.condition) for c in question.choices}) == len(question.choices) >= 2


@QUICK
@given(data=st.data())
def test_an_unknown_word_is_always_reported(data: Any, reader: Reader, at: Moment) -> None:
    """A made-up word put anywhere into a sentence is among the unread words, unless it stands where a text of one's own may,
    or in what is shown as background."""
    words = data.draw(st.sampled_from(CLEAR)).split()
    at_index = data.draw(st.integers(0, len(words)))
    reading = reader.read(" ".join([*words[:at_index], "zqxjkv", *words[at_index:]]), at)
    if "zqxjkv" in repr(reading.condition):
        return  # last name starts with zqxjkv
    if any("zqxjkv" in a.text for a in reading.asides):
        return  # for the zqxjkv launch
    assert reading.outcome is Outcome.REJECT
    assert any("zqxjkv" in u.text for u in reading.unread)


@QUICK
@given(data=st.data())
def test_a_word_of_a_condition_always_matters(data: Any, reader: Reader, at: Moment) -> None:
    """Without one of its words a phrase means something else, or is said in other words, or is no longer understood."""
    text = data.draw(st.sampled_from(CLEAR))
    before = reader.read(text, at)
    phrase = data.draw(st.sampled_from(before.phrases)) if before.phrases else None
    if phrase is None or phrase.meaning == "all of these must hold":
        return  # side by side, things are joined by "and" anyway
    after = reader.read(text[: phrase.start] + " " + text[phrase.end :], at)
    gone = {(p.text, p.meaning) for p in before.phrases} - {(p.text, p.meaning) for p in after.phrases}
    assert gone or after.outcome is not Outcome.ANSWER or after.condition != before.condition


@pytest.mark.parametrize("text", CLEAR)
def test_a_filler_never_matters(text: str, reader: Reader, at: Moment) -> None:
    """A sentence without its fillers is the same tree."""
    before = reader.read(text, at)
    for filler in before.fillers:
        if set(filler.text) <= set(",.;:?!-&()") or {"who", "with", "that", "which", "and"} & set(
            filler.text.casefold().split()
        ):
            continue  # these shape the sentence even where they add nothing to the tree
        if text[filler.end : filler.end + 1].isalpha():
            continue  # half a contraction
        after = reader.read(text[: filler.start] + " " + text[filler.end :], at)
        assert before.condition is not None
        assert after.condition is not None
        assert canonical(after.condition) == canonical(before.condition), filler.text


@pytest.mark.parametrize("text", CLEAR)
def test_background_never_matters(text: str, reader: Reader, at: Moment) -> None:
    """A sentence without its asides is the same tree, and no aside holds a number or a negation."""
    before = reader.read(text, at)
    for aside in before.asides:
        assert not any(c.isdigit() for c in aside.text)
        assert not {"not", "never", "no", "without", "except"} & {t.norm for t in tokenize(aside.text)}
        after = reader.read(text[: aside.start] + " " + text[aside.end :], at)
        assert before.condition is not None
        assert after.condition is not None
        assert canonical(after.condition) == canonical(before.condition), aside.text


@pytest.mark.parametrize("text", CLEAR)
def test_case_space_and_quotes_do_not_matter(text: str, reader: Reader, at: Moment) -> None:
    """Extra spaces, a final full stop and typographic quotes give the same tree."""
    before = reader.read(text, at)
    for other in (f"  {text.replace(' ', '   ')}  ", f"{text}.", text.replace("'", "’"), text.replace(" ", "\u00a0")):
        after = reader.read(other, at)
        assert after.condition == before.condition, other


@pytest.mark.parametrize("text", CLEAR)
def test_reading_is_repeatable(text: str, reader: Reader, at: Moment) -> None:
    """The same words give the same reading, every time."""
    assert reader.read(text, at) == reader.read(text, at)


def test_a_long_request_is_refused_openly(reader: Reader, at: Moment) -> None:
    """More than the reader takes is not read in part: it says so."""
    reading = reader.read("women in Texas and " * (MAX_CHARACTERS // 10), at)
    assert (reading.outcome, reading.intent, reading.condition) == (Outcome.REJECT, "too_long", None)
    assert reading.note


def test_four_thousand_characters_are_no_trouble(reader: Reader, at: Moment) -> None:
    """The longest text a person can send gives a clear answer."""
    reading = reader.read(("women over 30 in Texas or Florida, " * 200)[:MAX_CHARACTERS], at)
    assert reading.outcome in Outcome
    if reading.intent == "segment":
        _accounted(reading)


def test_definitions_in_a_circle_are_reported(shop: Any) -> None:
    """Two words defined by each other are a problem of the catalog, and the reader still reads everything else."""
    from segbot.model.catalog import Term

    reader = Reader(shop, (Term("gem", ("gems",), "stars in Texas"), Term("star", ("stars",), "gems over 30")))
    assert {p.where for p in reader.problems} == {"dictionary: gem", "dictionary: star"}
    moment = Moment(datetime(2026, 5, 20, tzinfo=UTC), shop.calendar)
    assert reader.read("women in Texas", moment).outcome is Outcome.ANSWER
    assert reader.read("gems in Texas", moment).outcome is Outcome.REJECT
