"""Preparation and record of a visit, articles, attachments, and what was noted between visits."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    "ALTER TABLE visits ADD COLUMN type VARCHAR",
    "ALTER TABLE visits ADD COLUMN wanted TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE visits ADD COLUMN questions TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE visits ADD COLUMN talking_points TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE visits ADD COLUMN internal TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE visits ADD COLUMN outcome VARCHAR",
    "ALTER TABLE visits ADD COLUMN mood VARCHAR",
    "ALTER TABLE visits ADD COLUMN next_on DATE",
    "ALTER TABLE visits ADD COLUMN spent_minutes INTEGER",
    "ALTER TABLE visits ADD COLUMN travel_minutes INTEGER",
    "ALTER TABLE visits ADD COLUMN expenses INTEGER",
    """
CREATE TABLE articles (
    title TEXT DEFAULT '' NOT NULL,
    kind VARCHAR DEFAULT 'link' NOT NULL,
    target TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    topic TEXT DEFAULT '' NOT NULL,
    industry TEXT DEFAULT '' NOT NULL,
    internal BOOLEAN DEFAULT '0' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_articles PRIMARY KEY (id)
)
""",
    """
CREATE TABLE attendees (
    visit_id INTEGER NOT NULL,
    contact_id INTEGER,
    name TEXT DEFAULT '' NOT NULL,
    side VARCHAR DEFAULT 'theirs' NOT NULL,
    invited BOOLEAN DEFAULT '1' NOT NULL,
    came BOOLEAN,
    position INTEGER DEFAULT '0' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_attendees PRIMARY KEY (id),
    CONSTRAINT fk_attendees_visit_id_visits FOREIGN KEY(visit_id) REFERENCES visits (id),
    CONSTRAINT fk_attendees_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id)
)
""",
    """
CREATE INDEX ix_attendees_contact_id ON attendees (contact_id)
""",
    """
CREATE INDEX ix_attendees_visit_id ON attendees (visit_id)
""",
    """
CREATE TABLE visit_materials (
    visit_id INTEGER NOT NULL,
    article_id INTEGER,
    position INTEGER DEFAULT '0' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_visit_materials PRIMARY KEY (id),
    CONSTRAINT fk_visit_materials_visit_id_visits FOREIGN KEY(visit_id) REFERENCES visits (id),
    CONSTRAINT fk_visit_materials_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id)
)
""",
    """
CREATE INDEX ix_visit_materials_article_id ON visit_materials (article_id)
""",
    """
CREATE INDEX ix_visit_materials_visit_id ON visit_materials (visit_id)
""",
    """
CREATE TABLE needs (
    account_id INTEGER NOT NULL,
    visit_id INTEGER,
    text TEXT DEFAULT '' NOT NULL,
    kind VARCHAR,
    state VARCHAR DEFAULT 'open' NOT NULL,
    heard_on DATE NOT NULL,
    became_id INTEGER,
    position INTEGER DEFAULT '0' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_needs PRIMARY KEY (id),
    CONSTRAINT fk_needs_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_needs_visit_id_visits FOREIGN KEY(visit_id) REFERENCES visits (id)
)
""",
    """
CREATE INDEX ix_needs_account_id ON needs (account_id)
""",
    """
CREATE INDEX ix_needs_open_heard_on ON needs (heard_on) WHERE deleted_at IS NULL AND state = 'open'
""",
    """
CREATE INDEX ix_needs_visit_id ON needs (visit_id)
""",
    """
CREATE TABLE attachments (
    visit_id INTEGER,
    article_id INTEGER,
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
    CONSTRAINT fk_attachments_article_id_articles FOREIGN KEY(article_id) REFERENCES articles (id)
)
""",
    """
CREATE INDEX ix_attachments_article_id ON attachments (article_id)
""",
    """
CREATE INDEX ix_attachments_sha256 ON attachments (sha256)
""",
    """
CREATE INDEX ix_attachments_visit_id ON attachments (visit_id)
""",
    """
CREATE TABLE interactions (
    account_id INTEGER NOT NULL,
    contact_id INTEGER,
    kind VARCHAR DEFAULT 'note' NOT NULL,
    happened_on DATE NOT NULL,
    starts_at VARCHAR DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_interactions PRIMARY KEY (id),
    CONSTRAINT fk_interactions_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_interactions_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id)
)
""",
    """
CREATE INDEX ix_interactions_account_id ON interactions (account_id)
""",
    """
CREATE INDEX ix_interactions_alive_happened_on ON interactions (happened_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_interactions_contact_id ON interactions (contact_id)
""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
