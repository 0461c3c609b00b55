"""The messages protocol of Anthropic. The answer's schema is the input of a tool that the model has to use."""

from __future__ import annotations

import json
from typing import Any

from pydantic import SecretStr

from segbot.llm.http import Answer, Unaccepted, post
from segbot.llm.talk import Kind, Question, Reply, Trouble

VERSION = "2023-06-01"
TOOL = "propose"


class Anthropic:
    """A model behind `{url}/v1/messages`."""

    def __init__(self, url: str, model: str, key: SecretStr | None) -> None:
        self._url = f"{url.rstrip('/')}/v1/messages"
        self._model = model
        self._key = key

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    async def ask(self, question: Question, timeout: float) -> Reply | Trouble:
        """Ask once."""
        headers = {"anthropic-version": VERSION}
        if self._key is not None:
            headers["x-api-key"] = self._key.get_secret_value()
        tool = {
            "name": TOOL,
            "description": "Hand in the proposed conditions. Nothing is applied: they are checked and then confirmed by a person.",
            "input_schema": dict(question.schema),
        }
        body = {
            "model": self._model,
            "system": question.system,
            "messages": [{"role": m.role, "content": m.text} for m in question.messages],
            "tools": [tool],
            "tool_choice": {"type": "tool", "name": TOOL},
            "max_tokens": question.max_tokens,
        }
        match await post(self._url, headers, body, timeout):
            case Answer(data=data):
                return _reply(data)
            case Unaccepted(status=status, words=words):
                return Trouble(Kind.FAILED, f"status {status}: {words[:200]}")
            case Trouble() as trouble:
                return trouble


def _reply(data: dict[str, Any]) -> Reply | Trouble:
    usage = data.get("usage")
    counted = (
        [v for k, v in usage.items() if k.endswith("input_tokens") or k == "output_tokens"]
        if isinstance(usage, dict)
        else []
    )
    tokens = sum(v for v in counted if isinstance(v, int))
    blocks = data.get("content")
    if not isinstance(blocks, list):
        return Trouble(Kind.GARBLED, "the answer has no content", tokens=tokens)
    match data.get("stop_reason"):
        case "max_tokens" | "model_context_window_exceeded":
            return Trouble(Kind.TRUNCATED, tokens=tokens)
        case "refusal":
            return Trouble(Kind.REFUSED, tokens=tokens)
        case _:
            pass
    for block in blocks:
        if isinstance(block, dict) and block.get("type") == "tool_use" and isinstance(block.get("input"), dict):
            return Reply(json.dumps(block["input"], ensure_ascii=False), tokens)
    texts = [b["text"] for b in blocks if isinstance(b, dict) and isinstance(b.get("text"), str)]
    return Reply("\n".join(texts), tokens) if texts else Trouble(Kind.GARBLED, "the answer is empty", tokens=tokens)
