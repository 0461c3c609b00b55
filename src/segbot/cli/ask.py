"""`segbot ask`: the whole pipeline without Slack, for people, scripts and evaluations. Its JSON is a contract."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from segbot.cli.parts import CatalogOption, DatabaseOption, house_of, settings_with
from segbot.cli.render import render_answer
from segbot.errors import ConfigurationError
from segbot.flows.answers import EXIT_STATUS, Answer, answer, as_json
from segbot.flows.desk import open_warehouse
from segbot.flows.house import House
from segbot.flows.sizing import members
from segbot.warehouse.run import Warehouse

out = Console()


def ask(
    text: Annotated[str | None, typer.Argument(help="The request, in words.")] = None,
    catalog: CatalogOption = None,
    database: DatabaseOption = None,
    batch: Annotated[
        Path | None, typer.Option(help='A file of {"id", "text", "as_of"?} lines; - reads standard input.')
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The moment to count at (ISO); a bare date means the end of that day.")
    ] = None,
    count: Annotated[
        bool, typer.Option("--count/--no-count", help="Ask the database, or only read and compile.")
    ] = True,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL alone.")] = False,
    ids: Annotated[Path | None, typer.Option(help="Write the customers' keys to a file, one a line.")] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="For people or for programs.")] = "text",
) -> None:
    """Answer a request without Slack. Exit status 0, 3 or 4: an answer, a question, words not understood."""
    if (text is None) == (batch is None):
        raise typer.BadParameter("give either a request or --batch FILE")
    if batch is not None and (ids is not None or sql):
        raise typer.BadParameter("--ids and --sql go with a single request")
    settings = settings_with(catalog, database)
    house = house_of(settings)
    warehouse = open_warehouse(settings, house) if (count and not sql) or ids is not None else None
    if batch is not None:
        asyncio.run(_ask_all(house, warehouse, _lines(batch), as_of))
        return
    done = asyncio.run(_ask(house, warehouse, text or "", moment(as_of, house), ids))
    if sql:
        out.print(done.sql or "", highlight=False, markup=False, soft_wrap=True)
    elif format == "json":
        _write_json(as_json(done, house))
    else:
        out.print(render_answer(done, house))
    raise typer.Exit(EXIT_STATUS[done.outcome])


async def _ask(house: House, warehouse: Warehouse | None, text: str, now: datetime, ids: Path | None) -> Answer:
    try:
        done = await answer(house, warehouse, text, now)
        if ids is not None and warehouse is not None and done.reading.condition is not None:
            with ids.open("w", encoding="utf-8") as file:
                async with warehouse.stream(members(house, done.reading.condition, done.at)) as batches:
                    async for rows in batches:
                        file.writelines(f"{key}\n" for (key,) in rows)
        return done
    finally:
        if warehouse is not None:
            await warehouse.close()


async def _ask_all(
    house: House, warehouse: Warehouse | None, lines: Iterator[tuple[int, str]], as_of: str | None
) -> None:
    try:
        for number, line in lines:
            item = _item(line, number)
            now = moment(item.get("as_of") or as_of, house)
            _write_json(as_json(await answer(house, warehouse, item["text"], now), house, item.get("id")))
    finally:
        if warehouse is not None:
            await warehouse.close()


def _item(line: str, number: int) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise ConfigurationError(f"Line {number} of the batch is not JSON: {error}.") from error
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise ConfigurationError(f'Line {number} of the batch has no "text".')
    return item


def _lines(batch: Path) -> Iterator[tuple[int, str]]:
    try:
        file = sys.stdin if str(batch) == "-" else batch.open(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"The batch file {batch} can't be read ({error.strerror}).") from error
    with file:
        yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())


def _write_json(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def moment(text: str | None, house: House) -> datetime:
    """The instant of an ISO text in the workspace's zone: none is now, a bare date is the last instant of that day."""
    if text is None:
        return datetime.now(UTC)
    zone = ZoneInfo(house.catalog.calendar.timezone)
    try:
        if len(text) <= 10:
            return datetime.combine(date.fromisoformat(text), time.max, tzinfo=zone)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f'"{text}" is not a date or time like 2026-05-20 or 2026-05-20T14:00:00Z.') from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
