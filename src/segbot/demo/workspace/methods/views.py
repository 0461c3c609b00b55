"""views.*: modals and Home tabs."""

from __future__ import annotations

from segbot.demo.workspace import modals, shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.limits import TIER_4
from segbot.demo.workspace.state import Json
from segbot.demo.workspace.webapi import Args, method


def _trigger(args: Args) -> str:
    return args.text("interactivity_pointer") or args.need("trigger_id")


@method("views.open", TIER_4)
def open_(core: Core, args: Args) -> Json:
    return {"view": shapes.view(core, modals.open_view(core, _trigger(args), args.get("view")))}


@method("views.push", TIER_4)
def push(core: Core, args: Args) -> Json:
    return {"view": shapes.view(core, modals.push_view(core, _trigger(args), args.get("view")))}


@method("views.update", TIER_4)
def update(core: Core, args: Args) -> Json:
    view = modals.find_view(core, args.text("view_id"), args.text("external_id"))
    return {"view": shapes.view(core, modals.update_view(core, view, args.get("view"), args.text("hash")))}


@method("views.publish", TIER_4)
def publish(core: Core, args: Args) -> Json:
    view = modals.publish_home(core, args.need("user_id"), args.get("view"), args.text("hash"))
    return {"view": shapes.view(core, view)}
