"""Carriers: what they say to a gateway, which failures pass, and what they keep to themselves."""

from __future__ import annotations

import logging

import httpx
import pytest
import pytest_asyncio

from remote_court.config import Settings
from remote_court.notices.carriers import HttpCarrier, LogCarrier, carrier_of
from remote_court.notices.ports import CarrierFailed
from remote_court.people import Channel
from tests.notices.gateway import gateway

TO, TEXT, REFERENCE = "+989120000001", "یادآوری: ملاقات تصویری", "letter-12"


@pytest_asyncio.fixture
async def place():
    async with gateway() as opened:
        yield opened


@pytest_asyncio.fixture
async def carrier(place):
    made = HttpCarrier(place.url, "a token", patience=httpx.Timeout(0.5))
    yield made
    await made.close()


async def test_a_text_is_posted_with_its_reference_and_the_token(place, carrier):
    assert await carrier.send(TO, TEXT, REFERENCE, Channel.TEXT) == "77"
    (head,), (body,) = place.heads, place.bodies
    assert head["request"] == "POST /send"
    assert head["idempotency-key"] == REFERENCE
    assert head["authorization"] == "Bearer a token"
    assert body == {"to": TO, "text": TEXT, "reference": REFERENCE, "channel": "text"}


async def test_a_voice_is_asked_for_by_its_channel(place, carrier):
    await carrier.send(TO, TEXT, REFERENCE, Channel.VOICE)
    assert place.bodies[0]["channel"] == "voice"


@pytest.mark.parametrize("answer", [b"", b"OK", b"[]", b'{"number": 1}', b"\xff"])
async def test_a_gateway_need_not_give_a_receipt(place, carrier, answer):
    place.answer = (202, answer, 0)
    assert await carrier.send(TO, TEXT, REFERENCE, Channel.TEXT) == ""


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        *((status, True) for status in (400, 402, 405, 409, 410, 413, 422)),
        *((status, False) for status in (302, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504)),
    ],
)
async def test_only_the_letters_own_faults_are_permanent(place, carrier, status, permanent):
    place.answer = (status, b"the number +989120000001 is wrong", 0)
    with pytest.raises(CarrierFailed) as failed:
        await carrier.send(TO, TEXT, REFERENCE, Channel.TEXT)
    assert failed.value.permanent is permanent
    assert str(failed.value) == f"HTTP {status}"


async def test_a_slow_gateway_may_be_tried_again(place, carrier):
    place.answer = (200, b"", 5)
    with pytest.raises(CarrierFailed, match="ReadTimeout") as failed:
        await carrier.send(TO, TEXT, REFERENCE, Channel.TEXT)
    assert not failed.value.permanent


async def test_a_gateway_that_is_not_there_may_be_tried_again():
    nobody = HttpCarrier("http://127.0.0.1:9/send")
    with pytest.raises(CarrierFailed, match="ConnectError") as failed:
        await nobody.send(TO, TEXT, REFERENCE, Channel.TEXT)
    assert not failed.value.permanent
    await nobody.close()


@pytest.mark.parametrize("shows_text", [False, True])
async def test_the_log_shows_no_number_and_in_production_no_text(caplog, shows_text):
    with caplog.at_level(logging.INFO):
        assert (
            await LogCarrier(shows_text=shows_text).send(TO, TEXT, REFERENCE, Channel.TEXT)
            == REFERENCE
        )
    assert REFERENCE in caplog.text
    assert TO not in caplog.text
    assert (TEXT in caplog.text) is shows_text


async def test_settings_choose_the_carrier(tmp_path):
    def chosen(**values):
        return carrier_of(Settings(data_dir=tmp_path, **values))

    production = chosen(mode="production")
    assert isinstance(production, LogCarrier)
    assert not production.shows_text
    assert isinstance(chosen(mode="development"), LogCarrier)
    spoken = chosen(sms_url="http://127.0.0.1:9/send", sms_token="word")
    assert isinstance(spoken, HttpCarrier)
    await spoken.close()
