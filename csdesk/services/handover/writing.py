"""Writing what a file says: new rows in bulk, existing ones cell by cell, empty cells never over filled ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.base import Base, new_ids, to_cents
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.vocabulary import HOME_CURRENCY, MODE_OF_TIER, Fate, HandoverState, Tier
from csdesk.services.contracts.rules import line_arr
from csdesk.services.contracts.states import runs_on
from csdesk.services.core.unit_of_work import UnitOfWork
from csdesk.services.handover.findings import Judged
from csdesk.services.handover.gathering import Company, Part, contact_key, contract_key
from csdesk.services.handover.matching import Hit, among
from csdesk.services.handover.recipe import Policy
from csdesk.services.handover.report import CellChange
from csdesk.services.handover.spelling import says_the_same
from csdesk.services.settings.queries import setting

ACCOUNT = (
    "name", "short_name", "tier", "industry", "city", "district", "address", "website", "tax_number", "sales_owner", "owner",
)  # fmt: skip
CONTACT = ("name", "title", "role", "phone", "email", "wechat", "notes")
CONTRACT = {
    "number": "number", "signed": "signed_on", "start": "start_on", "end": "end_on", "amount": "amount",
    "currency": "currency", "payment_terms": "payment_terms",
}  # fmt: skip
LINE = {"product": "products", "seats": "seats"}
_NOTHING = Decimal(0)
HANDOVER = ("goals", "pain_points", "promises", "risks", "scope", "stakeholders", "notes")
NULLABLE = frozenset({"tier", "role", "signed", "start", "end", "amount", "seats"})
"""Fields whose emptiness is None; of all others it is the empty text."""
_EMPTY_ACCOUNT, _EMPTY_CONTACT = (
    {name: None if name in NULLABLE else "" for name in names} for names in (ACCOUNT, CONTACT)
)
_MODES = {tier.value: mode.value for tier, mode in MODE_OF_TIER.items()}


_ASCII_LOWER = str.maketrans({chr(sign): chr(sign + 32) for sign in range(65, 91)})
"""SQLite's lower()."""


_MANY = 5_000
"""So many rows are inserted at one go."""


@dataclass
class Existing:
    """What the store holds of the accounts that the file names."""

    accounts: dict[int, Any] = field(default_factory=dict)
    by_id: dict[str, Any] = field(default_factory=dict)
    """Contacts and contracts by "#" and their id, as the rows of our own templates name them."""
    contacts: dict[int, dict[str, Any]] = field(default_factory=dict)
    contracts: dict[int, dict[str, Any]] = field(default_factory=dict)
    lines: dict[int, list[Any]] = field(default_factory=dict)
    paid: dict[int, Decimal] = field(default_factory=dict)
    handovers: dict[int, Any] = field(default_factory=dict)


def load_existing(uow: UnitOfWork, ids: Sequence[int]) -> Existing:
    """Read these accounts with what belongs to them."""
    found = Existing()
    if not ids:
        return found

    def alive(model: type[Any], column: Any, owners: Sequence[int]) -> Sequence[Any]:
        query = select(model.__table__).where(among(column, owners), model.deleted_at.is_(None)).order_by(model.id)
        return uow.connection.execute(query).all()

    found.accounts = {row.id: row for row in alive(Account, Account.id, ids)}
    for row in alive(Contact, Contact.account_id, ids):
        key = contact_key({"name": row.name, "phone": row.phone, "email": row.email, "wechat": row.wechat})
        found.contacts.setdefault(row.account_id, {}).setdefault(key, row)
        found.by_id[f"#{row.id}"] = row
    contracts = alive(Contract, Contract.account_id, ids)
    numbers = [row.id for row in contracts]
    for row in alive(ContractLine, ContractLine.contract_id, numbers):
        found.lines.setdefault(row.contract_id, []).append(row)
    for row in alive(Payment, Payment.contract_id, numbers):
        found.paid[row.contract_id] = found.paid.get(row.contract_id, Decimal(0)) + row.amount
    for row in contracts:
        lines = found.lines.get(row.id, [])
        values = {"number": row.number, "start": row.start_on, "end": row.end_on, "amount": row.amount}
        values["product"] = lines[0].products if len(lines) == 1 else ""
        key = contract_key({name: value for name, value in values.items() if value not in (None, "")})
        found.contracts.setdefault(row.account_id, {}).setdefault(key, row)
        found.by_id[f"#{row.id}"] = row
    found.handovers = {row.account_id: row for row in alive(Handover, Handover.account_id, ids)}
    return found


class Writer:
    """Writes companies; counts and remembers each change of an existing value with its cell.

    ``only_tells``: every decision is taken and counted, no row is made or changed. ``policy`` may be set before each company.
    """

    def __init__(
        self, uow: UnitOfWork, tables: Sequence[Judged], owner: str, import_id: int, *, only_tells: bool = False
    ) -> None:
        self.uow, self.tables, self.owner, self.import_id = uow, tables, owner, import_id
        self.policy = Policy.UPDATE
        self.only_tells = only_tells
        self.new: dict[type[Base], list[dict[str, Any]]] = {
            model: [] for model in (Account, Contact, Contract, ContractLine, Receivable, Payment)
        }
        self.handovers: list[tuple[int, int, Mapping[str, Any], str]] = []
        self.changes: dict[str, list[CellChange]] = {}
        self.existing = Existing()
        self._grace = int(setting(uow.connection, "figures.grace_days"))

    def would_change(self, company: Company, account_id: int) -> bool:
        """Whether a company brings anything to its account when all its filled cells count. Nothing is written."""
        before = self.only_tells, self.policy
        self.only_tells, self.policy = True, Policy.UPDATE
        self.write(company, account_id)
        self.only_tells, self.policy = before
        return any(part.fate is not Fate.SAME for part in company.parts())

    def forget(self, company: Company) -> None:
        """Take back what was told of a company."""
        self.changes.pop(company.key, None)
        for part in company.parts():
            part.fate = Fate.SAME

    def write(self, company: Company, account_id: int | None) -> int:
        """Prepare a company's rows; ``account_id`` None makes a new account. Returns the account's id."""
        if account_id is None:
            account_id = self._new_account(company)
            known_contacts: Mapping[str, Any] = {}
            known_contracts: Mapping[str, Any] = {}
        else:
            self._update_account(company, account_id)
            known_contacts = self.existing.contacts.get(account_id, {})
            known_contracts = self.existing.contracts.get(account_id, {})
        position = len(known_contacts)
        for key, part in company.contacts.items():
            row = self._known(key, part, known_contacts, contact_key, account_id)
            if row is None:
                self._new_contact(part, account_id, position)
                position += 1
            else:
                self._change(company, part, Contact, row, {name: name for name in CONTACT})
        for key, part in company.contracts.items():
            row = self._known(key, part, known_contracts, contract_key, account_id)
            if row is None:
                self._new_contract(part, account_id)
            else:
                self._update_contract(company, part, row)
        return account_id

    def _known(
        self, key: str, part: Part, known: Mapping[str, Any], key_of: Callable[[dict[str, Any]], str], account_id: int
    ) -> Any:
        """The record of the store that a part is: by the id that it carries, else by what it is known by."""
        if "desk_id" not in part.values:
            return known.get(key)
        row = self.existing.by_id.get(key)
        if row is not None and row.account_id == account_id:
            return row
        return known.get(key_of({name: value for name, value in part.values.items() if name != "desk_id"}))

    def flush(self) -> None:
        """Insert all new rows; handovers last, for they point at the import, which is written when all is told."""
        self._insert()
        for begin in range(0, len(self.handovers), _MANY):
            self.uow.insert_many(Handover, self._handover_rows(begin))
        self.handovers.clear()

    def flush_if_many(self) -> None:
        """Insert what can be inserted where it is much, so that a large file's rows are not all held at once."""
        if len(self.new[Account]) >= _MANY:
            self._insert()

    def _insert(self) -> None:
        settled = not self.existing.accounts  # all belong to accounts that carry their derived columns already
        for model, rows in self.new.items():
            self.uow.insert_many(model, rows, settled=settled)
            rows.clear()

    def _id(self) -> int:
        return new_ids(1)[0]

    def _new_account(self, company: Company) -> int:
        values, part = company.account.values, company.account
        part.fate = Fate.NEW
        if self.only_tells:
            self._new_handover(company, 0)
            return 0
        row = _filled(_EMPTY_ACCOUNT, values)
        row["service_mode"] = _MODES[row["tier"]] if row["tier"] else None
        row["owner"] = row["owner"] or self.owner
        row["id"] = account_id = self._id()
        row |= self._standing(company)
        self.new[Account].append(row)
        self._new_handover(company, account_id)
        return account_id

    def _standing(self, company: Company) -> dict[str, Any]:
        """What a new account's derived columns are: put in right away, the refresh afterwards need not work them out again."""
        first = next(iter(company.contacts.values()), None)
        since: date | None = None
        until: date | None = None
        arr: int | None = None
        seats: int | None = None
        collected: int | None = None
        left: int | None = None
        known = [(part.values.get("start"), part.values.get("end")) for part in company.contracts.values()]
        terms, today = [(start, end) for start, end in known if start and end], self.uow.today
        for part in company.contracts.values():
            get = part.values.get
            start, end = get("start"), get("end")
            part.arr_cents = line_arr(get("amount"), start, end)
            if start and (since is None or start < since):
                since = start
            if end and (until is None or end > until):
                until = end
            at_home = (get("currency") or HOME_CURRENCY) == "CNY"
            amount, paid = to_cents(get("amount") or _NOTHING), to_cents(get("paid") or _NOTHING)
            if at_home and paid:
                collected = _sum(collected, paid)
            if at_home and amount > 0:
                left = _sum(left, max(0, amount - paid))
            if not at_home or not start or not end:
                continue
            if start <= today and (today <= end or runs_on(today, (start, end), terms, self._grace)):
                arr, seats = _sum(arr, part.arr_cents), _sum(seats, get("seats"))
        return {
            "name_key": company.account.values["name"].translate(_ASCII_LOWER),
            "contact_name": first.values.get("name", "") if first is not None else "",
            "customer_since": since, "renewal_on": until, "arr_cents": arr, "seats": seats,
            "collected_cents": collected, "open_cents": left,
        }  # fmt: skip

    def _new_handover(self, company: Company, account_id: int) -> None:
        part = company.handover
        values = part.values if part is not None else {}
        if part is not None:
            part.fate = Fate.NEW
        if self.only_tells:
            return
        table, row = (part or company.account).place
        judged = self.tables[table]
        source = f"{judged.table.sheet}!{judged.table.numbers[row]}"
        self.handovers.append((self._id(), account_id, values, source))

    def _handover_rows(self, begin: int) -> list[dict[str, Any]]:
        shared = {
            "state": HandoverState.RECEIVED.value, "received_on": self.uow.today, "import_id": self.import_id,
        }  # fmt: skip
        return [
            {"id": row_id, "account_id": account_id, **{name: values.get(name, "") for name in HANDOVER}, "source_row": source, **shared}
            for row_id, account_id, values, source in self.handovers[begin : begin + _MANY]
        ]  # fmt: skip

    def _new_contact(self, part: Part, account_id: int, position: int) -> None:
        part.fate = Fate.NEW
        if self.only_tells:
            return
        row = _filled(_EMPTY_CONTACT, part.values)
        row |= {"id": self._id(), "account_id": account_id, "position": position}
        self.new[Contact].append(row)

    def _new_contract(self, part: Part, account_id: int) -> None:
        part.fate = Fate.NEW
        if self.only_tells:
            return
        values = part.values
        contract_id, line_id, receivable_id, payment_id = new_ids(4)
        start, end, amount = values.get("start"), values.get("end"), values.get("amount")
        self.new[Contract].append(
            {
                "id": contract_id, "account_id": account_id, "number": values.get("number", ""),
                "currency": values.get("currency") or HOME_CURRENCY, "signed_on": values.get("signed"), "start_on": start,
                "end_on": end, "amount": amount, "payment_terms": values.get("payment_terms", ""),
            }
        )  # fmt: skip
        self.new[ContractLine].append(
            {
                "id": line_id, "contract_id": contract_id, "products": values.get("product", ""), "seats": values.get("seats"),
                "amount": amount, "start_on": start, "end_on": end, "arr_cents": line_arr(amount, start, end) if part.arr_cents is None else part.arr_cents,
            }
        )  # fmt: skip
        due = amount is not None and amount > 0
        if due:
            self.new[Receivable].append(
                {
                    "id": receivable_id,
                    "contract_id": contract_id,
                    "due_on": None,
                    "amount": amount,
                    "paid_cents": to_cents(values.get("paid") or _NOTHING),
                }
            )
        if values.get("paid"):
            self.new[Payment].append(
                {
                    "id": payment_id, "contract_id": contract_id, "receivable_id": receivable_id if due else None,
                    "paid_on": None, "amount": values["paid"],
                }
            )  # fmt: skip

    def _update_account(self, company: Company, account_id: int) -> None:
        names = {name: name for name in ACCOUNT if name != "name" or company.desk_id == account_id}
        row = self._change(company, company.account, Account, self.existing.accounts[account_id], names)
        if row is not None and "tier" in company.account.values and row.tier and not row.service_mode:
            row.service_mode = MODE_OF_TIER[Tier(row.tier)].value
        if company.handover is None:
            return
        known = self.existing.handovers.get(account_id)
        if known is None:
            self._new_handover(company, account_id)
        else:
            self._change(company, company.handover, Handover, known, {name: name for name in HANDOVER})

    def _change(self, company: Company, part: Part, model: type[Any], row: Any, names: Mapping[str, str]) -> Any:
        """Update an existing row with the file's filled cells; returns the ORM row where anything changed."""
        wanted: dict[str, Any] = {}
        for name, column in names.items():
            new, old = part.values.get(name), getattr(row, column)
            if new is not None and new != old and self._may(old) and not says_the_same(f"{part.kind}.{name}", old, new):
                wanted[column] = new
                self._note(company, part, name, old, new)
        if not wanted or self.only_tells:
            return None
        loaded = self.uow.get(model, row.id)
        for column, value in wanted.items():
            setattr(loaded, column, value)
        return loaded

    def _may(self, old: Any) -> bool:
        return self.policy is Policy.UPDATE or (self.policy is Policy.FILL and old in (None, ""))

    def _note(self, company: Company, part: Part, name: str, old: Any, new: Any) -> None:
        part.fate = Fate.UPDATED
        table, row = part.place_of(name)
        judged = self.tables[table]
        key = f"{part.kind}.{name}"
        change = CellChange(part.kind, key, judged.table.sheet, judged.place(row, key), old, new)
        self.changes.setdefault(company.key, []).append(change)

    def _update_contract(self, company: Company, part: Part, row: Any) -> None:
        changed = self._change(company, part, Contract, row, CONTRACT)
        lines = self.existing.lines.get(row.id, [])
        if len(lines) == 1:
            self._change(company, part, ContractLine, lines[0], LINE)
        if changed is not None:
            self._follow(changed, row, lines)
        self._update_paid(company, part, row)

    def _follow(self, contract: Any, before: Any, lines: list[Any]) -> None:
        """The single line and the single open instalment repeat what the contract says."""
        if len(lines) == 1:
            line = self.uow.get(ContractLine, lines[0].id)
            line.amount, line.start_on, line.end_on = contract.amount, contract.start_on, contract.end_on
            line.arr_cents = line_arr(contract.amount, contract.start_on, contract.end_on, line.recurring)
        if contract.amount == before.amount or contract.amount is None:
            return
        alive = select(Receivable).where(Receivable.contract_id == contract.id, Receivable.deleted_at.is_(None))
        instalments = self.uow.session.scalars(alive).all()
        if not instalments:
            self.uow.add(Receivable(contract_id=contract.id, amount=contract.amount, due_on=None))
        elif len(instalments) == 1 and instalments[0].amount == before.amount:
            instalments[0].amount = contract.amount

    def _update_paid(self, company: Company, part: Part, row: Any) -> None:
        """What the file says was paid in all: the opening payment takes the difference, dated payments stay."""
        paid = part.values.get("paid")
        known = self.existing.paid.get(row.id, Decimal(0))
        if paid is None or paid == known or not self._may(known or None):
            return
        alive = select(Payment).where(Payment.contract_id == row.id, Payment.deleted_at.is_(None))
        payments = self.uow.session.scalars(alive).all()
        opening = [payment for payment in payments if payment.paid_on is None]
        rest = paid - sum((payment.amount for payment in payments if payment.paid_on is not None), Decimal(0))
        if rest < 0 or len(opening) > 1:
            return
        if self.only_tells:
            pass
        elif opening:
            opening[0].amount = rest
        elif rest:
            due = self.uow.session.scalar(
                select(Receivable.id).where(Receivable.contract_id == row.id, Receivable.deleted_at.is_(None)).limit(1)
            )
            self.uow.add(Payment(contract_id=row.id, receivable_id=due, paid_on=None, amount=rest))
        self._note(company, part, "paid", known, paid)


def _filled(empty: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a new row, with what the file says in them."""
    row = dict(empty)
    for name, value in values.items():
        if name in empty:
            row[name] = value
    return row


def _sum(total: int | None, more: int | None) -> int | None:
    """What both come to; None for nothing."""
    return total if more is None else (total or 0) + more


def numbers_elsewhere(
    connection: Connection, companies: Mapping[str, Company], hits: Mapping[str, Hit]
) -> list[tuple[Part, str]]:
    """The contracts of the file whose number another account has too, in the file or in the store as it is; with its name."""
    told = [
        (company, part)
        for company in companies.values()
        for part in company.contracts.values()
        if part.values.get("number")
    ]
    numbers = {part.values["number"] for _company, part in told}
    stored = connection.execute(
        select(Contract.number, Contract.account_id, Account.name)
        .join(Account, Account.id == Contract.account_id)
        .where(Contract.deleted_at.is_(None), Account.deleted_at.is_(None), Contract.number != "")
    )
    owners: dict[str, dict[int | str, str]] = {}
    for number, account_id, name in stored:
        if number in numbers:
            owners.setdefault(number, {})[account_id] = name
    if not owners and len(numbers) == len(told):
        return []

    def owner(company: Company) -> int | str:
        return hits[company.key].account_id or company.key

    for company, part in told:
        owners.setdefault(part.values["number"], {})[owner(company)] = company.account.values["name"]
    found = []
    for company, part in told:
        names = owners[part.values["number"]].items()
        other = next((name for other, name in names if other != owner(company)), None)
        if other is not None:
            found.append((part, other))
    return found


def shown(value: Any) -> str:
    """A stored value in a history line or a review."""
    return value.isoformat() if isinstance(value, date) else str(value)
