"""What happens to a contract once it is signed, each as entries of the ledger: amended, extended, renewed, terminated,
not renewed, corrected.

A line is never written over: it ends the day before, another follows it. Entries are only added, so that the ARR of any
day is a replay of them from the contracts as signed (``arr_on``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.vocabulary import (
    ContractAction,
    ContractEventKind,
    RenewalCause,
    RenewalKind,
    RenewalStage,
    RenewalState,
)
from csdesk.services.contracts.rules import line_arr
from csdesk.services.contracts.states import CONTRACT_ACTIONS, next_number, next_term, price_of, rest_of, state_of
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.settings.queries import setting

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LineChange:
    """What becomes of one line; ``line_id`` None adds a line. Empty words and None keep what the line has.

    ``amount`` is the whole price of the new line from that day to its end (None: the price stays); ``arr_cents`` its ARR
    where that was agreed and the price made of it (None: by the price).
    """

    line_id: int | None = None
    products: str = ""
    seats: int | None = None
    amount: Decimal | None = None
    recurring: bool = True
    drop: bool = False
    arr_cents: int | None = None


@dataclass(frozen=True)
class Amend:
    """Lines of a contract change from a day on, inside its term."""

    id: int
    from_on: date
    changes: tuple[LineChange, ...]
    note: str = ""
    cause: RenewalCause | None = None
    version: int | None = None


@dataclass(frozen=True)
class Extend:
    """A contract runs on to a later end. ``amount`` for the days added (None: same price; 0: free, ARR stays)."""

    id: int
    end_on: date
    amount: Decimal | None = None
    note: str = ""
    version: int | None = None


@dataclass(frozen=True)
class NextLine:
    """A line of the contract that follows, for its whole term; ``line_id`` is the line that it follows, None: new.

    ``agreed_rise`` is the part of its ARR that is a price rise which the old contract had agreed; ``arr_cents`` its ARR
    where that was agreed and the price made of it (None: by the price).
    """

    line_id: int | None
    products: str
    seats: int | None
    amount: Decimal | None
    agreed_rise: Decimal | None = None
    recurring: bool = True
    arr_cents: int | None = None


@dataclass(frozen=True)
class Renew:
    """The next contract, made from the one that ends; what is left out is carried on from there.

    Without ``lines`` they are copied at the same price; ``number`` "" is proposed; the term follows the old one and is
    as long; it was signed today (an automatic renewal: on the last day of the old term).
    """

    id: int
    number: str = ""
    start_on: date | None = None
    end_on: date | None = None
    signed_on: date | None = None
    lines: tuple[NextLine, ...] | None = None
    kind: RenewalKind = RenewalKind.BY_HAND
    cause: RenewalCause | None = None
    note: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Terminate:
    """A contract ends before its time, with ``ends_on`` as its last day; ``agreed_on`` None is today."""

    id: int
    ends_on: date
    cause: RenewalCause | None
    note: str = ""
    agreed_on: date | None = None
    version: int | None = None


@dataclass(frozen=True)
class MarkLost:
    """A contract will not be renewed; it runs to its end. ``decided_on`` None is today."""

    id: int
    cause: RenewalCause | None
    note: str = ""
    decided_on: date | None = None
    version: int | None = None


@dataclass(frozen=True)
class CorrectOutcome:
    """What was decided at a contract's end was wrong: it is open again."""

    id: int
    note: str = ""
    version: int | None = None


@command(N_("Contract amended: {number}"))
def amend_contract(uow: UnitOfWork, wish: Amend) -> tuple[int, ...]:
    """End lines the day before and let others follow; the difference is dated ``from_on``. Returns the events' ids.

    Raises Problems at ``from_on``, ``line_id`` or ``amount``.
    """
    row = _open(uow, wish.id, ContractAction.AMEND, wish.version)
    begins = wish.from_on
    if row.start_on is None or row.end_on is None:
        raise _problem("from_on", _("Enter start and end of the contract first."), "no_term")
    if not row.start_on < begins <= row.end_on:
        words = _("The day must lie inside the term, after {start} and not after {end}.")
        raise _problem("from_on", words.format(start=row.start_on, end=row.end_on), "outside")
    following = successor(uow, row.id)
    if following is not None and following.start_on is not None and begins >= following.start_on:
        words = _("Contract {number} follows from {start} on; amend that one.")
        raise _problem("from_on", words.format(number=following.number, start=following.start_on), "followed")
    if not wish.changes:
        raise _problem("line_id", _("Say which line changes."), "missing")
    followed_on = None if following is None else following.start_on
    events = [_change_line(uow, row, begins, change, wish, followed_on) for change in wish.changes]
    uow.name(number=row.number)
    return tuple(event.id for event in events)


@command(N_("Contract extended: {number}"))
def extend_contract(uow: UnitOfWork, wish: Extend) -> None:
    """Let the lines that run to the end be followed up to a later one. Raises Problems at ``end_on`` and ``amount``."""
    row = _open(uow, wish.id, ContractAction.EXTEND, wish.version)
    end = row.end_on
    if end is None:
        raise _problem("end_on", _("Enter the end of the contract first."), "no_term")
    if wish.end_on <= end:
        raise _problem("end_on", _("The new end must lie after {end}.").format(end=end), "order")
    lines = [line for line in alive_lines(uow, row.id) if line.recurring and (line.end_on or end) >= end]
    if wish.amount and not lines:
        words = _(
            "No recurring line runs to the end that this could be paid for; leave it empty, or amend with a new line."
        )
        raise _problem("amount", words, "no_line")
    shares = _shares(wish.amount, [line.arr_cents for line in lines])
    added = Decimal(0)
    for line, share in zip(lines, shares, strict=True):
        price = share
        if price is None and line.arr_cents is not None:
            price = price_of(line.arr_cents, end + _DAY, wish.end_on)
        new = _line(row.id, line.products, line.seats, price, end + _DAY, wish.end_on, follows=line.id)
        if share is None or not price:
            new.arr_cents = line.arr_cents
        uow.add(new)
        added += price or 0
        _note(uow, row, ContractEventKind.EXTENDED, end + _DAY, line, new, note=wish.note)
    if not lines:
        _note(uow, row, ContractEventKind.EXTENDED, end + _DAY, note=wish.note)
    _keep_planned_end(row)
    row.end_on = wish.end_on
    row.amount = row.amount + added if row.amount is not None else row.amount
    row.notice_on = None if row.notice_on is None else row.notice_on + (wish.end_on - end)
    uow.name(number=row.number)


@command(N_("Contract renewed: {number} → {next}"))
def renew_contract(uow: UnitOfWork, wish: Renew) -> int:
    """Make the next contract and close the old one as renewed, in one step. Returns the new contract's id.

    One closed as churned is corrected where it was signed again inside the grace days; after them the loss stays and the
    new term is a win-back, which is asked first. Raises Problems at ``predecessor_id``, ``number``, ``signed_on``,
    ``start_on``, ``end_on``.
    """
    old = uow.get(Contract, wish.id, wish.version)
    refuse_second_renewal(uow, old)
    _allowed(uow, old, ContractAction.RENEW)
    if old.end_on is None:
        raise _problem("predecessor_id", _("Enter the end of the contract first."), "no_term")
    start, end = _next_days(old, wish)
    automatic = wish.kind == RenewalKind.AUTOMATIC
    _not_ahead(uow, "signed_on", wish.signed_on)
    signed = wish.signed_on or (old.end_on if automatic else uow.today)
    won_back = not in_grace(uow, old, signed)
    if won_back:
        words = _("The grace days of {number} are over: the loss stays, and the new term counts as won back.")
        uow.confirm("won_back", words.format(number=old.number), _("Win back"))
    new = _next_contract(uow, old, wish, start, end, signed)
    before = [line for line in alive_lines(uow, old.id) if line.recurring]
    wanted = wish.lines if wish.lines is not None else _copied(before, old.end_on, start, end)
    after = [_next_line(new, line, start, end, follow=not won_back) for line in wanted]
    _keep_arr(wanted, before, after)
    for line in after:
        uow.add(line)
    amounts = [line.amount for line in after if line.amount is not None]
    new.amount = sum(amounts, Decimal(0)) if amounts else None
    if won_back:
        _close_unanswered(uow, old)
        for line in after:
            _note(uow, new, ContractEventKind.SIGNED, start, None, line, cause=wish.cause, note=wish.note)
    else:
        if old.renewal_state == RenewalState.CHURNED:
            _note(uow, old, ContractEventKind.CORRECTED, start, cause=old.renewal_cause, note=old.renewal_reason)
        _note_renewal(uow, old, wish, before, after, start)
        old.renewal_state, old.decided_on, old.renewal_kind = RenewalState.RENEWED, signed, wish.kind
        old.renewal_cause, old.renewal_reason, old.stage = wish.cause, wish.note, RenewalStage.SIGNED
    uow.name(number=old.number, next=new.number)
    return new.id


@command(N_("Contract terminated: {number}"))
def terminate_contract(uow: UnitOfWork, wish: Terminate) -> None:
    """End a contract and its lines early; the end as signed is kept.

    Raises Problems at ``ends_on``, ``cause`` and ``agreed_on``.
    """
    row = _open(uow, wish.id, ContractAction.TERMINATE, wish.version)
    last = wish.ends_on
    if row.start_on is None or row.end_on is None:
        raise _problem("ends_on", _("Enter start and end of the contract first."), "no_term")
    if not row.start_on <= last < row.end_on:
        words = _("The last day must lie inside the term, from {start} and before {end}.")
        raise _problem("ends_on", words.format(start=row.start_on, end=row.end_on), "outside")
    _need_cause(wish.cause)
    _not_ahead(uow, "agreed_on", wish.agreed_on)
    for line in alive_lines(uow, row.id):
        if line.end_on is not None and line.end_on <= last:
            continue
        _note(uow, row, ContractEventKind.TERMINATED, last + _DAY, line, None, cause=wish.cause, note=wish.note)
        if line.start_on is not None and line.start_on > last:
            uow.bin(line)
        else:
            _end_line(line, last, row)
    _keep_planned_end(row)
    row.end_on, row.terminated_on = last, wish.agreed_on or uow.today
    _close_lost(row, wish.cause, wish.note, row.terminated_on)
    uow.name(number=row.number)


@command(N_("Not renewed: {number}"))
def mark_lost(uow: UnitOfWork, wish: MarkLost) -> None:
    """Close a contract as churned, with its cause. Raises Problems at ``cause`` and ``decided_on``."""
    row = _open(uow, wish.id, ContractAction.LOSE, wish.version)
    _need_cause(wish.cause)
    _not_ahead(uow, "decided_on", wish.decided_on)
    _note_loss(uow, row, wish.cause, wish.note)
    _close_lost(row, wish.cause, wish.note, wish.decided_on or uow.today)
    uow.name(number=row.number)


@command(N_("Outcome corrected: {number}"))
def correct_outcome(uow: UnitOfWork, wish: CorrectOutcome) -> None:
    """Open a contract's renewal again. Raises Problems at ``predecessor_id`` while another contract follows."""
    row = _open(uow, wish.id, ContractAction.CORRECT, wish.version)
    following = successor(uow, row.id)
    if following is not None:
        words = _("{next} follows {number}: delete that one, and {number} is open again by itself.")
        raise _problem("predecessor_id", words.format(number=row.number, next=following.number), "renewed")
    open_again(uow, row, wish.note)
    uow.name(number=row.number)


def open_again(uow: UnitOfWork, row: Contract, note: str = "") -> None:
    """What was decided at a contract's end is undecided again; the ledger says so."""
    _note(uow, row, ContractEventKind.CORRECTED, row.end_on, cause=row.renewal_cause, note=note)
    row.renewal_state, row.decided_on, row.renewal_kind = RenewalState.OPEN, None, None
    row.renewal_cause, row.renewal_reason, row.stage = None, "", RenewalStage.CONTACTED


def renewed_by(uow: UnitOfWork, row: Contract, new: Contract) -> None:
    """A contract counts as renewed by hand, on the day on which what follows it was signed."""
    row.renewal_state, row.decided_on = RenewalState.RENEWED, new.signed_on or uow.today
    row.renewal_kind, row.stage = RenewalKind.BY_HAND, RenewalStage.SIGNED


def alive_lines(uow: UnitOfWork, contract_id: int) -> list[ContractLine]:
    """A contract's lines in the order in which they were made."""
    uow.session.flush()
    chosen = select(ContractLine).where(ContractLine.contract_id == contract_id, ContractLine.deleted_at.is_(None))
    return list(uow.session.scalars(chosen.order_by(ContractLine.id)))


def successor(uow: UnitOfWork, contract_id: int, own: int | None = None) -> Contract | None:
    """The contract that follows one, another than ``own``."""
    following = select(Contract).where(Contract.predecessor_id == contract_id, Contract.deleted_at.is_(None))
    return uow.session.scalars(following.where(Contract.id != (own or 0)).limit(1)).first()


def refuse_second_renewal(uow: UnitOfWork, row: Contract, own: int | None = None) -> None:
    """Raises Problems where a contract is followed already, by another than ``own``."""
    following = successor(uow, row.id, own)
    if following is not None:
        words = _("Contract {number} is renewed already, by {next}. Renew that one.")
        raise _problem("predecessor_id", words.format(number=row.number, next=following.number), "renewed")


def in_grace(uow: UnitOfWork, row: Contract, signed: date) -> bool:
    """Whether a signature on this day still renews a contract."""
    grace = int(setting(uow.connection, "figures.grace_days"))
    return row.end_on is None or signed <= row.end_on + timedelta(days=grace)


def note_correction(uow: UnitOfWork, row: Contract, line: ContractLine, arr_before: int | None) -> None:
    """A line that stands in the ledger was written over in the form: say so there, where its ARR became another."""
    if line.arr_cents != arr_before and in_ledger(uow, line.id):
        event = _note(uow, row, ContractEventKind.CORRECTED, line.start_on, line, line)
        event.arr_before_cents = arr_before or 0


def in_ledger(uow: UnitOfWork, line_id: int) -> bool:
    """Whether an entry of the ledger speaks of a line."""
    named = (ContractEvent.line_before_id == line_id) | (ContractEvent.line_after_id == line_id)
    return uow.session.scalar(select(ContractEvent.id).where(named, ContractEvent.deleted_at.is_(None))) is not None


def _open(uow: UnitOfWork, contract_id: int, action: ContractAction, version: int | None) -> Contract:
    row = uow.get(Contract, contract_id, version)
    _allowed(uow, row, action)
    return row


def _allowed(uow: UnitOfWork, row: Contract, action: ContractAction) -> None:
    state = state_of(row.start_on, row.end_on, row.renewal_state, row.terminated_on, uow.today)
    if action not in CONTRACT_ACTIONS[state]:
        words = _("Contract {number} is “{state}”; this cannot be done to it now.")
        raise _problem("id", words.format(number=row.number, state=_(state.label)), "state")


def _problem(field: str, sentence: str, code: str) -> Problems:
    return Problems([Problem(field, sentence, code=code)])


def _need_cause(cause: RenewalCause | None) -> None:
    if cause is None:
        raise _problem("cause", _("Choose a cause: the figures of churn rest on it."), "missing")


def _not_ahead(uow: UnitOfWork, field: str, day: date | None) -> None:
    if day is not None and day > uow.today:
        raise _problem(field, _("A decision cannot lie ahead of today."), "ahead")


def _keep_planned_end(row: Contract) -> None:
    if row.planned_end_on is None:
        row.planned_end_on = row.end_on


def _note(
    uow: UnitOfWork,
    row: Contract,
    kind: ContractEventKind,
    effective_on: date | None,
    before: ContractLine | None = None,
    after: ContractLine | None = None,
    *,
    cause: str | None = None,
    note: str = "",
) -> ContractEvent:
    uow.session.flush()
    return uow.add(
        ContractEvent(
            contract_id=row.id,
            kind=kind,
            effective_on=effective_on,
            noted_on=uow.today,
            noted_by=str(setting(uow.connection, "user.name")),
            line_before_id=None if before is None else before.id,
            line_after_id=None if after is None else after.id,
            arr_before_cents=_arr(before, other=after),
            arr_after_cents=_arr(after, other=before),
            cause=cause,
            note=note,
        )
    )


def _arr(line: ContractLine | None, other: ContractLine | None) -> int | None:
    """ARR on one side of an entry; an entry about the contract alone has none on either."""
    if line is None:
        return None if other is None else 0
    return line.arr_cents or 0


def _line(
    contract_id: int,
    products: str,
    seats: int | None,
    amount: Decimal | None,
    start: date,
    end: date | None,
    *,
    recurring: bool = True,
    follows: int | None = None,
    agreed_rise: Decimal | None = None,
) -> ContractLine:
    return ContractLine(
        contract_id=contract_id,
        products=products,
        seats=seats,
        amount=amount,
        recurring=recurring,
        start_on=start,
        end_on=end,
        arr_cents=line_arr(amount, start, end, recurring),
        predecessor_id=follows,
        agreed_rise=agreed_rise,
    )


def _change_line(
    uow: UnitOfWork, row: Contract, begins: date, change: LineChange, wish: Amend, followed_on: date | None
) -> ContractEvent:
    """One line of an amendment: the old one ends the day before, what follows it begins."""
    old_end = None if change.line_id is None else uow.get(ContractLine, change.line_id).end_on
    old, rest = _ending_line(uow, row, begins, change)
    new = None
    if not change.drop:
        end = old_end if old_end is not None else row.end_on
        if followed_on is not None and end is not None:
            end = min(end, followed_on - _DAY)
        new = _line(
            row.id,
            change.products or (old.products if old is not None else ""),
            change.seats if change.seats is not None or old is None else old.seats,
            change.amount if change.amount is not None else rest,
            begins,
            end,
            recurring=old.recurring if old is not None else change.recurring,
            follows=None if old is None else old.id,
        )
        if old is not None and change.amount is None:
            new.arr_cents = old.arr_cents
        elif change.arr_cents is not None:
            new.arr_cents = change.arr_cents
        uow.add(new)
    if row.amount is not None:
        row.amount += (Decimal(0) if new is None else new.amount or 0) - (rest or 0)
    kind = ContractEventKind.AMENDED
    return _note(uow, row, kind, begins, old, new, cause=wish.cause, note=wish.note)


def _ending_line(
    uow: UnitOfWork, row: Contract, begins: date, change: LineChange
) -> tuple[ContractLine | None, Decimal | None]:
    """The line that an amendment ends, ended, and the part of its amount that fell on the days from then on."""
    if change.line_id is None:
        if change.drop or change.amount is None:
            raise _problem("amount", _("Say what the new line costs up to its end."), "missing")
        return None, None
    line = uow.get(ContractLine, change.line_id)
    first, last = line.start_on or row.start_on, line.end_on or row.end_on
    if line.contract_id != row.id or first is None or last is None or not first < begins <= last:
        words = _("The line runs from {start} to {end}; the day must lie after its first.")
        raise _problem("from_on", words.format(start=first, end=last), "outside")
    rest = None if line.amount is None else rest_of(line.amount, first, last, begins)
    _end_line(line, begins - _DAY, row)
    return line, rest


def _end_line(line: ContractLine, last: date, row: Contract) -> None:
    """A line ends early: of its amount stays what fell on its days; its ARR was what it was."""
    first, end = line.start_on or row.start_on, line.end_on or row.end_on
    if line.amount is not None and line.recurring and first is not None and end is not None and last < end:
        line.amount -= rest_of(line.amount, first, end, last + _DAY)
    line.start_on, line.end_on = first, last


def _shares(amount: Decimal | None, arrs: list[int | None]) -> list[Decimal | None]:
    """An amount spread over lines by their ARR, to the cent; the last takes what is left."""
    if amount is None or not arrs:
        return [None] * len(arrs)
    whole = sum(arr or 0 for arr in arrs)
    cents, given, shares = int(amount * 100), 0, []
    for arr in arrs[:-1]:
        part = cents * (arr or 0) // whole if whole else cents // len(arrs)
        given += part
        shares.append(Decimal(part).scaleb(-2))
    return [*shares, Decimal(cents - given).scaleb(-2)]


def _next_days(old: Contract, wish: Renew) -> tuple[date, date]:
    """First and last day of the contract that follows; raises Problems."""
    assert old.end_on is not None
    start = wish.start_on or old.end_on + _DAY
    if old.start_on is not None and start <= old.start_on:
        words = _("It must start after the contract that it follows, {start}.")
        raise _problem("start_on", words.format(start=old.start_on), "order")
    end = wish.end_on
    if end is None:
        if old.start_on is None:
            raise _problem("end_on", _("Say when the new contract ends: the old one has no start."), "missing")
        end = next_term(old.start_on, old.planned_end_on or old.end_on, start)[1]
    if end < start:
        words = _("The end lies before the start, {start}; change one of them.")
        raise _problem("end_on", words.format(start=start), "order")
    return start, end


def _next_contract(uow: UnitOfWork, old: Contract, wish: Renew, start: date, end: date, signed: date) -> Contract:
    taken = set(
        uow.session.scalars(
            select(Contract.number).where(Contract.account_id == old.account_id, Contract.deleted_at.is_(None))
        )
    )
    number = wish.number or next_number(old.number, old.start_on, start, taken)
    if number in taken:
        words = _("This account already has a contract {number}.")
        raise _problem("number", words.format(number=number), "twice")
    assert old.end_on is not None
    winback = not in_grace(uow, old, signed)
    new = uow.add(
        Contract(
            account_id=old.account_id,
            number=number,
            currency=old.currency,
            signed_on=signed,
            start_on=start,
            end_on=end,
            auto_renew=old.auto_renew,
            payment_terms=old.payment_terms,
            predecessor_id=None if winback else old.id,
            notice_on=None if old.notice_on is None else end - (old.end_on - old.notice_on),
        )
    )
    uow.session.flush()
    return new


def _keep_arr(wanted: Sequence[NextLine], before: list[ContractLine], after: list[ContractLine]) -> None:
    """What goes on at the same price is worth the same a year, to the cent, however the price of its term was rounded."""
    known = {line.id: line for line in before}
    for wish, line in zip(wanted, after, strict=True):
        line.arr_cents = line.arr_cents if wish.arr_cents is None else wish.arr_cents
        old = known.get(wish.line_id or 0)
        if (
            wish.arr_cents is not None
            or old is None
            or old.arr_cents is None
            or wish.agreed_rise
            or line.start_on is None
            or line.end_on is None
        ):
            continue
        if wish.amount == _same_price(old, line.start_on, line.end_on):
            line.arr_cents = old.arr_cents


def same_prices(lines: Sequence[ContractLine], start: date | None, end: date | None) -> list[int]:
    """What each line costs in another term at the same price, in cents; as before where its ARR is not known."""
    if start is None or end is None:
        return [0] * len(lines)
    prices = [line.amount if line.arr_cents is None else _same_price(line, start, end) for line in lines]
    return [int((price or 0) * 100) for price in prices]


def _copied(lines: list[ContractLine], ended: date, start: date, end: date) -> tuple[NextLine, ...]:
    """The lines that run to the end of a term and that no other has taken the place of, at the same price for the next."""
    replaced = {line.predecessor_id for line in lines}
    return tuple(
        NextLine(
            line.id,
            line.products,
            line.seats,
            line.amount if line.arr_cents is None else _same_price(line, start, end),
            recurring=line.recurring,
        )
        for line in lines
        if (line.end_on is None or line.end_on >= ended) and line.id not in replaced
    )


def _same_price(line: ContractLine, start: date, end: date) -> Decimal:
    assert line.arr_cents is not None
    if line.amount is not None and line_arr(line.amount, start, end) == line.arr_cents:
        return line.amount
    return price_of(line.arr_cents, start, end)


def _next_line(new: Contract, line: NextLine, start: date, end: date, *, follow: bool) -> ContractLine:
    return _line(
        new.id,
        line.products,
        line.seats,
        line.amount,
        start,
        end,
        recurring=line.recurring,
        follows=line.line_id if follow else None,
        agreed_rise=line.agreed_rise,
    )


def _note_renewal(
    uow: UnitOfWork, old: Contract, wish: Renew, before: list[ContractLine], after: list[ContractLine], start: date
) -> None:
    """What each line became: followed, dropped, new."""
    assert old.end_on is not None
    until = min(start - _DAY, old.end_on)
    followed = {line.predecessor_id: line for line in after if line.predecessor_id is not None}
    kind, cause, note = ContractEventKind.RENEWED, wish.cause, wish.note
    for line in before:
        if line.end_on is None or line.end_on >= until:
            _note(uow, old, kind, start, line, followed.pop(line.id, None), cause=cause, note=note)
    for line in after:
        if line.predecessor_id is None or line.predecessor_id in followed:
            _note(uow, old, kind, start, None, line, cause=cause, note=note)
    if not before and not after:
        _note(uow, old, kind, start, cause=cause, note=note)


def _note_loss(uow: UnitOfWork, row: Contract, cause: str | None, note: str) -> None:
    day = None if row.end_on is None else row.end_on + _DAY
    ending = [line for line in alive_lines(uow, row.id) if line.end_on is None or line.end_on == row.end_on]
    for line in ending:
        _note(uow, row, ContractEventKind.LOST, day, line, None, cause=cause, note=note)
    if not ending:
        _note(uow, row, ContractEventKind.LOST, day, cause=cause, note=note)


def _close_lost(row: Contract, cause: str | None, note: str, decided_on: date) -> None:
    row.renewal_state, row.decided_on = RenewalState.CHURNED, decided_on
    row.renewal_cause, row.renewal_reason, row.stage = cause, note, RenewalStage.LOST


def _close_unanswered(uow: UnitOfWork, row: Contract) -> None:
    """A renewal on which nobody decided inside the grace days is a loss."""
    if row.renewal_state != RenewalState.OPEN or row.end_on is None:
        return
    grace = int(setting(uow.connection, "figures.grace_days"))
    _note_loss(uow, row, None, "")
    _close_lost(row, None, "", row.end_on + timedelta(days=grace))
