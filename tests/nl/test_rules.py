"""Every rule of the grammar does what its examples say."""

from __future__ import annotations

from pathlib import Path

import pytest

from segbot.catalog.load import load_catalog
from segbot.model.condition import Everyone
from segbot.model.resolve import Moment
from segbot.nl import chart, lexical
from segbot.nl.grammar.all import grammar
from segbot.nl.grammar.context import scene
from segbot.nl.lexicon.compile import Lexicon, compile_lexicon, glue_flags
from segbot.nl.text import tokenize
from segbot.nl.whereabouts import Whereabouts

CATALOGS = [
    Path(__file__).parents[2] / "src" / "segbot" / "demo" / "company" / "catalog.yaml",
    *sorted((Path(__file__).parents[1] / "companies").glob("*/catalog.yaml")),
]
EXAMPLES = [(name, example) for name, examples in grammar().examples.items() for example in examples]
_EVERYONE = Everyone()
_LEXICONS: dict[Path, Lexicon] = {}


def _rules_used(path: Path, text: str, at: Moment) -> set[str]:
    catalog = load_catalog(path)
    if path not in _LEXICONS:
        _LEXICONS[path] = compile_lexicon(catalog, (), grammar().words)
    tokens = tokenize(text)
    glue = glue_flags(tokens)
    norms = [t.norm for t in tokens]
    items = lexical.items(tokens, norms, glue, _LEXICONS[path], catalog)
    items += Whereabouts(catalog).items(tokens, norms)
    view = scene(catalog, at, {t.key: (t.key, _EVERYONE) for t in catalog.dictionary})
    return {item.rule for item in chart.parse(grammar(), view, items, glue).items}


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{n}: {e}" for n, e in EXAMPLES])
def test_a_rule_reads_its_own_example(name: str, example: str, at: Moment) -> None:
    """The example of a rule, as it stands beside the rule, is found by that very rule in one of the companies."""
    assert any(name in _rules_used(path, example, at) for path in CATALOGS)


def test_no_two_rules_share_a_name() -> None:
    """A rule's name says which one made a phrase."""
    makers: dict[str, set[object]] = {}
    for rule in grammar().rules:
        makers.setdefault(rule.name, set()).add(rule.produce)
    assert [name for name, functions in makers.items() if len(functions) > 1] == []
