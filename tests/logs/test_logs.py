"""What the log promises: structured lines, a reference people see too, and nothing secret, whoever wrote the line."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from segbot.logs import configure_logging, current_reference, get_logger, new_reference, redact, redact_data, reference


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A log that is read back; the process's logging is as before afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    text = io.StringIO()
    configure_logging("debug", "json", text)
    yield text
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


SECRETS = [
    ("xoxb-123456789012-abcDEF", "token xoxb-123456789012-abcDEF refused"),
    ("xoxe.xoxp-1-Mi0y", "rotating xoxe.xoxp-1-Mi0y"),
    ("xapp-1-A02-33-fe", "socket with xapp-1-A02-33-fe."),
    ("T000/B000/XXXX", "posting to https://hooks.slack.com/commands/T000/B000/XXXX failed"),
    ("hunter2", "connect postgresql://bob:hunter2@db.example.com:5432/shop"),
    ("ss/w", "connect postgres://bob:p@ss/w@db/shop"),
    ("hunter2", "host=db password=hunter2 user=bob"),
    ("hunter two", "host=db password='hunter two' user=bob"),
    ("hunter2", '{"token": "hunter2"}'),
    ("abcdef123456", "Authorization: Bearer abcdef123456=="),
    ("sk-ant-api03-abcdefgh", "key sk-ant-api03-abcdefgh123"),
    ("eyJhbGciOiJI", "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0.sig"),
    ("jane", 'invalid input syntax for type integer: "jane.o\'doe+x@mail.example.co.uk"'),
    ("555", "call +1 (415) 555-0100 now"),
    ("5550100", "call 4155550100"),
    ("555", "call (415) 555-0100"),
    ("555", "call 415.555.0100"),
    ("7700", "ring +447700900123"),
]


@pytest.mark.parametrize(("secret", "text"), SECRETS)
def test_secrets_and_addresses_are_hidden(secret: str, text: str) -> None:
    """Tokens, passwords, e-mail addresses and telephone numbers never get through, the words around them do."""
    assert secret not in redact(text)
    assert redact(text).split()[0] == text.split()[0] or text.startswith("{")


@pytest.mark.parametrize(
    "text",
    [
        "message 1763754904.123456 in C0123456789",
        "counted 1,234,567 of 20,000 in 0.25 s",
        "2026-11-21T20:25:00.123456Z",
        "request 3f9ab2c4d5e6f708",
        "postgresql://db.example.com:5432/shop",
        "127.0.0.1:5432",
        "version 3.11.7, from 2024-01-01 to 2024-12-31",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    """Message times, ids, dates, counts and addresses of hosts are needed for finding things, and stay."""
    assert redact(text) == text


def test_long_words_are_quick() -> None:
    """A very long word, such as an encoded file, is redacted in linear time."""
    started = time.perf_counter()
    redact("x" * 300_000 + " " + "1+" * 100_000 + "://" * 50_000)
    assert time.perf_counter() - started < 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_redacted_data_stays_json(data: object) -> None:
    """Redaction keeps the shape of any data, and doing it again changes nothing."""
    once = redact_data(data)
    json.dumps(once)
    assert redact_data(once) == once


def test_lines_are_structured_and_carry_the_reference(stream: io.StringIO) -> None:
    """Every line inside `reference()` has its id, tasks started there included, and no line after it."""
    log = get_logger("segbot.test")

    async def inside() -> None:
        log.info("in a task", n=2)

    async def work() -> str:
        with reference() as ref:
            log.info("counted", n=1)
            await asyncio.create_task(inside())
            assert current_reference() == ref
        return ref

    ref = asyncio.run(work())
    log.warning("after")
    first, second, third = lines(stream)
    assert (first["event"], first["n"], first["ref"], first["level"], first["logger"]) == (
        "counted",
        1,
        ref,
        "info",
        "segbot.test",
    )
    assert (second["event"], second["ref"]) == ("in a task", ref)
    assert "ref" not in third
    assert "timestamp" in third


def test_other_libraries_and_tracebacks_are_redacted_too(stream: io.StringIO) -> None:
    """Lines of the standard library's logging, their arguments and tracebacks pass the redactor."""
    logging.getLogger("some.library").warning("refused %s for %s", "xoxb-1-2", "jane@example.com")
    try:
        raise ValueError("jane@example.com has postgresql://u:hunter2@h/x")
    except ValueError:
        get_logger("segbot.test").exception("failed", password="hunter2", who={"mail": ["joe@example.com"]})
    text = stream.getvalue()
    assert not any(word in text for word in ("xoxb", "jane", "joe@", "hunter2"))
    assert "ValueError" in text
    assert len(lines(stream)) == 2


def test_a_line_that_cannot_be_json_is_still_written(stream: io.StringIO) -> None:
    """Odd values are written as text instead of losing the line."""
    get_logger("segbot.test").info("odd", value=object(), words="half \ud83d", table={1: {2}})
    assert len(stream.getvalue().splitlines()) == 1


def test_references_can_be_read_out() -> None:
    """A reference has six letters and digits that sound and look different."""
    seen = {new_reference() for _ in range(500)}
    assert len(seen) == 500
    assert all(len(r) == 6 and not set(r) & set("01OIL") for r in seen)


def test_console_form_is_for_eyes() -> None:
    """The console form is plain text, redacted as well."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    text = io.StringIO()
    try:
        configure_logging("info", "console", text)
        get_logger("segbot.test").info("hello", who="jane@example.com")
        get_logger("segbot.test").debug("not shown")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()
    assert "hello" in text.getvalue()
    assert "jane" not in text.getvalue()
    assert "not shown" not in text.getvalue()
