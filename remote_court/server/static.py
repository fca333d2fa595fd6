"""Built files: their addresses change with their content, so browsers keep them for good."""

from __future__ import annotations

from os import PathLike, stat_result

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

from remote_court.assets import static_dir

FOR_GOOD = "public, max-age=31536000, immutable"


class BuiltFiles(StaticFiles):
    """What is mounted at ``/static``."""

    def __init__(self) -> None:
        super().__init__(directory=static_dir(), check_dir=False)

    @override
    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["Cache-Control"] = FOR_GOOD
        return answer
