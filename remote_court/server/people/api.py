"""The people room's part of the API: sign-in for programs, who am I, the demo's accounts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from remote_court.errors import Invalid
from remote_court.people import codes, demo, queries, sessions, sign_in
from remote_court.people.accounts import SanaAccount
from remote_court.people.grants import Role
from remote_court.people.refusals import CodeRefused, SignInRefused
from remote_court.people.sign_in import Knocking
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.guards import SignedAnyhow, public
from remote_court.server.listing import Listing
from remote_court.server.locale import locale_of
from remote_court.server.people.home import demo_only
from remote_court.server.rate import AddressKey

router = APIRouter(prefix="/api/v1", tags=["people"])
NationalIdField = Annotated[
    str,
    Field(max_length=64, description="National ID, or FIDA code", examples=["9990000018"]),
]
PasswordField = Annotated[str, Field(max_length=200, examples=["correct-horse-battery"])]


class CodeIn(BaseModel):
    """Whose code is to be sent."""

    national_id: NationalIdField
    password: PasswordField


class CodeOut(BaseModel):
    """A code is on its way; in development it is told here."""

    expires_in: int = Field(examples=[120], description="seconds")
    code: str | None = Field(None, examples=[None])


class TokenIn(BaseModel):
    """What proves who is asking."""

    national_id: NationalIdField
    password: PasswordField
    otp: str = Field(max_length=32, examples=["123456"], description="The one-time code")


class TokenOut(BaseModel):
    """A bearer token."""

    access_token: str = Field(examples=["Q1c0bW9uZXktY2Fubm90LWJ1eS10aGlz"])
    token_type: str = Field("bearer", examples=["bearer"])
    expires_in: int = Field(examples=[28800], description="seconds")


class GrantOut(BaseModel):
    """A role, and the place where it holds; none where it holds everywhere."""

    role: Role = Field(examples=["family"])
    place_id: str | None = Field(examples=[None])


class Me(BaseModel):
    """Who is signed in."""

    id: str = Field(examples=["1204"])
    name: str = Field(examples=["مریم رضایی"])
    locale: str = Field(examples=["fa"])
    roles: list[GrantOut]
    must_change_password: bool = Field(examples=[False])


class DemoAccountOut(BaseModel):
    """An invented person of the demo."""

    model_config = ConfigDict(use_enum_values=True)

    role: Role = Field(examples=["office_clerk"])
    name: str = Field(examples=["نرگس احمدی"])
    national_id: str = Field(examples=["9990000026"])
    password: str = Field(examples=["demo-office-clerk"])
    otp: str = Field(examples=["111111"])
    place: str | None = Field(examples=["دفتر شریعتی"])


async def proved(
    site: SiteDep, now: Now, address: AddressKey, asked: CodeIn | TokenIn
) -> SanaAccount:
    """The account whose password was given; an unreadable number is refused like a wrong one."""
    try:
        who = queries.identifier(asked.national_id)
    except Invalid as refusal:
        raise SignInRefused from refusal
    return await sign_in.password(
        site.database, who, asked.password, Knocking(address, site.key), now
    )


@router.post("/auth/code", status_code=202, dependencies=[Depends(public)])
async def code(asked: CodeIn, site: SiteDep, now: Now, address: AddressKey) -> CodeOut:
    """Send a one-time code to the person's telephone. Staff read theirs from a generator."""
    account = await proved(site, now, address, asked)
    life = int(codes.LIFE.total_seconds())
    if not sign_in.sends_code(account):
        return CodeOut(expires_in=life, code=account.demo_code)
    async with site.database.transaction() as session:
        sent = await codes.issue(session, account.person_id, "sign-in", site.key, now)
    return CodeOut(expires_in=life, code=sent if site.settings.shows_codes else None)


@router.post("/auth/token", dependencies=[Depends(public)])
async def token(
    asked: TokenIn, response: Response, site: SiteDep, now: Now, address: AddressKey
) -> TokenOut:
    """Trade number, password and one-time code for a bearer token."""
    account = await proved(site, now, address, asked)
    try:
        await sign_in.code(site.database, account.person_id, asked.otp, "sign-in", site.key, now)
    except CodeRefused as refusal:
        raise SignInRefused from refusal
    async with site.database.transaction() as session:
        await sign_in.note(session, account.person_id, "token", now)
        made = await sessions.open_token(session, account.person_id, now)
    response.headers["Cache-Control"] = "no-store"
    return TokenOut(
        access_token=made,
        token_type="bearer",  # noqa: S106 - the kind, not a token
        expires_in=int(sessions.TOKEN_LIFE.total_seconds()),
    )


@router.get("/me")
async def me(actor: SignedAnyhow) -> Me:
    """Say who is signed in, and which roles they hold where."""
    held = sorted(actor.grants, key=lambda grant: (grant[0].value, grant[1] or 0))
    return Me(
        id=str(actor.person_id),
        name=actor.name,
        locale=actor.locale,
        roles=[GrantOut(role=r, place_id=str(p) if p else None) for r, p in held],
        must_change_password=actor.must_change_password,
    )


@router.get("/demo/accounts", dependencies=[Depends(demo_only)])
async def demo_accounts(
    request: Request,
    work: Work,
    role: Role | None = None,
    limit: Annotated[int, Query(ge=1, le=demo.LISTED_MOST)] = demo.LISTED_MOST,
) -> Listing[DemoAccountOut]:
    """List invented people of a role with their passwords; in the demo only."""
    place = f"place_{locale_of(request)}"
    lines = await demo.accounts(work, role, limit)
    return Listing(
        items=[
            DemoAccountOut(
                role=line.role,
                name=line.name,
                national_id=line.national_id,
                password=line.password,
                otp=line.otp,
                place=getattr(line, place),
            )
            for line in lines
        ]
    )
