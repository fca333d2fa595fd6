"""The rules of law as data: effective-dated values with their unit and their source.

``policy = await current(session, day, province)`` gives a read-only snapshot; ask it
``policy.minutes("visit.duration_min.electronic")`` and cite ``policy.cite(key)`` in a refusal.
"""

from remote_court.policy.amendments import Amendment, amend
from remote_court.policy.shelf import Rulebook, current, rulebook
from remote_court.policy.shipped import defaults, seed_defaults
from remote_court.policy.snapshot import Citation, Policy, Rule, UnknownRule, WrongUnit
from remote_court.policy.units import Unit
from remote_court.policy.values import Confidence, PolicyValue

__all__ = [
    "Amendment",
    "Citation",
    "Confidence",
    "Policy",
    "PolicyValue",
    "Rule",
    "Rulebook",
    "Unit",
    "UnknownRule",
    "WrongUnit",
    "amend",
    "current",
    "defaults",
    "rulebook",
    "seed_defaults",
]
