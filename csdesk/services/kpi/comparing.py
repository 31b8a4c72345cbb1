"""A figure against its target and against the period before, in words. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.services.kpi.figures import FIGURES
from csdesk.services.kpi.rules import Figure, Kind, Period

SHARES = (Kind.RATE, Kind.MONEY_RATE)


def is_few(figure: Figure) -> bool:
    """Whether the base is so small that the counts tell more than the percentage."""
    return figure.kind == Kind.RATE and figure.value is not None and 0 < (figure.denominator or 0) < formats.FEW


def is_met(figure: Figure) -> bool | None:
    """Whether a figure meets its target; None without one, with nothing to measure, or for money that cannot be compared
    with the home currency in which targets are."""
    if figure.target is None or figure.value is None or figure.is_foreign:
        return None
    return figure.value <= figure.target if FIGURES[figure.key].less_is_better else figure.value >= figure.target


def missing_text(figure: Figure) -> str:
    """What must be entered before a figure can be told, "" where nothing is missing."""
    if not figure.known:
        return _("not kept yet")
    return _(figure.missing) if figure.missing else ""


def target_text(figure: Figure) -> str:
    """≤ 1.5 %, ≥ 98.0 %; empty without a target."""
    if figure.target is None:
        return ""
    sign = "\u2264" if FIGURES[figure.key].less_is_better else "\u2265"
    return _("target {sign} {value}").format(sign=sign, value=plain_text(figure.kind, figure.target))


def plain_text(kind: Kind, value: Fraction | int) -> str:
    """A value of a kind: a percentage, money, a number of times or a number."""
    if kind in SHARES:
        return formats.percent(_decimal(value))
    if kind in (Kind.MONEY, Kind.MONEY_PER):
        return formats.cents(round(value))
    return formats.number(_rounded(value, "0.1") if isinstance(value, Fraction) else value)


def change_text(figure: Figure, before: Figure | None) -> str:
    """Against the period before: points for shares, percent for money, so many for counts; the word for new from 0; empty
    where either is unknown. Of few rows the counts of the period before are told."""
    if before is None or figure.value is None or before.value is None:
        return ""
    if figure.is_foreign != before.is_foreign or (figure.is_foreign and figure.currency != before.currency):
        return ""
    if is_few(figure) or is_few(before):
        return _("before {counts}").format(counts=f"{before.numerator} / {before.denominator}")
    change = Fraction(figure.value) - Fraction(before.value)
    if figure.kind in SHARES:
        points = _rounded(change * 100, "0.1")
        return _("{points} pts").format(points=_signed(points))
    if not before.value:
        return _("new") if change else _("unchanged")
    if figure.kind in (Kind.MONEY, Kind.MONEY_PER):
        return f"{_signed(_rounded(change / abs(Fraction(before.value)) * 100, '0.1'))}\u00a0%"
    return _signed(_rounded(change, "0.1" if change.denominator > 1 else "1"))


def period_name(period: Period, today: date) -> str:
    """A period as people name it: the month, the quarter, the year, or its first and last day."""
    start, last = period.start, period.end
    if start.day == 1 and (last + timedelta(1)).day == 1:
        months = (last.year - start.year) * 12 + last.month - start.month + 1
        if months == 1:
            return formats.month_title(start)
        if months == 3 and start.month % 3 == 1:
            return _("Quarter {quarter} of {year}").format(quarter=(start.month + 2) // 3, year=start.year)
        if months == 12 and start.month == 1:
            return _("Year {year}").format(year=start.year)
    return _("{start} to {end}").format(start=start.isoformat(), end=last.isoformat())


def _signed(value: Decimal) -> str:
    return f"+{formats.number(value)}" if value > 0 else formats.number(value)


def _decimal(value: Fraction | int) -> Decimal:
    exact = Fraction(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _rounded(value: Fraction, step: str) -> Decimal:
    found = _decimal(value).quantize(Decimal(step), ROUND_HALF_UP)
    return found if found else abs(found)
