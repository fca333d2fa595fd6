"""The proof of service as a page to print: A4, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from remote_court.assets import web_dir
from remote_court.hearings.in_letters import HearingOccasion
from remote_court.identifiers import grouped
from remote_court.notices.outages import Outage, Source
from remote_court.notices.proof import Proof
from remote_court.notices.rebuttals import Rebuttal
from remote_court.notices.service import Method, ServiceState, of
from remote_court.people import Person
from remote_court.server.filters import Speech
from remote_court.server.locale import N_
from remote_court.server.notices.hearing_words import court

STATES: Mapping[ServiceState, str] = {
    ServiceState.QUEUED: N_("Not served yet"),
    ServiceState.DELIVERED: N_("Served"),
    ServiceState.VIEWED: N_("Served, and opened by the recipient"),
}
METHODS: Mapping[Method, str] = {
    Method.SANA: N_("in the SANA account"),
    Method.OFFICER: N_("by an officer, on paper"),
    Method.PUBLICATION: N_("by publication"),
}
FOOTER = N_(
    "Arrival in the account is service; opening it is actual service (bylaw of 1395, article 13)."
)
NUMBER, ISOLATED = "\u2066{}\u2069", "\u2068{}\u2069"


def pdf(proof: Proof, speech: Speech, now: datetime) -> bytes:
    """The proof as an A4 PDF/A-2b."""
    gettext = speech.gettext
    pairs = facts(proof, speech)
    inputs = {
        "lang": speech.locale,
        "title": gettext("Proof of service"),
        "made": gettext("Printed %(moment)s") % {"moment": speech.jdatetime(now)},
        "state": gettext(STATES[of(proof.served.notice).state]),
        "labels": "\n".join(label for label, _ in pairs),
        "values": "\n".join(value for _, value in pairs),
        "hash_label": gettext("SHA-256 of the text as it was delivered"),
        "hash": proof.served.notice.sha256 or "—",
        "outages_title": gettext("Outages of the system in this time"),
        "outages": "\n".join(outages(proof, speech)),
        "rebuttals_title": gettext("What was said against the service"),
        "rebuttals": "\n".join(rebuttal(one, speech) for one in proof.rebuttals),
        "verify_title": gettext("How to verify this"),
        "verify": "\n".join(verify(proof, speech)),
        "chain": proof.link.hash if proof.link else "",
        "footer": gettext(FOOTER),
    }  # fmt: skip
    made: Any = compiler().compile(sys_inputs=inputs, format="pdf", pdf_standards="a-2b")
    return bytes(made)


def facts(proof: Proof, speech: Speech) -> list[tuple[str, str]]:
    """What is proved, line by line."""
    gettext, notice = speech.gettext, proof.served.notice
    instants = (
        (gettext("Queued"), notice.queued_at),
        (gettext("Delivered"), notice.delivered_at),
        (gettext("Opened by the recipient"), notice.viewed_at),
    )
    lines = [
        (gettext("Number of the notice"), NUMBER.format(grouped(notice.number))),
        (gettext("Recipient"), masked(proof.person, speech)),
        *session_lines(proof, speech),
        (gettext("How it was served"), gettext(METHODS[notice.method])),
        *((label, moment(at, speech) if at else "—") for label, at in instants),
    ]
    if notice.published_on is not None:
        lines.append((gettext("Published"), speech.jdate(notice.published_on)))
    if notice.paper is not None:
        lines.append((gettext("Report or newspaper"), speech.digits(notice.paper)))
    return lines


def session_lines(proof: Proof, speech: Speech) -> list[tuple[str, str]]:
    """Of which session and court the notice is; of the case no more than its number."""
    gettext, notice, session = speech.gettext, proof.served.notice, proof.served.session
    lines = [(gettext("Session"), speech.jdatetime(notice.starts_at or session.starts_at, "long"))]
    if isinstance(session, HearingOccasion):
        hearing = session.hearing
        number = {"case": hearing.case_number, "row": hearing.sub_row}
        lines += [
            (gettext("Court"), court(hearing, speech.locale)),
            (gettext("Case number"), speech.digits(gettext("%(case)s, sub-row %(row)s") % number)),
        ]
    return lines


def masked(person: Person, speech: Speech) -> str:
    """Initials, and a number whose middle is hidden: enough for who knows the person."""
    number = person.national_id or person.fida_code or ""
    shown = speech.digits(f"{number[:3]}{'•' * (len(number) - 5)}{number[-2:]}")
    initials = ISOLATED.format(f"{person.given_name[:1]}. {person.family_name[:1]}.")
    return f"{initials} ({NUMBER.format(shown)})"


def moment(at: datetime, speech: Speech) -> str:
    """An instant to the second, as proofs have it."""
    return speech.gettext("%(day)s, %(time)s") % {
        "day": speech.jdate(at),
        "time": clock(at, speech),
    }


def clock(at: datetime, speech: Speech) -> str:
    """The time on the wall in Tehran with its seconds."""
    return f"{speech.jtime(at)}:{speech.digits(f'{at.second:02}')}"


def outages(proof: Proof, speech: Speech) -> list[str]:
    """Each outage in a line, or that there was none."""
    if not proof.outages:
        return [speech.gettext("None is known.")]
    return [outage(one, speech) for one in proof.outages]


def outage(one: Outage, speech: Speech) -> str:
    """From when to when, and why."""
    gettext = speech.gettext
    span = {"start": speech.jdatetime(one.started_at), "end": speech.jdatetime(one.ended_at)}
    told = one.reason if one.source is Source.OPERATOR else gettext("the system was silent")
    return f"{gettext('%(start)s to %(end)s') % span}: {told}"


def rebuttal(one: Rebuttal, speech: Speech) -> str:
    """When something was said, and what the judge held of it."""
    gettext = speech.gettext
    if one.accepted is None:
        held = gettext("not decided yet")
    else:
        held = gettext("accepted") if one.accepted else gettext("not accepted")
    return f"{speech.jdatetime(one.said_at)}: {held}"


def verify(proof: Proof, speech: Speech) -> list[str]:
    """How somebody with a copy of the text and of the record checks this page."""
    gettext = speech.gettext
    lines = [
        gettext(
            "The hash is of subject, an empty line and text, in UTF-8, as the recipient has them."
        )
    ]
    if proof.link is None:
        lines.append(
            gettext("The delivery is not sealed in the record yet; print again in a minute.")
        )
    else:
        number = {"seq": speech.digits(str(proof.link.seq))}
        lines.append(
            gettext("The delivery is entry %(seq)s of the record, with this hash in its chain:")
            % number
        )
    return lines


@cache
def compiler() -> typst.Compiler:
    """The compiled layout and its fonts, loaded once."""
    fonts = [str(path) for path in (web_dir() / "static" / "vendor").glob("print-fonts-*")]
    layout = files("remote_court.server.notices") / "proof.typ"
    return typst.Compiler(str(layout), font_paths=fonts)
