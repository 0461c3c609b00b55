"""Whether Slack would take these blocks: the limits, surfaces and duplicate rules of Block Kit.

Slack refuses a whole message or view for one string that is too long, and says so only at run time. This
checker knows the published rules, so that tests, the demo workspace and debug mode refuse the same payload
first, with a JSON pointer to every spot at once. It is pure, uses the standard library alone, and never
raises on any JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from segbot.slack.blockcheck.blocks import chars, check_block
from segbot.slack.blockcheck.limits import LIMITS, SURFACES, Surface
from segbot.slack.blockcheck.rules import Problem, Run, boolean, limited, plain, record, string_of

__all__ = ["LIMITS", "SURFACES", "Problem", "Surface", "check_blocks", "check_message", "check_view"]

_COUNTED = (
    ("table", "message.tables.max_items"),
    ("data_visualization", "message.data_visualizations.max_items"),
)


def check_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """Every reason why Slack would refuse these blocks on this surface; empty when it would take them.

    Pointers are relative to the payload, as Slack gives them: `/blocks/0/text/text`.
    """
    run = Run(surface)
    _blocks(run, "/blocks", blocks)
    return run.problems


def check_message(payload: Mapping[str, object]) -> list[Problem]:
    """A message as given to chat.postMessage: text, blocks and attachments.

    Codes of their own: `no_text` (nothing to show), `msg_too_long` (Slack would cut the text off) and
    `msg_blocks_too_long` (the blocks together are too much).
    """
    run = Run("message")
    text, blocks, attachments = (payload.get(name) for name in ("text", "blocks", "attachments"))
    if text is not None and not isinstance(text, str):
        run.report("/text", "wrong_type", "must be a string")
    if isinstance(text, str) and len(text) > LIMITS["message.text.max_length"]:
        run.report("/text", "msg_too_long", "text beyond 40000 characters is cut off")
    if not (text or blocks or attachments or payload.get("markdown_text")):
        run.report("/text", "no_text", "text, blocks or attachments are required")
    if blocks is not None:
        _blocks(run, "/blocks", blocks)
    if attachments is not None:
        _attachments(run, attachments)
    return run.problems


def check_view(view: object) -> list[Problem]:
    """A view as given to views.open, push, update or publish."""
    if not isinstance(view, Mapping):
        return [Problem("/view", "wrong_type", "must be an object")]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [Problem("/view/type", "not_allowed", "must be one of modal, home")]
    run = Run("modal" if kind == "modal" else "home")
    (_MODAL if kind == "modal" else _HOME)(run, "/view", {k: v for k, v in view.items() if k != "blocks"})
    blocks = view.get("blocks")
    if blocks is None:
        run.report("/view/blocks", "missing", "missing required field: blocks")
    else:
        _blocks(run, "/view/blocks", blocks)
    if kind == "modal" and view.get("submit") is None and _has_input(blocks):
        run.report("/view/submit", "missing", "submit is required when an input block is present")
    return run.problems


_VIEW = {
    "type": string_of(),
    "private_metadata": limited("view.private_metadata.max_length", low=0),
    "callback_id": limited("view.callback_id.max_length", low=0),
    "external_id": limited("view.external_id.max_length", low=0),
}
_HOME = record(_VIEW)
_MODAL = record(
    {
        **_VIEW,
        "title": plain("view.title.max_length"),
        "submit": plain("view.submit.max_length"),
        "close": plain("view.close.max_length"),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    ("title",),
)


def _blocks(run: Run, at: str, blocks: object) -> None:
    """A whole array of blocks, with the rules that hold across blocks."""
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        run.report(at, "wrong_type", "must be an array")
        return
    high = LIMITS["message.blocks.max_items" if run.surface == "message" else "view.blocks.max_items"]
    if len(blocks) > high:
        run.report(at, "too_many", f"no more than {high} items allowed")
    for index, block in enumerate(blocks):
        check_block(run, f"{at}/{index}", block)
        if isinstance(block, Mapping) and block.get("type") == "task_card" and block.get("status") == "pending":
            run.report(f"{at}/{index}/status", "not_allowed", "only tasks of a plan may be pending")
    flat = _flat(blocks)
    for kind, limit in _COUNTED:
        if sum(block.get("type") == kind for block in flat) > LIMITS[limit]:
            run.report(at, "too_many", f"only {LIMITS[limit]} {kind} allowed")
    _sizes(run, at, flat)


def _sizes(run: Run, at: str, flat: Sequence[Mapping[str, object]]) -> None:
    """The sums of characters over all blocks."""
    table_chars = sum(chars(block.get("rows")) for block in flat if block.get("type") == "table")
    if table_chars > LIMITS["table.total_text.max_length"]:
        run.report(at, "too_long", "the tables hold more than 10000 characters")
    if (
        sum(block.get("type") == "markdown" for block in flat) > 1
        and run.markdown_chars > LIMITS["markdown.total_text.max_length"]
    ):
        run.report(at, "too_long", "the markdown blocks together hold more than 12000 characters")
    if run.surface == "message" and run.total_chars > LIMITS["message.total_text.max_length"]:
        run.report(at, "msg_blocks_too_long", "the blocks together hold more than 13200 characters")


def _flat(blocks: Sequence[object]) -> list[Mapping[str, object]]:
    """The blocks and those inside containers."""
    found: list[Mapping[str, object]] = []
    for block in blocks:
        if isinstance(block, Mapping):
            found.append(block)
            children = block.get("child_blocks")
            if isinstance(children, list):
                found += _flat(children)
    return found


def _has_input(blocks: object) -> bool:
    return isinstance(blocks, list) and any(isinstance(b, Mapping) and b.get("type") == "input" for b in blocks)


def _attachments(run: Run, attachments: object) -> None:
    if not isinstance(attachments, list):
        run.report("/attachments", "wrong_type", "must be an array")
        return
    if len(attachments) > LIMITS["message.attachments.max_items"]:
        run.report("/attachments", "too_many", "no more than 100 items allowed")
    for index, attachment in enumerate(attachments):
        if not isinstance(attachment, Mapping):
            run.report(f"/attachments/{index}", "wrong_type", "must be an object")
        elif attachment.get("blocks") is not None:
            _blocks(run, f"/attachments/{index}/blocks", attachment["blocks"])
