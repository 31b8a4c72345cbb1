"""Judging: cells become values, doubts are named at their cell, each row is kept, skipped or refused. Pure.

Columns are read one after the other and each different value once: 10,000 rows of 24 columns take a quarter of a second.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from csdesk.models.vocabulary import Fate
from csdesk.services.accounts.names import name_key
from csdesk.services.core.errors import Problem, Severity
from csdesk.services.core.texts import _
from csdesk.services.handover import days, headings, values
from csdesk.services.handover.days import Order
from csdesk.services.handover.fields import ACCOUNT_ID, CODE, FIELDS, INTO_NOTES, JOINS, NAME, SHORT_NAME, Holds
from csdesk.services.handover.findings import CODES, OTHERS, Judged, found_at
from csdesk.services.handover.mapping import Match
from csdesk.services.handover.recipe import Recipe
from csdesk.services.handover.tables import Layout, Table, is_filled
from csdesk.services.handover.values import Cell

READERS: dict[Holds, Any] = {
    Holds.TEXT: values.read_text,
    Holds.PEOPLE: values.read_people,
    Holds.SEATS: values.read_seats,
    Holds.PHONES: values.read_phones,
    Holds.EMAILS: values.read_emails,
    Holds.TIER: values.read_tier,
    Holds.ROLE: values.read_role,
    Holds.PRODUCTS: values.read_products,
    Holds.CURRENCY: values.read_currency,
    Holds.PERSON: values.read_person,
}


AS_IT_STANDS = Recipe()
"""Nothing was said about how to read the file."""


def judge(
    table: Table,
    matches: Sequence[Match],
    links: Mapping[tuple[str, str], str] | None = None,
    left_out: frozenset[tuple[str, int]] = frozenset(),
    recipe: Recipe = AS_IT_STANDS,
) -> Judged:
    """Read a table with the columns as matched. ``left_out`` (sheet, Excel row) are the user's own exclusions.

    Of the ``recipe`` the orders of days, the words and the constants are used.
    """
    used = [(match, match.used) for match in matches if match.used]
    judged = Judged(table, matches, [], [None] * len(table.rows))
    columns: dict[str, list[Any]] = {}
    others: dict[int, dict[str, list[Any]]] = {}
    wrong: dict[int, list[tuple[Match, str, Cell]]] = {}
    reader = _ColumnReader(recipe, _common_order(table, used), judged)
    notes: list[tuple[str, list[Any]]] = []
    for match, key in used:
        cells = table.column_values(match.index)
        if key == INTO_NOTES:
            notes.append((match.heading, [values.read_text(cell)[0] for cell in cells]))
            continue
        read, bad = reader.read(key, cells, match)
        into = others.setdefault(match.repeat, {}) if match.repeat else columns
        into[key] = list(map(_joined, into[key], read)) if key in into else read
        if FIELDS[key].holds is Holds.AMOUNT and key == "contract.amount" and "contract.currency" not in columns:
            currencies = _currencies(cells, match)
            if currencies:
                columns["contract.currency"] = currencies
        for row, code in bad.items():
            wrong.setdefault(row, []).append((match, code, cells[row]))
    if notes:
        columns["handover.notes"] = _noted(columns.get("handover.notes"), notes)
    _sort_rows(judged, columns, links or {}, left_out)
    keys = list(columns)
    rows = zip(*columns.values(), strict=True) if columns else iter(())
    for read_row in rows:
        entry = {key: value for key, value in zip(keys, read_row, strict=True) if value is not None}
        judged.entries.append(entry)
    _add_others(judged, others)
    _finish_rows(judged, wrong, _constants(recipe.constants, columns))
    return judged


def _noted(kept: list[Any] | None, added: list[tuple[str, list[Any]]]) -> list[str | None]:
    """The notes with what other columns say below them, each with its heading."""
    told: list[str | None] = []
    for row, first in enumerate(kept or [None] * len(added[0][1])):
        lines = [first] if first else []
        lines += [f"{' '.join(heading.split())}: {read[row]}" for heading, read in added if read[row]]
        told.append("\n".join(lines) or None)
    return told


def _constants(constants: Mapping[str, str], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Field → value that holds for all rows; of fields that no column fills."""
    read = {key: constant(key, text)[0] for key, text in constants.items() if key in FIELDS and key not in columns}
    return {key: value for key, value in read.items() if value is not None}


def constant(key: str, text: str) -> tuple[Any, str]:
    """What a text means as the value of a field in all rows, and the code of what is wrong with it."""
    match = Match(0, "", key, 1.0, headings.How.CHOSEN)
    table = Table("", Layout.TABLE, 1, [""], [0], [[text]], [1])
    read, bad = _ColumnReader(AS_IT_STANDS, Order.OPEN, Judged(table, (match,), [], [])).read(key, [text], match)
    return read[0], bad.get(0, "")


def _joined(first: Any, second: Any) -> Any:
    """What two columns of one field say together."""
    if first is None or second is None or first == second:
        return second if first is None else first
    return tuple(dict.fromkeys(first + second)) if isinstance(first, tuple) else f"{first}\n{second}"


def _add_others(judged: Judged, others: Mapping[int, dict[str, list[Any]]]) -> None:
    """Put further contacts of a row into its entry."""
    for columns in others.values():
        for entry, row in zip(judged.entries, zip(*columns.values(), strict=True), strict=True):
            told = {key: value for key, value in zip(columns, row, strict=True) if value is not None}
            if told and entry is not None:
                _combine(told)
                entry.setdefault(OTHERS, []).append({FIELDS[key].name: value for key, value in told.items()})


def _common_order(table: Table, used: Sequence[tuple[Match, str]]) -> Order:
    """Month or day first, told by all date columns of the table together."""
    cells: set[Cell] = set()
    for match, key in used:
        if FIELDS[key].holds is Holds.DAY:
            cells.update(cell for cell in table.column_values(match.index) if isinstance(cell, str))
    return days.order_of(cells)


class _ColumnReader:
    """Reads columns, each different cell once."""

    def __init__(self, recipe: Recipe, order: Order, judged: Judged) -> None:
        self.recipe, self.order, self.judged = recipe, order, judged

    def read(self, key: str, cells: list[Cell], match: Match) -> tuple[list[Any], dict[int, str]]:
        """The values of a column and, by row, the code of what is wrong."""
        different = set(cells)
        reader = self._reader(key, different, match)
        told = self.recipe.words.get(key)
        meanings: dict[Cell, Any] = {}
        wrong: dict[Cell, str] = {}
        for cell in different:
            if told and (text := typed(cell)) in told:
                meanings[cell] = told[text] or None
                continue
            meanings[cell], code = reader(cell)
            if code:
                wrong[cell] = code
        read = list(map(meanings.__getitem__, cells))
        if not wrong:
            return read, {}
        if "ambiguous_date" in wrong.values():
            self.judged.orders[match.heading] = Order.OPEN
        return read, {row: wrong[cell] for row, cell in enumerate(cells) if cell in wrong}

    def _reader(self, key: str, different: set[Cell], match: Match) -> Callable[[Cell], tuple[Any, str]]:
        holds = FIELDS[key].holds
        if holds is Holds.AMOUNT:
            comma = values.has_decimal_comma(different)
            return lambda cell: values.read_amount(cell, match.unit, comma)
        if holds is Holds.TIER:
            scale = max(map(values.stars_of, different), default=0)
            return lambda cell: values.read_tier(cell, scale)
        if holds is Holds.TERM:
            return lambda cell: days.read_term(cell, headings.term_unit_of(match.heading))
        if holds in (Holds.DAY, Holds.PERIOD):
            order = self._order(different, match)
            if holds is Holds.PERIOD:
                return lambda cell: days.read_period(cell, order)
            return lambda cell: days.read_day(cell, order, at_end=key == "contract.end")
        reader: Callable[[Cell], tuple[Any, str]] = READERS[holds]
        return reader

    def _order(self, different: set[Cell], match: Match) -> Order:
        """The user's word, else what the column says of itself, else what all columns of days say."""
        said = self.recipe.day_orders.get(match.heading)
        if said in (Order.MONTH_FIRST, Order.DAY_FIRST):
            order = Order(said)
        else:
            own = days.order_of(different)
            order = own if own is not Order.OPEN else self.order
        if order is not Order.OPEN:
            self.judged.orders[match.heading] = order
        return order


def typed(cell: Cell) -> str:
    """A cell as value mappings name it: its text as typed, "" for an empty one."""
    return values.read_text(cell)[0] or ""


@dataclass(frozen=True)
class Choice:
    """One wording of a column that holds choices: how often it stands there and what it is read as, None for nothing."""

    text: str
    count: int
    meaning: str | None


def choices(table: Table, match: Match, recipe: Recipe = AS_IT_STANDS) -> list[Choice]:
    """The different wordings of a tier or role column, the frequent ones first; nothing for other columns."""
    key = match.used or match.field or ""
    if key not in FIELDS or FIELDS[key].holds not in (Holds.TIER, Holds.ROLE):
        return []
    cells = table.column_values(match.index)
    counts = Counter(text for cell in cells if (text := typed(cell)))
    reader = _ColumnReader(recipe, Order.OPEN, Judged(table, (), [], []))
    texts: list[Cell] = list(counts)
    meanings = dict(zip(counts, reader.read(key, texts, match)[0], strict=True))
    return [Choice(text, count, meanings[text]) for text, count in counts.most_common()]


def _currencies(cells: list[Cell], match: Match) -> list[str | None] | None:
    named = {cell: headings.currency_of(cell) for cell in set(cells) if isinstance(cell, str)}
    if not any(named.values()):
        return [match.currency if is_filled(cell) else None for cell in cells] if match.currency else None
    return [(named.get(cell) if isinstance(cell, str) else None) or match.currency for cell in cells]


_ENUMERATED = re.compile(r"\s*[\d\u4e00-\u5341]+\s*[.\u3001)\uff0e]\s*\D")


@cache
def _count_of_all() -> re.Pattern[str]:
    counted = "|".join(sorted(map(re.escape, headings.word_list("counted")), key=len, reverse=True))
    return re.compile(rf"\u5171\u8ba1?[:\s]*\d+\s*(?:{counted})")


def is_total(text: str) -> bool:
    """Whether a cell says that its row is a sum, an average or a count."""
    key = headings.normal(text)
    totals = headings.word_set("totals")
    return len(key) <= 12 and (
        key in totals or (key[:2] in totals and not key[2:].isalpha()) or bool(_count_of_all().match(text.strip()))
    )


def is_note(text: str) -> bool:
    """Whether a lone text is a remark, a place to sign, and no customer."""
    bare = unicodedata.normalize("NFKC", text).strip().casefold()
    words = headings.word_set("notes")
    return (
        bool(_ENUMERATED.match(bare))
        or len(bare) > 60
        or bare.endswith((":", "\u3002"))
        or (bare.endswith((".", ";")) and " " in bare)
        or bare in words
        or (":" in bare and bare.startswith((*words, *headings.word_set("signatures"))))
        or bool(_count_of_all().match(bare))
    )


def _sort_rows(
    judged: Judged,
    columns: dict[str, list[Any]],
    links: Mapping[tuple[str, str], str],
    left_out: frozenset[tuple[str, int]],
) -> None:
    """Which rows are skipped, and names for rows that continue the one above or name their account by its number."""
    table = judged.table
    names = columns.get(NAME) or [None] * len(table.rows)
    columns[NAME] = names
    heading_again = ("", table_name(judged))
    suspects = {
        name
        for name in set(names)
        if name and (is_total(name) or is_note(name) or headings.normal(name) in heading_again)
    }
    owned = [
        read
        for key, read in columns.items()
        if key != NAME and FIELDS[key].group in ("account", "handover") and key != CODE
    ]
    own = [read for key, read in columns.items() if FIELDS[key].group in ("contact", "contract")]
    contacts = [read for key, read in columns.items() if FIELDS[key].group == "contact"]
    joins = [(key, columns[key]) for key in JOINS if key != NAME and key in columns] if links else []
    titles = _titles_between(judged)
    known = columns.get(ACCOUNT_ID)
    above: str | None = None
    for row, name in enumerate(names):
        if left_out and (table.sheet, table.numbers[row]) in left_out:
            judged.fates[row] = Fate.SKIPPED
            continue
        if known is not None and known[row] is not None:
            index = judged.column_of(NAME)
            above = names[row] = name or (str(table.cell(row, index) or "") if index is not None else "") or None
            continue
        if name is not None and name not in suspects and row not in titles:
            above = names[row] = links.get((SHORT_NAME, name), name) if links else name
            continue
        filled = [cell for cell in table.rows[row] if is_filled(cell)]
        if name is not None:
            remarks = all(isinstance(cell, str) and is_note(cell) for cell in filled)
            if is_total(name) or len(filled) <= 2 or remarks or headings.normal(name) == table_name(judged):
                judged.fates[row] = Fate.SKIPPED
            else:
                above = name
            continue
        linked = next((links[key, read[row]] for key, read in joins if (key, read[row]) in links), None)
        if linked is not None:
            names[row] = linked
        elif _says_nothing(filled, columns, row):
            judged.fates[row] = Fate.SKIPPED
        elif above and _continues(row, owned, own, contacts):
            names[row] = above


def _titles_between(judged: Judged) -> set[int]:
    """Rows with one text and nothing else right above a repeated heading: the title of the next part of the table."""
    index = judged.column_of(NAME)
    if index is None:
        return set()
    heading = judged.table.headings[index].strip()
    names = judged.table.column_values(index)
    return {
        row
        for row, following in enumerate(names[1:])
        if isinstance(following, str)
        and following.strip() == heading
        and sum(map(is_filled, judged.table.rows[row])) == 1
    }


def _continues(row: int, owned: list[list[Any]], own: list[list[Any]], contacts: list[list[Any]]) -> bool:
    """Whether a row without a name says nothing of an account of its own, only of a contact or a contract."""
    if any(read[row] is not None for read in owned):
        return False
    told = own if owned else contacts
    return any(read[row] is not None for read in told) or any(read[row] is not None for read in contacts)


def table_name(judged: Judged) -> str:
    """The normalised heading of the account column: a row that repeats it is a heading again."""
    index = judged.column_of(NAME)
    return "" if index is None else headings.normal(judged.table.headings[index])


def _says_nothing(filled: list[Cell], columns: dict[str, list[Any]], row: int) -> bool:
    """A row without a customer that is a sum, a remark, or a number and no more."""
    texts = [cell for cell in filled if isinstance(cell, str)]
    if any(is_total(text) for text in texts):
        return True
    if not any(read[row] is not None for read in columns.values()):
        return True
    return len(filled) == 1 and (not texts or is_note(texts[0]) or len(texts[0]) > 30)


def _finish_rows(judged: Judged, wrong: dict[int, list[tuple[Match, str, Cell]]], constants: Mapping[str, Any]) -> None:
    for row, entry in enumerate(judged.entries):
        if judged.fates[row] is Fate.SKIPPED or entry is None:
            judged.entries[row] = None
            continue
        refused = False
        if NAME not in entry:
            judged.find(row, NAME, "missing_name")
            refused = True
        for match, code, cell in wrong.get(row, ()):
            key = match.used or ""
            suggestion = values.suggested(cell, code)
            finding = found_at(judged.table, row, match.index, key, code, _shown(cell), "", suggestion)
            judged.findings.append(finding)
            refused = refused or finding.severity is Severity.ERROR
        _combine(entry)
        if constants:
            _fill_in(entry, constants)
        start, end = entry.get("contract.start"), entry.get("contract.end")
        if start is not None and end is not None and end < start:
            key = "contract.end" if judged.column_of("contract.end") is not None else "contract.period"
            judged.find(row, key, "end_before_start", end.isoformat(), start.isoformat())
            refused = True
        if refused:
            judged.fates[row] = Fate.REFUSED
            judged.entries[row] = None


def _fill_in(entry: dict[str, Any], constants: Mapping[str, Any]) -> None:
    """Put constants into a row, each only where the row tells of such a record at all."""
    told = {FIELDS[key].group for key in entry} | {"account", "handover"}
    for key, value in constants.items():
        if FIELDS[key].group in told:
            entry.setdefault(key, value)


def _shown(cell: Cell) -> str:
    return values.read_text(cell)[0] or ("" if cell is None else str(cell))


def _combine(entry: dict[str, Any]) -> None:
    """Fields that stand in one cell, or in two, become the ones that are kept."""
    period = entry.pop("contract.period", None)
    months = entry.pop("contract.term", None)
    if isinstance(period, tuple):
        entry.setdefault("contract.start", period[0])
        entry.setdefault("contract.end", period[1])
    elif period is not None:
        months = period
    if months is not None and "contract.start" in entry and "contract.end" not in entry:
        end = days.end_of_term(entry["contract.start"], months)
        if end is not None:
            entry["contract.end"] = end
    if "contact.person" in entry:
        names, phones = entry.pop("contact.person")
        if names:
            entry.setdefault("contact.name", names)
        if phones:
            entry.setdefault("contact.phone", phones)
    first, last = entry.pop("contact.first_name", None), entry.pop("contact.last_name", None)
    if (first or last) and "contact.name" not in entry:
        latin = all((part or "").isascii() for part in (first, last))
        entry["contact.name"] = (f"{first or ''} {last or ''}".strip() if latin else f"{last or ''}{first or ''}",)


def parse(
    draft: Mapping[str, Cell], cells: Mapping[str, str] | None = None
) -> tuple[dict[str, Any] | None, tuple[Problem, ...]]:
    """One row as typed (field → cell; ``cells``: field → address) judged like a file's: its values or none, and Problems."""
    keys = [key for key in FIELDS if key in draft]
    table = Table("", Layout.FORM, 1, keys, list(range(len(keys))), [[draft[key] for key in keys]], [1])
    matches = [Match(index, key, key, 1.0, headings.How.CHOSEN) for index, key in enumerate(keys)]
    judged = judge(table, matches)
    found = tuple(
        Problem(finding.field, finding.message, finding.severity, (cells or {}).get(finding.field), finding.code)
        for finding in judged.findings
    )
    entry = judged.entries[0] if judged.entries else None
    if entry is None and not found:
        severity, sentence = CODES["missing_name"]
        found = (Problem(NAME, _(sentence), severity, code="missing_name"),)
    return entry, found


def linked_names(tables: Sequence[tuple[Table, Sequence[Match]]]) -> dict[tuple[str, str], str]:
    """(joining field, value in the file) → account name, from the sheets that hold both.

    Other sheets of the workbook may name only the account's number, its short name or a contract's number. A value that
    would join two accounts joins none.
    """
    found: dict[tuple[str, str], str | None] = {}
    if len(tables) < 2:
        return {}
    for table, matches in tables:
        used = {match.used: match.index for match in matches if match.used and not match.repeat}
        if NAME not in used:
            continue
        names = [values.read_text(cell)[0] for cell in table.column_values(used[NAME])]
        for key in JOINS:
            if key == NAME or key not in used:
                continue
            for cell, name in zip(table.column_values(used[key]), names, strict=True):
                text = values.read_text(cell)[0]
                if text and name and found.setdefault((key, text), name) != name:
                    found[key, text] = None
    full = {name_key(name) for name in found.values() if name}
    return {
        (key, text): name
        for (key, text), name in found.items()
        if name and not (key == SHORT_NAME and name_key(text) in full)
    }


def worth_taking(
    tables: Sequence[tuple[Table, Sequence[Match]]],
) -> list[tuple[Table, Sequence[Match]]]:
    """The tables that name accounts, or what joins them to another sheet.

    Beside a table that names accounts plainly, a bare list of names is a cover or a legend.
    """
    used = [{match.used for match in matches} for _table, matches in tables]
    joining = {key for fields in used if NAME in fields for key in fields & set(JOINS)} if len(tables) > 1 else {NAME}
    named = [pair for pair, fields in zip(tables, used, strict=True) if fields & joining]
    if not any(_names_plainly(matches) for _table, matches in named):
        return named
    return [(table, matches) for table, matches in named if _names_plainly(matches) or _says_more(matches)]


def _names_plainly(matches: Sequence[Match]) -> bool:
    return any(match.used == NAME and match.confidence > headings.WEAK for match in matches)


def _says_more(matches: Sequence[Match]) -> bool:
    return any(
        match.used not in (None, NAME, "handover.notes") and match.confidence > headings.WEAK for match in matches
    )


def day_text(day: date | None) -> str:
    """ISO, empty for none."""
    return day.isoformat() if day else ""
