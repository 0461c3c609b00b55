"""auth.test, apps.*, oauth.*, assistant.*, functions.*, blocks.validate: the app itself."""

from __future__ import annotations

from typing import Any

from segbot.demo.workspace.core import Core
from segbot.demo.workspace.limits import TIER_3, TIER_4
from segbot.demo.workspace.post import refusal
from segbot.demo.workspace.state import Json, Refused
from segbot.demo.workspace.webapi import Args, method, missing
from segbot.slack.blockcheck import Problem, check_blocks, check_message, check_view


@method("api.test", None, caller="anyone")
def api_test(core: Core, args: Args) -> Json:
    if args.text("error"):
        raise Refused(args.need("error"), args=args.values)
    return {"args": args.values}


@method("auth.test", 600)
def auth_test(core: Core, args: Args) -> Json:
    config = core.config
    return {
        "url": f"{core.url}/",
        "team": config.team_name,
        "user": config.app.name,
        "team_id": config.team_id,
        "user_id": config.app.bot_user_id,
        "bot_id": config.app.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", TIER_3)
def auth_revoke(core: Core, args: Args) -> Json:
    return {"revoked": False}  # the demo's one token stays valid, as with test=true


@method("apps.connections.open", 60, caller="app")
def connections_open(core: Core, args: Args) -> Json:
    return {"url": f"{core.url.replace('http', 'ws', 1)}/link/?ticket={core.sockets.ticket()}"}


@method("oauth.v2.access", TIER_4, caller="anyone")
def oauth_access(core: Core, args: Args) -> Json:
    config = core.config
    if args.text("client_id") != config.client_id:
        raise Refused("invalid_client_id")
    if args.text("client_secret") != config.client_secret:
        raise Refused("bad_client_secret")
    user = core.codes.pop(args.need("code"), None)
    if user is None:
        raise Refused("invalid_code")
    return {
        "access_token": config.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(config.app.scopes)),
        "bot_user_id": config.app.bot_user_id,
        "app_id": config.app.id,
        "team": {"id": config.team_id, "name": config.team_name},
        "enterprise": None,
        "authed_user": {"id": user},
        "is_enterprise_install": False,
    }


@method("blocks.validate", None)
def blocks_validate(core: Core, args: Args) -> Json:
    kinds: dict[str, Any] = {name: args.get(name) for name in ("blocks", "message", "view")}
    given = [name for name, value in kinds.items() if value is not None]
    if len(given) != 1:
        raise missing("blocks")
    name = given[0]
    value = kinds[name]
    match name:
        case "blocks":
            problems = check_blocks(value, "message")
        case "message":
            # Slack's own method does not ask for a fallback text.
            found = check_message(value) if isinstance(value, dict) else [Problem("/", "wrong_type", "")]
            problems = [problem for problem in found if problem.code != "no_text"]
        case _:
            problems = check_view(value)
    if problems:
        raise Refused(
            f"invalid_{name}",
            errors=[{"pointer": p.pointer, "code": p.code, "message": p.message} for p in problems],
            response_metadata=refusal("", problems).fields["response_metadata"],
        )
    return {}


# ---- agents ----------------------------------------------------------------------------------------------


@method("assistant.threads.setStatus", 60, "assistant:write chat:write", per_channel=True)
def set_status(core: Core, args: Args) -> Json:
    return _thread(core, args, {"status": str(args.get("status") or "")})


@method("assistant.threads.setTitle", TIER_3, "assistant:write")
def set_title(core: Core, args: Args) -> Json:
    return _thread(core, args, {"title": args.need("title")})


@method("assistant.threads.setSuggestedPrompts", TIER_3, "assistant:write")
def set_prompts(core: Core, args: Args) -> Json:
    prompts = args.get("prompts")
    valid = isinstance(prompts, list) and all(
        isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts
    )
    if not valid or len(prompts) > 4:
        raise Refused("invalid_arguments")
    return _thread(core, args, {"prompts": prompts, "title": args.text("title")})


def _thread(core: Core, args: Args, change: Json) -> Json:
    channel = args.channel("channel_id")
    if core.state.bot not in channel.members:
        raise Refused("not_in_channel")
    push = {"type": "status", "channel": channel.id, "thread_ts": args.text("thread_ts"), **change}
    core.hub.push(core.state.viewers(channel), push)
    return {}


# ---- workflow steps --------------------------------------------------------------------------------------


@method("functions.completeSuccess", TIER_3)
def complete_success(core: Core, args: Args) -> Json:
    return _complete(core, args, {"outputs": args.get("outputs") or {}})


@method("functions.completeError", TIER_3)
def complete_error(core: Core, args: Args) -> Json:
    return _complete(core, args, {"error": args.need("error")})


def _complete(core: Core, args: Args, result: Json) -> Json:
    execution = core.executions.get(args.need("function_execution_id"))
    if execution is None:
        raise Refused("function_execution_not_found")
    if execution.get("result") is not None:
        raise Refused("function_execution_completed")
    execution["result"] = result
    core.hub.wake()
    return {}
