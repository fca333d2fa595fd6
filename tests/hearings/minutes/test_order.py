"""Whose turn it is, and how each signs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest

from remote_court.hearings.minutes.order import ORDER, SIGNS, Method, Part, method_of, turn
from remote_court.hearings.roles import PRINCIPALS, PartyRole, Site


@dataclass
class Someone:
    part: Part
    is_done: bool


def test_parties_sign_first_and_judges_last():
    assert ORDER == ("party", "lawyer", "interpreter", "clerk", "judge")


@pytest.mark.parametrize("done", list(itertools.product((False, True), repeat=len(Part))))
def test_it_is_the_turn_of_the_first_part_that_is_awaited(done):
    signers = [Someone(part, one) for part, one in zip(Part, done, strict=True)]
    awaited = [part for part, one in zip(Part, done, strict=True) if not one]
    assert turn(reversed(signers)) == (awaited[0] if awaited else None)


def test_one_of_two_who_waits_keeps_the_others_waiting():
    both = [Someone(Part.JUDGE, True), Someone(Part.PARTY, True), Someone(Part.PARTY, False)]
    assert turn(both) is Part.PARTY


def test_every_party_signs_and_a_witness_does_not():
    assert set(SIGNS) >= PRINCIPALS
    assert not {PartyRole.WITNESS, PartyRole.EXPERT, PartyRole.OBSERVER} & set(SIGNS)


@pytest.mark.parametrize(
    ("site", "aloud", "by_print", "method"),
    [
        (Site.PRISON, False, True, Method.FINGERPRINT),
        (Site.PRISON, True, True, Method.FINGERPRINT),
        (Site.PRISON, False, False, Method.OWN),
        (Site.PRISON, True, False, Method.READ_ALOUD),
        (Site.OFFICE, True, True, Method.READ_ALOUD),
        (Site.OFFICE, False, True, Method.OWN),
        (Site.COURTROOM, False, True, Method.OWN),
        (Site.OWN_DEVICE, False, True, Method.OWN),
        (None, False, True, Method.OWN),
    ],
)
def test_how_each_signs(site, aloud, by_print, method):
    assert method_of(site, aloud=aloud, by_print=by_print) is method
