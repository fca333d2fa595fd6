"""How the embedded server is set: for a small machine, and for tests."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

USER = "remote_court"
SUPERUSER = "postgres"
DATABASE = "remote_court"

LASTING = """
# Remote Court: for a machine of two cores. ALTER SYSTEM overrides any of these.
max_connections = 200
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
min_wal_size = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
max_locks_per_transaction = 256
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] %u@%d '
"""

QUICK = ("--no-sync", "--wal-segsize=1")
"""For initdb: a cluster to be copied often should be small (37 MB, not 46)."""
THROWAWAY = """
# Remote Court: nothing here is meant to survive.
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 128MB
"""

ROLES = f"""
CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{{password}}';

CREATE DATABASE {DATABASE} OWNER {USER};

GRANT pg_monitor TO {USER};

"""
"""For single-user mode, where a statement ends at a semicolon and an empty line.

The court's role owns its database and is no superuser: btree_gist and pg_trgm are trusted
extensions, which an owner may create.
"""


def locale() -> str:
    """C order over UTF-8, with letters known as letters: pg_trgm needs that for Persian."""
    return "en_US.UTF-8" if os.uname().sysname == "Darwin" else "C.UTF-8"


def file_of(*, throwaway: bool) -> str:
    """What is added to ``postgresql.conf`` once, after initdb."""
    return LASTING + (THROWAWAY if throwaway else "")


def command_line(*, port: int, socket: Path) -> str:
    """What is told at each start, quoted for the shell that pg_ctl uses."""
    quoted = str(socket).replace('"', '""')
    told = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": f'"{quoted}"',
        "unix_socket_permissions": "0700",
    }
    return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in told.items())
