"""A workbook as sales might send it: two good rows, an amount in words, a missing name, one that may be there already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk

HEADINGS = ("Customer name", "Tier", "City", "Contact", "Phone", "Contract no.", "Start date", "End date", "Amount")
KNOWN, NEARLY = "杭州云帆纺织有限公司", "杭州云帆纺织股份有限公司"
GOOD = (
    ("Northwind Tools", "A", "Leeds", "Ann Lee", "13900000001", "C-1", "2026-01-01", "2026-12-31", 120_000),
    ("Harbour Lights", "B", "York", "Bea Roe", "13900000002", "C-2", "2026-03-01", "2027-02-28", 60_000),
)
DOUBTFUL = (
    ("Acme Paper", "B", "York", "Bob Ray", "13900000003", "C-3", "2026-03-01", "2027-02-28", "much"),
    (None, "C", "Hull", "Cy Dee", "13900000004", "C-4", "2026-03-01", "2027-02-28", 5_000),
    (NEARLY, "A", "杭州", "林晓", "13900000005", "C-5", "2026-03-01", "2027-02-28", 80_000),
)
BOLD, PICTURE, SUM, REVERSED = "<b>Bold & Co</b>", "<img src=file:///etc/hostname>", "=1+1", "Left\u202ethgiR"
HOSTILE = (
    (BOLD, "A", PICTURE, "<i>Ann</i>", "13900000006", SUM, "2026-01-01", "2026-12-31", 120_000),
    (PICTURE, "B", BOLD, SUM, "13900000007", "C-7", "2026-01-01", "2026-12-31", 60_000),
    (SUM, "C", "Hull", REVERSED, "13900000008", BOLD, "2026-01-01", "2026-12-31", 60_000),
    (REVERSED, "A", "York", "Dan Poe", "13900000009", "C-9", "2026-01-01", "2026-12-31", 60_000),
)


def workbook(path: Path, *rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> Path:
    """A workbook with one sheet; what begins with = is text in it, not a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (headings, *rows):
        sheet.append(row)
    for line in sheet.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)
    return path


@pytest.fixture
def known(desk: Desk) -> int:
    """The account that one row nearly names."""
    return desk.do(create_account, NewAccount(AccountFields(KNOWN))).value


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """All five rows."""
    return workbook(tmp_path / "交接 handover.xlsx", *GOOD, *DOUBTFUL)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """The two good rows."""
    return workbook(tmp_path / "good.xlsx", *GOOD)
