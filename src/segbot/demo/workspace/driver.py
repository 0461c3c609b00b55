"""A person without a browser: what a test or a demo script does in the workspace, in one line each.

People may be named by id or name, channels by id or name (with or without `#`); `@maya` is her direct message
with the app.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from segbot.demo.workspace import interact, shapes, submit
from segbot.demo.workspace.browser import Browser
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.forms import FIELDS, find_element
from segbot.demo.workspace.post import elements_of, walk_blocks
from segbot.demo.workspace.state import Json, View


class Driver:
    """Acts and looks as people do; part of `Workspace`."""

    core: Core

    # ---- names

    def user_id(self, who: str) -> str:
        wanted = who.removeprefix("@")
        for person in self.core.state.people.values():
            if wanted in (person.id, person.name):
                return person.id
        raise LookupError(f"nobody is called {who}")

    def channel_id(self, where: str) -> str:
        if where.startswith("@"):
            return self.core.state.open_im(self.user_id(where)).id
        channel = self.core.state.find_channel(where)
        if channel is None:
            raise LookupError(f"no channel is called {where}")
        return channel.id

    # ---- doing

    async def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Type a message; answers `{"ok": True, "ts": …}`."""
        return await interact.say(self.core, self.user_id(user), self.channel_id(channel), text, thread_ts)

    async def slash(self, user: str, channel: str, text: str) -> Json:
        """Type a command, `/segment women in Texas`; answers after the app acknowledged or failed to."""
        return await interact.say(self.core, self.user_id(user), self.channel_id(channel), text)

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        choice: Any = None,
        block_id: str | None = None,
        values: dict[str, Any] | None = None,
    ) -> Json:
        """Press a button, or choose `choice` (an option's value, a user, a date, …) in a message."""
        container = {"type": "message", "channel_id": self.channel_id(channel), "message_ts": ts}
        return await self._act(user, container, action_id, choice, block_id, values)

    async def click_view(
        self,
        user: str,
        action_id: str,
        choice: Any = None,
        view_id: str | None = None,
        block_id: str | None = None,
        values: dict[str, Any] | None = None,
    ) -> Json:
        """The same in the modal on top (or in the view given by id, such as a Home tab)."""
        view = self.core.state.views[view_id] if view_id else self._top(user)
        container = {"type": "view", "view_id": view.id}
        return await self._act(user, container, action_id, choice, block_id, values)

    async def submit(self, user: str, values: dict[str, Any] | None = None, view_id: str | None = None) -> Json:
        """Submit the modal on top; `values` maps action_ids to what is entered there."""
        view = self.core.state.views[view_id] if view_id else self._top(user)
        return await submit.submit(
            self.core, self.user_id(user), view.id, _state(view.payload["blocks"], view.values, values)
        )

    def close(self, user: str, everything: bool = False) -> None:
        """Close the modal on top, or all of them."""
        submit.close(self.core, self.user_id(user), self._top(user).id, everything)

    async def suggest(self, user: str, action_id: str, typed: str) -> Json:
        """Type into an external select of the modal on top; answers the app's options."""
        container = {"type": "view", "view_id": self._top(user).id}
        return await interact.suggest(self.core, self.user_id(user), container, action_id, None, typed)

    async def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> Json:
        """A global shortcut, or with channel and ts one from that message's menu."""
        kind = "message_action" if ts else "global"
        place = self.channel_id(channel) if channel else None
        return await interact.shortcut(self.core, self.user_id(user), callback_id, kind, place, ts)

    def react(self, user: str, channel: str, ts: str, name: str, add: bool = True) -> None:
        """Add or take away a reaction."""
        interact.react(self.core, self.user_id(user), self.channel_id(channel), ts, name, add)

    def open_home(self, user: str, tab: str = "home") -> Json | None:
        """Look at the app's Home tab; the view as it is now, or None."""
        return interact.open_home(self.core, self.user_id(user), tab)

    def emit(self, event: Json) -> None:
        """Send the app an event of the test's own making, if it is subscribed."""
        self.core.delivery.tell({"event_ts": self.core.state.new_ts(), **event})

    async def run_function(self, callback_id: str, inputs: Json, timeout: float = 5.0) -> Json:
        """Run a workflow step of the app; answers `{"outputs": …}` or `{"error": …}`."""
        execution_id = self.core.state.new_id("Fx")
        execution: Json = {"result": None}
        self.core.executions[execution_id] = execution
        self.emit(
            {
                "type": "function_executed",
                "function": {"id": self.core.state.new_id("Fn"), "callback_id": callback_id, "type": "app"},
                "inputs": inputs,
                "function_execution_id": execution_id,
                "workflow_execution_id": self.core.state.new_id("Wx"),
                "bot_access_token": self.core.config.bot_token,
            }
        )
        result: Json = await self.wait_until(lambda: execution["result"], timeout, "the step to complete")
        return result

    # ---- looking

    def messages(self, channel: str, thread_ts: str | None = None, user: str | None = None) -> list[Json]:
        """The messages of a channel or thread, oldest first; with `user`, also those only they see."""
        viewer = self.user_id(user) if user else ""
        return Browser(self.core).messages(viewer, self.channel_id(channel), thread_ts)

    def modal(self, user: str) -> Json | None:
        """The modal on top of this person's stack."""
        stack = self.core.state.stack(self.user_id(user))
        return shapes.view(self.core, self.core.state.views[stack[-1]]) if stack else None

    def home(self, user: str) -> Json | None:
        """The published Home tab."""
        view = self.core.state.views.get(self.core.state.homes.get(self.user_id(user), ""))
        return shapes.view(self.core, view) if view else None

    async def wait_for_message(
        self,
        channel: str,
        contains: str | Callable[[Json], bool] = "",
        *,
        thread_ts: str | None = None,
        user: str | None = None,
        after: str = "0",
        timeout: float = 5.0,
    ) -> Json:
        """The newest message that fits: its text and blocks contain the words, or the function says yes."""

        def fits(message: Json) -> bool:
            if callable(contains):
                return contains(message)
            return contains in message_words(message)

        def look() -> Json | None:
            found = [m for m in self.messages(channel, thread_ts, user) if m["ts"] > after and fits(m)]
            return found[-1] if found else None

        found: Json = await self.wait_until(look, timeout, f"a message in {channel} with {contains!r}")
        return found

    async def wait_for_modal(self, user: str, title: str = "", timeout: float = 5.0) -> Json:
        """The modal on top, once there is one whose title contains these words."""

        def look() -> Json | None:
            view = self.modal(user)
            return view if view and title in view["title"]["text"] else None

        found: Json = await self.wait_until(look, timeout, f"a modal titled {title!r} for {user}")
        return found

    async def wait_until(self, look: Callable[[], Any], timeout: float, what: str) -> Any:
        """The first true answer of `look`, asked again after every change; TimeoutError otherwise."""
        deadline = asyncio.get_running_loop().time() + timeout
        while not (found := look()):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                raise TimeoutError(f"waited {timeout} s for {what}")
            await self.core.hub.changed(min(left, 0.1))
        return found

    # ---- parts

    async def _act(
        self,
        user: str,
        container: Json,
        action_id: str,
        choice: Any,
        block_id: str | None,
        values: dict[str, Any] | None,
    ) -> Json:
        person = self.user_id(user)
        source = interact.find_source(self.core, person, container)
        found = find_element(source.blocks, block_id, action_id)
        if found is None:
            raise LookupError(f"no element {action_id!r} here")
        action = {"action_id": action_id, "block_id": found[0]["block_id"]}
        if found[1]["type"] in FIELDS:
            action |= _entered(found[1], choice)
        elif choice is not None:
            action["value"] = choice
        kept = source.view.values if source.view is not None else {}
        state = _state(source.blocks, kept, values)
        if found[1]["type"] in FIELDS and found[1]["type"] != "overflow":  # what was chosen stands in the state too
            state.setdefault(found[0]["block_id"], {})[action_id] = _entered(found[1], choice)
        return await interact.act(self.core, person, container, action, state)

    def _top(self, user: str) -> View:
        stack = self.core.state.stack(self.user_id(user))
        if not stack:
            raise LookupError(f"{user} has no modal open")
        return self.core.state.views[stack[-1]]


def _state(blocks: list[Json], kept: Json, values: dict[str, Any] | None) -> Json:
    """What stands in the inputs: what was there, overlaid with `values` by action_id."""
    entered: Json = {block_id: dict(inner) for block_id, inner in kept.items()}
    for action_id, value in (values or {}).items():
        found = find_element(blocks, None, action_id)
        if found is None:
            raise LookupError(f"no input {action_id!r} here")
        entered.setdefault(found[0]["block_id"], {})[action_id] = _entered(found[1], value)
    return entered


def _entered(element: Json, value: Any) -> Json:
    """A value as a state holds it: options by their value, lists as lists."""
    key, _ = FIELDS[element["type"]]
    if key == "selected_option" and isinstance(value, str):
        value = _option(element, value)
    elif key == "selected_options" and isinstance(value, list | tuple):
        value = [_option(element, v) if isinstance(v, str) else v for v in value]
    return {"type": element["type"], key: value}


def _option(element: Json, value: str) -> Json:
    for group in element.get("option_groups") or [element]:
        for option in group.get("options", []):
            if option["value"] == value:
                found: Json = option
                return found
    return {"text": {"type": "plain_text", "text": value}, "value": value}  # an external select's choice


def message_words(message: Json) -> str:
    """All words a person reads in a message: its text and the texts in its blocks."""
    found = [message.get("text", "")]

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            text = value.get("text")
            if isinstance(text, str):
                found.append(text)
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    collect(message.get("blocks", []))
    collect([a.get("blocks", []) for a in message.get("attachments", [])])
    return "\n".join(found)


def actions_in(message: Json) -> dict[str, Json]:
    """The elements of a message or view by action_id: what a person could press."""
    return {
        element["action_id"]: element
        for block in walk_blocks(message.get("blocks", []))
        for element in elements_of(block)
        if "action_id" in element
    }
