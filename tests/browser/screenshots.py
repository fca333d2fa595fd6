"""Pictures of every page and of a call, in both languages, at 390 and 1280 px.

``python tests/browser/screenshots.py [folder]`` (`make screenshots`) puts them into
``screenshots/<language>-<width>/``.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # run as a script, so that our parents are not found by themselves

console = Console(highlight=False)


async def take(url: str, folder: Path, locale: str, width: int) -> int:
    """The pictures of one language and width, of a country of their own; how many."""
    from remote_court.db import Base, Database
    from tests.browser.shots import Album
    from tests.browser.stage import browsing, make_cast
    from tests.calls.stack import serving

    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database.transaction() as session:
        cast = await make_cast(session)
    taken: list[str] = []

    def said(name: str) -> None:
        taken.append(name)
        console.print(f"{locale} {width:>4} px  {len(taken):>3}  {name}")

    with tempfile.TemporaryDirectory() as data:
        async with serving(database, Path(data)) as stack, browsing() as browser:
            await Album(stack, cast, browser, folder, locale, width, said).all()
    await database.close()
    return len(taken)


async def take_all(server: str, folder: Path) -> int:
    """Every picture; how many."""
    from tests.conftest import admin, within

    total = 0
    for locale, width in product(("fa", "en"), (390, 1280)):
        name = f"shots_{locale}_{width}"
        await admin(server, f"CREATE DATABASE {name}")
        place = folder / f"{locale}-{width}"
        shutil.rmtree(place, ignore_errors=True)
        total += await take(within(server, name), place, locale, width)
    return total


def main() -> None:
    """Take them all, on a PostgreSQL that is thrown away afterwards."""
    from remote_court.assets import web_dir
    from remote_court.assets.build import build
    from remote_court.db.embedded import throwaway
    from tests.conftest import import_every_model

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "screenshots"
    build(web_dir(), say=lambda _: None)
    import_every_model()
    with throwaway() as server:
        total = asyncio.run(take_all(server.url, folder))
    console.print(f"{total} pictures are in {folder}")


if __name__ == "__main__":
    main()
