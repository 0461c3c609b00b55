"""The builder's forms and tree surgery, without Slack: nothing of a tree is lost, whatever is done to it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from segbot.catalog.load import load_catalog
from segbot.demo.company import CATALOG
from segbot.flows import build_form
from segbot.flows.build_search import subjects, values
from segbot.flows.eligible import eligibility, with_eligibility
from segbot.flows.form import FormProblem
from segbot.flows.house import House, open_house
from segbot.flows.pins import pasted
from segbot.flows.steps import steps
from segbot.model import surgery
from segbot.model.condition import (
    AllOf,
    AnyOf,
    Condition,
    Did,
    Everyone,
    Has,
    Listed,
    Not,
    Rows,
    canonical,
    children,
    walk,
)
from segbot.model.operators import Operator
from segbot.model.windows import Unit, last

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
TESTS = Path(__file__).parent.parent
TEXTS: list[str] = [case["request"] for case in yaml.safe_load((TESTS / "everyday/requests.yaml").read_text())]
TEXTS += [
    case["text"]
    for name in ("everyday", "times", "vocabulary")
    for case in yaml.safe_load((TESTS / f"corpus/{name}.yaml").read_text())
    if isinstance(case, dict) and "text" in case
]


@pytest.fixture(scope="module")
def house() -> House:
    return open_house(load_catalog(CATALOG))


@pytest.fixture(scope="module")
def trees(house: House) -> list[Condition]:
    found = [house.read(text, NOW).condition for text in TEXTS]
    return [tree for tree in found if tree is not None]


def paths(node: Condition, path: surgery.Path = ()) -> list[surgery.Path]:
    return [path, *(p for i, child in enumerate(children(node)) for p in paths(child, (*path, i)))]


def test_a_form_says_its_condition_whole(house: House, trees: list[Condition]) -> None:
    """Of every condition that has a form: what stands in its inputs is read back as the very same condition."""
    seen = 0
    for node in {node for tree in trees for node in walk(tree)}:
        subject = build_form.subject_of(node, house.catalog)
        if subject is None:
            continue
        inputs = build_form.inputs(subject, node, build_form.values_of(subject, node))
        entered = {one.name: tuple(value for _, value in one.chosen) for one in inputs}
        assert build_form.condition_from(subject, node, entered) == node
        seen += 1
    assert seen > 250


def test_most_conditions_of_every_day_have_a_form(house: House, trees: list[Condition]) -> None:
    """Every attribute's test and every behaviour of the everyday requests can be edited by its inputs."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Has | Did):
                assert build_form.subject_of(node, house.catalog) is not None, node


def test_what_is_put_back_changes_nothing(trees: list[Condition]) -> None:
    """Taking each node out and putting the same one in, and taking the pinned people apart and together, gives the same set."""
    for tree in trees:
        for path in paths(tree):
            assert canonical(surgery.put(tree, path, surgery.at(tree, path))) == canonical(tree)
        assert canonical(surgery.with_pinned(*surgery.pinned(tree))) == canonical(tree)


def test_each_move_is_taken_back_by_its_opposite(trees: list[Condition]) -> None:
    """Negating twice, and swapping a group twice, leads back; dropping and adding the same condition too."""
    for tree in trees:
        for path in paths(tree):
            node = surgery.at(tree, path)
            if not (path and isinstance(surgery.at(tree, path[:-1]), Not)) and not isinstance(node, Not):
                once = surgery.negated(tree, path)
                assert canonical(once) != canonical(tree)
                assert canonical(surgery.negated(once, path)) == canonical(tree)
        if isinstance(tree, AllOf):
            swapped = surgery.swapped(tree, ())
            assert isinstance(swapped, AnyOf)
            assert canonical(surgery.swapped(swapped, ())) == canonical(tree)
            rest = surgery.drop(tree, (0,))
            assert canonical(surgery.insert(rest, (), tree.parts[0])) == canonical(tree) or isinstance(rest, AnyOf)


def test_dropping_everything_leaves_everyone(trees: list[Condition]) -> None:
    """Whatever is dropped, a tree is left, and of no condition it is everyone."""
    for tree in trees:
        for path in paths(tree):
            assert surgery.drop(tree, path) is not None
        assert surgery.drop(tree, ()) == Everyone()


@pytest.mark.parametrize("rules", [Everyone(), Has("gender", Operator.IS, ("F",))])
@pytest.mark.parametrize(("ins", "outs"), [((), ()), (("1",), ()), ((), ("2", "3")), (("1", "4"), ("2",))])
def test_pinned_people_stand_apart_from_the_rules(
    rules: Condition, ins: tuple[str, ...], outs: tuple[str, ...]
) -> None:
    """The people pinned in and out, and the rules, are found again as they were."""
    assert surgery.pinned(surgery.with_pinned(rules, ins, outs)) == (rules, ins, outs)


def test_the_eligibility_window_stands_apart_from_the_conditions() -> None:
    """It is found again, replaced and taken away, and the conditions stay as they are."""
    rules = AllOf((Has("gender", Operator.IS, ("F",)), Not(Listed(("7",)))))
    window = last(90, Unit.DAY)
    among = with_eligibility(rules, ("order", "visit"), window)
    found = eligibility(among)
    assert found is not None
    assert (found.events, found.window) == (("order", "visit"), window)
    assert canonical(with_eligibility(among, (), None)) == canonical(rules)
    assert eligibility(rules) is None


@pytest.mark.parametrize(
    ("condition", "labels"),
    [
        (Has("age", Operator.GT, (40,)), ["Lower: over 35", "Raise: over 45"]),
        (Has("age", Operator.BETWEEN, (25, 40)), ["Narrower: 30 to 35", "Wider: 20 to 45"]),
        (Has("household_income", Operator.GE, (100_000,)), ["Lower: at least 90,000", "Raise: at least 110,000"]),
        (
            Did(Rows("order", (), last(90, Unit.DAY))),
            ["Shorter: in the last 60 days", "Longer: in the last 120 days", "Raise: at least 2"],
        ),
        (
            Not(Did(Rows("order", (), last(6, Unit.MONTH)))),
            ["Shorter: in the last 4 months", "Longer: in the last 9 months"],
        ),
        (Has("gender", Operator.IS, ("F",)), []),
    ],
)
def test_steps_are_what_people_would_say(house: House, condition: Condition, labels: list[str]) -> None:
    """A number or a time goes to the next one that people would name, in both directions."""
    assert [step.label for step in steps(condition, house.catalog)] == labels


def test_steps_never_break_a_condition(house: House, trees: list[Condition]) -> None:
    """Ten steps down and up from every condition lead to conditions that are different and valid."""
    for node in {node for tree in trees for node in walk(tree)}:
        for index in (0, -1):
            here = node
            for _ in range(10):
                found = steps(here, house.catalog)
                if not found:
                    break
                assert found[index].condition != here
                here = found[index].condition


@pytest.mark.parametrize(
    ("field", "entered", "at"),
    [
        ("age", {"test": ("gt",), "number": ("old",)}, "number"),
        ("age", {"test": ("gt",)}, "number"),
        ("age", {"test": ("between",), "number": ("40",), "number_2": ("25",)}, "number_2"),
        ("age", {"test": ("is",), "text": ("30, x",)}, "text"),
        ("state", {"test": ("is",), "values": ()}, "values"),
        ("signed_up_at", {"test": ("within",), "when": ("last",), "when_amount": ("0",)}, "when_amount"),
        ("signed_up_at", {"test": ("within",), "when": ("since",)}, "when_from"),
        (
            "signed_up_at",
            {"test": ("within",), "when": ("between",), "when_from": ("2026-05-02",), "when_to": ("2026-05-01",)},
            "when_to",
        ),
    ],
)
def test_bad_input_is_told_at_its_input(house: House, field: str, entered: dict[str, tuple[str, ...]], at: str) -> None:
    """What can't be is a problem of the input that says so, never an exception and never another condition."""
    subject = build_form.Subject(house.catalog, field=house.catalog.attribute(field))
    found = build_form.condition_from(subject, Everyone(), entered)
    assert isinstance(found, FormProblem)
    assert found.field == at


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("income", "a:household_income"),
        ("bought", "e:order"),
        ("salary", "a:household_income"),
        ("opened", "e:email_opened"),
    ],
)
def test_what_a_condition_can_be_about_is_found_by_any_of_its_words(house: House, typed: str, first: str) -> None:
    """Names, synonyms and verbs lead to the same attribute or event."""
    assert subjects(house, typed)[0].value == first


def test_values_are_found_as_one_types(house: House) -> None:
    """A value by its label, its code or a synonym; nonsense finds nothing where the list is whole."""
    gender, state = house.catalog.attribute("gender"), house.catalog.attribute("state")
    assert gender is not None
    assert state is not None
    assert values(gender, "women")[0].value == "F"
    assert values(state, "calif")[0].value == "CA"
    assert values(state, "tx")[0].value == "TX"
    assert values(gender, "zzzz") == ()
    assert len(values(state, "")) > 50


def test_pasted_people() -> None:
    """Keys and addresses come apart however they were copied, each once."""
    found = pasted('12, #15;\n "ann@Example.com" <bob@x.org>\t12\nmailto:eve@x.org.')
    assert found.keys == ("12", "15")
    assert found.addresses == ("ann@example.com", "bob@x.org", "eve@x.org")
