"""Reading the catalog file: YAML, format, meaning; every problem of a stage at once, each with its line and a way out."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from segbot.catalog.build import build
from segbot.catalog.format import CatalogFile, keys_of, part_at
from segbot.catalog.near import did_you_mean
from segbot.catalog.yaml_tree import Path as TreePath
from segbot.catalog.yaml_tree import Plain, Tree, dotted, parse
from segbot.errors import CatalogError, Problem
from segbot.model.catalog import Catalog

_MOST_BYTES = 20_000_000


def load_catalog(path: Path) -> Catalog:
    """The catalog in a file. Raises `CatalogError` with every problem found; warnings alone do not raise."""
    text = _read(path)
    catalog, problems = read_catalog(text)
    if catalog is None:
        wrong = tuple(p for p in problems if p.severity == "error")
        count = "1 problem" if len(wrong) == 1 else f"{len(wrong)} problems"
        listed = "\n".join(f"  {problem}" for problem in wrong)
        raise CatalogError(f"The catalog {path} can't be used, it has {count}:\n{listed}", problems)
    return catalog


def read_catalog(text: str) -> tuple[Catalog | None, tuple[Problem, ...]]:
    """The catalog that a text states, with every problem and warning in the order of the file; None when an error stands."""
    tree, problems = parse(text)
    found = list(problems)
    catalog = None
    if tree.data is None:
        found = found or [Problem(1, 1, "", "the catalog is empty", "start with `catalog: 1`")]
    else:
        file, wrong = _validate(tree)
        found += wrong
        if file is not None:
            catalog, wrong = build(file, tree, _digest(tree.data))
            found += wrong
    found.sort(key=lambda p: (p.line, p.column))
    broken = any(problem.severity == "error" for problem in found)
    return (None if broken else catalog), tuple(dict.fromkeys(found))


def locate(text: str) -> Tree:
    """The places of everything in a catalog text, for problems found later than loading (such as against a database)."""
    return parse(text)[0]


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CatalogError(
                f"The catalog {path} is larger than {_MOST_BYTES // 1_000_000} MB. Is it the right file?"
            )
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CatalogError(f"There is no catalog file {path}. Name one with --catalog or SEGBOT_CATALOG.") from error
    except UnicodeDecodeError as error:
        raise CatalogError(f"The catalog {path} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise CatalogError(
            f"The catalog {path} can't be read ({error.strerror}). Check its path and permissions."
        ) from error


def _digest(data: Plain) -> str:
    """Identifies what a file says: comments, order of keys and spacing do not matter."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


# --- the format's errors as problems ------------------------------------------------------------


def _validate(tree: Tree) -> tuple[CatalogFile | None, tuple[Problem, ...]]:
    if not isinstance(tree.data, dict):
        return None, (Problem(1, 1, "", "the catalog is a mapping of keys", "start with `catalog: 1`"),)
    try:
        return CatalogFile.model_validate(tree.data), ()
    except ValidationError as error:
        return None, tuple(_problem(detail, tree) for detail in error.errors(include_url=False))


def _problem(detail: ErrorDetails, tree: Tree) -> Problem:
    path = _path(detail["loc"], tree.data)
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        name = str(detail["loc"][-1])
        line, column = tree.place(path, key=True)
        return Problem(line, column, dotted(path), f"{name!r} is missing", _missing_hint(name))
    line, column = tree.place(path, key=kind == "extra_forbidden")
    message, suggestion = _said(kind, path, detail["input"], context, detail["msg"])
    return Problem(line, column, dotted(path), message, suggestion)


def _missing_hint(name: str) -> str | None:
    return {"catalog": "write `catalog: 1`"}.get(name)


def _said(kind: str, path: TreePath, given: Any, context: dict[str, Any], message: str) -> tuple[str, str | None]:
    """One error of the format in words, and what to do."""
    name = str(path[-1]) if path else ""
    shown = repr(given) if isinstance(given, str) else _shape(given)
    match kind:
        case "extra_forbidden":
            part = part_at(path[:-1])
            keys = keys_of(part) if part is not None else ()
            hint = did_you_mean(name, keys) or (f"known here: {', '.join(keys)}" if keys else None)
            return f"unknown key {name!r}", hint
        case "enum" | "literal_error":
            choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
            listed = f"use one of {', '.join(choices)}" if len(choices) > 1 else f"write {''.join(choices)}"
            near = did_you_mean(given, choices) if isinstance(given, str) else None
            if name == "catalog":
                return f"this version reads format 1, not {shown}", "write `catalog: 1`"
            return f"unknown {name} {shown}", near or listed
        case "bool_parsing" | "bool_type":
            return f"{shown} is neither true nor false", None
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"here goes a mapping of keys, not {shown}", None
        case "tuple_type":
            return f"here goes a list of words, not {shown}", "write [word, word]"
        case "string_type":
            return f"here goes one word or text, not {shown}", None
        case _:
            return message[:1].lower() + message[1:], None


def _shape(given: Any) -> str:
    match given:
        case None:
            return "nothing"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return repr(given)


def _path(loc: tuple[int | str, ...], data: Plain) -> TreePath:
    """The place in the file that an error of the format means: steps that only exist in the format are skipped."""
    path: list[str | int] = []
    here: Plain = data
    for step in loc:
        match here:
            case dict() if isinstance(step, str) and step in here:
                here = here[step]
                path.append(step)
            case list() if isinstance(step, int) and step < len(here):
                here = here[step]
                path.append(step)
            case _:
                continue
    return tuple(path)
