"""Exchange rates and targets: what figures are converted with and measured against. Entered by hand, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

from sqlalchemy import Connection, select

from csdesk.models.kpi import ExchangeRate, Target
from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.money import round_cent
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.core.values import Unreadable, parse_day, plain

_CODE = re.compile(r"[A-Z]{3}")
_HIGHEST = Decimal(1_000_000)
_LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class Rates:
    """By currency what one unit is worth in the home currency on a day; a currency that is missing has no rate."""

    by_currency: Mapping[str, Decimal]

    def home_cents(self, cents: int, currency: str) -> int | None:
        """Cents of the home currency, half to even; None without a rate."""
        if currency == HOME_CURRENCY:
            return cents
        rate = self.by_currency.get(currency)
        return None if rate is None else int(round_cent(Decimal(cents).scaleb(-2) * rate) * 100)


def rates_on(connection: Connection, day: date) -> Rates:
    """The rates that hold on a day: of each currency the newest that began by then."""
    rows = connection.execute(
        select(ExchangeRate.currency, ExchangeRate.rate)
        .where(ExchangeRate.deleted_at.is_(None), ExchangeRate.valid_from <= day)
        .order_by(ExchangeRate.valid_from, ExchangeRate.id)
    )
    known = {row.currency: _number(row.rate) for row in rows}
    return Rates({currency: rate for currency, rate in known.items() if rate is not None and rate > 0})


@dataclass(frozen=True)
class RateFields:
    """One unit of ``currency`` is worth ``rate`` in the home currency from ``valid_from`` on."""

    currency: str
    valid_from: date
    rate: str


@dataclass(frozen=True)
class RateRow(RateFields):
    """A rate as it is listed."""

    id: int
    version: int


def parse_rate(draft: Draft, today: date) -> RateFields:
    """The rate that a form describes. Raises Problems."""
    read = Reader(draft)
    currency = plain(draft.get("currency", "")).upper()
    if not _CODE.fullmatch(currency) or currency == HOME_CURRENCY:
        read.refuse("currency", _("Three letters of another currency, such as USD."), "unknown")
    day = read.value("valid_from", partial(parse_day, today=today))
    if day is None and not any(problem.field == "valid_from" for problem in read.problems):
        read.refuse("valid_from", _("From which day on?"), "missing")
    rate = read.value("rate", _rate)
    read.check()
    return RateFields(currency, day or today, f"{rate or Decimal(1):f}")


def _rate(text: str) -> Decimal:
    number = _number(text)
    if number is None or not 0 < number <= _HIGHEST:
        raise Unreadable(_("A rate above 0, please, such as 7.1832."))
    return number


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(plain(text).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= _LARGEST and number.as_tuple().exponent >= -12 else None  # type: ignore[operator]


@dataclass(frozen=True)
class TargetFields:
    """What a figure is to reach: ``value`` a decimal text, rates as fractions, amounts in yuan."""

    figure: str
    starts_on: date
    ends_on: date
    value: str
    notes: str = ""


@dataclass(frozen=True)
class TargetRow(TargetFields):
    """A target as it is listed."""

    id: int = 0
    version: int = 1


def parse_target(draft: Draft, today: date, figures: Mapping[str, bool]) -> TargetFields:
    """The target that a form describes; ``figures`` by key, True for those that are shares (80% is 0.8). Raises Problems."""
    read = Reader(draft)
    figure = read.text("figure")
    if figure not in figures:
        read.refuse("figure", _("Choose one of the list."), "unknown")
    days: dict[str, date | None] = {}
    for key in ("starts_on", "ends_on"):
        days[key] = read.value(key, partial(parse_day, today=today))
        if days[key] is None and not any(problem.field == key for problem in read.problems):
            read.refuse(key, _("Which day?"), "missing")
    start, end = days["starts_on"], days["ends_on"]
    if start and end and end < start:
        read.refuse(
            "ends_on", _("The end lies before the start, {start}; change one of them.").format(start=start), "order"
        )
    value = read.value("value", partial(_target, share=figures.get(figure, False)))
    fields = TargetFields(figure, start or today, end or today, f"{value or Decimal(0):f}", read.text("notes"))
    read.check()
    return fields


def _target(text: str, share: bool) -> Decimal:
    words = plain(text)
    number = _number(words.removesuffix("%"))
    if number is None:
        raise Unreadable(_("A number, please, such as 1200000 or 85%."))
    if words.endswith("%"):
        return number / 100
    if share and number > 5:
        raise Unreadable(_("This figure is a share: write it like 85% or 0.85."))
    return number


def value_text(value: str, share: bool) -> str:
    """A target as people write it: a share in percent."""
    number = _number(value)
    if number is None:
        return value
    return f"{(number * 100).normalize():f}%" if share else f"{number:,f}"


@dataclass(frozen=True)
class SetRate:
    """A new rate, or other values of a known one."""

    fields: RateFields
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class SetTarget:
    """A new target, or other values of a known one."""

    fields: TargetFields
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class Remove:
    """One rate or target."""

    id: int


@command(N_("Exchange rate: {name}"))
def set_rate(uow: UnitOfWork, wish: SetRate) -> int:
    """Store a rate; returns its id. Raises Problems where the currency has one from that day on already."""
    fields = wish.fields
    twin = uow.session.scalar(
        select(ExchangeRate.id).where(
            ExchangeRate.currency == fields.currency, ExchangeRate.valid_from == fields.valid_from,
            ExchangeRate.deleted_at.is_(None),
        )
    )  # fmt: skip
    if twin is not None and twin != wish.id:
        sentence = _("{currency} has a rate from this day on already; change that one.").format(
            currency=fields.currency
        )
        raise Problems([Problem("valid_from", sentence, code="twice")])
    row = ExchangeRate() if wish.id is None else uow.get(ExchangeRate, wish.id, wish.version)
    row.currency, row.valid_from, row.rate = fields.currency, fields.valid_from, fields.rate
    if wish.id is None:
        uow.add(row)
    uow.name(name=f"{fields.currency} {fields.rate}")
    return row.id


@command(N_("Exchange rate removed: {name}"))
def remove_rate(uow: UnitOfWork, wish: Remove) -> None:
    """Into the bin."""
    row = uow.get(ExchangeRate, wish.id)
    uow.name(name=f"{row.currency} {row.rate}")
    uow.bin(row)


@command(N_("Target: {name}"))
def set_target(uow: UnitOfWork, wish: SetTarget) -> int:
    """Store a target; returns its id. Raises Problems where the figure has one for the same days already."""
    fields = wish.fields
    twin = uow.session.scalar(
        select(Target.id).where(
            Target.figure == fields.figure, Target.starts_on == fields.starts_on, Target.ends_on == fields.ends_on,
            Target.deleted_at.is_(None),
        )
    )  # fmt: skip
    if twin is not None and twin != wish.id:
        raise Problems(
            [Problem("ends_on", _("This figure has a target for these days already; change that one."), code="twice")]
        )
    row = Target() if wish.id is None else uow.get(Target, wish.id, wish.version)
    for key in TargetFields.__dataclass_fields__:
        setattr(row, key, getattr(fields, key))
    if wish.id is None:
        uow.add(row)
    uow.name(name=fields.figure)
    return row.id


@command(N_("Target removed: {name}"))
def remove_target(uow: UnitOfWork, wish: Remove) -> None:
    """Into the bin."""
    row = uow.get(Target, wish.id)
    uow.name(name=row.figure)
    uow.bin(row)


def rates(connection: Connection) -> list[RateRow]:
    """All rates, by currency, the newest first."""
    rows = connection.execute(
        select(ExchangeRate.currency, ExchangeRate.valid_from, ExchangeRate.rate, ExchangeRate.id, ExchangeRate.version)
        .where(ExchangeRate.deleted_at.is_(None))
        .order_by(ExchangeRate.currency, ExchangeRate.valid_from.desc())
    )
    return [RateRow(*row) for row in rows]


def targets(connection: Connection) -> list[TargetRow]:
    """All targets, the newest period first."""
    fields = [getattr(Target, name) for name in TargetRow.__dataclass_fields__]
    rows = connection.execute(
        select(*fields).where(Target.deleted_at.is_(None)).order_by(Target.ends_on.desc(), Target.figure)
    )
    return [TargetRow(*row) for row in rows]
