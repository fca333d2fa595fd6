"""Who comes together: of right or not, of age or not, in whose hours, in which language. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date

from remote_court.people import Gender
from remote_court.places import Audience
from remote_court.policy import Policy
from remote_court.visits.facts import Facts
from remote_court.visits.models import VisitKind


def is_child(born: date, day: date, policy: Policy) -> bool:
    """Whether a visitor is under the adult age on the day of the visit."""
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return age < policy.integer("visit.adult_age")


def of_right(kind: VisitKind, facts: Facts, policy: Policy) -> bool:
    """Whether the prison need not decide: all are near relatives, permitted, or mandated."""
    if kind is not VisitKind.FAMILY:
        return True
    near = set(policy.words("visit.relatives_auto"))
    return all(v.permitted or (v.kinship is not None and v.kinship in near) for v in facts.visitors)


def in_persian(facts: Facts) -> bool:
    """Whether everybody in the visit speaks Persian."""
    return facts.inmate.speaks_persian and all(v.speaks_persian for v in facts.visitors)


def needs_interpreter(kind: VisitKind, facts: Facts) -> bool:
    """Whether somebody must follow the visit, because somebody in it does not speak Persian."""
    return to_be_followed(
        kind, persian=in_persian(facts), security_convict=facts.inmate.security_convict
    )


def to_be_followed(kind: VisitKind, *, persian: bool, security_convict: bool) -> bool:
    """Whether somebody must follow a visit in which everybody speaks Persian, or not everybody.

    A consul speaks the prisoner's language; what is said to a security convict is followed.
    """
    match kind:
        case VisitKind.FAMILY:
            return not persian
        case VisitKind.CONSULAR:
            return security_convict and not persian
        case VisitKind.LAWYER:
            return False


def audiences_of(genders: AbstractSet[Gender]) -> frozenset[Audience]:
    """For whom a prison's hours must be when adults of these genders come together."""
    match sorted(genders):
        case [Gender.FEMALE]:
            return frozenset({Audience.ANYONE, Audience.WOMEN})
        case [Gender.MALE]:
            return frozenset({Audience.ANYONE, Audience.MEN})
        case _:
            return frozenset({Audience.ANYONE})


def audiences_for(
    kind: VisitKind, group: Iterable[tuple[Gender, date]], day: date, policy: Policy
) -> frozenset[Audience]:
    """For whom the prison's hours must be when people of these genders and birthdays come.

    Lawyers and consuls come at any time; a group of both genders finds only the hours common
    to all.
    """
    if kind is not VisitKind.FAMILY:
        return frozenset(Audience)
    return audiences_of({gender for gender, born in group if not is_child(born, day, policy)})
