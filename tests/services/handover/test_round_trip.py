"""Excel as a way to edit many: what was written out and comes back unedited changes nothing, an edited cell changes that cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover
from csdesk.models.vocabulary import ContactRole, Fate, Tier
from csdesk.services.core.desk import Desk
from csdesk.services.core.progress import Progress
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.files.workbook import Sheet, Workbook
from csdesk.services.handover.queries import import_history
from csdesk.services.handover.reviewing import commit, open_review
from csdesk.services.handover.sheet import write_filled
from csdesk.services.handover.undoing import undo_import

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Cn", "Zl", "Zp")), max_size=20)
NAMES = WORDS.map(str.strip).filter(bool)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2040, 1, 1))
ENDS = st.none() | st.dates(date(2040, 1, 2), date(2080, 1, 1))
AMOUNTS = st.none() | st.decimals(0, 10**11, places=2)
CONTACTS = st.fixed_dictionaries(
    {
        "name": NAMES, "title": WORDS, "role": st.none() | st.sampled_from([role.value for role in ContactRole]),
        "phone": st.sampled_from(["", "13800000001", "+44 20 7946 0958", "13800000001 / 13900000002", "ask Ann"]),
        "email": st.sampled_from(["", "a@b.example", "none known"]), "wechat": WORDS, "notes": WORDS,
    }
)  # fmt: skip
CONTRACTS = st.fixed_dictionaries(
    {
        "number": WORDS, "signed_on": DAYS, "start_on": DAYS, "end_on": ENDS, "amount": AMOUNTS,
        "currency": st.sampled_from(["CNY", "USD"]), "payment_terms": WORDS,
    }
)  # fmt: skip
ACCOUNTS = st.fixed_dictionaries(
    {
        "name": NAMES, "short_name": WORDS, "tier": st.none() | st.sampled_from([tier.value for tier in Tier]), "industry": WORDS,
        "city": WORDS, "address": WORDS, "website": WORDS, "tax_number": WORDS, "sales_owner": WORDS, "owner": WORDS,
    }
)  # fmt: skip
STORES = st.lists(
    st.tuples(ACCOUNTS, st.lists(CONTACTS, max_size=2), st.lists(CONTRACTS, max_size=2)), min_size=1, max_size=4
)


@command("Filled")
def fill(uow: UnitOfWork, rows: Any) -> None:
    """A store with whatever people may have typed."""
    for account, contacts, contracts in rows:
        owner = uow.add(Account(**account))
        uow.session.flush()
        uow.add(Handover(account_id=owner.id, goals=account["industry"], notes=account["city"]))
        for contact in contacts:
            uow.add(Contact(account_id=owner.id, **contact))
        for contract in contracts:
            made = uow.add(Contract(account_id=owner.id, **contract))
            uow.session.flush()
            uow.add(ContractLine(contract_id=made.id, products="A、B", seats=5, amount=contract["amount"]))


@command("Emptied")
def empty(uow: UnitOfWork, _nothing: None) -> None:
    """Everything into the bin."""
    for model in (Contact, Handover, ContractLine, Contract, Account):
        for row in uow.session.scalars(select(model).where(model.deleted_at.is_(None))):
            uow.bin(row)


def written(desk: Desk, path: Path) -> Path:
    with desk.read() as connection:
        write_filled(path, connection)
    return path


def read(path: Path) -> Workbook:
    """The workbook, read here: a process of its own for each would take minutes."""
    book = openpyxl.load_workbook(path)
    sheets = tuple(Sheet(page.title, [list(row) for row in page.values]) for page in book.worksheets)
    return Workbook(path, "xlsx", sheets, digest="0")


def edited(path: Path, sheet: int, row: int, heading: str, value: Any) -> None:
    """Type into a cell as somebody does in Excel."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[sheet]
    column = next(cell.column for cell in page[1] if cell.value == heading)
    page.cell(row, column).value = value
    book.save(path)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(store=STORES)
def test_unedited_nothing_changes(desk: Desk, tmp_path: Path, store: Any) -> None:
    path = tmp_path / "all.xlsx"
    desk.do(empty, None)
    desk.do(fill, store)
    review = open_review(desk, path, Progress(), workbook=read(written(desk, path)))
    assert [change for company in review.report.companies for change in company.changes] == []
    assert not any(review.report.created.values())
    assert review.report.rows.keys() <= {Fate.SAME, Fate.SKIPPED}
    assert len(review.report.companies) == len(store)


def test_a_changed_cell_changes_that_cell_even_under_another_name(desk: Desk, tmp_path: Path) -> None:
    account: dict[str, Any] = {"name": "Alder Ltd", "tier": "A", "city": "Leeds", "industry": "Paper"}
    contact = {"name": "Ann / Lee", "phone": "13800000001"}
    contract = {"number": "C-1", "start_on": date(2026, 1, 1), "end_on": date(2026, 12, 31), "amount": Decimal("10.50")}
    desk.do(fill, [(account, [contact], [contract]), ({"name": "Birch Ltd", "city": "York", "industry": ""}, [], [])])
    path = written(desk, tmp_path / "all.xlsx")
    edited(path, 0, 2, "Account Name", "Alder Group")
    edited(path, 1, 2, "Mobile", "13900000009")
    edited(path, 2, 2, "Contract No.", "C-2")
    done = commit(desk, open_review(desk, path, Progress()), Progress())
    changes = [(change.field, change.old, change.new) for company in done.value.companies for change in company.changes]
    assert changes == [
        ("account.name", "Alder Ltd", "Alder Group"), ("contact.phone", "13800000001", "13900000009"),
        ("contract.number", "C-1", "C-2"),
    ]  # fmt: skip
    with desk.read() as connection:
        assert connection.scalars(select(Account.name).order_by(Account.name)).all() == ["Alder Group", "Birch Ltd"]
        assert connection.scalars(select(Contact.name)).all() == ["Ann / Lee"]


def test_the_ids_of_another_store_are_not_believed(desk: Desk, tmp_path: Path) -> None:
    desk.do(fill, [({"name": "Alder Ltd", "industry": "", "city": ""}, [{"name": "Ann"}], [])])
    path = written(desk, tmp_path / "all.xlsx")
    edited(path, 0, 2, "CSDesk account id", "12345")
    edited(path, 1, 2, "CSDesk account id", "12345")
    report = open_review(desk, path, Progress()).report
    assert [(company.name, company.matched_by, company.fate) for company in report.companies] == [
        ("Alder Ltd", "name", Fate.SAME)
    ]


def test_what_a_template_changed_is_taken_back(desk: Desk, tmp_path: Path) -> None:
    desk.do(fill, [({"name": "Alder Ltd", "industry": "", "city": "Leeds"}, [], [])])
    path = written(desk, tmp_path / "all.xlsx")
    edited(path, 0, 2, "City", "York")
    commit(desk, open_review(desk, path, Progress()), Progress())
    with desk.read() as connection:
        (made,) = import_history(connection)
    assert undo_import(desk, made.id).records == 1
    with desk.read() as connection:
        assert connection.scalars(select(Account.city)).all() == ["Leeds"]
