"""The routers of the court's pages."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.server.hearings import (
    cases,
    changes,
    diary,
    home,
    imports,
    listing,
    mine,
    officials,
    parties,
    representation,
    sitting,
)
from remote_court.server.hearings.minutes import signing, writing

# `/cases/new` and its like stand before `/cases/{id}`; none of the paths hides another's.
COURT_PAGES: tuple[APIRouter, ...] = (
    home.router,
    home.branch_router,
    diary.router,
    imports.router,
    changes.router,
    sitting.router,
    writing.router,
    signing.router,
    listing.router,
    representation.router,
    parties.router,
    cases.router,
    mine.router,
    officials.router,
)
