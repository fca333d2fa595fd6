"""Examine an installation: each check says what it found and how to mend it."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from remote_court import assets, clock, schema
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.db.embedded import PostgresFailed
from remote_court.recording.refusals import KeyUnusable
from remote_court.server.calls.recorders import keys_of
from remote_court.serving import postgres
from remote_court.video.relaying import RelayFails, try_relay
from remote_court.video.turn import Relay, Turn
from remote_court.video.worker import announced

OLDEST = 15
EXTENSIONS = frozenset({"btree_gist", "pg_trgm"})
CLOCK_WARN_S, CLOCK_FAIL_S = 2.0, 30.0
DISK_WARN, DISK_FAIL = 2 * 2**30, 200 * 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; ``mend`` says what to do where something is wrong."""

    name: str
    state: Literal["ok", "warning", "failed"]
    told: str
    mend: str | None = None


async def examine(settings: Settings) -> list[Finding]:
    """Run every check."""
    found = await database(settings)
    return [*found, *await relays(settings), fonts(), disk(settings), *keys(settings)]


async def database(settings: Settings) -> list[Finding]:
    """The database and all that needs it: version, extensions, migrations, clock, media port."""
    try:
        with postgres(settings) as url:
            reached = Database(url)
            try:
                return await ask(reached, settings)
            finally:
                await reached.close()
    except PostgresFailed as error:
        return [Finding("database", "failed", error.what, error.advice), media_port(settings, ())]
    except (SQLAlchemyError, OSError) as error:
        told = f"it cannot be reached ({type(error).__name__})"
        mend = "look at REMOTE_COURT_DATABASE_URL, and whether the server runs and lets us in"
        return [Finding("database", "failed", told, mend), media_port(settings, ())]


async def ask(reached: Database, settings: Settings) -> list[Finding]:
    """What the database itself can tell."""
    async with reached.engine.connect() as connection:
        found = [await version(connection), await extensions(connection), await drift(connection)]
    found.append(await migrations(reached))
    return [*found, media_port(settings, await worker_ports(reached))]


async def version(connection: AsyncConnection) -> Finding:
    """PostgreSQL 15 or newer."""
    number = int(await connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if number < OLDEST:
        mend = f"install PostgreSQL {OLDEST} or newer, or unset REMOTE_COURT_DATABASE_URL"
        return Finding("database", "failed", f"PostgreSQL {number} is too old", mend)
    return Finding("database", "ok", f"PostgreSQL {number} answers")


async def extensions(connection: AsyncConnection) -> Finding:
    """The extensions that the constraints and the search need."""
    rows = await connection.execute(text("SELECT extname FROM pg_extension"))
    missing = ", ".join(sorted(EXTENSIONS - {name for (name,) in rows}))
    if missing:
        mend = "run `remote-court migrate`; if it may not, CREATE EXTENSION as the database's owner"
        return Finding("extensions", "failed", f"missing: {missing}", mend)
    return Finding("extensions", "ok", "btree_gist and pg_trgm are there")


async def drift(connection: AsyncConnection) -> Finding:
    """Our clock against the database's."""
    before = clock.now()
    theirs = await connection.scalar(text("SELECT clock_timestamp()"))
    assert theirs is not None, "every server knows the time"
    middle = before + (clock.now() - before) / 2
    apart = abs((theirs - middle).total_seconds())
    told = f"{apart:.2f} s apart from the database's"
    if apart >= CLOCK_WARN_S:
        state: Literal["warning", "failed"] = "failed" if apart >= CLOCK_FAIL_S else "warning"
        return Finding("clock", state, told, "let both machines follow NTP (chrony, timesyncd)")
    return Finding("clock", "ok", told)


async def migrations(reached: Database) -> Finding:
    """Whether the tables are those of this version."""
    at, wanted = await schema.applied(reached), schema.newest()
    if at != wanted:
        told = f"at {at or 'nothing'}, this version needs {wanted}"
        return Finding("migrations", "failed", told, "run `remote-court migrate`")
    return Finding("migrations", "ok", f"at {at}")


async def worker_ports(reached: Database) -> tuple[int, ...]:
    """UDP ports of media workers that live."""
    query = text("SELECT udp_port FROM media_worker WHERE lease_until > now()")
    try:
        async with reached.engine.connect() as connection:
            return tuple(port for (port,) in await connection.execute(query))
    except SQLAlchemyError:  # not migrated yet, as another finding says
        return ()


def media_port(settings: Settings, ours: tuple[int, ...]) -> Finding:
    """Whether each of the media's UDP ports is free, or taken by a worker of ours."""
    more = settings.media_workers - 1 if settings.media_port else 0
    ports = range(settings.media_port, settings.media_port + max(0, more) + 1)
    found = [one_port(settings.media_host, port, ours) for port in ports]
    return next((finding for finding in found if finding.state == "failed"), found[0])


def one_port(host: str, port: int, ours: tuple[int, ...]) -> Finding:
    """Whether one of them is."""
    where = f"UDP {host}:{port}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError as error:
            if port in ours:
                return Finding("media port", "ok", f"{where} serves calls")
            mend = "set REMOTE_COURT_MEDIA_PORT to a free port, and open it in the firewall"
            return Finding("media port", "failed", f"{where}: {error.strerror}", mend)
    return Finding("media port", "ok", f"{where} is free")


async def relays(settings: Settings) -> list[Finding]:
    """Whether a client with a credential of ours gets through each relay to the media port."""
    if not settings.turn_urls or settings.turn_secret is None:
        told = "none set: who cannot reach the media port by UDP cannot call"
        return [Finding("relay", "ok", told)]
    turn = Turn(settings.turn_urls, settings.turn_secret.get_secret_value().encode())
    addresses = settings.public_addresses or announced(settings.media_host)
    peer = (addresses[0], settings.media_port)
    found: list[Finding] = []
    for url in settings.turn_urls:
        try:
            await try_relay(Relay.at(url), turn.credential("doctor", clock.now()), peer)
        except RelayFails as failure:
            found.append(Finding("relay", "failed", str(failure), failure.mend))
        else:
            found.append(Finding("relay", "ok", f"{url} lets clients through to {peer[0]}"))
    return found


def fonts() -> Finding:
    """Whether the pages' files are built, the fonts among them."""
    mend = "run `python -m remote_court.assets` in the source tree, or install the wheel again"
    try:
        built = assets.manifest()
    except assets.NotBuilt:
        return Finding("fonts and scripts", "failed", "the pages' files are not built", mend)
    gone = [name for name, path in built.items() if not (assets.static_dir() / path).exists()]
    letters = any(name.endswith(".woff2") for name in built)
    if gone or not letters:
        return Finding("fonts and scripts", "failed", f"{len(gone)} built files are gone", mend)
    return Finding("fonts and scripts", "ok", f"{len(built)} files are there")


def disk(settings: Settings) -> Finding:
    """Room where the data lie."""
    place = settings.data_dir.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    told = f"{free / 2**30:.1f} GB free under {place}"
    if free < DISK_WARN:
        state: Literal["warning", "failed"] = "failed" if free < DISK_FAIL else "warning"
        mend = "make room, or set REMOTE_COURT_DATA_DIR to a larger disk"
        return Finding("disk", state, told, mend)
    return Finding("disk", "ok", told)


def keys(settings: Settings) -> list[Finding]:
    """The keys that are set or kept."""
    return [key(settings), recordings(settings)]


def recordings(settings: Settings) -> Finding:
    """Whether recordings can be written, sealed and signed."""
    given = settings.recording_master_key, settings.recording_signing_key
    if settings.mode == "production" and None in given:
        told = "nothing can be recorded: the keys are not set"
        if given == (None, None):
            return Finding("recordings", "ok", told)
        mend = "set both REMOTE_COURT_RECORDING_…_KEY, see docs/recording.md"
        return Finding("recordings", "failed", told, mend)
    try:
        keys_of(settings)
    except KeyUnusable as error:
        mend = "remote-court recording new-keys FOLDER makes a pair"
        return Finding("recordings", "failed", f"{error} is no key", mend)
    place = settings.recordings.absolute()
    while not place.exists():
        place = place.parent
    if not (place.is_dir() and os.access(place, os.W_OK)):
        mend = "give us the folder, or set REMOTE_COURT_RECORDINGS_DIR"
        return Finding("recordings", "failed", f"{place} cannot be written to", mend)
    return Finding("recordings", "ok", f"sealed, signed and kept under {settings.recordings}")


def key(settings: Settings) -> Finding:
    """Whether the kept signing key is ours alone to read."""
    path = settings.data_dir / "secret.key"
    if settings.secret_key or not path.exists():
        told = "from the settings" if settings.secret_key else "made at the first start"
        return Finding("signing key", "ok", told)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding("signing key", "failed", f"others can read {path}", f"chmod 600 {path}")
    return Finding("signing key", "ok", f"kept in {Path(path).name}")
