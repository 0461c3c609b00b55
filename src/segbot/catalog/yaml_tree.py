"""YAML as plain data in which every scalar is the text that was written, with the place of each value.

YAML reads `NO` as false, `on` as true, `1_0` as ten and `2024-01-01` as a date; a catalog is full of country codes and
words, so nothing is guessed here: the format decides what a text should be. Two equal keys, aliases and unknown tags are
problems, since each of them hides what a file says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from segbot.errors import Problem

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"
Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]

# libyaml is ten times quicker; wheels of PyYAML bring it, some systems' own builds do not.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# What YAML itself calls plain things; whatever they say, a scalar stays the text it is.
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)
_QUOTED = frozenset("'\"|>")


@dataclass(slots=True)
class Tree:
    """A parsed file: its data, and the place (line, column, from 1) of every value and of every key by path."""

    data: Plain = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def get(self, path: Path) -> Plain:
        """The data at a path, or None where there is none."""
        here = self.data
        for step in path:
            match here:
                case dict() if isinstance(step, str):
                    here = here.get(step)
                case list() if isinstance(step, int) and step < len(here):
                    here = here[step]
                case _:
                    return None
        return here

    def place(self, path: Path, key: bool = False) -> Place:
        """Where the value (or key) at `path` stands; where it is missing, the nearest place around it."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.keys.get(path, self.values.get(path, (1, 1))) if key else self.values.get(path, (1, 1))


def parse(text: str) -> tuple[Tree, tuple[Problem, ...]]:
    """The tree of a YAML text and what is wrong with it as YAML. After a syntax error there is no data."""
    tree = Tree()
    problems: list[Problem] = []
    try:
        if "*" in text and (alias := _first_alias(text)) is not None:
            return tree, (alias,)
        node = yaml.compose(text, Loader=_Loader)
        if node is not None:
            tree.data = _read(node, (), tree, problems)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return tree, (Problem(line, column, "", f"this is not valid YAML: {said}", _syntax_hint(said)),)
    except yaml.YAMLError as error:
        return tree, (Problem(1, 1, "", f"this is not valid YAML: {' '.join(str(error).split())}"),)
    except RecursionError:
        return Tree(), (Problem(1, 1, "", "this nests too deeply"),)
    return tree, tuple(problems)


def _first_alias(text: str) -> Problem | None:
    """An alias makes a file say something in a place where it is not written, and a few of them can fill any memory."""
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) and (mark := event.start_mark) is not None:
            name = f"aliases (*{event.anchor}) are not supported"
            return Problem(mark.line + 1, mark.column + 1, "", name, "use `like`, write it out, or quote the text")
    return None


def _syntax_hint(said: str) -> str | None:
    if "mapping values are not allowed" in said:
        return "put a text that holds ': ' in quotes"
    if "'\\t'" in said:
        return "indent with spaces, not tabs"
    if "could not find expected ':'" in said:
        return "every line of a mapping is `key: value`"
    if "cannot start any token" in said:
        return "put a text that starts with a special character in quotes"
    return None


def _read(node: yaml.Node, path: Path, tree: Tree, problems: list[Problem]) -> Plain:
    here = (node.start_mark.line + 1, node.start_mark.column + 1)
    tree.values[path] = here
    if node.tag not in _PLAIN_TAGS:
        problems.append(Problem(*here, dotted(path), f"unknown tag {node.tag}", "remove it"))
    match node:
        case yaml.ScalarNode():
            return None if node.style not in _QUOTED and node.value in _NULLS else str(node.value)
        case yaml.SequenceNode():
            return [_read(item, (*path, i), tree, problems) for i, item in enumerate(node.value)]
        case yaml.MappingNode():
            return _read_mapping(node, path, tree, problems)
        case _:
            raise TypeError(f"YAML has no node {type(node).__name__}")


def _read_mapping(node: yaml.MappingNode, path: Path, tree: Tree, problems: list[Problem]) -> dict[str, Plain]:
    data: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem(line, column, dotted(path), "a key must be a plain word"))
            continue
        key = str(key_node.value)
        inner = (*path, key)
        if key in data:
            first = tree.keys[inner][0]
            problems.append(
                Problem(line, column, dotted(inner), f"the key {key!r} is here twice", f"it is already on line {first}")
            )
            continue
        tree.keys[inner] = (line, column)
        data[key] = _read(value_node, inner, tree, problems)
    return data


def dotted(path: Path) -> str:
    """A path as people write it: attributes.gender.values.F, events.order.where[0]."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
