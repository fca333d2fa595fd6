"""``remote-court recording``: prove recordings, bring them into the clear, compose them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remote_court.cli.terminal import Json, console, write_json
from remote_court.config import Settings, settings

if TYPE_CHECKING:
    from remote_court.recording.keys import MasterKey, PublicKey
    from remote_court.recording.lettering import Lettering
    from remote_court.recording.reading import ReadPart
    from remote_court.recording.verify import Verdict

app = typer.Typer(
    help="Recordings: docs/recording.md tells what they are made of.", no_args_is_help=True
)
Target = Annotated[
    Path | None,
    typer.Argument(help="A part, a recording's session, or all; none: the recordings folder."),
]
One = Annotated[Path, typer.Argument(help="A part, or the folder of a session.")]
Key = Annotated[
    Path | None, typer.Option("--key", help="The court's public key (PEM); none: the settings'.")
]
Which = Annotated[
    str | None, typer.Option("--recording", help="Only the parts of the recording of this number.")
]


class Locale(StrEnum):
    """How day and clock are set."""

    PERSIAN = "fa"
    ENGLISH = "en"


Language = Annotated[Locale, typer.Option("--language", help="How day and clock are set.")]


@app.command()
def verify(target: Target = None, *, key: Key = None, json: Json = False) -> None:
    """Prove that nothing in recordings was changed, removed or put in between; works offline."""
    from remote_court.recording.verify import verify as prove

    public = public_key_of(key)
    verdicts = [prove(folder, public) for folder in parts_at(target)]
    if json:
        write_json([as_json(verdict) for verdict in verdicts])
    else:
        for verdict in verdicts:
            tell(verdict)
    raise typer.Exit(0 if all(verdict.good for verdict in verdicts) else 1)


@app.command()
def export(target: One, out: Path, *, recording: Which = None) -> None:
    """Write each person's sound and pictures in clear, as Matroska, into the folder OUT."""
    from remote_court.recording.export import export as write

    out.mkdir(parents=True, exist_ok=True)
    for part in opened(target, recording):
        write(part, out, lambda file, path: console.print(f"[green]✓[/] {path} ({file.role})"))


@app.command()
def compose(
    target: One, out: Path, *, recording: Which = None, language: Language = Locale.PERSIAN
) -> None:
    """Write one MP4 of a recording: everybody in a grid, with names and the time of day."""
    from rich.progress import BarColumn, Progress, TimeRemainingColumn

    from remote_court import clock
    from remote_court.calendars import jalali
    from remote_court.recording.compose import compose as write
    from remote_court.recording.scene import scene

    laid = scene(opened(target, recording))
    with Progress("{task.description}", BarColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(out.name, total=1.0)
        write(
            laid,
            out,
            lettering(language),
            local=clock.local,
            day=lambda here: jalali.long(here.date(), language),
            progress=lambda share: bar.update(task, completed=share),
        )
    console.print(f"[green]✓[/] {out}: {laid.length_ms / 1000:.1f} s")


@app.command(name="public-key")
def public_key() -> None:
    """Print the public key that proves this court's recordings."""
    typer.echo(public_key_of(None).pem.decode(), nl=False)


@app.command(name="new-keys")
def new_keys(folder: Path) -> None:
    """Make the two secret keys of recordings, and the public one, as files in FOLDER."""
    from remote_court.config import kept_secret
    from remote_court.recording.keys import SigningKey

    paths = {name: folder / f"recording-{name}.key" for name in ("master", "signing")}
    if taken := [path for path in paths.values() if path.exists()]:
        raise typer.BadParameter(f"{taken[0]} is there already")
    written = {name: kept_secret(path) for name, path in paths.items()}
    public = SigningKey.read(written["signing"].decode()).public
    (folder / "recording-public.pem").write_bytes(public.pem)
    for name, path in paths.items():
        console.print(f"REMOTE_COURT_RECORDING_{name.upper()}_KEY_FILE={path.resolve()}")
    console.print("Keep a copy of both where this machine cannot lose it.")


def parts_at(target: Path | None, recording: str | None = None) -> list[Path]:
    """The parts at or below a folder, in order.

    Raises:
        RecordingBroken: there is none.
    """
    from remote_court.recording.refusals import RecordingBroken
    from remote_court.recording.seal import MANIFEST

    folder = target or settings().recordings
    if (folder / MANIFEST).exists():
        return [folder]
    found = sorted(path.parent for path in folder.rglob(MANIFEST))
    if recording is not None:
        found = [part for part in found if part.name.startswith(f"{recording}-")]
    if not found:
        raise RecordingBroken(str(folder))
    return found


def opened(target: Path, recording: str | None) -> list[ReadPart]:
    """The parts at or below a folder, opened with the master key of the settings."""
    from remote_court.recording.reading import ReadPart

    master = master_key(settings())
    return [ReadPart(part, master) for part in parts_at(target, recording)]


def public_key_of(path: Path | None) -> PublicKey:
    """The public key of a file, or that of the settings' signing key.

    Raises:
        KeyUnusable: there is none.
    """
    from remote_court.recording.keys import PublicKey, SigningKey

    if path is not None:
        return PublicKey.read(path.read_bytes())
    return SigningKey.read(secret(settings(), "signing")).public


def master_key(told: Settings) -> MasterKey:
    """The master key of the settings; raises KeyUnusable."""
    from remote_court.recording.keys import MasterKey

    return MasterKey.read(secret(told, "master"))


def secret(told: Settings, name: str) -> str:
    """One secret of recordings alone: who proves or composes need not have the other."""
    given = {"master": told.recording_master_key, "signing": told.recording_signing_key}[name]
    if given is not None:
        return given.get_secret_value()
    kept = told.data_dir / f"recording-{name}.key"
    return kept.read_text() if told.mode != "production" and kept.exists() else ""


def lettering(language: str) -> Lettering:
    """How names and the clock are set."""
    import typst

    from remote_court.assets import web_dir
    from remote_court.recording.lettering import Lettering
    from remote_court.text import digits

    folders = [str(path) for path in (web_dir() / "static" / "vendor").glob("print-fonts-*")]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    return Lettering(fonts, language, lambda text: digits(text, language))


def as_json(verdict: Verdict) -> dict[str, object]:
    """A verdict for a machine."""
    return {
        "part": verdict.part,
        "good": verdict.good,
        "cut_off": verdict.cut_off,
        "segments": verdict.segments,
        "octets": verdict.octets,
        "findings": [{"code": f.code, "where": f.where} for f in verdict.findings],
    }


def tell(verdict: Verdict) -> None:
    """Say what was found."""
    if verdict.good:
        cut = ", cut off at its end" if verdict.cut_off else ""
        told = f"{verdict.segments} segments, {verdict.octets} bytes{cut}"
        console.print(f"[green]✓[/] {verdict.part}: nothing was changed ({told})")
        return
    console.print(f"[bold red]✗[/] {verdict.part}:")
    for found in verdict.findings:
        console.print(f"    {found.code} at {found.where}")
