"""Make (or mend) the project's Python environment; run by `make` before anything else.

Standard library only, so that a machine with Python 3.11 and a package index is enough. Safe to kill at any moment and to
run twice at once: one process works, the other waits; a half-made environment is made anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("SEGBOT_VENV", ROOT / ".venv"))
CACHE = ROOT / ".cache"


def main(extra: str) -> int:
    """Install segbot with its pinned dependencies (and the extra `dev` for tests) into the environment."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the person may well have started it with an older one
        print(f"segbot needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12")
        return 2
    try:
        CACHE.mkdir(exist_ok=True)
        lock = (CACHE / "setup.lock").open("w")
    except OSError as error:
        print(f"This folder can't be written to ({error.strerror}). Clone the project as the user who runs it.")
        return 2
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _install(extra)


def _install(extra: str) -> int:
    stamp = VENV / f".segbot-{extra or 'base'}"
    wanted = _digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    python = VENV / "bin" / "python"
    if not _works(python):
        _say(f"making a Python environment in {VENV.name}")
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True)
    what = f"{ROOT}[{extra}]" if extra else str(ROOT)
    _say("installing segbot and its libraries, versions as pinned in constraints.txt (a minute or two)")
    started = time.monotonic()
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-warn-script-location"]
    command += ["--progress-bar", "off", "-c", str(ROOT / "constraints.txt"), "-e", what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        lines: list[str] = []
        last = started
        for line in pip.stdout or ():
            lines.append(line)
            if line.startswith(("Collecting", "Downloading", "Installing", "Building")) and time.monotonic() - last > 1:
                last = time.monotonic()
                print(f"  {line.strip()[:100]}", flush=True)
        code = pip.wait()
    if code:
        sys.stdout.writelines(lines[-25:])
        print("Installing failed: see the lines above. Nothing else was changed; `make` starts again from here.")
        return code
    stamp.write_text(wanted)
    _say(f"environment ready after {time.monotonic() - started:.0f} s")
    return 0


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", "import pip"], capture_output=True, check=False).returncode == 0


def _digest() -> str:
    content = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return hashlib.sha256(content + sys.version.encode() + str(VENV).encode()).hexdigest()


def _say(text: str) -> None:
    print(f"segbot: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
