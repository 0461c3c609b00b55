"""Problems and notes as lines of plain text, for a terminal, a log or a build."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from segbot.errors import Problem


def report_problems(name: str, problems: Sequence[Problem]) -> str:
    """Every problem on a line that editors can jump to (`file:line:column:`), and a summary at the end."""
    lines = [_line(name, problem) for problem in problems]
    return "\n".join([*lines, summary(name, problems)])


def _line(name: str, problem: Problem) -> str:
    place = f"{name}:{problem.line}:{problem.column}" if problem.line else name
    where = f"{problem.path}: " if problem.path else ""
    hint = f" ({problem.suggestion})" if problem.suggestion else ""
    return f"{place}: {problem.severity}: {where}{problem.message}{hint}"


def summary(name: str, problems: Sequence[Problem]) -> str:
    """One sentence: how many problems, and whether the catalog can be used."""
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return f"{name}: no problems found."
    found = " and ".join(_several(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count)
    verdict = "It can't be used until the errors are mended." if errors else "It can be used."
    return f"{name}: {found}. {verdict}"


def report_notes(notes: Sequence[str]) -> str:
    """The notes of a draft: what was guessed, then what was left out, grouped by the reason."""
    told = [note for note in notes if not note.startswith("Left out ")]
    left = [
        note.removeprefix("Left out ").rstrip(".").partition(": ") for note in notes if note.startswith("Left out ")
    ]
    lines = [f"- {note}" for note in told]
    for reason, group in groupby(sorted(left, key=lambda part: part[2]), key=lambda part: part[2]):
        lines.append(f"- Left out, because {reason}: {', '.join(name for name, _, _ in group)}.")
    return "\n".join(lines)


def _several(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
