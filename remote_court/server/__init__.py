"""The edge: routers, pages, errors to statuses, live updates. Only here FastAPI is known."""
