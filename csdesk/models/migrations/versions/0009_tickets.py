"""Tickets, demands, reviews, releases and what customers are to be told."""

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    """
CREATE TABLE releases (
    name TEXT DEFAULT '' NOT NULL,
    planned_on DATE,
    released_on DATE,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_releases PRIMARY KEY (id)
)
""",
    """
CREATE TABLE demands (
    number INTEGER NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    background TEXT DEFAULT '' NOT NULL,
    module TEXT DEFAULT '' NOT NULL,
    state VARCHAR DEFAULT 'to_review' NOT NULL,
    merged_into_id INTEGER,
    opened_on DATE NOT NULL,
    waits_since DATE NOT NULL,
    sent_on DATE,
    reasonable BOOLEAN,
    scope VARCHAR,
    size VARCHAR,
    reviewed_by TEXT DEFAULT '' NOT NULL,
    decided_on DATE,
    reason TEXT DEFAULT '' NOT NULL,
    answer TEXT DEFAULT '' NOT NULL,
    release_id INTEGER,
    first_planned_on DATE,
    planned_on DATE,
    released_on DATE,
    again_at INTEGER,
    again_from_arr INTEGER,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_demands PRIMARY KEY (id),
    CONSTRAINT fk_demands_merged_into_id_demands FOREIGN KEY(merged_into_id) REFERENCES demands (id),
    CONSTRAINT fk_demands_release_id_releases FOREIGN KEY(release_id) REFERENCES releases (id)
)
""",
    """
CREATE INDEX ix_demands_alive_state ON demands (state) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_demands_merged_into_id ON demands (merged_into_id)
""",
    """
CREATE INDEX ix_demands_release_id ON demands (release_id)
""",
    """
CREATE TABLE demand_reviews (
    demand_id INTEGER NOT NULL,
    reviewed_on DATE NOT NULL,
    reviewed_by TEXT DEFAULT '' NOT NULL,
    decision VARCHAR NOT NULL,
    reasonable BOOLEAN,
    scope VARCHAR,
    size VARCHAR,
    reason TEXT DEFAULT '' NOT NULL,
    answer TEXT DEFAULT '' NOT NULL,
    release TEXT DEFAULT '' NOT NULL,
    planned_on DATE,
    accounts INTEGER DEFAULT '0' NOT NULL,
    arr INTEGER,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_demand_reviews PRIMARY KEY (id),
    CONSTRAINT fk_demand_reviews_demand_id_demands FOREIGN KEY(demand_id) REFERENCES demands (id)
)
""",
    """
CREATE INDEX ix_demand_reviews_demand_id ON demand_reviews (demand_id)
""",
    """
CREATE TABLE demand_moves (
    demand_id INTEGER NOT NULL,
    from_state VARCHAR,
    to_state VARCHAR NOT NULL,
    moved_on DATE NOT NULL,
    moved_by TEXT DEFAULT '' NOT NULL,
    planned_on DATE,
    other_id INTEGER,
    note TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_demand_moves PRIMARY KEY (id),
    CONSTRAINT fk_demand_moves_demand_id_demands FOREIGN KEY(demand_id) REFERENCES demands (id),
    CONSTRAINT fk_demand_moves_other_id_demands FOREIGN KEY(other_id) REFERENCES demands (id)
)
""",
    """
CREATE INDEX ix_demand_moves_demand_id ON demand_moves (demand_id)
""",
    """
CREATE TABLE tickets (
    number INTEGER NOT NULL,
    kind VARCHAR DEFAULT 'requirement' NOT NULL,
    state VARCHAR DEFAULT 'captured' NOT NULL,
    account_id INTEGER NOT NULL,
    contact_id INTEGER,
    demand_id INTEGER,
    first_demand_id INTEGER,
    visit_id INTEGER,
    channel VARCHAR,
    title TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    importance VARCHAR DEFAULT 'important' NOT NULL,
    module TEXT DEFAULT '' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    how_often TEXT DEFAULT '' NOT NULL,
    workaround TEXT DEFAULT '' NOT NULL,
    worth TEXT DEFAULT '' NOT NULL,
    otherwise TEXT DEFAULT '' NOT NULL,
    scene TEXT DEFAULT '' NOT NULL,
    steps TEXT DEFAULT '' NOT NULL,
    expected TEXT DEFAULT '' NOT NULL,
    seen TEXT DEFAULT '' NOT NULL,
    environment TEXT DEFAULT '' NOT NULL,
    severity VARCHAR,
    reported_on DATE NOT NULL,
    clarified_on DATE,
    sent_on DATE,
    decided_on DATE,
    release_id INTEGER,
    first_planned_on DATE,
    planned_on DATE,
    released_on DATE,
    answer TEXT DEFAULT '' NOT NULL,
    told_on DATE,
    closed_on DATE,
    withdrawn_on DATE,
    reopened_on DATE,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT fk_tickets_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_tickets_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id),
    CONSTRAINT fk_tickets_demand_id_demands FOREIGN KEY(demand_id) REFERENCES demands (id),
    CONSTRAINT fk_tickets_first_demand_id_demands FOREIGN KEY(first_demand_id) REFERENCES demands (id),
    CONSTRAINT fk_tickets_visit_id_visits FOREIGN KEY(visit_id) REFERENCES visits (id),
    CONSTRAINT fk_tickets_release_id_releases FOREIGN KEY(release_id) REFERENCES releases (id)
)
""",
    """
CREATE INDEX ix_tickets_account_id ON tickets (account_id)
""",
    """
CREATE INDEX ix_tickets_alive_reported_on ON tickets (reported_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_tickets_alive_state ON tickets (state) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_tickets_contact_id ON tickets (contact_id)
""",
    """
CREATE INDEX ix_tickets_demand_id ON tickets (demand_id)
""",
    """
CREATE INDEX ix_tickets_first_demand_id ON tickets (first_demand_id)
""",
    """
CREATE INDEX ix_tickets_release_id ON tickets (release_id)
""",
    """
CREATE INDEX ix_tickets_visit_id ON tickets (visit_id)
""",
    """
CREATE TABLE ticket_moves (
    ticket_id INTEGER NOT NULL,
    from_state VARCHAR,
    to_state VARCHAR NOT NULL,
    moved_on DATE NOT NULL,
    moved_by TEXT DEFAULT '' NOT NULL,
    planned_on DATE,
    note TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_ticket_moves PRIMARY KEY (id),
    CONSTRAINT fk_ticket_moves_ticket_id_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id)
)
""",
    """
CREATE INDEX ix_ticket_moves_ticket_id ON ticket_moves (ticket_id)
""",
    """
CREATE TABLE notices (
    account_id INTEGER NOT NULL,
    demand_id INTEGER,
    ticket_id INTEGER,
    cause VARCHAR NOT NULL,
    state VARCHAR DEFAULT 'open' NOT NULL,
    due_on DATE NOT NULL,
    planned_on DATE,
    text TEXT DEFAULT '' NOT NULL,
    channel VARCHAR,
    told_on DATE,
    told_by TEXT DEFAULT '' NOT NULL,
    contact_id INTEGER,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_notices PRIMARY KEY (id),
    CONSTRAINT fk_notices_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_notices_demand_id_demands FOREIGN KEY(demand_id) REFERENCES demands (id),
    CONSTRAINT fk_notices_ticket_id_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id),
    CONSTRAINT fk_notices_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id)
)
""",
    """
CREATE INDEX ix_notices_account_id ON notices (account_id)
""",
    """
CREATE INDEX ix_notices_demand_id ON notices (demand_id)
""",
    """
CREATE INDEX ix_notices_open_due_on ON notices (due_on) WHERE deleted_at IS NULL AND state = 'open'
""",
    """
CREATE INDEX ix_notices_ticket_id ON notices (ticket_id)
""",
    "ALTER TABLE attachments RENAME TO attachments_before",
    """
CREATE TABLE attachments (
    visit_id INTEGER,
    article_id INTEGER,
    ticket_id INTEGER,
    name TEXT DEFAULT '' NOT NULL,
    sha256 VARCHAR NOT NULL,
    size INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_attachments PRIMARY KEY (id),
    CONSTRAINT fk_attachments_visit_id_visits FOREIGN KEY(visit_id) REFERENCES visits (id),
    CONSTRAINT fk_attachments_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id),
    CONSTRAINT fk_attachments_ticket_id_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id)
)
""",
    """
INSERT INTO attachments (visit_id, article_id, name, sha256, size, id, version, created_at, updated_at, deleted_at, bin_step)
SELECT visit_id, article_id, name, sha256, size, id, version, created_at, updated_at, deleted_at, bin_step
FROM attachments_before
""",
    "DROP TABLE attachments_before",
    "CREATE INDEX ix_attachments_article_id ON attachments (article_id)",
    "CREATE INDEX ix_attachments_sha256 ON attachments (sha256)",
    "CREATE INDEX ix_attachments_ticket_id ON attachments (ticket_id)",
    "CREATE INDEX ix_attachments_visit_id ON attachments (visit_id)",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
