"""Requests that the reader's rules were not written for are never answered with other people without a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.corpus.fresh.evaluate import Company, Verdict, counts, judge_all, load_round, open_company, table

ROUNDS = sorted(Path(__file__).parent.glob("round_*.yaml"))


@pytest.fixture(scope="module")
def shop(make_database: Callable[..., str]) -> Iterator[Company]:
    with open_company(make_database()) as opened:
        yield opened


@pytest.mark.parametrize("path", ROUNDS, ids=lambda path: path.stem)
def test_nothing_is_wrong_without_a_warning(path: Path, shop: Company, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a round's requests, none is read wrongly but those that its file lists as known to be."""
    fresh = load_round(path)
    findings = judge_all(fresh.cases, shop)
    with capsys.disabled():
        print(f"\n{path.stem}: {counts(findings)}")
    wrong = {finding.case.request for finding in findings if finding.verdict is Verdict.WRONG}
    assert wrong <= fresh.known_wrong, "\n" + table(findings, (Verdict.WRONG,))


@pytest.mark.parametrize("path", ROUNDS, ids=lambda path: path.stem)
def test_rival_readings_differ(path: Path, shop: Company) -> None:
    """Another honest reading is worth naming because it means other people, and no request is in a round twice."""
    cases = load_round(path).cases
    assert len({case.request for case in cases}) == len(cases)
    everybody = shop.select("SELECT id FROM shop.customers WHERE NOT is_internal")
    for case in cases:
        if case.sql is None:
            continue
        meant = shop.select(case.sql)
        assert meant < everybody, case.request
        for name, statement in case.rivals.items():
            assert shop.select(statement) != meant, f"{case.request}: {name}"
