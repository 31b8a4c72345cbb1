"""What was decided about tiers, and the strategic mark of accounts."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE accounts ADD COLUMN strategic BOOLEAN DEFAULT '0' NOT NULL",
    """
CREATE TABLE tier_decisions (
    account_id INTEGER NOT NULL,
    tier_before VARCHAR,
    tier_after VARCHAR,
    proposed VARCHAR,
    source VARCHAR NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    arr_cents INTEGER,
    seats INTEGER,
    decided_at VARCHAR NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_tier_decisions PRIMARY KEY (id),
    CONSTRAINT fk_tier_decisions_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
)
""",
    "CREATE INDEX ix_tier_decisions_account_id ON tier_decisions (account_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
