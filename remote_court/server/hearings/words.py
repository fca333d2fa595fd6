"""What the court's pages call things; each is translated where it is shown."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court.hearings.adjournment import Code
from remote_court.hearings.diary_import import State
from remote_court.hearings.enter_party import Need
from remote_court.hearings.forums import Forum
from remote_court.hearings.officials import OfficialKind
from remote_court.hearings.roles import Address, Mode, PartyRole, Seat, Site
from remote_court.hearings.status import Status
from remote_court.notices.service import Method, ServiceState
from remote_court.people import Gender
from remote_court.server.locale import N_

FORUM: Mapping[str, str] = {
    Forum.CIVIL: N_("Civil court"),
    Forum.FAMILY: N_("Family court"),
    Forum.PEACE: N_("Peace court"),
    Forum.CRIMINAL_ONE: N_("Criminal court one"),
    Forum.CRIMINAL_TWO: N_("Criminal court two"),
    Forum.REVOLUTIONARY: N_("Revolutionary court"),
    Forum.JUVENILE: N_("Juvenile court"),
    Forum.APPEAL: N_("Court of appeal"),
    Forum.PROSECUTION: N_("Prosecution office"),
}
ROLE: Mapping[str, str] = {
    PartyRole.PLAINTIFF: N_("Plaintiff"),
    PartyRole.DEFENDANT: N_("Defendant"),
    PartyRole.COMPLAINANT: N_("Complainant"),
    PartyRole.ACCUSED: N_("Accused"),
    PartyRole.CONVICT: N_("Convict"),
    PartyRole.PROSECUTOR: N_("Prosecutor"),
    PartyRole.LAWYER: N_("Lawyer"),
    PartyRole.GUARDIAN: N_("Guardian"),
    PartyRole.EXPERT: N_("Expert"),
    PartyRole.INTERPRETER: N_("Interpreter"),
    PartyRole.WITNESS: N_("Witness"),
    PartyRole.ESCORT_GUARD: N_("Escort guard"),
    PartyRole.OBSERVER: N_("Observer"),
}
SEAT: Mapping[str, str] = {
    Seat.PRESIDING: N_("Presiding judge"),
    Seat.ASSOCIATE: N_("Associate judge"),
    Seat.ALTERNATE: N_("Alternate judge"),
    Seat.ADVISER: N_("Adviser"),
}
SITE: Mapping[str, str] = {
    Site.OFFICE: N_("Service office"),
    Site.PRISON: N_("From the prison"),
    Site.OWN_DEVICE: N_("Own device"),
    Site.COURTROOM: N_("Courtroom"),
}
MODE: Mapping[str, str] = {Mode.REMOTE: N_("Remote"), Mode.HYBRID: N_("Hybrid")}
ADDRESS: Mapping[str, str] = {
    Address.KNOWN: N_("Address known"),
    Address.ABROAD: N_("Lives abroad"),
    Address.UNKNOWN: N_("Address unknown"),
}
NEED: Mapping[str, str] = {
    Need.STEP_FREE: N_("Room without steps"),
    Need.HEARING_LOOP: N_("Hearing loop"),
    Need.SIGN_INTERPRETER: N_("Sign interpreter"),
}
GENDER: Mapping[str, str] = {Gender.FEMALE: N_("Woman"), Gender.MALE: N_("Man")}
STATUS: Mapping[str, tuple[str, str]] = {
    Status.PROVISIONAL: (N_("Provisional"), "warn"),
    Status.CONFIRMED: (N_("Confirmed"), "good"),
    Status.DISPLACED: (N_("Needs a new date"), "bad"),
    Status.IN_PROGRESS: (N_("Under way"), "live"),
    Status.HELD: (N_("Was held"), "neutral"),
    Status.NOT_HELD: (N_("Was not held"), "bad"),
    Status.ADJOURNED: (N_("Adjourned"), "info"),
    Status.CANCELLED: (N_("Cancelled"), "neutral"),
}
"""Each state in words, and the tone in which it is shown."""
SERVICE: Mapping[str, tuple[str, str]] = {
    ServiceState.QUEUED: (N_("Notice on its way"), "warn"),
    ServiceState.DELIVERED: (N_("Served"), "good"),
    ServiceState.VIEWED: (N_("Served and read"), "good"),
}
METHOD: Mapping[str, str] = {
    Method.SANA: N_("In the SANA account"),
    Method.OFFICER: N_("By an officer"),
    Method.PUBLICATION: N_("By publication"),
}
OFFICIAL: Mapping[str, str] = {
    OfficialKind.INTERPRETER: N_("Interpreter"),
    OfficialKind.SIGN_INTERPRETER: N_("Sign interpreter"),
    OfficialKind.EXPERT: N_("Expert"),
}
ADJOURNMENT: Mapping[str, str] = {
    Code.SERVICE_DEFECT: N_("Service was defective"),
    Code.GAP_BREACH: N_("The clear days were not kept"),
    Code.QUORUM: N_("The bench was not quorate"),
    Code.JUDGE_ABSENT: N_("The judge was absent"),
    Code.PARTY_EXCUSE: N_("A party had a valid excuse"),
    Code.LAWYER_EXCUSE: N_("A lawyer had a valid excuse"),
    Code.LAWYER_CONFLICT: N_("A lawyer had another session at this time"),
    Code.EXPERT_ABSENT: N_("The expert was absent"),
    Code.WITNESS_ABSENT: N_("A witness was absent"),
    Code.INTERPRETER_ABSENT: N_("The interpreter was absent"),
    Code.JOINT_REQUEST: N_("Both parties asked for it"),
    Code.CONTINUED: N_("The hearing goes on in another session"),
    Code.TECHNICAL_OURS: N_("A technical failure at the court"),
    Code.TECHNICAL_OFFICE: N_("A technical failure at an office"),
    Code.TECHNICAL_PRISON: N_("A technical failure at a prison"),
    Code.TECHNICAL_NETWORK: N_("A failure of the network"),
    Code.PRISON_SECURITY: N_("Security of the prison"),
    Code.CALENDAR_CLOSURE: N_("The day was declared closed"),
}
CLOSING: Mapping[str, str] = {
    "juvenile": N_("A juvenile is accused"),
    "family": N_("Family matters"),
    "chastity_or_morals": N_("Chastity or morals"),
    "security_or_religious_ethnic_feelings": N_("Security, religious or ethnic feelings"),
    "pardonable_offence_on_request": N_("A pardonable offence, on request"),
}
"""Why a sitting is closed to the public, as policy's words are said."""
IMPORT: Mapping[str, tuple[str, str]] = {
    State.FAULTY: (N_("Has errors"), "bad"),
    State.READY: (N_("Tried out"), "info"),
    State.QUEUED: (N_("Waits"), "warn"),
    State.RUNNING: (N_("Being written"), "live"),
    State.DONE: (N_("Written"), "good"),
    State.FAILED: (N_("Was not written"), "bad"),
}
