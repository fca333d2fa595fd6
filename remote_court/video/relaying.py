"""Try a relay as a client would: reach it, get an allocation, and be let through to our port."""

from __future__ import annotations

import asyncio
import ssl

from aioice import stun, turn

from remote_court.video.turn import Relay

PATIENCE_S = 5.0
LIFETIME_S = 600
CHANNEL = 0x4000


class RelayFails(Exception):
    """A relay is of no use to a client; the text says why, ``mend`` what to do."""

    def __init__(self, told: str, mend: str) -> None:
        super().__init__(told)
        self.mend = mend


async def try_relay(
    relay: Relay,
    credential: tuple[str, str],
    peer: tuple[str, int],
    context: ssl.SSLContext | None = None,
) -> None:
    """Make an allocation and open a channel to our media port.

    Args:
        peer: our media port, as clients are told of it.
        context: whom to trust, where the relay speaks TLS; default: the system's authorities.

    Raises:
        RelayFails: no client would get through.
    """
    where = f"{relay.host}:{relay.port} ({relay.transport}{', TLS' if relay.tls else ''})"
    try:
        async with asyncio.timeout(PATIENCE_S):
            await _pass_through(relay, credential, peer, context)
    except ssl.SSLError as error:
        mend = "give the relay a certificate for this name that browsers trust"
        raise RelayFails(f"{where}: its certificate is refused ({error.reason})", mend) from error
    except stun.TransactionFailed as error:
        raise RelayFails(*_refused(where, peer, error.response.error_code)) from error
    except (TimeoutError, OSError, stun.TransactionError) as error:
        mend = "start the relay, and open its port from here and from where clients are"
        raise RelayFails(f"{where}: no answer", mend) from error


async def _pass_through(
    relay: Relay,
    credential: tuple[str, str],
    peer: tuple[str, int],
    context: ssl.SSLContext | None,
) -> None:
    client = await _open(relay, credential, context)
    try:
        await client.connect()
    except BaseException:
        client.transport.close()
        raise
    try:
        await client.channel_bind(CHANNEL, peer)
    finally:
        await client.delete()


async def _open(
    relay: Relay, credential: tuple[str, str], context: ssl.SSLContext | None
) -> turn.TurnClientProtocol:
    loop, where, every = asyncio.get_running_loop(), (relay.host, relay.port), LIFETIME_S
    client: turn.TurnClientProtocol
    if relay.transport == "udp":
        _, client = await loop.create_datagram_endpoint(
            lambda: turn.TurnClientUdpProtocol(where, *credential, LIFETIME_S, every),
            remote_addr=where,
        )
        return client
    trust = (context or ssl.create_default_context()) if relay.tls else None
    _, client = await loop.create_connection(
        lambda: turn.TurnClientTcpProtocol(where, *credential, LIFETIME_S, every),
        *where,
        ssl=trust,
    )
    return client


def _refused(where: str, peer: tuple[str, int], code: int | None) -> tuple[str, str]:
    match code:
        case 401:
            mend = "let REMOTE_COURT_TURN_SECRET and its static-auth-secret be the same"
            return f"{where}: it takes no credentials of ours", mend
        case 403:
            mend = f"add allowed-peer-ip={peer[0]} to its turnserver.conf"
            return f"{where}: it lets nobody through to {peer[0]}", mend
        case _:
            return f"{where}: it refuses (error {code})", "look at the relay's log"
