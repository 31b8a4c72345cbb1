from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from csdesk.models.vocabulary import Fate
from csdesk.services.core.desk import Desk
from csdesk.services.files.reading import read_workbook
from csdesk.services.handover.commands import import_handover
from csdesk.services.handover.importing import prepare
from csdesk.services.handover.sheet import write_errors, write_template

from .conftest import HEADINGS, Sheet, flat, line


def test_refused_rows_go_back_to_sales_with_the_reason_in_front(
    desk: Desk, wish: Callable[..., Any], tmp_path: Path
) -> None:
    sheet = Sheet("客户", [HEADINGS, line(1), line(2, **{"合同金额(元)": "待定"}), line(3, 客户名称=None)])
    asked = wish(sheet)
    report = desk.do(import_handover, asked).value
    path = tmp_path / "errors.xlsx"
    assert write_errors(path, asked, report) == 2
    (found,) = read_workbook(path).sheets
    assert found.rows[0][1:] == HEADINGS
    assert str(found.rows[1][0]).startswith("R3: ")
    assert found.rows[1][18] == "待定"


def test_the_mended_workbook_imports_as_it_is(desk: Desk, wish: Callable[..., Any], tmp_path: Path) -> None:
    asked = wish(Sheet("客户", [HEADINGS, line(1, **{"合同金额(元)": "待定"})]))
    path = tmp_path / "errors.xlsx"
    write_errors(path, asked, desk.rehearse(import_handover, asked))
    mended = prepare(read_workbook(path).sheets, path, edits={("客户", "S2"): "12万"})
    report = desk.do(import_handover, mended).value
    assert report.rows == {Fate.NEW: 1}


def test_nothing_refused_makes_an_empty_workbook(desk: Desk, wish: Callable[..., Any], tmp_path: Path) -> None:
    asked = wish(flat(1))
    assert write_errors(tmp_path / "none.xlsx", asked, desk.rehearse(import_handover, asked)) == 0


def test_every_column_of_the_template_is_known_to_the_import(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    (sheet,) = read_workbook(path).sheets
    sheet.rows.append(["Alder Ltd"])
    ((_table, matches),) = prepare([sheet], path).tables
    assert len(matches) > 25
    assert all(match.used for match in matches)
