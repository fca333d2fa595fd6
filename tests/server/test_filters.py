"""Dates, times, numbers and codes, as each language writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from remote_court.server.filters import Speech
from remote_court.server.pages import environment


@pytest.mark.parametrize(
    ("locale", "source", "shown"),
    [
        ("fa", "{{ t|jdate }}", "سه‌شنبه ۳ آذر ۱۴۰۵"),
        ("en", "{{ t|jdate }}", "Tuesday 3 Azar 1405 (24 November 2026)"),
        ("fa", "{{ t|jdate('medium') }}", "۳ آذر ۱۴۰۵"),
        ("fa", "{{ t|jdate('short') }}", "۱۴۰۵/۰۹/۰۳"),
        ("en", "{{ t|jdate('day') }}", "3 Azar"),
        ("fa", "{{ t|jdate('weekday') }}", "سه‌شنبه"),
        ("fa", "{{ t|jtime }}", "۰۱:۳۰"),
        ("fa", "{{ t|jdatetime }}", "۳ آذر ۱۴۰۵، ساعت ۰۱:۳۰"),
        ("fa", "{{ 2900|distance }}", "۲٫۹ کیلومتر"),
        ("en", "{{ 320|distance }}", "300 m"),
        ("en", "{{ 43210|distance }}", "43 km"),
        ("fa", "{{ 20|minutes }}", "۲۰ دقیقه"),
        ("en", "{{ 61|minutes }}", "1 hour and 1 minute"),
        ("en", "{{ length|minutes }}", "2 hours"),
        ("fa", "{{ '0830'|clock }}", "۰۸:۳۰"),
        ("fa", "{{ 'AF'|territory }}", "افغانستان"),
        ("en", "{{ 'IQ'|territory }}", "Iraq"),
        ("en", "{{ 'QX'|territory }}", "QX"),
        ("fa", "{{ 1234567|number }}", "۱٬۲۳۴٬۵۶۷"),
        ("fa", "{{ '<3'|digits }}", "&lt;۳"),
        ("fa", "{{ '7K4M'|bdi }}", '<bdi dir="ltr" class="code">7K4M</bdi>'),
        ("fa", "{{ '021'|bdi }}", '<bdi dir="ltr" class="code">۰۲۱</bdi>'),
        ("en", "{{ '9990000018'|mask }}", '<bdi dir="ltr" class="code">999•••••18</bdi>'),
    ],
)
def test_filters_write_as_the_reader_expects(locale: str, source: str, shown: str):
    # 22:00 UTC is half past one of the next day in Tehran
    late = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    made = environment(locale).from_string(source).render(t=late, length=timedelta(hours=2))
    assert made == shown


def test_each_filter_has_the_name_of_its_method():
    speech = Speech("fa")
    assert all(way == getattr(speech, name) for name, way in speech.filters().items())
