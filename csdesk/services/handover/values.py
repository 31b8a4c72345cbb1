"""What a cell says: amounts, seats, phones, e-mail, tiers, several people in one cell.

Each reader takes a cell's value (None, text, number, day) and returns what it means and a code of what is wrong with it,
``""`` where nothing is. None of them raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from csdesk.services.core.money import MAX_AMOUNT
from csdesk.services.handover.headings import (
    currency_marks,
    currency_of,
    word_list,
    word_map,
    word_set,
    words,
)
from csdesk.services.handover.numerals import has_numerals, read_capital_amount, read_count, read_numeral

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


@cache
def _number_with_unit() -> re.Pattern[str]:
    units = "|".join(sorted(map(re.escape, word_map("multipliers")), key=len, reverse=True))
    return re.compile(rf"(\d[\d,.' ]*|\.\d+)\s*({units})?")


@cache
def _currency_signs() -> re.Pattern[str]:
    return re.compile("|".join(marks.pattern for _code, marks in currency_marks()))


@cache
def _money_signs() -> re.Pattern[str]:
    return re.compile("|".join([_currency_signs().pattern, *map(re.escape, word_list("money_words"))]))


_NOTE_BEHIND = re.compile(
    r"(?<=\S)\s*[(\[\u3010][^()\[\]\u3010\u3011]*[^()\[\]\u3010\u3011\d.,][^()\[\]\u3010\u3011]*[)\]\u3011]$"
)
"""A remark in brackets behind a value, such as (tax included): not brackets around a number."""
DOUBTFUL = Decimal(10_000)
"""From this number on a cell below a heading in units of ten thousand was probably typed in single units."""


def read_amount(cell: Cell, unit: int = 1, decimal_comma: bool = False) -> tuple[Decimal | None, str]:
    """An amount, whole cents; ``unit`` from the heading, which a unit in the cell outranks.

    ``decimal_comma``: the column writes 1.200,50. Codes: text_amount, negative_amount, amount_doubt (about, a range, a
    price per year), unit_doubt (ten thousand times ten thousand), huge_amount.
    """
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, bool | date | time):
        return None, "text_amount"
    if isinstance(cell, int | float):
        number, factor = _decimal(repr(cell)), unit
    else:
        text = plain(cell).casefold().lstrip("'")
        if not text:
            return None, ""
        if text in word_set("free"):
            return Decimal("0.00"), ""
        if _is_rough(text):
            return None, "amount_doubt"
        number, factor = _amount_of_text(_NOTE_BEHIND.sub("", text), unit, decimal_comma)
    if number is None or not number.is_finite():
        return None, "text_amount"
    if factor == 10_000 and unit == 10_000 and abs(number) >= DOUBTFUL:
        return None, "unit_doubt"
    if number < 0:
        return None, "negative_amount"
    amount = number * factor
    if amount > MAX_AMOUNT:
        return None, "huge_amount"
    return amount.quantize(CENT), ""


_RANGE = re.compile(
    r"\d\s*[^\d\s,.'()+/~\u2013\u2014-]*\s*(?:[+~\u2013\u2014-]|\bto\b|\u81f3|\u5230)\s*[^\d\s,.'()]*\d"
)


def _is_rough(text: str) -> bool:
    """Whether a text with a number says that this is not just the amount: about, from to, a sum, for each year."""
    if not any(sign.isdigit() for sign in text):
        return False
    if _RANGE.search(text) and not text.startswith("-"):
        return True
    about, per = word_list("about"), word_list("per_year")
    return text.startswith(about) or text.endswith(tuple(word for word in about if len(word) > 1)) or any(
        text.endswith(word) or f"{word}(" in text for word in per
    )  # fmt: skip


def _amount_of_text(text: str, unit: int, decimal_comma: bool) -> tuple[Decimal | None, int]:
    """The number that a text holds and what one of it counts."""
    stated = any(mark in text for mark in word_list("money_words"))
    bare = _money_signs().sub("", text).strip()
    negative = (bare.startswith("(") and bare.endswith(")")) or bare.endswith("-") or bare.startswith("-")
    bare = bare.strip("()+- ").strip()
    total = Decimal(0)
    at, smallest = 0, None
    named = False
    for found in _number_with_unit().finditer(bare):
        factor = word_map("multipliers")[found[2]] if found[2] else 1
        if bare[at : found.start()].strip() or (smallest is not None and (factor >= smallest or not found[2])):
            return None, 1
        number = _plain_number(found[1], decimal_comma)
        if number is None:
            return None, 1
        total += number * factor
        at, smallest, named = found.end(), factor, named or bool(found[2])
    if smallest is None or bare[at:].strip():
        return (read_capital_amount(_currency_signs().sub("", text)) if has_numerals(text) else None), 1
    return (-total if negative else total), (1 if named or stated else unit)


_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$|\d+(?:\.\d+)?$|\.\d+$")
_GROUPED_BY_DOTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,4})?$|\d+,\d{1,4}$")


def _plain_number(text: str, decimal_comma: bool) -> Decimal | None:
    """The number in figures, whichever sign parts its thousands; None where the signs make no sense."""
    bare = text.replace(" ", "").replace("'", "").rstrip(".,")
    european = bool(_GROUPED_BY_DOTS.match(bare)) and (
        decimal_comma or bare.count(".") > 1 or ("," in bare and (bare.count(".") == 1 or len(bare.rpartition(",")[2]) != 3))
    )  # fmt: skip
    if european:
        return _decimal(bare.replace(".", "").replace(",", "."))
    if not _GROUPED.match(bare):
        return None
    return _decimal(bare.replace(",", ""))


_EUROPEAN = re.compile(r"(?:\d\.\d{3},\d{1,2}|(?<![\d.,])\d+,\d{1,2})(?!\d)")


def has_decimal_comma(cells: Iterable[Cell]) -> bool:
    """Whether a column of amounts writes 1.200,50, told by the cells that can mean nothing else."""
    return any(isinstance(cell, str) and "," in cell and bool(_EUROPEAN.search(plain(cell))) for cell in cells)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_COUNTS = re.compile(r"\d[\d,]*(?:\.\d+)?")


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
        return (None, "negative_seats") if count < 0 else (count, "")
    text = _NOTE_BEHIND.sub("", plain(cell).casefold().lstrip("'"))
    if not text:
        return None, ""
    found = _COUNTS.findall(text)
    if len(found) != 1 or len(found[0]) > 11 or text.startswith(word_list("about")):
        numeral = read_numeral(text.rstrip("".join(word_list("counted")))) if not found and has_numerals(text) else None
        return (numeral, "") if numeral else (None, "bad_seats")
    before, _number, behind = text.partition(found[0])
    number = _plain_number(found[0], False)
    count_of = None if number is None else number * word_map("powers").get(behind.strip()[:1], 1)
    if count_of is None or count_of != int(count_of) or count_of >= 10**9:
        return None, "bad_seats"
    return (None, "negative_seats") if before.endswith("-") else (int(count_of), "")


BETWEEN = re.compile(r"[\u3001\uff0c\uff1b;/|\n]+")
_PHONE_BREAK = re.compile(r"[\u3001,\uff0c\uff1b;/|\n]+|(?<=\d{7})\s+(?=1\d{10}\b)")
_PHONE = re.compile(r"\+?[\d(][\d ()\-.\u2010-\u2015]*\d(?:\s*(?:ext\.?|x|\u8f6c|#|-)\s*\d{1,6})?$", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d{9}$")


_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?e\+?(\d{1,2})$")


def read_phones(cell: Cell) -> tuple[tuple[str, ...] | None, str]:
    """The phones of a cell; a mainland mobile as eleven digits. Codes: bad_phone, lost_digits (1.38E+10)."""
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, str) and _MOBILE.match(cell):
        return (cell,), ""
    text = read_text(cell)[0]
    bare = plain(text).lstrip("'") if text else ""
    if not bare:
        return None, ""
    short = _SCIENTIFIC.match(bare.casefold())
    if short:
        digits = short[1] + (short[2] or "")
        if int(short[3]) < 6:
            return None, "bad_phone"
        return ((digits,), "") if len(digits) == int(short[3]) + 1 else (None, "lost_digits")
    found = []
    for part in _PHONE_BREAK.split(bare):
        phone = _phone(_without_label(part.strip()))
        if phone is None:
            return None, "bad_phone"
        if phone:
            found.append(phone)
    return (tuple(dict.fromkeys(found)), "") if found else (None, "bad_phone")


@cache
def _phone_label() -> re.Pattern[str]:
    labels = "|".join(sorted(map(re.escape, word_list("phone_labels")), key=len, reverse=True))
    return re.compile(rf"(?:{labels})\s*[:.]?\s*(?=[+(\d])", re.IGNORECASE)


def _without_label(text: str) -> str:
    """The phone without the word before it and the remark behind it."""
    label = _phone_label().match(text)
    return _NOTE_BEHIND.sub("", text[label.end() :] if label else text)


def _phone(text: str) -> str | None:
    """A phone made uniform; "" for nothing, None for what is no phone."""
    if not text:
        return ""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    mainland = digits
    if len(digits) == 13 and digits.startswith("86"):
        mainland = digits[2:]
    elif digits.startswith("0086"):
        mainland = digits[4:]
    elif text.startswith("+"):
        mainland = ""
    if _MOBILE.match(mainland) and _PHONE.match(text):
        return mainland
    if not 7 <= len(digits) <= 20 or not _PHONE.match(text):
        return None
    if text.isdigit() and len(text) in (10, 12) and re.match("1[3-9]", text):
        return None  # a mobile with a digit too few or too many
    return " ".join(text.split())


_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\].]+(\.[^\s@<>,;:\"()\[\].]+)+$")
_PLAIN_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
_EMAIL_BREAK = re.compile(r"[\s\u3001,\uff0c\uff1b;/|<>]+")


def read_emails(cell: Cell) -> tuple[tuple[str, ...] | None, str]:
    """The e-mail addresses of a cell. Code: bad_email."""
    if cell is None or cell == "":
        return None, ""
    if not isinstance(cell, str):
        return None, "bad_email"
    if _PLAIN_EMAIL.match(cell):
        return (cell,), ""
    text = plain(cell)
    if not text:
        return None, ""
    named = re.findall(r"<([^<>]*@[^<>]*)>", text)
    parts = [part.removeprefix("mailto:") for part in (named or _EMAIL_BREAK.split(text)) if part]
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


_PHONE_INSIDE = re.compile(r"\+?\(?\d[\d ()\-]{5,}\d(?:\s*(?:\u8f6c|ext\.?|x|#)\s*\d{1,6})?", re.IGNORECASE)


def read_person(cell: Cell) -> tuple[tuple[tuple[str, ...], tuple[str, ...]] | None, str]:
    """Names and phones that stand in one cell. Code: bad_phone."""
    text = read_text(cell)[0]
    if not text:
        return None, ""
    half = unicodedata.normalize("NFKC", text)
    phones = tuple(phone for phone in (_phone(part.strip()) for part in _PHONE_INSIDE.findall(half)) if phone)
    rest = _PHONE_INSIDE.sub("\n", half)
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
    r"([abc])[+-]?(?:\u7c7b|\u7ea7|\u6863|\u7b49|\u7ea7\u522b)?(?:\u5ba2\u6237)?(?:[(:/\-].*)?$|(?:tier|grade|class|level)[:\-]?([abc])$"
)
_SCALE = 3


def stars_of(cell: Cell) -> int:
    """How many stars a cell gives, as signs or as a number with the word; 0 where it gives none."""
    if not isinstance(cell, str):
        return 0
    text = "".join(plain(cell).split()).replace("\ufe0f", "")
    if text and word_set("stars").issuperset(text):
        return len(text)
    for word in word_list("star_words"):
        head = text.casefold().removesuffix(word)
        if head != text.casefold():
            number = read_count(head)
            return int(number) if number is not None and 0 < number < 11 else 0
    return 0


def read_tier(cell: Cell, scale: int = _SCALE) -> tuple[str | None, str]:
    """A, B or C in any wording; ``scale``: how many stars the column gives at most. Code: unknown_tier."""
    text = read_text(cell)[0]
    if not text or not plain(text):
        return None, ""
    stars = stars_of(text)
    if stars:
        return ("A" if stars >= max(scale, _SCALE) - (scale > _SCALE) else "B" if stars * 2 >= scale else "C"), ""
    key = re.sub(r"[\s_]+", "", plain(text).casefold())
    known = _choices("tiers")
    for word in (
        key,
        key.replace("-", ""),
        key.removesuffix("\u5ba2\u6237"),
        re.sub(r"(\u5ba2\u6237|\u7c7b|\u7ea7|\u7ea7\u522b)+$", "", key),
    ):
        if word in known:
            return known[word], ""
    found = _TIER_LETTER.match(key)
    return ((found[1] or found[2]).upper(), "") if found else (None, "unknown_tier")


def read_role(cell: Cell) -> tuple[str | None, str]:
    """A contact's role. Code: unknown_role."""
    text = read_text(cell)[0]
    if not text:
        return None, ""
    key = plain(text).casefold().replace(" ", "")
    if not key:
        return None, ""
    role = _choices("roles").get(key)
    return (role, "") if role else (None, "unknown_role")


def suggested(cell: Cell, code: str) -> str:
    """What the user may have meant by a doubtful cell, to be offered; "" where nothing can be told."""
    text = read_text(cell)[0] or ""
    if code == "unit_doubt":
        return text
    if code == "amount_doubt":
        bare = plain(text).casefold()
        for word in (*word_list("about"), *word_list("per_year")):
            bare = bare.replace(word, "")
        amount = None if _is_rough(bare) else read_amount(bare)[0]
        return str(amount) if amount is not None else ""
    if code == "bad_phone":
        found = [phone for phone in map(_phone, _PHONE_INSIDE.findall(plain(text))) if phone]
        return " / ".join(found)
    if code == "bad_email":
        return "; ".join(part for part in _EMAIL_BREAK.split(plain(text)) if _EMAIL.match(part))
    return ""


_PRODUCT_BREAK = re.compile(r"\s*[\u3001,\uff0c\uff1b;/+\n]\s*")


def read_products(cell: Cell) -> tuple[tuple[str, ...] | None, str]:
    """The products of a cell, each once."""
    text = read_text(cell)[0]
    if not text:
        return None, ""
    return tuple(dict.fromkeys(part for part in _PRODUCT_BREAK.split(text) if part)) or None, ""


def read_currency(cell: Cell) -> tuple[str | None, str]:
    """A currency's three letters. Code: unknown_currency."""
    text = read_text(cell)[0]
    if not text:
        return None, ""
    found = currency_of(text) or (text.upper() if re.fullmatch("[A-Za-z]{3}", text) else None)
    return (found, "") if found else (None, "unknown_currency")
