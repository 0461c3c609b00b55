"""`segbot demo`, which `make demo` calls."""

from __future__ import annotations

from typing import Annotated

import typer

from segbot.cli.parts import settings_with
from segbot.demo.run import run_demo


def demo(
    customers: Annotated[int, typer.Option(min=100, help="How many customers the demo company has.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 1,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the workspace listens; 0 is any free port.")
    ] = 8765,
    open_browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the workspace in a browser.")
    ] = True,
    http: Annotated[
        bool, typer.Option("--http", help="Let the bot speak HTTP with the workspace, not Socket Mode.")
    ] = False,
) -> None:
    """A Slack-like workspace in your browser, with a demo company and the real bot."""
    run_demo(settings_with(), customers=customers, seed=seed, port=port, open_browser=open_browser, http=http)
