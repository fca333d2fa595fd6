"""What the prison's pages call things; each is translated where it is shown."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court.people.inmates import InmateStatus
from remote_court.places import Audience
from remote_court.server.locale import N_
from remote_court.visits.bans import BanKind
from remote_court.visits.consular import Paper
from remote_court.visits.kinship_entry import Evidence
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.permits import PermitIssuer

KINSHIP: Mapping[str, str] = {
    KinshipKind.SPOUSE: N_("Spouse"),
    KinshipKind.FATHER: N_("Father"),
    KinshipKind.MOTHER: N_("Mother"),
    KinshipKind.CHILD: N_("Child"),
    KinshipKind.SIBLING: N_("Brother or sister"),
    KinshipKind.FATHER_IN_LAW: N_("Spouse's father"),
    KinshipKind.MOTHER_IN_LAW: N_("Spouse's mother"),
    KinshipKind.GRANDPARENT: N_("Grandparent"),
    KinshipKind.GRANDCHILD: N_("Grandchild"),
    KinshipKind.UNCLE_OR_AUNT: N_("Uncle or aunt"),
    KinshipKind.COUSIN: N_("Cousin"),
    KinshipKind.FRIEND: N_("Friend"),
}
EVIDENCE: Mapping[str, str] = {
    Evidence.BIRTH_CERTIFICATE: N_("Birth certificate"),
    Evidence.MARRIAGE_DEED: N_("Marriage deed"),
    Evidence.FAMILY_CERTIFICATE: N_("Civil registry's certificate of kin"),
    Evidence.COURT_RULING: N_("Court ruling"),
    Evidence.INMATE_STATEMENT: N_("The prisoner's written statement"),
}
ISSUER: Mapping[str, str] = {
    PermitIssuer.PROVINCIAL_PRISONS_DIRECTOR: N_("Director of the province's prisons"),
    PermitIssuer.ENFORCEMENT_JUDGE: N_("Judge who enforces sentences"),
    PermitIssuer.PRISON_WARDEN: N_("Prison warden"),
    PermitIssuer.HANDLING_JUDGE: N_("Judge who handles the case"),
}
PAPER: Mapping[str, str] = {
    Paper.MFA_LETTER: N_("Letter of the Foreign Ministry"),
    Paper.PROSECUTOR_GENERAL: N_("Agreement of the Prosecutor-General"),
    Paper.HANDLING_JUDGE: N_("Agreement of the judge who handles the case"),
}
WHEREABOUTS: Mapping[str, str] = {
    InmateStatus.HELD: N_("In the prison"),
    InmateStatus.HOSPITAL: N_("In hospital"),
    InmateStatus.ON_LEAVE: N_("On leave"),
    InmateStatus.RELEASED: N_("Released"),
}
TONE: Mapping[str, str] = {
    InmateStatus.HELD: "good",
    InmateStatus.HOSPITAL: "warn",
    InmateStatus.ON_LEAVE: "info",
    InmateStatus.RELEASED: "neutral",
}
BAN: Mapping[str, str] = {
    BanKind.JUDICIAL: N_("Judge's ban"),
    BanKind.DISCIPLINARY: N_("Disciplinary ban"),
}
AUDIENCE: Mapping[str, str] = {
    Audience.ANYONE: N_("Everybody"),
    Audience.WOMEN: N_("Women"),
    Audience.MEN: N_("Men"),
}
