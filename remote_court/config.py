"""Settings: the environment's ``REMOTE_COURT_…``; secrets also as ``…_FILE``."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from remote_court.errors import CourtError

PREFIX = "REMOTE_COURT_"

TURN_URL = re.compile(
    r"(?P<scheme>turns?):(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:(?P<port>\d{1,5}))?"
    r"(\?transport=(?P<transport>udp|tcp))?"
)
"""RFC 7065, in the forms that browsers take."""
SHORTEST_SECRET = 16


class BadSettings(CourtError):
    """A setting cannot be used; docs/settings.md says what each may be."""


class Settings(BaseSettings):
    """Everything an operator may set; ``docs/settings.md`` lists each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    mode: Literal["production", "development", "demo"] = Field(
        "production", description="demo and development show one-time codes on the page"
    )
    data_dir: Path = Field(Path(".data"), description="database, keys and recordings live here")
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8080, ge=0, le=65535, description="port of the web server")
    base_url: str | None = Field(None, description="how browsers reach us; default from host")
    trusted_proxies: str = Field("", description="proxies whose forwarded headers we believe")
    tls_certificate: Path | None = Field(None, description="PEM certificate chain; turns TLS on")
    tls_key: Path | None = Field(None, description="PEM private key of the certificate")
    database_url: SecretStr | None = Field(None, description="PostgreSQL >= 15; none: embedded")
    database_pool: int = Field(10, ge=1, description="connections a process has at most")
    postgres_bin: Path | None = Field(None, description="bin directory of an installed PostgreSQL")
    secret_key: SecretStr | None = Field(None, description="signs tickets; default: a kept file")
    recordings_dir: Path | None = Field(None, description="default: recordings in the data_dir")
    recording_master_key: SecretStr | None = Field(
        None, description="64 hex digits; wraps recordings' keys"
    )
    recording_signing_key: SecretStr | None = Field(
        None, description="64 hex digits; signs recordings"
    )
    media_host: str = Field("127.0.0.1", description="address the media port listens on")
    media_port: int = Field(8081, ge=0, le=65535, description="the one UDP port of the media")
    media_workers: int = Field(0, ge=0, le=64, description="media processes; 0: in the app's own")
    worker_url: str | None = Field(None, description="how browsers reach media worker {number}")
    public_addresses: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="addresses announced to clients; default: all of this host"
    )
    turn_urls: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="relays for clients behind closed networks; none: no relay"
    )
    turn_secret: SecretStr | None = Field(None, description="shared with the relays (coturn)")
    help_number: str = Field("149", description="the telephone number shown on every page")
    sms_url: str | None = Field(None, description="HTTP SMS carrier; none: letters are logged")
    sms_token: SecretStr | None = Field(None, description="bearer token of the SMS carrier")
    sms_secret: SecretStr | None = Field(
        None, description="shared with the SMS carrier, which signs its receipts with it"
    )
    webhooks_private: bool = Field(
        False, description="webhooks may lead into private networks, and do without TLS"
    )
    metrics_token: SecretStr | None = Field(None, description="who may read /metrics off loopback")
    log_level: str = Field("INFO", description="Python logging level")

    @field_validator("worker_url")
    @classmethod
    def _names_the_worker(cls, value: str | None) -> str | None:
        if value is None:
            return None
        rest = value.replace("{number}", "1").replace("{port}", "1")
        if rest == value or {"{", "}"} & set(rest) or not rest.startswith(("http://", "https://")):
            raise ValueError("it must be an http address with {number} or {port} in it")
        return value

    @field_validator("public_addresses", "turn_urls", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(a.strip() for a in value.split(",") if a.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("turn_urls")
    @classmethod
    def _are_turn(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            found = TURN_URL.fullmatch(url)
            if found is None:
                raise ValueError(f"{url} is no address of a relay, such as turn:relay.example:3478")
            if found["scheme"] == "turns" and found["transport"] == "udp":
                raise ValueError(f"{url}: browsers speak turns over TCP only")
        return urls

    @model_validator(mode="after")
    def _turn_is_whole(self) -> Self:
        secret = self.turn_secret.get_secret_value() if self.turn_secret else ""
        if self.turn_urls and len(secret) < SHORTEST_SECRET:
            needs = f"{PREFIX}TURN_SECRET of {SHORTEST_SECRET} characters or more"
            raise ValueError(f"{PREFIX}TURN_URLS needs {needs}")
        return self

    @property
    def demo(self) -> bool:
        """Whether this is the demo, with its banner and its invented people."""
        return self.mode == "demo"

    @property
    def shows_codes(self) -> bool:
        """Whether one-time codes are shown on the page."""
        return self.mode != "production"

    @property
    def origin(self) -> str:
        """The address browsers use, without a trailing slash."""
        if self.base_url:
            return self.base_url.rstrip("/")
        scheme = "https" if self.tls_certificate else "http"
        return f"{scheme}://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by TLS, so that cookies may say Secure."""
        return self.origin.startswith("https:")

    def worker_origin(self, number: int, port: int) -> str:
        """The address at which clients reach a worker process, without a trailing slash."""
        if self.worker_url:
            return self.worker_url.rstrip("/").format(number=number, port=port)
        parts = urlsplit(self.origin)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{parts.scheme}://{host}:{port}"

    def revealed(self) -> dict[str, Any]:
        """Every setting with its secrets, for a process of ours and never for a log."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in found.items()
        }

    @property
    def recordings(self) -> Path:
        """Where recordings lie."""
        return self.recordings_dir or self.data_dir / "recordings"

    def recording_keys(self) -> tuple[str, str] | None:
        """The master key and the signing key of recordings; none: nothing can be recorded.

        Only where nothing is real may they lie in a file beside what they protect.
        """
        if self.recording_master_key and self.recording_signing_key:
            return (
                self.recording_master_key.get_secret_value(),
                self.recording_signing_key.get_secret_value(),
            )
        if self.mode == "production":
            return None
        kept = (self.data_dir / f"recording-{name}.key" for name in ("master", "signing"))
        master, signing = (kept_secret(path).decode() for path in kept)
        return master, signing

    def signing_key(self) -> bytes:
        """The key that signs tickets and codes: the setting, else a 0600 file made once."""
        if self.secret_key:
            return self.secret_key.get_secret_value().encode()
        return kept_secret(self.data_dir / "secret.key")


def kept_secret(path: Path) -> bytes:
    """Read a secret file, making it (0600) when it is not there; safe when several race."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def secrets_from_files(environ: Mapping[str, str]) -> dict[str, str]:
    """Values of ``REMOTE_COURT_…_FILE`` variables, by the field they set."""
    suffix = "_FILE"
    return {
        name.removeprefix(PREFIX).removesuffix(suffix).lower(): Path(path).read_text().strip()
        for name, path in environ.items()
        if name.startswith(PREFIX) and name.endswith(suffix)
    }


@cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        BadSettings: one of them cannot be used; the value is not repeated, it may be a secret.
    """
    try:
        return Settings(**secrets_from_files(os.environ))  # type: ignore[arg-type]
    except ValidationError as error:
        told = (
            f"{PREFIX}{str(wrong['loc'][0]).upper()}: {wrong['msg']}"
            if wrong["loc"]
            else wrong["msg"]
            for wrong in error.errors(include_input=False)
        )
        raise BadSettings("; ".join(told)) from None
