"""Janus' VideoRoom beside us: configured here, driven over its WebSocket API."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from _callers import Caller, FullCaller, fingerprinted
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from remote_court.demo.offer import Offer

PORT = 18188
NO_SUCH_FEED = 428
CONFIG = """
general: {{ configs_folder = "{folder}", plugins_folder = "{libraries}/plugins",
  transports_folder = "{libraries}/transports", events_folder = "{libraries}/events",
  loggers_folder = "{libraries}/loggers", debug_level = 2, log_to_stdout = true }}
certificates: {{ }}
media: {{ ipv6 = false, rtp_port_range = "30000-39999" }}
nat: {{ ice_enforce_list = "{address}", keep_private_host = true }}
plugins: {{ disable = "{others}" }}
transports: {{ disable = "{transports}" }}
"""
OTHERS = (
    "audiobridge",
    "duktape",
    "echotest",
    "lua",
    "nosip",
    "recordplay",
    "sip",
    "streaming",
    "textroom",
    "videocall",
    "voicemail",
)
TRANSPORTS = ("http", "mqtt", "nanomsg", "pfunix", "rabbitmq")
SOCKETS = (
    'general: {{ json = "compact", ws = true, ws_port = {port}, wss = false }}\nadmin: {{ }}\n'
)


def install() -> str | None:
    """Have Janus on the machine; returns why not, where that cannot be."""
    if shutil.which("janus"):
        return None
    if not shutil.which("apt-get"):
        return "janus is not installed"
    subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
    done = subprocess.run(
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "janus"],
        check=False,
        capture_output=True,
    )
    return None if done.returncode == 0 else "janus could not be installed"


class NoSuchFeed(Exception):
    """Janus knows no such publisher, or not yet."""


class Janus:
    """A running Janus and one session of its API."""

    def __init__(
        self, process: subprocess.Popen[bytes], wire: ClientConnection, address: str
    ) -> None:
        self.pid = process.pid
        self._address = address
        self._wire = wire
        self._session: int | None = None
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._reader = asyncio.create_task(self._read())
        self._alive = asyncio.create_task(self._keep_alive())

    async def _read(self) -> None:
        async for text in self._wire:
            said = json.loads(text)
            waiting = self._answers.get(said.get("transaction", ""))
            if waiting is not None and said["janus"] != "ack" and not waiting.done():
                waiting.set_result(said)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(20)
            if self._session is not None:
                await self.ask({"janus": "keepalive"}, wait=False)

    async def ask(self, message: dict[str, Any], *, wait: bool = True) -> dict[str, Any]:
        """Say something; returns what is said to it beyond the acknowledgement."""
        name = secrets.token_hex(6)
        if self._session is not None:
            message["session_id"] = self._session
        future = self._answers[name] = asyncio.get_running_loop().create_future()
        await self._wire.send(json.dumps({**message, "transaction": name}))
        if not wait:
            return {}
        said: dict[str, Any] = await asyncio.wait_for(future, 10)
        del self._answers[name]
        data = said.get("plugindata", {}).get("data", {})
        if data.get("error_code") == NO_SUCH_FEED:
            raise NoSuchFeed
        if said["janus"] == "error" or "error" in data:
            raise RuntimeError(said)
        return said

    async def begin(self) -> None:
        self._session = (await self.ask({"janus": "create"}))["data"]["id"]

    async def handle(self) -> int:
        said = await self.ask({"janus": "attach", "plugin": "janus.plugin.videoroom"})
        return int(said["data"]["id"])

    async def tell(
        self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None
    ) -> dict[str, Any]:
        message: dict[str, Any] = {"janus": "message", "handle_id": handle, "body": body}
        if jsep:
            message["jsep"] = jsep
        return await self.ask(message)

    async def room(self, room: int) -> None:
        """Make a room as a court would: known codecs, no limit of bit rate, many publishers."""
        handle = await self.handle()
        wish = {"request": "create", "room": room, "publishers": 50, "bitrate": 10_000_000}
        await self.tell(handle, {**wish, "audiocodec": "opus", "videocodec": "vp8"})

    async def publish(self, room: int, *sends: str) -> tuple[Caller, int]:
        """A caller that sends; and the feed by which others see it."""
        handle = await self.handle()
        joined = await self.tell(handle, {"request": "join", "ptype": "publisher", "room": room})
        feed = int(joined["plugindata"]["data"]["id"])
        offer, certificate = fingerprinted(pairs=0, sends=sends)
        caller = FullCaller(offer, certificate)
        # Janus answers "active" to "actpass"; our callers begin the handshake themselves.
        sdp = offer.text().replace("a=setup:actpass", "a=setup:active")
        sdp += self.candidate(caller)
        said = await self.tell(handle, {"request": "publish"}, {"type": "offer", "sdp": sdp})
        await asyncio.wait_for(caller.connect(said["jsep"]["sdp"]), 10)
        return caller, feed

    async def watch(self, room: int, feed: int) -> Caller:
        """A caller that receives one feed."""
        handle = await self.handle()
        wish = {"request": "join", "ptype": "subscriber", "room": room, "streams": [{"feed": feed}]}
        said = await self._joined(handle, wish)
        offer, certificate = fingerprinted(pairs=0, sends=())
        theirs = said["jsep"]["sdp"]
        caller = FullCaller(offer, certificate)
        caller.controlling = False
        sdp = mirror(theirs, offer, self.candidate(caller))
        await self.tell(handle, {"request": "start"}, {"type": "answer", "sdp": sdp})
        await asyncio.wait_for(caller.connect(passive(theirs)), 10)
        return caller

    async def _joined(self, handle: int, wish: dict[str, Any]) -> dict[str, Any]:
        """Join; a feed is there a moment after its publisher is."""
        for _ in range(40):
            try:
                return await self.tell(handle, wish)
            except NoSuchFeed:
                await asyncio.sleep(0.05)
        raise TimeoutError

    def candidate(self, caller: Caller) -> str:
        """Where a caller is: libnice answers no check before it knows a candidate."""
        port = caller.socket.getsockname()[1]
        return f"a=candidate:1 1 udp 2130706431 {self._address} {port} typ host\r\n"

    async def close(self) -> None:
        for task in (self._reader, self._alive):
            task.cancel()
        await asyncio.gather(self._reader, self._alive, return_exceptions=True)


OURS = (
    "a=ice-ufrag",
    "a=ice-pwd",
    "a=fingerprint",
    "a=setup",
    "a=candidate",
    "a=ssrc",
    "a=ice-",
    "a=end-of",
    "a=msid",
    "a=rid",
    "a=simulcast",
)


def mirror(offer: str, ours: Offer, candidate: str) -> str:
    """Answer what Janus offers: the same m-lines, received, with our credentials."""
    lines: list[str] = []
    for line in offer.replace("\r\n", "\n").strip().split("\n"):
        if line.startswith(OURS):
            continue
        lines.append("a=recvonly" if line == "a=sendonly" else line)
        if line.startswith("a=mid"):
            lines += [f"a=ice-ufrag:{ours.ufrag}", f"a=ice-pwd:{ours.password}"]
            lines += [f"a=fingerprint:{f.algorithm} {f.value}" for f in ours.fingerprints]
            lines += ["a=setup:active", candidate.strip()]
    return "\r\n".join(lines) + "\r\n"


def configured(address: str) -> Path:
    """A folder of settings: one address, VideoRoom, WebSockets, and nothing else."""
    folder = Path(tempfile.mkdtemp(prefix="janus-"))
    config = CONFIG.format(
        folder=folder,
        libraries=next(p for p in Path("/usr/lib").glob("*-linux-gnu/janus")),
        address=address,
        others=names(OTHERS),
        transports=names(TRANSPORTS),
    )
    sockets = SOCKETS.format(port=PORT)
    (folder / "janus.jcfg").write_text(config, encoding="ascii")
    (folder / "janus.transport.websockets.jcfg").write_text(sockets, encoding="ascii")
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: { }\n", encoding="ascii")
    return folder


def names(plugins: Sequence[str]) -> str:
    """Plugins as the settings name them."""
    return ",".join(f"libjanus_{name}.so" for name in plugins)


def passive(offer: str) -> str:
    """The offer as it stands once we have answered that we begin the handshake."""
    return offer.replace("a=setup:actpass", "a=setup:passive")


@asynccontextmanager
async def running(address: str) -> AsyncIterator[Janus]:
    """Janus on an address of this machine, for as long as the context lasts."""
    folder = configured(address)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: ASYNC220 - started once, before anything is measured
            ["janus", "-C", str(folder / "janus.jcfg"), "-F", str(folder)], stdout=log, stderr=log
        )
    try:
        async with await reached() as wire:
            janus = Janus(process, wire, address)
            await janus.begin()
            try:
                yield janus
            finally:
                await janus.close()
    finally:
        process.kill()  # it has nothing to put away, and takes its time over SIGTERM
        await asyncio.to_thread(process.wait, 20)
        shutil.rmtree(folder, ignore_errors=True)


async def reached() -> ClientConnection:
    """Janus' API, as soon as it answers."""
    for _ in range(100):
        try:
            return await connect(
                f"ws://127.0.0.1:{PORT}",
                subprotocols=[Subprotocol("janus-protocol")],
                ping_interval=None,
            )
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError("janus did not start")
