"""A fuzzer of the reader: `python -m tests.fuzz.reader --minutes 30 --seed 1`.

It makes up requests for the four companies (random characters, word salads over the lexicon, and the corpus mutated) and
holds every reading against what the reader promises. Each finding is printed with the seed and number that make it again.
"""

from __future__ import annotations

import argparse
import random
import string
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from segbot.catalog.load import load_catalog
from segbot.demo.company import CATALOG
from segbot.model.condition import Condition, canonical, children
from segbot.model.reading import Outcome, Reading
from segbot.model.resolve import Moment
from segbot.nl.reader import Reader
from segbot.nl.text import tokenize

TESTS = Path(__file__).parents[1]
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
SLOWEST = 1.0
"""Seconds of the processor that no single reading may take: other work on the machine does not count."""

_TYPOGRAPHY = [
    "“",
    "”",
    "’",
    "–",
    "…",
    "\u00a0",
    "\u200b",
    "½",
    "€",
    "≥",
    "🙏",
    "<!here>",
    "<@U1>",
    "&amp;",
    ":tada:",
    "\n",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise broken: for which company and text, and what happened. `number` and the seed make it again."""

    company: str
    number: int
    text: str
    what: str

    def __str__(self) -> str:
        return f"[{self.company} #{self.number}] {self.what}\n    {self.text!r}"


@dataclass(slots=True)
class Company:
    """One company's reader with the words and sentences to make requests of."""

    name: str
    reader: Reader
    at: Moment
    words: list[str]
    sentences: list[str]


@dataclass(slots=True)
class Run:
    """What a run did: how many texts of each outcome, the slowest reading in seconds, and what it found."""

    outcomes: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0
    slowest_text: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def texts(self) -> int:
        """How many texts were read."""
        return sum(self.outcomes.values())


def companies() -> list[Company]:
    """The demo shop and the three other companies, each with the requests that are written for it."""
    shop = [case["text"] for file in sorted((TESTS / "corpus").glob("*.yaml")) for case in _load(file)]
    shop += [case["request"] for case in _load(TESTS / "everyday" / "requests.yaml")]
    made = [_company("shop", CATALOG, shop)]
    for name in ("saas", "hotel", "insurer"):
        folder = TESTS / "companies" / name
        texts = [case["request"] for case in _load(folder / "requests.yaml")["requests"]]
        made.append(_company(name, folder / "catalog.yaml", texts))
    return made


def _load(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _company(name: str, catalog_file: Path, sentences: list[str]) -> Company:
    catalog = load_catalog(catalog_file)
    reader = Reader(catalog)
    return Company(name, reader, Moment(NOW, catalog.calendar), sorted(reader.vocabulary), sentences)


# --- making texts -------------------------------------------------------------------------------------


def make(random_: random.Random, company: Company) -> str:
    """A text to read: of any kind."""
    kind = random_.random()
    if kind < 0.08:
        raw = bytes(random_.randrange(256) for _ in range(random_.randrange(120)))
        return raw.decode(random_.choice(["latin-1", "utf-8", "utf-16"]), errors="replace")
    if kind < 0.14:
        return "".join(random_.choices([*string.printable, *_TYPOGRAPHY], k=random_.randrange(160)))
    if kind < 0.34:
        words = random_.choices(company.words, k=random_.randrange(1, 30))
        return random_.choice([" ", " ", ", ", " and "]).join(words)
    if kind < 0.44:
        return " ".join(_salted(random_, random_.choice(company.sentences).split(), company))
    text = random_.choice(company.sentences)
    for _ in range(random_.choice([1, 1, 1, 2, 3, 6])):
        text = _mutated(random_, text, company)
    return text


def _salted(random_: random.Random, taken: list[str], company: Company) -> list[str]:
    """A sentence with some of its words replaced by any words of the lexicon."""
    return [random_.choice(company.words) if random_.random() < 0.2 else word for word in taken]


def _mutated(random_: random.Random, text: str, company: Company) -> str:
    words = text.split()
    if not words:
        return random_.choice(company.words)
    at = random_.randrange(len(words))
    match random_.randrange(9):
        case 0:
            del words[at]
        case 1:
            other = random_.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        case 2:
            words.insert(at, words[at])
        case 3:
            words[at] = words[at].upper()
        case 4:
            words[at] = _typo(random_, words[at])
        case 5:
            other_text = random_.choice(company.sentences).split()
            cut = random_.randrange(len(other_text) + 1)
            return " ".join([*words[:at], *other_text[cut:]])
        case 6:
            words.insert(at, random_.choice(company.words))
        case 7:
            words.insert(
                at, random_.choice(["and", "or", "not", "but", "never", "except", "no", ",", "(", ")", "either", "who"])
            )
        case _:
            words[at] += random_.choice([*string.punctuation, *_TYPOGRAPHY])
    return " ".join(words)


def _typo(random_: random.Random, word: str) -> str:
    at = random_.randrange(len(word))
    letter = random_.choice(string.ascii_lowercase)
    return random_.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        ]
    )


# --- checking -----------------------------------------------------------------------------------------


def broken(company: Company, text: str) -> tuple[Reading | None, float, list[str]]:
    """The reading of a text, the seconds it took, and every promise that it breaks."""
    started = time.thread_time()
    try:
        reading = company.reader.read(text, company.at)
    except Exception as error:
        return None, time.thread_time() - started, [f"{type(error).__name__}: {error}"]
    took = time.thread_time() - started
    found = [] if took < SLOWEST else [f"took {took:.2f} s"]
    try:
        found += _dishonest(reading)
        if company.reader.read(text, company.at) != reading:
            found.append("a second reading differs")
        if reading.outcome is Outcome.ANSWER and reading.condition is not None:
            found += _not_restated(company, reading.restatement, reading.condition)
    except Exception as error:
        found.append(f"while checking: {type(error).__name__}: {error}")
    return reading, took, found


def _dishonest(reading: Reading) -> Iterator[str]:
    """What is wrong with a reading's account of its own words."""
    spans = [*reading.phrases, *reading.fillers, *reading.unread, *reading.asides]
    for span in spans:
        if reading.text[span.start : span.end] != span.text:
            yield f"span {span.text!r} is not at its place"
    if reading.intent == "segment":
        for token in tokenize(reading.text):
            holders = sum(s.start <= token.start and token.end <= s.end for s in spans)
            if holders != 1:
                yield f"{token.text!r} is in {holders} spans"
    if reading.outcome is Outcome.ANSWER and (reading.condition is None or reading.unread or reading.questions):
        yield "answered with something open"
    if reading.outcome is Outcome.CLARIFY and not reading.questions:
        yield "asks without a question"
    for question in reading.questions:
        if (
            len({canonical(c.condition) for c in question.choices}) != len(question.choices)
            or len(question.choices) < 2
        ):
            yield f"choices of {question.text!r} are not different"
    for phrase in reading.phrases:
        if reading.condition is not None:
            _node(reading.condition, phrase.path)


def _node(condition: Condition, path: tuple[int, ...]) -> Condition:
    for index in path:
        condition = children(condition)[index]
    return condition


def _not_restated(company: Company, restatement: str, condition: Condition) -> Iterator[str]:
    again = company.reader.read(restatement, company.at)
    if again.condition is None or canonical(again.condition) != canonical(condition):
        yield f"restated as {restatement!r}, which reads as {again.restatement!r} ({again.outcome.value})"


def fuzz(seed: int, seconds: float = float("inf"), texts: int | None = None) -> Run:
    """Read made-up texts for some seconds, or so many of them."""
    made = companies()
    run = Run()
    ends = time.monotonic() + seconds
    number = 0
    while time.monotonic() < ends and (texts is None or number < texts):
        random_ = random.Random(f"{seed}:{number}")
        company = made[number % len(made)]
        text = make(random_, company)
        reading, took, found = broken(company, text)
        outcome = "exception" if reading is None else reading.outcome.value
        run.outcomes[outcome] = run.outcomes.get(outcome, 0) + 1
        if took > run.slowest:
            run.slowest, run.slowest_text = took, text
        for what in found:
            run.findings.append(Finding(company.name, number, text, what))
            print(run.findings[-1], flush=True)
        number += 1
    return run


def main(arguments: list[str]) -> int:
    """Fuzz as the command line says; the exit status is 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.reader", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    run = fuzz(chosen.seed, chosen.minutes * 60)
    counts = ", ".join(f"{n:,} {outcome}" for outcome, n in sorted(run.outcomes.items()))
    print(f"{run.texts:,} texts: {counts}; slowest {run.slowest * 1000:.0f} ms: {run.slowest_text[:100]!r}")
    print(f"{len(run.findings)} findings")
    return 1 if run.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
