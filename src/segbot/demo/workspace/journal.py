"""Keeps the workspace's history over a restart: one JSON line for each change, replayed at the start.

Lines are upserts, so replaying them in order gives the last state. Ephemeral messages, open modals, triggers and
response_urls are not kept, as a restart would outlive them anyway.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import IO

from segbot.demo.workspace.state import Channel, Json, Message, State, StoredFile, View


class Journal:
    """Appends to one file; a half-written last line (after a kill) is ignored when reading."""

    def __init__(self, path: Path):
        self.path = path
        self._file: IO[str] | None = None

    def open(self, state: State) -> None:
        """Replay what is there, rewrite it without what was overtaken, and listen from now on."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            for kind, record in self._lines():
                _apply(state, kind, record)
            fresh = self.path.with_name(self.path.name + ".new")
            with fresh.open("w", encoding="utf-8") as file:
                for kind, record in state.records():
                    _write(file, kind, record)
            fresh.replace(self.path)
        self._file = self.path.open("a", encoding="utf-8")
        state.listener = self._append

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _append(self, kind: str, record: Json) -> None:
        assert self._file is not None
        _write(self._file, kind, record)

    def _lines(self) -> list[tuple[str, Json]]:
        found: list[tuple[str, Json]] = []
        raw = self.path.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]  # killed in the middle of a line: that line never was
        for line in whole.decode("utf-8").split("\n")[:-1]:
            kind, record = json.loads(line)
            found.append((kind, record))
        return found


def _write(file: IO[str], kind: str, record: Json) -> None:
    file.write(json.dumps([kind, record], default=_encode) + "\n")
    file.flush()


def _encode(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"not for a journal: {value!r}")


def _apply(state: State, kind: str, record: Json) -> None:
    match kind:
        case "channel":
            state.put_channel(Channel(**record))
        case "message":
            state.put_message(Message(**record))
        case "message_gone":
            state.messages.get(record["channel"], {}).pop(record["ts"], None)
        case "home":
            state.put_view(View(**record))
        case "file":
            state.put_file(StoredFile(**{**record, "content": base64.b64decode(record["content"])}))
        case "file_gone":
            state.files.pop(record["id"], None)
        case _:
            raise ValueError(f"unknown journal entry: {kind}")
