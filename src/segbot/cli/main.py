"""Every command of `segbot`. What goes wrong is one sentence on standard error and an exit status that is not zero."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from segbot import __version__
from segbot.cli import catalogs, house_words, operate
from segbot.cli.ask import ask
from segbot.cli.evaluate import evaluate
from segbot.errors import SegbotError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Customer segments in Slack: type what you mean, get a count you can trust.",
)
app.command()(ask)
app.command()(operate.serve)
app.command()(operate.demo)
app.command()(operate.migrate)
app.command()(operate.doctor)
app.command()(operate.grant)
app.command("eval")(evaluate)
app.add_typer(catalogs.app, name="catalog")
app.add_typer(house_words.dictionary, name="dictionary")
app.add_typer(house_words.feedback, name="feedback")

err = Console(stderr=True)


def main() -> None:
    """Run the command line. Exit status 2 is for usage and configuration, 130 for an interrupt."""
    try:
        app()
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


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Options of segbot itself."""
    if version:
        typer.echo(f"segbot {__version__}")
        raise typer.Exit
