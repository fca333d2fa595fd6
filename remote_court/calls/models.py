"""The call of a session, who attended it, and the workers and devices that carry it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words

RUNNING = "stopped_at IS NULL"
KEPT = "deleted_at IS NULL"


class CallStatus(StrEnum):
    """Where a call is in its life; video knows the same words."""

    WAITING = "waiting"
    LIVE = "live"
    PAUSED = "paused"
    CLOSED = "closed"


class Call(Base):
    """The call of a session (same id). ``revision`` grows with every change.

    ``stations`` are where people stand whom somebody has sent elsewhere than their role comes in.
    """

    __tablename__ = "call"
    __table_args__ = (
        Index("call_due_idx", "ends_at", postgresql_where=text("status <> 'closed'")),
        Index("call_worker_id_idx", "worker_id", postgresql_where=text("status <> 'closed'")),
    )

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str]
    status: Mapped[CallStatus] = mapped_column(words(CallStatus, "status"))
    revision: Mapped[int] = mapped_column(server_default="0")
    worker_id: Mapped[str | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_seconds: Mapped[int] = mapped_column(server_default="0")
    extended_minutes: Mapped[int] = mapped_column(server_default="0")
    reason: Mapped[str | None]
    recording_id: Mapped[int | None] = mapped_column(ForeignKey("recording.id"))
    stations: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class Attendance(Base):
    """One connection of one person to a call, from arrival to leaving."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index("attendance_connection_key", "session_id", "person_id", "connection_id", unique=True),
        Index("attendance_here_idx", "session_id", postgresql_where=text("left_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    connection_id: Mapped[str]
    device_id: Mapped[int | None]
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None]
    statistics: Mapped[dict[str, Any] | None]


class Stay(Base):
    """Somebody's stay at a station of a call, from when to when, and who sent them there.

    The stays of two people tell whether they were ever together.
    """

    __tablename__ = "call_stay"
    __table_args__ = (
        Index(
            "call_stay_current_key",
            "session_id",
            "person_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint("since <= until", name="order"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    station: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


HELP, MUTE, UNMUTE = "help", "mute", "unmute"
"""The verb of somebody who asks for help; all others are a supervisor's."""


class SupervisionAct(Base):
    """What a supervisor did in a call, and the reason stated; or that somebody asked for help.

    ``whom_id`` is whose microphone was switched off or on.
    """

    __tablename__ = "supervision_act"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    verb: Mapped[str]
    reason: Mapped[str | None]
    minutes: Mapped[int | None]
    whom_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Recording(Base):
    """A recording that somebody ordered of a session, from its order to its deletion.

    ``told_at`` is when a worker last told of it, ``failing`` what it said then; ``alarmed_at``
    stands from the moment at which it should have run and did not. ``sealed_at``: every part of
    it on disk is signed.
    """

    __tablename__ = "recording"
    __table_args__ = (
        Index("recording_running_key", "session_id", unique=True, postgresql_where=text(RUNNING)),
        Index("recording_keep_until_idx", "keep_until", postgresql_where=text(KEPT)),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    ordered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    place_id: Mapped[int | None]
    reason: Mapped[str]
    started_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    keep_until: Mapped[datetime]
    octets: Mapped[int] = mapped_column(BigInteger, server_default="0")
    lost_packets: Mapped[int] = mapped_column(BigInteger, server_default="0")
    told_at: Mapped[datetime]
    failing: Mapped[bool] = mapped_column(server_default="false")
    trouble: Mapped[str | None]
    alarmed_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class MediaWorker(Base):
    """A process that carries calls; alive while its lease runs.

    ``stopped_at``: it took its leave; one that ended without it was lost. ``retired_at`` is when
    it ended, as far as that is known. ``cpu_share`` is the part of one core it used since its last
    report. ``drain_by``: when talks that still run on a draining one go on elsewhere; none: never.
    ``running_since`` is when its reports began to come, again after a time in which none
    could be written.
    """

    __tablename__ = "media_worker"

    id: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    udp_port: Mapped[int] = mapped_column(Integer)
    rooms: Mapped[int] = mapped_column(Integer, server_default="0")
    peers: Mapped[int] = mapped_column(Integer, server_default="0")
    packets_per_s: Mapped[int] = mapped_column(Integer, server_default="0")
    cpu_share: Mapped[float] = mapped_column(Float, server_default="0")
    draining: Mapped[bool] = mapped_column(server_default="false")
    running_since: Mapped[datetime] = mapped_column(server_default=func.now())
    reported_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]
    lease_until: Mapped[datetime]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    draining_since: Mapped[datetime | None]
    drain_by: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class PairingCode(Base):
    """A code that pairs one device with one room or booth, once."""

    __tablename__ = "pairing_code"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(Base):
    """A paired device of a room or booth; its credential's hash, until it is revoked."""

    __tablename__ = "device"
    __table_args__ = (
        Index("device_unit_id_idx", "unit_id", postgresql_where=text("revoked_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    credential_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    label: Mapped[str]
    paired_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    paired_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None]


class CallEntry(Base):
    """Somebody was let in: as whom, by the right of which person or device.

    Every token of the entry names it, the ticket and each resume token. Once it is withdrawn,
    none of them is good any more.
    """

    __tablename__ = "call_entry"
    __table_args__ = (
        Index("call_entry_session_id_idx", "session_id"),
        Index("call_entry_actor_id_idx", "actor_id", postgresql_where=text("withdrawn_at IS NULL")),
        Index(
            "call_entry_device_id_idx", "device_id", postgresql_where=text("withdrawn_at IS NULL")
        ),
        CheckConstraint("num_nonnulls(actor_id, device_id) = 1", name="one_asker"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


LINE_TEST = "line-test."
"""With what the ids of rooms begin in which a line is tried out; those of sessions are numbers."""


class LineTest(Base):
    """A room without a session, by its name; over from ``ends_at``, and opened anew after that."""

    __tablename__ = "line_test"
    __table_args__ = (CheckConstraint("opened_at <= ends_at", name="order"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    worker_id: Mapped[str | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ends_at: Mapped[datetime]
    headcount: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer, server_default="0")

    @property
    def session_id(self) -> str:
        """What stands for a session in its tickets."""
        return f"{LINE_TEST}{self.name}"
