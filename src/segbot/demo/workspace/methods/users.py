"""users.*, usergroups.*, team.info, bots.info, emoji.list: who and what there is."""

from __future__ import annotations

from segbot.demo.workspace import shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.limits import TIER_2, TIER_3, TIER_4
from segbot.demo.workspace.state import Json, Refused
from segbot.demo.workspace.webapi import Args, method, paged


def _user(core: Core, user_id: str) -> Json:
    if user_id == core.state.bot:
        return shapes.bot_user(core)
    person = core.state.people.get(user_id)
    if person is None:
        raise Refused("user_not_found")
    return shapes.user(core, person, email="users:read.email" in core.config.app.scopes)


@method("users.list", TIER_2, "users:read")
def list_(core: Core, args: Args) -> Json:
    everybody = [_user(core, user_id) for user_id in (*core.state.people, core.state.bot)]
    return {**paged(args, everybody, "members"), "cache_ts": int(core.state.now())}


@method("users.info", TIER_4, "users:read")
def info(core: Core, args: Args) -> Json:
    return {"user": _user(core, args.need("user"))}


@method("users.lookupByEmail", TIER_3, "users:read.email")
def lookup(core: Core, args: Args) -> Json:
    wanted = args.need("email").lower()
    for person in core.state.people.values():
        if person.email == wanted:
            return {"user": _user(core, person.id)}
    raise Refused("users_not_found")


@method("users.profile.get", TIER_4, "users.profile:read")
def profile(core: Core, args: Args) -> Json:
    return {"profile": _user(core, args.text("user") or core.state.bot)["profile"]}


@method("usergroups.list", TIER_2, "usergroups:read")
def groups(core: Core, args: Args) -> Json:
    found = [shapes.group(core, one) for one in core.config.groups]
    if not args.flag("include_users"):
        for one in found:
            one.pop("users")
    return {"usergroups": found}


@method("usergroups.users.list", TIER_2, "usergroups:read")
def group_users(core: Core, args: Args) -> Json:
    wanted = args.need("usergroup")
    for one in core.config.groups:
        if one.id == wanted:
            return {"users": list(one.users)}
    raise Refused("no_such_subteam")


@method("team.info", TIER_3, "team:read")
def team(core: Core, args: Args) -> Json:
    config = core.config
    return {
        "team": {
            "id": config.team_id,
            "name": config.team_name,
            "domain": config.team_domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


@method("bots.info", TIER_3, "users:read")
def bot(core: Core, args: Args) -> Json:
    app = core.config.app
    if args.text("bot") not in (None, app.bot_id):
        raise Refused("bot_not_found")
    return {
        "bot": {
            "id": app.bot_id,
            "deleted": False,
            "name": app.name,
            "updated": 0,
            "app_id": app.id,
            "user_id": app.bot_user_id,
            "icons": {},
        }
    }


@method("emoji.list", TIER_2, "emoji:read")
def emoji(core: Core, args: Args) -> Json:
    return {"emoji": {}, "cache_ts": str(int(core.state.now()))}
