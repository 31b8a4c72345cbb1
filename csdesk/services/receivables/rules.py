"""Instalments from payment terms, how far each is paid, how old a debt is, what a payment is laid against. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import partial

from csdesk.models.vocabulary import C_, N_, Channel
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.money import CENT, anniversary, term_months, typed_amount
from csdesk.services.core.texts import _
from csdesk.services.core.values import Unreadable, parse_amount, parse_day, plain
from csdesk.services.receivables.wordlists import payment_words

MOST_INSTALMENTS = 120
ZERO = Decimal(0)
AS_BEFORE = "as_before"
"""A contract that follows another is paid as that one."""
NO_DAY = "-"
"""Stands in a table for a day that was not agreed."""


class Rhythm(StrEnum):
    """How a contract is paid."""

    ONCE = "once"
    HALVES = "halves"
    YEARLY = "yearly"
    HALF_YEARLY = "half_yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    CUSTOM = "custom"


RHYTHMS: dict[Rhythm, str] = {
    Rhythm.ONCE: N_("All at once"),
    Rhythm.HALVES: N_("Half at the start, half in the middle"),
    Rhythm.YEARLY: N_("Every year"),
    Rhythm.HALF_YEARLY: N_("Every half year"),
    Rhythm.QUARTERLY: N_("Every quarter"),
    Rhythm.MONTHLY: N_("Every month"),
    Rhythm.CUSTOM: N_("By a table of its own"),
}
MONTHS = {Rhythm.YEARLY: 12, Rhythm.HALF_YEARLY: 6, Rhythm.QUARTERLY: 3, Rhythm.MONTHLY: 1}


@dataclass(frozen=True)
class Instalment:
    """One part of what a contract is to bring in; ``due_on`` None where no day was agreed."""

    due_on: date | None
    amount: Decimal
    notes: str = ""


def instalments(rhythm: Rhythm, amount: Decimal, start: date, end: date | None) -> tuple[Instalment, ...]:
    """The instalments of a rhythm, the first due on ``start``; cents that do not divide go to the last.

    A term that is not known counts as one year. Not for Rhythm.CUSTOM.
    """
    months = int(-(-term_months(start, end) // 1)) if end is not None and end >= start else 12
    if rhythm == Rhythm.ONCE:
        days = [start]
    elif rhythm == Rhythm.HALVES:
        days = [start, anniversary(start, max(1, months // 2))]
    else:
        step = MONTHS[rhythm]
        days = [anniversary(start, place) for place in range(0, min(months, MOST_INSTALMENTS * step), step)]
    return tuple(Instalment(day, part) for day, part in zip(days, shares(amount, len(days)), strict=True))


def shares(amount: Decimal, count: int) -> list[Decimal]:
    """An amount in equal parts, whole cents; the last takes what does not divide."""
    part = (amount / count).quantize(CENT, ROUND_DOWN)
    return [part] * (count - 1) + [amount - part * (count - 1)]


def proposed_rhythm(terms: str) -> Rhythm:
    """The rhythm that the words of payment terms speak of; all at once where they speak of none."""
    return spoken_rhythm(terms) or Rhythm.ONCE


def spoken_rhythm(terms: str) -> Rhythm | None:
    """The rhythm that the words of payment terms speak of; None where they speak of none."""
    words = plain(terms).casefold()
    for key, marks in payment_words()["rhythms"].items():
        if any(mark in words for mark in marks):
            return Rhythm(key)
    return None


def usual_rhythm(terms: str, *, planned: bool) -> Rhythm | None:
    """How a contract is paid: as the words of its terms say, at once where it has instalments all the same; else None."""
    return spoken_rhythm(terms) or (Rhythm.ONCE if planned or terms.strip() else None)


def usual_next(terms: str, *, planned: bool) -> str:
    """How a contract that follows is paid, as a form proposes it: as the old one, where anything is known of that; else ""."""
    return AS_BEFORE if planned or terms.strip() else ""


def next_instalments(
    terms: str, before: Sequence[Instalment], started: date, amount: Decimal, start: date, end: date | None
) -> tuple[Instalment, ...]:
    """The instalments of a term that follows another: by the words of the payment terms, else as those ``before`` lay in the
    term that started on ``started``, each the same share of the amount. None where neither says anything."""
    rhythm = spoken_rhythm(terms)
    if rhythm is not None:
        return instalments(rhythm, amount, start, end)
    whole = sum((row.amount for row in before), ZERO)
    if not before or not whole or start <= started:
        return instalments(Rhythm.ONCE, amount, start, end) if terms.strip() else ()
    parts = [(amount * row.amount / whole).quantize(CENT, ROUND_DOWN) for row in before[:-1]]
    parts.append(amount - sum(parts, ZERO))
    months = term_months(started, start - timedelta(days=1))
    days = [_moved(row.due_on, months, started, start) for row in before]
    return tuple(Instalment(day, part) for day, part in zip(days, parts, strict=True))


def _moved(day: date | None, months: Fraction, started: date, start: date) -> date:
    if day is None:
        return start
    return anniversary(day, int(months)) if months.denominator == 1 else day + (start - started)


def custom_instalments(text: str, amount: Decimal | None, today: date) -> tuple[Instalment, ...]:
    """A table, one instalment a line: its day, its amount or percent, perhaps a remark. Raises Problems at "table".

    Where percentages make up the whole, so do the amounts: the last takes the cent that does not divide.
    """
    found, problems, percents = [], [], []
    for number, line in enumerate(text.splitlines(), 1):
        parts = plain(line).replace("\t", " ").split(maxsplit=2)
        if not parts:
            continue
        try:
            found.append(_row(parts, amount, today))
            percents.append(percent(parts[1]) if parts[1].endswith("%") else None)
        except Unreadable as error:
            problems.append(_("Line {n}: {what}").format(n=number, what=error))
    if not found and not problems:
        problems = [_("One instalment a line, please: its day, its amount or percent.")]
    if len(found) > MOST_INSTALMENTS:
        problems = [_("At most {n} instalments, please.").format(n=MOST_INSTALMENTS)]
    if problems:
        raise Problems([Problem("table", " ".join(problems[:3]), code="unreadable")])
    if amount is not None and None not in percents and sum(one or 0 for one in percents) == 100:
        found[-1] = replace(found[-1], amount=amount - sum((row.amount for row in found[:-1]), ZERO))
    return tuple(found)


def _row(parts: list[str], amount: Decimal | None, today: date) -> Instalment:
    if len(parts) < 2:
        raise Unreadable(_("a day and an amount, please."))
    due_on = None if parts[0] == NO_DAY else parse_day(parts[0], today)
    if parts[1].endswith("%"):
        if amount is None:
            raise Unreadable(_("the contract has no amount that a percentage could be taken of."))
        part = (amount * percent(parts[1]) / 100).quantize(CENT, ROUND_HALF_EVEN)
    else:
        part = parse_amount(parts[1]) or ZERO
    return Instalment(due_on, part, parts[2] if len(parts) > 2 else "")


def percent(text: str) -> Decimal:
    """A percentage with or without its sign, from 0 to 100. Raises Unreadable."""
    words = plain(text).removesuffix("%").strip()
    try:
        value = Decimal(words)
    except InvalidOperation:
        raise Unreadable(_("“{text}” is not a percentage. Write it like 6 or 6%.").format(text=text)) from None
    if not value.is_finite() or not 0 <= value <= 100:
        raise Unreadable(_("A percentage lies between 0 and 100; this one does not."))
    return value


def table_text(rows: Sequence[Instalment]) -> str:
    """Instalments as ``custom_instalments`` reads them."""
    return "\n".join(
        " ".join(filter(None, (row.due_on.isoformat() if row.due_on else NO_DAY, typed_amount(row.amount), row.notes)))
        for row in rows
    )


class PaidState(StrEnum):
    """How far an instalment is paid, as of a day."""

    PAID = "paid"
    PART = "part"
    OPEN = "open"
    OVERDUE = "overdue"


PAID_STATES = {
    PaidState.OVERDUE: N_("Overdue"),
    PaidState.PART: N_("Part paid"),
    PaidState.OPEN: C_("money", "Open"),
    PaidState.PAID: C_("money", "Paid"),
}


def paid_state(amount: int, paid: int, due_on: date | None, today: date) -> PaidState:
    """The state of an instalment; cents. One that is overdue in part is overdue."""
    if paid >= amount:
        return PaidState.PAID
    if due_on is not None and due_on < today:
        return PaidState.OVERDUE
    return PaidState.PART if paid > 0 else PaidState.OPEN


@dataclass(frozen=True)
class Bucket:
    """Debts of one age: days overdue from ``least`` to ``most`` (None: any more); ``least`` None is not due yet."""

    key: str
    title: str
    least: int | None
    most: int | None
    ink: str


BUCKETS = (
    Bucket("not_due", N_("Not due yet"), None, 0, "ink_grey"),
    Bucket("to_30", N_("1 to 30 days"), 1, 30, "heat_3"),
    Bucket("to_60", N_("31 to 60 days"), 31, 60, "ink_blue"),
    Bucket("to_90", N_("61 to 90 days"), 61, 90, "ink_amber"),
    Bucket("over_90", N_("Over 90 days"), 91, None, "ink_red"),
)


def bucket_of(due_on: date | None, today: date) -> Bucket:
    """The age of what is open; without a due day it is not due."""
    late = 0 if due_on is None else (today - due_on).days
    return next(b for b in reversed(BUCKETS) if b.least is None or late >= b.least)


def laid_oldest_first(cents: int, missing: Sequence[tuple[int, int]]) -> tuple[dict[int, int], int]:
    """What of an amount goes to which instalment, given (id, missing) from the oldest on; and what is too much."""
    laid: dict[int, int] = {}
    for row_id, lacks in missing:
        part = min(cents, max(0, lacks))
        if part > 0:
            laid[row_id] = part
            cents -= part
    return laid, cents


@dataclass(frozen=True)
class PaymentFields:
    """Money that arrived."""

    paid_on: date
    amount: Decimal
    reference: str = ""
    notes: str = ""


def parse_payment(draft: Draft, today: date) -> PaymentFields:
    """The payment that a form describes. Raises Problems: no amount, a day ahead."""
    read = Reader(draft)
    amount = read.value("amount", parse_amount)
    if (amount is not None and amount <= 0) or (amount is None and not read.problems):
        read.refuse("amount", _("How much came in?"), "missing")
    day = read.value("paid_on", partial(parse_day, today=today))
    if day is None and not any(problem.field == "paid_on" for problem in read.problems):
        read.refuse("paid_on", _("On which day did it come in?"), "missing")
    if day is not None and day > today:
        read.refuse("paid_on", _("This day lies ahead; note a payment once it is there."), "future")
    fields = PaymentFields(day or today, amount or ZERO, read.text("reference"), read.text("notes"))
    read.check()
    return fields


def parse_instalment(draft: Draft, today: date) -> Instalment:
    """One instalment of a form. Raises Problems."""
    read = Reader(draft)
    amount = read.value("amount", parse_amount)
    if (amount is not None and amount <= 0) or (amount is None and not read.problems):
        read.refuse("amount", _("How much is it?"), "missing")
    fields = Instalment(read.value("due_on", partial(parse_day, today=today)), amount or ZERO, read.text("notes"))
    read.check()
    return fields


@dataclass(frozen=True)
class InvoiceFields:
    """An invoice; ``tax_rate`` in hundredths of a percent."""

    number: str
    invoiced_on: date | None = None
    amount: Decimal | None = None
    tax_rate: int | None = None
    sent_on: date | None = None
    notes: str = ""


def parse_invoice(draft: Draft, today: date) -> InvoiceFields:
    """The invoice that a form describes. Raises Problems."""
    read = Reader(draft)

    def day(key: str) -> date | None:
        return read.value(key, partial(parse_day, today=today))

    invoiced_on, sent_on = day("invoiced_on"), day("sent_on")
    if invoiced_on and sent_on and sent_on < invoiced_on:
        read.refuse("sent_on", _("It cannot be sent before it was written, {day}.").format(day=invoiced_on), "order")
    rate = read.value("tax_rate", lambda text: percent(text) if text.strip() else None)
    if rate is not None and rate * 100 != int(rate * 100):
        read.refuse("tax_rate", _("At most two decimals, please."), "unreadable")
    fields = InvoiceFields(
        number=read.text("number", required=_("An invoice needs its number.")),
        invoiced_on=invoiced_on,
        amount=read.value("amount", parse_amount),
        tax_rate=None if rate is None else int(rate * 100),
        sent_on=sent_on,
        notes=read.text("notes"),
    )
    read.check()
    return fields


def rate_text(hundredths: int | None) -> str:
    """A tax rate as people write it, such as 6%."""
    return "" if hundredths is None else f"{Decimal(hundredths).scaleb(-2).normalize():f}%"


@dataclass(frozen=True)
class ReminderFields:
    """How and when a customer was reminded."""

    reminded_on: date
    channel: Channel | None = None
    text: str = ""


def parse_reminder(draft: Draft, today: date) -> ReminderFields:
    """The reminder that a form describes. Raises Problems: a day ahead."""
    read = Reader(draft)
    day = read.value("reminded_on", partial(parse_day, today=today)) or today
    if day > today:
        read.refuse("reminded_on", _("This day lies ahead; make a task for it instead."), "future")
    fields = ReminderFields(day, read.word("channel", Channel), read.text("text"))
    read.check()
    return fields


REMINDER_SETTING = "money.reminder_text"
REMINDER_NAMES = ("account", "contact", "contract", "instalment", "amount", "due", "days", "invoice")
"""What the text of a reminder may name."""
REMINDER_TEXT = N_(
    "Hello[ {contact}],\n"
    "a short note on contract {contract}: instalment {instalment} of {amount}[, invoice {invoice},] was due on {due}"
    " and has not reached us yet. Could you look into it and tell me when we may expect it? "
    "If it is on its way, please pass over this message. Thank you!"
)


def reminder_template(own: object) -> str:
    """The user's own text where there is one, else the desk's."""
    return own if isinstance(own, str) and own.strip() else _(REMINDER_TEXT)
