"""The search over a real store: loaded, kept up to date, names spelled."""

from __future__ import annotations

import pytest

from csdesk.services.accounts.commands import (
    ChangeAccount,
    DeleteAccounts,
    NewAccount,
    change_account,
    create_account,
    delete_accounts,
)
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.changes import EVERYTHING
from csdesk.services.core.desk import Desk
from csdesk.services.search.pinyin import fill_pinyin, spell
from csdesk.services.search.queries import StoreSearch
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.rules import TicketFields

NAME = "\u6f84\u5cb3\u7cbe\u5de5"


def found(search: StoreSearch, typed: str) -> list[tuple[str, str]]:
    search.wait()
    return [(hit.kind, hit.title) for hit in search.find(typed, 8)]


def test_a_store_is_searched_and_follows_its_changes(desk: Desk) -> None:
    account = desk.do(create_account, NewAccount(AccountFields(NAME, city="Suzhou"))).value
    search = StoreSearch(desk)
    assert found(search, "\u5cb3") == [("accounts", NAME)]
    done = desk.do(create_contact, NewContact(account, ContactFields("Ann Lee", phone="13900004471")))
    search.changed(done.changes)
    assert found(search, "4471") == [("contacts", "Ann Lee")]
    done = desk.do(change_account, ChangeAccount(account, AccountFields("Northwind")))
    search.changed(done.changes)
    assert found(search, "\u5cb3") == []
    assert found(search, "north") == [("accounts", "Northwind"), ("contacts", "Ann Lee")]
    done = desk.do(delete_accounts, DeleteAccounts((account,)))
    search.changed(done.changes)
    assert found(search, "north") == []
    assert found(search, "4471") == []
    search.changed(desk.undo().changes)
    assert found(search, "4471") == [("contacts", "Ann Lee")]


def test_another_process_s_writing_is_found_after_a_reload(desk: Desk) -> None:
    search = StoreSearch(desk)
    assert found(search, "north") == []
    desk.do(create_account, NewAccount(AccountFields("Northwind")))
    search.changed(EVERYTHING)
    assert found(search, "north") == [("accounts", "Northwind")]


def test_names_are_spelled_once_and_found_by_letters(desk: Desk) -> None:
    account = desk.do(create_account, NewAccount(AccountFields(NAME + "\u6709\u9650\u516c\u53f8", NAME))).value
    desk.do(create_contact, NewContact(account, ContactFields("\u5355\u77e5\u5fae")))
    assert fill_pinyin(desk, batch=1) == 2
    assert fill_pinyin(desk) == 0
    search = StoreSearch(desk)
    assert found(search, "cyjg") == [("accounts", NAME), ("contacts", "\u5355\u77e5\u5fae")]
    assert found(search, "youxian")[0] == ("accounts", NAME)
    assert found(search, "shanzhi") == [("contacts", "\u5355\u77e5\u5fae")]


@pytest.mark.parametrize(
    ("name", "person", "pinyin", "initials"),
    [
        ("\u6f84\u5cb3", False, "chengyue", "cy"),
        ("\u91cd\u5e86\u94f6\u884c", False, "chongqingyinhang", "cqyh"),
        ("\u66fe\u4e00\u9e23", True, "zengyiming", "zym"),
        ("\u5c09\u8fdf\u606d", True, "yuchigong", "ycg"),
        ("\u5355", True, "dan", "d"),
        ("ABC\u79d1\u6280", False, "abckeji", "abckj"),
        ("\uff21\uff22 \u79d1", False, "abke", "abk"),
        ("", False, "", ""),
        ("\U0001f600", False, "\U0001f600", "\U0001f600"),
    ],
)
def test_how_names_are_spelled(name: str, person: bool, pinyin: str, initials: str) -> None:
    spelling = spell(name, person=person)
    assert (spelling.pinyin, spelling.initials) == (pinyin, initials)


def test_tickets_and_demands_are_found_by_words_and_number_and_follow_their_changes(desk: Desk) -> None:
    account = desk.do(create_account, NewAccount(AccountFields("Northwind"))).value
    search = StoreSearch(desk)
    assert found(search, "r-1") == []
    done = desk.do(create_ticket, NewTicket(TicketFields("Reports by shift, please"), account))
    search.changed(done.changes)
    assert found(search, "R-1") == [("tickets", "Reports by shift, please")]
    assert found(search, "r0001") == [("tickets", "Reports by shift, please")]
    assert found(search, "d-1") == [("demands", "Reports by shift, please")]
    assert found(search, "by shift") == [
        ("tickets", "Reports by shift, please"), ("demands", "Reports by shift, please"),
    ]  # fmt: skip
    search.wait()
    assert [(hit.kind, hit.id) for hit in search.find_accounts("north", 8)] == [("accounts", account)]
    assert search.find_accounts("shift", 8) == []
    done = desk.do(delete_accounts, DeleteAccounts((account,)))
    search.changed(done.changes)
    assert ("tickets", "Reports by shift, please") not in found(search, "by shift")
    search.changed(desk.undo().changes)
    assert found(search, "r-1") == [("tickets", "Reports by shift, please")]


def test_what_others_find_leaves_room_for_accounts(desk: Desk) -> None:
    account = desk.do(create_account, NewAccount(AccountFields("Shift Works"))).value
    for number in range(12):
        desk.do(create_ticket, NewTicket(TicketFields(f"shift {number}"), account))
    kinds = [kind for kind, _title in found(StoreSearch(desk), "shift")]
    assert kinds[0] == "accounts"
    assert len(kinds) == 8
