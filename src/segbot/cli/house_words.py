"""`segbot dictionary` and `segbot feedback`: what people said in Slack, listed and exported for those who keep the catalog."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
import yaml
from rich.console import Console
from rich.markup import escape

from segbot.cli.ask import moment
from segbot.cli.parts import CatalogOption, StoreOption, house_of, settings_with
from segbot.errors import ConfigurationError
from segbot.flows.desk import open_store
from segbot.flows.feedback import as_corpus
from segbot.settings import Settings
from segbot.store.database import Store
from segbot.store.dictionary import HouseTerm
from segbot.store.feedback import Opinion

dictionary = typer.Typer(no_args_is_help=True, help="The words that people defined in Slack.")
feedback = typer.Typer(no_args_is_help=True, help="What people thought of answers.")
out = Console(highlight=False)

TeamOption = Annotated[str | None, typer.Option("--team", help="The Slack workspace's id, where there are several.")]

T = TypeVar("T")


@dictionary.command("list")
def list_terms(store: StoreOption = None, team: TeamOption = None) -> None:
    """Every word in use: what it means, who said so and when."""
    for term in _in_store(settings_with(store=store), lambda its: _terms(its, team)):
        when = f"{term.created_at:%Y-%m-%d %H:%M} UTC"
        out.print(f"[bold]{escape(term.term)}[/]: {escape(term.means)}", soft_wrap=True)
        out.print(f"  {escape(term.author)}, {when}, workspace {escape(term.team)}", style="dim", soft_wrap=True)


@dictionary.command("remove")
def remove_term(
    word: Annotated[str, typer.Argument(help="The word.")],
    store: StoreOption = None,
    team: TeamOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Take a word out of use. Cards and segments that used it keep their meaning."""
    settings = settings_with(store=store)
    named = word.casefold()
    found = [t for t in _in_store(settings, lambda its: _terms(its, team)) if t.term.casefold() == named]
    if len(found) > 1:
        raise ConfigurationError(f"Several workspaces define “{word}”. Name one with --team.")
    if not found:
        raise ConfigurationError(f"“{word}” is not in the dictionary. `segbot dictionary list` shows what is.")
    if not yes:
        typer.confirm(f"“{found[0].term}” means “{found[0].means}”. Remove it?", abort=True)
    _in_store(settings, lambda its: _retire(its, found[0]))
    out.print(f"“{escape(found[0].term)}” is removed.")


@dictionary.command("export")
def export_terms(store: StoreOption = None, team: TeamOption = None) -> None:
    """Print the words as the `dictionary:` of a catalog file."""
    terms = _in_store(settings_with(store=store), lambda its: _terms(its, team))
    entries = {
        _key(term): {"words": list(term.words), "means": term.means, **({"note": term.note} if term.note else {})}
        for term in terms
    }
    typer.echo(yaml.safe_dump({"dictionary": entries}, allow_unicode=True, sort_keys=False, width=120), nl=False)


@feedback.command("export")
def export_feedback(
    store: StoreOption = None,
    catalog: CatalogOption = None,
    team: TeamOption = None,
    since: Annotated[str | None, typer.Option(help="From this moment on (ISO); everything when not given.")] = None,
    all: Annotated[bool, typer.Option("--all", help="Thumbs up too, not only thumbs down.")] = False,
) -> None:
    """Print what people judged as cases for `segbot eval`: correct the trees, and keep them."""
    settings = settings_with(catalog, store=store)
    start = datetime(1970, 1, 1, tzinfo=UTC) if since is None else moment(since, house_of(settings))
    opinions = _in_store(settings, lambda its: _opinions(its, team, start))
    cases = as_corpus(o for o in opinions if all or o.thumb < 0)
    if cases:
        typer.echo(yaml.safe_dump(cases, allow_unicode=True, sort_keys=False, width=120), nl=False)


def _key(term: HouseTerm) -> str:
    """A key for the catalog file: letters, digits and underscores."""
    key = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in term.term.casefold())
    return key.strip("_") or f"word_{term.id}"


def _in_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_store(settings) as its:
            await its.check()
            return await work(its)

    return asyncio.run(run())


async def _terms(store: Store, team: str | None) -> list[HouseTerm]:
    teams = (team,) if team else await store.dictionary.teams()
    return [term for each in teams for term in await store.dictionary.all(each)]


async def _retire(store: Store, term: HouseTerm) -> None:
    async with store.transaction() as tx:
        if await tx.dictionary.retire(term.team, term.term, datetime.now(UTC)):
            await tx.audit.record(
                team=term.team,
                actor="segbot",
                action="forgot",
                object_kind="term",
                object_id=term.id,
                detail={"term": term.term, "means": term.means, "by": "command line"},
            )


async def _opinions(store: Store, team: str | None, since: datetime) -> list[Opinion]:
    teams = (team,) if team else await store.feedback.teams()
    return [opinion for each in teams for opinion in await store.feedback.since(each, since)]
