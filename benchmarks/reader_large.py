"""The reader at the size it promises to bear: a catalog of 50,000 values, long requests, and edits of a segment."""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from segbot.catalog.load import load_catalog
from segbot.demo.company import CATALOG
from segbot.model.catalog import Catalog, Field, ValueEntry
from segbot.model.reading import Outcome
from segbot.model.resolve import Moment
from segbot.nl.edit import Editor
from segbot.nl.grammar.all import grammar
from segbot.nl.lexicon.compile import compile_lexicon
from segbot.nl.reader import Reader
from segbot.nl.text import tokenize

TESTS = Path(__file__).parent.parent / "tests"
NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
PRODUCTS, TOWNS = 40_000, 10_000
ROUNDS = 3
_SYLLABLES = [
    "ka",
    "lo",
    "mi",
    "ren",
    "tas",
    "vor",
    "del",
    "ben",
    "shu",
    "pra",
    "ny",
    "gol",
    "fen",
    "dar",
    "lis",
    "mo",
    "tu",
    "zen",
    "rix",
    "wal",
    "ber",
    "ton",
    "hal",
    "sim",
    "quo",
    "jar",
]
_KINDS = [
    "Jacket",
    "Boots",
    "Tent",
    "Lamp",
    "Chair",
    "Mug",
    "Backpack",
    "Hoodie",
    "Kettle",
    "Racket",
    "Scarf",
    "Blender",
    "Saddle",
    "Helmet",
    "Sofa",
    "Rug",
]


def large_catalog() -> Catalog:
    """The demo company's catalog with 40,000 products and 10,000 towns as its values."""
    random_ = random.Random(7)

    def name() -> str:
        return "".join(random_.choices(_SYLLABLES, k=random_.randint(2, 3))).capitalize()

    def entries(made: Callable[[], str], wanted: int) -> tuple[ValueEntry, ...]:
        names: set[str] = set()
        while len(names) < wanted:
            names.add(made())
        return tuple(ValueEntry(said, said) for said in sorted(names))

    products = entries(lambda: f"{name()} {random_.choice(_KINDS)} {random_.randint(100, 999)}", PRODUCTS)
    towns = entries(lambda: f"{name()}{random_.choice(['', ' Falls', ' City', ' Park'])}", TOWNS)

    def filled(field: Field) -> Field:
        match field.key:
            case "product":
                return replace(field, values=products)
            case "city":
                return replace(field, values=(*field.values, *towns))
            case _:
                return field

    catalog = load_catalog(CATALOG)
    events = tuple(replace(e, properties=tuple(map(filled, e.properties))) for e in catalog.events)
    return replace(catalog, attributes=tuple(map(filled, catalog.attributes)), events=events)


def main() -> None:
    """Print each measure beside its goal."""
    catalog = large_catalog()
    tracemalloc.start()
    lexicon = compile_lexicon(catalog, (), grammar().words)
    memory = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    del lexicon
    compiled = min(_seconds(lambda: compile_lexicon(catalog, (), grammar().words)) for _ in range(2))
    reader = Reader(catalog)
    at = Moment(NOW, catalog.calendar)
    values = sum(
        len(f.values) for f in (*catalog.attributes, *next(e for e in catalog.events if e.key == "order").properties)
    )
    print(f"a catalog of {values:,} values")
    print(f"  its words compiled      {compiled * 1000:7.0f} ms    goal 1,000 ms")
    print(f"  memory of its words     {memory:7.0f} MB    goal 100 MB")
    texts = _requests(catalog)
    _row(
        f"read {len(texts)} requests",
        [_best(lambda text=text: reader.read(text, at)) for text in texts],
        "p50 3 ms, p95 10 ms",
    )
    long = " ".join(texts)[:2000]
    _row("read 2,000 characters", [_best(lambda: reader.read(long, at))], "100 ms")
    longest = (" ".join(texts) * 3)[:4000]
    _row("read 4,000 characters", [_best(lambda: reader.read(longest, at))], "degrade openly")
    refused = reader.read((" ".join(texts) * 3)[:20_000], at)
    assert refused.outcome is Outcome.REJECT
    assert refused.note
    _row("refuse 20,000", [_best(lambda: reader.read((" ".join(texts) * 3)[:20_000], at))], "with a note")
    _row("edits", _edits(reader, at), "p50 3 ms, p95 10 ms")


def _requests(catalog: Catalog) -> list[str]:
    """The everyday requests, and some that name products and towns, of at most 60 tokens."""
    random_ = random.Random(11)
    said = [
        case["request"] for case in yaml.safe_load((TESTS / "everyday" / "requests.yaml").read_text(encoding="utf-8"))
    ]
    order = next(e for e in catalog.events if e.key == "order")
    products = next(f for f in order.properties if f.key == "product").values
    towns = next(f for f in catalog.attributes if f.key == "city").values
    for _ in range(40):
        product, town = random_.choice(products).label, random_.choice(towns).label
        said.append(
            f"women over 30 in {town} who bought {product} or {random_.choice(products).label} in the last 90 days"
        )
        said.append(f"people in {town[:-2]}z who boght a {product[1:]} but never opened an email")
    return [text for text in said if len(tokenize(text)) <= 60]


def _edits(reader: Reader, at: Moment) -> list[float]:
    editor = Editor(reader)
    times = []
    for group in yaml.safe_load((TESTS / "corpus" / "edits" / "shop.yaml").read_text(encoding="utf-8")):
        before = reader.read(group["before"], at)
        if before.condition is not None:
            tree = before.condition
            times += [_best(lambda say=case["say"], tree=tree: editor.edit(say, tree, at)) for case in group["edits"]]
    return times


def _seconds(run: Callable[[], object]) -> float:
    started = time.thread_time()
    run()
    return time.thread_time() - started


def _best(run: Callable[[], object]) -> float:
    """The best of some rounds, in milliseconds of the processor: what else the machine does is not our time."""
    return min(_seconds(run) for _ in range(ROUNDS)) * 1000


def _row(name: str, times: list[float], goal: str) -> None:
    times = sorted(times)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    said = (
        f"p50 {statistics.median(times):7.2f} ms   p95 {p95:7.2f} ms   worst {times[-1]:7.2f} ms"
        if len(times) > 1
        else f"{times[0]:7.2f} ms"
    )
    print(f"  {name:24} {said}    goal {goal}")
