"""The Bolt app leaves segbot's own log alone."""

from __future__ import annotations

import logging
from typing import Any, cast

from pydantic import SecretStr

from segbot.settings import Settings
from segbot.slack.app import build_app
from segbot.slack.handlers import Deps


def test_the_app_does_not_silence_our_own_log() -> None:
    """Bolt sets the level of the logger it is named after; ours keep following the settings."""
    build_app(Deps(cast(Any, None)), Settings(slack_bot_token=SecretStr("xoxb-1"), _env_file=None))
    assert logging.getLogger("segbot").level == logging.NOTSET
    assert logging.getLogger("segbot.slack.app").isEnabledFor(logging.CRITICAL)
