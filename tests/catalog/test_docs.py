"""The documentation of the format is true and whole: its examples load, and no key is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from segbot.catalog.days import EXAMPLES
from segbot.catalog.format import (
    BasePart,
    CatalogFile,
    ChannelPart,
    CustomersPart,
    DestinationPart,
    EventPart,
    FieldPart,
    JoinPart,
    Part,
    PeriodPart,
    PlacesPart,
    SegmentPart,
    SourcePart,
    SqlType,
    TermPart,
    ValuePart,
    ValuesFrom,
    WherePart,
    keys_of,
    parts_in,
)
from segbot.catalog.load import read_catalog
from segbot.catalog.yaml_tree import Plain, parse
from segbot.model.catalog import Role
from segbot.model.operators import Kind

DOC = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text()

# Where each mapping of the format is explained; a source's keys are explained with the fields that have them.
SECTIONS: dict[type[Part], str] = {
    CatalogFile: "The whole file",
    CustomersPart: "Customers",
    BasePart: "Base",
    FieldPart: "Attributes",
    ValuePart: "Values",
    JoinPart: "Joins",
    EventPart: "Events",
    WherePart: "Row filters",
    ChannelPart: "Channels",
    DestinationPart: "Destinations",
    PlacesPart: "Places",
    TermPart: "Dictionary",
    SegmentPart: "Segments",
    PeriodPart: "Calendar",
}


def blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)


def section(title: str) -> str:
    """The text of a section, up to the next heading of any level."""
    found = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^##+ |\Z)", DOC, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return found[1]


def merge(into: dict[str, Plain], more: dict[str, Plain]) -> None:
    for key, value in more.items():
        present = into.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            merge(present, value)
        else:
            assert key not in into, f"{key} is in two examples"
            into[key] = value


def every_part(part: type[Part], seen: set[type[Part]]) -> Iterator[type[Part]]:
    if part in seen:
        return
    seen.add(part)
    yield part
    for info in part.model_fields.values():
        for _, inner in parts_in(info.annotation):
            yield from every_part(inner, seen)


@pytest.mark.parametrize("block", blocks(), ids=lambda block: " ".join(block.split())[:40])
def test_every_example_is_of_the_format(block: str) -> None:
    """Each example of the page parses and uses only keys of the format, in their places."""
    tree, problems = parse(block)
    assert problems == ()
    assert isinstance(tree.data, dict)
    whole = {"catalog": "1", "name": "x", "customers": {"table": "t", "key": "k"}, "attributes": {}, **tree.data}
    _, found = read_catalog(json.dumps(whole))
    # an example alone may name attributes that another one has
    assert [str(p) for p in found if "there is no" not in p.message] == []


def test_the_examples_together_are_one_catalog() -> None:
    """Put together, the examples of the page load without a problem."""
    whole: dict[str, Plain] = {}
    for block in blocks():
        data = parse(block)[0].data
        assert isinstance(data, dict)
        merge(whole, data)
    catalog, problems = read_catalog(json.dumps(whole))
    assert [str(p) for p in problems] == []
    assert catalog is not None
    assert set(whole) == set(keys_of(CatalogFile)), "every section has an example"


@pytest.mark.parametrize(
    ("part", "key"), [(p, k) for p in every_part(CatalogFile, set()) if p is not SourcePart for k in keys_of(p)]
)
def test_every_key_is_explained(part: type[Part], key: str) -> None:
    """Each key of the format is explained in the section of its mapping."""
    assert f"`{key}`" in section(SECTIONS[part])


@pytest.mark.parametrize(
    ("word", "where"),
    [(kind.value, "Kinds") for kind in Kind]
    + [(role.value, "Roles") for role in Role]
    + [(name, "Kinds") for name in get_args(SqlType)],
)
def test_every_choice_is_explained(word: str, where: str) -> None:
    """Each kind, type and role is listed where it belongs."""
    assert f"`{word}`" in section(where)


@pytest.mark.parametrize("word", get_args(ValuesFrom))
def test_every_way_to_give_values_is_explained(word: str) -> None:
    """Each word that stands for a list of values is explained."""
    assert f"`values: {word}`" in section("Values")


@pytest.mark.parametrize("example", re.findall(r"'([^']+)'", EXAMPLES))
def test_the_days_that_an_error_offers_can_be_written(example: str) -> None:
    """What the loader suggests for a wrong day is itself right."""
    catalog, problems = read_catalog(
        f"catalog: 1\nname: x\ncustomers: {{table: t, key: k}}\nattributes: {{}}\ncalendar: {{d: {example}}}\n"
    )
    assert catalog is not None, problems
