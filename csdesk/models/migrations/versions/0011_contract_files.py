"""Files of contracts."""

from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS = (
    "ALTER TABLE attachments RENAME TO attachments_before",
    """
CREATE TABLE attachments (
    visit_id INTEGER,
    article_id INTEGER,
    ticket_id INTEGER,
    contract_id INTEGER,
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
    CONSTRAINT fk_attachments_ticket_id_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id),
    CONSTRAINT fk_attachments_contract_id_contracts FOREIGN KEY(contract_id) REFERENCES contracts (id)
)
""",
    """
INSERT INTO attachments (visit_id, article_id, ticket_id, name, sha256, size, id, version, created_at, updated_at,
    deleted_at, bin_step)
SELECT visit_id, article_id, ticket_id, name, sha256, size, id, version, created_at, updated_at, deleted_at, bin_step
FROM attachments_before
""",
    "DROP TABLE attachments_before",
    "CREATE INDEX ix_attachments_article_id ON attachments (article_id)",
    "CREATE INDEX ix_attachments_contract_id ON attachments (contract_id)",
    "CREATE INDEX ix_attachments_sha256 ON attachments (sha256)",
    "CREATE INDEX ix_attachments_ticket_id ON attachments (ticket_id)",
    "CREATE INDEX ix_attachments_visit_id ON attachments (visit_id)",
)


def upgrade() -> None:
    """Let a file belong to a contract."""
    for statement in STATEMENTS:
        op.execute(statement)
