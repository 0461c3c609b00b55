"""The form of one condition in a window of its own: its inputs follow what is chosen, its values are offered as one types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from itertools import groupby

from slack_bolt.async_app import AsyncApp

from segbot.flows import build, build_cards
from segbot.flows.build_cards import Size
from segbot.flows.build_search import Offered, properties, values
from segbot.flows.desk import Actor, Desk
from segbot.flows.eligible import eligible_inputs
from segbot.flows.form import FormProblem, Values
from segbot.model.draft import Draft
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import INPUT_PATTERN, Action, Callback
from segbot.slack.payload import InView, Origin
from segbot.slack.views import kit
from segbot.slack.views.build import eligible_modal, form_modal
from segbot.slack.views.notice import loading_modal, notice_modal


def register(app: AsyncApp, deps: Deps) -> None:
    """The inputs of forms and what they offer."""
    app.action(INPUT_PATTERN)(guarded(deps, on_input))
    app.options(INPUT_PATTERN)(guarded(deps, on_values))
    app.action(Action.BUILD_FILTER.pattern)(guarded(deps, on_filter))
    app.options(Action.BUILD_FILTER.pattern)(guarded(deps, on_properties))


async def offer(call: Call, found: Iterable[Offered]) -> None:
    """Answer a menu that asks what to offer, under headings where there are any."""
    listed = [*found]
    if any(one.group for one in listed):
        groups = [
            {"label": kit.plain(name, 75), "options": [_option(one) for one in group]}
            for name, group in groupby(listed, key=lambda one: one.group)
        ]
        await call.ack(option_groups=groups)
    else:
        await call.ack(options=[_option(one) for one in listed])


def _option(one: Offered) -> dict[str, object]:
    return {"text": kit.plain(one.label, 75), "value": one.value}


async def open_form(call: Call, here: InView, begin: Callable[[], Awaitable[Draft]], *, fresh: bool = False) -> None:
    """Put the form that `begin` opens on top of the window that was pressed in; at once, as a trigger lives three seconds."""
    sender = call.deps.sender
    view, _ = await sender.push(call.client, here.trigger, loading_modal("Condition"))
    try:
        draft = await begin()
        await draw_form(call, here.actor, view, Origin(draft.id, here.origin.spot), fresh=fresh)
    except Exception as error:  # noqa: BLE001 (answered in the window; reported in the log)
        await sender.show(call.client, view, notice_modal(call.report(error)))


async def draw_form(
    call: Call, actor: Actor, view: str, origin: Origin, given: Values | None = None, *, fresh: bool = False
) -> None:
    """Draw the form that is open, with what was entered so far, then the size of the whole as it would be."""
    desk = await call.deps.desk.at_home(actor.team)
    sender, windows = call.deps.sender, call.deps.windows
    async with windows.drawing(view):
        draft = await desk.store.drafts.get(actor.team, actor.user, origin.request)
        card = build_cards.form_card(desk, draft, given, fresh=fresh)
        tree = build_cards.tree_of(desk, draft, given)
        waits = None if isinstance(tree, FormProblem) else Size()
        digest = await sender.show(call.client, view, form_modal(card, waits, str(origin), draft.version))
    if digest is None or isinstance(tree, FormProblem) or card.picking:
        return
    whole = tree

    async def sized() -> None:
        here: str | None = digest
        guess = await build_cards.guess(desk, whole)
        if guess is not None:
            here = await sender.show(call.client, view, form_modal(card, guess, str(origin), draft.version), here)
        if here is None:
            return
        size = await build_cards.exact(desk, actor, whole)
        if size.count is None and guess is not None:
            size = guess
        await sender.show(call.client, view, form_modal(card, size, str(origin), draft.version), here)

    await windows.size(view, sized())


async def on_input(call: Call) -> None:
    """An input of a form changed: the others follow, and the size."""
    await call.ack()
    here = payload.in_view(call.body)
    view = call.body.get("view")
    if isinstance(view, dict) and view.get("callback_id") == Callback.ELIGIBLE:
        await draw_eligible(call, here)
        return
    await build.live(call.deps.desk, here.actor, here.origin.request, here.values)
    await draw_form(call, here.actor, here.view, here.origin, here.values)


async def draw_eligible(call: Call, here: InView) -> None:
    """The inputs of the eligibility window after one of them changed."""
    desk, draft = await _draft(call, here)
    inputs = eligible_inputs(build.rules_of(draft), desk.house.catalog, here.values)
    view = eligible_modal(inputs, desk.house.catalog.customers.plural, str(here.origin))
    await call.deps.sender.show(call.client, here.view, view)


async def on_values(call: Call) -> None:
    """The values of the field that a form is about, as one types."""
    here = payload.in_view(call.body)
    desk, draft = await _draft(call, here)
    subject = build.form_subject(desk, draft)
    found = values(subject.field, here.typed) if subject is not None and subject.field is not None else ()
    await offer(call, found)


async def on_properties(call: Call) -> None:
    """What the rows of an event can be narrowed by, as one types."""
    here = payload.in_view(call.body)
    desk, draft = await _draft(call, here)
    name = build.event_of(draft.pending.node) if draft.pending is not None else None
    event = desk.house.catalog.event(name) if name else None
    await offer(call, properties(event, here.typed) if event is not None else ())


async def on_filter(call: Call) -> None:
    """Narrow the rows of an event by a property, change such a filter, or drop it."""
    await call.ack()
    here = payload.in_view(call.body)
    desk, actor, draft = call.deps.desk, here.actor, here.origin.request
    await build.live(desk, actor, draft, here.values)
    pick = here.pick if here.value.startswith("p|") else None
    if pick is not None and pick.verb == "filter_drop":
        await build.drop_filter(desk, actor, draft, pick.key)
        await draw_form(call, actor, here.view, here.origin, here.values)
    elif pick is not None:
        await open_form(call, here, lambda: build.filter_rows(desk, actor, draft, "", pick.key))
    else:
        await open_form(call, here, lambda: build.filter_rows(desk, actor, draft, here.value, None), fresh=True)


async def _draft(call: Call, here: InView) -> tuple[Desk, Draft]:
    desk = await call.deps.desk.at_home(here.actor.team)
    return desk, await desk.store.drafts.get(here.actor.team, here.actor.user, here.origin.request)
