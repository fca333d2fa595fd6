"""Who did what, when and where: rows written with the act, chained by hash soon after."""

from remote_court.audit.entries import Act, AuditEntry, record

__all__ = ["Act", "AuditEntry", "record"]
