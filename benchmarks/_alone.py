"""A network of a benchmark's own: Janus offers no loopback address, and nobody else is loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys

ADDRESS = "10.83.0.1"
INSIDE = "REMOTE_COURT_BENCH_INSIDE"
COMMANDS = (
    "link set lo up",
    "link add media0 type veth peer name media1",
    f"addr add {ADDRESS}/24 dev media0",
    "link set media0 up",
    "link set media1 up",
)


def enter(benchmark: str) -> None:
    """Go on in a network namespace that ends with this process; needs root.

    Where that cannot be, says so as the benchmark's last line and ends.
    """
    if INSIDE not in os.environ:
        if os.geteuid():
            print(json.dumps({"benchmark": benchmark, "skipped": "needs root"}))
            raise SystemExit(0)
        command = ["unshare", "--net", sys.executable, *sys.argv]
        environment = os.environ | {INSIDE: "1"}
        raise SystemExit(subprocess.run(command, env=environment, check=False).returncode)
    for command in COMMANDS:
        subprocess.run(["ip", *command.split()], check=True)
