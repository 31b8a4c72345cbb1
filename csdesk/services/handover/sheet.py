"""Workbooks about handovers: what sales has to mend, and templates, empty or filled with what is there today."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover
from csdesk.models.receivables import Payment
from csdesk.resources import resource
from csdesk.services.core.columns import Kind
from csdesk.services.core.texts import _, is_chinese
from csdesk.services.files.writing import Heading, OutSheet, Value, write_workbook
from csdesk.services.handover.commands import ImportHandover
from csdesk.services.handover.fields import ACCOUNT_ID, CODE, CONTACT_ID, CONTRACT_ID, FIELDS, INTO_NOTES, NAME, Holds
from csdesk.services.handover.leftover import IDS, KeptRows, left_over
from csdesk.services.handover.report import ImportReport
from csdesk.services.handover.spelling import as_cell
from csdesk.services.handover.writing import ACCOUNT, CONTACT, CONTRACT, HANDOVER, LINE

LEFT_OUT = IDS | {
    CODE, INTO_NOTES, "contact.first_name", "contact.last_name", "contact.person", "contract.period", "contract.term",
}  # fmt: skip
_KINDS = {Holds.DAY: Kind.DAY, Holds.AMOUNT: Kind.MONEY}


def write_errors(path: Path, wish: ImportHandover, report: ImportReport) -> int:
    """The rows that were refused or doubted with the file's own columns in their order, the reason in front.

    Returns how many rows. Mended, the workbook can be imported again as it is. Raises StorageError.
    """
    return write_kept(path, left_over(wish, report))


def write_kept(path: Path, kept: Sequence[KeptRows]) -> int:
    """The same of an import that was made earlier. Raises StorageError."""
    sheets = []
    for one in kept:
        columns = [Heading(_("Reason"), width=40)]
        columns += [Heading(text, hidden=at in one.hidden) for at, text in enumerate(one.headings, start=1)]
        sheets.append(OutSheet(one.sheet, columns, one.rows))
    write_workbook(path, sheets or [OutSheet(_("Reason"), [Heading(_("Reason"))])])
    return sum(len(one.rows) for one in kept)


def write_template(path: Path) -> None:
    """An empty handover workbook with headings in the reader's language. Raises StorageError."""
    write_workbook(path, [OutSheet(_("Accounts"), _columns([key for key in FIELDS if key not in LEFT_OUT]))])


def write_filled(path: Path, connection: Connection) -> int:
    """Everything that is there today, to be edited in Excel and imported again; returns how many accounts.

    Three sheets, each row with the id of its record in hidden columns: a cell that is changed changes that record, whatever
    its name says by then. Raises StorageError.
    """
    names = dict(
        connection.execute(
            select(Account.id, Account.name).where(Account.deleted_at.is_(None)).order_by(Account.name_key, Account.id)
        ).all()
    )
    sheets = [
        OutSheet(
            _("Accounts"), _columns([ACCOUNT_ID, *_fields("account"), *_fields("handover")]), _accounts(connection)
        ),
        OutSheet(
            _("Contacts"), _columns([ACCOUNT_ID, CONTACT_ID, NAME, *_fields("contact")]), _contacts(connection, names)
        ),
        OutSheet(
            _("Contracts"),
            _columns([ACCOUNT_ID, CONTRACT_ID, NAME, *_fields("contract")]),
            _contracts(connection, names),
        ),
    ]
    write_workbook(path, sheets)
    return len(names)


def _fields(group: str) -> list[str]:
    """The fields of a group that are kept as they are read."""
    return [key for key, field in FIELDS.items() if field.group == group and field.name in _WRITTEN[group]]


def _columns(keys: Sequence[str]) -> list[Heading]:
    name = "headings_zh.json" if is_chinese() else "headings_en.json"
    aliases = json.loads(resource("import", name).read_text(encoding="utf-8"))["fields"]
    return [
        Heading(aliases[key][0], _KINDS.get(FIELDS[key].holds, Kind.TEXT), _width(key), hidden=key in IDS)
        for key in keys
        if key in aliases
    ]


def _width(key: str) -> float:
    return 28 if key == NAME or FIELDS[key].group == "handover" else 14


def _accounts(connection: Connection) -> Iterator[list[Value]]:
    handovers = {
        row.account_id: row
        for row in connection.execute(
            select(Handover.__table__).where(Handover.deleted_at.is_(None)).order_by(Handover.id)
        )
    }
    query = select(Account.__table__).where(Account.deleted_at.is_(None)).order_by(Account.name_key, Account.id)
    columns = [*_fields("account"), *_fields("handover")]
    for row in connection.execute(query):
        handover = handovers.get(row.id)
        cells: list[Value] = [str(row.id)]
        for key in columns:
            source = row if FIELDS[key].group == "account" else handover
            cells.append(_cell(key, getattr(source, FIELDS[key].name, None)))
        yield cells


def _contacts(connection: Connection, names: dict[int, str]) -> Iterator[list[Value]]:
    query = (
        select(Contact.__table__)
        .where(Contact.deleted_at.is_(None))
        .order_by(Contact.account_id, Contact.position, Contact.id)
    )
    rows = [row for row in connection.execute(query) if row.account_id in names]
    order = {account_id: place for place, account_id in enumerate(names)}
    for row in sorted(rows, key=lambda row: order[row.account_id]):
        cells: list[Value] = [str(row.account_id), str(row.id), names[row.account_id]]
        yield cells + [_cell(key, getattr(row, FIELDS[key].name)) for key in _fields("contact")]


def _contracts(connection: Connection, names: dict[int, str]) -> Iterator[list[Value]]:
    lines: dict[int, list[Any]] = {}
    for line in connection.execute(select(ContractLine.__table__).where(ContractLine.deleted_at.is_(None))):
        lines.setdefault(line.contract_id, []).append(line)
    paid: dict[int, Decimal] = {}
    for payment in connection.execute(select(Payment.contract_id, Payment.amount).where(Payment.deleted_at.is_(None))):
        paid[payment.contract_id] = paid.get(payment.contract_id, Decimal(0)) + payment.amount
    query = select(Contract.__table__).where(Contract.deleted_at.is_(None)).order_by(Contract.account_id, Contract.id)
    rows = [row for row in connection.execute(query) if row.account_id in names]
    order = {account_id: place for place, account_id in enumerate(names)}
    for row in sorted(rows, key=lambda row: order[row.account_id]):
        own = lines.get(row.id, [])
        values = {name: getattr(row, column) for name, column in CONTRACT.items()} | {"paid": paid.get(row.id)}
        values |= {name: getattr(own[0], column) for name, column in LINE.items()} if len(own) == 1 else {}
        cells: list[Value] = [str(row.account_id), str(row.id), names[row.account_id]]
        yield cells + [_cell(key, values.get(FIELDS[key].name)) for key in _fields("contract")]


_WRITTEN = {"account": ACCOUNT, "contact": CONTACT, "contract": (*CONTRACT, *LINE, "paid"), "handover": HANDOVER}


def _cell(key: str, value: Any) -> Value:
    cell = as_cell(key, value)
    return cell if not isinstance(cell, Decimal) or FIELDS[key].holds is Holds.AMOUNT else str(cell)
