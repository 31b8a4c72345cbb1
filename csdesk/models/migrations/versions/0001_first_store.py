"""The first store: accounts, contacts, contracts, money, handovers, visits, settings, imports, the journal."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
CREATE TABLE accounts (
    name TEXT DEFAULT '' NOT NULL,
    short_name TEXT DEFAULT '' NOT NULL,
    tier VARCHAR,
    tier_reason TEXT DEFAULT '' NOT NULL,
    service_mode VARCHAR,
    industry TEXT DEFAULT '' NOT NULL,
    city TEXT DEFAULT '' NOT NULL,
    district TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    website TEXT DEFAULT '' NOT NULL,
    tax_number TEXT DEFAULT '' NOT NULL,
    sales_owner TEXT DEFAULT '' NOT NULL,
    owner TEXT DEFAULT '' NOT NULL,
    starred BOOLEAN DEFAULT '0' NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    name_key TEXT DEFAULT '' NOT NULL,
    pinyin TEXT,
    initials TEXT,
    contact_name TEXT DEFAULT '' NOT NULL,
    arr_cents INTEGER,
    seats INTEGER,
    customer_since DATE,
    renewal_on DATE,
    last_visit_on DATE,
    last_contact_on DATE,
    next_visit_on DATE,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_accounts PRIMARY KEY (id)
)
""",
    """
CREATE INDEX ix_accounts_alive_arr_cents ON accounts (arr_cents) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_city ON accounts (city) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_contact_name ON accounts (contact_name) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_customer_since ON accounts (customer_since) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_industry ON accounts (industry) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_last_contact_on ON accounts (last_contact_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_last_visit_on ON accounts (last_visit_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_name ON accounts (name) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_name_key ON accounts (name_key) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_next_visit_on ON accounts (next_visit_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_owner ON accounts (owner) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_renewal_on ON accounts (renewal_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_sales_owner ON accounts (sales_owner) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_accounts_alive_tier ON accounts (tier) WHERE deleted_at IS NULL
""",
    """
CREATE TABLE import_mappings (
    fingerprint VARCHAR NOT NULL,
    mapping JSON NOT NULL,
    decisions JSON NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_import_mappings PRIMARY KEY (id),
    CONSTRAINT uq_import_mappings_fingerprint UNIQUE (fingerprint)
)
""",
    """
CREATE TABLE imports (
    file_name TEXT DEFAULT '' NOT NULL,
    sha256 VARCHAR NOT NULL,
    size INTEGER NOT NULL,
    imported_at VARCHAR NOT NULL,
    step_id INTEGER,
    fingerprint VARCHAR DEFAULT '' NOT NULL,
    mapping JSON NOT NULL,
    counts JSON NOT NULL,
    problems JSON NOT NULL,
    undone_at VARCHAR,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_imports PRIMARY KEY (id)
)
""",
    """
CREATE INDEX ix_imports_sha256 ON imports (sha256)
""",
    """
CREATE TABLE settings (
    "key" VARCHAR NOT NULL,
    value JSON NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_settings PRIMARY KEY (id),
    CONSTRAINT uq_settings_key UNIQUE ("key")
)
""",
    """
CREATE TABLE steps (
    id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    params JSON NOT NULL,
    at VARCHAR NOT NULL,
    undone BOOLEAN NOT NULL,
    stale BOOLEAN NOT NULL,
    of_step INTEGER,
    CONSTRAINT pk_steps PRIMARY KEY (id)
)
""",
    """
CREATE TABLE store_facts (
    name VARCHAR NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_store_facts PRIMARY KEY (name)
)
""",
    """
CREATE TABLE travel_times (
    origin TEXT DEFAULT '' NOT NULL,
    destination TEXT DEFAULT '' NOT NULL,
    minutes INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_travel_times PRIMARY KEY (id)
)
""",
    """
CREATE TABLE visit_plans (
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    state VARCHAR DEFAULT 'draft' NOT NULL,
    capacity INTEGER NOT NULL,
    confirmed_at VARCHAR,
    left_out JSON NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_visit_plans PRIMARY KEY (id)
)
""",
    """
CREATE INDEX ix_visit_plans_starts_on ON visit_plans (starts_on)
""",
    """
CREATE TABLE changes (
    id INTEGER NOT NULL,
    step_id INTEGER NOT NULL,
    entity VARCHAR NOT NULL,
    entity_id INTEGER,
    action VARCHAR NOT NULL,
    "before" JSON,
    "after" JSON,
    ids BLOB,
    CONSTRAINT pk_changes PRIMARY KEY (id),
    CONSTRAINT fk_changes_step_id_steps FOREIGN KEY(step_id) REFERENCES steps (id)
)
""",
    """
CREATE INDEX ix_changes_entity_row ON changes (entity, entity_id)
""",
    """
CREATE INDEX ix_changes_step_id ON changes (step_id)
""",
    """
CREATE TABLE contacts (
    account_id INTEGER NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    role VARCHAR,
    phone TEXT DEFAULT '' NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    wechat TEXT DEFAULT '' NOT NULL,
    sentiment VARCHAR,
    left_on DATE,
    position INTEGER DEFAULT '0' NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    pinyin TEXT,
    initials TEXT,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_contacts PRIMARY KEY (id),
    CONSTRAINT fk_contacts_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id)
)
""",
    """
CREATE INDEX ix_contacts_account_id ON contacts (account_id)
""",
    """
CREATE TABLE contracts (
    account_id INTEGER NOT NULL,
    number TEXT DEFAULT '' NOT NULL,
    currency VARCHAR DEFAULT 'CNY' NOT NULL,
    signed_on DATE,
    start_on DATE,
    end_on DATE,
    amount INTEGER,
    auto_renew BOOLEAN DEFAULT '0' NOT NULL,
    payment_terms TEXT DEFAULT '' NOT NULL,
    predecessor_id INTEGER,
    renewal_state VARCHAR DEFAULT 'open' NOT NULL,
    decided_on DATE,
    renewal_reason TEXT DEFAULT '' NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_contracts PRIMARY KEY (id),
    CONSTRAINT fk_contracts_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_contracts_predecessor_id_contracts FOREIGN KEY(predecessor_id) REFERENCES contracts (id)
)
""",
    """
CREATE INDEX ix_contracts_account_id ON contracts (account_id)
""",
    """
CREATE INDEX ix_contracts_alive_end_on ON contracts (end_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_contracts_predecessor_id ON contracts (predecessor_id)
""",
    """
CREATE TABLE handovers (
    account_id INTEGER NOT NULL,
    state VARCHAR DEFAULT 'received' NOT NULL,
    received_on DATE,
    decided_on DATE,
    goals TEXT DEFAULT '' NOT NULL,
    pain_points TEXT DEFAULT '' NOT NULL,
    promises TEXT DEFAULT '' NOT NULL,
    risks TEXT DEFAULT '' NOT NULL,
    scope TEXT DEFAULT '' NOT NULL,
    stakeholders TEXT DEFAULT '' NOT NULL,
    payment_terms TEXT DEFAULT '' NOT NULL,
    questions TEXT DEFAULT '' NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    import_id INTEGER,
    source_row TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_handovers PRIMARY KEY (id),
    CONSTRAINT fk_handovers_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_handovers_import_id_imports FOREIGN KEY(import_id) REFERENCES imports (id)
)
""",
    """
CREATE INDEX ix_handovers_account_id ON handovers (account_id)
""",
    """
CREATE TABLE contract_lines (
    contract_id INTEGER NOT NULL,
    products TEXT DEFAULT '' NOT NULL,
    seats INTEGER,
    amount INTEGER,
    recurring BOOLEAN DEFAULT '1' NOT NULL,
    start_on DATE,
    end_on DATE,
    arr_cents INTEGER,
    predecessor_id INTEGER,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_contract_lines PRIMARY KEY (id),
    CONSTRAINT fk_contract_lines_contract_id_contracts FOREIGN KEY(contract_id) REFERENCES contracts (id),
    CONSTRAINT fk_contract_lines_predecessor_id_contract_lines FOREIGN KEY(predecessor_id) REFERENCES contract_lines (id)
)
""",
    """
CREATE INDEX ix_contract_lines_contract_id ON contract_lines (contract_id)
""",
    """
CREATE TABLE receivables (
    contract_id INTEGER NOT NULL,
    position INTEGER DEFAULT '1' NOT NULL,
    due_on DATE,
    amount INTEGER NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_receivables PRIMARY KEY (id),
    CONSTRAINT fk_receivables_contract_id_contracts FOREIGN KEY(contract_id) REFERENCES contracts (id)
)
""",
    """
CREATE INDEX ix_receivables_contract_id ON receivables (contract_id)
""",
    """
CREATE TABLE visits (
    account_id INTEGER NOT NULL,
    plan_id INTEGER,
    contact_id INTEGER,
    kind VARCHAR DEFAULT 'onsite' NOT NULL,
    state VARCHAR DEFAULT 'planned' NOT NULL,
    planned_on DATE,
    starts_at VARCHAR DEFAULT '' NOT NULL,
    minutes INTEGER DEFAULT '60' NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    goal TEXT DEFAULT '' NOT NULL,
    reasons JSON NOT NULL,
    agenda TEXT DEFAULT '' NOT NULL,
    baseline_on DATE,
    moved_from DATE,
    moved_count INTEGER DEFAULT '0' NOT NULL,
    move_reason TEXT DEFAULT '' NOT NULL,
    done_on DATE,
    excuse TEXT DEFAULT '' NOT NULL,
    record TEXT DEFAULT '' NOT NULL,
    next_step TEXT DEFAULT '' NOT NULL,
    sequence INTEGER DEFAULT '0' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_visits PRIMARY KEY (id),
    CONSTRAINT fk_visits_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id),
    CONSTRAINT fk_visits_plan_id_visit_plans FOREIGN KEY(plan_id) REFERENCES visit_plans (id),
    CONSTRAINT fk_visits_contact_id_contacts FOREIGN KEY(contact_id) REFERENCES contacts (id)
)
""",
    """
CREATE INDEX ix_visits_account_id ON visits (account_id)
""",
    """
CREATE INDEX ix_visits_alive_baseline_on ON visits (baseline_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_visits_alive_done_on ON visits (done_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_visits_alive_planned_on ON visits (planned_on) WHERE deleted_at IS NULL
""",
    """
CREATE INDEX ix_visits_open_planned_on ON visits (planned_on) WHERE deleted_at IS NULL AND state = 'planned'
""",
    """
CREATE INDEX ix_visits_plan_id ON visits (plan_id)
""",
    """
CREATE TABLE payments (
    contract_id INTEGER NOT NULL,
    receivable_id INTEGER,
    paid_on DATE,
    amount INTEGER NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at VARCHAR NOT NULL,
    updated_at VARCHAR NOT NULL,
    deleted_at VARCHAR,
    bin_step INTEGER,
    CONSTRAINT pk_payments PRIMARY KEY (id),
    CONSTRAINT fk_payments_contract_id_contracts FOREIGN KEY(contract_id) REFERENCES contracts (id),
    CONSTRAINT fk_payments_receivable_id_receivables FOREIGN KEY(receivable_id) REFERENCES receivables (id)
)
""",
    """
CREATE INDEX ix_payments_contract_id ON payments (contract_id)
""",
    """
CREATE INDEX ix_payments_receivable_id ON payments (receivable_id)
""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
