"""Judges the requests of a file by the real reader: `python -m tests.corpus.fresh ROUND.yaml`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.corpus.fresh.evaluate import Verdict, counts, judge_all, load_round, open_company, table

from segbot.warehouse.embedded import temporary_postgres


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a round's file")
    parser.add_argument("--all", action="store_true", help="show what was right, too")
    arguments = parser.parse_args()
    cases = load_round(arguments.file).cases
    with temporary_postgres() as server:
        server.create_database("fresh")
        with open_company(server.url("fresh")) as shop:
            findings = judge_all(cases, shop)
    differing = (Verdict.WRONG, Verdict.REFUSED, Verdict.ASKED)
    print(table(findings, (*differing, Verdict.RIGHT) if arguments.all else differing))
    print(counts(findings))


if __name__ == "__main__":
    main()
