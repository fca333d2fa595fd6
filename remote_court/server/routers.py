"""Every router of the site. A room adds its own here."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.server import docs, gallery, health, language, place
from remote_court.server.calls import api as calls_api
from remote_court.server.calls import devices as calls_devices
from remote_court.server.calls import kiosk as calls_kiosk
from remote_court.server.calls import line_test_page
from remote_court.server.calls import line_tests as calls_line_tests
from remote_court.server.calls import pages as calls_pages
from remote_court.server.calls import recordings as calls_recordings
from remote_court.server.calls import watch as calls_watch
from remote_court.server.calls.media_app import MEDIA_ROUTERS
from remote_court.server.hearings import api as hearings_api
from remote_court.server.hearings import room_api as hearing_room
from remote_court.server.hearings import service_api, service_page
from remote_court.server.hearings.minutes import api as minutes_api
from remote_court.server.hearings.routers import COURT_PAGES
from remote_court.server.hq import operator as hq_operator
from remote_court.server.hq import outages as hq_outages
from remote_court.server.hq import pages as hq_pages
from remote_court.server.hq import record as hq_record
from remote_court.server.hq import rules as hq_rules
from remote_court.server.notices import api as notices_api
from remote_court.server.notices import pages as notices_pages
from remote_court.server.notices import receipts_api, webhooks_api
from remote_court.server.notices import served as notices_served
from remote_court.server.office import api as office_api
from remote_court.server.office import pages as office_pages
from remote_court.server.people import (
    account,
    grants,
    home,
    identity,
    password,
    register,
    sign_in,
    staff,
)
from remote_court.server.people import api as people_api
from remote_court.server.prison.routers import PRISON
from remote_court.server.visits import api as visits_api
from remote_court.server.visits import companion as visits_companion
from remote_court.server.visits import pages as visits_pages
from remote_court.server.visits import wizard

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    docs.router,
    gallery.router,
    language.router,
    place.router,
    people_api.router,
    home.router,
    sign_in.router,
    password.router,
    register.router,
    account.router,
    identity.router,
    staff.router,
    grants.router,
    visits_api.router,
    visits_companion.router,
    wizard.router,
    visits_pages.router,
    hearings_api.router,
    notices_api.router,
    notices_pages.router,
    notices_served.router,
    receipts_api.router,
    webhooks_api.router,
    service_api.router,
    service_page.router,
    office_api.router,
    *office_pages.ROUTERS,
    calls_api.router,
    calls_recordings.router,
    *MEDIA_ROUTERS,
    calls_pages.router,
    calls_watch.router,
    calls_kiosk.router,
    calls_devices.router,
    calls_line_tests.router,
    line_test_page.router,
    hearing_room.router,
    minutes_api.router,
    *PRISON,
    *COURT_PAGES,
    hq_pages.router,
    hq_operator.router,
    hq_outages.router,
    hq_record.router,
    hq_rules.router,
)
