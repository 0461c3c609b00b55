"""`segbot ask` keeps its contract: one JSON object a request, every word accounted for, and an exit status that says how it went."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from segbot.addresses import parse_address
from segbot.demo.company import CATALOG
from segbot.model import codec

KEYS = {
    "id", "text", "outcome", "condition", "restatement", "sql", "count", "base", "as_of", "timezone", "windows", "phrases",
    "fillers", "asides", "unread", "corrections", "assumptions", "questions", "note", "timings_ms",
}  # fmt: skip


@pytest.fixture
def ask(shop_url: str, tmp_path: Path) -> Any:
    def segbot(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "SEGBOT_CATALOG": str(CATALOG),
            "SEGBOT_DATABASE_URL": shop_url,
            "SEGBOT_DATA_DIR": str(tmp_path / "data"),
            "COLUMNS": "160",
        }
        return subprocess.run(
            [sys.executable, "-m", "segbot", "ask", *arguments],
            input=stdin, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return segbot


def test_an_answer_has_a_tree_a_count_and_sql_that_gives_the_same_count(ask: Any, shop_url: str) -> None:
    """The SQL printed with the count, run as it is, selects exactly that many customers."""
    done = ask("women in California who bought in the last 90 days", "--format", "json", "--as-of", "2026-05-20")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == KEYS
    assert answer["outcome"] == "answer"
    assert answer["as_of"].startswith("2026-05-21T03:59:59")  # the end of that day in New York
    assert 0 < answer["count"] < answer["base"] <= 1000
    codec.load(answer["condition"])
    with psycopg.connect(**parse_address(shop_url, "test").arguments) as connection:
        assert len(connection.execute(answer["sql"]).fetchall()) == answer["count"]
    assert answer["windows"][0]["from"].startswith("2026-02-19T00:00:00")


def test_every_word_is_accounted_for(ask: Any) -> None:
    """Words outside phrases, fillers, asides and unread spans do not exist."""
    text = "Show me women in California who love frobnicating and bought twice, please"
    answer = json.loads(ask(text, "--format", "json", "--no-count").stdout)
    covered = [False] * len(text)
    for part in ("phrases", "fillers", "asides", "unread"):
        for span in answer[part]:
            assert text[span["start"] : span["end"]] == span["text"]
            covered[span["start"] : span["end"]] = [True] * (span["end"] - span["start"])
    assert "".join(c for c, known in zip(text, covered, strict=True) if not known and c.isalnum()) == ""
    assert "frobnicating" in [u["text"].split()[-1] for u in answer["unread"]]


def test_unread_words_reject_with_status_4(ask: Any) -> None:
    """A request with a word nobody knows is no answer, and the shell sees it; what was understood is kept."""
    done = ask("women in California who frobnicate", "--format", "json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["outcome"]) == (4, "reject")
    assert answer["condition"] is not None


def test_two_readings_clarify_with_status_3(ask: Any) -> None:
    """Each choice of a question is complete: a label, a tree, SQL and a count."""
    done = ask("bought shoes and jackets or dresses", "--format", "json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["outcome"]) == (3, "clarify"), done.stderr
    for question in answer["questions"]:
        assert len(question["choices"]) >= 2
        for choice in question["choices"]:
            assert choice["label"]
            assert choice["sql"].startswith("SELECT")
            assert choice["count"] >= 0
            codec.load(choice["condition"])


def test_a_batch_answers_in_order(ask: Any, tmp_path: Path) -> None:
    """One JSON object a line comes back, in the order of the lines, each with its id and its own moment."""
    lines = [
        {"id": "a", "text": "women in California"},
        {"id": 2, "text": "qwertz asdf"},
        {"id": "c", "text": "bought in the last 7 days", "as_of": "2026-05-01"},
        {"text": ""},
    ]
    (tmp_path / "batch.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = ask("--batch", "batch.jsonl")
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == ["a", 2, "c", None]
    assert [a["outcome"] for a in answers] == ["answer", "reject", "answer", "reject"]
    assert answers[2]["windows"][0]["from"].startswith("2026-04-24")
    from_stdin = ask("--batch", "-", stdin=(tmp_path / "batch.jsonl").read_text())
    assert [json.loads(line)["count"] for line in from_stdin.stdout.splitlines()] == [a["count"] for a in answers]


def test_the_same_sentence_gives_the_same_answer(ask: Any) -> None:
    """Two processes read the same sentence into the same tree and the same SQL."""
    runs = [
        json.loads(
            ask("womn in Californa who bougth twice", "--format", "json", "--as-of", "2026-05-20", "--no-count").stdout
        )
        for _ in range(2)
    ]
    for run in runs:
        del run["timings_ms"]
    assert runs[0] == runs[1]
    assert {c["said"] for c in runs[0]["corrections"]} == {"womn", "Californa", "bougth"}


def test_keys_are_written_to_a_file(ask: Any, tmp_path: Path) -> None:
    """--ids writes as many distinct keys as were counted."""
    done = ask("women in California", "--format", "json", "--ids", "keys.txt")
    keys = (tmp_path / "keys.txt").read_text().split()
    assert len(set(keys)) == len(keys) == json.loads(done.stdout)["count"]


def test_text_is_for_people(ask: Any) -> None:
    """Without --format the answer reads as a tree with its number, and says that it is exact and as of when."""
    done = ask("women in California")
    assert "Gender is female" in done.stdout
    assert "exact, as of" in done.stdout
    assert ask("women in California", "--sql").stdout.startswith("SELECT")
