"""What every answer tells the browser it may do: little."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), microphone=(self), display-capture=(self), geolocation=(self), "
        "autoplay=(self), payment=(), usb=(), serial=(), midi=()"
    ),
}
HSTS = "max-age=31536000"


def policy(nonce: str, connect: Sequence[str] = (), *, trusted_types: bool = True) -> str:
    """The Content-Security-Policy of a page.

    Args:
        nonce: htmx acts only on elements that carry it (its hx-csp part).
        connect: origins besides our own that scripts may talk to.
        trusted_types: refuse scripts that write HTML from text; htmx alone may.
    """
    rules = [
        "default-src 'self'",
        f"script-src 'self' 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        " ".join(("connect-src 'self'", *connect)),
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
    if trusted_types:
        rules += ["require-trusted-types-for 'script'", "trusted-types htmx"]
    return "; ".join(rules)


class SecurityHeaders:
    """Middleware that adds the headers; what a route set itself stays.

    A request's state carries ``nonce`` from the start; the answer's policy also allows the
    origins a page put into ``state.connect``.
    """

    def __init__(self, app: ASGIApp, *, secure: bool = False) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a nonce, and its answer back with headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["nonce"] = nonce = secrets.token_urlsafe(16)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.add(MutableHeaders(scope=message), nonce, state.get("connect", ()))
            await send(message)

        await self.app(scope, receive, guarded)

    def add(self, headers: MutableHeaders, nonce: str, connect: Sequence[str]) -> None:
        """Add each header that the answer has not."""
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        if self.secure:
            headers.setdefault("Strict-Transport-Security", HSTS)
        headers.setdefault("Content-Security-Policy", policy(nonce, connect))
