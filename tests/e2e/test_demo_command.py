"""`segbot demo`, which `make demo` runs, as people really start and stop it: twice, killed, interrupted, elsewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from segbot.warehouse.embedded_host import processes_in

pytestmark = [pytest.mark.xdist_group("e2e_demo"), pytest.mark.timeout(120)]

READY = "segbot is ready"


class Demo:
    """One run of the command. What it says is collected while it runs."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        # Without a display: nothing may try to open a browser.
        clean = {k: v for k, v in os.environ.items() if not k.startswith("SEGBOT_") and "DISPLAY" not in k}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "segbot", "demo", "--customers", "300", *options],
            env=clean | {"SEGBOT_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        self._changed = threading.Condition()
        self._over = False
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            with self._changed:
                self.said += line
                self._changed.notify_all()
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def until(self, words: str, seconds: float = 60) -> str:
        """Wait until it says this."""
        with self._changed:
            heard = self._changed.wait_for(lambda: words in self.said or self._over, seconds)
        assert heard, f"{words!r} was not said within {seconds} s: {self.said}"
        assert words in self.said, f"ended with {self.process.poll()}: {self.said}"
        return self.said

    def url(self) -> str:
        found = re.search(r"segbot is ready: (http://\S+)", self.until(READY))
        assert found
        return found[1]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that every account may enter, as the embedded Postgres does not run as root."""
    made = Path(tempfile.mkdtemp(prefix="segbot-demo-"))
    made.chmod(0o755)
    yield made
    for process in processes_in(made / "pg18" / "data"):
        os.kill(int(process), signal.SIGKILL)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def run(folder: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def start(*options: str, **environment: str) -> Demo:
        started.append(Demo(folder, "--port", "0", *options, **environment))
        return started[-1]

    yield start
    for demo in started:
        if demo.process.poll() is None:
            demo.end(signal.SIGKILL)


def boot(url: str) -> dict[str, object]:
    """What the page is given when somebody opens it."""
    with urllib.request.urlopen(f"{url}/client/boot?user=U0MAYA", timeout=10) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def leftovers(folder: Path) -> list[object]:
    return list(processes_in(folder / "pg18" / "data"))


def test_twice_in_a_row_and_nothing_is_left_running(run: Callable[..., Demo], folder: Path) -> None:
    """It says what it does, answers at the address it says, and takes Postgres with it; the second start finds its data."""
    first = run()
    assert boot(first.url())["team"]
    for words in ("starting Postgres", "making the demo company", "reading the catalog"):
        assert words in first.said
    assert leftovers(folder)
    assert first.end(signal.SIGINT) == 0
    assert leftovers(folder) == []
    second = run("--http")
    assert boot(second.url())["team"]
    assert "the demo company is there, 300 customers" in second.said
    assert second.end(signal.SIGTERM) == 0
    assert leftovers(folder) == []
    assert "Traceback" not in first.said + second.said


@pytest.mark.parametrize("moment", ["starting Postgres", "making the demo company", READY])
def test_killed_at_any_moment_the_next_start_works(run: Callable[..., Demo], folder: Path, moment: str) -> None:
    """`kill -9` while starting, filling or running harms nothing, and the next one that ends stops what was left."""
    first = run()
    first.until(moment)
    first.end(signal.SIGKILL)
    second = run()
    assert boot(second.url())["team"]
    assert second.end(signal.SIGINT) == 0
    assert leftovers(folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_it_is_being_made(run: Callable[..., Demo], folder: Path, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM in the middle of filling stop Postgres too, without a stack trace."""
    demo = run("--customers", "20000")
    demo.until("making the demo company")
    assert demo.end(number) in (130, 143)
    assert leftovers(folder) == []
    assert "Traceback" not in demo.said


def test_a_port_that_is_taken(run: Callable[..., Demo]) -> None:
    """Another port is used, and said."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = run("--port", str(port))
        assert boot(demo.url())["team"]
        assert f"port {port} is taken" in demo.said
        assert str(port) not in demo.url()
        demo.end(signal.SIGINT)


def test_with_servers_of_ones_own_no_other_is_started(
    run: Callable[..., Demo], folder: Path, make_database: Callable[..., str]
) -> None:
    """With both addresses set the company is made there, and no Postgres is started here."""
    customers, store = make_database(), make_database()
    demo = run(SEGBOT_DATABASE_URL=customers, SEGBOT_STORE_URL=store)
    assert boot(demo.url())["team"]
    assert "starting Postgres" not in demo.said
    assert demo.end(signal.SIGTERM) == 0
    assert not (folder / "pg18").exists()
    with psycopg.connect(customers.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM shop.customers").fetchone() == (300,)


def test_a_companys_own_schema_is_never_replaced(run: Callable[..., Demo], make_database: Callable[..., str]) -> None:
    """A schema of the demo's name that somebody else made stops the demo with one sentence, and is as it was."""
    customers, store = make_database(), make_database()
    with psycopg.connect(customers.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA shop")
        connection.execute("CREATE TABLE shop.customers AS SELECT 'precious' AS name")
        demo = run(SEGBOT_DATABASE_URL=customers, SEGBOT_STORE_URL=store)
        started = time.monotonic()
        assert demo.process.wait(60) == 2
        demo.until("is not the demo's", max(1.0, 5 - (time.monotonic() - started)))
        assert "Traceback" not in demo.said
        assert connection.execute("SELECT name FROM shop.customers").fetchall() == [("precious",)]
