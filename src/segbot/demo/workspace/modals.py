"""Modals and Home tabs: opening with a trigger, the stack of three, hashes, and what a submission leads to."""

from __future__ import annotations

import json
import secrets
from typing import Any

from segbot.demo.workspace import shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.forms import values
from segbot.demo.workspace.post import refusal, with_ids
from segbot.demo.workspace.state import Json, Refused, View
from segbot.slack.blockcheck import check_view

STACK = 3
VIEW_BYTES = 250_000


def checked(core: Core, payload: Any, kind: str) -> Json:
    """A view payload as the app gave it, with ids filled in; raises Refused as Slack would."""
    if not isinstance(payload, dict):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]})
    problems = check_view(payload)
    if payload.get("type") != kind:
        raise Refused(
            "invalid_arguments",
            response_metadata={"messages": [f"[ERROR] must be a {kind} [json-pointer:/view/type]"]},
        )
    if problems:
        raise refusal("invalid_arguments", problems)
    if len(json.dumps(payload)) > VIEW_BYTES:
        raise Refused("view_too_large")
    return {**payload, "blocks": with_ids(payload["blocks"])}


def open_view(core: Core, trigger_id: str, payload: Any) -> View:
    """views.open: a new stack with this view alone."""
    trigger = core.state.check_trigger(trigger_id)
    body = checked(core, payload, "modal")
    _refuse_taken_external_id(core, body, None)
    trigger.used = True
    close_all(core, trigger.user)
    return _place(core, trigger.user, body, None, "view_open")


def push_view(core: Core, trigger_id: str, payload: Any) -> View:
    """views.push: on top of the modal the trigger came from."""
    trigger = core.state.check_trigger(trigger_id)
    body = checked(core, payload, "modal")
    stack = core.state.stack(trigger.user)
    if not stack or trigger.view_id not in stack:
        raise Refused("not_found")
    if len(stack) >= STACK:
        raise Refused("push_limit_reached")
    _refuse_taken_external_id(core, body, None)
    trigger.used = True
    return _place(core, trigger.user, body, core.state.views[stack[-1]], "view_push")


def update_view(core: Core, view: View, payload: Any, hash_: str | None = None) -> View:
    """views.update: other content in the same place."""
    body = checked(core, payload, str(view.payload["type"]))
    if hash_ is not None and hash_ != view.hash:
        raise Refused("hash_conflict")
    _refuse_taken_external_id(core, body, view.id)
    view.payload = body
    view.hash = new_hash(core)
    view.values = values(body["blocks"], view.values)
    core.state.put_view(view)
    kind = "home" if body["type"] == "home" else "view_update"
    core.hub.push([view.user], {"type": kind, "view": shapes.view(core, view)})
    return view


def publish_home(core: Core, user: str, payload: Any, hash_: str | None = None) -> View:
    """views.publish: the Home tab of one person."""
    if user not in core.state.people:
        raise Refused("user_not_found")
    existing = core.state.views.get(core.state.homes.get(user, ""))
    if existing is not None:
        return update_view(core, existing, payload, hash_)
    body = checked(core, payload, "home")
    view_id = core.state.new_id("V")
    view = View(view_id, user, body, new_hash(core), view_id, values=values(body["blocks"], {}))
    core.state.put_view(view)
    core.hub.push([user], {"type": "home", "view": shapes.view(core, view)})
    return view


def push_answered(core: Core, parent: View, payload: Any) -> View:
    """`response_action: push`: no trigger needed, the submission was the permission."""
    body = checked(core, payload, "modal")
    if len(core.state.stack(parent.user)) >= STACK:
        raise Refused("push_limit_reached")
    return _place(core, parent.user, body, parent, "view_push")


def close_top(core: Core, view: View) -> list[View]:
    """Close this view (and whatever lies above it); the one below is seen again."""
    stack = core.state.stack(view.user)
    if view.id not in stack:
        return []
    at = stack.index(view.id)
    closed = [core.state.views[view_id] for view_id in reversed(stack[at:])]
    del stack[at:]
    for one in closed:
        core.hub.push([view.user], {"type": "view_close", "view_id": one.id})
        del core.state.views[one.id]
    return closed


def close_all(core: Core, user: str) -> list[View]:
    """Close the whole stack."""
    stack = core.state.stack(user)
    return close_top(core, core.state.views[stack[0]]) if stack else []


def find_view(core: Core, view_id: str | None, external_id: str | None) -> View:
    """The open view an update is meant for."""
    for view in core.state.views.values():
        if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
            return view
    raise Refused("not_found")


def new_hash(core: Core) -> str:
    return f"{int(core.state.now())}.{secrets.token_hex(4)}"


def _place(core: Core, user: str, body: Json, below: View | None, push: str) -> View:
    view_id = core.state.new_id("V")
    view = View(
        view_id,
        user,
        body,
        new_hash(core),
        below.root_view_id if below else view_id,
        below.id if below else None,
        values(body["blocks"], {}),
    )
    core.state.put_view(view)
    core.state.stack(user).append(view_id)
    core.hub.push([user], {"type": push, "view": shapes.view(core, view)})
    return view


def _refuse_taken_external_id(core: Core, body: Json, own: str | None) -> None:
    wanted = body.get("external_id")
    if wanted and any(v.external_id == wanted and v.id != own for v in core.state.views.values()):
        raise Refused("duplicate_external_id")
