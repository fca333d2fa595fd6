"""What every benchmark prints last: one JSON object with its figures and promises."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from typing import Any


def machine() -> dict[str, Any]:
    """Where this was measured."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }


def target(name: str, goal: str, value: float, *, met: bool) -> dict[str, Any]:
    """One promise and whether it was kept."""
    return {"name": name, "goal": goal, "value": value, "met": met}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which so much of a sample lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """Median, p95 and p99 of a sample, in ms."""
    return {
        f"p{int(share * 100)}_ms": round(percentile(seconds, share) * 1000, 2)
        for share in (0.5, 0.95, 0.99)
    }


def write(
    benchmark: str, results: Sequence[dict[str, Any]], targets: Sequence[dict[str, Any]]
) -> None:
    """Print every figure, then the object."""
    for result in results:
        print(result)
    for one in targets:
        print(f"{'met ' if one['met'] else 'MISSED'} {one['name']}: {one['value']} ({one['goal']})")
    report = {"benchmark": benchmark, "machine": machine(), "results": list(results)}
    print(json.dumps({**report, "targets": list(targets)}))
