"""Why a session is adjourned, and whether the parties answer for it."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """The reason of an adjournment (tajdid-e jalase)."""

    SERVICE_DEFECT = "service_defect"
    GAP_BREACH = "gap_breach"
    QUORUM = "quorum"
    JUDGE_ABSENT = "judge_absent"
    PARTY_EXCUSE = "party_excuse"
    LAWYER_EXCUSE = "lawyer_excuse"
    LAWYER_CONFLICT = "lawyer_conflict"
    EXPERT_ABSENT = "expert_absent"
    WITNESS_ABSENT = "witness_absent"
    INTERPRETER_ABSENT = "interpreter_absent"
    JOINT_REQUEST = "joint_request"
    CONTINUED = "continued"
    TECHNICAL_OURS = "technical_ours"
    TECHNICAL_OFFICE = "technical_office"
    TECHNICAL_PRISON = "technical_prison"
    TECHNICAL_NETWORK = "technical_network"
    PRISON_SECURITY = "prison_security"
    CALENDAR_CLOSURE = "calendar_closure"


PARTIES_OWN = frozenset(
    {Code.PARTY_EXCUSE, Code.LAWYER_EXCUSE, Code.LAWYER_CONFLICT, Code.JOINT_REQUEST}
)
"""Reasons for which the parties answer; after every other the next session must come soon.

Source:
    Civil Procedure Code, note to art. 100.
"""
