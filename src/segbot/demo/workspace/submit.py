"""Submitting and closing modals: the form's own checks, the app's answer, and the stack afterwards."""

from __future__ import annotations

from segbot.demo.workspace import modals, shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.deliver import Unanswered
from segbot.demo.workspace.forms import client_errors, inputs, values
from segbot.demo.workspace.interact import common_payload, person_of
from segbot.demo.workspace.state import Json, Refused, View

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(core: Core, user: str, view_id: str, entered: Json) -> Json:
    """Submit the modal on top; answers what the page does next."""
    view = _own(core, user, view_id)
    if core.state.stack(user)[-1:] != [view_id]:
        raise Refused("view_not_found", status=404)
    view.values = values(view.payload["blocks"], entered)
    errors = client_errors(view.payload["blocks"], view.values)
    if errors:
        return {"response_action": "errors", "errors": errors}
    payload = common_payload(core, user) | {
        "type": "view_submission",
        "trigger_id": core.state.new_trigger(user, view.id),
        "view": shapes.view(core, view),
        "response_urls": _response_urls(core, view),
    }
    answer = await core.delivery.ask("interactive", payload)
    if isinstance(answer, Unanswered):
        return _trouble(answer.error)
    try:
        return _follow(core, view, answer.body)
    except Refused as refused:
        return _trouble(refused.error)


def close(core: Core, user: str, view_id: str, everything: bool = False) -> None:
    """Close a modal, or the whole stack; the app hears of those that asked for it."""
    view = _own(core, user, view_id)
    clear = everything or bool(view.payload.get("clear_on_close"))
    closed = modals.close_all(core, user) if clear else modals.close_top(core, view)
    for one in closed:
        if one.payload.get("notify_on_close"):
            payload = common_payload(core, user) | {
                "type": "view_closed",
                "view": shapes.view(core, one),
                "is_cleared": clear,
            }
            core.delivery.spawn(core.delivery.ask("interactive", payload))


def _own(core: Core, user: str, view_id: str) -> View:
    person_of(core, user)
    view = core.state.views.get(view_id)
    if view is None or view.user != user or view_id not in core.state.stack(user):
        raise Refused("view_not_found", status=404)
    return view


def _follow(core: Core, view: View, body: Json) -> Json:
    """Do what the app answered to a submission."""
    match body.get("response_action"):
        case None:
            modals.close_top(core, view)
            return {"response_action": "close"}
        case "clear":
            modals.close_all(core, view.user)
            return {"response_action": "clear"}
        case "errors":
            return {"response_action": "errors", "errors": _known_errors(view, body.get("errors"))}
        case "update":
            changed = modals.update_view(core, view, body.get("view"))
            return {"response_action": "update", "view": shapes.view(core, changed)}
        case "push":
            pushed = modals.push_answered(core, view, body.get("view"))
            return {"response_action": "push", "view": shapes.view(core, pushed)}
        case _:
            raise Refused("invalid_response_action")


def _known_errors(view: View, errors: object) -> dict[str, str]:
    """Errors must name input blocks of this view, each with a text."""
    known = {block["block_id"] for block, _ in inputs(view.payload["blocks"]) if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        raise Refused("invalid_errors")
    return {block_id: str(text) for block_id, text in errors.items()}


def _trouble(error: str) -> Json:
    return {"response_action": "timeout", "error": error, "message": TROUBLE}


def _response_urls(core: Core, view: View) -> list[Json]:
    """For each select that asked for it: where the app may answer into the chosen conversation."""
    urls: list[Json] = []
    for block, element in inputs(view.payload["blocks"]):
        chosen = view.values[block["block_id"]][element["action_id"]]
        channel = chosen.get("selected_conversation") or chosen.get("selected_channel")
        if element.get("response_url_enabled") and channel in core.state.channels:
            key = core.state.new_response_url(view.user, channel)
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": f"{core.url}/response/{key}",
                }
            )
    return urls
