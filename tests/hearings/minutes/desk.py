"""A sitting under way whose minutes a clerk writes, and keys to sign them with."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court.hearings import room
from remote_court.hearings.minutes.draft import Draft, Section, save
from remote_court.hearings.minutes.freeze import freeze
from remote_court.hearings.minutes.models import Minutes
from remote_court.hearings.minutes.roll import Ticked, Verified
from remote_court.hearings.minutes.signer_keys import CourtKeys
from remote_court.people import Actor
from tests.hearings.full_cast import SittingScene

KEYS = CourtKeys.read(("11" * 32, "22" * 32))
PAGE = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000055 00000 n \n"
    b"0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n162\n%%EOF\n"
)
"""A whole PDF of one empty page."""
HERE = Ticked(True, Verified.CARD)


async def under_way(scene: SittingScene) -> SittingScene:
    """Two judges, everybody else and the clerk are in, and the session is open."""
    await scene.bench_comes(scene.president, scene.second)
    for party in (scene.accused, scene.lawyer, *scene.witnesses):
        await scene.party_comes(party)
    await room.open_session(scene.session, scene.president, scene.hearing_id, scene.start)
    return scene


def roll_of(scene: SittingScene, **others: Ticked) -> dict[int, Ticked]:
    """Two judges, the accused, the lawyer and both witnesses were there."""
    people = {
        "president": scene.president.person_id,
        "second": scene.second.person_id,
        "third": scene.third.person_id,
        "accused": scene.accused.person_id,
        "lawyer": scene.lawyer.person_id,
        "first_witness": scene.witnesses[0].person_id,
        "second_witness": scene.witnesses[1].person_id,
    }
    ticked = dict.fromkeys(people, HERE) | {"third": Ticked(False)} | others
    return {people[name]: one for name, one in ticked.items()}


def draft(scene: SittingScene, revision: int = 0, **others: Ticked) -> Draft:
    texts: Mapping[Section, str] = {Section.STATEMENTS: "متهم گفت: «نکردم»."}
    return Draft(revision, texts, roll_of(scene, **others))


async def frozen(scene: SittingScene, **others: Ticked) -> Minutes:
    """Minutes that are written and closed."""
    here = (scene.session, scene.clerk, scene.hearing_id)
    minutes = await save(*here, draft(scene, **others), scene.start)
    return await freeze(*here, minutes.revision, PAGE, scene.start)


def signers_of(scene: SittingScene) -> list[tuple[Actor, int]]:
    """Who signs for whom, in order."""
    return [
        (scene.officer, scene.accused.person_id),
        (scene.own(scene.lawyer), scene.lawyer.person_id),
        (scene.clerk, scene.clerk.person_id),
        (scene.second, scene.second.person_id),
        (scene.president, scene.president.person_id),
    ]
