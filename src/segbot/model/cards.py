"""What segbot shows, as data. A flow returns a card; `slack.views` turns it into blocks, the command line into text.

A card never holds blocks, never raw contact data and never database error text. Texts are plain; the view escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from segbot.model.segment import Counted


class Move(StrEnum):
    """What a person can do from a card: one button each."""

    PREVIEW = "preview"
    SHOW_SQL = "show_sql"
    SAVE = "save"
    SHARE = "share"
    RETRY = "retry"
    CHOOSE = "choose"
    SWITCH = "switch"
    REPLACE = "replace"
    STOP = "stop"
    TRY_EXAMPLE = "try_example"
    REWORD = "reword"
    ASSIST = "assist"
    COUNT_AGAIN = "count_again"
    COUNT_ANYWAY = "count_anyway"
    CHANGE = "change"
    BUILD = "build"


Fate: TypeAlias = Literal["condition", "filler", "unread", "corrected", "left_out", "aside", "space"]
"""What became of a stretch of a sentence."""

Stage: TypeAlias = Literal["counting", "counted", "question", "unread", "failed"]
"""How far a request has come; "failed" has a notice that says why."""


@dataclass(frozen=True, slots=True)
class WordSpan:
    """A stretch of the person's own sentence and what became of it."""

    text: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One line of the nested list of conditions, with its rung of the ladder once counted.

    `level` 0 is outermost. `joiner` is what stands before it ("and", "or", "but not"). `warning` points out a condition
    that does all the work or nothing.
    """

    level: int
    text: str
    joiner: str = ""
    alone: int | None = None
    remaining: int | None = None
    dropped: float | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class WindowLine:
    """A stretch of time with its resolved instants (aware, in the workspace's zone; None is open)."""

    phrase: str
    start: datetime | None
    end: datetime | None
    dates_only: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """An assumption that can be switched; each option is (index, label). `key` names it on its buttons."""

    index: int
    text: str
    options: tuple[tuple[int, str], ...] = ()
    key: int = 0


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One choice of a question: its label, how many people it means, and its SQL-free restatement."""

    index: int
    label: str
    count: Counted | None = None


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question with its choices. `defines` is the word of the company that it asks about; start and end say where it stands.

    `key` names it on its buttons.
    """

    index: int
    text: str
    choices: tuple[ChoiceLine, ...]
    defines: str = ""
    start: int = 0
    end: int = 0
    key: int = 0


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """Words that were not understood; each suggestion is (index, replacement, why). Start and end say where they stand.

    `spare` words can be left out: what was understood means the same without them. `key` names them on their buttons.
    """

    index: int
    text: str
    suggestions: tuple[tuple[int, str, str], ...] = ()
    wants_definition: bool = False
    start: int = 0
    end: int = 0
    spare: bool = False
    key: int = 0


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A misspelt word that was read as another one; start and end say where it stands."""

    said: str
    read_as: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class MeaningLine:
    """What a word of the company means on this card: for this card alone, for everybody (`kept`), or an owner said no.

    `by` is who said so.
    """

    index: int
    word: str
    means: str
    by: str = ""
    applied: bool = True
    kept: bool = False
    declined: bool = False


@dataclass(frozen=True, slots=True)
class EditLine:
    """A change that somebody made in the thread: the words, the difference in one line, and who."""

    words: str
    change: str
    by: str


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """How far a count is: its `place` in the line (1 is the next, 0 that it runs), and for how many seconds it has run.

    `limit` is after how many seconds it is stopped.
    """

    place: int
    seconds: int
    limit: int


@dataclass(frozen=True, slots=True)
class NarrowLine:
    """A condition over fewer `days`, which costs the database less; `key` names the condition on its button."""

    key: int
    days: int
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A failure or a hint in a person's words: what happened, what is safe, what to do next. `reference` is also in the log."""

    title: str
    text: str
    next: str = ""
    reference: str = ""
    retry: bool = False


@dataclass(frozen=True, slots=True)
class SavedAs:
    """The segment that a card was saved as."""

    id: str
    number: int
    name: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentCard:
    """The card of one request: what was understood, how many people, and what to do with it.

    `id` is the request's id in the store; buttons carry it. `stage` says what is still coming. `partial` is the size of
    what was understood while some words were not: it is no answer to the sentence. `owners` says that only some people
    may define words for everybody. `counted_ago` is the age in seconds of a count that answered the same request before.
    `progress` is how far a count under way is, `looks_at` what the database goes through for it, `narrower` what to ask
    instead of one that takes too long. `asides` are words taken as background, not as a condition.
    """

    id: str
    title: str
    author: str
    sentence: tuple[WordSpan, ...]
    stage: Stage
    restatement: str = ""
    lines: tuple[ConditionLine, ...] = ()
    count: Counted | None = None
    noun: str = "customers"
    base_label: str = ""
    windows: tuple[WindowLine, ...] = ()
    timezone: str = "UTC"
    chips: tuple[Chip, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    unread: tuple[UnreadLine, ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    warnings: tuple[str, ...] = ()
    notice: Notice | None = None
    saved: SavedAs | None = None
    moves: tuple[Move, ...] = ()
    partial: Counted | None = None
    left_out: tuple[str, ...] = ()
    meanings: tuple[MeaningLine, ...] = ()
    owners: bool = False
    edits: tuple[EditLine, ...] = ()
    counted_ago: int | None = None
    progress: ProgressLine | None = None
    looks_at: tuple[str, ...] = ()
    narrower: tuple[NarrowLine, ...] = ()
    asides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleGroup:
    """Requests of one kind, each with how many people it finds (None where that is not known)."""

    title: str
    requests: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class HelpCard:
    """What can be asked, with examples made from this company's catalog; in `groups` those that were tried on its data."""

    title: str
    intro: str
    examples: tuple[str, ...]
    topics: tuple[tuple[str, tuple[str, ...]], ...] = ()
    groups: tuple[ExampleGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A short answer without a segment: a failure, a refusal, an empty request.

    `assist` are the words to ask the assistant about, where there is one and it may know more.
    """

    notice: Notice
    examples: tuple[str, ...] = ()
    assist: str = ""


@dataclass(frozen=True, slots=True)
class Without:
    """How many there would be without one condition."""

    condition: str
    left: int


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a segment has the size it has: each condition with what there would be without it, the costliest first."""

    count: Counted
    without: tuple[Without, ...]
    restatement: str


@dataclass(frozen=True, slots=True)
class ReplyCard:
    """What segbot says in a card's thread to somebody who changed the segment there, or wondered about it.

    `id` is the request's. `title` is the difference in one line, `words` what was typed, `by` who. `came` and `went` are
    those who are in it now and were not, and the other way round. `undo` is the version to go back to, 0 for none. With
    `apply` the words can be meant after all. `lost` words were not understood, so nothing was changed.
    """

    id: str
    kind: Literal["changed", "undone", "redone", "what_if", "explained", "unclear", "nothing"]
    title: str
    by: str = ""
    words: str = ""
    noun: str = "customers"
    count: Counted | None = None
    came: int | None = None
    went: int | None = None
    undo: int = 0
    apply: bool = False
    question: str = ""
    restatement: str = ""
    lost: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    explained: Explained | None = None


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """The first people of a segment: masked columns, rows of text, and what the rows are a part of.

    The first `names` columns together say who it is. The rows are those from `start` on of the first `reach`, `page` is
    which page that is. `keys` name the customers to those who may open them, and are empty for everybody else. `offered`
    are the columns that can be had besides those of the conditions, as (key, label), and `chosen` those that are.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: Counted
    noun: str
    hidden: bool = False
    floor: int = 0
    names: int = 1
    start: int = 0
    reach: int = 0
    page: int = 0
    pages: int = 1
    keys: tuple[str, ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SqlCard:
    """The SQL of a segment with its values in place, runnable as it is."""

    id: str
    title: str
    sql: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SaveForm:
    """The form to save a segment: proposed name, known tags."""

    id: str
    name: str
    tags: tuple[str, ...] = ()
    restatement: str = ""


@dataclass(frozen=True, slots=True)
class ShareCard:
    """A segment frozen at a moment, as posted into its thread.

    `snapshot` is the id of what is kept of it and `name` what people call that. `kept` says whether its people are kept,
    and for how many `days`.
    """

    id: str
    title: str
    author: str
    restatement: str
    lines: tuple[ConditionLine, ...]
    count: Counted
    noun: str
    base_label: str
    windows: tuple[WindowLine, ...]
    timezone: str
    saved: SavedAs | None = None
    snapshot: str = ""
    name: str = ""
    kept: bool = False
    days: float = 0.0


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One condition of a proposal in plain English, with the words of the request it rests on.

    `guess` are those of its words that only the language model claims to know; empty when all are known.
    """

    text: str
    words: tuple[str, ...]
    guess: str = ""


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """What a language model makes of a request, for a person to confirm. Nothing of it is applied.

    `id` is the request's; confirming it needs no more. `differences` tell how it differs from segbot's own reading
    ("added: ...", "left out: ..."); `agrees` that segbot had considered the same reading itself. `not_used` are words of the
    request that it gave up. `model` is the model's name, `count` the size of what is proposed once it is known.
    """

    id: str
    title: str
    author: str
    sentence: tuple[WordSpan, ...]
    restatement: str
    lines: tuple[ConditionLine, ...]
    evidence: tuple[EvidenceLine, ...]
    not_used: tuple[str, ...] = ()
    ambiguities: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    agrees: bool = False
    model: str = ""
    count: Counted | None = None
    noun: str = "customers"


@dataclass(frozen=True, slots=True)
class ProposalNote:
    """No proposal, and why, in one line: segbot's own reading stands."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word of the house dictionary: what it means, and who said so when (UTC). Without an id it is the catalog file's.

    `trouble` says why it can't be read any more.
    """

    id: str
    word: str
    means: str
    author: str = ""
    at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class WordsCard:
    """The house dictionary: what the words of this company mean."""

    words: tuple[WordLine, ...]
    timezone: str = "UTC"


Card: TypeAlias = SegmentCard | HelpCard | NoticeCard | PreviewCard | SqlCard | SaveForm | ShareCard
