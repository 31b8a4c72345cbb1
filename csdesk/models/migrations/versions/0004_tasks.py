"""Tasks, and the moves and questions of a handover."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    """
CREATE TABLE handover_moves (
    handover_id INTEGER NOT NULL,
    from_state VARCHAR NOT NULL,
    to_state VARCHAR NOT NULL,
    moved_on DATE NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_handover_moves PRIMARY KEY (id),
    CONSTRAINT fk_handover_moves_handover_id_handovers FOREIGN KEY(handover_id) REFERENCES handovers (id)
)
""",
    """
CREATE INDEX ix_handover_moves_handover_id ON handover_moves (handover_id)
""",
    """
CREATE TABLE handover_questions (
    handover_id INTEGER NOT NULL,
    point VARCHAR NOT NULL,
    question TEXT DEFAULT '' NOT NULL,
    was TEXT DEFAULT '' NOT NULL,
    asked_on DATE NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_handover_questions PRIMARY KEY (id),
    CONSTRAINT fk_handover_questions_handover_id_handovers FOREIGN KEY(handover_id) REFERENCES handovers (id)
)
""",
    """
CREATE INDEX ix_handover_questions_handover_id ON handover_questions (handover_id)
""",
    """
CREATE TABLE tasks (
    account_id INTEGER,
    text TEXT DEFAULT '' NOT NULL,
    due_on DATE,
    owner TEXT DEFAULT '' NOT NULL,
    state VARCHAR DEFAULT 'open' NOT NULL,
    done_on DATE,
    snoozed_until DATE,
    repeats VARCHAR,
    repeat_every INTEGER DEFAULT '1' NOT NULL,
    repeats_from DATE,
    source VARCHAR DEFAULT 'by_hand' NOT NULL,
    source_id INTEGER,
    source_text TEXT DEFAULT '' NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_tasks PRIMARY KEY (id),
    CONSTRAINT fk_tasks_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
)
""",
    """
CREATE INDEX ix_tasks_account_id ON tasks (account_id)
""",
    """
CREATE INDEX ix_tasks_alive_done_on ON tasks (done_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_tasks_open_due_on ON tasks (due_on) WHERE deleted_at IS NULL AND state = 'open'
""",
    """
CREATE INDEX ix_tasks_source_id ON tasks (source_id)
""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
