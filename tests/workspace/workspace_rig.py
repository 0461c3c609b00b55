"""What the workspace is tested with: a small stock Bolt app, as anybody would write one, and a clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from segbot.demo.workspace import App, Command, Shortcut, Workspace, WorkspaceConfig

Json = dict[str, Any]


def button(text: str, action_id: str, value: str = "1") -> Json:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": text},
        "action_id": action_id,
        "value": value,
    }


def card(text: str) -> list[Json]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "block_id": "row", "elements": [button("Save", "save"), button("Slow", "sleep")]},
    ]


SAVE_MODAL: Json = {
    "type": "modal",
    "callback_id": "save",
    "title": {"type": "plain_text", "text": "Save"},
    "submit": {"type": "plain_text", "text": "Save"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "name", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "owner",
            "optional": True,
            "label": {"type": "plain_text", "text": "Owner"},
            "element": {"type": "external_select", "action_id": "owner", "min_query_length": 1},
        },
    ],
}


@dataclass
class Seen:
    """What the app received, for tests to look at."""

    bodies: list[Json] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    retries: list[tuple[int, str]] = field(default_factory=list)


def make_app(client: AsyncWebClient, signing_secret: str) -> tuple[AsyncApp, Seen]:
    app = AsyncApp(client=client, signing_secret=signing_secret, raise_error_for_unhandled_request=False)
    seen = Seen()

    @app.command("/segment")
    async def segment(ack: AsyncAck, body: Json, respond: AsyncRespond, client: AsyncWebClient) -> None:
        seen.bodies.append(body)
        match body["text"]:
            case "silent":
                return
            case "ack text":
                await ack("heard")
            case "ack in channel":
                await ack(text="for all", response_type="in_channel")
            case "many responses":
                await ack()
                for number in range(6):
                    answer = await respond(f"answer {number}")
                    if answer.status_code != 200:
                        await client.chat_postMessage(channel=body["channel_id"], text=f"{number}: {answer.body}")
            case text:
                await ack()
                await respond("Working on it")
                await client.chat_postMessage(channel=body["channel_id"], text=text, blocks=card(text))

    @app.action("save")
    async def save(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        seen.bodies.append(body)
        view = {**SAVE_MODAL, "private_metadata": f"{body['channel']['id']} {body['container']['message_ts']}"}
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.action("sleep")
    async def never(body: Json) -> None:
        seen.bodies.append(body)

    @app.options("owner")
    async def owners(ack: AsyncAck, payload: Json) -> None:
        names = [n for n in ("maya", "priya", "omar") if payload["value"] in n]
        await ack(options=[{"text": {"type": "plain_text", "text": n}, "value": n} for n in names])

    @app.view("save")
    async def submitted(ack: AsyncAck, body: Json, view: Json, client: AsyncWebClient) -> None:
        seen.bodies.append(body)
        name = view["state"]["values"]["name"]["name"]["value"]
        if name == "taken":
            await ack(response_action="errors", errors={"name": "That name is taken."})
            return
        await ack()
        channel, ts = view["private_metadata"].split()
        await client.chat_update(channel=channel, ts=ts, text=f"Saved as {name}", blocks=card(f"Saved as {name}"))
        await client.files_upload_v2(
            channel=channel, thread_ts=ts, filename="ids.csv", content="id\n1\n", initial_comment="The list"
        )

    @app.view_closed("save")
    async def closed(ack: AsyncAck, body: Json) -> None:
        await ack()
        seen.bodies.append(body)

    @app.event("app_mention")
    async def mention(event: Json, say: Any, request: Any) -> None:
        seen.events.append(event)
        seen.retries.append(
            (int(_first(request.headers, "x-slack-retry-num") or 0), _first(request.headers, "x-slack-retry-reason"))
        )
        if "quiet" not in event["text"]:
            await say(text="You called?", thread_ts=event["ts"])

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        seen.events.append(event)
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Your segments"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("message")
    async def message(event: Json) -> None:
        seen.events.append(event)

    @app.event("reaction_added")
    async def reaction(event: Json) -> None:
        seen.events.append(event)

    @app.shortcut("quick")
    async def quick(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        seen.bodies.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=SAVE_MODAL)

    return app, seen


def _first(headers: dict[str, list[str]], name: str) -> str:
    return (headers.get(name) or [""])[0]


APP = App(
    commands=(Command("/segment", "Count customers", "women in Texas"), Command("/unheard")),
    shortcuts=(
        Shortcut("Quick", "quick"),
        Shortcut("Segment this", "quick", "message_action"),
    ),
)
CONFIG = WorkspaceConfig(
    app=APP, app_token="xapp-1-A0SEGBOT-test", ack_seconds=1.5, trigger_seconds=1.5, retry_delays=(0.0, 0.05, 0.1)
)


class Clock:
    """A clock that a test can move on."""

    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        return 1_760_000_000.0 + asyncio.get_event_loop().time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds


@dataclass
class Connected:
    """A workspace and the app that is connected to it."""

    ws: Workspace
    app: AsyncApp
    seen: Seen
