"""files.*: the two-step upload, and what became of a file."""

from __future__ import annotations

from typing import Any

from segbot.demo.workspace import interact, post, shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.limits import TIER_4
from segbot.demo.workspace.state import Channel, Json, Message, Refused, StoredFile
from segbot.demo.workspace.webapi import Args, method, missing


@method("files.getUploadURLExternal", TIER_4, "files:write")
def get_upload_url(core: Core, args: Args) -> Json:
    name, length = args.need("filename"), args.number("length", 0)
    if length <= 0:
        raise missing("length")
    file = StoredFile(
        core.state.new_id("F"),
        name,
        core.state.bot,
        int(core.state.now()),
        alt_txt=args.text("alt_txt") or "",
        expected=length,
    )
    core.state.put_file(file)
    ticket = core.state.new_id("UP")
    core.uploads[ticket] = file.id
    return {"upload_url": f"{core.url}/upload/v1/{ticket}", "file_id": file.id}


@method("files.completeUploadExternal", TIER_4, "files:write")
def complete(core: Core, args: Args) -> Json:
    given: Any = args.get("files")
    if not isinstance(given, list) or not given:
        raise missing("files")
    files = [_uploaded(core, entry) for entry in given]
    references = args.names("channels") or args.names("channel_id")
    channels = [_target(args, reference) for reference in references]
    for file, entry in zip(files, given, strict=True):
        file.title = str(entry.get("title") or file.name)
        file.completed = True
        core.state.put_file(file)
    if channels and not core.faults.take_unshared():
        for channel in channels:
            _share(core, args, files, channel)
    # As Slack does: the answer does not tell where the files were shared.
    plain = [{k: v for k, v in shapes.file(core, file).items() if k != "shares"} for file in files]
    return {"files": plain}


def _uploaded(core: Core, entry: Any) -> StoredFile:
    file = core.state.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
    if file is None or file.content is None:
        raise Refused("file_not_found")
    if file.completed:
        raise Refused("file_update_failed")
    return file


def _target(args: Args, reference: str) -> Channel:
    channel = args.core.state.find_channel(reference)
    if channel is None or (channel.is_private and args.core.state.bot not in channel.members):
        raise Refused("channel_not_found")
    if args.core.state.bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _share(core: Core, args: Args, files: list[StoredFile], channel: Channel) -> None:
    message = Message(
        channel.id,
        core.state.new_ts(),
        core.state.bot,
        args.text("initial_comment") or "",
        is_bot=True,
        thread_ts=args.text("thread_ts"),
        blocks=post.with_ids(args.get("blocks") or []),
        subtype="file_share",
        files=[file.id for file in files],
    )
    for file in files:
        file.shares.setdefault(channel.id, []).append(message.ts)
        core.state.put_file(file)
    post.publish(core, message)
    for file in files:
        interact.tell_file_shared(core, file, channel.id)


@method("files.info", TIER_4, "files:read")
def info(core: Core, args: Args) -> Json:
    file = core.state.files.get(args.need("file"))
    if file is None or not file.completed:
        raise Refused("file_not_found")
    visible = file.user == core.state.bot or any(
        core.state.bot in core.state.channels[channel].members for channel in file.shares
    )
    if not visible:
        raise Refused("file_not_found")
    return {"file": shapes.file(core, file)}


@method("files.delete", TIER_4, "files:write")
def delete(core: Core, args: Args) -> Json:
    file = core.state.files.get(args.need("file"))
    if file is None:
        raise Refused("file_not_found")
    if file.user != core.state.bot:
        raise Refused("cant_delete_file")
    core.state.drop_file(file)
    return {}
