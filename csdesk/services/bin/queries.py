"""Reading the bin: one list over the tables whose rows people delete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from csdesk.models.accounts import Account
from csdesk.models.articles import Article
from csdesk.models.attachments import Attachment
from csdesk.models.base import Record
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract
from csdesk.models.interactions import Interaction
from csdesk.models.kpi import ExchangeRate, Target
from csdesk.models.opportunities import Opportunity
from csdesk.models.receivables import Invoice, Payment, Receivable, Reminder
from csdesk.models.tasks import Task
from csdesk.models.tickets import Demand, Release, Ticket
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import C_, N_
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like

KINDS = {
    "accounts": N_("Account"), "contacts": N_("Contact"), "contracts": N_("Contract"), "visits": N_("Visit"),
    "tasks": N_("Task"), "interactions": N_("Note or call"), "articles": N_("Article"), "attachments": N_("Attachment"),
    "tickets": N_("Ticket"), "demands": N_("Demand"), "releases": N_("Release"), "receivables": N_("Instalment"),
    "payments": N_("Payment"), "invoices": N_("Invoice"), "reminders": N_("Reminder of money"),
    "exchange_rates": N_("Exchange rate"), "targets": N_("Target"),
    "opportunities": N_("Opportunity"),
}  # fmt: skip
"""By table: what a row of the bin is."""


def _of(model: type[Record], name: Any, owner: Any) -> Select[Any]:
    """What was binned of one table by itself; what went in together with its account stands under the account."""
    table: Any = model
    columns = (table.id, literal(table.__tablename__).label("kind"), name.label("name"))
    times = (table.deleted_at.label("deleted_at"),)
    if owner is None:
        return select(*columns, literal("").label("account"), *times).where(table.deleted_at.is_not(None))
    together = Account.deleted_at.is_not(None) & (Account.bin_step == table.bin_step)
    return (
        select(*columns, func.coalesce(Account.name, "").label("account"), *times)
        .outerjoin(Account, Account.id == owner)
        .where(table.deleted_at.is_not(None), Account.id.is_(None) | ~together | Account.deleted_at.is_(None))
    )


def _attachments() -> Any:
    """Those that went in by themselves, not with their visit, article, ticket or contract."""
    owners = (Visit, Article, Ticket, Contract)
    alone = or_(*(owner.deleted_at.is_(None) & owner.id.is_not(None) for owner in owners))
    return (
        select(
            Attachment.id, literal("attachments").label("kind"), Attachment.name.label("name"),
            func.coalesce(Account.name, Article.title, "").label("account"), Attachment.deleted_at.label("deleted_at"),
        )
        .outerjoin(Visit, Visit.id == Attachment.visit_id)
        .outerjoin(Ticket, Ticket.id == Attachment.ticket_id)
        .outerjoin(Contract, Contract.id == Attachment.contract_id)
        .outerjoin(Account, Account.id == func.coalesce(Visit.account_id, Ticket.account_id, Contract.account_id))
        .outerjoin(Article, Article.id == Attachment.article_id)
        .where(Attachment.deleted_at.is_not(None), alone)
    )  # fmt: skip


def _amount(column: Any) -> Any:
    """Cents as text with both decimals."""
    cents = type_coerce(column, Integer)
    return func.printf("%d.%02d", cents // 100, cents % 100)


def _of_money(model: type[Record], name: Any, contract: Any, owner: Any) -> Select[Any]:
    """What of a contract's money was binned by itself, not with its contract or what it belongs to."""
    table: Any = model
    return (
        select(
            table.id, literal(table.__tablename__).label("kind"), name.label("name"),
            func.coalesce(Account.name, "").label("account"), table.deleted_at.label("deleted_at"),
        )
        .select_from(table)
        .outerjoin(Contract, Contract.id == contract)
        .outerjoin(Account, Account.id == Contract.account_id)
        .where(table.deleted_at.is_not(None), owner.is_(None) | (owner != table.bin_step))
    )  # fmt: skip


def _contract_of(table: Any) -> Any:
    """The contract of what belongs to an instalment."""
    return select(Receivable.contract_id).where(Receivable.id == table.receivable_id).scalar_subquery()


def _step_of(table: Any) -> Any:
    """The step that put the instalment of a row into the bin."""
    return select(Receivable.bin_step).where(Receivable.id == table.receivable_id).scalar_subquery()


TABLE = union_all(
    _of_money(Receivable, Contract.number.concat(" ").concat(_amount(Receivable.amount)), Receivable.contract_id,
              Contract.bin_step),
    _of_money(Payment, Contract.number.concat(" ").concat(_amount(Payment.amount)), Payment.contract_id,
              Contract.bin_step),
    _of_money(Invoice, Invoice.number, _contract_of(Invoice), _step_of(Invoice)),
    _of_money(Reminder, func.substr(Reminder.text, 1, 80), _contract_of(Reminder), _step_of(Reminder)),
    _of(ExchangeRate, ExchangeRate.currency.concat(" ").concat(ExchangeRate.rate), None),
    _of(Target, Target.figure.concat(" ").concat(Target.value), None),
    _of(Account, Account.name, None),
    _of(Contact, Contact.name, Contact.account_id),
    _of(Contract, Contract.number, Contract.account_id),
    _of(Visit, Visit.goal, Visit.account_id),
    _of(Task, Task.text, Task.account_id),
    _of(Interaction, func.substr(Interaction.text, 1, 80), Interaction.account_id),
    _of(Article, Article.title, None),
    _attachments(),
    _of(Ticket, func.coalesce(func.nullif(Ticket.title, ""), func.substr(Ticket.text, 1, 80)), Ticket.account_id),
    _of(Demand, Demand.title, None),
    _of(Release, Release.name, None),
    _of(Opportunity, Opportunity.title, Opportunity.account_id),
).subquery("bin")  # fmt: skip
COLUMNS = (
    Column("name", N_("Name"), Kind.NAME, 260),
    Column("kind", C_("what it is", "Kind"), Kind.CHOICE, 104),
    Column("account", N_("Account"), Kind.TEXT, 240, leaves=1),
    Column("deleted_at", N_("Deleted"), Kind.MOMENT, 160),
)
BIN = Listing(
    entity="bin",
    table=TABLE,  # type: ignore[arg-type]
    columns=COLUMNS,
    sources={column.key: TABLE.c[column.key] for column in COLUMNS},
    default_sort="deleted_at",
    default_descending=True,
    conditions={"kind": lambda given, today: TABLE.c.kind == str(given.value)},
    search=lambda word: like(word, TABLE.c.name, TABLE.c.account),
    base=true(),
)
"""One thing in the bin that can be brought back by itself is a row; what went in with it comes along."""


def kind_counts(connection: Connection, views: Sequence[tuple[Filter, ...]], today: date) -> list[int]:
    """How many rows each set of conditions holds."""
    return [BIN.count(connection, Query(filters=filters), today) for filters in views]
