"""The web server of one process: its database, its socket, its certificate, and a clean end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from typing_extensions import override

from remote_court.config import Settings
from remote_court.db import embedded
from remote_court.errors import CourtError

DRIVER = "postgresql+asyncpg"
BACKLOG = 2048
MOST_SIGNALLING = 4 * 65_536
"""Bytes: the longest message of signalling, if each of its characters takes four."""

LEAVE_S = 5
"""How long connections may take to end once we were told to stop."""


class PortTaken(CourtError):
    """Another program listens on this port; choose another one."""


class NotStarted(CourtError):
    """It could not start; the lines above say why."""


@contextmanager
def postgres(settings: Settings) -> Iterator[str]:
    """The URL of the database: the operator's, or our own server's, which runs meanwhile.

    Raises:
        PostgresFailed: our own server cannot run.
    """
    if settings.database_url:
        given = make_url(settings.database_url.get_secret_value())
        yield given.set(drivername=DRIVER).render_as_string(hide_password=False)
        return
    server = embedded.start(settings.data_dir, bin_dir=settings.postgres_bin)
    try:
        yield server.url
    finally:
        server.stop()


def listen(settings: Settings) -> tuple[socket.socket, Settings]:
    """Take the web server's port before anything slow is done; the settings name it from then on.

    Raises:
        PortTaken: somebody else has it.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((settings.host, settings.port))
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        raise PortTaken(f"{settings.host}:{settings.port}") from error
    return taken, settings.model_copy(update={"port": taken.getsockname()[1]})


class Server(uvicorn.Server):
    """Says when it is ready, and ends the endless streams before it waits for the rest."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._ready = ready

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say farewell while there are sockets to say it on."""
        for farewell in self._app.state.site.farewells:
            await farewell()
        await super().shutdown(sockets)

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; told twice, do not wait.

        The inherited one raises the signal again afterwards, and what must be given back, such as
        the database's lease, would not be.
        """
        del frame
        self._app.state.site.hub.end()
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def serve(
    app: FastAPI, settings: Settings, taken: socket.socket, ready: Callable[[], None]
) -> None:
    """Serve until told to stop; ``ready`` is called once requests are answered.

    Raises:
        NotStarted: what runs beside it could not be started.
    """
    server = server_of(app, settings, ready)
    server.run([taken])
    if not server.started:
        raise NotStarted


def server_of(app: FastAPI, settings: Settings, ready: Callable[[], None]) -> Server:
    """A server set as the settings say."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=LEAVE_S,
        timeout_keep_alive=30,
        backlog=BACKLOG,
        ws_max_size=MOST_SIGNALLING,
        ws_per_message_deflate=False,  # a small packet would become many large messages
    )
    return Server(config, app, ready)
