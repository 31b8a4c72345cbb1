"""The xlsx holds the same, as text where it is text."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from portfolio import HOSTILE, make_portfolio

from csdesk.models.tables import Account, Contract
from csdesk.services.archive.sheets import sheets
from csdesk.services.archive.workbook import export_xlsx
from csdesk.services.core import texts
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.services.core.unit_of_work import UnitOfWork, command


@command("Long text")
def long_text(uow: UnitOfWork, name: str) -> None:
    """More than a cell of Excel's takes, and a year that Excel does not know."""
    account = uow.add(Account(name=name, notes="长" * 40_000))
    uow.session.flush()
    uow.add(Contract(account_id=account.id, signed_on=datetime.date(1899, 12, 31)))


def written(desk: Desk, out: Path) -> openpyxl.Workbook:
    with desk.read() as connection:
        export_xlsx(connection, out)
    return openpyxl.load_workbook(out)


def test_every_sheet_row_and_value_is_there(desk: Desk, tmp_path: Path) -> None:
    desk.do(make_portfolio, "华东鼎天")
    book = written(desk, tmp_path / "all.xlsx")
    with desk.read() as connection:
        wanted = sheets(connection)
    assert book.sheetnames == [sheet.title for sheet in wanted]
    for sheet in wanted:
        rows = list(book[sheet.title].iter_rows(values_only=True))
        assert rows[0] == sheet.headings
        assert len(rows) == 1 + len(sheet.rows)
    accounts = book["Accounts"]
    heads = [cell.value for cell in accounts[1]]
    notes = accounts.cell(2, heads.index("Notes") + 1)
    assert notes.data_type == "s"
    assert "HYPERLINK" in notes.value
    assert notes.hyperlink is None
    assert HOSTILE.split("\x00")[0].split("\n")[0] in notes.value
    identity = accounts.cell(2, 1)
    assert identity.data_type == "s"
    contracts = book["Contracts"]
    heads = [cell.value for cell in contracts[1]]
    assert contracts.cell(2, heads.index("Amount") + 1).value == pytest.approx(120000.10)
    assert contracts.cell(2, heads.index("Signed on") + 1).value == datetime.datetime(2024, 2, 29)


def test_headings_speak_the_readers_language(desk: Desk, tmp_path: Path) -> None:
    desk.do(make_portfolio, "华东鼎天")
    texts.install("zh_CN")
    book = written(desk, tmp_path / "all.xlsx")
    assert book.sheetnames[0] == "客户"
    assert "税号" in [cell.value for cell in book["客户"][1]]


def test_text_longer_than_a_cell_does_not_spoil_the_file(desk: Desk, tmp_path: Path) -> None:
    desk.do(long_text, "长")
    book = written(desk, tmp_path / "all.xlsx")
    assert max(len(str(cell.value or "")) for cell in book["Accounts"][2]) == 32_767
    assert "1899-12-31" in [cell.value for cell in book["Contracts"][2]]


def test_place_that_cannot_be_written_is_named_and_left_alone(desk: Desk, tmp_path: Path) -> None:
    with desk.read() as connection, pytest.raises(StorageError) as refused:
        export_xlsx(connection, tmp_path / "gone" / "all.xlsx")
    assert "all.xlsx" in refused.value.what
    assert list(tmp_path.glob("gone*")) == []
