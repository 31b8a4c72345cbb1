"""Numbers written in Chinese: 二〇二六, 十二, 壹万贰仟元整. Pure; the signs are data in resources/import."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from csdesk.services.handover.headings import word_list, word_map


@cache
def _digits() -> dict[str, int]:
    return {sign: int(value) for sign, value in word_map("digits").items()}


@cache
def _powers() -> dict[str, int]:
    return {sign: int(value) for sign, value in word_map("powers").items()}


def has_numerals(text: str) -> bool:
    """Whether a text may hold a number in Chinese."""
    return any(sign in text for sign in _digits()) or any(sign in text for sign in _powers())


def year_digits(text: str) -> str:
    """A row of numerals read one by one: 二〇二六 is 2026; "" for anything else."""
    digits = _digits()
    return "".join(str(digits[sign]) for sign in text) if text and all(sign in digits for sign in text) else ""


def read_numeral(text: str) -> int | None:
    """A whole number such as 十二 or 三千五百万; None for anything else."""
    digits, powers = _digits(), _powers()
    if not text or len(text) > 30 or any(sign not in digits and sign not in powers for sign in text):
        return None
    total = section = 0
    digit: int | None = None
    for sign in text:
        if sign in digits:
            digit = digits[sign]
            continue
        power = powers[sign]
        if power >= 10_000:
            total = (total + section + (digit or 0)) * power if section or digit or total else power
            section, digit = 0, None
        else:
            section += (1 if digit is None else digit) * power
            digit = None
    return total + section + (digit or 0)


def read_capital_amount(text: str) -> Decimal | None:
    """An amount in words such as 壹万贰仟元伍角整, signs of money gone but for its smaller units; None for anything else."""
    rest = text
    for word in word_list("money_words"):
        if len(word) > 1:
            rest = rest.replace(word, "")
    whole, _unit, small = rest, "", ""
    for mark in word_list("money_words"):
        if mark in rest:
            whole, _unit, small = rest.partition(mark)
            break
    number = read_numeral(whole)
    if number is None:
        return None
    amount = Decimal(number)
    for sign, cents in word_map("cents").items():
        head, found, small_rest = small.partition(sign)
        if found:
            digit = read_numeral(head)
            if digit is None or digit > 9:
                return None
            amount += Decimal(digit * int(cents)) / 100
            small = small_rest
    for mark in word_list("money_words"):
        small = small.replace(mark, "")
    return amount if not small.strip() else None


def read_count(text: str) -> Decimal | None:
    """A number in figures or in Chinese, a half included (半, 一年半 is the caller's); None for anything else."""
    if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit() and len(text) < 12:
        return Decimal(text)
    if text == str(word_list("half")[0]):
        return Decimal("0.5")
    number = read_numeral(text)
    return None if number is None else Decimal(number)
