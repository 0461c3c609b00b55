"""What an operator can set, from the environment (`SEGBOT_...`) or a `.env` file. The names here are the documented ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from segbot.errors import ConfigurationError


def _default_data_dir() -> Path:
    """Root's home is closed to the account that the embedded Postgres runs as, so root's data go to /var/lib."""
    return Path("/var/lib/segbot") if os.geteuid() == 0 else Path("~/.local/share/segbot").expanduser()


class Settings(BaseSettings):
    """Every setting of segbot. Addresses are SQLAlchemy or libpq URLs of a Postgres; times are in seconds."""

    model_config = SettingsConfigDict(env_prefix="SEGBOT_", env_file=".env", extra="ignore")

    database_url: SecretStr | None = Field(None, description="The company's customer database, read only.")
    store_url: SecretStr | None = Field(None, description="segbot's own database.")
    store_schema: str = Field("segbot", description="The schema of segbot's tables in its own database.")
    data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="Where the embedded Postgres and caches live.",
    )
    catalog: Path | None = Field(None, description="The catalog file.")
    slack_bot_token: SecretStr | None = Field(None, description="The bot token, xoxb-...")
    slack_app_token: SecretStr | None = Field(None, description="The app token for Socket Mode, xapp-...")
    slack_signing_secret: SecretStr | None = Field(None, description="The signing secret, for HTTP mode.")
    slack_api_url: str = Field("https://slack.com/api/", description="Another Slack API, for tests and the demo.")
    http_host: str = Field("127.0.0.1", description="The address that HTTP mode listens on.")
    http_port: int = Field(3000, ge=0, le=65535)
    statement_timeout: float = Field(60.0, gt=0, description="Longest time a query on the customer database may run.")
    max_queries: int = Field(4, ge=1, description="Queries at once on the customer database.")
    max_queries_per_workspace: int | None = Field(
        None, ge=1, description="How many of them one workspace may have; all of them when not set."
    )
    queue_timeout: float = Field(300.0, gt=0, description="Longest time a query waits for its turn.")
    cost_limit: float = Field(
        100_000_000.0, ge=0, description="Planner's cost above which a count is not begun without asking; 0 asks never."
    )
    reuse_seconds: float = Field(
        300.0, ge=0, description="How long an exact count answers the same request again, with its time; 0 is never."
    )
    allow_writing_role: bool = Field(
        False, description="Serve even where segbot's role could change the customer database."
    )
    sample_customers: int = Field(
        20_000,
        ge=0,
        le=1_000_000,
        description="Customers in the sample that the first number comes from; 0 is no sample.",
    )
    sample_hours: float = Field(
        24.0, gt=0, description="How old the sample may become before it is made anew, in hours."
    )
    sample_timeout: float = Field(
        900.0, gt=0, description="Longest time that copying one table into the sample may take."
    )
    sample_megabytes: int = Field(2000, ge=1, description="The most data that the sample may copy.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+[^\s?#]*$",
        description="Where links to segments lead (https://segbot.example.com); Slack shows them as cards. None without it.",
    )
    reactions: str = Field(
        "repeat=count,pushpin=share,star=star",
        pattern=r"^\s*([\w+'-]+\s*=\s*(count|share|star)\s*(,\s*|$))*$",
        description="What emoji on segbot's cards do: emoji=count, share or star, separated by commas; empty is nothing.",
    )
    minimum_audience: int = Field(10, ge=1, description="Previews of fewer people than this are hidden.")
    preview_rows: int = Field(100, ge=1, le=100)
    customer_viewers: str = Field(
        "",
        description="Who may look at single customers: Slack user ids or @handles, separated by commas; * is everybody,"
        " and nobody may when it is empty.",
    )
    snapshot_days: float = Field(
        90.0, ge=0, description="How long the people of a snapshot are kept, in days; 0 keeps none."
    )
    owners: str = Field(
        "",
        description="Who may say what words mean for everybody: Slack user ids or @handles, separated by commas.",
    )
    llm_provider: Literal["openai", "anthropic"] | None = Field(
        None, description="The protocol of the optional language model; without it there is none."
    )
    llm_url: str | None = Field(None, description="Where it answers; the provider's own address when not set.")
    llm_model: str | None = Field(None, description="Which model to ask.")
    llm_api_key: SecretStr | None = Field(None, description="Its key.")
    llm_timeout: float = Field(12.0, gt=0, le=120, description="Longest time for one proposal, repairs included.")
    llm_max_tokens: int = Field(4000, ge=256, le=32_000, description="Longest answer of the model, in tokens.")
    llm_daily_budget: int = Field(500_000, ge=0, description="Tokens per team and day (UTC); 0 asks nothing.")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"


def read_settings() -> Settings:
    """The settings of this process. Raises `ConfigurationError` naming each setting that is wrong, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"SEGBOT_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors(include_input=False)
        )
        raise ConfigurationError(f"Some settings are wrong. {wrong}") from error
