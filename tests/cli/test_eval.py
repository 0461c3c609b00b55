"""`segbot eval` tells a team which of their own requests are read as they want, and fails when one is read wrongly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from segbot.demo.company import CATALOG
from segbot.flows.evaluation import split_parts

CORPUS = Path(__file__).parents[1] / "corpus"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def segbot(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SEGBOT_")}
        environment |= {"SEGBOT_CATALOG": str(CATALOG), "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, "-m", "segbot", "eval", *arguments],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return segbot


def cases(folder: Path, text: str) -> str:
    path = folder / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_corpus_that_holds_is_right_and_ends_with_0(run: Run) -> None:
    """The everyday requests of this repository, all right."""
    done = run(str(CORPUS / "everyday.yaml"), "--as-of", "2026-05-20T12:00:00Z")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 asked, 0 refused, 0 wrong" in done.stdout


def test_every_verdict_with_what_differs(run: Run, tmp_path: Path) -> None:
    """Right in another order, asked, refused and wrong are told apart, with the missing condition and the words instead."""
    file = cases(
        tmp_path,
        """
- {text: women in Texas, answer: state=TX & gender=F}
- {text: high-value customers, answer: loyalty_tier=platinum}
- {text: women in Xanadu, answer: gender=F & city=Xanadu}
- {text: women over 30 in Texas, answer: gender=F & age>30 & state=CA}
- {text: men in Texas, clarify: gender=M & state=TX}
- {text: women in Xanadu, reject: gender=F, unread: [Xanadu]}
""",
    )
    done = run(file, "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert [c["verdict"] for c in told["cases"]] == ["right", "asked", "refused", "wrong", "wrong", "right"]
    assert told["counts"] == {"right": 2, "asked": 1, "refused": 1, "wrong": 2}
    assert told["cases"][3]["differences"] == ["missing: state=CA", "instead: state=TX  (from “in Texas”)"]
    assert "not understood: Xanadu" in told["cases"][2]["differences"]
    text = run(file)
    assert text.returncode == 1
    assert "wrong    4: women over 30 in Texas" in text.stdout
    assert "right    1" not in text.stdout


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no list of cases"),
        ("- women", "case 1: there is no text"),
        ("- {text: women}", "exactly one of"),
        ("- {text: women, answer: gender=F, reject: null}", "exactly one of"),
        ("- {text: women, answer: gender=F, expect: 3}", "unknown key expect"),
        ("- [", "no YAML"),
    ],
)
def test_a_broken_file_is_one_sentence(run: Run, tmp_path: Path, text: str, why: str) -> None:
    """What is wrong with the file is said with its case, without a trace, and with exit status 2."""
    done = run(cases(tmp_path, text))
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_parts_are_split_outside_of_brackets_only() -> None:
    """A & inside of brackets belongs to its part."""
    assert split_parts("a=1 & !(b=2 | c=3) & seq(x{y=1 & z} -> w)") == ("a=1", "!(b=2 | c=3)", "seq(x{y=1 & z} -> w)")
