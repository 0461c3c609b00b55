"""Changes to a tree, read from what people answer: "only Texas", "make it 60 days", "drop the age", "undo".

The same deterministic reading as a request's, with the same account of every word. Ordinary talk gives `NoEdit`: in a
thread between people segbot speaks only when it is surely spoken to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from segbot.model.condition import AnyOf, Condition, Everyone, any_of, canonical, children
from segbot.model.reading import Assumption, Choice, Correction, Filler, Phrase, Question, Reading, Unread
from segbot.model.resolve import Moment
from segbot.nl import edit_frames as frames
from segbot.nl import ledger
from segbot.nl.diff import line
from segbot.nl.edit_act import Act
from segbot.nl.edit_change import Change, EditKind
from segbot.nl.edit_frames import Said
from segbot.nl.edit_spot import Found
from segbot.nl.edit_talk import Spoken, bare_is_edit, opening, talk
from segbot.nl.phrase import phrase, phrase_difference
from segbot.nl.reader import Reader
from segbot.nl.text import Token, tokenize

MAX_CHARACTERS = 400
"""A longer message is a request of its own or talk, never an edit."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A message as a change of a tree: the tree after it and the difference in one line, with the account of every word.

    `ask` and `what_if` want `condition` counted but not kept. With `questions` open it is the first choice of them, each
    choice being a whole tree. `chosen` is the question and choice that an answer picked. `undo` is how many steps back
    (forward when negative, the caller knows those trees: `condition` is then the tree before).
    """

    text: str
    kind: EditKind
    condition: Condition
    line: str
    restatement: str = ""
    phrases: tuple[Phrase, ...] = ()
    fillers: tuple[Filler, ...] = ()
    unread: tuple[Unread, ...] = ()
    corrections: tuple[Correction, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    chosen: tuple[int, int] | None = None
    undo: int | None = None


@dataclass(frozen=True, slots=True)
class NoEdit:
    """Not surely a change of the segment: `why`, for logs and tests; nothing is said to anybody."""

    why: str


class Editor:
    """Reads edits for the catalog of a reader. Pure, and safe in many threads at once."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def edit(
        self,
        text: str,
        before: Reading | Condition,
        at: Moment,
        *,
        history: tuple[Condition, ...] = (),
        questions: tuple[Question, ...] = (),
    ) -> Edit | NoEdit:
        """What a message does to a tree. `history` are the trees before it, oldest first; `questions` those still open.

        Never raises for anything a person can type.
        """
        if isinstance(before, Reading):
            questions = questions or before.questions
            tree = before.condition if before.condition is not None else Everyone()
        else:
            tree = before
        if not text.strip() or len(text) > MAX_CHARACTERS:
            return NoEdit("nothing said" if not text.strip() else "longer than an edit")
        tokens = tuple(tokenize(text))
        spoken = opening(tokens)
        if not spoken.said.tokens:
            return NoEdit("courtesy only")
        work = _Work(self.reader, at, text, tokens, spoken, tree, history, questions)
        return work.edit()


@dataclass(frozen=True, slots=True)
class _Work:
    reader: Reader
    at: Moment
    text: str
    tokens: tuple[Token, ...]
    spoken: Spoken
    tree: Condition
    history: tuple[Condition, ...]
    questions: tuple[Question, ...]

    def edit(self) -> Edit | NoEdit:
        said = self.spoken.said
        answer = self._answer(said.line) if self.questions else None
        if answer is not None:
            return answer
        step = self._step(said.line)
        if step is not None:
            return step
        if frames.ASK.fullmatch(said.line):
            return self._made(Found(Change("ask", self.tree)), 0)
        asked = self._what_if(said)
        if asked is not None:
            return asked
        if talk(self.spoken, said):
            return NoEdit("said to people")
        found = self._read(said)
        if found is None:
            return NoEdit("no change of the segment")
        if not found.whole and not self.spoken.plain:
            return NoEdit("said to people")
        return self._made(found, self.spoken.first)

    # --- back and forth ------------------------------------------------------------------------------

    def _step(self, said: str) -> Edit | None:
        if frames.REDO.fullmatch(said):
            return self._moved("redo", self.tree, -1)
        count = len(self.history)
        back: int | None = None
        many, to = frames.UNDO_MANY.fullmatch(said), frames.UNDO_TO.fullmatch(said)
        if frames.UNDO_ALL.fullmatch(said):
            back = count
        elif to is not None:
            index = _count(to["o"] or to["n"]) - 1
            back = count - index if 0 <= index < count else None
        elif many is not None:
            back = min(_count(many["n"]), count)
        elif frames.UNDO.fullmatch(said):
            back = min(1, count)
        if back is None:
            return None
        return self._moved("undo", self.history[count - back] if back else self.tree, back)

    def _moved(self, kind: EditKind, condition: Condition, back: int) -> Edit:
        catalog = self.reader.catalog
        change = line(self.tree, condition, catalog) if back > 0 else ("Once more" if back < 0 else "Nothing to undo")
        meaning = "one step forward" if back < 0 else f"{back} step{'s' if back != 1 else ''} back"
        phrases, fillers = self._structure(meaning)
        return Edit(self.text, kind, condition, change, phrase(condition, catalog), phrases, fillers, undo=back)

    def _structure(self, meaning: str) -> tuple[tuple[Phrase, ...], tuple[Filler, ...]]:
        """The account of a message that is one phrase, besides courtesy."""
        mine = set(range(self.spoken.first, self.spoken.first + len(self.spoken.said.tokens)))
        rest = set(range(len(self.tokens))) - mine
        ledger.check(self.tokens, mine | _weighty(self.tokens, rest), rest - _weighty(self.tokens, rest), ())
        mine |= _weighty(self.tokens, rest)
        phrases = tuple(Phrase(s, e, self.text[s:e], meaning) for s, e in _spans(self.tokens, mine))
        fillers = tuple(
            Filler(s, e, self.text[s:e]) for s, e in _spans(self.tokens, set(range(len(self.tokens))) - mine)
        )
        return phrases, fillers

    # --- answers -------------------------------------------------------------------------------------

    def _answer(self, said: str) -> Edit | None:
        whole = " ".join(t.norm for t in self.tokens).strip(" .!")
        for index, question in enumerate(self.questions):
            picked = self._picked(said if said else whole, whole, question)
            if picked is not None:
                return self._chose(index, picked)
        return None

    def _picked(self, said: str, whole: str, question: Question) -> int | Condition | None:
        number = frames.chosen(said)
        if number is not None:
            number = number + len(question.choices) if number < 0 else number
            return number if number < len(question.choices) else None
        if said in frames.YES or whole in frames.YES:
            return 0 if len(self.questions) == 1 else None
        if said in frames.BOTH:
            return any_of([c.condition for c in question.choices])
        words = {w for w in said.split() if w not in _SMALL}
        if not words or len(words) > 6:
            return None
        labels = [set(_words(c.label)) for c in question.choices]
        for index, label in enumerate(labels):
            others = set().union(*(o for i, o in enumerate(labels) if i != index))
            if words <= label and words - others:
                return index
        return None

    def _chose(self, question: int, picked: int | Condition) -> Edit:
        catalog = self.reader.catalog
        choices = self.questions[question].choices
        condition = choices[picked].condition if isinstance(picked, int) else picked
        meaning = choices[picked].label if isinstance(picked, int) else "people of either"
        phrases, fillers = self._structure(meaning)
        chosen = (question, picked) if isinstance(picked, int) else None
        change = line(self.tree, condition, catalog)
        left = tuple(q for i, q in enumerate(self.questions) if i != question) if len(self.questions) > 1 else ()
        return Edit(
            self.text,
            "choice",
            condition,
            change,
            phrase(condition, catalog),
            phrases,
            fillers,
            questions=left,
            chosen=chosen,
        )

    # --- questions about it --------------------------------------------------------------------------

    def _what_if(self, said: Said) -> Edit | None:
        for pattern in (*frames.WHAT_IF, *(frames.AND_WITHOUT if self.spoken.asked else ())):
            match = pattern.fullmatch(said.line)
            if match is None:
                continue
            first, last = said.inside(*match.span("a"))
            inner = said.part(first, last)
            spoken = Spoken(inner, self.spoken.first + first, shown=True, plain=True, asked=True)
            work = _Work(self.reader, self.at, self.text, self.tokens, spoken, self.tree, self.history, ())
            found = None if talk(spoken, inner) else work._left_out(inner) or work._read(inner)
            if found is not None and found.whole:
                change = found.change
                kept = Change("what_if", change.condition, change.assumed, change.question, change.choices)
                return self._made(Found(kept, found.read), spoken.first)
        return None

    def _left_out(self, said: Said) -> Found | None:
        """What it would be without California: leaving the condition out, rather than its opposite."""
        match = frames.LEAVING.fullmatch(said.line)
        act = Act(self.reader, self.at, self.text, said, self.tree, self.history)
        taken = act.group(match, "a") if match else None
        change = act.drop(taken[2], False) if taken is not None else None
        return Found(change, (taken,)) if change is not None and taken is not None else None

    # --- edits ---------------------------------------------------------------------------------------

    def _read(self, said: Said) -> Found | None:
        beyond = frames.NOT_JUST.fullmatch(said.line)
        if beyond is not None:
            return Act(self.reader, self.at, self.text, said, self.tree, self.history).not_just(beyond)
        twice = self._split(said, sure=True)
        if twice is not None:
            return twice
        partial: Found | None = None
        for found in self._ways(said, self.tree):
            if found.whole:
                return found
            partial = partial or found
        return self._split(said) or partial

    def _ways(self, said: Said, tree: Condition) -> Iterator[Found]:
        act = Act(self.reader, self.at, self.text, said, tree, self.history)
        whole = act.whole()
        if whole is not None:
            yield whole
        shapes = [(f, m) for f in frames.FRAMES if (m := f.pattern.fullmatch(said.line))]
        for frame, match in shapes:
            if frame.action in _FIRST:
                found = act.frame(frame, match)
                if found is not None:
                    yield found
        yield from act.pairs()
        yield from act.assigned()
        for frame, match in shapes:
            if frame.action not in _FIRST:
                found = act.frame(frame, match)
                if found is not None:
                    yield found
        bare = self._bare(act, said)
        if bare is not None:
            yield bare

    def _bare(self, act: Act, said: Said) -> Found | None:
        """A fragment without a word that says what to do with it: Texas; 60 days; who bought twice; not Texas."""
        taken = act.of(0, len(said.line))
        if taken is None:
            return None
        negative = frames.NEGATIVE.fullmatch(said.line) is not None
        if not bare_is_edit(self.spoken, said, taken[2], negative=negative):
            return None
        fragment = taken[2]
        change = act.bare(fragment)
        if change is None and negative:
            return act.found(None, taken, "only")
        return Found(change, (taken,)) if change is not None else None

    def _split(self, said: Said, *, sure: bool = False) -> Found | None:
        """Two edits in one message: each side must be an edit by itself, the second surely so."""
        for match in frames.SPLIT.finditer(said.line):
            if sure and not frames.CUE.fullmatch(said.line[match.end() :]):
                continue
            left, right = said.inside(0, match.start()), said.inside(match.end(), len(said.line))
            if left[0] == left[1] or right[0] == right[1]:
                continue
            one = next((f for f in self._ways(said.part(*left), self.tree) if f.whole), None)
            if one is None or one.change.choices:
                continue
            rest = said.part(*right)
            other = _Work(
                self.reader,
                self.at,
                self.text,
                self.tokens,
                self.spoken,
                one.change.condition,
                (*self.history, self.tree),
                (),
            )
            two = next((f for f in other._ways(rest, one.change.condition) if f.whole), None) or other._split(rest)
            if two is not None:
                read = (*one.read, *((a + right[0], b + right[0], f) for a, b, f in two.read))
                return Found(two.change, read)
        return None

    # --- the account ---------------------------------------------------------------------------------

    def _made(self, found: Found, first: int) -> Edit:
        """The edit of a change, with what became of every word. `first` is the token where its fragments count from."""
        catalog = self.reader.catalog
        change = found.change
        path = _fresh(self.tree, change.condition)
        phrases: list[Phrase] = []
        fillers: list[Filler] = []
        unread: list[Unread] = []
        corrections: list[Correction] = []
        inside: set[int] = set()
        lost: set[int] = set()
        idle: set[int] = set()
        for start, end, fragment in found.read:
            mine = set(range(start + first, end + first))
            inside |= mine
            at = fragment.first
            reading = fragment.reading
            corrections += [Correction(c.start + at, c.end + at, c.said, c.read_as) for c in reading.corrections]
            if not found.whole:
                for u in reading.unread:
                    unread.append(Unread(u.start + at, u.end + at, u.text, u.suggestions, u.wants_definition))
                    lost |= {t for t in mine if self.tokens[t].start < u.end + at and self.tokens[t].end > u.start + at}
            if fragment.condition is not None or not found.whole:
                for f in reading.fillers:
                    idle |= {
                        t for t in mine if self.tokens[t].start >= f.start + at and self.tokens[t].end <= f.end + at
                    }
        courtesy = set(range(len(self.tokens))) - set(
            range(self.spoken.first, self.spoken.first + len(self.spoken.said.tokens))
        )
        idle = {t for t in (idle | courtesy) - lost if t not in _weighty(self.tokens, idle | courtesy)}
        read = set(range(len(self.tokens))) - lost - idle
        ledger.check(self.tokens, read, idle, lost)
        meaning = line(self.tree, change.condition, catalog)
        phrases += [Phrase(s, e, self.text[s:e], meaning, path) for s, e in _spans(self.tokens, read)]
        fillers += [Filler(s, e, self.text[s:e]) for s, e in _spans(self.tokens, idle)]
        start, end = self._span(found, first)
        return Edit(
            text=self.text,
            kind=change.kind,
            condition=change.condition,
            line=meaning,
            restatement=phrase(change.condition, catalog),
            phrases=tuple(phrases),
            fillers=tuple(fillers),
            unread=tuple(unread),
            corrections=tuple(corrections),
            assumptions=tuple(
                Assumption(a.code, a.text, start, end, self._choices(a.others, change.condition))
                for a in change.assumed
            ),
            questions=(
                (Question(start, end, self.text[start:end], change.question, self._choices(change.choices)),)
                if len(change.choices) > 1
                else ()
            ),
        )

    def _choices(self, trees: Iterable[Condition], but: Condition | None = None) -> tuple[Choice, ...]:
        catalog = self.reader.catalog
        kept = [tree for tree in trees if but is None or canonical(tree) != canonical(but)]
        said = [line(self.tree, tree, catalog) for tree in kept]
        if len(set(said)) < len(said):  # they differ in what belongs together: only all of it tells them apart
            said = list(phrase_difference(kept, catalog))
        return tuple(Choice(label, tree) for label, tree in zip(said, kept, strict=True))

    def _span(self, found: Found, first: int) -> tuple[int, int]:
        said = self.spoken.said.tokens
        if not found.read:
            return said[0].start, said[-1].end
        return self.tokens[found.read[0][0] + first].start, self.tokens[found.read[-1][1] + first - 1].end


_FIRST = frozenset({"drop", "keep", "any", "without", "minus", "nowhere", "throughout"})
_SMALL = frozenset(["the", "a", "an", "one", "please", "i", "mean", "meant", "i'd", "take", "option", "only", "just"])


def _words(text: str) -> list[str]:
    return [t.norm for t in tokenize(text)]


def _count(said: str) -> int:
    words = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
             "twice": 2, "couple of": 2, "a couple of": 2, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}  # fmt: skip
    return words[said] if said in words else int(said[:6])


def _weighty(tokens: tuple[Token, ...], indexes: Iterable[int]) -> set[int]:
    """Words that may not be called fillers."""
    return {
        i
        for i in indexes
        if tokens[i].kind.value in ("number", "date")
        or tokens[i].norm in ("not", "never", "no", "without", "except", "excluding", "neither", "nor", "unless")
    }


def _spans(tokens: tuple[Token, ...], indexes: Iterable[int]) -> list[tuple[int, int]]:
    return [(tokens[a].start, tokens[b].end) for a, b in ledger.runs(tokens, indexes)]


def _fresh(before: Condition, after: Condition, path: tuple[int, ...] = ()) -> tuple[int, ...]:
    """The path in a new tree to the smallest node that holds everything new in it."""
    old = {repr(part) for part in children(before)} if isinstance(before, AnyOf) or children(before) else set()
    old.add(repr(before))
    new = [(i, part) for i, part in enumerate(children(after)) if repr(part) not in old]
    if len(new) != 1:
        return path
    index, part = new[0]
    other = children(before)[index] if index < len(children(before)) else Everyone()
    return _fresh(other, part, (*path, index))
