"""What the browser page is tested with: a stock Bolt app that uses most of what a page must show, and a browser."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from segbot.demo.workspace import App, Command, Shortcut, WorkspaceConfig

Json = dict[str, Any]

STATES = ("California", "Colorado", "Connecticut", "New York", "Texas")
PRODUCTS = ("Running shoes", "Rain jacket", "Road bike")
PAGE_CONFIG = WorkspaceConfig(
    app=App(
        commands=(Command("/segment", "Find and count customers", "women in California"), Command("/silent")),
        shortcuts=(Shortcut("New segment", "new"), Shortcut("Make a segment of this", "from", "message_action")),
    ),
    ack_seconds=2.0,
    retry_delays=(),
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower().replace(" ", "_")}


def section(text: str, accessory: Json | None = None, block_id: str | None = None) -> Json:
    block: Json = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return block | ({"accessory": accessory} if accessory else {}) | ({"block_id": block_id} if block_id else {})


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": action_id, **more}


def text_input(label: str, block_id: str, **element: Any) -> Json:
    inner = {"type": "plain_text_input", "action_id": block_id, **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": inner}


def card(sentence: str) -> list[Json]:
    """A card as segbot posts it, with a select, and one button that only Priya sees."""
    select = {"type": "static_select", "action_id": "state", "options": [option(s) for s in STATES]}
    buttons = [
        button("Preview", "preview"),
        button("Save", "save", style="primary"),
        button("Approve", "approve", visible_to_user_ids=["U0PRIYA"]),
        button("Slow", "slow"),
        button("Update", "update"),
    ]
    return [
        section(f"&gt; {sentence}\n*112 customers*"),
        section("Narrow to", {**select, "placeholder": plain("A state")}, "narrow"),
        {"type": "actions", "block_id": "row", "elements": buttons},
    ]


def save_modal(hint: str = "Shown in lists") -> Json:
    """The modal that the tests fill in; `check` is what a views.update changes."""
    return {
        "type": "modal",
        "callback_id": "save",
        "title": plain("Save segment"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": [
            text_input("Name", "name", max_length=60),
            {**text_input("Note", "note", multiline=True, initial_value="as found"), "optional": True},
            {
                "type": "input",
                "block_id": "product",
                "optional": True,
                "label": plain("Product"),
                "element": {"type": "external_select", "action_id": "product", "min_query_length": 2},
            },
            {
                "type": "input",
                "block_id": "list",
                "optional": True,
                "label": plain("List"),
                "element": {"type": "file_input", "action_id": "list"},
            },
            section(hint, block_id="hint"),
            {"type": "actions", "block_id": "more", "elements": [button("Details", "push"), button("Check", "check")]},
        ],
    }


DETAILS: Json = {
    "type": "modal",
    "callback_id": "details",
    "title": plain("Details"),
    "submit": plain("Done"),
    "blocks": [text_input("Reason", "reason")],
}


@dataclass
class Heard:
    """What the app received, by kind."""

    commands: list[Json] = field(default_factory=list)
    clicks: list[Json] = field(default_factory=list)
    submissions: list[Json] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    shortcuts: list[Json] = field(default_factory=list)


def make_page_app(client: AsyncWebClient) -> tuple[AsyncApp, Heard]:
    app = AsyncApp(client=client, signing_secret="unused", raise_error_for_unhandled_request=False)
    heard = Heard()
    _commands_and_events(app, heard)
    _clicks(app, heard)
    _modals(app, heard)
    return app, heard


def _commands_and_events(app: AsyncApp, heard: Heard) -> None:
    @app.command("/segment")
    async def segment(ack: AsyncAck, body: Json, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        heard.commands.append(body)
        if not body["text"]:
            await respond("Try `women in California`.")
            return
        await client.chat_postMessage(channel=body["channel_id"], text=body["text"], blocks=card(body["text"]))

    @app.event("message")
    async def message(event: Json) -> None:
        heard.messages.append(event)

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            blocks = [section(f"Segments of <@{event['user']}>", button("New", "new_home"))]
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.shortcut("from")
    async def shortcut(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        heard.shortcuts.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=save_modal(body["message"]["text"]))


def _clicks(app: AsyncApp, heard: Heard) -> None:
    @app.action("preview")
    async def preview(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        heard.clicks.append(body)
        channel, user = body["channel"]["id"], body["user"]["id"]
        await client.chat_postEphemeral(channel=channel, user=user, text="The first 100")

    @app.action("slow")
    async def slow(ack: AsyncAck) -> None:
        await asyncio.sleep(5)

    @app.action("update")
    async def update(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        await client.chat_update(channel=channel, ts=ts, text="new", blocks=card("only Texas"))

    @app.action("state")
    @app.action("approve")
    @app.action("new_home")
    async def noted(ack: AsyncAck, body: Json) -> None:
        await ack()
        heard.clicks.append(body)


def _modals(app: AsyncApp, heard: Heard) -> None:
    @app.action("save")
    async def save(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=save_modal())

    @app.action("push")
    async def push(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=DETAILS)

    @app.action("check")
    async def check(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        heard.clicks.append(body)
        await client.views_update(view_id=body["view"]["id"], view=save_modal("112 customers now"))

    @app.options("product")
    async def products(ack: AsyncAck, payload: Json) -> None:
        await ack(options=[option(p) for p in PRODUCTS if payload["value"].lower() in p.lower()])

    @app.view("save")
    async def submitted(ack: AsyncAck, body: Json, view: Json, client: AsyncWebClient) -> None:
        heard.submissions.append(body)
        name = view["state"]["values"]["name"]["name"]["value"]
        if name == "slow":
            await asyncio.sleep(5)
        elif name == "taken":
            await ack(response_action="errors", errors={"name": "That name is taken."})
        elif name == "more":
            await ack(response_action="push", view=DETAILS)
        else:
            await ack()
            await client.chat_postMessage(channel="C0MARKETING", text=f"Saved *{name}*")

    @app.view("details")
    async def details(ack: AsyncAck, body: Json) -> None:
        heard.submissions.append(body)
        await ack()
