"""Indexes: what ends undecided without a look at the rows, handovers by state, what is in the bin."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "DROP INDEX ix_contracts_alive_end_on",
    "CREATE INDEX ix_contracts_alive_ends ON contracts (end_on, renewal_state, account_id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_handovers_alive_state ON handovers (state, account_id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_accounts_binned ON accounts (deleted_at) WHERE deleted_at IS NOT NULL",
    "CREATE INDEX ix_contacts_binned ON contacts (deleted_at) WHERE deleted_at IS NOT NULL",
    "CREATE INDEX ix_contracts_binned ON contracts (deleted_at) WHERE deleted_at IS NOT NULL",
    "CREATE INDEX ix_visits_binned ON visits (deleted_at) WHERE deleted_at IS NOT NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
