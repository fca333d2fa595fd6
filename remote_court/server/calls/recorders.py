"""The recorder of a process, where the operator has set the keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from remote_court import clock
from remote_court.config import Settings
from remote_court.recording.keys import MasterKey, SigningKey
from remote_court.recording.recorder import Recorder


def keys_of(settings: Settings) -> tuple[MasterKey, SigningKey] | None:
    """The keys of recordings; none where nothing can be recorded.

    Raises:
        KeyUnusable: a key was set that is none.
    """
    told = settings.recording_keys()
    if told is None:
        return None
    master, signing = told
    return MasterKey.read(master), SigningKey.read(signing)


@asynccontextmanager
async def recording(settings: Settings) -> AsyncIterator[Recorder | None]:
    """A recorder for as long as the context lasts; what still runs then is signed."""
    keys = keys_of(settings)
    if keys is None:
        yield None
        return
    recorder = Recorder(settings.recordings, keys, now=clock.now, monotonic=clock.monotonic)
    try:
        yield recorder
    finally:
        await asyncio.to_thread(recorder.close)
