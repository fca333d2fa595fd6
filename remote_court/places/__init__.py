"""Provinces, offices and their rooms, prisons and their booths, courts and their branches."""

from remote_court.places.courts import Branch, CourtComplex
from remote_court.places.hours import Audience, DayClosure, WeeklyHours
from remote_court.places.offices import Office, OfficeKind
from remote_court.places.prisons import Prison
from remote_court.places.provinces import Province
from remote_court.places.units import Unit, UnitKind

__all__ = [
    "Audience",
    "Branch",
    "CourtComplex",
    "DayClosure",
    "Office",
    "OfficeKind",
    "Prison",
    "Province",
    "Unit",
    "UnitKind",
    "WeeklyHours",
]
