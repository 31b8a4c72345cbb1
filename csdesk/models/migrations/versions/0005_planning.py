"""Visits that come again, accounts put off, meetings held together, and the user's own calendar."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    "ALTER TABLE visits ADD COLUMN series_id INTEGER",
    "ALTER TABLE visits ADD COLUMN turn_on DATE",
    "ALTER TABLE visits ADD COLUMN joint_id INTEGER",
    "ALTER TABLE visits ADD COLUMN zone VARCHAR DEFAULT '' NOT NULL",
    """
CREATE TABLE visit_series (
    account_id INTEGER NOT NULL,
    contact_id INTEGER,
    kind VARCHAR DEFAULT 'onsite' NOT NULL,
    starts_at VARCHAR DEFAULT '' NOT NULL,
    minutes INTEGER DEFAULT '60' NOT NULL,
    goal TEXT DEFAULT '' NOT NULL,
    unit VARCHAR NOT NULL,
    every INTEGER DEFAULT '1' NOT NULL,
    starts_on DATE NOT NULL,
    until_on DATE,
    count INTEGER,
    made_until DATE NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_visit_series PRIMARY KEY (id),
    CONSTRAINT fk_visit_series_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_visit_series_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id)
)
""",
    """
CREATE INDEX ix_visit_series_account_id ON visit_series (account_id)
""",
    """
CREATE TABLE visit_skips (
    account_id INTEGER NOT NULL,
    until_on DATE NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_visit_skips PRIMARY KEY (id),
    CONSTRAINT fk_visit_skips_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
)
""",
    """
CREATE INDEX ix_visit_skips_account_id ON visit_skips (account_id)
""",
    """
CREATE TABLE own_calendars (
    name TEXT DEFAULT '' NOT NULL,
    path TEXT DEFAULT '' NOT NULL,
    read_at VARCHAR NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_own_calendars PRIMARY KEY (id)
)
""",
    """
CREATE TABLE busy_times (
    calendar_id INTEGER NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    starts_on DATE NOT NULL,
    starts_at VARCHAR DEFAULT '' NOT NULL,
    ends_on DATE NOT NULL,
    ends_at VARCHAR DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_busy_times PRIMARY KEY (id),
    CONSTRAINT fk_busy_times_calendar_id_own_calendars FOREIGN KEY(calendar_id) REFERENCES own_calendars (id)
)
""",
    """
CREATE INDEX ix_busy_times_calendar_id ON busy_times (calendar_id)
""",
    """
CREATE INDEX ix_busy_times_starts_on ON busy_times (starts_on)
""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
