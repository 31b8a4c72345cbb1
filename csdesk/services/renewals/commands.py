"""Moving renewals on: stages, forecasts, outcomes with the contract that follows, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.vocabulary import RenewalCategory, RenewalCause, RenewalState
from csdesk.services.accounts.commands import named
from csdesk.services.contracts.ledger import (
    MarkLost,
    NextLine,
    Renew,
    alive_lines,
    mark_lost,
    same_prices,
)
from csdesk.services.contracts.rules import line_arr
from csdesk.services.core import formats
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.money import to_amount
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.receivables.renewing import RenewWithMoney, renew_with_money
from csdesk.services.receivables.rules import AS_BEFORE
from csdesk.services.renewals.queries import Proposal
from csdesk.services.renewals.rules import (
    OPEN_STAGES,
    ForecastFields,
    OutcomeFields,
    Split,
    split,
    spread,
)


@dataclass(frozen=True)
class SetRenewals:
    """The same values for many undecided contracts: stage, category, next_step, closes_on, forecast."""

    ids: tuple[int, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class ChangeForecast:
    """What is thought about one renewal now; ``version`` as it was read."""

    id: int
    fields: ForecastFields
    version: int | None = None


@dataclass(frozen=True)
class RecordRenewal:
    """A contract was renewed: what follows it."""

    id: int
    fields: OutcomeFields
    version: int | None = None


@dataclass(frozen=True)
class RecordLoss:
    """Contracts will not be renewed, for one cause."""

    ids: tuple[int, ...]
    cause: RenewalCause
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True)
class RenewMany:
    """Contracts renewed at the same terms: lines, prices, length and instalments as they are. ``on`` None: signed today."""

    ids: tuple[int, ...]
    on: date | None = None


SETTABLE = frozenset({"stage", "category", "next_step", "closes_on", "forecast"})


@command(N_("Renewals changed: {names}"))
def set_renewals(uow: UnitOfWork, wish: SetRenewals) -> None:
    """Give many contracts the same values in one step. Raises Problems for one that is decided, and for signed or lost: those come with the outcome."""
    unknown = wish.values.keys() - SETTABLE
    if unknown:
        raise KeyError(f"not to be changed for many at once: {sorted(unknown)}")
    values = dict(wish.values)
    if "stage" in values and values["stage"] not in OPEN_STAGES:
        sentence = _("Signed and lost come with the outcome: record it with O.")
        raise Problems([Problem("stage", sentence, code="outcome")])
    if values.get("category") not in (None, "", *RenewalCategory):
        raise Problems([Problem("category", _("Choose one of the list."), code="unknown")])
    if "category" in values:
        values["category"] = values["category"] or None
    rows = [_undecided(uow, contract_id) for contract_id in wish.ids]
    for row in rows:
        for key, value in values.items():
            setattr(row, key, value)
    uow.name(names=_names(uow, rows), count=len(rows))


@command(N_("Forecast changed: {name}"))
def change_forecast(uow: UnitOfWork, wish: ChangeForecast) -> None:
    """Store what is thought about a renewal. Raises Conflict where it changed, Problems where it is decided."""
    row = _undecided(uow, wish.id, wish.version)
    for key in ("category", "forecast", "closes_on", "target", "next_step"):
        setattr(row, key, getattr(wish.fields, key))
    uow.name(name=_names(uow, [row]))


@command(
    N_(
        "{name} renewed at {final} a year: {renewed} kept, {price_rise} by an agreed rise, {expansion} more,"
        " {contraction} less"
    )
)
def record_renewal(uow: UnitOfWork, wish: RecordRenewal) -> tuple[int, Split]:
    """Close a contract as renewed and make the next one with its instalments, in one step.

    The amount is spread over the recurring lines by their price. Returns the new contract's id and how its ARR splits.
    Raises Problems as ``renew_contract`` does, at "rhythm", and at "agreed_rise" where that is more than the new ARR.
    """
    fields = wish.fields
    row = uow.get(Contract, wish.id, wish.version)
    before = _ending_lines(uow, row)
    old = sum(line.arr_cents or 0 for line in before)
    _refuse_rise_above(fields)
    renewal = Renew(
        row.id, fields.number, fields.start_on, fields.end_on, fields.on, _next_lines(before, fields),
        cause=fields.cause, note=fields.reason,
    )  # fmt: skip
    made = renew_with_money(uow, RenewWithMoney(renewal, fields.rhythm))
    final = _arr_of(uow, made)
    after = split(old, final, int((fields.agreed_rise or Decimal(0)) * 100))
    uow.name(
        name=_names(uow, [row]), final=formats.cents(final), renewed=formats.cents(after.renewed),
        price_rise=formats.cents(after.price_rise), expansion=formats.cents(after.expansion),
        contraction=formats.cents(after.contraction),
    )  # fmt: skip
    return made, after


@command(N_("Not renewed: {names}"))
def record_loss(uow: UnitOfWork, wish: RecordLoss) -> None:
    """Close contracts as churned. Raises Problems for one that is decided."""
    rows = [uow.get(Contract, contract_id) for contract_id in wish.ids]
    for row in rows:
        mark_lost(uow, MarkLost(row.id, wish.cause, wish.reason, wish.on))
    uow.name(names=_names(uow, rows), count=len(rows))


@command(N_("Renewed at the same terms: {names}"))
def renew_many(uow: UnitOfWork, wish: RenewMany) -> tuple[int, ...]:
    """Renew contracts as they are, all or none. Returns the ids of the new ones. Raises Problems that name the contract."""
    rows = [uow.get(Contract, contract_id) for contract_id in wish.ids]
    made = [renew_with_money(uow, RenewWithMoney(Renew(row.id, signed_on=wish.on), AS_BEFORE)) for row in rows]
    uow.name(names=_names(uow, rows), count=len(rows))
    return tuple(made)


def _undecided(uow: UnitOfWork, contract_id: int, version: int | None = None) -> Contract:
    row = uow.get(Contract, contract_id, version)
    if row.renewal_state != RenewalState.OPEN:
        sentence = _("The outcome of {number} is recorded already: open its account to correct it.")
        raise Problems([Problem("", sentence.format(number=row.number), code="decided")])
    return row


def _ending_lines(uow: UnitOfWork, row: Contract) -> list[ContractLine]:
    """The recurring lines that run to the end."""
    lines = [line for line in alive_lines(uow, row.id) if line.recurring]
    return [line for line in lines if row.end_on is None or line.end_on is None or line.end_on >= row.end_on]


def _refuse_rise_above(fields: OutcomeFields) -> None:
    final = line_arr(fields.amount, fields.start_on, fields.end_on)
    if final is not None and fields.agreed_rise is not None and int(fields.agreed_rise * 100) > final:
        words = _("The next term comes to {final} a year; a price rise in it cannot be more.")
        raise Problems([Problem("agreed_rise", words.format(final=formats.cents(final)), code="too_much")])


def _next_lines(before: list[ContractLine], fields: OutcomeFields) -> tuple[NextLine, ...]:
    amount, rise = (int((value or Decimal(0)) * 100) for value in (fields.amount, fields.agreed_rise))
    if not before:
        return (NextLine(None, "", fields.seats, to_amount(amount), to_amount(rise) if rise else None),)
    worth = [line.arr_cents or 0 for line in before]
    same = same_prices(before, fields.start_on, fields.end_on)
    parts = same if sum(same) == amount else spread(amount, worth)
    return tuple(
        NextLine(
            line.id, line.products, fields.seats if fields.seats is not None and len(before) == 1 else line.seats,
            to_amount(part), to_amount(more) if rise else None,
        )
        for line, part, more in zip(before, parts, spread(rise, worth), strict=True)
    )  # fmt: skip


def _arr_of(uow: UnitOfWork, contract_id: int) -> int:
    return sum(line.arr_cents or 0 for line in alive_lines(uow, contract_id) if line.recurring)


def foretold(found: Proposal, fields: OutcomeFields) -> Split | None:
    """How a renewal that is being typed would split; None while term or amount are not known."""
    old, final = found.arr_cents, line_arr(fields.amount, fields.start_on, fields.end_on)
    if (fields.amount, fields.start_on, fields.end_on) == (found.amount, found.start_on, found.end_on):
        final = old
    return None if final is None else split(old, final, int((fields.agreed_rise or Decimal(0)) * 100))


def _names(uow: UnitOfWork, rows: list[Contract]) -> str:
    ids = [row.account_id for row in rows]
    found = uow.session.execute(select(Account.id, Account.short_name, Account.name).where(Account.id.in_(ids)))
    shown = {row.id: row.short_name or row.name for row in found}
    return named([shown[account] for account in dict.fromkeys(ids)])
