"""What a cell says: amounts, seats, phones, e-mail, tiers, several people in one cell.

Each reader takes a cell's value (None, text, number, day) and returns what it means and a code of what is wrong with it,
``""`` where nothing is. None of them raises.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from csdesk.services.core.money import MAX_AMOUNT
from csdesk.services.handover.headings import word_set, words

CENT = Decimal("0.01")
Cell = None | str | int | float | bool | date | datetime | time


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Half width, without outer and doubled spaces; empty where the text says that there is nothing."""
    bare = " ".join(unicodedata.normalize("NFKC", text).split())
    return "" if bare.casefold() in word_set("empty") else bare


def read_text(cell: Cell) -> tuple[str | None, str]:
    """The cell as text, as it was typed, control characters and outer spaces gone; a whole number without ``.0``."""
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, str):
        text = cell.strip()
        if not text.isprintable():
            text = "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip()
        return (text if text and text.casefold() not in word_set("empty") else None), ""
    if isinstance(cell, bool):
        return str(cell), ""
    if isinstance(cell, float):
        return (str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)), ""
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == datetime.min.time() else cell).isoformat(), ""
    return str(cell), ""


_AMOUNT = re.compile(r"([-+]?)(\d[\d,' ]*(?:\.\d+)?|\.\d+)\s*([\u5343\u4e07\u767e\u4ebf]*|[km])?$")
_UNITS = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "\u5343": 10**3,
    "\u4e07": 10**4,
    "\u767e\u4e07": 10**6,
    "\u5343\u4e07": 10**7,
    "\u4ebf": 10**8,
}
_MONEY_SIGNS = re.compile(
    r"cny|rmb|usd|eur|gbp|hkd|jpy|us\$|hk\$|[$\u20ac\u00a3\u00a5\uffe5]|\u4eba\u6c11\u5e01|\u7f8e\u5143|\u7f8e\u91d1|\u6b27\u5143|\u6e2f\u5e01|\u6574|\u5143|\u5757"
)
DOUBTFUL = Decimal(10_000)
"""From this number on a cell below a heading in units of ten thousand was probably typed in single units."""


def read_amount(cell: Cell, unit: int = 1) -> tuple[Decimal | None, str]:
    """An amount, whole cents; ``unit`` from the heading, which a unit in the cell outranks.

    Codes: text_amount, negative_amount, unit_doubt (ten thousand times ten thousand), huge_amount.
    """
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, bool | date | time):
        return None, "text_amount"
    if isinstance(cell, int | float):
        number, factor = _decimal(repr(cell)), unit
    else:
        text = plain(cell).casefold()
        if not text:
            return None, ""
        number, factor = _amount_of_text(text, unit)
    if number is None or not number.is_finite():
        return None, "text_amount"
    if (
        factor == 10_000
        and unit == 10_000
        and abs(number) >= DOUBTFUL
        and not (isinstance(cell, str) and "\u4e07" in cell)
    ):
        return None, "unit_doubt"
    if number < 0:
        return None, "negative_amount"
    amount = number * factor
    if amount > MAX_AMOUNT:
        return None, "huge_amount"
    return amount.quantize(CENT), ""


def _amount_of_text(text: str, unit: int) -> tuple[Decimal | None, int]:
    negative = (text.startswith("(") and text.endswith(")")) or text.endswith("-")
    bare = text.strip("()").rstrip("-").strip()
    stated = "\u5143" in bare or "\u5757" in bare
    bare = _MONEY_SIGNS.sub("", bare).strip()
    found = _AMOUNT.match(bare)
    if not found or (found[3] or "") not in _UNITS:
        return None, 1
    number = _decimal(re.sub(r"[,' ]", "", found[2]))
    if number is None:
        return None, 1
    if found[1] == "-" or negative:
        number = -number
    return number, _UNITS[found[3] or ""] if found[3] or stated else unit


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_SEATS = re.compile(r"([-+]?\d[\d,]*)(?:\.0+)?\s*[^\d]*$")


def read_seats(cell: Cell) -> tuple[int | None, str]:
    """A whole number of seats. Codes: negative_seats, bad_seats."""
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, bool | date | time):
        return None, "bad_seats"
    if isinstance(cell, int | float):
        if not abs(cell) < 1e9 or cell != int(cell):
            return None, "bad_seats"
        count = int(cell)
    else:
        text = plain(cell)
        if not text:
            return None, ""
        found = _SEATS.match(text)
        if not found or len(found[1]) > 11:
            return None, "bad_seats"
        count = int(found[1].replace(",", ""))
    return (None, "negative_seats") if count < 0 else (count, "")


BETWEEN = re.compile(r"[\u3001\uff0c\uff1b;/|\n]+")
_PHONE_BREAK = re.compile(r"[\u3001,\uff0c\uff1b;/|\n]+|(?<=\d{7})\s+(?=1\d{10}\b)")
_PHONE = re.compile(r"\+?[\d(][\d ()\-.\u2010-\u2015]*\d(?:\s*(?:ext\.?|x|\u8f6c|#|-)\s*\d{1,6})?$", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d{9}$")


def read_phones(cell: Cell) -> tuple[tuple[str, ...] | None, str]:
    """The phones of a cell; a mainland mobile as eleven digits. Code: bad_phone."""
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, str) and _MOBILE.match(cell):
        return (cell,), ""
    text = read_text(cell)[0]
    bare = plain(text) if text else ""
    if not bare:
        return None, ""
    found = []
    for part in _PHONE_BREAK.split(bare):
        phone = _phone(part.strip())
        if phone is None:
            return None, "bad_phone"
        if phone:
            found.append(phone)
    return (tuple(found), "") if found else (None, "bad_phone")


def _phone(text: str) -> str | None:
    """A phone made uniform; "" for nothing, None for what is no phone."""
    if not text:
        return ""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    mainland = (
        digits[2:]
        if len(digits) == 13 and digits.startswith("86")
        else digits[4:]
        if digits.startswith("0086")
        else digits
    )
    if _MOBILE.match(mainland) and _PHONE.match(text):
        return mainland
    if not 7 <= len(digits) <= 20 or not _PHONE.match(text):
        return None
    return " ".join(text.split())


_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\].]+(\.[^\s@<>,;:\"()\[\].]+)+$")
_EMAIL_BREAK = re.compile(r"[\s\u3001,\uff0c\uff1b;/|<>]+")


def read_emails(cell: Cell) -> tuple[tuple[str, ...] | None, str]:
    """The e-mail addresses of a cell. Code: bad_email."""
    if cell is None or cell == "":
        return None, ""
    if not isinstance(cell, str):
        return None, "bad_email"
    text = plain(cell)
    if not text:
        return None, ""
    parts = [part.removeprefix("mailto:") for part in _EMAIL_BREAK.split(text) if part]
    found = tuple(part for part in parts if _EMAIL.match(part))
    return (found, "") if found and len(found) == len(parts) else (None, "bad_email")


def read_people(cell: Cell) -> tuple[tuple[str, ...] | None, str]:
    """The names of a cell. A comma parts names only where no Latin letter stands: Smith, John is one person."""
    text = read_text(cell)[0]
    if not text:
        return None, ""
    if text.isalnum():
        return (text,), ""
    parts = BETWEEN.split(text)
    if len(parts) == 1 and "," in text and not re.search("[A-Za-z]", text):
        parts = text.split(",")
    names = tuple(name for name in (" ".join(part.split()) for part in parts) if name)
    return (names or None), ""


def read_person(cell: Cell) -> tuple[tuple[tuple[str, ...], tuple[str, ...]] | None, str]:
    """Names and phones that stand in one cell. Code: bad_phone."""
    text = read_text(cell)[0]
    if not text:
        return None, ""
    half = unicodedata.normalize("NFKC", text)
    phones = tuple(
        phone for phone in (_phone(part.strip()) for part in re.findall(r"\+?\d[\d \-]{5,}\d", half)) if phone
    )
    rest = re.sub(r"\+?\d[\d \-]{5,}\d", "\n", half)
    names = tuple(
        name for name in (part.strip(" :\uff1a()/,;\u3001-") for part in re.split(r"[\n/;,\u3001]+", rest)) if name
    )
    if re.search(r"\d", rest):
        return ((names[:1], ()), "bad_phone") if names else (None, "bad_phone")
    return (names, phones), ""


@cache
def _choices(key: str) -> dict[str, str]:
    table = words()[key]
    assert isinstance(table, dict)
    return {
        unicodedata.normalize("NFKC", word).casefold().replace(" ", ""): value
        for value, found in table.items()
        for word in found
    }


_TIER_LETTER = re.compile(
    r"([abc])[+-]?(?:\u7c7b|\u7ea7|\u6863|\u7b49|\u7ea7\u522b)?(?:\u5ba2\u6237)?(?:[(:\-].*)?$|(?:tier|grade|class|level)([abc])$"
)


def read_tier(cell: Cell) -> tuple[str | None, str]:
    """A, B or C in any wording. Code: unknown_tier."""
    text = read_text(cell)[0]
    if not text or not plain(text):
        return None, ""
    key = plain(text).casefold().replace(" ", "")
    known = _choices("tiers")
    if key in known:
        return known[key], ""
    found = _TIER_LETTER.match(key)
    if found:
        return (found[1] or found[2]).upper(), ""
    stem = re.sub(r"(\u5ba2\u6237|\u7c7b|\u7ea7|\u7ea7\u522b)+$", "", key)
    return (known[stem], "") if stem in known else (None, "unknown_tier")


def read_role(cell: Cell) -> tuple[str | None, str]:
    """A contact's role. Code: unknown_role."""
    text = read_text(cell)[0]
    if not text:
        return None, ""
    role = _choices("roles").get(plain(text).casefold().replace(" ", ""))
    return (role, "") if role else (None, "unknown_role")


_PRODUCT_BREAK = re.compile(r"\s*[\u3001,\uff0c\uff1b;/+\n]\s*")


def read_products(cell: Cell) -> tuple[tuple[str, ...] | None, str]:
    """The products of a cell, each once."""
    text = read_text(cell)[0]
    if not text:
        return None, ""
    return tuple(dict.fromkeys(part for part in _PRODUCT_BREAK.split(text) if part)) or None, ""


def read_currency(cell: Cell) -> tuple[str | None, str]:
    """A currency's three letters. Code: unknown_currency."""
    from csdesk.services.handover.headings import currency_of

    text = read_text(cell)[0]
    if not text:
        return None, ""
    found = currency_of(text) or (text.upper() if re.fullmatch("[A-Za-z]{3}", text) else None)
    return (found, "") if found else (None, "unknown_currency")
