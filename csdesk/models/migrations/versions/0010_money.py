"""The ledger of contracts, renewals on their way, invoices, reminders, opportunities, targets and exchange rates."""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    "ALTER TABLE contracts ADD COLUMN notice_on DATE",
    "ALTER TABLE contracts ADD COLUMN renewal_kind VARCHAR",
    "ALTER TABLE contracts ADD COLUMN renewal_cause VARCHAR",
    "ALTER TABLE contracts ADD COLUMN stage VARCHAR DEFAULT 'not_started' NOT NULL",
    "ALTER TABLE contracts ADD COLUMN category VARCHAR",
    "ALTER TABLE contracts ADD COLUMN target INTEGER",
    "ALTER TABLE contracts ADD COLUMN forecast INTEGER",
    "ALTER TABLE contracts ADD COLUMN closes_on DATE",
    "ALTER TABLE contracts ADD COLUMN next_step TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE contracts ADD COLUMN terminated_on DATE",
    "ALTER TABLE contracts ADD COLUMN planned_end_on DATE",
    "ALTER TABLE contracts ADD COLUMN document TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE contract_lines ADD COLUMN agreed_rise INTEGER",
    "ALTER TABLE payments ADD COLUMN reference TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE receivables ADD COLUMN paid_cents INTEGER DEFAULT '0' NOT NULL",
    "ALTER TABLE accounts ADD COLUMN collected_cents INTEGER",
    "ALTER TABLE accounts ADD COLUMN open_cents INTEGER",
    """
CREATE TABLE contract_events (
    contract_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    effective_on DATE,
    noted_on DATE NOT NULL,
    noted_by TEXT DEFAULT '' NOT NULL,
    line_before_id INTEGER,
    line_after_id INTEGER,
    arr_before_cents INTEGER,
    arr_after_cents INTEGER,
    cause VARCHAR,
    note TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_contract_events PRIMARY KEY (id),
    CONSTRAINT fk_contract_events_contract_id_contracts FOREIGN KEY(contract_id) REFERENCES contracts (id),
    CONSTRAINT fk_contract_events_line_before_id_contract_lines FOREIGN KEY(line_before_id) REFERENCES contract_lines (id),
    CONSTRAINT fk_contract_events_line_after_id_contract_lines FOREIGN KEY(line_after_id) REFERENCES contract_lines (id)
)
""",
    """
CREATE INDEX ix_contract_events_contract_id ON contract_events (contract_id)
""",
    """
CREATE TABLE invoices (
    receivable_id INTEGER NOT NULL,
    number TEXT DEFAULT '' NOT NULL,
    invoiced_on DATE,
    amount INTEGER,
    tax_rate INTEGER,
    sent_on DATE,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_invoices PRIMARY KEY (id),
    CONSTRAINT fk_invoices_receivable_id_receivables FOREIGN KEY(receivable_id) REFERENCES receivables (id)
)
""",
    """
CREATE INDEX ix_invoices_receivable_id ON invoices (receivable_id)
""",
    """
CREATE TABLE reminders (
    receivable_id INTEGER NOT NULL,
    reminded_on DATE NOT NULL,
    reminded_by TEXT DEFAULT '' NOT NULL,
    channel VARCHAR,
    text TEXT DEFAULT '' NOT NULL,
    task_id INTEGER,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_reminders PRIMARY KEY (id),
    CONSTRAINT fk_reminders_receivable_id_receivables FOREIGN KEY(receivable_id) REFERENCES receivables (id),
    CONSTRAINT fk_reminders_task_id_tasks FOREIGN KEY(task_id) REFERENCES tasks (id)
)
""",
    """
CREATE INDEX ix_reminders_receivable_id ON reminders (receivable_id)
""",
    """
CREATE TABLE opportunities (
    account_id INTEGER NOT NULL,
    contract_id INTEGER,
    kind VARCHAR NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    seats INTEGER,
    module TEXT DEFAULT '' NOT NULL,
    amount INTEGER,
    currency VARCHAR DEFAULT 'CNY' NOT NULL,
    stage VARCHAR DEFAULT 'spotted' NOT NULL,
    probability INTEGER,
    spotted_on DATE NOT NULL,
    expected_on DATE,
    owner TEXT DEFAULT '' NOT NULL,
    origin VARCHAR DEFAULT 'by_hand' NOT NULL,
    origin_id INTEGER,
    event_id INTEGER,
    won_on DATE,
    lost_on DATE,
    lost_reason TEXT DEFAULT '' NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_opportunities PRIMARY KEY (id),
    CONSTRAINT fk_opportunities_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_opportunities_contract_id_contracts FOREIGN KEY(contract_id) REFERENCES contracts (id),
    CONSTRAINT fk_opportunities_event_id_contract_events FOREIGN KEY(event_id) REFERENCES contract_events (id)
)
""",
    """
CREATE INDEX ix_opportunities_account_id ON opportunities (account_id)
""",
    """
CREATE INDEX ix_opportunities_alive_stage ON opportunities (stage) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_opportunities_contract_id ON opportunities (contract_id)
""",
    """
CREATE TABLE targets (
    figure VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    value VARCHAR NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_targets PRIMARY KEY (id)
)
""",
    """
CREATE INDEX ix_targets_figure ON targets (figure)
""",
    """
CREATE TABLE exchange_rates (
    currency VARCHAR NOT NULL,
    valid_from DATE NOT NULL,
    rate VARCHAR NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_exchange_rates PRIMARY KEY (id)
)
""",
    """
CREATE INDEX ix_exchange_rates_currency ON exchange_rates (currency)
""",
    """
UPDATE receivables SET paid_cents = f.paid
FROM (
  SELECT id, named + max(0, min(missing, unnamed - before)) AS paid
  FROM (
    SELECT id, contract_id, named, missing,
      sum(missing) OVER (PARTITION BY contract_id ORDER BY due_on IS NULL, due_on, position, id) - missing AS before,
      coalesce((SELECT sum(p.amount) FROM payments p WHERE p.contract_id = n.contract_id AND p.receivable_id IS NULL
        AND p.deleted_at IS NULL), 0) AS unnamed
    FROM (
      SELECT r.id, r.contract_id, r.due_on, r.position, coalesce(p.named, 0) AS named,
        max(0, r.amount - coalesce(p.named, 0)) AS missing
      FROM receivables r
      LEFT JOIN (SELECT receivable_id, sum(amount) AS named FROM payments WHERE deleted_at IS NULL
        AND receivable_id IS NOT NULL GROUP BY receivable_id) p ON p.receivable_id = r.id
      WHERE r.deleted_at IS NULL
    ) n
  )
) f
WHERE receivables.id = f.id AND f.paid <> 0
""",
    # the accounts' derived columns are computed anew at the next opening
    "DELETE FROM store_facts WHERE name = 'standing_day'",
)


def upgrade() -> None:
    """Add the columns and the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
