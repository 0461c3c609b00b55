"""chat.startStream, appendStream, stopStream: a message that grows, with tasks that advance."""

from __future__ import annotations

from typing import Any

from segbot.demo.workspace import post, shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.limits import TIER_2, TIER_4
from segbot.demo.workspace.methods.chat import count_post, own, thread_of, writable
from segbot.demo.workspace.state import Json, Message, Refused
from segbot.demo.workspace.webapi import Args, method, missing
from segbot.slack.blockcheck import check_blocks

MARKDOWN = 12_000


@method("chat.startStream", TIER_2, "chat:write")
def start(core: Core, args: Args) -> Json:
    channel = writable(args)
    args.need("thread_ts")
    if channel.kind != "im":
        for name in ("recipient_user_id", "recipient_team_id"):
            if args.text(name) is None:
                raise Refused(f"missing_{name}")
    mode = args.text("task_display_mode") or "timeline"
    if mode not in ("timeline", "plan"):
        raise Refused("invalid_arguments")
    stream: Json = {
        "state": "in_progress",
        "markdown": "",
        "tasks": {},
        "plan": None,
        "blocks": [],
        "mode": mode,
    }
    message = Message(
        channel.id,
        core.state.new_ts(),
        core.state.bot,
        is_bot=True,
        thread_ts=thread_of(args, channel),
        stream=stream,
    )
    _grow(message, args)
    count_post(core, channel)
    post.publish(core, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream", TIER_4, "chat:write")
def append(core: Core, args: Args) -> Json:
    message = _streaming(args)
    if args.text("markdown_text") is None and not args.get("chunks"):
        raise missing("markdown_text")
    before = shapes.message(core, message)
    _grow(message, args)
    post.change(core, message, before)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.stopStream", TIER_2, "chat:write")
def stop(core: Core, args: Args) -> Json:
    message = _streaming(args)
    before = shapes.message(core, message)
    last = args.get("blocks") or []
    problems = check_blocks(last, "message")
    if problems:
        raise post.refusal("invalid_blocks", problems)
    _grow(message, args)
    assert message.stream is not None
    message.stream["state"] = "completed"
    message.blocks += post.with_ids(last)
    if args.get("metadata") is not None:
        message.metadata = args.get("metadata")
    post.change(core, message, before)
    return {"channel": message.channel, "ts": message.ts, "message": shapes.message(core, message)}


def _streaming(args: Args) -> Message:
    message = own(args, args.channel(), "message_not_owned_by_app")
    if message.stream is None or message.stream["state"] != "in_progress":
        raise Refused("message_not_in_streaming_state")
    return message


def _grow(message: Message, args: Args) -> None:
    """Take in the new text and chunks, and lay the whole message out anew."""
    stream = message.stream
    assert stream is not None
    chunks: list[Any] = list(args.get("chunks") or [])
    text = args.text("markdown_text")
    if text is not None:
        chunks.append({"type": "markdown_text", "text": text})
    for chunk in chunks:
        _take(stream, chunk if isinstance(chunk, dict) else {})
    message.text = stream["markdown"]
    message.blocks = post.with_ids(_layout(stream))


def _take(stream: Json, chunk: Json) -> None:
    match chunk.get("type"):
        case "markdown_text":
            if len(str(chunk.get("text", ""))) > MARKDOWN:
                raise Refused("msg_too_long")
            stream["markdown"] += str(chunk.get("text", ""))
        case "plan_update":
            stream["plan"] = str(chunk.get("title", ""))
        case "task_update" if chunk.get("id") and chunk.get("title"):
            task = stream["tasks"].setdefault(str(chunk["id"]), {})
            task |= {k: v for k, v in chunk.items() if k not in ("type", "id") and v is not None}
        case "blocks":
            problems = check_blocks(chunk.get("blocks"), "message")
            if problems:
                raise post.refusal("invalid_blocks", problems)
            stream["blocks"] += chunk["blocks"]
        case _:
            raise Refused("invalid_chunks")


def _layout(stream: Json) -> list[Json]:
    """Tasks first, then the text, then whatever blocks came."""
    tasks = [
        {
            "type": "task_card",
            "task_id": task_id,
            "title": task["title"],
            "status": task.get("status", "pending"),
            **{name: _rich(task[name]) for name in ("details", "output") if task.get(name)},
            **({"sources": task["sources"]} if task.get("sources") else {}),
        }
        for task_id, task in stream["tasks"].items()
    ]
    blocks: list[Json] = []
    if tasks and stream["mode"] == "plan":
        blocks.append({"type": "plan", "title": stream["plan"] or "Plan", "tasks": tasks})
    else:
        blocks += tasks
    if stream["markdown"]:
        blocks.append({"type": "markdown", "text": stream["markdown"]})
    return blocks + list(stream["blocks"])


def _rich(text: Any) -> Json:
    part = {"type": "text", "text": str(text)}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [part]}]}
