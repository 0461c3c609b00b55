"""How long the bot takes from the start of its process until it listens: a bare interpreter beside it in the same run."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime

from segbot.demo import company
from segbot.demo.company import CATALOG
from segbot.demo.run import workspace_config
from segbot.demo.workspace.server import Workspace
from segbot.store.migrate import migrate
from segbot.warehouse.embedded import temporary_postgres

ROUNDS = 5


def main() -> None:
    """Print the median start-up time and its ratio to that of an interpreter that does nothing."""
    with temporary_postgres() as server:
        for name in ("customers", "store"):
            server.create_database(name)
        company.fill(server.url("customers"), 500, now=datetime.now(UTC))
        migrate(server.url("store"), "segbot")
        times = asyncio.run(_starts(server.url("customers"), server.url("store")))
    bare = [_timed([sys.executable, "-c", "pass"]) for _ in range(ROUNDS)]
    print(
        f"process start to listening: median {statistics.median(times):.2f} s, worst {max(times):.2f} s of {ROUNDS};"
        f" {statistics.median(times) / statistics.median(bare):.0f} times a bare interpreter"
    )


async def _starts(database: str, store: str) -> list[float]:
    times = []
    async with Workspace(workspace_config()) as workspace:
        environment = os.environ | {
            "SEGBOT_DATABASE_URL": database,
            "SEGBOT_STORE_URL": store,
            "SEGBOT_CATALOG": str(CATALOG),
            "SEGBOT_LOG_LEVEL": "warning",
            "SEGBOT_SLACK_API_URL": workspace.api_url,
            "SEGBOT_SLACK_BOT_TOKEN": workspace.bot_token,
            "SEGBOT_SLACK_APP_TOKEN": workspace.app_token,
        }
        for _ in range(ROUNDS):
            started = time.perf_counter()
            bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "segbot", "serve", env=environment)
            await workspace.wait_for_app(timeout=60)
            times.append(time.perf_counter() - started)
            bot.terminate()
            await bot.wait()
            await workspace.wait_until(lambda: workspace.connections == 0, 10, "the app to leave")
    return times


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - started
