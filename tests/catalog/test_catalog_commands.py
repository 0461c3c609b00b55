"""`segbot catalog check` and `draft`, as a person or a build runs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from segbot.catalog.load import read_catalog
from segbot.catalog.observed import Observed
from segbot.cli.catalogs import app

DEMO = Path(__file__).parents[2] / "src" / "segbot" / "demo" / "company" / "catalog.yaml"


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands in an empty folder without settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("SEGBOT_CATALOG", "SEGBOT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner()


def test_check_says_that_a_good_catalog_is_good(runner: CliRunner, demo_url: str) -> None:
    """The demo catalog against its database: one sentence, exit status 0."""
    done = runner.invoke(app, ["check", str(DEMO), "--database", demo_url])
    assert (done.exit_code, done.stdout) == (0, "catalog.yaml: no problems found.\n")


def test_check_lists_every_problem_and_fails(runner: CliRunner, demo_url: str, tmp_path: Path) -> None:
    """Problems of the file and of the database each stand on a line that an editor can jump to; errors fail the build."""
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        DEMO.read_text().replace("table: returns", "table: retuns").replace("column: price,", "column: cost,")
    )
    done = runner.invoke(app, ["check", str(broken), "--database", demo_url])
    lines = done.stdout.splitlines()
    assert done.exit_code == 1
    assert any("there is no table 'shop.retuns' (did you mean 'shop.returns'?)" in line for line in lines)
    assert any("the table 'shop.products' has no column 'cost'" in line for line in lines)
    assert all(line.startswith("broken.yaml:") for line in lines)
    assert lines[-1].endswith("It can't be used until the errors are mended.")


def test_check_offline_looks_at_the_file_alone(runner: CliRunner) -> None:
    """Without a database the file itself is still checked."""
    done = runner.invoke(app, ["check", str(DEMO), "--offline"])
    assert done.exit_code == 0, done.stdout


def test_a_draft_goes_to_standard_output(runner: CliRunner, company: Callable[[str], tuple[str, Observed]]) -> None:
    """Standard output is a catalog and nothing else; what was guessed and left out is on standard error."""
    done = runner.invoke(
        app, ["draft", "--database", company("hotel")[0], "--name", "Inn", "--timezone", "Europe/Oslo"]
    )
    assert done.exit_code == 0
    catalog, problems = read_catalog(done.stdout)
    assert catalog is not None, problems
    assert (catalog.name, catalog.calendar.timezone) == ("Inn", "Europe/Oslo")
    assert "Customers are the rows of pms.Guests" in done.stderr
    assert "because it looks like a secret: pms.Guests.passportNumber." in done.stderr
