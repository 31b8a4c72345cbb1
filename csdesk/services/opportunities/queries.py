"""Reading opportunities: the list, one of them, those of an account, what a form offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, func, select, type_coerce

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.opportunities import Opportunity
from csdesk.models.vocabulary import C_, HOME_CURRENCY, N_, OpportunityStage
from csdesk.services.accounts.queries import known_values, names_to_choose
from csdesk.services.contracts.queries import ContractRow, contracts_of
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like
from csdesk.services.opportunities.rules import OPEN_STAGES, PROBABILITIES
from csdesk.services.tasks.queries import SHOWN_ACCOUNT

TABLE: Any = Opportunity.__table__
ACCOUNTS: Any = Account.__table__
CONTRACTS: Any = Contract.__table__
COLUMNS = (
    Column("title", N_("Opportunity"), Kind.NAME, 248, editable=True),
    Column("account", N_("Account"), Kind.TEXT, 152, leaves=1),
    Column("stage", N_("Stage"), Kind.BADGE, 104),
    Column("kind", C_("of an opportunity", "Kind"), Kind.CHOICE, 96, leaves=5),
    Column("amount", N_("ARR it adds"), Kind.MONEY, 112),
    Column("probability", N_("Likely, %"), Kind.NUMBER, 80, leaves=4, editable=True),
    Column("weighted", N_("Weighted"), Kind.MONEY, 104, leaves=3),
    Column("expected_on", C_("of an opportunity", "Expected"), Kind.DAY, 112, leaves=2, editable=True),
    Column("owner", N_("Owner"), Kind.TEXT, 88, leaves=6, editable=True),
    Column("origin", N_("Comes from"), Kind.CHOICE, 124, leaves=7),
    Column("seats", N_("Seats"), Kind.NUMBER, 72, hidden=True),
    Column("module", N_("Module"), Kind.TEXT, 120, hidden=True),
    Column("contract", N_("Contract"), Kind.TEXT, 136, hidden=True),
    Column("currency", N_("Currency"), Kind.TEXT, 80, hidden=True),
    Column("tier", N_("Tier"), Kind.TIER, 56, hidden=True),
    Column("spotted_on", N_("Seen on"), Kind.DAY, 112, hidden=True),
    Column("won_on", N_("Won on"), Kind.DAY, 112, hidden=True),
    Column("lost_on", N_("Lost on"), Kind.DAY, 112, hidden=True),
    Column("lost_reason", N_("Why it was lost"), Kind.TEXT, 200, hidden=True),
    Column("notes", N_("Notes"), Kind.TEXT, 200, hidden=True),
)
OPEN = TABLE.c.stage.in_(OPEN_STAGES)
LIKELY = case(
    (and_(OPEN, TABLE.c.probability.is_not(None)), TABLE.c.probability),
    else_=case({stage.value: percent for stage, percent in PROBABILITIES.items()}, value=TABLE.c.stage, else_=0),
)
CENTS = type_coerce(TABLE.c.amount, Integer)
WEIGHTED = (CENTS * LIKELY + 50) // 100
AT_HOME = TABLE.c.currency == HOME_CURRENCY
RANK = case({stage.value: place for place, stage in enumerate(OpportunityStage)}, value=TABLE.c.stage, else_=99)


def _equals(column: Any) -> Callable[[Filter, date], ColumnElement[bool]]:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        found: ColumnElement[bool] = column.in_([str(value) for value in values])
        return found

    return condition


def _open(_given: Filter, _today: date) -> ColumnElement[bool]:
    found: ColumnElement[bool] = OPEN
    return found


def _overdue(_given: Filter, today: date) -> ColumnElement[bool]:
    return and_(OPEN, TABLE.c.expected_on < today)


JOINED = TABLE.outerjoin(ACCOUNTS, ACCOUNTS.c.id == TABLE.c.account_id).outerjoin(
    CONTRACTS, CONTRACTS.c.id == TABLE.c.contract_id
)
OPPORTUNITIES = Listing(
    entity="opportunities",
    table=TABLE,
    columns=COLUMNS,
    sources={
        **{column.key: TABLE.c[column.key] for column in COLUMNS if column.key in TABLE.c},
        "account": SHOWN_ACCOUNT,
        "tier": ACCOUNTS.c.tier,
        "contract": func.coalesce(CONTRACTS.c.number, ""),
        "amount": CENTS,
        "probability": LIKELY,
        "weighted": WEIGHTED,
    },
    default_sort="stage",
    orders={"stage": RANK * 100_000_000 + func.coalesce(func.julianday(TABLE.c.expected_on), 99_000_000),
            "account": func.coalesce(ACCOUNTS.c.name_key, "")},
    conditions={
        "open": _open,
        "overdue": _overdue,
        "stage": _equals(TABLE.c.stage),
        "kind": _equals(TABLE.c.kind),
        "origin": _equals(TABLE.c.origin),
        "account": lambda given, _today: TABLE.c.account_id == int(str(given.value)),
    },
    search=lambda words: like(
        words, TABLE.c.title, TABLE.c.module, TABLE.c.notes, TABLE.c.owner, ACCOUNTS.c.name, ACCOUNTS.c.short_name,
        ACCOUNTS.c.pinyin, ACCOUNTS.c.initials,
    ),
    sums={
        "amount": func.coalesce(func.sum(case((AT_HOME, CENTS))), 0),
        "weighted": func.coalesce(func.sum(case((AT_HOME, WEIGHTED))), 0),
        "open_amount": func.coalesce(func.sum(case((and_(AT_HOME, OPEN), CENTS))), 0),
        "open_weighted": func.coalesce(func.sum(case((and_(AT_HOME, OPEN), WEIGHTED))), 0),
        "abroad": func.coalesce(func.sum(case((AT_HOME, 0), else_=1)), 0),
    },
    joined=JOINED,
)  # fmt: skip
VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("open", N_("In progress"), (Filter("open"),)),
    ("overdue", N_("Overdue"), (Filter("overdue"),)),
    *((stage.value, stage.label, (Filter("stage", stage.value),)) for stage in OpportunityStage),
    ("all", N_("All"), ()),
)
"""The views that come with the desk: key, title (msgid), conditions."""


def view_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many opportunities each set of conditions holds."""
    return [OPPORTUNITIES.count(connection, Query(filters=filters), today) for filters in views]


@dataclass(frozen=True)
class OpportunityRow:
    """An opportunity as a form or a short list shows it; ``contract`` is the number of the one that it went into."""

    id: int
    version: int
    account_id: int
    account: str
    contract_id: int | None
    contract: str
    kind: str
    title: str
    seats: int | None
    module: str
    amount: Decimal | None
    currency: str
    stage: str
    probability: int | None
    spotted_on: date
    expected_on: date | None
    owner: str
    origin: str
    origin_id: int | None
    event_id: int | None
    won_on: date | None
    lost_on: date | None
    lost_reason: str
    notes: str

    @property
    def is_open(self) -> bool:
        """Whether it is neither won nor lost."""
        return self.stage in OPEN_STAGES


OWN = {"account": SHOWN_ACCOUNT, "contract": func.coalesce(CONTRACTS.c.number, "")}


def _rows(connection: Connection, *conditions: Any) -> list[OpportunityRow]:
    columns = [OWN[name] if name in OWN else TABLE.c[name] for name in OpportunityRow.__dataclass_fields__]
    found = connection.execute(
        select(*columns)
        .select_from(JOINED)
        .where(TABLE.c.deleted_at.is_(None), *conditions)
        .order_by(RANK, TABLE.c.expected_on.asc().nulls_last(), TABLE.c.id)
    )
    return [OpportunityRow(*row) for row in found]


def opportunity(connection: Connection, opportunity_id: int) -> OpportunityRow | None:
    """One opportunity that is not in the bin."""
    return next(iter(_rows(connection, TABLE.c.id == opportunity_id)), None)


def opportunities_of_account(connection: Connection, account_id: int) -> list[OpportunityRow]:
    """An account's opportunities, by stage."""
    return _rows(connection, TABLE.c.account_id == account_id)


def opportunity_from(connection: Connection, origin: str, origin_id: int) -> OpportunityRow | None:
    """The opportunity that was seen in a row of a visit, a ticket, a need."""
    return next(iter(_rows(connection, TABLE.c.origin == origin, TABLE.c.origin_id == origin_id)), None)


def with_contracts(connection: Connection, opportunity_id: int) -> tuple[OpportunityRow | None, list[ContractRow]]:
    """An opportunity and the contracts of its account, to win it in one of them."""
    row = opportunity(connection, opportunity_id)
    return row, [] if row is None else contracts_of(connection, row.account_id)


@dataclass(frozen=True)
class Choices:
    """What the form completes from."""

    accounts: tuple[str, ...]
    owners: tuple[str, ...]
    modules: tuple[str, ...]


def form_choices(connection: Connection) -> Choices:
    """Names of accounts, owners and modules in use."""
    modules = connection.scalars(
        select(TABLE.c.module)
        .where(TABLE.c.deleted_at.is_(None), TABLE.c.module != "")
        .group_by(TABLE.c.module)
        .order_by(func.count().desc())
        .limit(200)
    )
    return Choices(names_to_choose(connection), tuple(known_values(connection, "owner")), tuple(modules))
