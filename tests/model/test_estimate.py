"""Estimates from samples hold what they promise."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbot.model.estimate import FEW, estimate


@st.composite
def samples(draw: st.DrawFn) -> tuple[int, int, int]:
    base = draw(st.integers(1, 2_000_000))
    sampled = draw(st.integers(1, base))
    return draw(st.integers(0, sampled)), sampled, base


@given(samples())
def test_nothing_impossible_is_said(seen: tuple[int, int, int]) -> None:
    """An interval holds its estimate, is never below what was seen, and never above what the sample leaves possible."""
    hits, sampled, base = seen
    found = estimate(*seen)
    assert (found.low or 0) <= found.value <= found.high <= base - (sampled - hits)
    assert found.high >= hits
    assert found.low is None or found.low >= hits
    assert (found.low is None) == (hits < FEW and sampled < base)


def test_a_sample_of_everybody_is_no_estimate() -> None:
    """Who has seen everybody knows."""
    for hits in (0, 3, 500):
        found = estimate(hits, 500, 500)
        assert (found.value, found.low, found.high) == (hits, hits, hits)
    assert estimate(0, 0, 0).high == 0


def test_the_rule_of_three() -> None:
    """No hit among n people means fewer than about three in n."""
    assert estimate(0, 20_000, 1_000_000).high == pytest.approx(150, abs=3)


def test_the_interval_of_wilson() -> None:
    """For a small sample of many it is Wilson's interval: 2,620 of 20,000 is 12.6 % to 13.6 %."""
    found = estimate(2_620, 20_000, 100_000_000)
    assert found.low == pytest.approx(12_639_600, abs=20_000)
    assert found.high == pytest.approx(13_574_600, abs=20_000)


@pytest.mark.parametrize(("hits", "sampled", "base"), [(3, 2, 10), (0, 0, 10), (1, 20, 10), (-1, 5, 10)])
def test_numbers_of_no_sample_are_refused(hits: int, sampled: int, base: int) -> None:
    """Counts that can't belong together are a bug of the caller."""
    with pytest.raises(ValueError, match="hits in a sample"):
        estimate(hits, sampled, base)


@pytest.mark.parametrize("size", [40, 400, 4_000, 19_000])
@pytest.mark.parametrize("sampled", [500, 4_000, 15_000])
def test_the_truth_is_inside_nineteen_times_in_twenty(size: int, sampled: int) -> None:
    """Over many samples of 20,000 people the interval holds the true size at least about 95 % of the time."""
    base, rounds, generator = 20_000, 300, random.Random(size * sampled)
    inside = 0
    for _ in range(rounds):
        hits = sum(one < size for one in generator.sample(range(base), sampled))
        found = estimate(hits, sampled, base)
        inside += (found.low or 0) <= size <= found.high
    assert inside / rounds >= 0.92  # 95 % less what 300 rounds may miss by chance
