"""Accounts, sessions and audit rows as the other packages see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account may do. Administration and audit are separate duties: neither holds the other's rights."""

    VIEWER = "viewer"
    UPLOADER = "uploader"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Right(StrEnum):
    """One thing that a page or an action asks for."""

    LOOK = "look"
    UPLOAD = "upload"
    APPROVE = "approve"
    ADMINISTER = "administer"
    AUDIT = "audit"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.LOOK}),
    Role.UPLOADER: frozenset({Right.LOOK, Right.UPLOAD}),
    Role.APPROVER: frozenset({Right.LOOK, Right.UPLOAD, Right.APPROVE}),
    Role.ADMINISTRATOR: frozenset({Right.LOOK, Right.UPLOAD, Right.APPROVE, Right.ADMINISTER}),
    Role.AUDITOR: frozenset({Right.LOOK, Right.AUDIT}),
}


class Action(StrEnum):
    """What the log records."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_CHANGED = "account_changed"
    PASSWORD_CHANGED = "password_changed"
    REFUSED = "refused"
    IMPORT = "import"
    IMPORT_UNDONE = "import_undone"
    DRAFT = "draft"
    DECISION = "decision"
    RULING = "ruling"
    NOTE = "note"
    NOTE_WITHDRAWN = "note_withdrawn"
    PERIOD_LOCKED = "period_locked"
    PERIOD_UNLOCKED = "period_unlocked"
    UNIT_CHANGED = "unit_changed"
    SETTING_CHANGED = "setting_changed"
    TOKEN_MADE = "token_made"
    TOKEN_REVOKED = "token_revoked"
    TOKEN_USED = "token_used"
    BACKUP = "backup"
    EXPORT = "export"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `scope` is the path of the top unit ("/1/4/") or "" for everything."""

    id: int
    name: str
    display_name: str
    role: Role
    org_unit_id: int | None
    scope: str
    one_time: bool
    demonstration: bool
    disabled: bool

    def may(self, right: Right) -> bool:
        """Whether the role holds a right."""
        return right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One row of the log. `before` and `after` are JSON texts, "" where there was nothing."""

    id: int
    at: datetime
    actor: str
    address: str
    action: str
    subject: str
    before: str
    after: str
