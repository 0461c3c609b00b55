"""Every everyday request, typed in Slack: the number on its card is that of the hand-written SQL."""

from __future__ import annotations

from typing import Any

import pytest
from e2e_rig import EVERYDAY, Stack, action_ids, counted_at, elements_in, request_of, size_on, truth

from segbot.slack.ids import Action

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("e2e_slack"), pytest.mark.timeout(60)]


@pytest.mark.parametrize("case", EVERYDAY, ids=lambda case: case["request"])
async def test_the_card_has_the_number_of_the_hand_written_sql(case: dict[str, Any], stack: Stack) -> None:
    """What stands on the card is what a careful analyst would have counted at that moment; or segbot asks, and one choice is."""
    card = await stack.ask(case["request"])
    choices = [a for a in action_ids(card) if a.startswith(Action.CHOOSE)]
    if not choices:
        at = counted_at(stack.databases, request_of(card))
        assert size_on(card) == truth(stack.databases, case["sql"], at)
    else:
        assert "rivals" in case, "asks needlessly"
        sizes = []
        for choice in choices:
            asked = await stack.ask(case["request"])
            value = next(e["value"] for e in elements_in(asked) if e["action_id"] == choice)
            assert value
            await stack.ws.click("maya", "#marketing", asked["ts"], choice)
            settled = await stack.again("#marketing", asked["ts"], "Show SQL")
            sizes.append((size_on(settled), counted_at(stack.databases, request_of(settled))))
        assert any(size == truth(stack.databases, case["sql"], at) for size, at in sizes)
    assert stack.ws.refused == []
