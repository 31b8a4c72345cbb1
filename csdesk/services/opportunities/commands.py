"""Making, changing and deciding opportunities. A won one becomes an entry in the ledger of a contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.base import from_cents
from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.opportunities import Opportunity
from csdesk.models.visits import Need
from csdesk.models.vocabulary import (
    ContractEventKind,
    NeedState,
    OpportunityKind,
    OpportunityOrigin,
    OpportunityStage,
    RenewalCause,
)
from csdesk.services.accounts.commands import named
from csdesk.services.contracts.ledger import (
    Amend,
    LineChange,
    NextLine,
    Renew,
    alive_lines,
    amend_contract,
    renew_contract,
    same_prices,
)
from csdesk.services.contracts.states import next_term, price_of
from csdesk.services.core.drafts import Reader
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.core.values import parse_amount, parse_day
from csdesk.services.opportunities.rules import OPEN_STAGES, OpportunityFields, parse_percent
from csdesk.services.receivables.commands import AddInstalment, PlanInstalments, add_instalment, plan_instalments
from csdesk.services.receivables.rules import Rhythm, instalments
from csdesk.services.settings.queries import setting
from csdesk.services.tasks.queries import account_named


@dataclass(frozen=True)
class NewOpportunity:
    """What an account (by id, or by the name typed) may buy more of, and the row in which it was seen."""

    fields: OpportunityFields
    account_id: int | None = None
    account: str = ""
    origin: OpportunityOrigin = OpportunityOrigin.BY_HAND
    origin_id: int | None = None


@dataclass(frozen=True)
class ChangeOpportunity:
    """New values; ``version`` as it was read (None: whatever it is)."""

    id: int
    fields: OpportunityFields
    version: int | None = None


@dataclass(frozen=True)
class SetOpportunities:
    """The same values for many, as typed: title, amount, probability, expected_on, owner, stage (an open one)."""

    ids: tuple[int, ...]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Win:
    """It was bought: an amendment of a contract from a day, or its renewal with more (``by_renewal``).

    ``amount`` is the ARR that it adds (None: the opportunity's), ``won_on`` the day it was agreed (None: today). With a
    ``rhythm`` what it adds to the contract, or the whole of the one that follows, is asked for in instalments, the first on
    ``due_on`` (None: the day from which it runs).
    """

    id: int
    contract_id: int
    from_on: date | None = None
    by_renewal: bool = False
    amount: Decimal | None = None
    won_on: date | None = None
    version: int | None = None
    rhythm: Rhythm | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Lose:
    """They will not buy, with the reason in words."""

    ids: tuple[int, ...]
    reason: str
    lost_on: date | None = None


@dataclass(frozen=True)
class Opportunities:
    """Some opportunities."""

    ids: tuple[int, ...]


SETTABLE = frozenset({"title", "amount", "probability", "expected_on", "owner", "stage"})


@command(N_("New opportunity: {name}"))
def create_opportunity(uow: UnitOfWork, wish: NewOpportunity) -> int:
    """Store one; the need that it comes from is taken up. Returns its id; raises Problems."""
    account_id = wish.account_id or account_named(uow.connection, wish.account)
    if account_id is None:
        raise Problems([Problem("account", _("Say which account it is."), code="missing")])
    account = uow.get(Account, account_id)
    _only_open(wish.fields.stage)
    row = uow.add(
        Opportunity(
            **asdict(wish.fields),
            account_id=account_id,
            spotted_on=uow.today,
            origin=wish.origin,
            origin_id=wish.origin_id,
        )
    )
    row.owner = row.owner or account.owner or str(setting(uow.connection, "user.name"))
    if wish.origin == OpportunityOrigin.NEED and wish.origin_id is not None:
        need = uow.get(Need, wish.origin_id)
        need.state, need.became_id = NeedState.TAKEN_UP, row.id
    uow.name(name=row.title)
    return row.id


@command(N_("Opportunity changed: {name}"))
def change_opportunity(uow: UnitOfWork, wish: ChangeOpportunity) -> None:
    """Store new values; won and lost ones keep their stage. Raises Conflict and Problems."""
    row = uow.get(Opportunity, wish.id, wish.version)
    decided = row.stage not in OPEN_STAGES
    if not decided:
        _only_open(wish.fields.stage)
    for key, value in asdict(wish.fields).items():
        if not (decided and key == "stage"):
            setattr(row, key, value)
    uow.name(name=row.title)


@command(N_("Opportunities changed: {names}"))
def set_opportunities(uow: UnitOfWork, wish: SetOpportunities) -> None:
    """The same typed values for many. A lost one that is given an open stage is open again. Raises Problems."""
    unknown = wish.values.keys() - SETTABLE
    if unknown:
        raise KeyError(f"not to be changed for many at once: {sorted(unknown)}")
    values = _read(wish.values, uow.today)
    rows = [uow.get(Opportunity, row_id) for row_id in wish.ids]
    for row in rows:
        if "stage" in values and row.stage == OpportunityStage.WON:
            words = _("“{name}” is won: its contract says so. Undo that, or amend the contract.")
            raise Problems([Problem("stage", words.format(name=row.title), code="won")])
        for key, value in values.items():
            setattr(row, key, value)
        if "stage" in values:
            row.lost_on, row.lost_reason = None, ""
    uow.name(names=named([row.title for row in rows]), count=len(rows))


@command(N_("Opportunity won: {name}"))
def win_opportunity(uow: UnitOfWork, wish: Win) -> int:
    """Put it into a contract as one step; the opportunity keeps the entry. Returns the entry's id.

    Raises Problems at ``contract_id``, ``from_on``, ``amount``, ``won_on``.
    """
    row = uow.get(Opportunity, wish.id, wish.version)
    if row.stage == OpportunityStage.WON:
        raise Problems([Problem("stage", _("It is won already."), code="won")])
    contract = uow.get(Contract, wish.contract_id)
    if contract.account_id != row.account_id:
        raise Problems([Problem("contract_id", _("Choose a contract of this account."), code="other_account")])
    amount = wish.amount if wish.amount is not None else row.amount
    if not amount:
        raise Problems([Problem("amount", _("Say what it adds a year."), code="missing")])
    if contract.currency != row.currency:
        words = _("The contract is in {currency}.")
        raise Problems([Problem("contract_id", words.format(currency=contract.currency), code="currency")])
    _not_ahead(uow, "won_on", wish.won_on)
    before = contract.amount
    event = _by_renewal(uow, row, contract, wish, amount) if wish.by_renewal else _by_amendment(
        uow, row, contract, wish, amount
    )  # fmt: skip
    if wish.rhythm is not None:
        _ask_for_money(uow, event, before, wish, wish.rhythm)
    row.stage, row.event_id, row.contract_id = OpportunityStage.WON, event, contract.id
    row.amount, row.won_on = amount, wish.won_on or uow.today
    row.lost_on, row.lost_reason = None, ""
    uow.name(name=row.title)
    return event


@command(N_("Opportunities lost: {names}"))
def lose_opportunities(uow: UnitOfWork, wish: Lose) -> None:
    """Close some with the reason. Raises Problems at ``reason`` and ``lost_on``, and for one that is won."""
    if not wish.reason.strip():
        raise Problems([Problem("reason", _("Say why, in a few words."), code="missing")])
    _not_ahead(uow, "lost_on", wish.lost_on)
    rows = [uow.get(Opportunity, row_id) for row_id in wish.ids]
    for row in rows:
        if row.stage == OpportunityStage.WON:
            words = _("“{name}” is won: its contract says so. Undo that, or amend the contract.")
            raise Problems([Problem("stage", words.format(name=row.title), code="won")])
        row.stage, row.lost_on, row.lost_reason = OpportunityStage.LOST, wish.lost_on or uow.today, wish.reason.strip()
    uow.name(names=named([row.title for row in rows]), count=len(rows))


@command(N_("Opportunities deleted: {names}"))
def delete_opportunities(uow: UnitOfWork, wish: Opportunities) -> None:
    """Into the bin; what a won one became in its contract stays."""
    rows = [uow.get(Opportunity, row_id) for row_id in wish.ids]
    for row in rows:
        uow.bin(row)
    uow.name(names=named([row.title for row in rows]), count=len(rows))


def _not_ahead(uow: UnitOfWork, field: str, day: date | None) -> None:
    if day is not None and day > uow.today:
        raise Problems([Problem(field, _("A decision cannot lie ahead of today."), code="ahead")])


def _only_open(stage: OpportunityStage) -> None:
    if stage not in OPEN_STAGES:
        words = _("Won and lost are said by their own verbs: they ask for the contract, or for the reason.")
        raise Problems([Problem("stage", words, code="decided")])


def _read(values: Mapping[str, str], today: date) -> dict[str, Any]:
    read = Reader(values)
    found: dict[str, Any] = {}
    for key in values:
        if key == "amount":
            found[key] = read.value(key, parse_amount)
        elif key == "probability":
            found[key] = read.value(key, parse_percent)
        elif key == "expected_on":
            found[key] = read.value(key, lambda text: parse_day(text, today))
        elif key == "stage":
            found[key] = read.word(key, OpportunityStage)
        elif key == "title":
            found[key] = read.text(key, required=_("Say what they may buy."))
        else:
            found[key] = read.text(key)
    read.check()
    if "stage" in found:
        _only_open(found["stage"])
    return found


def _by_amendment(uow: UnitOfWork, row: Opportunity, contract: Contract, wish: Win, amount: Decimal) -> int:
    """More on a line from a day on, or a line of its own for a module."""
    begins = wish.from_on
    if begins is None:
        raise Problems([Problem("from_on", _("Say from which day."), code="missing")])
    line = None if row.kind == OpportunityKind.MODULE else _line_on(uow, contract, begins)
    end = contract.end_on if line is None or line.end_on is None else line.end_on
    if end is None or begins > end:
        words = _("The contract ends on {end}; win it by the renewal.")
        raise Problems([Problem("from_on", words.format(end=end or "\u2014"), code="outside")])
    cents = int(amount * 100) + ((line.arr_cents or 0) if line is not None else 0)
    change = LineChange(
        None if line is None else line.id,
        _products(row, line),
        _seats(row, line),
        price_of(cents, begins, end),
        arr_cents=cents,
    )
    wish_of = Amend(contract.id, begins, (change,), row.title, RenewalCause.GROWTH)
    return amend_contract(uow, wish_of)[0]


def _by_renewal(uow: UnitOfWork, row: Opportunity, contract: Contract, wish: Win, amount: Decimal) -> int:
    """The lines of the old term for the next, one of them with more, or a line more for a module."""
    if contract.start_on is None or contract.end_on is None:
        raise Problems([Problem("contract_id", _("Enter start and end of the contract first."), code="no_term")])
    first = wish.from_on or contract.end_on + timedelta(days=1)
    start, end = next_term(contract.start_on, contract.planned_end_on or contract.end_on, first)
    lines = [
        line
        for line in alive_lines(uow, contract.id)
        if line.recurring and (line.end_on is None or line.end_on >= contract.end_on)
    ]
    more = None if row.kind == OpportunityKind.MODULE or not lines else lines[0]
    added = int(amount * 100)
    wanted = [
        NextLine(line.id, line.products, line.seats, from_cents(price), arr_cents=line.arr_cents)
        for line, price in zip(lines, same_prices(lines, start, end), strict=True)
    ]
    if more is None:
        wanted.append(NextLine(None, _products(row, None), row.seats, price_of(added, start, end), arr_cents=added))
    else:
        cents = (more.arr_cents or 0) + added
        wanted[0] = NextLine(
            more.id, _products(row, more), _seats(row, more), price_of(cents, start, end), arr_cents=cents
        )
    renewal = Renew(
        contract.id, start_on=start, end_on=end, lines=tuple(wanted), cause=RenewalCause.GROWTH, note=row.title,
        signed_on=wish.won_on,
    )  # fmt: skip
    made = renew_contract(uow, renewal)
    uow.session.flush()
    entries = (
        select(ContractEvent.id)
        .join(ContractLine, ContractLine.id == ContractEvent.line_after_id)
        .where(
            ContractLine.contract_id == made,
            ContractEvent.kind.in_((ContractEventKind.RENEWED, ContractEventKind.SIGNED)),
        )
    )
    of_line = ContractLine.predecessor_id.is_(None) if more is None else ContractLine.predecessor_id == more.id
    found = uow.session.scalars(entries.where(of_line)).first() or uow.session.scalars(entries).first()
    assert found is not None
    return found


def _ask_for_money(uow: UnitOfWork, event_id: int, before: Decimal | None, wish: Win, rhythm: Rhythm) -> None:
    """The instalments of what was won: what its contract, worth ``before`` then, became more, or all of the one that follows."""
    event = uow.get(ContractEvent, event_id)
    line = uow.get(ContractLine, event.line_after_id or 0)
    contract = uow.get(Contract, line.contract_id)
    start, end = line.start_on or contract.start_on, line.end_on or contract.end_on
    if start is None or contract.amount is None:
        return
    first = wish.due_on or start
    if wish.by_renewal:
        plan_instalments(uow, PlanInstalments(contract.id, instalments(rhythm, contract.amount, first, end)))
        return
    added = contract.amount - (before or 0)
    if added > 0:
        for fields in instalments(rhythm, added, first, end):
            add_instalment(uow, AddInstalment(contract.id, fields))


def _line_on(uow: UnitOfWork, contract: Contract, day: date) -> ContractLine | None:
    """The largest recurring line that runs on a day and the day before."""
    running = [
        line
        for line in alive_lines(uow, contract.id)
        if line.recurring
        and (line.start_on or contract.start_on or date.max) < day
        and (line.end_on or contract.end_on or date.min) >= day
    ]
    return max(running, key=lambda line: line.arr_cents or 0, default=None)


def _products(row: Opportunity, line: ContractLine | None) -> str:
    if line is None:
        return row.module or row.title
    return row.module if row.kind == OpportunityKind.UPGRADE and row.module else line.products


def _seats(row: Opportunity, line: ContractLine | None) -> int | None:
    if line is None or row.seats is None:
        return row.seats if line is None else line.seats
    return (line.seats or 0) + row.seats
