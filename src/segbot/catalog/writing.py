"""A drafted catalog as YAML text that people like to read: short entries on one line, remarks behind them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from segbot.catalog.guess import Entry

_WIDTH = 110
_PLAIN = re.compile(r"[\w%$][\w $%.&/'+*=-]*", re.UNICODE)
_HOLLOW = frozenset({"", "~", "null", "Null", "NULL"})


def write(file: Mapping[str, Entry], remarks: Mapping[tuple[str, ...], str], notes: Sequence[str]) -> str:
    """The text of a catalog file; `remarks` stand as comments behind the entry at their path, `notes` on top."""
    lines = ["# Drafted from the database. Please read it: it is a guess.", "#"]
    lines += [f"# - {note}" for note in notes]
    lines.append("")
    for key, entry in file.items():
        block = isinstance(entry, dict)
        if block and lines[-1]:
            lines.append("")
        lines += _entry(key, entry, 0, (key,), remarks)
    return "\n".join(lines) + "\n"


def _entry(
    key: str, entry: Entry, depth: int, path: tuple[str, ...], remarks: Mapping[tuple[str, ...], str]
) -> list[str]:
    pad = "  " * depth
    remark = f"  # {remarks[path]}" if path in remarks else ""
    short = f"{pad}{scalar(key)}: {flow(entry)}"
    keep_short = not isinstance(entry, dict) or (depth > 0 and len(short) <= _WIDTH and "\n" not in short)
    if keep_short:
        return [short + remark]
    assert isinstance(entry, dict)
    lines = [f"{pad}{scalar(key)}:{remark}"]
    for inner, value in entry.items():
        lines += _entry(inner, value, depth + 1, (*path, inner), remarks)
    return lines


def flow(entry: Entry) -> str:
    """An entry on one line."""
    match entry:
        case bool():
            return "true" if entry else "false"
        case str():
            return scalar(entry)
        case list():
            return f"[{', '.join(flow(item) for item in entry)}]"
        case dict():
            return "{" + ", ".join(f"{scalar(key)}: {flow(value)}" for key, value in entry.items()) + "}"


def scalar(text: str) -> str:
    """A text as YAML reads it back: plain where nothing in it could mean something else."""
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text not in _HOLLOW and "  " not in text
    return text if plain and not text.startswith(("- ", "%")) else json.dumps(text, ensure_ascii=False)
