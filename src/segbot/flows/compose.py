"""A reading and its numbers put together as a card. Pure: no database, no clock, no Slack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from segbot.flows.company_words import company_word
from segbot.model.cards import (
    Chip,
    ChoiceLine,
    ConditionLine,
    CorrectionLine,
    EditLine,
    Fate,
    MeaningLine,
    Move,
    QuestionLine,
    SavedAs,
    SegmentCard,
    Stage,
    UnreadLine,
    WindowLine,
    WordSpan,
)
from segbot.model.catalog import Catalog
from segbot.model.condition import (
    AllOf,
    AnyOf,
    CameBack,
    Condition,
    Defined,
    Everyone,
    Has,
    Member,
    Not,
    Nth,
    all_of,
    canonical,
    rows_of,
    walk,
)
from segbot.model.operators import Kind, Operator
from segbot.model.reading import Choice, Outcome, Question, Reading, Unread
from segbot.model.resolve import Moment, resolve
from segbot.model.segment import Counted, Step
from segbot.model.windows import Window
from segbot.nl.inflect import plural
from segbot.nl.phrase import phrase, phrase_node
from segbot.nl.phrase_times import phrase_window

NEARLY_EVERYBODY = 0.95
"""A segment of at least this share of the base is pointed out: a condition was probably forgotten."""

TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the database said about one request: the size, the ladder by path, the sizes of choices by (question, choice).

    `ago` is the age in seconds of a count that was made for the same question before; None for one made for this request.
    """

    count: Counted | None = None
    steps: tuple[Step, ...] = ()
    choices: Mapping[tuple[int, int], Counted] | None = None
    ago: int | None = None


def segment_card(
    request_id: str,
    author: str,
    reading: Reading,
    catalog: Catalog,
    at: Moment,
    *,
    numbers: Numbers | None = None,
    saved: SavedAs | None = None,
    minimum: int = 1,
    owners: bool = False,
    assistant: bool = False,
) -> SegmentCard:
    """The card of a reading; without numbers it is still counting (or asking, or short of words it understood).

    `owners` says that only some people may define words, `assistant` that a language model can be asked.
    """
    count = numbers.count if numbers else None
    stage = _stage(reading, count)
    partial = None
    if stage == "unread":  # a number that leaves words out must not look like the answer
        numbers, count, partial = None, None, count if has_part(reading) else None
    condition = reading.condition
    sure = settled(reading)
    lines = condition_lines(sure, catalog) if sure is not None else ()
    if numbers is not None:
        lines = with_ladder(lines, numbers)
    return SegmentCard(
        id=request_id,
        title=title(reading.text),
        author=author,
        sentence=word_spans(reading),
        stage=stage,
        restatement=reading.restatement if sure == condition else phrase(sure, catalog) if sure is not None else "",
        lines=tuple(line for _, line in lines),
        count=count,
        noun=catalog.customers.plural,
        base_label=catalog.base_label,
        windows=sure_windows(reading, catalog, at),
        timezone=at.rules.timezone,
        chips=_chips(reading),
        corrections=tuple(CorrectionLine(c.said, c.read_as, c.start, c.end) for c in reading.corrections),
        unread=tuple(
            UnreadLine(
                i,
                u.text,
                tuple((j, s.replacement, s.why) for j, s in enumerate(u.suggestions)),
                u.wants_definition,
                u.start,
                u.end,
                can_leave_out(reading, u),
                u.key,
            )
            for i, u in enumerate(reading.unread)
            if not _asked_about(u, reading)
        ),
        questions=question_lines(reading, numbers, catalog),
        warnings=_warnings(reading, stage, count, minimum, catalog.customers.plural),
        saved=saved,
        moves=_moves(stage, saved, assistant, reused=numbers is not None and numbers.ago is not None),
        partial=partial,
        left_out=tuple(left.text for left in reading.left_out),
        asides=tuple(aside.text.rstrip(" ,:;.-") for aside in reading.asides),
        meanings=tuple(
            MeaningLine(i, m.word, m.means, m.by, m.applied, m.kept, m.declined) for i, m in enumerate(reading.meanings)
        ),
        owners=owners,
        edits=tuple(EditLine(e.words, e.change, e.by) for e in reading.edits),
        counted_ago=numbers.ago if numbers and stage == "counted" else None,
        looks_at=looks_at(condition, catalog) if condition is not None else (),
    )


def _chips(reading: Reading) -> tuple[Chip, ...]:
    """The assumptions; of several that say the same, each says which words it is about."""
    said = Counter(assumption.text for assumption in reading.assumptions)
    return tuple(
        Chip(
            i,
            a.text if said[a.text] == 1 else f"“{reading.text[a.start : a.end]}”: {a.text}",
            tuple((j, choice.label) for j, choice in enumerate(a.alternatives)),
            a.key,
        )
        for i, a in enumerate(reading.assumptions)
    )


def looks_at(condition: Condition, catalog: Catalog) -> tuple[str, ...]:
    """What the database goes through for a condition: the customers, then the events that it speaks of, each once."""
    events = [catalog.event(rows.event) for node in walk(condition) for rows in rows_of(node)]
    names = (plural(event.label.casefold()) for event in events if event is not None)
    return tuple(dict.fromkeys([catalog.customers.plural, *names]))


def has_part(reading: Reading) -> bool:
    """Whether the part of a request that was understood has a size: nothing in it is open but the words not understood."""
    return not reading.questions and all(can_leave_out(reading, u) for u in reading.unread)


_NEGATION = re.compile(
    r"(\b(not|never|no|non|without|except|excluding|neither|nor|unless|other than)|n['’]t)[\s-]*$", re.IGNORECASE
)


def can_leave_out(reading: Reading, unread: Unread) -> bool:
    """Whether what was understood means the same without some words.

    Not where a "never" stood before them: it would deny whatever comes next instead. And a word of the company is not to
    be left out but to be defined.
    """
    return (
        reading.condition is not None
        and not unread.wants_definition
        and _NEGATION.search(reading.text[: unread.start]) is None
    )


def _asked_about(unread: Unread, reading: Reading) -> bool:
    """Whether a question is open about words that have no meaning yet: then it says all there is to say about them."""
    return unread.wants_definition and any(q.start < unread.end and unread.start < q.end for q in reading.questions)


def _stage(reading: Reading, count: Counted | None) -> Stage:
    match reading.outcome:
        case Outcome.CLARIFY:
            return "question"
        case Outcome.REJECT:
            return "unread"
        case Outcome.ANSWER:
            return "counting" if count is None else "counted"
        case _:
            assert_never(reading.outcome)


def _moves(stage: Stage, saved: SavedAs | None, assistant: bool, *, reused: bool) -> tuple[Move, ...]:
    if stage == "counting":
        return (Move.STOP,)
    if stage != "counted":
        return (Move.REWORD, Move.BUILD, Move.ASSIST) if assistant else (Move.REWORD, Move.BUILD)
    moves = (
        Move.PREVIEW,
        Move.CHANGE,
        Move.SAVE,
        Move.SHARE,
        Move.BUILD,
        Move.SHOW_SQL,
        Move.REWORD,
        Move.COUNT_AGAIN,
    )
    unfit = {Move.SAVE} if saved else set()
    return tuple(m for m in moves if m not in (unfit if reused else unfit | {Move.COUNT_AGAIN}))


def title(text: str) -> str:
    """The sentence as a heading: on one line, capitalised, cut at a word."""
    line = " ".join(text.split())
    if len(line) > TITLE_LENGTH:
        line = line[:TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    return line[:1].upper() + line[1:]


def word_spans(reading: Reading) -> tuple[WordSpan, ...]:
    """The person's own sentence cut into stretches, each with what became of it. Nothing of the text is missing."""
    marks: list[tuple[int, int, Fate]] = [(c.start, c.end, "corrected") for c in reading.corrections]
    marks += [(u.start, u.end, "unread") for u in reading.unread if not _asked_about(u, reading)]
    marks += [(left.start, left.end, "left_out") for left in reading.left_out]
    marks += [(aside.start, aside.end, "aside") for aside in reading.asides]
    marks += [(f.start, f.end, "filler") for f in reading.fillers]
    marks += [(p.start, p.end, "condition") for p in reading.phrases]
    fate: list[Fate] = ["space"] * len(reading.text)
    for start, end, name in reversed(marks):  # the first kinds win where spans overlap
        fate[start:end] = [name] * (end - start)
    spans: list[WordSpan] = []
    start = 0
    for i in range(1, len(fate) + 1):
        if i == len(fate) or fate[i] != fate[start]:
            spans.append(WordSpan(reading.text[start:i], fate[start]))
            start = i
    return tuple(spans) if reading.text else ()


# --- conditions as lines ------------------------------------------------------------------------


def condition_lines(condition: Condition, catalog: Catalog) -> tuple[tuple[tuple[int, ...], ConditionLine], ...]:
    """The nested list of conditions: (path in the tree, line), outermost first."""
    match condition:
        case AllOf(parts=parts):
            return tuple(_group(parts, (), 0, "and", catalog))
        case AnyOf(parts=parts):
            return tuple(_group(parts, (), 0, "or", catalog))
        case _:
            return tuple(_lines(condition, (), 0, "", catalog))


def _group(
    parts: Iterable[Condition], path: tuple[int, ...], level: int, joiner: str, catalog: Catalog
) -> Iterator[tuple[tuple[int, ...], ConditionLine]]:
    for i, part in enumerate(parts):
        word = "" if i == 0 else "but" if joiner == "and" and isinstance(part, Not) else joiner
        yield from _lines(part, (*path, i), level, word, catalog)


def _lines(
    node: Condition, path: tuple[int, ...], level: int, joiner: str, catalog: Catalog
) -> Iterator[tuple[tuple[int, ...], ConditionLine]]:
    match node:
        case Everyone():
            yield path, ConditionLine(level, f"All {catalog.customers.plural}", joiner)
        case AllOf(parts=parts):
            yield path, ConditionLine(level, "All of", joiner)
            yield from _group(parts, path, level + 1, "and", catalog)
        case AnyOf(parts=parts):
            yield path, ConditionLine(level, "Any of", joiner)
            yield from _group(parts, path, level + 1, "or", catalog)
        case Not(part=AnyOf(parts=parts)):
            yield path, ConditionLine(level, "None of", joiner)
            yield from _group(parts, (*path, 0), level + 1, "or", catalog)
        case Not(part=AllOf(parts=parts)):
            yield path, ConditionLine(level, "Not all of", joiner)
            yield from _group(parts, (*path, 0), level + 1, "and", catalog)
        case Defined(term=term, meaning=meaning):
            said = next((t.words[0] for t in catalog.dictionary if t.key == term and t.words), term)
            yield path, ConditionLine(level, f"{said[:1].upper()}{said[1:]}, which here means", joiner)
            yield from _lines(meaning, (*path, 0), level + 1, "", catalog)
        case _:
            yield path, ConditionLine(level, phrase_node(node, catalog), joiner)


def with_ladder(
    lines: tuple[tuple[tuple[int, ...], ConditionLine], ...], numbers: Numbers
) -> tuple[tuple[tuple[int, ...], ConditionLine], ...]:
    """The same lines with how many meet each by itself, how many remain, and what share it let go."""
    steps = {step.path: step for step in numbers.steps}
    base = numbers.count.base if numbers.count else 0
    total = numbers.count.value if numbers.count else 0
    rungs = [step for step in numbers.steps if step.remaining is not None]
    # Where one condition alone leaves as many as all of them, the others are of no matter: probably not what was meant.
    alone = [step.path for step in rungs if step.alone == total < base] if len(rungs) > 1 and total else []
    left = base
    done = []
    for path, line in lines:
        step = steps.get(path)
        if step is None:
            done.append((path, line))
            continue
        dropped = None
        if step.remaining is not None:
            dropped = (left - step.remaining) / left if left else None
            left = step.remaining
        idle = step.remaining is not None and step.alone == base and base > 0
        warning = "changes nothing: everybody meets it" if idle else ""
        if alone == [path]:
            warning = "does all the work: without the other conditions there would be as many"
        done.append((path, replace(line, alone=step.alone, remaining=step.remaining, dropped=dropped, warning=warning)))
    return tuple(done)


# --- windows, questions, warnings ---------------------------------------------------------------


def window_lines(condition: Condition, catalog: Catalog, at: Moment) -> tuple[WindowLine, ...]:
    """Every stretch of time in a tree with its resolved instants, each once."""
    lines: dict[Window, WindowLine] = {}
    for window, dates_only in _windows(condition, catalog):
        if window not in lines:
            span = resolve(window, at)
            lines[window] = WindowLine(phrase_window(window, catalog), span.start, span.end, dates_only)
    return tuple(lines.values())


def _windows(condition: Condition, catalog: Catalog) -> Iterator[tuple[Window, bool]]:
    for node in walk(condition):
        match node:
            case Has(attribute=key, window=Window() as window, operator=Operator.WITHIN | Operator.ANNIVERSARY):
                field = catalog.attribute(key)
                yield window, field is not None and field.kind is Kind.DATE
            case (
                Nth(window=Window() as window) | Member(window=Window() as window) | CameBack(window=Window() as window)
            ):
                yield window, False
            case _:
                pass
        for rows in rows_of(node):
            if rows.window is not None:
                yield rows.window, False


def settled(reading: Reading) -> Condition | None:
    """What holds whatever is chosen: the conditions that every choice of every open question has; None where there is none."""
    condition = reading.condition
    if condition is None or not reading.questions:
        return condition
    common = _common([choice.condition for question in reading.questions for choice in question.choices])
    parts = [part for part in _parts(condition) if canonical(part) in common]
    return all_of(parts) if parts else None


def sure_windows(reading: Reading, catalog: Catalog, at: Moment) -> tuple[WindowLine, ...]:
    """The stretches of time that are in it whatever is chosen."""
    if reading.condition is None:
        return ()
    trees = [choice.condition for question in reading.questions for choice in question.choices]
    lines = [set(window_lines(tree, catalog, at)) for tree in trees]
    return tuple(line for line in window_lines(reading.condition, catalog, at) if all(line in one for one in lines))


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def _common(trees: Sequence[Condition]) -> frozenset[Condition]:
    """The conditions that all of some trees ask for."""
    each = [frozenset(map(canonical, _parts(tree))) for tree in trees]
    return frozenset.intersection(*each) if each else frozenset()


def _difference(choice: Choice, question: Question, catalog: Catalog) -> str:
    """A choice's label; where that says the whole sentence again, only what the other choices don't have."""
    if choice.label.casefold() != phrase(choice.condition, catalog).casefold():
        said = choice.label.removeprefix("who ")
        return choice.label if said == choice.label else said[:1].upper() + said[1:]
    common = _common([one.condition for one in question.choices])
    own = [part for part in _parts(choice.condition) if canonical(part) not in common]
    if not common or not own:
        return choice.label
    return phrase_node(all_of(own), catalog)


def question_lines(reading: Reading, numbers: Numbers | None, catalog: Catalog) -> tuple[QuestionLine, ...]:
    """The questions, each choice with what it alone means and its size once counted."""
    sizes = (numbers.choices if numbers else None) or {}
    return tuple(
        QuestionLine(
            q,
            # Of several questions each must say what it is about.
            question.text if question.phrase in question.text else f"“{question.phrase}”: {question.text}",
            tuple(
                ChoiceLine(c, _difference(choice, question, catalog), sizes.get((q, c)))
                for c, choice in enumerate(question.choices)
            ),
            _defines(reading, question),
            question.start,
            question.end,
            question.key,
        )
        for q, question in enumerate(reading.questions)
    )


def _defines(reading: Reading, question: Question) -> str:
    """The word of the company that a question asks about, if it does."""
    asked = any(u.wants_definition and u.start < question.end and question.start < u.end for u in reading.unread)
    return company_word(question.phrase) or "" if asked else ""


def _warnings(reading: Reading, stage: str, count: Counted | None, minimum: int, noun: str) -> tuple[str, ...]:
    """What to mind: of a number, or why words were not understood."""
    if stage == "counted":
        return warnings(count, minimum, noun)
    return (reading.note,) if stage == "unread" and reading.note else ()


def warnings(count: Counted | None, minimum: int, noun: str) -> tuple[str, ...]:
    """What a careful colleague would point out about this number."""
    if count is None or not count.base:
        return ()
    if count.value == 0:
        return (f"Nobody matches. Look at the list for the condition that lets the last {noun} go.",)
    if count.value < minimum:
        return (f"Fewer than {minimum} {noun}: too few to preview without pointing at single people.",)
    if count.value >= NEARLY_EVERYBODY * count.base and count.value < count.base:
        return ("That is nearly everybody. Is a condition missing?",)
    return ()
