"""Reading what a person typed into one field: days, amounts, counts, phones, addresses. Pure.

Each returns the value, None for an empty text, or raises Unreadable with a sentence.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from csdesk.resources import resource
from csdesk.services.core.money import MAX_AMOUNT
from csdesk.services.core.texts import _

EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
PHONE = re.compile(r"\+?[\d][\d\s\-()./]{4,22}\d(\s*(ext\.?|x|#|-)\s*\d{1,6})?", re.IGNORECASE)
CHINESE_DAY = re.compile(r"(?:(\d{4})\s*\u5e74)?\s*(\d{1,2})\s*\u6708\s*(\d{1,2})\s*[\u65e5\u53f7]?")
PLAIN_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
SHORT_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
AHEAD = re.compile(r"([+-])(\d{1,4})")
CURRENCY = re.compile(r"[\u00a5\uffe5$\u20ac\u00a3]|CNY|RMB|USD|EUR|\u5143|,|\uff0c|\s")


class Unreadable(ValueError):
    """The text is no such value; the message is a sentence for the field."""


@cache
def typed_words() -> dict[str, list[str]]:
    """Chinese words that stand in typed values, whatever language is spoken."""
    words: dict[str, list[str]] = json.loads(resource("words", "typed.json").read_text(encoding="utf-8"))
    return words


def plain(text: str) -> str:
    """Full-width forms made half-width, outer space gone."""
    return unicodedata.normalize("NFKC", text).strip()


def parse_day(text: str, today: date) -> date | None:
    """2026-3-5, 2026.3.5, 20260305, the Chinese form, 3-5 (this year), the word today, +7 (days from today)."""
    words = plain(text)
    if not words:
        return None
    if words.lower() in (*typed_words()["today"], "today"):
        return today
    if ahead := AHEAD.fullmatch(words):
        return today + timedelta(days=int(ahead[1] + ahead[2]))
    for pattern in (PLAIN_DAY, CHINESE_DAY, PACKED_DAY):
        if found := pattern.fullmatch(words):
            return _day(int(found[1] or today.year), int(found[2]), int(found[3]), text)
    if found := SHORT_DAY.fullmatch(words):
        return _day(today.year, int(found[1]), int(found[2]), text)
    raise Unreadable(_("“{text}” is not a date. Write it like 2026-03-05.").format(text=text))


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable(_("“{text}” does not exist in the calendar.").format(text=text)) from error


def parse_amount(text: str) -> Decimal | None:
    """An amount of money, not negative: signs of currency and separators are passed over, ten thousands multiplied."""
    words = plain(text)
    if not words:
        return None
    unit = typed_words()["ten_thousand"][0]
    factor = Decimal(10_000) if unit in words else Decimal(1)
    try:
        amount = Decimal(CURRENCY.sub("", words.replace(unit, ""))) * factor
    except InvalidOperation:
        raise Unreadable(_("“{text}” is not an amount. Write it in figures, like 128000.").format(text=text)) from None
    if not amount.is_finite() or amount < 0 or amount > MAX_AMOUNT:
        raise Unreadable(_("An amount lies between 0 and a trillion; this one does not."))
    return amount.quantize(Decimal("0.01"))


def parse_count(text: str) -> int | None:
    """A whole number, not negative."""
    words = plain(text).replace(",", "")
    if not words:
        return None
    if not words.isdecimal() or len(words) > 9:
        raise Unreadable(_("“{text}” is not a number of seats. Write a whole number.").format(text=text))
    return int(words)


def parse_phone(text: str) -> str:
    """A phone number as written, half-width; at least six digits."""
    words = plain(text)
    if words and not (PHONE.fullmatch(words) and sum(c.isdigit() for c in words) >= 6):
        raise Unreadable(_("“{text}” is not a phone number.").format(text=text))
    return words


def parse_email(text: str) -> str:
    """A mail address."""
    words = plain(text)
    if words and not EMAIL.fullmatch(words):
        raise Unreadable(_("“{text}” is not a mail address.").format(text=text))
    return words
