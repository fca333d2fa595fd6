"""Who did what, when and where: rows written with the act, chained by hash soon after."""

from remote_court.audit.ddl import DDL
from remote_court.audit.entries import Act, AuditEntry, AuditSeal, record
from remote_court.audit.export import export
from remote_court.audit.seal import seal
from remote_court.audit.verify import Head, Report, read_lines, verify

__all__ = [
    "DDL",
    "Act",
    "AuditEntry",
    "AuditSeal",
    "Head",
    "Report",
    "export",
    "read_lines",
    "record",
    "seal",
    "verify",
]
