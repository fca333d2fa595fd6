"""Where the pages' templates, words and static files are, in the source tree and in the wheel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from typing_extensions import override

MANIFEST = "manifest.json"


class NotBuilt(RuntimeError):
    """The pages' assets are not built yet: run ``python -m remote_court.assets``."""

    @override
    def __str__(self) -> str:
        return type(self).__doc__ or ""


def web_dir() -> Path:
    """The directory of templates, styles, scripts and words.

    An installed wheel carries it as ``remote_court/web``; in the source tree it stands beside
    the package.
    """
    package = Path(__file__).parents[1]
    inside = package / "web"
    return inside if inside.is_dir() else package.parent / "web"


def static_dir() -> Path:
    """The directory that is served under ``/static``."""
    return web_dir() / "static"


@cache
def manifest() -> Mapping[str, str]:
    """What the build made: logical name, such as ``app.css``, to its path under ``/static``.

    Raises:
        NotBuilt: nothing was built yet.
    """
    try:
        text = (static_dir() / MANIFEST).read_text()
    except FileNotFoundError as error:
        raise NotBuilt from error
    paths: dict[str, str] = json.loads(text)
    return paths


def static_url(name: str) -> str:
    """The address of a built file; its path changes whenever its content does."""
    return f"/static/{manifest()[name]}"
