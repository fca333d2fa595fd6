"""Somebody chooses by what their telephone is told; the record keeps it."""

from __future__ import annotations

from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.people import Channel
from remote_court.people.choose_channel import choose_channel
from tests.sharing import rolled_back, shared_database, village

__all__ = ["rolled_back", "shared_database", "village"]


async def test_a_voice_is_chosen_and_taken_back(village, noon):
    actor = village.actor(village.mother)
    assert village.mother.reminded_by is Channel.TEXT
    for channel in (Channel.VOICE, Channel.TEXT):
        person = await choose_channel(village.session, actor, channel, noon)
        assert (person.id, person.reminded_by) == (village.mother.id, channel)
    acts = select(AuditEntry.detail).where(AuditEntry.act == "account.channel")
    assert [d["channel"] for d in await village.session.scalars(acts)] == ["voice", "text"]
