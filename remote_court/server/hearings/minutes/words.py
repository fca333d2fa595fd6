"""What minutes call things."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court.hearings.minutes.draft import Section
from remote_court.hearings.minutes.order import Method, Part
from remote_court.hearings.minutes.roll import Verified
from remote_court.server.locale import N_

SECTION: Mapping[Section, str] = {
    Section.OPENING: N_("Opening of the session"),
    Section.ORDERS: N_("Orders of the court"),
    Section.STATEMENTS: N_("Statements"),
    Section.EXHIBITS: N_("Exhibits"),
    Section.CLOSING: N_("Close of the session"),
    Section.NEXT_DATE: N_("Next date"),
}
VERIFIED: Mapping[Verified, str] = {
    Verified.CARD: N_("National card shown"),
    Verified.OFFICE: N_("Verified by the service office"),
    Verified.PRISON: N_("Confirmed by the prison"),
    Verified.CODE: N_("Signed in with a one-time code"),
    Verified.KNOWN: N_("Known to the court"),
}
PART: Mapping[Part, str] = {
    Part.PARTY: N_("Party to the case"),
    Part.LAWYER: N_("Lawyer or prosecutor"),
    Part.INTERPRETER: N_("Interpreter"),
    Part.CLERK: N_("Clerk of the court"),
    Part.JUDGE: N_("Judge"),
}
METHOD: Mapping[Method, str] = {
    Method.OWN: N_("with a one-time code of their own"),
    Method.FINGERPRINT: N_("by fingerprint, confirmed by the prison"),
    Method.READ_ALOUD: N_("after reading aloud, attested by the clerk"),
}
