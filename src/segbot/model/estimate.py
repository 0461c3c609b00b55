"""How many there are of something, told from a sample: the point estimate and a 95 % interval. Pure arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass

FEW = 10
"""Fewer hits than this in the sample give an upper bound only: a point estimate would pretend to know."""

_Z = 1.959963984540054  # 95 %, two-sided
_MISSED = 0.05  # how often a group of the bounded size leaves no trace in the sample


@dataclass(frozen=True, slots=True)
class Estimate:
    """About `value`, between `low` and `high`; without a `low` only that there are fewer than about `high`."""

    value: int
    low: int | None
    high: int


def estimate(hits: int, sampled: int, base: int) -> Estimate:
    """The size of a group of which a random sample of `sampled` out of `base` people holds `hits`.

    Wilson's interval, narrowed by how much of the base the sample is, so that a sample of everybody has none; for no hit
    at all the size that a sample would miss once in twenty times, the rule of three. Never below what was seen, nor above
    what the sample leaves possible. Raises `ValueError` when the numbers can't be of one sample.
    """
    if not 0 <= hits <= sampled <= base or (base > 0 and sampled == 0):
        raise ValueError(f"{hits} hits in a sample of {sampled} out of {base}")
    if sampled == base:
        return Estimate(hits, hits, hits)
    value = round(hits / sampled * base)
    most = base - (sampled - hits)
    if hits == 0:
        # (1 - n/N)^K = 0.05 → K; about 3 N / n.
        return Estimate(0, None, min(most, math.ceil(math.log(_MISSED) / math.log1p(-sampled / base))))
    low, high = _wilson(hits, sampled, (base - sampled) / (base - 1))
    return Estimate(
        value,
        None if hits < FEW else max(hits, math.floor(low * base)),
        min(most, math.ceil(high * base)),
    )


def _wilson(hits: int, sampled: int, unseen: float) -> tuple[float, float]:
    """The interval of a share; `unseen` is the finite-population correction, near 1 for a small sample of many."""
    share = hits / sampled
    square = _Z * _Z * unseen
    centre = share + square / (2 * sampled)
    half = math.sqrt(square) * math.sqrt(share * (1 - share) / sampled + square / (4 * sampled * sampled))
    whole = 1 + square / sampled
    return (centre - half) / whole, (centre + half) / whole
