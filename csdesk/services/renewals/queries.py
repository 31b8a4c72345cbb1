"""Reading renewals: cards of the board, the list, the side page of one, the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, func, or_, select, type_coerce

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.kpi import Target
from csdesk.models.receivables import Receivable
from csdesk.models.tasks import Task
from csdesk.models.tickets import Ticket
from csdesk.models.vocabulary import RenewalState, TaskSource, TaskState
from csdesk.services.accounts.queries import SHOWN_NAME
from csdesk.services.contracts.queries import ContractRow, contracts_of
from csdesk.services.contracts.rules import line_arr
from csdesk.services.contracts.states import next_number, next_term, price_of
from csdesk.services.receivables.rules import usual_next
from csdesk.services.renewals.rules import (
    HORIZON,
    Expected,
    Forecast,
    Weights,
    foresee,
    stage_of,
    weights_of,
)
from csdesk.services.renewals.tasks import missing_tasks, tasks_began
from csdesk.services.settings.queries import all_settings, setting
from csdesk.services.settings.rates import rates_on
from csdesk.services.settings.rules import days_listed
from csdesk.services.tickets.rules import OVER

CONTRACTS, LINES, ACCOUNTS = Contract.__table__, ContractLine.__table__, Account.__table__
GOAL = "renewal_rate_by_amount"
"""The figure whose target the weighted forecast is measured against."""
DECIDED_DAYS = 30
"""So long after its end a decided contract stays among the signed and lost ones."""

ENDING_ARR = (
    select(func.sum(LINES.c.arr_cents))
    .where(
        LINES.c.contract_id == CONTRACTS.c.id, LINES.c.deleted_at.is_(None), LINES.c.recurring,
        func.coalesce(LINES.c.end_on, CONTRACTS.c.end_on) >= CONTRACTS.c.end_on,
    )
    .correlate(CONTRACTS)
    .scalar_subquery()
)  # fmt: skip
"""ARR in cents that ends with a contract: of the recurring lines that run to its end."""
TARGET = func.coalesce(type_coerce(CONTRACTS.c.target, Integer), ENDING_ARR, 0)
FORECAST = type_coerce(CONTRACTS.c.forecast, Integer)
_following = CONTRACTS.alias("following")
_following_lines = LINES.alias("following_lines")
FINAL = (
    select(func.sum(_following_lines.c.arr_cents))
    .select_from(_following.join(_following_lines, _following_lines.c.contract_id == _following.c.id))
    .where(
        _following.c.predecessor_id == CONTRACTS.c.id, _following.c.deleted_at.is_(None),
        _following_lines.c.deleted_at.is_(None), _following_lines.c.recurring,
        func.coalesce(_following_lines.c.start_on, _following.c.start_on) <= _following.c.start_on,
    )
    .correlate(CONTRACTS)
    .scalar_subquery()
)  # fmt: skip
"""ARR in cents with which the next contract starts; null where nothing follows."""
JOINED = CONTRACTS.join(ACCOUNTS, ACCOUNTS.c.id == CONTRACTS.c.account_id)
ALIVE = and_(CONTRACTS.c.deleted_at.is_(None), ACCOUNTS.c.deleted_at.is_(None))
IS_OPEN = CONTRACTS.c.renewal_state == RenewalState.OPEN


@dataclass(frozen=True)
class RenewalCard:
    """A contract that ends, as the board shows it. Amounts are ARR in cents of its currency, ``home_…`` in yuan (None: no rate).

    ``step_on`` is the day of the next step where it comes from a task or a visit. ``lapsed``: its grace is over without a word.
    """

    id: int
    version: int
    account_id: int
    account: str
    tier: str | None
    number: str
    currency: str
    end_on: date
    notice_on: date | None
    auto_renew: bool
    state: str
    stage: str
    category: str | None
    target_cents: int
    forecast_cents: int | None
    final_cents: int | None
    closes_on: date | None
    decided_on: date | None
    step: str
    step_on: date | None
    home_target: int | None
    home_forecast: int | None
    lapsed: bool

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided yet."""
        return self.state == RenewalState.OPEN

    @property
    def shown_stage(self) -> str:
        """The stage that it stands in."""
        return stage_of(self.stage, self.state)

    @property
    def expected(self) -> Expected | None:
        """What it adds to a forecast; None without a rate."""
        return None if self.home_target is None else Expected(self.category, self.home_target, self.home_forecast)


@dataclass(frozen=True)
class BoardView:
    """All that the page shows at once. ``missing_tasks`` counts the tasks that could be made now."""

    cards: tuple[RenewalCard, ...]
    weights: Weights
    goal: Decimal | None
    missing_tasks: int
    tasks_began: bool


def goal_on(connection: Connection, day: date) -> Decimal | None:
    """The renewal rate by amount that is to be reached on a day: of the shortest period that holds it."""
    rows = connection.execute(
        select(Target.starts_on, Target.ends_on, Target.value).where(
            Target.deleted_at.is_(None), Target.figure == GOAL, Target.starts_on <= day, Target.ends_on >= day
        )
    ).all()
    return Decimal(min(rows, key=lambda row: row.ends_on - row.starts_on).value) if rows else None


def cards(connection: Connection, today: date, until: date | None = None) -> list[RenewalCard]:
    """The contracts that end by a day (150 days ahead unless said) undecided, and those decided lately; what ends first stands first."""
    last = until or today + timedelta(HORIZON)
    recent = CONTRACTS.c.end_on >= today - timedelta(DECIDED_DAYS)
    return _cards(connection, today, and_(CONTRACTS.c.end_on <= last, or_(IS_OPEN, recent)))


def card(connection: Connection, contract_id: int, today: date) -> RenewalCard | None:
    """One contract with an end."""
    found = _cards(connection, today, and_(CONTRACTS.c.id == contract_id, CONTRACTS.c.end_on.is_not(None)))
    return found[0] if found else None


def _cards(connection: Connection, today: date, where: ColumnElement[bool]) -> list[RenewalCard]:
    rates = rates_on(connection, today)
    grace = timedelta(int(setting(connection, "figures.grace_days")))
    c = CONTRACTS.c
    rows = connection.execute(
        select(
            c.id, c.version, c.account_id, SHOWN_NAME.label("account"), ACCOUNTS.c.tier, c.number, c.currency, c.end_on,
            c.notice_on, c.auto_renew, c.renewal_state, c.stage, c.category, TARGET.label("target"),
            FORECAST.label("forecast"),
            case((c.renewal_state == RenewalState.RENEWED, FINAL)).label("final"), c.closes_on, c.decided_on, c.next_step,
            ACCOUNTS.c.next_visit_on,
        )
        .select_from(JOINED)
        .where(ALIVE, where)
        .order_by(c.end_on, c.id)
    ).all()  # fmt: skip
    tasks = _next_tasks(connection)
    made: list[RenewalCard] = []
    for row in rows:
        step, step_on = row.next_step, None
        if not step and row.id in tasks:
            step, step_on = tasks[row.id]
        elif not step:
            step_on = row.next_visit_on
        lapsed = row.renewal_state == RenewalState.OPEN and row.end_on + grace < today
        home = tuple(
            None if cents is None else rates.home_cents(cents, row.currency) for cents in (row.target, row.forecast)
        )
        made.append(RenewalCard(*(*row[:18], step, step_on, *home, lapsed)))
    return made


def _next_tasks(connection: Connection) -> dict[int, tuple[str, date | None]]:
    """By contract: the words and the day of its nearest open task."""
    rows = connection.execute(
        select(Task.source_id, Task.text, Task.due_on)
        .where(Task.deleted_at.is_(None), Task.state == TaskState.OPEN, Task.source == TaskSource.RENEWAL)
        .order_by(Task.due_on.desc().nulls_first(), Task.id.desc())
    )
    return {row.source_id: (row.text, row.due_on) for row in rows if row.source_id is not None}


def board_view(connection: Connection, today: date) -> BoardView:
    """The whole page."""
    settings = all_settings(connection)
    missing = missing_tasks(connection, today, days_listed(str(settings["renewals.task_days"])) or ())
    return BoardView(
        tuple(cards(connection, today)), weights_of(settings), goal_on(connection, today),
        sum(len(one.due) for one in missing), tasks_began(connection),
    )  # fmt: skip


def forecast_of(rows: Sequence[RenewalCard], weights: Weights, goal: Decimal | None = None) -> Forecast:
    """The forecast of the undecided ones among some cards whose grace is not over."""
    counted = [row for row in rows if row.is_open and not row.lapsed]
    known = [row.expected for row in counted if row.expected is not None]
    return foresee(known, weights, len(counted) - len(known), goal)


def forecast(connection: Connection, today: date, until: date) -> Forecast:
    """What ends undecided up to a day, those in their grace included, as it is judged today."""
    weights = weights_of(all_settings(connection))
    return forecast_of(cards(connection, today, until), weights, goal_on(connection, today))


@dataclass(frozen=True)
class RenewalView:
    """The side page of one: the card, all terms of the account, money open on this contract, its tickets that are open.

    ``open_cents`` is due and unpaid on all instalments (in the contract's currency), ``overdue_cents`` the part past its day.
    """

    card: RenewalCard
    terms: tuple[ContractRow, ...]
    arr_cents: int
    open_cents: int
    overdue_cents: int
    open_tickets: int
    cause: str | None
    reason: str
    kind: str | None
    document: str
    tasks: tuple[tuple[int, str, date | None], ...]


def renewal(connection: Connection, contract_id: int, today: date) -> RenewalView | None:
    """One contract as the side page shows it; None where it is gone or has no end."""
    shown = card(connection, contract_id, today)
    if shown is None:
        return None
    row = connection.execute(
        select(
            ENDING_ARR.label("arr"), CONTRACTS.c.renewal_cause, CONTRACTS.c.renewal_reason, CONTRACTS.c.renewal_kind,
            CONTRACTS.c.document,
        ).where(CONTRACTS.c.id == contract_id)
    ).one()  # fmt: skip
    unpaid, overdue = _unpaid(connection, contract_id, today)
    tickets = connection.scalar(
        select(func.count()).where(
            Ticket.account_id == shown.account_id, Ticket.deleted_at.is_(None), Ticket.state.not_in(OVER)
        )
    )
    tasks = connection.execute(
        select(Task.id, Task.text, Task.due_on)
        .where(
            Task.deleted_at.is_(None), Task.state == TaskState.OPEN, Task.source == TaskSource.RENEWAL,
            Task.source_id == contract_id,
        )
        .order_by(Task.due_on, Task.id)
    )  # fmt: skip
    return RenewalView(
        shown, tuple(contracts_of(connection, shown.account_id)), row.arr or 0, unpaid, overdue, tickets or 0,
        row.renewal_cause, row.renewal_reason, row.renewal_kind, row.document, tuple((one.id, one.text, one.due_on) for one in tasks),
    )  # fmt: skip


def _unpaid(connection: Connection, contract_id: int, today: date) -> tuple[int, int]:
    """What is unpaid on a contract's instalments, and the part of it that is past its day, in cents."""
    rows = connection.execute(
        select(Receivable.due_on, type_coerce(Receivable.amount, Integer), Receivable.paid_cents).where(
            Receivable.contract_id == contract_id, Receivable.deleted_at.is_(None)
        )
    ).all()
    left = [(due, max(0, amount - came)) for due, amount, came in rows]
    return sum(rest for _due, rest in left), sum(rest for due, rest in left if due is not None and due < today)


def account_of(connection: Connection, contract_id: int) -> int | None:
    """Whose contract it is."""
    return connection.scalar(select(Contract.account_id).where(Contract.id == contract_id))


@dataclass(frozen=True)
class Proposal:
    """The contract that would follow at the same terms: number, term, and what the recurring lines cost in it.

    ``seats`` where there is a single line; ``arr_cents`` is the ARR that ends, against which the outcome splits; ``rhythm``
    how it would be paid.
    """

    card: RenewalCard
    number: str
    start_on: date
    end_on: date
    amount: Decimal
    seats: int | None
    lines: int
    arr_cents: int
    rhythm: str = ""


def proposal(connection: Connection, contract_id: int, today: date) -> Proposal | None:
    """What a form of the outcome begins with; None where the contract is gone or has no end."""
    shown = card(connection, contract_id, today)
    if shown is None:
        return None
    planned = (
        select(Receivable.id).where(Receivable.contract_id == contract_id, Receivable.deleted_at.is_(None)).exists()
    )
    row = connection.execute(
        select(Contract.start_on, Contract.planned_end_on, Contract.payment_terms, planned.label("planned")).where(
            Contract.id == contract_id
        )
    ).one()
    end = row.planned_end_on or shown.end_on
    begins = shown.end_on + timedelta(1)
    started = row.start_on if row.start_on is not None and row.start_on <= end else end - timedelta(364)
    start, until = next_term(started, end, begins)
    taken = connection.scalars(
        select(Contract.number).where(Contract.account_id == shown.account_id, Contract.deleted_at.is_(None))
    )
    lines = connection.execute(
        select(LINES.c.amount, LINES.c.arr_cents, LINES.c.seats).where(
            LINES.c.contract_id == contract_id, LINES.c.deleted_at.is_(None), LINES.c.recurring,
            func.coalesce(LINES.c.end_on, shown.end_on) >= shown.end_on,
        )
    ).all()  # fmt: skip
    prices = [_price(line.amount, line.arr_cents, start, until) for line in lines]
    return Proposal(
        shown, next_number(shown.number, row.start_on, start, set(taken)), start, until, sum(prices, Decimal(0)),
        lines[0].seats if len(lines) == 1 else None, len(lines), sum(line.arr_cents or 0 for line in lines),
        usual_next(row.payment_terms, planned=bool(row.planned)),
    )  # fmt: skip


def _price(amount: Decimal | None, arr: int | None, start: date, end: date) -> Decimal:
    """What a line costs in a term at the same price."""
    if arr is None or (amount is not None and line_arr(amount, start, end) == arr):
        return amount or Decimal(0)
    return price_of(arr, start, end)
