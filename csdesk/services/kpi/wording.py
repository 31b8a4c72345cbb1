"""A figure in words: as people read it on a page, in a list or in a terminal."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from csdesk.models.vocabulary import HOME_CURRENCY, ServiceMode
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.services.kpi.rules import Figure, Kind, Row, Spread
from csdesk.services.kpi.scope import TITLES, Scope


def scope_text(scope: Scope) -> str:
    """Which accounts a figure is told of: Tier A, B · City Suzhou; empty for all of them."""
    modes = {mode.value: mode.label for mode in ServiceMode}
    parts = []
    for part, title in TITLES.items():
        if values := getattr(scope, part):
            names = (
                _(modes[value]) if value in modes and part == "service_modes" else value or _("none")
                for value in values
            )
            parts.append(f"{_(title)} {_(', ').join(names)}")
    return " \u00b7 ".join(parts)


def value_text(figure: Figure) -> str:
    """75.0 %, 12, 1,200, USD 80; a dash for nothing; one amount a currency where there are several."""
    if figure.by_currency:
        return " \u00b7 ".join(currency_texts(figure).values())
    text = _bare_text(figure)
    return f"{figure.currency} {text}" if figure.is_foreign and figure.value is not None else text


def currency_texts(figure: Figure) -> dict[str, str]:
    """By currency of a figure in several: USD 80."""
    return {currency: f"{currency} {_bare_text(part)}" for currency, part in sorted(figure.by_currency.items())}


def other_texts(figure: Figure) -> list[str]:
    """The same without the one that is told first."""
    return [words for currency, words in currency_texts(figure).items() if currency != figure.main().currency]


def _bare_text(figure: Figure) -> str:
    value = figure.value
    if value is None:
        return formats.NOTHING
    if figure.kind == Kind.PER_DAY:
        return formats.number(round(Decimal(figure.numerator) / Decimal(figure.denominator or 1), 1))
    if figure.kind == Kind.RATIO:
        return formats.number(round(_decimal(Fraction(value)), 2))
    if figure.kind == Kind.MONEY_PER:
        return formats.number(round(value / 100))
    if figure.kind == Kind.DAYS:
        return ngettext("{n} day", "{n} days", int(value)).format(n=formats.number(int(value)))
    if isinstance(value, Fraction):
        return formats.percent(_decimal(value))
    return formats.cents(value) if figure.kind == Kind.MONEY else formats.number(value)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def counts_text(figure: Figure) -> str:
    """12 / 16, in money for shares of money, with its currency where that is not the home one; empty where there is no base."""
    if figure.by_currency or not figure.known:
        return ""
    if figure.per is not None:
        return f"{formats.number(round(figure.numerator / 100))} / {formats.percent(_decimal(figure.per))}"
    if figure.denominator is None:
        return ""
    if isinstance(figure, Spread):
        words = _("90 % within {days}, {n} in all")
        return words.format(days=formats.number(figure.ninetieth), n=formats.number(figure.denominator))
    if figure.kind == Kind.MONEY_PER:
        return f"{formats.cents(figure.numerator)} / {formats.number(figure.denominator)}"
    if figure.kind not in (Kind.MONEY_RATE, Kind.RATIO):
        return f"{formats.number(figure.numerator)} / {formats.number(figure.denominator)}"
    told = f"{formats.cents(figure.numerator)} / {formats.cents(figure.denominator)}"
    return told if figure.currency == HOME_CURRENCY or not figure.denominator else f"{told} {figure.currency}"


def short_text(figure: Figure) -> str:
    """For a narrow place: the percentage with its counts, the counts first where the base is small."""
    counts, value = counts_text(figure), value_text(figure)
    if not counts or figure.value is None:
        return value
    few = figure.denominator is not None and figure.denominator < formats.FEW and figure.kind == Kind.RATE
    return f"{counts} ({value})" if few else f"{value} ({counts})"


def beside_text(figure: Figure) -> str:
    """What stands apart, in words."""
    words = {
        "excused": _("{n} called off by the customer"),
        "added_later": _("{n} came in later"),
        "pending": _("{n} not decided yet"),
        "captured": _("{n} captured"),
        "missed": _("{n} missed"),
        "moved": _("{n} moved"),
        "unfixed": _("{n} past their day and not fixed"),
        "joined_and_left": _("{n} joined and left"),
        "automatic": _("{n} renewed by themselves"),
        "late": _("{n} renewed late"),
        "without_next": _("{n} without their next contract"),
    }
    parts = (words[key].format(n=count) for key, count in figure.beside.items() if count and key in words)
    return _(", ").join(parts)


def row_text(row: Row) -> str:
    """The second line of a row: its day, its words, its money."""
    parts = [row.day.isoformat() if row.day else "", row.words]
    if row.days is not None:
        parts.append(ngettext("{n} day", "{n} days", row.days).format(n=formats.number(row.days)))
    if row.cents is not None:
        parts.append(formats.money_in(Decimal(row.cents).scaleb(-2), row.currency))
    return " \u00b7 ".join(filter(None, parts))
