from __future__ import annotations

from remote_court.people import Gender, Role, queries
from tests.world import grant, make_person

NAMES = ["آرش یاوری", "پری احمدی", "علی احمدی", "نوشین كاظمی", "زهرا گودرزی", "ژاله نوری"]
ORDER = ["پری احمدی", "علی احمدی", "نوشین كاظمی", "زهرا گودرزی", "ژاله نوری", "آرش یاوری"]


async def test_staff_stand_by_family_name_as_a_persian_dictionary_has_it_page_by_page(
    session,
):
    for number, name in enumerate(NAMES):
        given, family = name.split()
        made = await make_person(session, number, given, family, Gender.FEMALE)
        await grant(session, made, Role.AUDITOR, None)
    seen: list[str] = []
    after = 0
    for _ in range(3):
        lines = await queries.staff(session, after=after, limit=2)
        seen += [line.name for line in lines[:2]]
        after = lines[1].person_id
    assert seen == ORDER
    assert len(lines) == 2
    assert await queries.staff(session, after=999_999) == []
