"""The configured language model, if there is one."""

from __future__ import annotations

from urllib.parse import urlsplit

from segbot.errors import ConfigurationError
from segbot.llm.anthropic import Anthropic
from segbot.llm.openai import OpenAI
from segbot.llm.talk import Model
from segbot.settings import Settings

ADDRESSES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}


def open_model(settings: Settings) -> Model | None:
    """The model of the settings, None without a provider. Connects when first asked.

    Raises `ConfigurationError` when the settings are incomplete.
    """
    if settings.llm_provider is None:
        return None
    if not settings.llm_model:
        raise ConfigurationError("A language model's provider is set, but no model. Name one with SEGBOT_LLM_MODEL.")
    url = settings.llm_url or ADDRESSES[settings.llm_provider]
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ConfigurationError("SEGBOT_LLM_URL is not an address like https://models.example.com/v1.")
    if settings.llm_api_key is None and settings.llm_url is None:
        raise ConfigurationError("The language model needs a key. Set SEGBOT_LLM_API_KEY.")
    if settings.llm_provider == "openai":
        return OpenAI(url, settings.llm_model, settings.llm_api_key)
    return Anthropic(url, settings.llm_model, settings.llm_api_key)
