"""The log: one structured line per event on standard error, nothing secret and nobody's address in it.

Every line passes the redactor, those of other libraries and of tracebacks too. Work on one request runs inside
`reference()`: its short id is on every line, and on the card that tells a person that something went wrong.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# --- redaction ------------------------------------------------------------------------------------

_HIDDEN = "[hidden]"

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Slack: xoxb-..., xoxe.xoxp-..., xapp-...; and response_urls, which let anybody post
    (re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]+"), _HIDDEN),
    (re.compile(r"(https://hooks\.slack\.com/)[^\s\"'>]+"), rf"\1{_HIDDEN}"),
    # postgresql://user:password@host, password=..., Authorization: Bearer ..., API keys, JSON web tokens
    (re.compile(r"(://[^\s:/@]{0,100}:)[^\s\"'<>]{0,200}@"), rf"\1{_HIDDEN}@"),
    (
        re.compile(r"(?i)\b(password|passwd|pwd|secret|token|api_?key)(\"?\s*[=:]\s*)('[^']*'|\"[^\"]*\"|[^\s,;&]+)"),
        rf"\1\2{_HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/-]{8,}=*"), rf"\1 {_HIDDEN}"),
    (re.compile(r"\bsk-[\w-]{16,}"), _HIDDEN),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), _HIDDEN),
    # people: e-mail addresses; telephone numbers with +, with separators, or as one run of digits
    (re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"(?<![\w.])\+\d[\d ()./-]{5,}\d"), "[phone]"),
    (re.compile(r"(?<![\w.])\(?\d{3}\)?[ .-]\s?\d{3}[ .-]\d{4}(?![\w.]*\d)"), "[phone]"),
    # not Slack's message times (1763754904.123456)
    (re.compile(r"(?<![\w.-])\d{10,15}(?![\w-]|\.\d)"), "[digits]"),
)

_SECRET_KEYS = re.compile(r"(?i)password|passwd|secret|token|authorization|api_?key|cookie|credential")


def redact(text: str) -> str:
    """A text without tokens, passwords, e-mail addresses and telephone numbers."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def redact_data(data: Any) -> Any:
    """JSON-like data with every text redacted, and values under secret-sounding keys hidden. Numbers stay."""
    match data:
        case str():
            return redact(data)
        case Mapping():
            return {
                redact(str(key)): _HIDDEN if _SECRET_KEYS.search(str(key)) and item else redact_data(item)
                for key, item in data.items()
            }
        case list() | tuple() | set() | frozenset():
            return [redact_data(item) for item in data]
        case None | bool() | int() | float():
            return data
        case _:
            return redact(str(data))


def _redact_event(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    # Keys that begin with _ are between structlog and the standard library's logging.
    inner = {key: value for key, value in event.items() if key.startswith("_")}
    return {**redact_data({key: value for key, value in event.items() if key not in inner}), **inner}


# --- references -----------------------------------------------------------------------------------

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: people read these out


def new_reference() -> str:
    """A short id that a person can read out and an operator can search for: K7Q2MX."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(6))


@contextmanager
def reference(known: str | None = None) -> Iterator[str]:
    """Put a reference on every line logged inside the block (also by tasks started there), and give it."""
    value = known or new_reference()
    with structlog.contextvars.bound_contextvars(ref=value):
        yield value


def current_reference() -> str:
    """The reference of the work under way, or a fresh one where there is none."""
    return cast(str, structlog.contextvars.get_contextvars().get("ref") or new_reference())


# --- set-up ---------------------------------------------------------------------------------------


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger of that name; take one per module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def configure_logging(
    level: Literal["debug", "info", "warning", "error"] = "info",
    form: Literal["auto", "json", "console"] = "auto",
    stream: TextIO | None = None,
) -> None:
    """Send every log line of the process, other libraries' included, to `stream` (standard error): JSON, or for eyes.

    "auto" is for eyes on a terminal and JSON elsewhere. May be called again.
    """
    stream = stream or sys.stderr
    for_eyes = form == "console" or (form == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty())
        if for_eyes
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("slack_bolt", "slack_sdk", "sqlalchemy.engine", "aiohttp.access", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
