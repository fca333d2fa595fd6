"""The routers of the prison's pages."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.server.prison import (
    at_desk,
    bans,
    booths,
    claims,
    day,
    decisions,
    ends,
    entries,
    foreigners,
    hours,
    inmates,
    whereabouts,
)

# `entries` and its like stand below /inmates/{id}; none of their paths hides another's.
PRISON: tuple[APIRouter, ...] = (
    day.router,
    decisions.router,
    inmates.router,
    entries.router,
    foreigners.router,
    bans.router,
    ends.router,
    whereabouts.router,
    booths.router,
    hours.router,
    at_desk.router,
    claims.router,
)
