"""The clerk writes and closes minutes on a page, each signs on theirs, and programs get the PDF."""

from __future__ import annotations

import io
import re

import httpx
import pytest_asyncio
from pypdf import PdfReader
from sqlalchemy import select, update
from typer.testing import CliRunner

from remote_court.cli import app as cli
from remote_court.hearings import room
from remote_court.hearings.minutes.models import Minutes
from remote_court.hearings.minutes.signer_keys import public_keys
from remote_court.hearings.minutes.trust import write
from remote_court.people import Actor, SanaAccount
from remote_court.people.sessions import open_token
from remote_court.recording.keys import SigningKey
from remote_court.server.site import Site
from tests.hearings.full_cast import SittingScene, make_sitting
from tests.hearings.minutes.test_fingerprint import picture
from tests.server.hearings.bench import as_person
from tests.world import make_world

__all__ = ["as_person"]
PROBLEM = "application/problem+json"


@pytest_asyncio.fixture
async def scene(site: Site) -> SittingScene:
    async with site.database.transaction() as session:
        scene = await make_sitting(await make_world(session))
        await scene.bench_comes(scene.president, scene.second)
        for party in (scene.accused, scene.lawyer, *scene.witnesses):
            await scene.party_comes(party)
        await room.open_session(session, scene.president, scene.hearing_id, scene.start)
        mine = SanaAccount.person_id == scene.lawyer.person_id
        await session.execute(update(SanaAccount).where(mine).values(demo_code=None))
    site.now = lambda: scene.start
    return scene


def tokens(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's first form."""
    names = ("csrf", "idempotency_key")
    return {n: re.search(rf'name="{n}" value="([^"]+)"', page.text)[1] for n in names}


def clerks_form(scene: SittingScene, revision: int = 0, **more: str) -> dict[str, str]:
    form = {"revision": str(revision), "statements": "متهم گفت: «نکردم»."}
    for judge in (scene.president, scene.second):
        form[f"present_{judge.person_id}"] = "1"
    for party in (scene.accused, scene.lawyer, *scene.witnesses):
        form |= {f"present_{party.person_id}": "1", f"verified_{party.person_id}": "card"}
    return form | more


async def close(scene: SittingScene, as_person) -> None:
    clerk = await as_person(scene.clerk.person_id)
    page = f"/court/{scene.court.branch.id}/hearings/{scene.hearing_id}/minutes"
    shown = await clerk.get(page)
    sent = await clerk.post(page, data=tokens(shown) | clerks_form(scene, freeze="1"))
    assert sent.status_code == 303, sent.text


async def ask(client: httpx.AsyncClient, site: Site, scene: SittingScene, who: Actor):
    async with site.database.transaction() as session:
        token = await open_token(session, who.person_id, scene.start)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    return await client.get(f"/api/v1/hearings/{scene.hearing_id}/minutes", headers=headers)


async def test_the_draft_is_filled_from_the_record(scene, as_person):
    clerk = await as_person(scene.clerk.person_id)
    page = await clerk.get(f"/court/{scene.court.branch.id}/hearings/{scene.hearing_id}/minutes")
    assert "Judges connected: 2 of 3; quorum: 2." in page.text
    assert "The session was public." in page.text
    assert "No recording was ordered." in page.text
    assert "آخرین دفاع متهم" in page.text
    assert "به دلیل بُعد مسافت" in page.text


async def test_two_clerks_at_once_lose_nothing(scene, as_person):
    clerk = await as_person(scene.clerk.person_id)
    page = f"/court/{scene.court.branch.id}/hearings/{scene.hearing_id}/minutes"
    first, second = await clerk.get(page), await clerk.get(page)
    saved = await clerk.post(page, data=tokens(first) | clerks_form(scene, exhibits="سند یک"))
    assert saved.status_code == 303
    late = await clerk.post(page, data=tokens(second) | clerks_form(scene, exhibits="سند دو"))
    assert late.status_code == 409
    assert "سند یک" in late.text
    assert "سند دو" in late.text
    assert 'name="revision" value="1"' in late.text
    merged = tokens(late) | clerks_form(scene, 1, exhibits="سند یک و دو")
    assert (await clerk.post(page, data=merged)).status_code == 303
    assert "سند یک و دو" in (await clerk.get(page)).text


async def test_what_is_missing_is_said_on_the_page(scene, as_person):
    clerk = await as_person(scene.clerk.person_id)
    page = f"/court/{scene.court.branch.id}/hearings/{scene.hearing_id}/minutes"
    lawyer = scene.lawyer.person_id
    form = tokens(await clerk.get(page)) | clerks_form(scene, freeze="1")
    refused = await clerk.post(page, data=form | {f"verified_{lawyer}": ""})
    assert refused.status_code == 422
    assert f'href="#verified_{lawyer}"' in refused.text
    again = {k: v for k, v in form.items() if k != f"present_{scene.second.person_id}"}
    refused = await clerk.post(page, data=again | tokens(refused))
    assert "Of the bench 1 are here; a session opens with 2." in refused.text
    assert "متهم گفت" in refused.text


async def test_the_bench_reads_the_draft_and_does_not_write_it(scene, as_person):
    judge = await as_person(scene.president.person_id)
    page = f"/court/{scene.court.branch.id}/hearings/{scene.hearing_id}/minutes"
    shown = await judge.get(page)
    assert "Save and close" not in shown.text
    key = {"csrf": judge.cookies.get("csrf", ""), "idempotency_key": "k" * 16}
    assert (await judge.post(page, data=key | clerks_form(scene))).status_code == 403


async def test_programs_get_the_pdf_when_it_is_theirs_and_closed(client, site, scene, as_person):
    court = (scene.president, scene.second, scene.clerk)
    parties = (scene.own(scene.accused), scene.own(scene.lawyer), scene.officer)
    others = (scene.own(scene.witnesses[0]), scene.stranger)
    assert [(await ask(client, site, scene, who)).status_code for who in court] == [409] * 3
    assert [(await ask(client, site, scene, who)).status_code for who in parties] == [409] * 3
    await close(scene, as_person)
    for who in (*court, *parties):
        answer = await ask(client, site, scene, who)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    for who in others:
        answer = await ask(client, site, scene, who)
        assert (answer.status_code, answer.headers["content-type"]) == (403, PROBLEM)
    anybody = await client.get(f"/api/v1/hearings/{scene.hearing_id}/minutes")
    assert anybody.status_code == 401


async def test_the_document_is_a_persian_pdf_for_archives(client, site, scene, as_person):
    await close(scene, as_person)
    file = (await ask(client, site, scene, scene.clerk)).content
    read = PdfReader(io.BytesIO(file))
    assert read.root_object["/Lang"] == "fa"
    metadata = read.root_object["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert round(read.pages[0].mediabox.width) == 595


async def press(browser, scene: SittingScene, verb: str, person_id: int, files=None, **more: str):
    page = f"/hearings/{scene.hearing_id}/minutes"
    form = tokens(await browser.get(page)) | {"person": str(person_id)} | more
    return await browser.post(f"{page}/{verb}", data=form, files=files)


async def sign_as(as_person, scene: SittingScene, who: Actor, person_id: int, files=None):
    browser = await as_person(who.person_id)
    sent = await press(browser, scene, "code", person_id)
    code = re.search(r"the code is (\d{6})", sent.text)
    assert code, sent.text
    return await press(browser, scene, "sign", person_id, files, code=code[1])


async def test_all_sign_on_their_pages_and_the_copy_is_proved_by_the_command(
    client, site, scene, as_person, tmp_path
):
    await close(scene, as_person)
    accused, lawyer = scene.accused.person_id, scene.lawyer.person_id
    officer = await as_person(scene.officer.person_id)
    wrong = await press(officer, scene, "sign", accused, code="000000")
    assert wrong.status_code == 422
    assert "Choose a picture of the fingerprint" in wrong.text
    finger = {"fingerprint": ("f.png", picture("png", 300, 400), "image/png")}
    wrong = await press(officer, scene, "sign", accused, finger, code="000000")
    assert "This code is not right" in wrong.text
    early = await press(await as_person(lawyer), scene, "code", lawyer)
    assert early.status_code == 409
    done = await sign_as(as_person, scene, scene.officer, accused, finger)
    assert done.status_code == 303, done.text
    speaker, judge = await as_person(lawyer), await as_person(scene.second.person_id)
    for who in (scene.own(scene.lawyer), scene.clerk):
        done = await sign_as(as_person, scene, who, who.person_id)
        assert done.status_code == 303, done.text
    unexplained = await press(judge, scene, "refuse", scene.second.person_id, reason="")
    assert unexplained.status_code == 422
    refused = await press(judge, scene, "refuse", scene.second.person_id, reason="رأی مخالف دارم")
    assert refused.status_code == 303
    for who in (scene.president,):
        done = await sign_as(as_person, scene, who, who.person_id)
        assert done.status_code == 303, done.text
    page = await speaker.get(f"/hearings/{scene.hearing_id}/minutes")
    assert "Everybody has signed or refused." in page.text
    file, trust = tmp_path / "m.pdf", tmp_path / "trust.json"
    file.write_bytes((await ask(client, site, scene, scene.clerk)).content)
    async with site.database.transaction() as session:
        keys = await public_keys(session)
    court = SigningKey.read(site.settings.recording_keys()[1]).public
    trust.write_text(write(court, keys))
    run = CliRunner()
    args = ["minutes", "verify", str(file), "--trust", str(trust), "--json"]
    assert run.invoke(cli, args).exit_code == 0
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert run.invoke(cli, args).exit_code == 1


async def test_who_signs_finds_them_among_their_hearings(scene, as_person):
    link = f'href="/hearings/{scene.hearing_id}/minutes"'
    speaker = await as_person(scene.lawyer.person_id)
    assert link not in (await speaker.get("/hearings")).text
    await close(scene, as_person)
    assert link in (await speaker.get("/hearings")).text
    witness = await as_person(scene.witnesses[0].person_id)
    assert link not in (await witness.get("/hearings")).text


async def test_a_code_for_signing_is_good_for_these_minutes_alone(scene, site, as_person):
    from remote_court.people import codes

    await close(scene, as_person)
    async with site.database.transaction() as session:
        minutes = await session.scalar(select(Minutes))
        who, now = scene.officer.person_id, scene.start
        code = await codes.issue(session, who, "minutes", site.key, now, minutes.sha256)
        redeem = (session, who, "minutes", code, site.key, now)
        assert not await codes.redeem(*redeem, "0" * 64)
        assert not await codes.redeem(*redeem)
        assert await codes.redeem(*redeem, minutes.sha256)
        assert not await codes.redeem(*redeem, minutes.sha256)
