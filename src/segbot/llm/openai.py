"""The chat completions protocol of OpenAI and the many servers that speak it.

The answer's schema is asked for with `response_format`. Servers that do not know schemas, or want another name for the token
limit, say so with status 400: then the question is put in their way, and that way is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import SecretStr

from segbot.llm.http import Answer, Unaccepted, post
from segbot.llm.talk import Kind, Question, Reply, Trouble


@dataclass(frozen=True, slots=True)
class _Manner:
    """How this server wants to be asked."""

    schema: bool = True
    limit: str = "max_tokens"


class OpenAI:
    """A model behind `{url}/chat/completions`."""

    def __init__(self, url: str, model: str, key: SecretStr | None) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._manner = _Manner()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    async def ask(self, question: Question, timeout: float) -> Reply | Trouble:
        """Ask once; a server that does not know our way of asking is asked at most twice more in its own."""
        headers = {} if self._key is None else {"Authorization": f"Bearer {self._key.get_secret_value()}"}
        for _ in range(3):
            manner = self._manner
            answer = await post(self._url, headers, self._body(question, manner), timeout)
            match answer:
                case Answer(data=data):
                    return _reply(data)
                case Trouble():
                    return answer
                case Unaccepted(status=status, words=words):
                    other = _other(manner, words)
                    if other is None:
                        return Trouble(Kind.FAILED, f"status {status}: {words[:200]}")
                    self._manner = other
        return Trouble(Kind.FAILED, "no way of asking was accepted")

    def _body(self, question: Question, manner: _Manner) -> dict[str, Any]:
        form: dict[str, Any] = {"type": "json_object"}
        if manner.schema:
            schema = {"name": "proposal", "strict": True, "schema": dict(question.schema)}
            form = {"type": "json_schema", "json_schema": schema}
        turns = [{"role": m.role, "content": m.text} for m in question.messages]
        return {
            "model": self._model,
            "messages": [{"role": "system", "content": question.system}, *turns],
            "response_format": form,
            manner.limit: question.max_tokens,
        }


def _other(manner: _Manner, words: str) -> _Manner | None:
    """Another way of asking after a refusal of this one, or None when the refusal is about something else."""
    if manner.limit == "max_tokens" and "max_completion_tokens" in words:
        return replace(manner, limit="max_completion_tokens")
    if manner.schema and ("schema" in words or "response_format" in words):
        return replace(manner, schema=False)
    return None


def _reply(data: dict[str, Any]) -> Reply | Trouble:
    usage = data.get("usage")
    used = usage.get("total_tokens", 0) if isinstance(usage, dict) else 0
    tokens = used if isinstance(used, int) else 0
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return Trouble(Kind.GARBLED, "no choice in the answer", tokens=tokens)
    if choice.get("finish_reason") == "length":
        return Trouble(Kind.TRUNCATED, tokens=tokens)
    if choice.get("finish_reason") == "content_filter" or message.get("refusal"):
        return Trouble(Kind.REFUSED, tokens=tokens)
    text = message.get("content")
    if not isinstance(text, str):
        return Trouble(Kind.GARBLED, "the answer has no text", tokens=tokens)
    return Reply(text, tokens)
