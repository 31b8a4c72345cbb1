"""How money to come in is put into words and lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import HOME_CURRENCY, Channel
from csdesk.services.core import formats
from csdesk.services.core.money import to_amount
from csdesk.services.core.texts import C_, _, ngettext
from csdesk.services.receivables.rules import AS_BEFORE, PAID_STATES, RHYTHMS, PaidState, Rhythm, rate_text
from csdesk.ui.core.lines import Badge, Line

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import (
        AccountMoney,
        ContractFacts,
        InstalmentRow,
        InvoiceRow,
        Money,
        PaymentRow,
        ReminderRow,
    )
    from csdesk.services.settings.rates import Rates

TONES: Mapping[str, str] = {
    PaidState.OVERDUE: "overdue",
    PaidState.PART: "warn",
    PaidState.OPEN: "line",
    PaidState.PAID: "ok",
}


def rhythms_to_follow() -> tuple[tuple[str, str], ...]:
    """How a contract that follows another may be paid, to choose from."""
    rhythms = tuple((rhythm.value, _(label)) for rhythm, label in RHYTHMS.items() if rhythm != Rhythm.CUSTOM)
    return (("", _("none yet")), (AS_BEFORE, _("As the old contract")), *rhythms)


def stored_word(key: str, value: str) -> str:
    """A stored word of a column for people."""
    return _(PAID_STATES[PaidState(value)]) if key == "standing" else str(value)


def in_currency(cents: int, currency: str) -> str:
    """An amount in cents with its currency."""
    return formats.money_in(to_amount(cents), currency)


def sums_text(by_currency: Mapping[str, int], rates: Rates | None) -> str:
    """Sums by currency, each by itself; in the home currency together where there is a rate for every one of them."""
    shown = {code: cents for code, cents in by_currency.items() if cents}
    if not shown:
        return in_currency(0, HOME_CURRENCY)
    words = " + ".join(in_currency(cents, code) for code, cents in shown.items())
    if shown.keys() == {HOME_CURRENCY} or rates is None:
        return words
    home = [rates.home_cents(cents, code) for code, cents in shown.items()]
    if any(cents is None for cents in home):
        return words
    return _("{sums} (together {amount} at today's rates)").format(
        sums=words, amount=in_currency(sum(cents or 0 for cents in home), HOME_CURRENCY)
    )


def open_sums(totals: Mapping[str, Any]) -> dict[str, int]:
    """What is open by currency, from the sums of the list; the home currency first."""
    found = {key.removeprefix("open_"): int(value or 0) for key, value in totals.items() if key.startswith("open_")}
    return dict(sorted(found.items(), key=lambda entry: entry[0] != HOME_CURRENCY))


def instalment_name(row: InstalmentRow) -> str:
    """Instalment 2 of 4."""
    return _("Instalment {n} of {count}").format(n=row.place, count=row.count)


def dotted(parts: tuple[str, ...]) -> str:
    """What there is of these, with dots between."""
    return " \u00b7 ".join(part for part in parts if part)


def money_lines(view: AccountMoney, today: date) -> list[Line]:
    """By contract its instalments, each with its invoices and reminders, then its payments."""
    lines: list[Line] = []
    for contract in view.contracts:
        own = [row for row in view.money.instalments if row.contract_id == contract.id]
        paid = [row for row in view.money.payments if row.contract_id == contract.id]
        lines.append(_heading(contract, own, paid, view.money))
        for row in own:
            lines.append(_instalment(row, today))
            lines += [_invoice(one, row.currency) for one in view.money.invoices if one.receivable_id == row.id]
            lines += [_reminder(one, today) for one in view.money.reminders if one.receivable_id == row.id]
        named = {row.id: row for row in own}
        lines += [_payment(one, named, contract.currency, today) for one in paid]
        if not own and not paid:
            lines.append(Line(("plan", contract.id), _("No instalments yet: Enter makes them"), bold=False, muted=True))
    return lines


def _heading(contract: ContractFacts, own: list[InstalmentRow], paid: list[PaymentRow], money: Money) -> Line:
    collected, missing = sum(row.amount for row in paid), sum(row.missing for row in own)
    credit = money.credit.get(contract.id, 0)
    parts = (
        _("collected {amount}").format(amount=in_currency(collected, contract.currency)),
        _("open {amount}").format(amount=in_currency(missing, contract.currency)),
        _("credit {amount}").format(amount=in_currency(credit, contract.currency)) if credit else "",
    )
    return Line(("heading", contract.id), contract.number or _("(no number)"), note=dotted(parts), section=True)


def days_to_pay(row: InstalmentRow, today: date) -> str:
    """How long there is to pay an instalment, or how long it is overdue; "" where nothing is asked for any more."""
    if row.due_on is None or not row.missing:
        return ""
    late = (today - row.due_on).days
    if late > 0:
        return ngettext("{n} day overdue", "{n} days overdue", late).format(n=formats.number(late))
    return formats.days_left(row.due_on, today)


def _instalment(row: InstalmentRow, today: date) -> Line:
    state = row.state(today)
    part = row.paid and row.missing
    reminded = ngettext("reminded once", "reminded {n} times", row.reminders).format(n=row.reminders)
    said = (
        days_to_pay(row, today) if state == PaidState.OVERDUE else "",
        _("paid {amount}").format(amount=formats.cents(row.paid)) if part else "",
        _("open {amount}").format(amount=formats.cents(row.missing)) if part else "",
        reminded if row.reminders else "",
        row.notes,
    )
    return Line(
        ("instalment", row.id), instalment_name(row), dotted(said),
        left=formats.day_iso(row.due_on) if row.due_on is not None else _("no day"), icon="money",
        badges=(Badge(_(PAID_STATES[state]), TONES[state]),), right=in_currency(row.amount, row.currency),
        bold=state != PaidState.PAID,
    )  # fmt: skip


def _invoice(row: InvoiceRow, currency: str) -> Line:
    sent = (
        _(C_("an invoice", "sent {day}")).format(day=formats.day_iso(row.sent_on))
        if row.sent_on is not None
        else _("not sent yet")
    )
    rate = _("tax {rate}").format(rate=rate_text(row.tax_rate)) if row.tax_rate is not None else ""
    return Line(
        ("invoice", row.id), _("Invoice {number}").format(number=row.number), dotted((rate, sent, row.notes)),
        left=formats.day_iso(row.invoiced_on), icon="sheet", bold=False,
        right=formats.money_in(row.amount, currency) if row.amount is not None else "",
    )  # fmt: skip


def _reminder(row: ReminderRow, today: date) -> Line:
    channel = _(Channel(row.channel).label) if row.channel else ""
    return Line(
        ("reminder", row.id), _("Reminded"), dotted((channel, row.reminded_by, " ".join(row.text.split()))),
        left=formats.day_iso(row.reminded_on), icon="mail", bold=False, muted=True,
    )  # fmt: skip


def _payment(row: PaymentRow, named: Mapping[int, InstalmentRow], currency: str, today: date) -> Line:
    on = named.get(row.receivable_id or 0)
    where = instalment_name(on) if on is not None else _("named to no instalment")
    return Line(
        ("payment", row.id), _("Payment"), dotted((where, row.reference, row.notes)),
        left=formats.day_iso(row.paid_on) if row.paid_on is not None else _("no day"), icon="check", bold=False,
        right=f"+ {in_currency(row.amount, currency)}",
    )  # fmt: skip
