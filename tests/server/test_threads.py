"""What FastAPI would run in a thread costs several times what it does; nothing of ours is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from remote_court.server.routers import ROUTERS


def called(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for each in dependant.dependencies:
        if each.call is not None:
            yield each.call
        yield from called(each)


def runs_in_a_thread(function: Callable[..., Any]) -> bool:
    ours = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    return not ours and not inspect.isclass(function)


def test_every_route_and_what_it_depends_on_is_a_coroutine():
    routes = [r for router in ROUTERS for r in router.routes if isinstance(r, APIRoute)]
    functions = {r.endpoint for r in routes} | {f for r in routes for f in called(r.dependant)}
    assert [f.__qualname__ for f in functions if runs_in_a_thread(f)] == []


def test_a_plain_function_would_be_found():
    assert runs_in_a_thread(lambda: None)
