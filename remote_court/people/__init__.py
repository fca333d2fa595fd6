"""Persons, their SANA accounts, their roles and where each role holds, and how they sign in."""

from remote_court.people.accounts import AccountStatus, IdentityVerification, SanaAccount
from remote_court.people.actor import Actor
from remote_court.people.grants import PLACE_OF, Grant, Role
from remote_court.people.persons import Channel, Gender, Person

__all__ = [
    "PLACE_OF",
    "AccountStatus",
    "Actor",
    "Channel",
    "Gender",
    "Grant",
    "IdentityVerification",
    "Person",
    "Role",
    "SanaAccount",
]
