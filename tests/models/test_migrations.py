"""Every migration leads to the schema of today, all of it or nothing."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from csdesk.models import migrations
from csdesk.models.database import APPLICATION_ID, SCHEMA, Database, NewerStore, NotOurs, revision_name, stamp
from csdesk.models.migrations import migrate
from csdesk.services.handover.queries import one_import

SCRIPTS = Path(migrations.__file__).parent / "versions"


def schema(path: Path) -> dict[str, str]:
    """Each table and index with its words, spaces evened out."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: re.sub(r"\s*([(),])\s*", r"\1", " ".join(words.split())) for name, words in rows}


def test_a_migrated_store_equals_a_fresh_one(tmp_path: Path) -> None:
    fresh, grown = Database(tmp_path / "fresh.db", "1"), Database(tmp_path / "grown.db", "1")
    fresh.prepare()
    migrate(grown)
    fresh.close()
    grown.close()
    assert schema(tmp_path / "grown.db") == schema(tmp_path / "fresh.db")
    assert stamp(tmp_path / "grown.db") == SCHEMA


def test_accounts_from_before_the_tiers_keep_theirs_and_are_not_strategic(tmp_path: Path) -> None:
    database = Database(tmp_path / "store.db", "1")
    migrate(database, "0001")
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO accounts (id, name, tier, tier_reason, created_at, updated_at)"
            " VALUES (7, 'Oak', 'B', 'big', '2026-01-01', '2026-01-01')"
        )
    migrate(database)
    with database.read() as connection:
        row = connection.exec_driver_sql("SELECT name, tier, tier_reason, strategic FROM accounts").one()
        decisions = connection.exec_driver_sql("SELECT count(*) FROM tier_decisions").scalar()
    database.close()
    assert (*row, decisions) == ("Oak", "B", "big", 0, 0)


ACCOUNT = (
    "INSERT INTO accounts (id, name, created_at, updated_at) "
    "VALUES (7, '澄岳精工', '2026-11-01T00:00:00.000000+00:00', '2026-11-01T00:00:00.000000+00:00')"
)
HANDOVER = (
    "INSERT INTO handovers (id, account_id, promises, created_at, updated_at) "
    "VALUES (9, 7, '二期接入扫码枪', '2026-11-01T00:00:00.000000+00:00', '2026-11-01T00:00:00.000000+00:00')"
)


def test_a_store_from_before_the_tasks_gets_them_and_keeps_what_it_holds(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    database = Database(old, "1")
    migrate(database, "0003")
    with database.write() as connection:
        for statement in (ACCOUNT, HANDOVER):
            connection.exec_driver_sql(statement)
    database.close()
    assert not {"tasks", "handover_moves", "handover_questions"} & schema(old).keys()
    database = Database(old, "2")
    migrate(database)
    database.close()
    connection = sqlite3.connect(old)
    assert connection.execute("SELECT id, name, version FROM accounts").fetchall() == [(7, "澄岳精工", 1)]
    assert connection.execute("SELECT account_id, promises FROM handovers").fetchall() == [(7, "二期接入扫码枪")]
    for table in ("tasks", "handover_moves", "handover_questions"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()
    assert stamp(old) == SCHEMA


def test_an_import_from_before_its_details_is_kept(tmp_path: Path) -> None:
    database = Database(tmp_path / "store.db", "1")
    migrate(database, "0005")
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO imports (id, file_name, sha256, size, imported_at, mapping, counts, problems, created_at, updated_at)"
            " VALUES (7, 'a.xlsx', 'x', 9, '2026-01-01T00:00:00.000000+00:00', '{}', '{}', '[]', '2026-01-01', '2026-01-01')"
        )
    migrate(database)
    with database.read() as connection:
        details = one_import(connection, 7)
    database.close()
    assert details is not None
    assert (details.row.file_name, details.path, details.account_ids) == ("a.xlsx", "", ())


BEFORE_MEETINGS = "0006"
RECORDED = (
    "INSERT INTO visits (id, account_id, state, planned_on, starts_at, goal, reasons, agenda, baseline_on, moved_count, "
    "done_on, record, next_step, sequence, version, created_at, updated_at) VALUES (11, 7, 'done', '2026-11-20', '14:00', "
    "'季度回顾', '[]', '15 成果', '2026-11-20', 1, '2026-11-20', '都已用起来', '发算例', 3, 4, "
    "'2026-11-01T00:00:00.000000+00:00', '2026-11-20T00:00:00.000000+00:00')"
)


def test_a_store_without_meetings_keeps_its_visits_and_gets_their_preparation(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    database = Database(old, "1")
    migrate(database, BEFORE_MEETINGS)
    with database.write() as connection:
        for statement in (ACCOUNT, RECORDED):
            connection.exec_driver_sql(statement)
    database.close()
    database = Database(old, "2")
    migrate(database)
    database.close()
    connection = sqlite3.connect(old)
    columns = "goal, agenda, baseline_on, moved_count, done_on, record, next_step, sequence, version"
    assert connection.execute(f"SELECT {columns} FROM visits").fetchall() == [
        ("季度回顾", "15 成果", "2026-11-20", 1, "2026-11-20", "都已用起来", "发算例", 3, 4)
    ]
    assert connection.execute("SELECT type, wanted, outcome, expenses FROM visits").fetchall() == [
        (None, "", None, None)
    ]
    for table in ("attendees", "visit_materials", "needs", "articles", "attachments", "interactions"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    assert stamp(old) == SCHEMA


def test_the_number_of_the_schema_is_that_of_the_newest_script() -> None:
    names = sorted(path.name[:4] for path in SCRIPTS.glob("[0-9]*.py"))
    assert names == [revision_name(number) for number in range(1, SCHEMA + 1)]


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(tmp_path / "store.db", "1")
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE visits (id INTEGER)")
    with pytest.raises(OperationalError):
        migrate(database)
    database.close()
    assert list(schema(tmp_path / "store.db")) == ["visits"]
    assert sqlite3.connect(tmp_path / "store.db").execute("PRAGMA user_version").fetchone() == (0,)


def test_a_store_from_the_future_names_both_versions(tmp_path: Path) -> None:
    database = Database(tmp_path / "store.db", "9.8")
    database.prepare()
    database.close()
    connection = sqlite3.connect(tmp_path / "store.db")
    connection.execute("PRAGMA user_version=999")
    connection.close()
    with pytest.raises(NewerStore) as refused:
        stamp(tmp_path / "store.db")
    assert (refused.value.found, refused.value.program) == (999, "9.8")


def test_another_programs_database_is_not_ours(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE notes (id INTEGER)")
    connection.execute("PRAGMA application_id=7")
    connection.commit()
    connection.close()
    with pytest.raises(NotOurs):
        stamp(tmp_path / "other.db")


ROW = "'2026-11-01T00:00:00.000000+00:00', '2026-11-01T00:00:00.000000+00:00'"
ACCOUNT = f"INSERT INTO accounts (id, name, created_at, updated_at) VALUES (7, '\u6f84\u5cb3\u7cbe\u5de5', {ROW})"


def grown_to(path: Path, number: int, *statements: str) -> None:
    """A store as a program of that migration left it, with these rows in it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS.parent))
    database = Database(path, "1")
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision_name(number))
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={number}")
    database.close()


INDEXES = 3


def test_a_store_without_the_indexes_gets_them_and_keeps_its_rows(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    grown_to(old, INDEXES - 1, ACCOUNT)
    assert "ix_contracts_alive_end_on" in schema(old)
    database = Database(old, "2")
    assert database.prepare() == INDEXES - 1
    migrate(database)
    database.close()
    found = schema(old)
    assert "ix_contracts_alive_end_on" not in found
    assert {"ix_contracts_alive_ends", "ix_handovers_alive_state", "ix_visits_binned"} <= found.keys()
    connection = sqlite3.connect(old)
    assert connection.execute("SELECT id FROM accounts").fetchall() == [(7,)]
    connection.close()
    assert stamp(old) == SCHEMA


VISIT = (
    "INSERT INTO visits (id, account_id, planned_on, reasons, sequence, created_at, updated_at) "
    f"VALUES (8, 7, '2026-11-24', '[]', 3, {ROW})"
)
BEFORE_SERIES = "0004"


def test_visits_of_a_store_without_series_stay_and_belong_to_none(tmp_path: Path) -> None:
    database = Database(tmp_path / "store.db", "1")
    migrate(database, BEFORE_SERIES)
    with database.write() as connection:
        connection.exec_driver_sql(ACCOUNT)
        connection.exec_driver_sql(VISIT)
    migrate(database)
    with database.read() as connection:
        columns = "id, planned_on, sequence, series_id, turn_on, joint_id, zone"
        visits = connection.exec_driver_sql(f"SELECT {columns} FROM visits").all()
        tables = ("visit_series", "visit_skips", "own_calendars", "busy_times")
        counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in tables]
    database.close()
    assert [tuple(row) for row in visits] == [(8, "2026-11-24", 3, None, None, None, "")]
    assert counts == [0, 0, 0, 0]


VERDICTS = 7


def test_answers_about_companies_get_rows_of_their_own(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    decisions = json.dumps({"ab, inc.": "7", "gone": "8", "other": "new"})
    remembered = "INSERT INTO import_mappings (fingerprint, mapping, decisions, id, created_at, updated_at) VALUES"
    grown_to(
        old,
        VERDICTS - 1,
        f"INSERT INTO accounts (id, name, created_at, updated_at) VALUES (7, 'A (B)', {ROW})",
        f"{remembered} ('accounts', '{{}}', '{decisions}', 50, {ROW}), ('f', '{{}}', '{{}}', 51, {ROW})",
    )
    database = Database(old, "2")
    database.prepare()
    migrate(database)
    database.close()
    connection = sqlite3.connect(old)
    rows = connection.execute("SELECT account_id, name, spelling, other_name, other_spelling, same FROM verdicts")
    assert rows.fetchall() == [(7, "A (B)", "ab", "ab, inc.", "abinc", 1)]
    assert connection.execute("SELECT fingerprint FROM import_mappings").fetchall() == [("f",)]
    connection.close()
    assert stamp(old) == SCHEMA


ATTACHMENT = (
    "INSERT INTO attachments (id, name, sha256, size, created_at, updated_at) "
    "VALUES (5, 'plan.pdf', 'abc', 12, '2026-11-01T00:00:00.000000+00:00', '2026-11-01T00:00:00.000000+00:00')"
)


def test_files_from_before_the_tickets_stay_and_can_belong_to_one(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    database = Database(old, "1")
    migrate(database, "0008")
    with database.write() as connection:
        connection.exec_driver_sql(ATTACHMENT)
    database.close()
    database = Database(old, "2")
    migrate(database)
    database.close()
    connection = sqlite3.connect(old)
    rows = connection.execute("SELECT id, name, sha256, size, ticket_id, version FROM attachments").fetchall()
    connection.close()
    assert rows == [(5, "plan.pdf", "abc", 12, None, 1)]
    assert "attachments_before" not in schema(old)


def test_files_from_before_those_of_contracts_stay_and_can_belong_to_one(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    database = Database(old, "1")
    migrate(database, "0010")
    with database.write() as connection:
        connection.exec_driver_sql(ATTACHMENT)
        connection.exec_driver_sql("UPDATE attachments SET deleted_at = '2026-11-02', bin_step = 3, version = 4")
    database.close()
    database = Database(old, "2")
    migrate(database)
    database.close()
    connection = sqlite3.connect(old)
    rows = connection.execute(
        "SELECT id, name, sha256, size, contract_id, version, bin_step FROM attachments"
    ).fetchall()
    connection.close()
    assert rows == [(5, "plan.pdf", "abc", 12, None, 4, 3)]
    assert "attachments_before" not in schema(old)
    assert stamp(old) == SCHEMA


MONEY = (
    "INSERT INTO contracts (id, account_id, number, created_at, updated_at) VALUES (8, 7, 'HT-1', {now}, {now})",
    "INSERT INTO receivables (id, contract_id, position, due_on, amount, created_at, updated_at)"
    " VALUES (20, 8, 1, '2026-01-01', 1000, {now}, {now}), (21, 8, 2, '2026-06-01', 1000, {now}, {now})",
    "INSERT INTO payments (id, contract_id, receivable_id, paid_on, amount, created_at, updated_at)"
    " VALUES (30, 8, 21, '2026-06-02', 300, {now}, {now}), (31, 8, NULL, '2026-02-02', 1200, {now}, {now})",
)


def test_instalments_from_before_the_ledger_know_what_was_paid_on_them(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    database = Database(old, "1")
    migrate(database, "0009")
    with database.write() as connection:
        connection.exec_driver_sql(ACCOUNT)
        connection.exec_driver_sql("INSERT INTO store_facts VALUES ('standing_day', '2026-11-23')")
        for statement in MONEY:
            connection.exec_driver_sql(statement.format(now="'2026-11-01T00:00:00.000000+00:00'"))
    database.close()
    database = Database(old, "2")
    migrate(database)
    database.close()
    connection = sqlite3.connect(old)
    paid = connection.execute("SELECT id, amount, paid_cents FROM receivables").fetchall()
    assert paid == [(20, 1000, 1000), (21, 1000, 500)]
    assert connection.execute("SELECT amount, reference FROM payments").fetchall() == [(300, ""), (1200, "")]
    assert connection.execute("SELECT count(*) FROM store_facts WHERE name = 'standing_day'").fetchone() == (0,)
    connection.close()
