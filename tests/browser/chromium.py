"""Find Chromium, or install it: from the distribution as root, else Playwright's own build.

``python tests/browser/chromium.py`` is what `make test` runs first; tests call ``path``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def path() -> str | None:
    """The machine's Chromium, or that of an earlier ``playwright install``."""
    found = next((where for name in NAMES if (where := shutil.which(name))), None)
    return found or playwright_own()


def found() -> str:
    """The machine's Chromium.

    Raises:
        RuntimeError: there is none; `make test` installs it.
    """
    where = next((w for name in NAMES if (w := shutil.which(name))), None)
    if where is None:
        raise RuntimeError("no Chromium on this machine: run make test, or install chromium")
    return where


def playwright_own() -> str | None:
    """The Chromium that Playwright has downloaded, if it has."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        where = playwright.chromium.executable_path
    return where if Path(where).exists() else None


def arguments() -> list[str]:
    """How tests start it: fake camera and microphone, loopback media, no calls home."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*ARGUMENTS, *(["--no-sandbox"] if as_root else [])]


def install() -> None:
    """Install Chromium where this user may."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)
        return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    if path() is None:
        sys.stdout.write("installing Chromium …\n")
        sys.stdout.flush()
        install()
    if path() is None:
        sys.exit("Chromium is not here and could not be installed; install it and try again.")
