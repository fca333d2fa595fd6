"""The gallery shows every component, in development and nowhere else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from remote_court.assets.catalogue import LOCALES
from remote_court.config import Settings
from remote_court.errors import NotFound
from remote_court.server import gallery

MODES = ("production", "demo", "development")


def request(locale: str) -> Request:
    app = Starlette()
    app.state.site = SimpleNamespace(settings=Settings(mode="development"))
    scope = {"type": "http", "path": "/gallery", "headers": [], "query_string": b"", "app": app}
    return Request(scope | {"state": {"locale": locale}})


@pytest.mark.parametrize("mode", MODES)
async def test_only_development_has_a_gallery(mode):
    site = SimpleNamespace(settings=Settings(mode=mode))
    if mode == "development":
        await gallery.development_only(site)
        return
    with pytest.raises(NotFound):
        await gallery.development_only(site)


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_gallery_shows_every_component(locale):
    page = (await gallery.gallery(request(locale))).body.decode()
    for part in ("stepper", "choice", "month", "slot", "check-list", "notice", "board-item", "qr"):
        assert f'class="{part}' in page, part


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_call_has_its_own_page(locale):
    page = (await gallery.call(request(locale))).body.decode()
    assert '<body class="call">' in page
