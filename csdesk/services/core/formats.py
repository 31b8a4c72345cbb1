"""Numbers, days and money as people read them, in the language spoken; the same on screen, paper and sheet."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core.clock import to_local
from csdesk.services.core.texts import N_, _, is_chinese, ngettext

NOTHING = "\u2014"
FEW = 10
"""Below this base counts tell more than a percentage."""
MINUS = "\u2212"
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def number(value: int | Decimal | None) -> str:
    """Thousands separated, a true minus; a dash for nothing."""
    return NOTHING if value is None else f"{value:,}".replace("-", MINUS)


def money(amount: Decimal | None) -> str:
    """For tables: whole units where there are no cents, else two decimals."""
    if amount is None:
        return NOTHING
    text = f"{amount:,.2f}"
    return (text[:-3] if text.endswith(".00") else text).replace("-", MINUS)


def money_in(amount: Decimal | None, currency: str) -> str:
    """With its currency, the home currency by the name that people call it."""
    return f"{money(amount)} {_('CNY') if currency == HOME_CURRENCY else currency}"


def money_exact(amount: Decimal | None) -> str:
    """With both decimals."""
    return NOTHING if amount is None else f"{amount:,.2f}".replace("-", MINUS)


def cents(value: int | None) -> str:
    """An amount given as integer cents, for tables."""
    return NOTHING if value is None else money(Decimal(value).scaleb(-2))


def money_short(value: int | None) -> str:
    """A sum in cents as people say it: in ten thousands with one decimal in Chinese, in thousands in English."""
    return NOTHING if value is None else _("{amount}k CNY").format(amount=_shortened(value))


def money_shortest(value: int | None) -> str:
    """The same without the currency, for cards."""
    return NOTHING if value is None else _("{amount}k").format(amount=_shortened(value))


def money_short_in(value: int | None, currency: str) -> str:
    """The same with the currency that it is in."""
    return money_short(value) if currency == HOME_CURRENCY or value is None else f"{money_shortest(value)} {currency}"


def money_unit() -> tuple[int, str]:
    """What sums are told in: how many cents one unit is, and its name."""
    return (1_000_000, _("10k")) if is_chinese() else (100_000, _("k"))


def money_in_unit(value: int, signed: bool = False) -> str:
    """A sum in cents in that unit, with one decimal and without its name; ``signed`` shows a plus too."""
    return _shortened(value) if value < 0 or not signed else f"+{_shortened(value)}"


def _shortened(value: int) -> str:
    amount = (Decimal(value) / money_unit()[0]).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{amount:,}".replace("-", MINUS)


def percent(fraction: Decimal | float | None) -> str:
    """One decimal and a space before the sign."""
    if fraction is None:
        return NOTHING
    return f"{Decimal(str(fraction)) * 100:.1f}\u00a0%".replace("-", MINUS)


def share(counted: int, base: int) -> str:
    """75.0 %; of a base under ten the counts; a dash where there is none."""
    if not base:
        return NOTHING
    return f"{number(counted)} / {number(base)}" if base < FEW else percent(Decimal(counted) / base)


def weekday(day: date) -> str:
    """Mon; in Chinese with its prefix."""
    return _(WEEKDAYS[day.weekday()])


def day_iso(day: date | None) -> str:
    """2026-11-23, for tables."""
    return NOTHING if day is None else day.isoformat()


def day_title(day: date) -> str:
    """Month, day and weekday: the title of the Today page."""
    return _("{weekday}, {month} {day}").format(
        weekday=weekday(day), month=_(MONTHS[day.month - 1]), day=day.day, month_number=day.month
    )


def day_long(day: date) -> str:
    """With the year."""
    return _("{weekday}, {month} {day}, {year}").format(
        weekday=weekday(day), month=_(MONTHS[day.month - 1]), day=day.day, year=day.year, month_number=day.month
    )


def month_title(day: date) -> str:
    """The month with its year."""
    return _("{month} {year}").format(month=_(MONTHS[day.month - 1]), year=day.year, month_number=day.month)


def day_near(day: date | None, today: date) -> str:
    """Short where it is this year or near: 11-25 with the weekday, the word for today; else 2027-11-25."""
    if day is None:
        return NOTHING
    if day == today:
        return _("Today")
    if day.year != today.year and abs((day - today).days) > 90:
        return day.isoformat()
    return _("{weekday} {day}").format(weekday=weekday(day), day=f"{day:%m-%d}")


def day_short(day: date | None, today: date) -> str:
    """11-25 this year, else 2025-11-25; the word for today."""
    if day is None:
        return NOTHING
    if day == today:
        return _("Today")
    return f"{day:%m-%d}" if day.year == today.year else day.isoformat()


def days_left(day: date, today: date) -> str:
    """58 days; past days as days over."""
    days = (day - today).days
    if days < 0:
        return ngettext("{n} day over", "{n} days over", -days).format(n=-days)
    return ngettext("{n} day", "{n} days", days).format(n=days)


def week_title(day: date) -> str:
    """Week 48, by ISO."""
    return _("Week {week}").format(week=day.isocalendar().week)


def clock_time(moment: datetime) -> str:
    """9:12 in local time, without a leading zero."""
    local = to_local(moment)
    return f"{local.hour}:{local:%M}"


def time_text(starts_at: str) -> str:
    """A stored HH:MM without its leading zero."""
    return starts_at.removeprefix("0")


def moment_near(moment: datetime, today: date) -> str:
    """9:08 today, else the day."""
    local = to_local(moment)
    return clock_time(moment) if local.date() == today else day_near(local.date(), today)


def moment_long(moment: datetime) -> str:
    """2026-11-23 9:12 in local time."""
    return f"{to_local(moment).date().isoformat()} {clock_time(moment)}"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the unit that a person would say."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)
    if minutes < 48 * 60:
        return ngettext("{n} hour ago", "{n} hours ago", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} day ago", "{n} days ago", minutes // 1440).format(n=minutes // 1440)


def masked_phone(phone: str) -> str:
    """139 **** 4471: enough to know it, not enough to read it over a shoulder."""
    digits = "".join(c for c in phone if c.isdigit())
    if len(digits) < 7:
        return phone
    return f"{digits[-11:-8] or digits[:3]} **** {digits[-4:]}"
