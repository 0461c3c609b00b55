"""`segbot eval`: a team's own requests with the readings they want, as a regression test for any catalog."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from segbot.cli.ask import moment
from segbot.cli.parts import CatalogOption, DatabaseOption, house_of, settings_with
from segbot.errors import ConfigurationError
from segbot.flows.evaluation import Judged, Verdict, judge, read_cases, tally

out = Console(highlight=False)

_STYLES = {Verdict.RIGHT: "green", Verdict.ASKED: "cyan", Verdict.REFUSED: "yellow", Verdict.WRONG: "bold red"}


def evaluate(
    file: Annotated[Path, typer.Argument(help="Cases: text, and answer, clarify or reject with the tree wanted.")],
    catalog: CatalogOption = None,
    database: DatabaseOption = None,
    as_of: Annotated[
        str | None, typer.Option(help="The moment to read at (ISO), for cases that name none; now when not given.")
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Print the cases that are right, too.")] = False,
    format: Annotated[Literal["text", "json"], typer.Option(help="For people or for programs.")] = "text",
) -> None:
    """Read every request of a file and compare: right, asked, refused or wrong. Exit status 1 when one is wrong."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} can't be read. Is the path right, and is it UTF-8 text?") from error
    cases = read_cases(text, file.name)
    house = house_of(settings_with(catalog, database))

    def at(said: str | None) -> datetime:
        return moment(said or as_of, house)

    judged = judge(house, cases, at)
    if format == "json":
        typer.echo(json.dumps(_as_json(judged), ensure_ascii=False))
    else:
        _print(judged, all)
    if tally(judged)[Verdict.WRONG]:
        raise typer.Exit(1)


def _print(judged: tuple[Judged, ...], all: bool) -> None:
    for one in judged:
        if one.verdict is Verdict.RIGHT and not one.differences and not all:
            continue
        out.print(Text(f"{one.verdict.value:8} {one.wanted.number}: {one.wanted.text}", style=_STYLES[one.verdict]))
        for line in one.differences:
            out.print(Text(f"         {line}"), soft_wrap=True)
    counts = tally(judged)
    summary = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict)
    out.print(Text(f"{summary} of {len(judged)}", style="bold"))


def _as_json(judged: tuple[Judged, ...]) -> dict[str, Any]:
    return {
        "counts": {verdict.value: count for verdict, count in tally(judged).items()},
        "cases": [
            {
                "number": one.wanted.number,
                "text": one.wanted.text,
                "verdict": one.verdict.value,
                "wanted": {one.wanted.outcome.value: one.wanted.tree, **one.wanted.details},
                "got": one.got,
                "differences": one.differences,
            }
            for one in judged
        ],
    }
