"""The statuses of what the prison's entries refuse."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.visits import (
    ban_entry,
    consular_entry,
    decide,
    entering,
    inmate_moves,
    kinship_entry,
    mandate_entry,
    permit_entry,
)

STATUS: Mapping[type[Refusal], int] = {
    entering.ReferenceNeeded: 422,
    entering.ReasonMissing: 422,
    entering.UnknownPerson: 422,
    entering.UnknownInmate: 422,
    entering.WrongTerm: 422,
    entering.OneselfIsNoVisitor: 422,
    kinship_entry.EvidenceDoesNotProve: 422,
    kinship_entry.AlreadyProven: 409,
    ban_entry.AlreadyLifted: 409,
    permit_entry.AlreadyRevoked: 409,
    consular_entry.PaperMissing: 422,
    consular_entry.NotForeign: 422,
    consular_entry.AlreadyWithdrawn: 409,
    mandate_entry.NotALawyer: 422,
    mandate_entry.AlreadyMandated: 409,
    mandate_entry.AlreadyEnded: 409,
    decide.RequestLapsed: 409,
    inmate_moves.VisitUnderWay: 409,
    inmate_moves.SamePrison: 422,
    entering.AlreadySo: 409,
}
