"""Share a number out by weights, in whole parts that add up."""

from __future__ import annotations

from collections.abc import Sequence


def apportion(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Return whole shares that add up to ``total``, by largest remainder.

    Each share is at least ``least``; when the total does not reach, the first get it.
    """
    if least * len(weights) >= total:
        return [max(0, min(least, total - least * n)) for n in range(len(weights))]
    rest, whole = total - least * len(weights), sum(weights)
    exact = [rest * weight / whole for weight in weights]
    shares = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: shares[n] - exact[n])
    for n in by_remainder[: rest - sum(shares)]:
        shares[n] += 1
    return [least + share for share in shares]
