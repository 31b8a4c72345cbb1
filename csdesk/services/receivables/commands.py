"""Making instalments, laying payments against them, writing invoices down: each one step that undo takes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import select

from csdesk.models.base import from_cents, to_cents
from csdesk.models.contracts import Contract
from csdesk.models.receivables import Invoice, Payment, Receivable
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.core import formats
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.receivables.queries import InstalmentRow, instalments_by_id, missing_of
from csdesk.services.receivables.rules import Instalment, InvoiceFields, PaymentFields, Rhythm, instalments


@dataclass(frozen=True)
class PlanInstalments:
    """All instalments of a contract, in order: those that stand there already are changed in place."""

    contract_id: int
    rows: tuple[Instalment, ...]


@dataclass(frozen=True)
class NewPlannedContract:
    """A contract with its instalments; ``rhythm`` None makes none."""

    contract: NewContract
    rhythm: Rhythm | None = None


@dataclass(frozen=True)
class AddInstalment:
    """One more instalment of a contract."""

    contract_id: int
    fields: Instalment


@dataclass(frozen=True)
class ChangeInstalment:
    """New values; ``version`` as it was read."""

    id: int
    fields: Instalment
    version: int | None = None


@dataclass(frozen=True)
class Rows:
    """Some instalments, payments, invoices or reminders by id."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class EnterPayment:
    """One transfer. ``laid`` says how many cents go to which instalment, perhaps of several contracts of the account;
    what is left stays on ``contract_id`` without an instalment."""

    contract_id: int
    fields: PaymentFields
    laid: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class LayPayment:
    """The same for a payment that is there: what it was laid against before is forgotten."""

    id: int
    fields: PaymentFields
    laid: tuple[tuple[int, int], ...] = ()
    version: int | None = None


@dataclass(frozen=True)
class NewInvoice:
    """An invoice for an instalment."""

    receivable_id: int
    fields: InvoiceFields


@dataclass(frozen=True)
class ChangeInvoice:
    """New values; ``version`` as it was read."""

    id: int
    fields: InvoiceFields
    version: int | None = None


@command(N_("Instalments of {number} made"))
def plan_instalments(uow: UnitOfWork, wish: PlanInstalments) -> int:
    """Give a contract these instalments; returns how many. What was paid, invoiced and reminded stays with its instalment.

    Raises Problems where an instalment would become smaller than what was paid on it by name, or one would go that has
    an invoice. Payments that named an instalment which goes name none afterwards. Asks where the sum is not the
    contract's amount.
    """
    contract = uow.get(Contract, wish.contract_id)
    uow.name(number=contract.number)
    _ask_about_sum(uow, contract, wish.rows)
    there = _alive(uow, contract.id)
    for place, fields in enumerate(wish.rows):
        if place < len(there):
            row = there[place]
            _refuse_less_than_paid(uow, row, fields.amount, place + 1)
            row.due_on, row.amount, row.position = fields.due_on, fields.amount, place + 1
            row.notes = fields.notes or row.notes
        else:
            uow.add(
                Receivable(
                    contract_id=contract.id, position=place + 1, due_on=fields.due_on, amount=fields.amount,
                    notes=fields.notes,
                )
            )  # fmt: skip
    for place, row in enumerate(there[len(wish.rows) :], len(wish.rows) + 1):
        _refuse_invoiced(uow, row, place)
        _drop(uow, row)
    return len(wish.rows)


def _ask_about_sum(uow: UnitOfWork, contract: Contract, rows: Sequence[Instalment]) -> None:
    total = sum((row.amount for row in rows), Decimal(0))
    if contract.amount is not None and total != contract.amount:
        sentence = _("The instalments come to {sum}, the contract to {amount}. Take them as they are?")
        uow.confirm(
            "sum", sentence.format(sum=formats.money(total), amount=formats.money(contract.amount)), _("Take them")
        )


def _alive(uow: UnitOfWork, contract_id: int) -> list[Receivable]:
    return list(
        uow.session.scalars(
            select(Receivable)
            .where(Receivable.contract_id == contract_id, Receivable.deleted_at.is_(None))
            .order_by(Receivable.due_on.is_(None), Receivable.due_on, Receivable.position, Receivable.id)
        )
    )


def _place(uow: UnitOfWork, row: Receivable) -> int:
    """Which of its contract's instalments it is, as lists show it."""
    return next(place for place, other in enumerate(_alive(uow, row.contract_id), 1) if other.id == row.id)


def _paid_by_name(uow: UnitOfWork, receivable_id: int) -> list[Payment]:
    return list(
        uow.session.scalars(select(Payment).where(Payment.receivable_id == receivable_id, Payment.deleted_at.is_(None)))
    )


def _refuse_less_than_paid(uow: UnitOfWork, row: Receivable, amount: Decimal, place: int) -> None:
    paid = sum((payment.amount for payment in _paid_by_name(uow, row.id)), Decimal(0))
    if amount < min(paid, row.amount):
        sentence = _("On instalment {n} {paid} was paid already; it cannot become smaller than that.")
        raise Problems([Problem("amount", sentence.format(n=place, paid=formats.money(paid)), code="paid")])


def _refuse_invoiced(uow: UnitOfWork, row: Receivable, place: int) -> None:
    number = uow.session.scalar(
        select(Invoice.number).where(Invoice.receivable_id == row.id, Invoice.deleted_at.is_(None))
    )
    if number is not None:
        sentence = _("Instalment {n} has invoice {number}; it stays until that invoice is deleted.")
        raise Problems([Problem("", sentence.format(n=place, number=number), code="invoiced")])


def _drop(uow: UnitOfWork, row: Receivable) -> None:
    for payment in _paid_by_name(uow, row.id):
        payment.receivable_id = None
    uow.bin(row)


@command(N_("New contract: {number}"))
def create_planned_contract(uow: UnitOfWork, wish: NewPlannedContract) -> int:
    """Store a contract and its instalments; returns the contract's id. Raises Problems: no amount, no first day."""
    fields = wish.contract.fields
    if wish.rhythm is not None and (fields.amount is None or fields.start_on is None):
        missing = "amount" if fields.amount is None else "start_on"
        raise Problems([Problem(missing, _("Instalments need the amount and the first day."), code="missing")])
    made = create_contract(uow, wish.contract)
    if wish.rhythm is not None and fields.amount is not None and fields.start_on is not None:
        plan = instalments(wish.rhythm, fields.amount, fields.start_on, fields.end_on)
        plan_instalments(uow, PlanInstalments(made, plan))
    return made


@command(N_("New instalment of {number}"))
def add_instalment(uow: UnitOfWork, wish: AddInstalment) -> int:
    """Add an instalment; returns its id."""
    contract = uow.get(Contract, wish.contract_id)
    row = uow.add(
        Receivable(contract_id=contract.id, position=len(_alive(uow, contract.id)) + 1, **asdict(wish.fields))
    )
    uow.name(number=contract.number)
    return row.id


@command(N_("Instalment of {number} changed"))
def change_instalment(uow: UnitOfWork, wish: ChangeInstalment) -> None:
    """Store new values. Raises Conflict, and Problems where it becomes smaller than what was paid on it."""
    row = uow.get(Receivable, wish.id, wish.version)
    contract = uow.get(Contract, row.contract_id)
    _refuse_less_than_paid(uow, row, wish.fields.amount, _place(uow, row))
    row.due_on, row.amount, row.notes = wish.fields.due_on, wish.fields.amount, wish.fields.notes
    uow.name(number=contract.number)


@command(N_("Instalments of {number} deleted"))
def delete_instalments(uow: UnitOfWork, wish: Rows) -> None:
    """Into the bin; what was paid on them stays with their contract. Raises Problems where one has an invoice."""
    numbers = []
    for row in (uow.get(Receivable, row_id) for row_id in wish.ids):
        _refuse_invoiced(uow, row, _place(uow, row))
        numbers.append(uow.get(Contract, row.contract_id).number)
        _drop(uow, row)
    uow.name(number=_(", ").join(dict.fromkeys(numbers)))


@command(N_("Payment of {amount} on {number}"))
def enter_payment(uow: UnitOfWork, wish: EnterPayment) -> tuple[int, ...]:
    """Store a transfer as one row for each instalment; returns their ids.

    Raises Problems at an instalment's field where it would get more than it lacks, at "amount" where more is laid than
    came in. Asks where
    the payment is more than all that the contracts lack, and where the same transfer is there already.
    """
    contract = uow.get(Contract, wish.contract_id)
    _ask_about_twin(uow, contract, wish.fields)
    made = _lay(uow, contract, wish.fields, wish.laid, None)
    uow.name(amount=formats.money_in(wish.fields.amount, contract.currency), number=contract.number)
    return made


@command(N_("Payment of {amount} on {number} changed"))
def lay_payment(uow: UnitOfWork, wish: LayPayment) -> tuple[int, ...]:
    """Store other values of a payment and lay it anew; returns the ids of its rows. Raises as ``enter_payment``."""
    row = uow.get(Payment, wish.id, wish.version)
    contract = uow.get(Contract, row.contract_id)
    row.receivable_id = None
    uow.session.flush()
    made = _lay(uow, contract, wish.fields, wish.laid, row)
    uow.name(amount=formats.money_in(wish.fields.amount, contract.currency), number=contract.number)
    return made


def _ask_about_twin(uow: UnitOfWork, contract: Contract, fields: PaymentFields) -> None:
    if not fields.reference:
        return
    twin = uow.session.scalar(
        select(Payment.id).where(
            Payment.contract_id == contract.id, Payment.reference == fields.reference,
            Payment.paid_on == fields.paid_on, Payment.deleted_at.is_(None),
        )
    )  # fmt: skip
    if twin is not None:
        sentence = _("A payment with reference {reference} of this day is there already. Enter it a second time?")
        uow.confirm("twin", sentence.format(reference=fields.reference), _("Enter it"))


def _lay(
    uow: UnitOfWork, contract: Contract, fields: PaymentFields, laid: Iterable[tuple[int, int]], known: Payment | None
) -> tuple[int, ...]:
    wanted = {row_id: cents for row_id, cents in laid if cents > 0}
    targets = {row.id: row for row in instalments_by_id(uow.connection, list(wanted))}
    paid = to_cents(fields.amount)
    lacks = _missing_without(uow, targets.values(), known)
    _check_laid(wanted, targets, lacks, paid, contract)
    _ask_about_rest(uow, contract, targets.values(), paid, known)
    parts = [(targets[row_id].contract_id, row_id, cents) for row_id, cents in wanted.items()]
    rest = paid - sum(wanted.values())
    if rest > 0:
        parts.append((contract.id, None, rest))  # type: ignore[arg-type]
    made = []
    for place, (contract_id, row_id, cents) in enumerate(parts):
        row = known if known is not None and place == 0 else uow.add(Payment(contract_id=contract_id))
        row.contract_id, row.receivable_id, row.amount = contract_id, row_id, from_cents(cents)
        row.paid_on, row.reference, row.notes = fields.paid_on, fields.reference, fields.notes
        made.append(row.id)
    return tuple(made)


def _missing_without(uow: UnitOfWork, targets: Iterable[InstalmentRow], known: Payment | None) -> dict[int, int]:
    """What the instalments lack by name: money that names none makes room, it is laid anew behind this one."""
    found = {}
    for row in targets:
        named = sum(
            (payment.amount for payment in _paid_by_name(uow, row.id) if known is None or payment.id != known.id),
            Decimal(0),
        )
        found[row.id] = row.amount - to_cents(named)
    return found


def _check_laid(
    wanted: dict[int, int], targets: dict[int, InstalmentRow], lacks: dict[int, int], paid: int, contract: Contract
) -> None:
    problems = []
    for row_id, cents in wanted.items():
        row = targets.get(row_id)
        if row is None or row.currency != contract.currency or row.account_id != contract.account_id:
            sentence = _("An instalment is not there any more, or of another account or currency.")
            problems.append(Problem(laid_field(row_id), sentence, code="unknown"))
        elif cents > lacks[row_id]:
            words = _("Instalment {n} of {contract} lacks {missing}; more cannot be laid on it.").format(
                n=row.place, contract=row.contract, missing=formats.cents(max(0, lacks[row_id]))
            )
            problems.append(Problem(laid_field(row_id), words, code="too_much"))
    if sum(wanted.values()) > paid:
        sentence = _("{laid} is laid on instalments, but {paid} came in.")
        words = sentence.format(laid=formats.cents(sum(wanted.values())), paid=formats.cents(paid))
        problems.append(Problem("amount", words, code="too_little"))
    if problems:
        raise Problems(problems)


def laid_field(receivable_id: int) -> str:
    """The field of a form that says how much is laid on an instalment."""
    return f"laid.{receivable_id}"


def _ask_about_rest(
    uow: UnitOfWork, contract: Contract, targets: Iterable[InstalmentRow], paid: int, known: Payment | None
) -> None:
    """Money above all that is owed on the contracts concerned stays as credit, once that was confirmed."""
    contracts = list({contract.id, *(row.contract_id for row in targets)})
    owed = sum(missing for _id, missing in missing_of(uow.connection, contracts))
    if known is not None:
        owed += to_cents(known.amount)
    if paid > owed:
        sentence = _(
            "{paid} is {over} more than is owed, {owed}. What is too much stays on contract {number} as credit."
        )
        words = sentence.format(
            paid=formats.cents(paid), over=formats.cents(paid - owed), owed=formats.cents(owed), number=contract.number
        )
        uow.confirm("over", words, _("Enter it"))


@command(N_("Payments deleted: {amount}"))
def delete_payments(uow: UnitOfWork, wish: Rows) -> None:
    """Into the bin."""
    rows = [uow.get(Payment, row_id) for row_id in wish.ids]
    uow.name(amount=formats.money(sum((row.amount for row in rows), Decimal(0))), count=len(rows))
    for row in rows:
        uow.bin(row)


@command(N_("Invoice {number} noted"))
def create_invoice(uow: UnitOfWork, wish: NewInvoice) -> int:
    """Store an invoice; returns its id. Asks where the number is there already, or all invoices above the instalment's amount."""
    row = uow.get(Receivable, wish.receivable_id)
    _ask_about_number(uow, wish.fields.number, None)
    _ask_about_amount(uow, row, wish.fields.amount, None)
    made = uow.add(Invoice(receivable_id=row.id, **asdict(wish.fields)))
    uow.name(number=made.number)
    return made.id


@command(N_("Invoice {number} changed"))
def change_invoice(uow: UnitOfWork, wish: ChangeInvoice) -> None:
    """Store new values. Raises Conflict; asks as ``create_invoice`` does."""
    row = uow.get(Invoice, wish.id, wish.version)
    _ask_about_number(uow, wish.fields.number, row.id)
    _ask_about_amount(uow, uow.get(Receivable, row.receivable_id), wish.fields.amount, row.id)
    for key, value in asdict(wish.fields).items():
        setattr(row, key, value)
    uow.name(number=row.number)


def _ask_about_number(uow: UnitOfWork, number: str, own: int | None) -> None:
    twin = uow.session.scalar(
        select(Invoice.id).where(Invoice.number == number, Invoice.deleted_at.is_(None), Invoice.id != (own or 0))
    )
    if twin is not None:
        sentence = _("Invoice {number} stands at another instalment already. Is it one for both?")
        uow.confirm("number", sentence.format(number=number), _("One for both"))


def _ask_about_amount(uow: UnitOfWork, row: Receivable, amount: Decimal | None, own: int | None) -> None:
    others = uow.session.scalars(
        select(Invoice.amount).where(
            Invoice.receivable_id == row.id, Invoice.deleted_at.is_(None), Invoice.id != (own or 0)
        )
    )
    known = sum((other for other in others if other is not None), Decimal(0))
    if amount is not None and amount + known > row.amount:
        sentence = _("The invoice says {invoice}, its instalment {amount}. Note it as it is?")
        if known:
            sentence = _("With this one its invoices come to {invoice}, the instalment to {amount}. Note it as it is?")
        words = sentence.format(invoice=formats.money(amount + known), amount=formats.money(row.amount))
        uow.confirm("amount", words, _("Note it"))


@command(N_("Invoices deleted: {number}"))
def delete_invoices(uow: UnitOfWork, wish: Rows) -> None:
    """Into the bin."""
    rows = [uow.get(Invoice, row_id) for row_id in wish.ids]
    uow.name(number=_(", ").join(row.number for row in rows))
    for row in rows:
        uow.bin(row)
