"""A line as the test holds it: a process, its weather, its counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.netns.line import Weather, order

PROGRAM = Path(__file__).with_name("line.py")


@dataclass(frozen=True, slots=True)
class Count:
    """Frames of one direction."""

    passed: int
    lost: int


class Wire:
    """Runs ``line.py`` in a street until closed."""

    def __init__(self, namespace: str, *, home: str, street: str, seed: int = 7) -> None:
        self._line = subprocess.Popen(
            ["ip", "netns", "exec", namespace, sys.executable, str(PROGRAM), home, street],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "LINE_SEED": str(seed)},
        )
        self.weather()

    def weather(self, **ways: Weather) -> dict[str, Count]:
        """Change the weather ``up`` or ``down``; returns what has passed and was lost so far."""
        assert self._line.stdin is not None
        assert self._line.stdout is not None
        self._line.stdin.write(json.dumps(order(**ways)) + "\n")
        self._line.stdin.flush()
        told = json.loads(self._line.stdout.readline())
        return {name: Count(*counts) for name, counts in told.items()}

    def close(self) -> None:
        """End the line; safe twice."""
        for pipe in (self._line.stdin, self._line.stdout):
            if pipe is not None:
                pipe.close()
        if self._line.poll() is None:
            self._line.terminate()
        self._line.wait(3)
