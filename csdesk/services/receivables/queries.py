"""Reading what is to come in: the list, its ages, one instalment, the money of a contract and of an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, cast, func, literal, or_, select, type_coerce

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.receivables import Invoice, Payment, Receivable, Reminder
from csdesk.models.tasks import Task
from csdesk.models.vocabulary import C_, HOME_CURRENCY, N_, TaskSource, TaskState
from csdesk.services.contracts.rules import CURRENCIES
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like
from csdesk.services.receivables.rules import BUCKETS, PAID_STATES, Bucket, PaidState, bucket_of, paid_state
from csdesk.services.settings.rates import Rates, rates_on

TABLE: Any = Receivable.__table__
CONTRACTS: Any = Contract.__table__
ACCOUNTS: Any = Account.__table__
PAYMENTS: Any = Payment.__table__
COLUMNS = (
    Column("account", N_("Account"), Kind.NAME, 176),
    Column("contract", N_("Contract"), Kind.TEXT, 120, leaves=2),
    Column("place", C_("of how many", "Instalment"), Kind.TEXT, 64, leaves=5),
    Column("due_on", C_("money", "Due"), Kind.DAY, 104),
    Column("standing", N_("State"), Kind.BADGE, 80),
    Column("amount", N_("Amount"), Kind.MONEY, 96),
    Column("paid_cents", C_("money", "Paid"), Kind.MONEY, 96, leaves=3),
    Column("open_cents", C_("money", "Open"), Kind.MONEY, 96),
    Column("late", N_("Days overdue"), Kind.NUMBER, 104, leaves=1),
    Column("reminders", C_("how many", "Reminders"), Kind.NUMBER, 72, leaves=4),
    Column("invoice", N_("Invoice"), Kind.TEXT, 128, leaves=6),
    Column("currency", N_("Currency"), Kind.TEXT, 72, hidden=True),
    Column("reminded_on", N_("Reminded last"), Kind.DAY, 112, hidden=True),
    Column("tier", N_("Tier"), Kind.TIER, 56, hidden=True),
    Column("owner", N_("CSM owner"), Kind.TEXT, 96, hidden=True),
    Column("sales_owner", N_("Sales owner"), Kind.TEXT, 96, hidden=True),
    Column("notes", N_("Notes"), Kind.TEXT, 200, hidden=True),
)
AMOUNT = type_coerce(TABLE.c.amount, Integer)
OPEN = func.max(0, AMOUNT - TABLE.c.paid_cents, type_=Integer)
SHOWN_ACCOUNT = case((ACCOUNTS.c.short_name != "", ACCOUNTS.c.short_name), else_=ACCOUNTS.c.name)
JOINED = TABLE.join(CONTRACTS, CONTRACTS.c.id == TABLE.c.contract_id).join(
    ACCOUNTS, ACCOUNTS.c.id == CONTRACTS.c.account_id
)


def _of_it(model: Any, value: Any) -> Any:
    """A value over the living rows of a table that belong to the instalment."""
    return select(value).where(model.receivable_id == TABLE.c.id, model.deleted_at.is_(None)).scalar_subquery()


REMINDED = _of_it(Reminder, func.count())
INVOICES = func.coalesce(_of_it(Invoice, func.group_concat(Invoice.number, ", ")), "")


def _place() -> Any:
    """2/4: which of its contract's instalments it is, by day."""
    other = TABLE.alias("other")
    its = (other.c.contract_id == TABLE.c.contract_id, other.c.deleted_at.is_(None))

    def order(row: Any) -> Any:
        return func.coalesce(row.c.due_on, "9999"), row.c.position, row.c.id

    mine, theirs = order(TABLE), order(other)
    before = or_(
        theirs[0] < mine[0],
        and_(theirs[0] == mine[0], or_(theirs[1] < mine[1], and_(theirs[1] == mine[1], theirs[2] <= mine[2]))),
    )
    count = select(func.count()).select_from(other).where(*its)
    return count.where(before).scalar_subquery().concat(literal("/")).concat(count.scalar_subquery())


def _owes() -> ColumnElement[bool]:
    owes: ColumnElement[bool] = TABLE.c.paid_cents < AMOUNT
    return owes


def _overdue(_given: Filter, today: date) -> ColumnElement[bool]:
    return and_(_owes(), TABLE.c.due_on < today)


def _due_within(given: Filter, today: date) -> ColumnElement[bool]:
    return and_(_owes(), TABLE.c.due_on.between(today, today + timedelta(int(str(given.value)))))


def _part(_given: Filter, today: date) -> ColumnElement[bool]:
    return and_(_owes(), TABLE.c.paid_cents > 0)


def _aged(given: Filter, today: date) -> ColumnElement[bool]:
    values = given.value if isinstance(given.value, tuple) else (str(given.value),)
    return or_(*(_in_bucket(bucket, today) for bucket in BUCKETS if bucket.key in values))


def _in_bucket(bucket: Bucket, today: date) -> ColumnElement[bool]:
    if bucket.least is None:
        return and_(_owes(), or_(TABLE.c.due_on.is_(None), TABLE.c.due_on >= today))
    newest = TABLE.c.due_on <= today - timedelta(bucket.least)
    if bucket.most is None:
        return and_(_owes(), newest)
    return and_(_owes(), newest, TABLE.c.due_on >= today - timedelta(bucket.most))


def _is(column: Any) -> Callable[[Filter, date], ColumnElement[bool]]:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        found: ColumnElement[bool] = column.in_([str(value) for value in values])
        return found

    return condition


def _id(column: Any) -> Callable[[Filter, date], ColumnElement[bool]]:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column == int(str(given.value))
        return found

    return condition


def standing_of(today: date) -> Any:
    """The state of an instalment as SQL; the words of ``rules.PaidState``."""
    return case(
        (~_owes(), PaidState.PAID.value),
        (TABLE.c.due_on < today, PaidState.OVERDUE.value),
        (TABLE.c.paid_cents > 0, PaidState.PART.value),
        else_=PaidState.OPEN.value,
    )


@lru_cache(maxsize=4)
def receivables(today: date) -> Listing:
    """All instalments as they stand on a day."""
    standing = standing_of(today)
    late = case(
        (_overdue(Filter("overdue"), today), func.julianday(today.isoformat()) - func.julianday(TABLE.c.due_on))
    )
    states = {state.value: place for place, state in enumerate(PAID_STATES)}
    home = CONTRACTS.c.currency == HOME_CURRENCY
    sums: dict[str, Any] = {
        "amount": func.sum(case((home, AMOUNT))),
        "paid": func.sum(case((home, TABLE.c.paid_cents))),
    }
    sums |= {f"open_{code}": func.sum(case((CONTRACTS.c.currency == code, OPEN))) for code in CURRENCIES}
    return Listing(
        entity="receivables",
        table=TABLE,
        columns=COLUMNS,
        sources={
            **{column.key: TABLE.c[column.key] for column in COLUMNS if column.key in TABLE.c},
            "account": SHOWN_ACCOUNT, "contract": CONTRACTS.c.number, "place": _place(), "standing": standing,
            "amount": AMOUNT, "open_cents": OPEN, "late": cast(late, Integer),
            "reminders": REMINDED, "invoice": INVOICES, "currency": CONTRACTS.c.currency,
            "reminded_on": _of_it(Reminder, func.max(Reminder.reminded_on)), "tier": ACCOUNTS.c.tier,
            "owner": ACCOUNTS.c.owner, "sales_owner": ACCOUNTS.c.sales_owner,
        },
        default_sort="due_on",
        orders={
            "account": ACCOUNTS.c.name_key,
            "place": TABLE.c.position,
            "standing": case(states, value=standing),
            "due_on": case((_owes(), func.coalesce(TABLE.c.due_on, "9998")), else_=literal("9999").concat(func.coalesce(TABLE.c.due_on, ""))),
        },
        conditions={
            "overdue": _overdue,
            "due_within": _due_within,
            "part": _part,
            "open": lambda given, day: _owes(),
            "paid": lambda given, day: ~_owes(),
            "no_day": lambda given, day: and_(_owes(), TABLE.c.due_on.is_(None)),
            "aged": _aged,
            "not_reminded": lambda given, day: and_(_overdue(given, day), REMINDED == 0),
            "no_invoice": lambda given, day: INVOICES == "",
            "currency": _is(CONTRACTS.c.currency),
            "owner": _is(ACCOUNTS.c.owner),
            "account": _id(CONTRACTS.c.account_id),
            "contract": _id(TABLE.c.contract_id),
        },
        search=lambda words: like(
            words, CONTRACTS.c.number, TABLE.c.notes, ACCOUNTS.c.name, ACCOUNTS.c.short_name, ACCOUNTS.c.pinyin,
            ACCOUNTS.c.initials, ACCOUNTS.c.owner,
        ) | TABLE.c.id.in_(select(Invoice.receivable_id).where(like(words, Invoice.number), Invoice.deleted_at.is_(None))),
        sums=sums,
        joined=JOINED,
    )  # fmt: skip


VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("open", C_("money", "Open"), (Filter("open"),)),
    ("overdue", N_("Overdue"), (Filter("overdue"),)),
    ("due_30", N_("Due in 30 days"), (Filter("due_within", 30),)),
    ("part", N_("Part paid"), (Filter("part"),)),
    ("paid", C_("money", "Paid"), (Filter("paid"),)),
    ("all", N_("All"), ()),
)
"""The views that come with the desk: key, title (msgid), conditions."""


def view_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many instalments each set of conditions holds, in one pass."""
    listing = receivables(today)
    parts = [listing._where(Query(filters=filters), today) for filters in views]
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in parts]
    return [int(value) for value in connection.execute(select(*sums).select_from(JOINED)).one()]


@dataclass(frozen=True)
class Age:
    """What is open in one bucket: cents of the home currency, by other currency its cents, how many instalments."""

    bucket: Bucket
    cents: int
    others: dict[str, int]
    count: int


@dataclass(frozen=True)
class Ageing:
    """The ages of all that is open, and the rates of today."""

    ages: tuple[Age, ...]
    rates: Rates


def ageing(connection: Connection, today: date) -> Ageing:
    """What is open by its age, by currency; nothing is converted here."""
    which = case(*((_in_bucket(bucket, today), bucket.key) for bucket in BUCKETS))
    rows = connection.execute(
        select(which, CONTRACTS.c.currency, func.sum(OPEN), func.count())
        .select_from(JOINED)
        .where(TABLE.c.deleted_at.is_(None), _owes())
        .group_by(which, CONTRACTS.c.currency)
    ).all()
    ages = []
    for bucket in BUCKETS:
        own = {row[1]: int(row[2]) for row in rows if row[0] == bucket.key}
        count = sum(int(row[3]) for row in rows if row[0] == bucket.key)
        ages.append(Age(bucket, own.pop(HOME_CURRENCY, 0), own, count))
    return Ageing(tuple(ages), rates_on(connection, today))


@dataclass(frozen=True)
class InstalmentRow:
    """One instalment as forms and short lists show it; cents. ``place`` of ``count``, from 1 on."""

    id: int
    version: int
    contract_id: int
    account_id: int
    account: str
    contract: str
    currency: str
    due_on: date | None
    amount: int
    paid: int
    notes: str
    place: int
    count: int
    invoices: str
    reminders: int

    @property
    def missing(self) -> int:
        """What is not paid yet, in cents."""
        return max(0, self.amount - self.paid)

    def state(self, today: date) -> PaidState:
        """How far it is paid on a day."""
        return paid_state(self.amount, self.paid, self.due_on, today)

    def bucket(self, today: date) -> Bucket:
        """The age of what is open."""
        return bucket_of(self.due_on, today)


def _instalments(connection: Connection, *conditions: Any) -> list[InstalmentRow]:
    rows = connection.execute(
        select(
            TABLE.c.id, TABLE.c.version, TABLE.c.contract_id, CONTRACTS.c.account_id, SHOWN_ACCOUNT, CONTRACTS.c.number,
            CONTRACTS.c.currency, TABLE.c.due_on, AMOUNT, TABLE.c.paid_cents, TABLE.c.notes, _place().label("place"),
            INVOICES, REMINDED,
        )
        .select_from(JOINED)
        .where(TABLE.c.deleted_at.is_(None), CONTRACTS.c.deleted_at.is_(None), *conditions)
        .order_by(TABLE.c.due_on.is_(None), TABLE.c.due_on, TABLE.c.position, TABLE.c.id)
    ).all()  # fmt: skip
    return [_instalment(*row) for row in rows]


def _instalment(*values: Any) -> InstalmentRow:
    place, count = str(values[11]).split("/")
    return InstalmentRow(*(*values[:11], int(place), int(count), *values[12:]))


def instalment(connection: Connection, receivable_id: int) -> InstalmentRow | None:
    """One that is not in the bin."""
    return next(iter(_instalments(connection, TABLE.c.id == receivable_id)), None)


def instalments_by_id(connection: Connection, ids: list[int]) -> list[InstalmentRow]:
    """Some of them, the oldest due first."""
    return _instalments(connection, TABLE.c.id.in_(ids))


@dataclass(frozen=True)
class PaymentRow:
    """A payment; ``receivable_id`` None where it names no instalment."""

    id: int
    version: int
    contract_id: int
    contract: str
    receivable_id: int | None
    paid_on: date | None
    amount: int
    reference: str
    notes: str


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice of an instalment; cents, hundredths of a percent."""

    id: int
    version: int
    receivable_id: int
    number: str
    invoiced_on: date | None
    amount: Decimal | None
    tax_rate: int | None
    sent_on: date | None
    notes: str


@dataclass(frozen=True)
class ReminderRow:
    """A reminder of an instalment."""

    id: int
    receivable_id: int
    reminded_on: date
    reminded_by: str
    channel: str | None
    text: str


@dataclass(frozen=True)
class Money:
    """The money of some contracts: instalments by day, payments from the newest on, invoices, reminders.

    ``credit`` is by contract what was paid above all that is asked for there, in cents; ``rates`` are those of today.
    """

    instalments: list[InstalmentRow]
    payments: list[PaymentRow]
    invoices: list[InvoiceRow]
    reminders: list[ReminderRow]
    credit: dict[int, int]
    rates: Rates


@dataclass(frozen=True)
class ContractFacts:
    """What payment forms need to know of a contract."""

    id: int
    account_id: int
    account: str
    number: str
    currency: str
    amount: Decimal | None
    start_on: date | None
    end_on: date | None
    payment_terms: str


def contract_facts(connection: Connection, *conditions: Any) -> list[ContractFacts]:
    """Contracts that are alive, the latest term first."""
    rows = connection.execute(
        select(
            CONTRACTS.c.id, CONTRACTS.c.account_id, SHOWN_ACCOUNT, CONTRACTS.c.number, CONTRACTS.c.currency,
            CONTRACTS.c.amount, CONTRACTS.c.start_on, CONTRACTS.c.end_on, CONTRACTS.c.payment_terms,
        )
        .join(ACCOUNTS, ACCOUNTS.c.id == CONTRACTS.c.account_id)
        .where(CONTRACTS.c.deleted_at.is_(None), ACCOUNTS.c.deleted_at.is_(None), *conditions)
        .order_by(CONTRACTS.c.start_on.desc().nulls_last(), CONTRACTS.c.id.desc())
    )  # fmt: skip
    return [ContractFacts(*row) for row in rows]


@dataclass(frozen=True)
class AccountMoney:
    """All about the money of one account."""

    contracts: list[ContractFacts]
    money: Money


def contract_money(connection: Connection, contract_id: int, today: date) -> AccountMoney:
    """The money of one contract."""
    return _money(connection, contract_facts(connection, CONTRACTS.c.id == contract_id), today)


@dataclass(frozen=True)
class InstalmentLook:
    """An instalment with the money of its contract, and the tier of its account ("" for none)."""

    row: InstalmentRow
    tier: str
    money: AccountMoney


def instalment_look(connection: Connection, receivable_id: int, today: date) -> InstalmentLook | None:
    """What is looked at beside a list; None where it is gone."""
    row = instalment(connection, receivable_id)
    if row is None:
        return None
    tier = connection.scalar(select(ACCOUNTS.c.tier).where(ACCOUNTS.c.id == row.account_id))
    return InstalmentLook(row, tier or "", contract_money(connection, row.contract_id, today))


def account_money(connection: Connection, account_id: int, today: date) -> AccountMoney:
    """The money of one account."""
    return _money(connection, contract_facts(connection, CONTRACTS.c.account_id == account_id), today)


def _money(connection: Connection, contracts: list[ContractFacts], today: date) -> AccountMoney:
    ids = [contract.id for contract in contracts]
    rows = _instalments(connection, TABLE.c.contract_id.in_(ids))
    own = [row.id for row in rows]
    payments = _payments(connection, PAYMENTS.c.contract_id.in_(ids))
    money = Money(
        rows, payments, _invoices(connection, own), _reminders(connection, own), credit_of(rows, payments),
        rates_on(connection, today),
    )  # fmt: skip
    return AccountMoney(contracts, money)


def credit_of(rows: list[InstalmentRow], payments: list[PaymentRow]) -> dict[int, int]:
    """By contract what was paid above all that is asked for."""
    over: dict[int, int] = {}
    for payment in payments:
        over[payment.contract_id] = over.get(payment.contract_id, 0) + payment.amount
    for row in rows:
        over[row.contract_id] = over.get(row.contract_id, 0) - min(row.paid, row.amount)
    return {contract: cents for contract, cents in over.items() if cents > 0}


def _payments(connection: Connection, *conditions: Any) -> list[PaymentRow]:
    rows = connection.execute(
        select(
            PAYMENTS.c.id, PAYMENTS.c.version, PAYMENTS.c.contract_id, CONTRACTS.c.number, PAYMENTS.c.receivable_id,
            PAYMENTS.c.paid_on, type_coerce(PAYMENTS.c.amount, Integer), PAYMENTS.c.reference, PAYMENTS.c.notes,
        )
        .join(CONTRACTS, CONTRACTS.c.id == PAYMENTS.c.contract_id)
        .where(PAYMENTS.c.deleted_at.is_(None), *conditions)
        .order_by(PAYMENTS.c.paid_on.desc().nulls_last(), PAYMENTS.c.id.desc())
    )  # fmt: skip
    return [PaymentRow(*row) for row in rows]


def payment(connection: Connection, payment_id: int) -> PaymentRow | None:
    """One that is not in the bin."""
    return next(iter(_payments(connection, PAYMENTS.c.id == payment_id)), None)


def _invoices(connection: Connection, ids: list[int]) -> list[InvoiceRow]:
    fields = [getattr(Invoice, name) for name in InvoiceRow.__dataclass_fields__]
    rows = connection.execute(
        select(*fields)
        .where(Invoice.receivable_id.in_(ids), Invoice.deleted_at.is_(None))
        .order_by(Invoice.invoiced_on, Invoice.id)
    )
    return [InvoiceRow(*row) for row in rows]


def _reminders(connection: Connection, ids: list[int]) -> list[ReminderRow]:
    fields = [getattr(Reminder, name) for name in ReminderRow.__dataclass_fields__]
    rows = connection.execute(
        select(*fields)
        .where(Reminder.receivable_id.in_(ids), Reminder.deleted_at.is_(None))
        .order_by(Reminder.reminded_on.desc(), Reminder.id.desc())
    )
    return [ReminderRow(*row) for row in rows]


def missing_of(connection: Connection, contract_ids: list[int]) -> list[tuple[int, int]]:
    """(id, missing cents) of these contracts' instalments that lack something, the oldest first."""
    rows = _instalments(connection, TABLE.c.contract_id.in_(contract_ids), _owes())
    return [(row.id, row.missing) for row in rows]


def with_open_task(connection: Connection, ids: list[int]) -> set[int]:
    """Those of the instalments that have a task to do."""
    rows = connection.scalars(
        select(Task.source_id).where(
            Task.source == TaskSource.RECEIVABLE, Task.source_id.in_(ids), Task.state == TaskState.OPEN,
            Task.deleted_at.is_(None),
        )
    )  # fmt: skip
    return {int(row) for row in rows if row is not None}
