"""What one process serves, held at ``app.state.site``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from remote_court import clock
from remote_court.config import Settings
from remote_court.db import Database


@dataclass(slots=True)
class Site:
    """The parts that requests share; ``app.py`` puts them together.

    ``hub`` is where browsers listen for live updates, ``worker`` the media worker of this
    process; either is none where it does not run here. ``media_base`` is the worker's address
    where it is not the site's own. ``farewells`` are said before the sockets close, when this
    process is told to stop.
    """

    settings: Settings
    database: Database
    hub: Any = None
    worker: Any = None
    now: Callable[[], datetime] = clock.now
    media_base: str | None = None
    connect: tuple[str, ...] = ()
    farewells: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    key: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.key = self.settings.signing_key()
