"""Being in a segment, a snapshot or a list that has a name, and having entered or left one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

from segbot.model.condition import Condition, Member, all_of, any_of
from segbot.model.membership import Known
from segbot.model.resolve import resolve
from segbot.model.windows import Window, during
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Naming, Note, Ready, Span, When, Word
from segbot.nl.text import fold

_SEGMENT = "segment|segments|seg|audience|cohort|group"


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _references(g)
    _snapshots(g)
    _conditions(g)
    _changes(g)


def _references(g: Grammar) -> None:
    @g.rule("SEGREF", f"{_SEGMENT} SEGNAME", f"{_SEGMENT} NAMED SEGNAME", f"SEGNAME {_SEGMENT}|list", cost=-0.3)
    def called(_: Scene, *parts: Any) -> Naming | None:
        """What people call a segment, an audience or a list behind its name may be either."""
        naming = next(p for p in parts if isinstance(p, Naming))
        fitting = tuple(m for m in naming.members if m.of != "snapshot")
        return Naming(fitting) if fitting else None

    @g.rule("SEGREF", "list|lists SEGNAME", "list|lists NAMED SEGNAME", cost=-0.3)
    def listed(_: Scene, *parts: Any) -> Naming | None:
        """Only lists: "list big spenders" asks for big spenders."""
        naming = next(p for p in parts if isinstance(p, Naming))
        fitting = tuple(m for m in naming.members if m.of == "list")
        return Naming(fitting) if fitting else None

    @g.rule("SEGREF", "segment|segments|seg SEGNUM", "segment|seg number SEGNUM", cost=-2.0)
    def by_number(_: Scene, naming: Naming) -> Naming:
        return naming

    @g.rule("SEGREF", "segment|segments|seg SEGREF", cost=-0.1)
    def segment_by_sign(_: Scene, naming: Naming) -> Naming:
        return naming


def _snapshots(g: Grammar) -> None:
    @g.rule("SEGREF", "snapshot SEGNAME", "snapshot of SEGNAME", "SEGNAME snapshot", cost=-0.3)
    def snapshot(scene: Scene, naming: Naming) -> Naming | None:
        found = _of(scene, naming)
        return Naming((found[0].member,)) if len(found) == 1 else None

    @g.rule("SEGREF", "snapshot from|of|taken|dated PERIOD", "snapshot taken on|in PERIOD", cost=-1.5)
    def snapshot_taken(scene: Scene, span: Span) -> Naming | None:
        return _taken(scene, span, scene.snapshots)

    @g.rule(
        "SEGREF", "snapshot of SEGNAME from|of|taken|on|dated PERIOD", "SEGNAME snapshot from|of|on PERIOD", cost=-1.5
    )
    def snapshot_of_taken(scene: Scene, naming: Naming, span: Span) -> Naming | None:
        return _taken(scene, span, _of(scene, naming))


def _of(scene: Scene, naming: Naming) -> tuple[Known, ...]:
    """The snapshots that a name stands for: its own, or those of the segment of that name."""
    ids, names = {m.id for m in naming.members}, {fold(m.name) for m in naming.members}
    return tuple(one for one in scene.snapshots if one.id in ids or fold(one.about) in names)


def _taken(scene: Scene, span: Span, among: tuple[Known, ...]) -> Naming | None:
    period = resolve(during(span.period), scene.at)
    found = [
        one.member
        for one in among
        if one.taken is not None
        and (period.start is None or period.start <= one.taken)
        and (period.end is None or one.taken < period.end)
    ]
    return Naming(tuple(found)) if len(found) == 1 else None  # of several it must be said which


def _conditions(g: Grammar) -> None:
    @g.rule("SEGANY", "SEGREF", "BARESEG")
    def one_name(_: Scene, naming: Naming) -> Ready:
        return Ready(_any(naming), person=True)

    @g.rule("SEGOR", "SEGANY OR IN? SEGANY", "SEGANY COMMA IN? SEGOR", "SEGANY COMMA OR IN? SEGANY", cost=-0.2)
    def one_of_several(_: Scene, first: Ready, *rest: Any) -> Ready:
        return Ready(any_of([first.condition, _last(rest).condition]), person=True)

    @g.rule("SEGAND", "SEGANY AND IN SEGANY", "both IN? SEGANY AND IN? SEGANY", "SEGANY COMMA IN SEGAND", cost=-0.4)
    def all_of_them(_: Scene, *parts: Any) -> Ready:
        ready = [p for p in parts if isinstance(p, Ready)]
        return Ready(all_of(p.condition for p in ready), person=True)

    group = "SEGANY|SEGOR|SEGAND"

    @g.rule(
        "READY",
        group,
        f"IN|on {group}",
        f"NOUN IN|on {group}",
        f"belong|belongs|belonging to {group}",
        f"part of {group}",
        f"member|members of {group}",
        f"{group} NOUN|ACTOR",
        f"{group} member|members",
        cost=-0.3,
    )
    def in_named(_: Scene, *parts: Any) -> Ready:
        return _last([p for p in parts if isinstance(p, Ready)])

    for words, kind in (("overlap|intersection", all_of), ("union|combination", any_of)):

        @g.rule(
            "READY",
            f"{words} of|between SEGANY AND SEGANY",
            name=f"{words.split('|')[0]} of segments",
            cost=-2.0,
        )
        def together(
            _: Scene, one: Ready, _and: Word, other: Ready, kind: Callable[[list[Condition]], Condition] = kind
        ) -> Ready:
            return Ready(kind([one.condition, other.condition]), person=True)


def _last(parts: Sequence[Any]) -> Ready:
    found = parts[-1]
    assert isinstance(found, Ready)
    return found


def _changes(g: Grammar) -> None:
    changes: tuple[tuple[Literal["entered", "left"], tuple[str, ...]], ...] = (
        (
            "entered",
            (
                "entered|enter|entering|joined|join|joining",
                "moved|came|got|went into",
                "added to",
                "new in",
            ),
        ),
        ("left", ("left|leave|leaving|exited|exit|exiting", "dropped|fell|moved out of", "removed from")),
    )
    for change, verbs in changes:
        for verb in verbs:

            @g.rule(
                "READY",
                f"{verb} SEGREF|BARESEG WHEN",
                name=f"{change} a segment: {verb.split('|')[0]}",
                cost=-1.0,
            )
            def changed(
                _: Scene, naming: Naming, when: When, change: Literal["entered", "left"] = change
            ) -> Ready | None:
                if when.window is None:
                    return None
                return Ready(_any(naming, change, when.window), _for_whole(naming, change, when))

            @g.rule("UNSUPPORTED", f"{verb} SEGREF|BARESEG", name=f"{change} at any time: {verb.split('|')[0]}")
            def changed_ever(_: Scene, _naming: Naming) -> Word:
                """Without a time it is not known since when to look."""
                return Word()


def _for_whole(naming: Naming, change: Literal["entered", "left"], when: When) -> tuple[Note, ...]:
    """The notes of a window, whose other meaning is another whole condition."""
    found = []
    for note in when.notes:
        window = dict(note.changes).get("window")
        other = (("condition", _any(naming, change, window)),) if isinstance(window, Window) else ()
        found.append(replace(note, changes=other))
    return tuple(found)


def _any(naming: Naming, change: Literal["entered", "left"] | None = None, window: Window | None = None) -> Condition:
    members: list[Condition] = [
        m if change is None else Member(m.of, m.id, change, window, m.name) for m in naming.members
    ]
    return any_of(members)
