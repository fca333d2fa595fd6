"""The status of each refusal. A room keeps its own part in ``server/<room>/statuses.py``."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court import errors, identifiers, tickets
from remote_court.calendars import deadlines, jalali
from remote_court.errors import Refusal
from remote_court.policy import amendments
from remote_court.scheduling import hold
from remote_court.server import refusals
from remote_court.server.calls.statuses import STATUS as CALLS
from remote_court.server.hearings.case_statuses import STATUS as CASES
from remote_court.server.hearings.minutes.statuses import STATUS as MINUTES
from remote_court.server.hearings.room_statuses import STATUS as ROOM
from remote_court.server.hearings.statuses import STATUS as HEARINGS
from remote_court.server.hq.rule_values import NotANumber
from remote_court.server.notices.statuses import STATUS as NOTICES
from remote_court.server.office.statuses import STATUS as OFFICE
from remote_court.server.people.statuses import STATUS as PEOPLE
from remote_court.server.prison.statuses import STATUS as PRISON
from remote_court.server.visits.statuses import STATUS as VISITS
from remote_court.video import refusals as video

GROUND: Mapping[type[Refusal], int] = {
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.WrongState: 409,
    errors.RuleRefused: 422,
    identifiers.BadNationalId: 422,
    identifiers.BadFidaCode: 422,
    identifiers.BadMobile: 422,
    identifiers.BadTrackingCode: 422,
    jalali.BadDate: 422,
    deadlines.NeverServed: 422,
    amendments.AmendsThePast: 422,
    amendments.UnfitValue: 422,
    amendments.OutOfBounds: 422,
    amendments.UnknownWord: 422,
    amendments.LongerThanReserved: 422,
    amendments.NoSuchRule: 422,
    amendments.AmendedAlready: 409,
    NotANumber: 422,
    hold.SlotTaken: 409,
    tickets.TicketForged: 401,
    tickets.TicketExpired: 401,
    tickets.TicketMisdirected: 403,
    tickets.TicketMisused: 403,
    tickets.TicketRevoked: 401,
    refusals.KeyMissing: 400,
    refusals.KeyReused: 422,
    refusals.FormNotOurs: 403,
    refusals.BadCursor: 422,
}
VIDEO: Mapping[type[Refusal], int] = {
    video.BadMessage: 400,
    video.MessageTooLong: 413,
    video.UnknownMessage: 400,
    video.TooManyMessages: 429,
    video.JoinFirst: 409,
    video.TicketSpent: 401,
    video.TooManyEntries: 503,
    video.BadOffer: 422,
    video.NoCommonCodec: 422,
    video.RoomFull: 409,
    video.CallClosed: 409,
    video.RoleUnknown: 422,
}

STATUS: Mapping[type[Refusal], int] = {
    **GROUND,
    **VIDEO,
    **CALLS,
    **PEOPLE,
    **VISITS,
    **HEARINGS,
    **NOTICES,
    **ROOM,
    **MINUTES,
    **OFFICE,
    **PRISON,
    **CASES,
}
