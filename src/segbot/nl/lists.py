"""Lists bind tightest: values of one attribute (CA, NV or AZ), objects of one verb (shoes, hats and socks), negated verbs.

Each function looks for one kind of list in a row of elements and puts a single operand in its place.
"""

from __future__ import annotations

from dataclasses import replace

from segbot.model.catalog import Role
from segbot.model.condition import COUNT
from segbot.model.operators import Kind, Operator
from segbot.nl.drafts import Draft, Fork, Join, Leaf, Neg
from segbot.nl.elements import Element, Op, Row, X
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Consent, Note, Test, When

_JOINERS = frozenset({"AND", "OR", "COMMA", "SLASH", "NOR"})


def merge(scene: Scene, row: Row) -> None:
    """Merge all lists of a row."""
    _only(scene, row)
    _attribute_lists(scene, row)
    _consent_lists(row)
    _object_lists(row)
    _negated_lists(row)


def connective(elements: list[Element], index: int, *, slash: str = "or") -> tuple[str, list[Op], int]:
    """The joining words from an index on: "and", "or" or "comma", the operators, and the index after them.

    Between values a slash is an or (CA/NV); between whole conditions it only separates them (women / Texas / 25-34).
    """
    ops: list[Op] = []
    while index < len(elements):
        element = elements[index]
        if not isinstance(element, Op) or element.cat not in _JOINERS:
            break
        ops.append(element)
        index += 1
    cats = {op.cat for op in ops}
    if cats & {"OR", "NOR"}:
        kind = "or"
    elif "AND" in cats:
        kind = "and"
    else:
        kind = slash if "SLASH" in cats else "comma"
    return (kind if ops else ""), ops, index


def tokens_of(ops: list[Op]) -> tuple[int, ...]:
    """The tokens of some operators."""
    return tuple(t for op in ops for t in op.tokens)


# --- values of one attribute -----------------------------------------------------------------------


def _candidates(element: Element) -> tuple[Test, ...]:
    test = element.test if isinstance(element, X) else None
    return () if test is None else (replace(test, rivals=(), said=None), *test.rivals)


def _attribute_lists(scene: Scene, row: Row) -> None:
    elements = row.elements
    index = 0
    while index < len(elements):
        run = _run(scene, elements, index)
        if run is not None:
            end, merged = run
            elements[index:end] = [merged]
        index += 1


def _run(scene: Scene, elements: list[Element], start: int) -> tuple[int, X] | None:
    shared = _candidates(elements[start])
    if not shared:
        return None
    members: list[X] = []
    joins: list[tuple[str, list[Op]]] = []
    first = elements[start]
    assert isinstance(first, X)
    members.append(first)
    end = start + 1
    while True:
        kind, ops, after = connective(elements, end)
        if not kind or after >= len(elements):
            break
        others = _candidates(elements[after])
        if (
            kind == "comma"
            and _is_inner_place(scene, members, others)
            and connective(elements, after + 1)[0] in ("", "comma")
        ):
            break  # Portland, Oregon
        fields = {t.field for t in shared} & {t.field for t in others if _alike(t, shared)}
        if not fields or others[0].negated:
            break
        shared = tuple(t for t in shared if t.field in fields)
        nxt = elements[after]
        assert isinstance(nxt, X)
        members.append(nxt)
        joins.append((kind, ops))
        end = after + 1
    if len(members) == 1:
        return None
    field = shared[0].field
    tests = [next(t for t in _candidates(m) if t.field == field) for m in members]
    return end, _merged(scene, tests, members, joins)


def _alike(test: Test, shared: tuple[Test, ...]) -> bool:
    """Whether a test can stand in a list with others: values with values, comparisons with comparisons."""
    values = (Operator.IS, Operator.HAS_ANY, Operator.DOMAIN)
    return any(t.field == test.field and (t.operator in values) == (test.operator in values) for t in shared)


def _is_inner_place(scene: Scene, members: list[X], others: tuple[Test, ...]) -> bool:
    def roles(tests: tuple[Test, ...]) -> set[Role | None]:
        return {f.role for t in tests if (f := scene.field(None, t.field)) is not None}

    inner, outer = roles(_candidates(members[-1])), roles(others)
    return (
        Role.CITY in inner and bool(outer & {Role.STATE, Role.COUNTRY}) and Role.CITY not in outer and len(members) == 1
    )


def _merged(scene: Scene, tests: list[Test], members: list[X], joins: list[tuple[str, list[Op]]]) -> X:
    kinds = {kind for kind, _ in joins}
    connectives = tuple(t for _, ops in joins for t in tokens_of(ops))
    tokens = tuple(t for m in members for t in m.tokens)
    head = members[0].head
    field = scene.field(None, tests[0].field)
    exact = all(t.operator is tests[0].operator and t.window is None for t in tests) and tests[0].operator in (
        Operator.IS,
        Operator.HAS_ANY,
        Operator.DOMAIN,
    )
    listed = field is not None and field.kind is Kind.LIST
    if exact and not (listed and "or" not in kinds and "and" in kinds):
        values = tuple(dict.fromkeys(v for t in tests for v in t.values))
        notes = tuple(dict.fromkeys(n for t in tests for n in t.notes))
        if "and" in kinds and "or" not in kinds and field is not None:
            notes = (
                *notes,
                Note("and_of_values", f"nobody has two values of {field.label}, so “and” means either of them"),
            )
        if field is not None and field.kind is Kind.FLAG and len(values) > 1:
            return X(
                Join(True, tuple(Leaf(t, m.tokens) for t, m in zip(tests, members, strict=True)), connectives), head
            )
        person = any(m.head for m in members)
        if tests[0].negated:  # "is not Texas or Florida": neither (policy P4)
            notes = tests[0].notes
        merged = replace(tests[0], values=values, notes=notes, person=person)
        return X(Leaf(merged, tuple(sorted((*tokens, *connectives)))), head)
    if tests[0].negated:
        positive = tuple(Leaf(replace(t, negated=False), m.tokens) for t, m in zip(tests, members, strict=True))
        return X(Neg(Join(True, positive, connectives)), head)
    parts = tuple(Leaf(t, m.tokens) for t, m in zip(tests, members, strict=True))
    ranges = all(t.operator is Operator.BETWEEN for t in tests) or all(t.person for t in tests)
    return X(Join("or" in kinds or (ranges and not listed), parts, connectives), head)


# --- consents ---------------------------------------------------------------------------------------


def _consent_lists(row: Row) -> None:
    """ "subscribed to email or sms", "email and sms subscribers", "not subscribed to email, sms or post"."""
    elements = row.elements
    index = 0
    while index < len(elements):
        first = elements[index]
        if isinstance(first, X) and isinstance(first.atom, Consent):
            drafts, kinds, tokens, end = [first.draft], set[str](), tuple[int, ...](), index + 1
            while True:
                kind, ops, after = connective(elements, end)
                other = elements[after] if kind and after < len(elements) else None
                if not (isinstance(other, X) and other.elided and isinstance(other.atom, Consent)):
                    break
                drafts.append(other.draft)
                kinds.add(kind)
                tokens += tokens_of(ops)
                end = after + 1
            # Commas take the type of the conjunction; both kinds mixed are left to the scope of the sentence.
            if len(drafts) > 1 and not {"and", "or"} <= kinds:
                elements[index:end] = [X(Join("or" in kinds, tuple(drafts), tokens))]
        index += 1


# --- objects of one verb ----------------------------------------------------------------------------


def _object_lists(row: Row) -> None:
    elements = row.elements
    index = 0
    while index < len(elements):
        first = elements[index]
        if isinstance(first, X) and first.clause is not None:
            members, joins, end = [first], list[tuple[str, list[Op]]](), index + 1
            while True:
                kind, ops, after = connective(elements, end)
                other = elements[after] if kind and after < len(elements) else None
                if not isinstance(other, X) or other.clause is None:
                    break
                # the verb or noun may also stand at the end: motor and home or pet policies
                closing = first.elided and other.clause.events == first.clause.events
                if not other.elided and not closing:
                    break
                members.append(other)
                joins.append((kind, ops))
                end = after + 1
                if not other.elided:
                    break
            if len(members) > 1:
                elements[index:end] = [X(_listed(members, joins), first.head)]
        index += 1


def _listed(members: list[X], joins: list[tuple[str, list[Op]]]) -> Draft:
    """Objects joined by and / or; commas take the type of the conjunction that follows; both kinds mixed is asked."""
    distribute(members)
    kinds: list[str] = []
    following = "and"
    for kind, _ in reversed(joins):
        following = kind if kind != "comma" else following
        kinds.append(following)
    kinds.reverse()
    counted = _counted_list(members, kinds, tuple(t for _, ops in joins for t in tokens_of(ops)))
    if counted is not None:
        return counted
    parts = [m.draft for m in members]
    tokens = tuple(t for _, ops in joins for t in tokens_of(ops))
    clear = any(len(ops) > 1 for kind, ops in joins if kind != "comma")
    return mixed(parts, kinds, tokens, clear=clear)


def _counted_list(members: list[X], kinds: list[str], tokens: tuple[int, ...]) -> Draft | None:
    """ "a suite or a junior suite at least twice": a count said once, at the end of a list, is of any of them together; after
    "and" it may be of each one, which is asked.
    """
    found = [clause for m in members if (clause := m.clause) is not None]
    last = found[-1]
    counts = last.count is not None and last.measure == COUNT and last.count.comparison.values != (0,)
    alone = all(
        c.count is None and c.position is None and c.measure == COUNT and len(c.filters) == 1 for c in found[:-1]
    )
    if not counts or not alone or len(found) != len(members) or len(set(kinds)) != 1 or len(last.filters) != 1:
        return None
    same = {(c.events, c.filters[0].property, c.filters[0].operator, c.filters[0].negated) for c in found}
    each = tuple(
        Leaf(replace(c, count=last.count, notes=c.notes), m.tokens) for c, m in zip(found, members, strict=True)
    )
    only_last = Join(kinds[0] == "or", tuple(m.draft for m in members), tokens)
    if kinds[0] == "or" and len(same) == 1:
        values = tuple(dict.fromkeys(v for c in found for v in c.filters[0].values))
        whole = replace(last, filters=(replace(last.filters[0], values=values),))
        said = tuple(sorted((*tokens, *(t for m in members for t in m.tokens))))
        any_of_them: Draft = Leaf(whole, said)
        text = "the count is read as one of all of them together"
        return Fork((("", any_of_them), ("", Join(True, each, tokens))), "count_of_list", text, members[-1].tokens)
    text = "Is the count said of each of them, or only of the last?"
    of_each = Join(kinds[0] == "or", each, tokens)
    return Fork((("", of_each), ("", only_last)), "count_of_list", text, members[-1].tokens, ask=True)


def mixed(parts: list[Draft], kinds: list[str], tokens: tuple[int, ...], *, clear: bool = False) -> Draft:
    """Parts joined by and / or in a row: and binds tighter, and where the other bracketing differs it is asked (policy P6)."""
    if len(parts) == 1:
        return parts[0]
    if len(set(kinds)) == 1:
        return Join(kinds[0] == "or", tuple(parts), tokens)
    and_first = _bracketed(parts, kinds, "and", tokens)
    or_first = _bracketed(parts, kinds, "or", tokens)
    if clear:
        return and_first
    options = (("", or_first), ("", and_first)) if kinds[0] == "and" else (("", and_first), ("", or_first))
    return Fork(options, "mixed_and_or", "“and” and “or” are mixed here. Which do you mean?", tokens, ask=True)


def _bracketed(parts: list[Draft], kinds: list[str], tight: str, tokens: tuple[int, ...]) -> Draft:
    groups: list[list[Draft]] = [[parts[0]]]
    for part, kind in zip(parts[1:], kinds, strict=True):
        if kind == tight:
            groups[-1].append(part)
        else:
            groups.append([part])
    inner = [g[0] if len(g) == 1 else Join(tight == "or", tuple(g)) for g in groups]
    return inner[0] if len(inner) == 1 else Join(tight == "and", tuple(inner), tokens)


def distribute(members: list[X]) -> None:
    """A window said once, at the end of a list, holds for all of it (policy P3)."""
    found = [m.clause for m in members]
    if len(found) < 2 or any(c is None for c in found):
        return
    last = found[-1]
    if last is None or last.when is None or any(c is not None and c.when is not None for c in found[:-1]):
        return
    for member, clause in zip(members[:-1], found[:-1], strict=True):
        if clause is not None and clause.position is None and last.position is None:
            note = Note(
                "window_shared",
                "the time is read as holding for the whole list",
                "Only for the last one",
                (("when", None),),
            )
            shared = clauses.windowed(clause, When(last.when.window))
            if shared is not None:
                member.with_atom(replace(shared, notes=(*shared.notes, note)))


# --- negation over a list of verbs -------------------------------------------------------------------


def _negated_lists(row: Row) -> None:
    """ "haven't opened or clicked": neither (policy P4). "neither opened nor clicked" likewise."""
    elements = row.elements
    index = 0
    while index < len(elements):
        op = elements[index]
        if isinstance(op, Op) and op.cat in ("NOT", "NEVER", "NO", "NEITHER"):
            _negated_list(elements, index, op)
        index += 1


def _negated_list(elements: list[Element], index: int, op: Op) -> None:
    end = index + 1
    members: list[X] = []
    joins: list[tuple[str, list[Op]]] = []
    while end < len(elements):
        element = elements[end]
        if not isinstance(element, X) or (op.cat != "NEITHER" and element.clause is None):
            break
        if (
            members
            and element.clause is not None
            and members[0].clause is not None
            and element.clause.shape != members[0].clause.shape
        ):
            break
        members.append(element)
        kind, ops, after = connective(elements, end + 1)
        end += 1
        if kind in ("", "comma") and not (kind == "comma" and _leads_to_or(elements, after)):
            break
        if (
            kind == "and"
            and op.cat != "NEITHER"
            and (after >= len(elements) or _closed(element) or not _plain(elements[after]))
        ):
            break
        if after >= len(elements) or not isinstance(elements[after], X):
            break
        joins.append((kind, ops))
        end = after
    if len(members) == 1 and op.cat == "NEITHER":
        only = members[0].draft
        test = members[0].test
        if isinstance(only, Join):
            elements[index : index + 2] = [X(Neg(replace(only, any=True), op.tokens))]
        elif test is not None and len(test.values) > 1:
            elements[index : index + 2] = [X(Neg(only, op.tokens))]
    if len(members) < 2:
        return
    joins = joins[: len(members) - 1]
    distribute(members)
    last = elements.index(members[-1])
    tokens = tuple(t for _, ops in joins for t in tokens_of(ops))
    kinds = {kind for kind, _ in joins}
    parts = tuple(m.draft for m in members)
    neither = Neg(Join(True, parts, tokens), op.tokens)
    if "and" in kinds and op.cat != "NEITHER":
        first_only = Join(False, (Neg(parts[0], op.tokens), *parts[1:]), tokens)
        not_both = Neg(Join(False, parts, tokens), op.tokens)
        options: tuple[tuple[str, Draft], ...] = (("", neither), ("", not_both), ("", first_only))
        elements[index : last + 1] = [
            X(Fork(options, "not_and", "How far does “not” reach here?", op.tokens, ask=True))
        ]
    else:
        elements[index : last + 1] = [X(neither)]


def _leads_to_or(elements: list[Element], index: int) -> bool:
    kind = connective(elements, index + 1)[0] if index < len(elements) else ""
    return kind == "or"


def _closed(element: X) -> bool:
    return element.clause is not None and element.clause.when is not None


def _plain(element: Element) -> bool:
    return (
        isinstance(element, X)
        and element.clause is not None
        and element.clause.when is None
        and element.clause.count is None
    )


# --- only --------------------------------------------------------------------------------------------


def _only(scene: Scene, row: Row) -> None:
    """ "only bought shoes", "bought shoes only", "web only shoppers": that, and nothing else. Before people or an
    attribute it adds nothing; beside any other behaviour its meaning is not known, so that it is not read.
    """
    elements = row.elements
    for op in [e for e in elements if isinstance(e, Op) and e.cat == "ONLY"]:
        index = elements.index(op)
        after = elements[index + 1] if index + 1 < len(elements) else None
        before = elements[index - 1] if index else None
        if isinstance(after, X) and _narrow(after):
            elements[index : index + 2] = [_exclusive(scene, after, op)]
        elif isinstance(before, X) and _narrow(before):
            same = isinstance(after, X) and _bare(after) and _events(after) == _events(before)
            if same and isinstance(after, X):
                before.with_atom(before.clause, after.tokens)
            elements[index - 1 : index + (2 if same else 1)] = [_exclusive(scene, before, op)]
        else:
            beside = after if isinstance(after, X) else before
            vague = isinstance(beside, X) and beside.clause is not None and not beside.head and not _exact(beside)
            (row.unread if vague else row.fillers).extend(op.tokens)
            del elements[index]


def _exclusive(scene: Scene, said: X, op: Op) -> X:
    clause = said.clause
    assert clause is not None
    others = replace(clause, filters=tuple(replace(f, negated=not f.negated) for f in clause.filters), notes=())
    others = clauses.finer(scene, others)  # another item, be it in the same order
    return X(Join(False, (said.draft, Neg(Leaf(others, op.tokens)))))


def _narrow(element: X) -> bool:
    clause = element.clause
    return clause is not None and bool(clause.filters) and clause.count is None and clause.position is None


def _bare(element: X) -> bool:
    return element.clause is not None and not element.clause.filters and element.clause.count is None


def _exact(element: X) -> bool:
    return element.clause is not None and (element.clause.count is not None or element.clause.position is not None)


def _events(element: X) -> tuple[str, ...]:
    return element.clause.events if element.clause is not None else ()
