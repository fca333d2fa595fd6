"""People and what ties them, as rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from remote_court.demo.seed.human import Human
from remote_court.demo.seed.kin import Prisoner, evidence
from remote_court.demo.seed.sheets import Sheet
from remote_court.demo.seed.staff import Cast
from remote_court.people import AccountStatus, Gender
from remote_court.text import digits
from remote_court.visits.bans import BanKind
from remote_court.visits.consular import Paper
from remote_court.visits.permits import PermitIssuer

PERSON = (
    "id", "national_id", "fida_code", "given_name", "family_name", "gender", "born_on", "mobile",
    "province_code", "nationality", "speaks_persian",
)  # fmt: skip
ACCOUNT = ("person_id", "status", "password_hash", "demo_code", "opened_at", "activated_at")
KINSHIP = (
    "inmate_id", "visitor_id", "kind", "evidence", "claimed_at", "sighted_by", "sighted_at",
    "sighted_place_id",
)  # fmt: skip
BAN = (
    "inmate_id", "kind", "reference", "starts_on", "ends_on", "sessions", "confirmed_by_judge",
    "entered_by", "entered_at",
)  # fmt: skip
INMATE = (
    "person_id", "prison_id", "number", "ward", "status", "on_remand", "security_convict",
    "weekly_visits", "status_since",
)  # fmt: skip
CONSULAR = (
    "inmate_id", "visitor_id", "papers", "valid_from", "valid_to", "entered_by", "entered_at",
)  # fmt: skip
SIGHTED = (Paper.MFA_LETTER.value, Paper.PROSECUTOR_GENERAL.value)
FIRST_CODE = 140_500


def people(
    humans: Sequence[Human], cast: Cast, password: tuple[str, str], now: datetime
) -> Iterator[Sheet]:
    """Persons, accounts, roles, and the list of accounts to try; ``password`` and its hash."""
    opened = now - timedelta(days=400)
    plain, hashed = password
    codes = {p.human.id: code(n) for posts in cast.listed.values() for n, p in enumerate(posts)}
    yield Sheet("person", PERSON, [person(h) for h in humans])
    yield Sheet(
        "sana_account",
        ACCOUNT,
        [
            (h.id, AccountStatus.ACTIVE.value, *known, opened, opened)
            for h in humans
            if h.account
            for known in [(hashed, codes[h.id]) if h.id in codes else (None, None)]
        ],
    )
    yield Sheet(
        "role_grant",
        ("person_id", "role", "place_id", "granted_at"),
        [(p.human.id, p.role.value, p.place_id, opened) for p in cast.posts],
    )
    yield Sheet(
        "demo_account",
        ("person_id", "role", "ordinal", "password", "place_fa", "place_en"),
        [
            (p.human.id, role.value, n, plain, *(p.place or (None, None)))
            for role, posts in cast.listed.items()
            for n, p in enumerate(posts)
        ],
    )


def code(ordinal: int) -> str:
    """The one-time code of a listed account: fixed, and easy to type."""
    return str(FIRST_CODE + ordinal)


def person(human: Human) -> tuple[object, ...]:
    """One person."""
    foreign = human.nationality != "IR"
    return (
        human.id,
        None if foreign else human.number,
        human.number if foreign else None,
        human.given,
        human.family,
        (Gender.FEMALE if human.female else Gender.MALE).value,
        human.born_on,
        human.mobile,
        human.province,
        human.nationality,
        human.persian,
    )


def inmates(
    random: Random, prisoners: Sequence[Prisoner], cast: Cast, now: datetime
) -> Iterator[Sheet]:
    """Inmates, their lists with what proves them, permits, bans and mandates."""
    since = now - timedelta(days=300)
    yield Sheet("inmate", INMATE, [inmate(random, p, since) for p in prisoners])
    yield Sheet(
        "kinship",
        KINSHIP,
        [
            (p.human.id, t.human.id, t.kind.value, *proof)
            for p in prisoners
            for t in p.ties
            for proof in [
                (evidence(t.kind).value, since, officer(p, cast), since, p.prison.id)
                if t.sighted
                else (None, since, None, None, None)
            ]
        ],
    )
    yield permits(prisoners, cast, now)
    yield bans(random, prisoners, cast, now)
    yield consular_papers(cast, now)
    yield Sheet(
        "mandate",
        ("inmate_id", "lawyer_id", "reference", "entered_by", "entered_at"),
        [
            (p.human.id, lawyer.id, f"و-{n:05}", officer(p, cast), since)
            for n, (p, lawyer) in enumerate(cast.mandates, start=1)
        ],
    )


def officer(prisoner: Prisoner, cast: Cast) -> int:
    """Who enters things at the inmate's prison."""
    return cast.clerk_of(prisoner.prison.id)


def inmate(random: Random, prisoner: Prisoner, since: datetime) -> tuple[object, ...]:
    """One inmate."""
    ward = str(1 + int(random.random() * 8))
    drawn = random.random() < 0.23  # noqa: PLR2004 - as in 1398
    on_remand = drawn if prisoner.on_remand is None else prisoner.on_remand
    here = (prisoner.human.id, prisoner.prison.id, prisoner.number, ward)
    case = on_remand, prisoner.security_convict
    return (*here, prisoner.status.value, *case, prisoner.weekly, since)


def permits(prisoners: Sequence[Prisoner], cast: Cast, now: datetime) -> Sheet:
    """Permits of those who do not visit by right."""
    first, last = now.date() - timedelta(days=90), now.date() + timedelta(days=180)
    columns = (
        "inmate_id", "visitor_id", "issuer", "reference", "valid_from", "valid_to", "entered_by",
        "entered_at",
    )  # fmt: skip
    issuer = PermitIssuer.PRISON_WARDEN.value
    ties = [(p, t) for p in prisoners for t in p.ties if t.permitted]
    return Sheet(
        "permit",
        columns,
        [
            (p.human.id, t.human.id, issuer, f"م-{n:05}", first, last, officer(p, cast), now)
            for n, (p, t) in enumerate(ties, start=1)
        ],
    )


def consular_papers(cast: Cast, now: datetime) -> Sheet:
    """The papers by which consuls come, whole for who is finally sentenced."""
    first, last = now.date() - timedelta(days=10), now.date() + timedelta(days=80)
    sheet = Sheet("consular_papers", CONSULAR)
    for n, (prisoner, consul) in enumerate(cast.consuls, start=1):
        numbers = {kind: digits(f"{n}{len(kind)}/1405", "fa") for kind in SIGHTED}
        papers = json.dumps(numbers, ensure_ascii=False)
        term = first, last, officer(prisoner, cast), now
        sheet.rows.append((prisoner.human.id, consul.id, papers, *term))
    return sheet


def bans(random: Random, prisoners: Sequence[Prisoner], cast: Cast, now: datetime) -> Sheet:
    """Bans by judges, and some by the disciplinary council."""
    sheet = Sheet("visit_ban", BAN)
    for n, prisoner in enumerate((p for p in prisoners if p.banned), start=1):
        assert prisoner.banned is not None
        first, last = prisoner.banned
        kind: BanKind = BanKind.JUDICIAL
        rest: tuple[object, ...] = (first, last, None, None)
        if random.random() < 0.3:  # noqa: PLR2004 - most bans are a judge's
            until = min(last, first + timedelta(days=20))
            kind, rest = BanKind.DISCIPLINARY, (first, until, 3, "قاضی اجرای احکام")
        by = officer(prisoner, cast)
        sheet.rows.append((prisoner.human.id, kind.value, f"د-{n:05}", *rest, by, now))
    return sheet
