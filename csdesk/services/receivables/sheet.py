"""A sheet of payments, from the bank or from finance: which column is what, and what each row says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import _
from csdesk.services.files.workbook import Cell, Sheet, Workbook, address
from csdesk.services.handover.days import read_day
from csdesk.services.handover.fields import CODE, INTO_NOTES, NAME
from csdesk.services.handover.headings import currency_of, normal, unit_of
from csdesk.services.handover.layout import known_cells
from csdesk.services.handover.values import read_amount, read_text
from csdesk.services.receivables.wordlists import payment_words

HEADING_WITHIN = 40
"""Above the heading stand a title, an account number, a period; so many rows at most."""
OF_PAYMENTS = {"payer", "reference", "direction"}
"""What only a list of payments has a column of."""
SHARED = {
    NAME, CODE, INTO_NOTES, "account.short_name", "contract.number", "contract.amount", "contract.paid", "contract.currency",
    "contract.signed", "contact.notes", "handover.notes",
}  # fmt: skip
"""What a handover and a list of payments may both have a column of."""
FIELDS = ("contract", "account", "payer", "amount", "paid_on", "reference", "notes", "currency", "direction")


@dataclass(frozen=True)
class SheetRow:
    """One payment of a sheet. ``cell`` is where it stands, ``problem`` the sentence for which it cannot be taken."""

    cell: str
    paid_on: date | None
    amount: Decimal | None
    contract: str = ""
    account: str = ""
    payer: str = ""
    reference: str = ""
    notes: str = ""
    currency: str = ""
    problem: str = ""

    @property
    def who(self) -> str:
        """Whom the sheet names: the account, else who paid, else the contract."""
        return self.account or self.payer or self.contract


def read_rows(workbook: Workbook, today: date) -> tuple[SheetRow, ...]:
    """The payments of all sheets that have a column of amounts and one of days or names. Raises Problems where none has.

    Rows of money that went out, rows without an amount and rows that sum up are passed over.
    """
    found: list[SheetRow] = []
    headed = False
    for sheet in workbook.sheets:
        heading = None if sheet.hidden else _heading(sheet)
        if heading is not None:
            headed = True
            several = len(workbook.sheets) > 1
            found += _rows(sheet, *heading, today, f"{sheet.name}!" if several else "")
    if not headed:
        sentence = _(
            "No payments were found: a row of headings with the amount, the day and the contract or the payer, please."
        )
        raise Problems([Problem("file", sentence, code="no_headings")])
    return tuple(found)


class Holding(StrEnum):
    """What a workbook seems to hold, by its headings."""

    PAYMENTS = "payments"
    EITHER = "either"
    """Days, amounts and names alone: as well payments as contracts."""
    OTHER = "other"


def holding_of(workbook: Workbook) -> Holding:
    """Whether a workbook is a list of payments.

    It is where a sheet has a day, an amount and what only payments have (who paid, the bank's reference, in or out), and
    none has headings of what sales hands over: people, products, terms, goals.
    """
    seen = [sheet for sheet in workbook.sheets if not sheet.hidden]
    if any(_hands_over(sheet) for sheet in seen):
        return Holding.OTHER
    fields = [set(heading[1]) for sheet in seen if (heading := _heading(sheet)) is not None]
    paid = [found for found in fields if {"amount", "paid_on"} <= found]
    if any(found & OF_PAYMENTS for found in paid):
        return Holding.PAYMENTS
    return Holding.EITHER if any(found & {"contract", "account"} for found in paid) else Holding.OTHER


def _hands_over(sheet: Sheet) -> bool:
    """Whether a row near the top names two things or more that a payment has nothing to do with."""
    near = sheet.rows[sheet.first_row : sheet.first_row + HEADING_WITHIN]
    return any(len(set(known_cells(row).values()) - SHARED) >= 2 for row in near)


def _heading(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of headings and the column of each field; the one that knows most."""
    best: tuple[int, dict[str, int]] | None = None
    for row in range(sheet.first_row, min(len(sheet.rows), sheet.first_row + HEADING_WITHIN)):
        columns = _columns(sheet.rows[row])
        if "amount" in columns and len(columns) >= 2 and (best is None or len(columns) > len(best[1])):
            best = row, columns
    return best


def _columns(cells: Sequence[Cell]) -> dict[str, int]:
    known = _meanings()
    found: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(cells):
        key = known.get(normal(cell)) if isinstance(cell, str) else None
        if key is not None:
            field, rank = key
            if field not in found or rank < found[field][0]:
                found[field] = rank, column
    return {field: column for field, (_rank, column) in found.items()}


def _meanings() -> dict[str, tuple[str, int]]:
    """By heading its field and how sure that is: the first word of a list is the surest."""
    words = payment_words()["headings"]
    return {normal(word): (field, rank) for field in FIELDS for rank, word in enumerate(words[field])}


def _rows(sheet: Sheet, header: int, columns: dict[str, int], today: date, prefix: str) -> Iterator[SheetRow]:
    unit = unit_of(str(sheet.cell(header, columns["amount"])))
    marks = payment_words()
    for row in range(header + 1, len(sheet.rows)):
        if row in sheet.hidden_rows:
            continue
        words = {key: _text(sheet.cell(row, column)) for key, column in columns.items()}
        if _sums_up(sheet.rows[row], marks["totals"]) or any(
            out in words.get("direction", "").casefold() for out in marks["out"]
        ):
            continue
        amount, code = read_amount(sheet.cell(row, columns["amount"]), unit)
        if (amount is None and not code) or amount == 0 or code == "negative_amount":
            continue
        day, wrong_day = read_day(sheet.cell(row, columns["paid_on"])) if "paid_on" in columns else (None, "")
        yield SheetRow(
            cell=prefix + address(row, columns["amount"]), paid_on=day, amount=amount,
            contract=words.get("contract", ""), account=words.get("account", ""), payer=words.get("payer", ""),
            reference=words.get("reference", ""), notes=words.get("notes", ""),
            currency=currency_of(words.get("currency", "")) or "",
            problem=_problem(amount, code, day, wrong_day, today),
        )  # fmt: skip


def _problem(amount: Decimal | None, code: str, day: date | None, wrong_day: str, today: date) -> str:
    if amount is None or code:
        return _("The amount cannot be read.")
    if day is None:
        return _("The day cannot be read.") if wrong_day else _("There is no day.")
    if day > today:
        return _("The day lies ahead.")
    return ""


def _sums_up(cells: Sequence[Cell], totals: Sequence[str]) -> bool:
    first = next((cell for cell in cells if cell not in (None, "")), None)
    return isinstance(first, str) and normal(first) in {normal(word) for word in totals}


def _text(cell: Cell) -> str:
    return read_text(cell)[0] or ""
