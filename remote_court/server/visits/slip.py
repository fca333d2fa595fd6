"""The slip of a visit: an A5 page with a QR code, and a calendar entry."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import Any

import phonenumbers
import segno
import typst
from icalendar import Calendar, Event, vGeo
from markupsafe import Markup

from remote_court.assets import web_dir
from remote_court.identifiers import grouped
from remote_court.server.filters import Speech
from remote_court.visits.queries import VisitView

SEPARATOR = {"fa": "، ", "en": ", "}


def qr_svg(address: str, *, xmlns: bool = False) -> Markup:
    """The QR code of an address, as SVG for a page, or with its name space for a document."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=2, omitsize=True, svgns=xmlns, xmldecl=False, nl=False
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - segno's own drawing


def check_in_address(origin: str, visit: VisitView) -> str:
    """What the QR code leads to: the desk of the office, with the code filled in."""
    return f"{origin}/desk/{visit.office_id}/check-in?code={visit.tracking_code}"


def lines(visit: VisitView, speech: Speech) -> list[tuple[str, str]]:
    """What the slip says, line by line."""
    said, locale = speech.gettext, speech.locale
    persian = locale == "fa"
    names = SEPARATOR[locale].join(one.name for one in visit.visitors)
    place = visit.office_address_fa if persian else visit.office_address_en
    room = visit.room_fa if persian else visit.room_en
    return [
        (said("Visitors"), names),
        (said("Prisoner"), visit.inmate),
        (said("Office"), visit.office(locale)),
        (said("Address"), f"{place}{SEPARATOR[locale]}{room or ''}".rstrip("، ,")),
        (said("Prison"), visit.prison(locale)),
        (said("Telephone of the office"), telephone(visit.office_phone, speech)),
    ]


def telephone(number: str, speech: Speech) -> str:
    """A telephone number as it is dialled inside the country, kept in its order."""
    return f"\u2066{speech.digits(national(number))}\u2069"


@cache
def national(number: str) -> str:
    """A number as it is written inside the country; every letter and slip shows the same ones."""
    parsed = phonenumbers.parse(number, "IR")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def advice(speech: Speech) -> list[str]:
    """What to remember."""
    said = speech.gettext
    return [
        said("Be at the office with your national card 15 minutes before."),
        said("Bring the birth certificate of each child who comes along."),
        said("To change or cancel, use this site, any office, or the telephone number above."),
    ]


def pdf(visit: VisitView, origin: str, speech: Speech, help_number: str) -> bytes:
    """The slip as an A5 PDF/A-2b."""
    said = speech.gettext
    when = said("%(day)s, %(start)s to %(end)s") % {
        "day": speech.jdate(visit.starts_at),
        "start": speech.jtime(visit.starts_at),
        "end": speech.jtime(visit.ends_at),
    }
    inputs = {
        "lang": speech.locale,
        "title": said("Slip of a video visit"),
        "office": visit.office(speech.locale),
        "when": when,
        "code_label": said("Tracking code"),
        "code": grouped(visit.tracking_code),
        "help": said("Help: %(number)s") % {"number": speech.digits(help_number)},
        "labels": "\n".join(label for label, _ in lines(visit, speech)),
        "values": "\n".join(value for _, value in lines(visit, speech)),
        "advice": "\n".join(advice(speech)),
        "qr": qr_svg(check_in_address(origin, visit), xmlns=True),
    }
    made: Any = compiler().compile(sys_inputs=inputs, format="pdf", pdf_standards="a-2b")
    return bytes(made)


@cache
def compiler() -> typst.Compiler:
    """The compiled layout and its fonts, loaded once."""
    fonts = [str(path) for path in (web_dir() / "static" / "vendor").glob("print-fonts-*")]
    layout = files("remote_court.server.visits") / "slip.typ"
    return typst.Compiler(str(layout), font_paths=fonts)


def ics(visit: VisitView, origin: str, speech: Speech) -> bytes:
    """The visit as a calendar entry."""
    said = speech.gettext
    event = Event()
    event.add("uid", f"visit-{visit.id}@remote-court")
    event.add("dtstamp", visit.starts_at)
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.ends_at)
    event.add("summary", said("Video visit"))
    event.add("location", dict(lines(visit, speech))[said("Address")])
    event.add("geo", vGeo((visit.office_lat, visit.office_lon)))
    event.add("description", f"{said('Tracking code')}: {grouped(visit.tracking_code)}")
    event.add("url", f"{origin}/visits/{visit.id}")
    calendar = Calendar()
    calendar.add("prodid", "-//Remote Court//Visits//FA")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
