"""An answer for people at a terminal: colours for what became of each word, a tree of conditions, the numbers."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from segbot.flows.answers import Answer
from segbot.flows.compose import condition_lines, settled, sure_windows, word_spans
from segbot.flows.house import House
from segbot.model.reading import Question, Reading
from segbot.model.segment import Counted

_STYLES = {
    "condition": "green",
    "filler": "dim",
    "unread": "bold red underline",
    "corrected": "yellow",
    "left_out": "strike",
    "aside": "dim italic",
    "space": "",
}


def render_answer(answer: Answer, house: House) -> RenderableType:
    """Everything `segbot ask` knows about a request."""
    reading, catalog = answer.reading, house.catalog
    parts: list[RenderableType] = [_sentence(reading)]
    parts += [Text(f"  {c.said} → {c.read_as}", style="yellow") for c in reading.corrections]
    sure = settled(reading)
    if sure is not None:
        tree = Tree(Text(f"all {catalog.customers.plural}", style="bold"), guide_style="dim")
        open_nodes = [tree]
        for _, line in condition_lines(sure, catalog):
            del open_nodes[line.level + 1 :]
            open_nodes.append(open_nodes[-1].add(Text(f"{line.joiner} {line.text}".strip())))
        parts.append(tree)
        for window in sure_windows(reading, catalog, answer.at):
            start = f"{window.start:%Y-%m-%d %H:%M %Z}" if window.start else "the beginning"
            end = f"{window.end:%Y-%m-%d %H:%M %Z}" if window.end else "no end"
            parts.append(Text(f"  {window.phrase}: {start} → {end}", style="dim"))
    parts += [
        Text(f"  not used: “{a.text.rstrip(' ,:;.-')}” (taken as background)", style="dim") for a in reading.asides
    ]
    parts += [Text(f"  assumed: {a.text}", style="cyan") for a in reading.assumptions]
    for unread in reading.unread:
        hints = ", ".join(s.replacement for s in unread.suggestions)
        parts.append(
            Text(f'  not understood: "{unread.text}"' + (f"  (did you mean {hints}?)" if hints else ""), style="red")
        )
    for q, question in enumerate(reading.questions):
        parts += _question(question, answer.choice_counts[q] if answer.choice_counts else ())
    if reading.note or answer.problem:
        parts.append(Text(f"  {answer.problem or reading.note}", style="red" if answer.problem else "dim"))
    if answer.count is not None and not reading.questions:
        parts.append(_size(answer.count, house, complete=not reading.unread))
    return Group(*parts)


def _sentence(reading: Reading) -> Text:
    text = Text()
    for span in word_spans(reading):
        text.append(span.text, style=_STYLES[span.fate])
    return text


def _question(question: Question, counts: tuple[Counted | None, ...]) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(f"  ? {question.text}", style="bold magenta")]
    for i, choice in enumerate(question.choices):
        counted = counts[i] if counts else None
        lines.append(Text(f"    {i + 1}. {choice.label}" + (f"  ({counted.value:,})" if counted else "")))
    return lines


def _size(count: Counted, house: House, *, complete: bool) -> Text:
    share = f" ({count.value / count.base:.1%})" if count.base else ""
    moment = count.as_of.astimezone(house.moment(count.as_of).zone)
    text = Text(f"{count.value:,} of {count.base:,} {house.catalog.customers.plural}{share}", style="bold")
    text.append(f"  exact, as of {moment:%Y-%m-%d %H:%M %Z}", style="dim")
    if not complete:
        text.append("  without the words that were not understood", style="red")
    return text
