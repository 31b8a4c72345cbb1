"""The store as one document: accounts with what belongs to them, every other list at the top, the bin apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.base import Base, from_cents, moment_text
from csdesk.models.tables import RECORDS
from csdesk.models.vocabulary import PRODUCT_SEPARATOR
from csdesk.services.archive.shape import FORMAT, TOP_TABLES, VERSION, fields, written
from csdesk.services.settings.queries import all_settings

Row = Mapping[str, Any]
Rows = dict[str, dict[int, Row]]


def all_rows(connection: Connection) -> Rows:
    """Every row of every table by table and id, in the order of ids; Python values by column."""
    found: Rows = {}
    for model in RECORDS:
        table = Base.metadata.tables[model.__tablename__]
        columns = [field.column for field in fields(table.name)]
        names = [column.name for column in columns]
        rows = connection.execute(select(*columns).order_by(table.c.id))
        found[table.name] = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
    return found


def archive(connection: Connection, exported_at: datetime) -> dict[str, Any]:
    """The document. The same store gives the same document, ``exported_at`` apart."""
    rows = all_rows(connection)
    taken: set[tuple[str, int]] = set()
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": moment_text(exported_at),
        "accounts": list(_accounts(rows, taken)),
    }
    for key, table in TOP_TABLES.items():
        document[key] = [written(table, row) for row in _alive(rows[table].values())]
        taken.update((table, row["id"]) for row in _alive(rows[table].values()))
    document["settings"] = dict(sorted(all_settings(connection).items()))
    document["bin"] = {
        table: left
        for table, by_id in rows.items()
        if (left := [written(table, row) for row in by_id.values() if (table, row["id"]) not in taken])
    }
    return document


def _alive(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["deleted_at"] is None]


def _grouped(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in _alive(rows):
        groups[row[column]].append(row)
    return groups


def _accounts(rows: Rows, taken: set[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    decisions = _grouped(rows["tier_decisions"].values(), "account_id")
    contacts = _grouped(rows["contacts"].values(), "account_id")
    contracts = _grouped(rows["contracts"].values(), "account_id")
    handovers = _grouped(rows["handovers"].values(), "account_id")
    lines = _grouped(rows["contract_lines"].values(), "contract_id")
    paid = _paid(rows)
    followers = _grouped(rows["contracts"].values(), "predecessor_id")
    for row in _alive(rows["accounts"].values()):
        account = row["id"]
        taken.add(("accounts", account))
        entry = written("accounts", row)
        received = sorted(handovers.get(account, ()), key=lambda one: (str(one["received_on"] or ""), one["id"]))
        taken.update(("handovers", one["id"]) for one in received)
        entry["handover"] = _owned("handovers", received[-1]) if received else None
        entry["earlier_handovers"] = [_owned("handovers", one) for one in received[:-1]]
        decided = decisions.get(account, [])
        taken.update(("tier_decisions", one["id"]) for one in decided)
        entry["tier_history"] = [_owned("tier_decisions", one) for one in decided]
        people = sorted(contacts.get(account, ()), key=lambda one: (one["position"], one["id"]))
        taken.update(("contacts", one["id"]) for one in people)
        entry["contacts"] = [_owned("contacts", one) for one in people]
        entry["contracts"] = []
        for contract in contracts.get(account, ()):
            own = lines.get(contract["id"], [])
            taken.add(("contracts", contract["id"]))
            taken.update(("contract_lines", one["id"]) for one in own)
            after = [(follower, lines.get(follower["id"], [])) for follower in followers.get(contract["id"], ())]
            entry["contracts"].append(_contract(contract, own, after, paid.get(contract["id"], Decimal(0))))
        yield entry


def _owned(table: str, row: Row) -> dict[str, Any]:
    """A nested row: whose it is, is said by where it stands."""
    entry = written(table, row)
    del entry["contract" if table == "contract_lines" else "account"]
    return entry


def _paid(rows: Rows) -> dict[int, Decimal]:
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    for payment in _alive(rows["payments"].values()):
        sums[payment["contract_id"]] += payment["amount"]
    return sums


def _contract(row: Row, lines: list[Row], after: list[tuple[Row, list[Row]]], paid: Decimal) -> dict[str, Any]:
    """A contract as the interface has it: what is stored, and beside it what readers would else have to compute."""
    entry = written("contracts", row)
    seats = [line["seats"] for line in lines if line["seats"] is not None]
    products = [name for line in lines for name in line["products"].split(PRODUCT_SEPARATOR) if name]
    entry["product"] = list(dict.fromkeys(products))
    entry["seats"] = sum(seats) if seats else None
    entry["paid"] = f"{paid:.2f}"
    entry["renewal"] |= {
        "target": _amount(_arr_on(lines, row["end_on"])),
        "final": _amount(sum(_arr_on(own, follower["start_on"]) for follower, own in after)) if after else None,
    }
    entry["lines"] = [_owned("contract_lines", line) for line in lines]
    return entry


def _arr_on(lines: list[Row], day: date | None) -> int:
    """Cents of the recurring lines that run on a day of their contract and that no other one of it has replaced by then."""
    if day is None:
        return sum(line["arr_cents"] or 0 for line in lines if line["recurring"])
    replaced = {line["predecessor_id"] for line in lines if line["start_on"] is None or line["start_on"] <= day}
    return sum(
        line["arr_cents"] or 0
        for line in lines
        if line["recurring"]
        and line["id"] not in replaced
        and (line["start_on"] is None or line["start_on"] <= day)
        and (line["end_on"] is None or line["end_on"] >= day)
    )


def _amount(cents: int) -> str:
    return str(from_cents(cents))
