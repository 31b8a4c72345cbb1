"""Which contract a payment of a sheet belongs to: by its number, else by the name and the amount; what is unsure is asked."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Integer, func, select, type_coerce

from csdesk.models.accounts import Account
from csdesk.models.base import to_cents
from csdesk.models.contracts import Contract
from csdesk.models.receivables import Payment, Receivable
from csdesk.services.accounts.names import core_key
from csdesk.services.core.texts import _
from csdesk.services.receivables.rules import ZERO
from csdesk.services.receivables.sheet import SheetRow
from csdesk.services.tasks.queries import account_named

NEAR_DAYS = 3
"""The same amount on the same contract within so many days was perhaps entered by hand already."""
SKIP = 0
"""Chosen for a row that is not to be taken."""


class RowFate(StrEnum):
    """What becomes of a row of the sheet."""

    ASK = "ask"
    NEW = "new"
    THERE = "there"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class Candidate:
    """A contract that a row may belong to; cents that its instalments lack."""

    contract_id: int
    number: str
    account: str
    currency: str
    missing: int


@dataclass(frozen=True)
class Judged:
    """A row with what becomes of it: ``contract`` for a new one, ``candidates`` to choose from, ``why`` in a sentence."""

    row: SheetRow
    fate: RowFate
    reference: str
    contract: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    why: str = ""


def account_of_words(connection: Connection, words: str) -> int | None:
    """The account of a contract number or a name."""
    own = connection.scalar(
        select(Contract.account_id)
        .where(Contract.number == words.strip(), Contract.number != "", Contract.deleted_at.is_(None))
        .order_by(Contract.id.desc())
        .limit(1)
    )
    return own or (account_named(connection, words) if words.strip() else None)


def contract_numbered(connection: Connection, number: str) -> int | None:
    """The contract of a number as people write it."""
    return next((one.contract_id for one in _Known(connection).by_number.get(_plain(number), ())), None)


def judge(connection: Connection, rows: Sequence[SheetRow], choices: Mapping[str, int], today: date) -> list[Judged]:
    """What becomes of each row; ``choices`` give the contract by the row's cell, or SKIP."""
    known = _Known(connection)
    references = references_of(rows)
    transfers = _transfers(rows, references)
    return [
        _judge(known, row, reference, choices.get(row.cell), transfers[reference, row.paid_on])
        for row, reference in zip(rows, references, strict=True)
    ]


def _transfers(rows: Sequence[SheetRow], references: Sequence[str]) -> dict[tuple[str, date | None], list[SheetRow]]:
    """By reference and day: the rows of a sheet that one transfer was split into."""
    found: dict[tuple[str, date | None], list[SheetRow]] = defaultdict(list)
    for row, reference in zip(rows, references, strict=True):
        found[reference, row.paid_on].append(row)
    return found


def references_of(rows: Sequence[SheetRow]) -> list[str]:
    """The bank's reference of each row; where there is none, one made of what the row says, so that it is known again."""
    seen: Counter[tuple[object, ...]] = Counter()
    made = []
    for row in rows:
        if row.reference or row.amount is None:
            made.append(row.reference)
            continue
        key = (row.paid_on, row.who, row.contract, row.amount)
        seen[key] += 1
        day = row.paid_on.isoformat() if row.paid_on else ""
        parts = (day, row.contract or row.who, f"{row.amount:.2f}", f"#{seen[key]}")
        made.append(" ".join(part for part in parts if part))
    return made


def _judge(known: _Known, row: SheetRow, reference: str, choice: int | None, transfer: Sequence[SheetRow]) -> Judged:
    if row.problem or row.amount is None or row.paid_on is None:
        return Judged(row, RowFate.REFUSED, reference, why=row.problem)
    cents = to_cents(row.amount)
    if known.sums.get((reference, row.paid_on)) in (
        cents,
        to_cents(sum(((one.amount or ZERO) for one in transfer), ZERO)),
    ):
        return Judged(row, RowFate.THERE, reference, why=_("Taken in already, under the same reference."))
    if choice == SKIP:
        return Judged(row, RowFate.SKIPPED, reference, why=_("Left out by you."))
    if choice is not None and choice in known.contracts:
        chosen = known.contracts[choice]
        if row.currency and row.currency != chosen.currency:
            words = _("The payment is in {currency}, contract {number} in another currency.")
            return Judged(row, RowFate.ASK, reference, why=words.format(currency=row.currency, number=chosen.number))
        return Judged(row, RowFate.NEW, reference, chosen, why=_("Chosen by you."))
    found, why, sure = _match(known, row, cents)
    said = (row.amount, row.contract, row.who)
    first = next(one for one in transfer if (one.amount, one.contract, one.who) == said)
    if first is not row:
        words = _("The same reference, day and amount stand at {cell} already; perhaps it is there twice.")
        return Judged(row, RowFate.ASK, reference, None, tuple(found), words.format(cell=first.cell))
    if sure and len(found) == 1:
        if known.has_twin(found[0].contract_id, row.paid_on, cents):
            words = _("A payment of this amount stands there within {n} days; perhaps it is this one.")
            return Judged(row, RowFate.ASK, reference, None, tuple(found), words.format(n=NEAR_DAYS))
        return Judged(row, RowFate.NEW, reference, found[0], why=why)
    return Judged(row, RowFate.ASK, reference, None, tuple(found), why)


def _match(known: _Known, row: SheetRow, cents: int) -> tuple[list[Candidate], str, bool]:
    """The contracts that fit, why, and whether that is sure."""
    numbered = known.by_number.get(_plain(row.contract), []) if row.contract else known.in_words(row.notes)
    by_words = bool(numbered) and not row.contract
    named = known.of_name(row.account) or (known.of_name(row.payer) if by_words or len(numbered) != 1 else [])
    if row.currency:
        numbered = [one for one in numbered if one.currency == row.currency]
        named = [one for one in named if one.currency == row.currency]
    if numbered:
        own = {one.contract_id for one in named}
        if (row.account or by_words) and named and not own & {one.contract_id for one in numbered}:
            return [*numbered, *named], _("Number and name speak of different accounts."), False
        fitting = [one for one in numbered if one.contract_id in own] if len(numbered) > 1 else numbered
        if len(fitting) != 1:
            several = _("The notes name several contracts.") if by_words else _("Several contracts have this number.")
            return numbered, several, False
        return fitting, _("By the contract number in the notes.") if by_words else _("By the contract number."), True
    why = _("No contract has this number.") if row.contract else ""
    if not named:
        return [], why or _("No account has this name."), False
    exact = [one for one in named if cents == one.missing or cents in known.lacking[one.contract_id]]
    if len(exact) == 1:
        return exact, _("By the name and the amount."), not row.contract
    if exact:
        return exact, _("Several contracts lack this amount."), False
    owing = [one for one in named if one.missing]
    return owing or named, _("The name fits, the amount fits no instalment."), False


def _plain(number: str) -> str:
    """A contract number without what people leave out or add: spaces, dashes, the case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", number)).casefold()


def _numbers_in(words: str) -> Iterator[str]:
    """What in a bank's or a payer's words may be a contract number: letters with digits, or at least five digits."""
    for found in re.findall(r"[0-9A-Za-z][0-9A-Za-z_./-]+", unicodedata.normalize("NFKC", words)):
        plain = _plain(found)
        if any(sign.isdigit() for sign in plain) and (len(plain) >= 5 or (len(plain) >= 3 and not plain.isdigit())):
            yield plain


class _Known:
    """The store's contracts, what their instalments lack and what was paid, read once."""

    def __init__(self, connection: Connection) -> None:
        self.contracts: dict[int, Candidate] = {}
        self.by_number: dict[str, list[Candidate]] = defaultdict(list)
        self._names: list[tuple[str, str, Candidate]] = []
        self._by_name: dict[str, list[Candidate]] = {}
        self.lacking: dict[int, list[int]] = defaultdict(list)
        self._read_missing(connection)
        self._read_contracts(connection)
        self.sums: dict[tuple[str, date | None], int] = {}
        self._paid: dict[tuple[int, int], list[date]] = defaultdict(list)
        self._read_payments(connection)

    def _read_missing(self, connection: Connection) -> None:
        lacks: Any = type_coerce(Receivable.amount, Integer) - Receivable.paid_cents
        rows = connection.execute(
            select(Receivable.contract_id, lacks).where(Receivable.deleted_at.is_(None), lacks > 0)
        )
        for contract_id, cents in rows:
            self.lacking[contract_id].append(cents)

    def _read_contracts(self, connection: Connection) -> None:
        rows = connection.execute(
            select(Contract.id, Contract.number, Contract.currency, Account.name, Account.short_name)
            .join(Account, Account.id == Contract.account_id)
            .where(Contract.deleted_at.is_(None), Account.deleted_at.is_(None))
            .order_by(Contract.start_on.desc().nulls_last(), Contract.id.desc())
        )
        for row in rows:
            missing = sum(self.lacking.get(row.id, ()))
            one = Candidate(row.id, row.number, row.short_name or row.name, row.currency, missing)
            self.contracts[row.id] = one
            if _plain(row.number):
                self.by_number[_plain(row.number)].append(one)
            self._names.append((row.name, row.short_name, one))

    def _read_payments(self, connection: Connection) -> None:
        amount = func.sum(type_coerce(Payment.amount, Integer))
        rows = connection.execute(
            select(Payment.contract_id, Payment.reference, Payment.paid_on, amount)
            .where(Payment.deleted_at.is_(None))
            .group_by(Payment.contract_id, Payment.reference, Payment.paid_on)
        )
        for contract_id, reference, paid_on, cents in rows:
            if paid_on is not None:
                self._paid[contract_id, cents].append(paid_on)
            if reference:
                key = (reference, paid_on)
                self.sums[key] = self.sums.get(key, 0) + cents

    def in_words(self, words: str) -> list[Candidate]:
        """The contracts whose numbers stand in some words."""
        found = {one.contract_id: one for plain in _numbers_in(words) for one in self.by_number.get(plain, ())}
        return list(found.values())

    def of_name(self, name: str) -> list[Candidate]:
        """The contracts of the accounts of a name, the latest term first."""
        key = core_key(name) if name else ""
        if key and not self._by_name:
            self._take_names_apart()
        return self._by_name.get(key, []) if key else []

    def _take_names_apart(self) -> None:
        """Only where a sheet names accounts: of 30,000 it takes seconds."""
        for name, short_name, one in self._names:
            for key in {core_key(name), core_key(short_name)} - {""}:
                self._by_name.setdefault(key, []).append(one)

    def has_twin(self, contract_id: int, day: date, cents: int) -> bool:
        """Whether the same amount came in on a contract around a day."""
        near = timedelta(NEAR_DAYS)
        return any(abs(day - other) <= near for other in self._paid.get((contract_id, cents), ()))
