"""What is set up wrongly is one sentence that says what to do, with an exit status that is not zero, and never a stack trace."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from segbot.demo.company import CATALOG


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `segbot` in an empty environment."""

    def segbot(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("SEGBOT_")}
        return subprocess.run(
            [sys.executable, "-m", "segbot", *arguments],
            env=clean | {"SEGBOT_DATA_DIR": str(tmp_path), "COLUMNS": "200"} | environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    return segbot


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence, after checking that it is one and no stack trace."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    # Log lines may come before it; the sentence is last (a catalog's problems follow it, one a line).
    assert "segbot: " in done.stderr
    return done.stderr[done.stderr.index("segbot: ") :]


def test_no_catalog_is_said(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Without a catalog the setting is named."""
    assert "SEGBOT_CATALOG" in said(run("ask", "all customers"))


def test_a_missing_catalog_file_is_said(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """A catalog that is not there is named."""
    assert "nowhere.yaml" in said(run("ask", "all customers", "--catalog", "nowhere.yaml", "--no-count"))


def test_a_broken_catalog_lists_its_problems(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Every problem of a broken catalog is told with its line, at once."""
    broken = (
        CATALOG.read_text().replace("kind: choice", "kind: chioce").replace("buyer_event: order", "buyer_event: ordr")
    )
    (tmp_path / "broken.yaml").write_text(broken)
    text = said(run("ask", "all customers", "--catalog", "broken.yaml", "--no-count"))
    assert "chioce" in text
    assert "line " in text
    assert "choice" in text


def test_no_database_is_said(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Counting without a database names the setting and the way round."""
    assert "SEGBOT_DATABASE_URL" in said(run("ask", "all customers", "--catalog", str(CATALOG)))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://nobody:secret-pw@127.0.0.1:1/none", "can't be reached"),
        ("mysql://localhost/none", "not the address of a Postgres"),
        ("postgresql://nobody:secret-pw@no-such-host.invalid/none", "no host"),
    ],
)
def test_a_wrong_database_is_said_without_its_password(
    run: Callable[..., subprocess.CompletedProcess[str]], url: str, says: str
) -> None:
    """A database that can't be reached, or an address that is none, is said in a sentence; no password is shown."""
    text = said(run("ask", "all customers", "--catalog", str(CATALOG), "--database", url))
    assert says in text
    assert "secret-pw" not in text


def test_a_missing_table_is_said(
    run: Callable[..., subprocess.CompletedProcess[str]], make_database: Callable[..., str]
) -> None:
    """An empty database under a good catalog points to `segbot catalog check`, which names every missing table."""
    url = make_database()
    assert "segbot catalog check" in said(run("ask", "all customers", "--catalog", str(CATALOG), "--database", url))
    checked = run("catalog", "check", str(CATALOG), "--database", url)
    assert checked.returncode == 1
    assert "shop.customers" in checked.stdout
    assert "Traceback" not in checked.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said(run: Callable[..., subprocess.CompletedProcess[str]], shop_url: str) -> None:
    """Writing keys to a full disk is said, not dumped."""
    done = run("ask", "all customers", "--catalog", str(CATALOG), "--database", shop_url, "--ids", "/dev/full")
    assert "No space left" in said(done)


def test_a_wrong_setting_is_named_without_its_value(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """A setting that can't be read is named; its value stays private."""
    text = said(run("ask", "x", SEGBOT_HTTP_PORT="sesame"))
    assert "SEGBOT_HTTP_PORT" in text
    assert "sesame" not in text


def test_a_role_that_may_write_is_not_served(
    run: Callable[..., subprocess.CompletedProcess[str]], shop_url: str, store_url: str, workspace_api: str
) -> None:
    """Serving as a role that could change the customers is refused with what to do, until a setting says otherwise."""
    given = {
        "SEGBOT_CATALOG": str(CATALOG),
        "SEGBOT_DATABASE_URL": shop_url,
        "SEGBOT_STORE_URL": store_url,
        "SEGBOT_SLACK_API_URL": workspace_api,
        "SEGBOT_SLACK_BOT_TOKEN": "xoxb-wrong",
        "SEGBOT_SLACK_APP_TOKEN": "xapp-wrong",
    }
    text = said(run("serve", **given))
    assert "does not serve" in text
    assert "superuser" in text
    assert "segbot grant" in text
    assert "SEGBOT_ALLOW_WRITING_ROLE" in text
    assert "xoxb" not in text
    # Told otherwise it goes on, to the next thing that is wrong here.
    assert "refuses the bot token" in said(run("serve", **given, SEGBOT_ALLOW_WRITING_ROLE="true"))


def test_a_wrong_slack_token_is_said(
    run: Callable[..., subprocess.CompletedProcess[str]], reader_url: str, store_url: str, workspace_api: str
) -> None:
    """A token that Slack refuses is one sentence with the setting to change."""
    done = run(
        "serve",
        SEGBOT_CATALOG=str(CATALOG),
        SEGBOT_DATABASE_URL=reader_url,
        SEGBOT_STORE_URL=store_url,
        SEGBOT_SLACK_API_URL=workspace_api,
        SEGBOT_SLACK_BOT_TOKEN="xoxb-wrong",
        SEGBOT_SLACK_APP_TOKEN="xapp-wrong",
    )
    text = said(done)
    assert "SEGBOT_SLACK_BOT_TOKEN" in text
    assert "xoxb-wrong" not in text


def test_an_unmigrated_store_is_said(
    run: Callable[..., subprocess.CompletedProcess[str]], reader_url: str, make_database: Callable[..., str]
) -> None:
    """A store without its tables points to `segbot migrate`."""
    done = run("serve", SEGBOT_CATALOG=str(CATALOG), SEGBOT_DATABASE_URL=reader_url, SEGBOT_STORE_URL=make_database())
    assert "segbot migrate" in said(done)


def test_usage_is_explained(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """A command that makes no sense exits with 2 and says how it is used."""
    for arguments in (("ask",), ("ask", "x", "--batch", "y"), ("ask", "x", "--format", "xml"), ("nonsense",)):
        done = run(*arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
