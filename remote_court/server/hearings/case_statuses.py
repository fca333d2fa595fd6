"""The statuses of what entries of cases and parties refuse."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.hearings import (
    allow_own_device,
    enter_party,
    entering,
    name_official,
    register_case,
    represent,
    who,
)

STATUS: Mapping[type[Refusal], int] = {
    entering.Needed: 422,
    entering.TooLong: 422,
    register_case.BadCaseNumber: 422,
    register_case.BadSubRow: 422,
    register_case.BadArchiveNumber: 422,
    register_case.CaseExists: 409,
    who.NotKnownYet: 422,
    who.NameDiffers: 422,
    who.BadName: 422,
    who.BornLater: 422,
    enter_party.BadLanguage: 422,
    enter_party.UnknownNeed: 422,
    enter_party.UnknownOffice: 422,
    enter_party.TooManyOffices: 422,
    enter_party.InPrison: 422,
    enter_party.NotInPrison: 422,
    enter_party.AlreadyParty: 409,
    enter_party.StillListed: 409,
    represent.TooManyLawyers: 422,
    represent.NotASpeaker: 422,
    represent.NotAClient: 422,
    represent.SpeaksAlready: 409,
    represent.OtherSide: 409,
    allow_own_device.AllowedAlready: 409,
    allow_own_device.NotAllowed: 409,
    name_official.LicenceEntered: 409,
    name_official.LicenceOver: 422,
    name_official.UnknownProvince: 422,
}
