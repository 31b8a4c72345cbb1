"""What the user said about companies that look alike gets rows of its own; it stood in one mapping before."""

import json
import re

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"

TABLE = """
CREATE TABLE verdicts (
    account_id INTEGER,
    name TEXT DEFAULT '' NOT NULL,
    spelling TEXT DEFAULT '' NOT NULL,
    other_account_id INTEGER,
    other_name TEXT DEFAULT '' NOT NULL,
    other_spelling TEXT DEFAULT '' NOT NULL,
    same BOOLEAN NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_verdicts PRIMARY KEY (id),
    CONSTRAINT fk_verdicts_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_verdicts_other_account_id_accounts FOREIGN KEY(other_account_id) REFERENCES accounts (id)
)
"""
INSERT = text(
    "INSERT INTO verdicts (id, account_id, name, spelling, other_name, other_spelling, same, created_at, updated_at)"
    " SELECT :id, a.id, a.name, :spelling, :other, :other_spelling, 1, :created_at, :updated_at"
    " FROM accounts a WHERE a.id = :account"
)


def upgrade() -> None:
    op.execute(TABLE)
    connection = op.get_bind()
    remembered = connection.execute(
        text("SELECT id, decisions, created_at, updated_at FROM import_mappings WHERE fingerprint = 'accounts'")
    ).first()
    if remembered is None:
        return
    decided = json.loads(remembered.decisions or "{}")
    for place, (name, decision) in enumerate(sorted(decided.items())):
        if not str(decision).isdigit():
            continue
        account = connection.execute(text("SELECT name FROM accounts WHERE id = :id"), {"id": int(decision)}).first()
        values = {
            "id": remembered.id + place,
            "account": int(decision),
            "spelling": _spelling(account.name) if account else "",
            "other": name,
            "other_spelling": _spelling(name),
            "created_at": remembered.created_at,
            "updated_at": remembered.updated_at,
        }
        connection.execute(INSERT, values)
    connection.execute(text("DELETE FROM import_mappings WHERE fingerprint = 'accounts'"))


def _spelling(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold() or name
