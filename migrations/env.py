"""How Alembic runs here: on a connection that ``remote_court.schema`` hands over."""

from __future__ import annotations

from alembic import context

from remote_court import schema

context.configure(connection=context.config.attributes["connection"], **schema.OPTIONS)
with context.begin_transaction():
    context.run_migrations()
