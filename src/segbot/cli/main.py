"""Every command of `segbot`. What goes wrong is one sentence on standard error and an exit status that is not zero."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from rich.console import Console

from segbot import __version__
from segbot.errors import SegbotError

_COMMANDS = {
    "ask": "ask:ask",
    "serve": "serve:serve",
    "demo": "demo:demo",
    "migrate": "databases:migrate",
    "doctor": "databases:doctor",
    "grant": "databases:grant",
    "eval": "evaluate:evaluate",
}
_GROUPS = {
    "catalog": "catalogs:app",
    "dictionary": "house_words:dictionary",
    "feedback": "house_words:feedback",
    "sample": "samples:app",
}

err = Console(stderr=True)


def main() -> None:
    """Run the command line. Exit status 2 is for usage and configuration, 130 for an interrupt."""
    try:
        commands(sys.argv[1:])()
    except SegbotError as error:
        err.print(f"[bold red]segbot:[/] {_plain(error.sentence)}", highlight=False, soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        # A full disk, a missing folder: what the operating system says is the clearest.
        where = f" ({error.filename})" if error.filename else ""
        err.print(f"[bold red]segbot:[/] {_plain(error.strerror or str(error))}{_plain(where)}.", highlight=False)
        sys.exit(2)


def commands(arguments: Sequence[str]) -> typer.Typer:
    """The command that the arguments name, or all of them for a help text.

    Only what is asked for is imported: the bot listens a second sooner without the demo's workspace.
    """
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Customer segments in Slack: type what you mean, get a count you can trust.",
    )
    app.callback(invoke_without_command=True)(start)
    first = next((word for word in arguments if not word.startswith("-")), None)
    known = first in _COMMANDS or first in _GROUPS
    for name, place in _COMMANDS.items():
        if name == first or not known:
            app.command(name)(_load(place))
    for name, place in _GROUPS.items():
        if name == first or not known:
            app.add_typer(_load(place), name=name)
    return app


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"segbot.cli.{module}"), name)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Options of segbot itself."""
    if version:
        typer.echo(f"segbot {__version__}")
        raise typer.Exit
