"""What is needed to do an import again."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    """
CREATE TABLE import_details (
    import_id INTEGER NOT NULL,
    path TEXT DEFAULT '' NOT NULL,
    recipe JSON NOT NULL,
    accounts JSON NOT NULL,
    refused JSON NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_import_details PRIMARY KEY (id),
    CONSTRAINT fk_import_details_import_id_imports FOREIGN KEY(import_id) REFERENCES imports (id)
)
""",
    """
CREATE INDEX ix_import_details_import_id ON import_details (import_id)
""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
