"""The menu: whose it is and where its reader stands."""

from __future__ import annotations

from remote_court.people.actor import Actor
from remote_court.people.grants import Role
from remote_court.server.nav import MENU, menu


def test_every_role_has_a_menu():
    assert set(MENU) == set(Role)


def test_nobody_signed_in_sees_no_menu():
    assert menu(None, "/") == ()


def test_addresses_lead_to_ones_own_place():
    officer = Actor(1, "x", grants=frozenset({(Role.PRISON_OFFICER, 7)}))
    assert [item.url for item in menu(officer, "/")][:2] == ["/prisons/7", "/prisons/7/requests"]


def test_the_longest_address_above_the_page_is_current():
    clerk = Actor(1, "x", grants=frozenset({(Role.OFFICE_CLERK, 5)}))
    current = [item.url for item in menu(clerk, "/desk/5/rooms/3") if item.current]
    assert current == ["/desk/5/rooms"]


def test_roles_that_share_an_address_show_it_once():
    both = Actor(1, "x", grants=frozenset({(Role.OFFICE_CLERK, 5), (Role.OFFICE_MANAGER, 5)}))
    urls = [item.url for item in menu(both, "/")]
    assert len(urls) == len(set(urls))


def test_the_menu_is_of_the_place_where_one_works_now():
    both = frozenset({(Role.OFFICE_CLERK, 5), (Role.OFFICE_MANAGER, 9), (Role.PRISON_OFFICER, 7)})
    actor = Actor(1, "x", grants=both)
    at_five = [item.url for item in menu(actor, "/", {"office": 5, "prison": 7})]
    at_nine = [item.url for item in menu(actor, "/", {"office": 9, "prison": 7})]
    assert "/desk/5" in at_five
    assert not any("/9" in url or "manage" in url for url in at_five)
    assert "/offices/9/manage" in at_nine
    assert not any("/5" in url for url in at_nine)
    assert "/prisons/7" in set(at_five) & set(at_nine)
