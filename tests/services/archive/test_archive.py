"""Everything goes out, and comes in again as it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portfolio import HOSTILE, make_portfolio

from csdesk.models.base import Base
from csdesk.models.tables import RECORDS, Account, Contact, Setting, Ticket
from csdesk.services.archive.commands import TakeIn, take_in
from csdesk.services.archive.export import export_json
from csdesk.services.archive.queries import all_rows, archive
from csdesk.services.archive.reading import parse, read_archive
from csdesk.services.archive.shape import LEFT_OUT, SHEETS, fields, written
from csdesk.services.archive.sheets import HEADINGS, sheets
from csdesk.services.core import texts
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems, StorageError
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.settings.commands import ChangeSettings, change_settings

MOMENT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def document(desk: Desk) -> dict[str, Any]:
    with desk.read() as connection:
        return archive(connection, MOMENT)


def through_json(value: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(value))


def bring(desk: Desk, value: dict[str, Any]) -> Any:
    return desk.do(take_in, TakeIn(parse(through_json(value), "a.json"), "a.json"))


@command("{name} renamed")
def rename(uow: UnitOfWork, wish: tuple[int, str]) -> None:
    """Change one account."""
    uow.get(Account, wish[0]).name = wish[1]


@command("Contact added")
def add_contact(uow: UnitOfWork, account: int) -> int:
    """Something of the user's own on an account that came with an archive."""
    return uow.add(Contact(account_id=account, name="新人")).id


def test_no_column_is_forgotten() -> None:
    for model in RECORDS:
        table = Base.metadata.tables[model.__tablename__]
        exported = {field.name for field in fields(table.name)}
        derived = {column.name for column in table.columns if column.info.get("derived")}
        assert exported | derived | LEFT_OUT.get(table.name, frozenset()) == {c.name for c in table.columns}
        keys = [field.key for field in fields(table.name)]
        assert len(keys) == len(set(keys))
    assert set(SHEETS) == {model.__tablename__ for model in RECORDS}


def test_no_row_is_forgotten(desk: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    whole = json.dumps(document(desk))
    with desk.read() as connection:
        rows = all_rows(connection)
    assert all(rows[table] for table in SHEETS)
    for table, by_id in rows.items():
        for row_id in by_id:
            assert whole.count(f'"id": "{row_id}"') == 1, table


def test_interface_stands_as_promised(desk: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    got = document(desk)
    assert got["format"] == "csdesk"
    account = got["accounts"][0]
    assert {"id", "name", "short_name", "tier", "industry", "city", "district", "address", "tax_id", "sales_owner",
            "csm_owner", "handover", "contacts", "contracts"} <= account.keys()  # fmt: skip
    assert account["handover"]["goals"] == "目标"
    assert [one["name"] for one in account["contacts"]] == ["赵磊", "王芳"]
    first, second = account["contracts"]
    assert first["account"] == account["id"]
    assert (first["signed"], first["start"], first["end"]) == ("2024-02-29", "2024-03-01", "2025-02-28")
    assert (first["amount"], first["paid"]) == ("120000.10", "60000.00")
    assert first["product"] == ["CRM", "数据分析"] == first["lines"][0]["product"]
    assert first["renewal"]["state"] == "renewed"
    assert (first["renewal"]["target"], first["renewal"]["final"]) == ("120000.10", "90000.00")
    assert second["predecessor"] == first["id"]
    assert second["renewal"]["final"] is None
    assert [entry["amount"] for entry in got["payments"]] == ["59999.99", "0.01"]
    assert got["payments"][1]["paid_on"] is None
    assert got["visits"][0]["baseline_period"] == "2026-11-23"
    assert got["settings"]["figures.grace_days"] == 30
    assert "已删除" not in json.dumps(got["accounts"], ensure_ascii=False)
    assert got["bin"]["accounts"][0]["name"] == "已删除"


def test_same_store_same_document(desk: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    assert json.dumps(document(desk)) == json.dumps(document(desk))


def test_into_an_empty_store_and_out_again_is_equal(desk: Desk, other: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    desk.do(change_settings, ChangeSettings({"visits.per_day": 6}))
    sent = document(desk)
    done = bring(other, sent)
    assert document(other) == through_json(sent)
    assert done.value.new["accounts"] == 3
    assert not any(done.value.updated.values())
    assert done.changes.ids("accounts")


def test_what_is_computed_is_computed_again(desk: Desk, other: Desk) -> None:
    account = desk.do(make_portfolio, "华东鼎天").value
    bring(other, document(desk))
    statement = "SELECT name_key, contact_name, renewal_on FROM accounts WHERE id=?"
    rows = []
    for one in (desk, other):
        with one.read() as connection:
            rows.append(tuple(connection.exec_driver_sql(statement, (account,)).one()))
    assert rows[0] == rows[1]
    assert rows[0][1] == "王芳"


def test_second_time_changes_nothing(desk: Desk, other: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    sent = document(desk)
    bring(other, sent)
    again = bring(other, sent)
    assert again.step is None
    assert sum(again.value.same.values()) > 10
    assert not any(again.value.new.values())


def test_newer_row_wins_on_either_side(desk: Desk, other: Desk) -> None:
    account = desk.do(make_portfolio, "华东鼎天").value
    bring(other, document(desk))
    desk.do(rename, (account, "新名字"))
    done = bring(other, document(desk))
    assert done.value.updated["accounts"] == 1
    assert document(other)["accounts"][0]["name"] == "新名字"
    other.do(rename, (account, "更新的名字"))
    bring(other, document(desk))
    assert document(other)["accounts"][0]["name"] == "更新的名字"


def test_undo_takes_it_back_and_redo_brings_it_again(desk: Desk, other: Desk) -> None:
    account = desk.do(make_portfolio, "华东鼎天").value
    empty = document(other)
    bring(other, document(desk))
    other.undo()
    undone = document(other)
    assert undone["accounts"] == empty["accounts"] == []
    assert undone["visits"] == undone["payments"] == []
    other.redo()
    assert [entry["name"] for entry in document(other)["accounts"]] == ["华东鼎天", "素"]
    desk.do(rename, (account, "改过"))
    bring(other, document(desk))
    other.undo()
    assert document(other)["accounts"][0]["name"] == "华东鼎天"


def test_own_rows_of_a_used_store_stay(desk: Desk, other: Desk) -> None:
    account = desk.do(make_portfolio, "华东鼎天").value
    mine = other.do(make_portfolio, "我的客户").value
    bring(other, document(desk))
    other.do(add_contact, account)
    bring(other, document(desk))
    names = {entry["name"]: entry for entry in document(other)["accounts"]}
    assert int(names["我的客户"]["id"]) == mine
    assert "新人" in {one["name"] for one in names["华东鼎天"]["contacts"]}


def test_setting_of_another_laptop_meets_the_own_one(desk: Desk, other: Desk) -> None:
    other.do(change_settings, ChangeSettings({"visits.per_day": 3}))
    desk.do(change_settings, ChangeSettings({"visits.per_day": 7}))
    bring(other, document(desk))
    with other.read() as connection:
        values = connection.execute(Setting.__table__.select()).all()
    assert [row.value for row in values] == [7]
    bring(desk, document(other))
    assert document(desk)["settings"]["visits.per_day"] == 7


def numbers(desk: Desk) -> dict[str, list[tuple[str, int]]]:
    got = document(desk)
    return {
        "demands": [(one["title"], one["number"]) for one in got["demands"]],
        "tickets": [(one["title"], one["number"]) for one in got["tickets"]],
    }


def test_numbers_are_a_store_s_own_and_meet_without_a_clash(desk: Desk, other: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    other.do(make_portfolio, "我的客户")
    mine = numbers(other)
    done = bring(other, document(desk)).value
    assert done.renumbered == {"demands": 2, "tickets": 3}  # one of the three lies in the bin
    assert done.renumbered_sentence == "5 got other numbers, since theirs were taken here"
    got = numbers(other)
    assert got["demands"] == [("按班组看报表", 59), ("班组报表", 60), *mine["demands"]]
    assert sorted(got["tickets"]) == [("导出缺列", 12), ("导出缺列", 13), ("班组报表", 12), ("班组报表", 13)]
    assert not check_numbers(other)
    again = bring(other, document(desk))
    assert again.step is None
    assert not again.value.renumbered_sentence
    assert numbers(other) == got
    other.undo()
    assert numbers(other) == mine


def check_numbers(desk: Desk) -> list[str]:
    from csdesk.services.files.checking import check

    return [flaw.code for flaw in check(desk.database.path).flaws if "number" in flaw.code]


@command("Kind changed")
def as_question(uow: UnitOfWork, ticket: int) -> None:
    """The requirement becomes a question with a number of that count."""
    row = uow.get(Ticket, ticket)
    row.kind, row.number, row.demand_id, row.first_demand_id = "question", 1, None, None


def test_a_newer_row_keeps_its_number_here_unless_its_kind_changed(desk: Desk, other: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    other.do(make_portfolio, "我的客户")
    bring(other, document(desk))
    wish = next(one for one in document(desk)["tickets"] if one["kind"] == "requirement")
    desk.do(add_note, int(wish["id"]))
    done = bring(other, document(desk)).value
    assert (done.updated["tickets"], done.renumbered["tickets"]) == (1, 0)
    here = next(one for one in document(other)["tickets"] if one["id"] == wish["id"])
    assert (here["number"], here["notes"]) == (13, "noted")
    desk.do(as_question, int(wish["id"]))
    assert bring(other, document(desk)).value.renumbered["tickets"] == 1
    here = next(one for one in document(other)["tickets"] if one["id"] == wish["id"])
    assert (here["kind"], here["number"]) == ("question", 3)  # 1 and 2 lie in the bin


@command("Noted")
def add_note(uow: UnitOfWork, ticket: int) -> None:
    """A change that leaves the number alone."""
    uow.get(Ticket, ticket).notes = "noted"


def test_a_row_without_a_number_gets_one(desk: Desk, other: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    sent = through_json(document(desk))
    for one in sent["demands"]:
        del one["number"]
    bring(other, sent)
    assert sorted(number for _title, number in numbers(other)["demands"]) == [1, 2]


def test_reference_into_nowhere_is_refused_whole(desk: Desk, other: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    sent = through_json(document(desk))
    sent["receivables"][0]["contract"] = "77"
    with pytest.raises(Problems) as refused:
        bring(other, sent)
    assert "receivables" in refused.value.problems[0].message
    assert document(other)["accounts"] == []


BROKEN: list[tuple[list[Any], Any, str]] = [
    (["accounts", 0, "id"], "x", "accounts[0].id"),
    (["accounts", 0, "id"], 5, "accounts[0].id"),
    (["accounts", 0, "id"], str(2**70), "accounts[0].id"),
    (["accounts", 0, "tier"], "Z", "accounts[0].tier"),
    (["accounts", 0, "name"], None, "accounts[0].name"),
    (["accounts", 0, "name"], "\ud800", "accounts[0].name"),
    (["accounts", 0, "starred"], "yes", "accounts[0].starred"),
    (["accounts", 0, "updated_at"], "2026-01-01T00:00:00", "accounts[0].updated_at"),
    (["accounts", 0, "contacts"], {}, "accounts[0]"),
    (["accounts", 0, "handover"], [], "accounts[0].handover"),
    (["accounts", 0, "contracts", 0, "amount"], "1.001", "accounts[0].contracts[0].amount"),
    (["accounts", 0, "contracts", 0, "amount"], 5.5, "accounts[0].contracts[0].amount"),
    (["accounts", 0, "contracts", 0, "amount"], "NaN", "accounts[0].contracts[0].amount"),
    (["accounts", 0, "contracts", 0, "start"], "2026-02-30", "accounts[0].contracts[0].start"),
    (["accounts", 0, "contracts", 0, "renewal"], 4, "accounts[0].contracts[0].renewal.state"),
    (["accounts", 0, "contracts", 0, "lines", 0, "seats"], 2**80, "accounts[0].contracts[0].lines[0].seats"),
    (["payments", 0, "amount"], None, "payments[0].amount"),
    (["visits"], "none", "visits"),
    (["bin", "secrets"], [], "bin.secrets"),
]


@pytest.mark.parametrize(("path", "value", "place"), BROKEN, ids=[row[2] + "=" + repr(row[1])[:12] for row in BROKEN])
def test_what_cannot_be_stored_is_named_by_its_place(desk: Desk, path: list[Any], value: Any, place: str) -> None:
    desk.do(make_portfolio, "华东鼎天")
    sent = through_json(document(desk))
    target = sent
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(Problems) as refused:
        parse(sent, "a.json")
    assert place in {problem.cell for problem in refused.value.problems}


def test_row_twice_is_refused(desk: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    sent = through_json(document(desk))
    sent["payments"].append(sent["payments"][0])
    with pytest.raises(Problems) as refused:
        parse(sent, "a.json")
    assert refused.value.problems[0].cell == "payments[2].id"


def test_older_archive_that_lacks_a_column_takes_the_default(desk: Desk, other: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    sent = through_json(document(desk))
    for entry in sent["accounts"]:
        del entry["starred"], entry["website"]
    del sent["travel_times"], sent["bin"], sent["visit_materials"]
    bring(other, sent)
    assert [entry["starred"] for entry in document(other)["accounts"]] == [False, False]


def test_newer_format_is_refused_politely(tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    file.write_text('{"format": "csdesk", "version": 99}')
    with pytest.raises(StorageError) as refused:
        read_archive(file)
    assert "99" in refused.value.what
    assert refused.value.kind == "newer"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"SQLite format 3\x00", "Restore"),
        (b'{"format": "csdesk", "version": 1, "accounts": [', "incomplete"),
        (b"[" * 100_000, "incomplete"),
        (b'{"format": "other"}', "not an export"),
        (b"[1, 2]", "not an export"),
        (b'{"format": "csdesk", "version": NaN}', "incomplete"),
        (b'{"format": "csdesk", "version": true}', "version"),
        (b"\xff\xfe\x00", "not an export"),
    ],
)
def test_file_that_is_no_archive_is_named_for_what_it_is(tmp_path: Path, content: bytes, word: str) -> None:
    file = tmp_path / "in.json"
    file.write_bytes(content)
    with pytest.raises(Problems) as refused:
        read_archive(file)
    assert word in str(refused.value)
    assert len(refused.value.problems) == 1


def test_missing_file_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        read_archive(tmp_path / "gone.json")
    assert "gone.json" in refused.value.what


def test_file_is_written_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    desk.do(make_portfolio, "华东鼎天")
    out = tmp_path / "出" / "all.json"
    with desk.read() as connection, pytest.raises(StorageError):
        export_json(connection, out, desk.clock)
    out.parent.mkdir()
    out.write_text("yesterday's")
    with desk.read() as connection:
        export_json(connection, out, desk.clock)
    assert [file.name for file in out.parent.iterdir()] == ["all.json"]
    assert HOSTILE in {entry["notes"] for entry in json.loads(out.read_text(encoding="utf-8"))["accounts"]}
    assert read_archive(out).rows["accounts"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["accounts", "payments", "visits", "bin", "stored_settings", "imports", "receivables"])


@given(
    st.dictionaries(KEYS, JSON | st.lists(st.dictionaries(st.sampled_from(["id", "name", "amount"]), JSON)), max_size=4)
)
def test_any_document_parses_or_gives_problems(lists: dict[str, Any]) -> None:
    problems: tuple[object, ...] = ()
    rows: dict[str, list[dict[str, Any]]] = {}
    try:
        rows = parse({"format": "csdesk", "version": 1, **lists}, "x.json").rows
    except Problems as refused:
        problems = refused.problems
    assert all(isinstance(row, dict) for listed in rows.values() for row in listed)
    assert not (rows and problems)


@given(st.decimals(places=2, min_value=-(10**12), max_value=10**12), st.text(), st.dates())
def test_values_survive_the_way_out_and_in(amount: Decimal, text: str, day: Any) -> None:
    by_name = {field.name: field for field in fields("contracts")}
    assert by_name["amount"].read(by_name["amount"].write(amount)) == amount
    assert by_name["start_on"].read(by_name["start_on"].write(day)) == day
    if text.isprintable():
        assert by_name["number"].read(by_name["number"].write(text)) == text


def test_written_row_is_json(desk: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    with desk.read() as connection:
        for table, by_id in all_rows(connection).items():
            for row in by_id.values():
                assert json.loads(json.dumps(written(table, row)))["id"] == str(row["id"])


def test_sheets_hold_every_row_and_column_in_the_readers_words(desk: Desk) -> None:
    desk.do(make_portfolio, "华东鼎天")
    with desk.read() as connection:
        english = sheets(connection)
        rows = all_rows(connection)
        texts.install("zh_CN")
        chinese = sheets(connection)
    assert [len(sheet.rows) for sheet in english] == [len(rows[table]) for table in SHEETS]
    for sheet in (*english, *chinese):
        assert len(set(sheet.headings)) == len(sheet.headings)
        assert all(len(row) == len(sheet.headings) for row in sheet.rows)
    assert [sheet.title for sheet in english][:3] == ["Accounts", "Contacts", "Contracts"]
    assert all("\u4e00" <= sheet.title[0] <= "\u9fff" for sheet in chinese)
    contracts = next(sheet for sheet in english if sheet.title == "Contracts")
    first = dict(zip(contracts.headings, contracts.rows[0], strict=True))
    assert first["Account"] == "华东鼎天"
    assert first["Amount"] == Decimal("120000.10")
    assert first["Renewal"] == "Renewed"
    assert set(HEADINGS) == {field.name for table in SHEETS for field in fields(table)}
