"""Good files come back whole: values, places, and what a person should know of them."""

from __future__ import annotations

import datetime
import hashlib

import openpyxl
import pytest
import xlsxwriter

from csdesk.services.core.errors import Cancelled, Problems
from csdesk.services.core.progress import Progress
from csdesk.services.files.reading import ReadAhead, read_workbook


def test_every_type_comes_back_in_its_place(maker):
    day, moment = datetime.date(2026, 11, 23), datetime.datetime(2026, 11, 23, 14, 30)
    rows = [["客户", "电话", "金额"], [], [None, "华景", 13812345678, 1.5, True, day, moment, datetime.time(9, 5)]]
    path = maker.workbook(rows)
    book = read_workbook(path)
    (sheet,) = book.sheets
    assert (book.kind, sheet.name, book.digest) == ("xlsx", "Sheet", hashlib.sha256(path.read_bytes()).hexdigest())
    assert sheet.rows == [["客户", "电话", "金额"], [], rows[2]]
    assert [type(value) for value in sheet.rows[2]] == [type(value) for value in rows[2]]
    assert (sheet.width, sheet.first_row, sheet.notes) == (8, 0, ())


def test_a_table_in_the_middle_keeps_its_addresses(maker):
    book = openpyxl.Workbook()
    book.active["C5"] = "客户"
    book.active["D6"] = 7
    book.save(maker.folder / "offset.xlsx")
    sheet = read_workbook(maker.folder / "offset.xlsx").sheets[0]
    assert sheet.first_row == 4
    assert (sheet.cell(4, 2), sheet.cell(5, 3), sheet.cell(0, 0), sheet.cell(99, 99)) == ("客户", 7, None, None)


def test_hidden_things_are_read_and_said(maker):
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    book.active.append([1, 2, 3])
    book.active.append([4, 5, 6])
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    other = book.create_sheet("名单")
    other.append(["x"])
    other.sheet_state = "hidden"
    book.save(maker.folder / "hidden.xlsx")
    first, second = read_workbook(maker.folder / "hidden.xlsx").sheets
    assert (first.hidden, first.hidden_rows, first.hidden_columns) == (False, {1}, {1})
    assert [(note.code, note.cells) for note in first.notes] == [("hidden_rows", ("2",)), ("hidden_columns", ("B",))]
    assert first.notes[0].message == "1 hidden row was read: 2."
    assert second.hidden
    assert second.rows == [["x"]]
    assert "名单" in second.notes[0].message


def test_many_hidden_rows_are_named_in_runs(maker):
    book = openpyxl.Workbook()
    for number in range(60):
        book.active.append([f"客户{number}"])
    for row in [3, 4, 5, *range(10, 50, 2)]:
        book.active.row_dimensions[row].hidden = True
    book.save(maker.folder / "hidden.xlsx")
    (note,) = read_workbook(maker.folder / "hidden.xlsx").sheets[0].notes
    assert note.count == 23
    assert note.cells[:3] == ("3–5", "10", "12")
    assert note.message == "23 hidden rows were read: 3–5, 10, 12, 14, 16, 18, 20, 22, …."


@pytest.mark.parametrize(
    ("part", "code"),
    [("xl/vbaProject.bin", "macros"), ("xl/externalLinks/externalLink1.xml", "links"), ("xl/connections.xml", "links")],
)
def test_macros_and_links_are_ignored_and_said(maker, part, code):
    parts = maker.parts('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    book = read_workbook(maker.file("list.xlsm", maker.package({**parts, part: b"<a/>"})))
    assert [note.code for note in book.notes] == [code]
    assert book.sheets[0].rows == [[1]]


def test_the_encodings_to_choose_from(maker):
    path = maker.file("客户.csv", "客户,电话\n华景科技,1\n".encode("gb18030"))
    book = read_workbook(path)
    assert book.encodings[0] == book.encoding == "gb18030"
    assert "big5" in book.encodings or "cp1252" in book.encodings
    assert "utf-8" not in book.encodings
    for encoding in book.encodings:
        assert read_workbook(path, encoding=encoding).encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_text_tables_in_the_usual_encodings(maker, encoding, ending):
    delimiter = "," if ending == "csv" else "\t"
    rows = [["客戶名稱", "聯絡人", "電話"], *[["臺北貿易有限公司", f"林先生{n}", f"02-2345{n:04}"] for n in range(30)]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    book = read_workbook(maker.file(f"list.{ending}", text.encode(encoding)))
    assert book.sheets[0].rows == rows
    assert book.delimiter == delimiter


def test_the_first_rows_come_while_the_rest_is_read(maker):
    path = maker.workbook([["客户", "编号"], *[[f"客户{number}", number] for number in range(2000)]])
    shown = []
    book = read_workbook(path, first_rows=shown.append)
    (early,) = shown
    assert 200 <= len(early.sheets[0].rows) < 2001
    assert early.sheets[0].rows == book.sheets[0].rows[: len(early.sheets[0].rows)]
    assert (early.kind, early.sheets[0].name) == ("xlsx", "Sheet")


def test_a_file_can_be_read_ahead_and_given_up(maker):
    path = maker.workbook([["客户"], ["甲"]])
    assert ReadAhead(path).workbook().sheets[0].rows == [["客户"], ["甲"]]
    with pytest.raises(Problems):
        ReadAhead(maker.folder / "gone.xlsx").workbook()
    given_up = ReadAhead(path)
    given_up.stop()
    given_up.stop()


def test_merged_ranges_are_told(maker):
    book = openpyxl.Workbook()
    book.active.append(["区域", "客户"])
    book.active.append(["华东", "甲"])
    book.active.append([None, "乙"])
    book.active.merge_cells("A2:A3")
    book.save(maker.folder / "merged.xlsx")
    (merged,) = read_workbook(maker.folder / "merged.xlsx").sheets[0].merged
    assert tuple(merged) == (1, 0, 2, 0)
    assert merged.address == "A2:A3"


def test_errors_and_formulas_without_a_result_are_empty_and_named(maker):
    path = maker.raw_sheet(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c>'
        '<c r="C1"><f>A1*2</f></c><c r="D1"><f>A1</f><v>1</v></c><c r="E1" t="str"><f>""</f><v></v></c>'
        '<c r="F1"><f>A1*3</f><v/></c></row></sheetData>'
    )
    sheet = read_workbook(path).sheets[0]
    assert sheet.rows == [[1, None, None, 1]]
    assert {note.code: note.cells for note in sheet.notes} == {"error_cells": ("B1",), "uncached": ("C1", "F1")}


def test_dates_of_1904(maker):
    with xlsxwriter.Workbook(str(maker.folder / "1904.xlsx"), {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_datetime(0, 0, datetime.datetime(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_datetime(0, 1, datetime.datetime(2026, 3, 1), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
    day = datetime.date(2026, 3, 1)
    assert read_workbook(maker.folder / "1904.xlsx").sheets[0].rows == [[day, day]]


def test_hours_beyond_a_day_and_ruined_numbers(maker):
    with xlsxwriter.Workbook(str(maker.folder / "odd.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_number(0, 0, 26.5 / 24, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_number(0, 1, 110101199003074512)
    sheet = read_workbook(maker.folder / "odd.xlsx").sheets[0]
    assert sheet.rows[0][0] == "26:30"
    assert [(note.code, note.cells) for note in sheet.notes] == [("long_numbers", ("B1",))]


def test_control_characters_are_gone_and_line_ends_are_newlines(maker):
    path = maker.raw_sheet(
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a_x0000__x000D_&#10;b</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>  </t></is></c></row></sheetData>'
    )
    assert read_workbook(path).sheets[0].rows == [["a\nb"]]


def test_a_name_that_looks_like_markup_or_formula_stays_text(maker):
    names = ['=HYPERLINK("http://x")', '<img src="file:///etc/passwd">', "<b>客户</b>", "\u202e倒"]
    with xlsxwriter.Workbook(str(maker.folder / "names.xlsx"), {"strings_to_formulas": False}) as book:
        book.add_worksheet().write_row(0, 0, names)
    assert read_workbook(maker.folder / "names.xlsx").sheets[0].rows == [names]


def test_chinese_csv_and_wished_encoding(maker):
    path = maker.file("客户.csv", "客户,电话\r\n华景科技有限公司,007\r\n".encode("gb18030"))
    book = read_workbook(path)
    assert (book.kind, book.encoding, book.delimiter) == ("csv", "gb18030", ",")
    assert book.sheets[0].name == "客户"
    assert book.sheets[0].rows == [["客户", "电话"], ["华景科技有限公司", "007"]]
    assert read_workbook(path, encoding="latin-1").sheets[0].rows[0][0] != "客户"


def test_a_text_table_called_xls_is_read(maker):
    book = read_workbook(maker.file("list.xls", "客户\t金额\n甲\t1\n"))
    assert (book.kind, book.sheets[0].rows) == ("csv", [["客户", "金额"], ["甲", "1"]])


def test_a_web_page_called_xls_is_read(maker):
    page = "<html><table><tr><th>客户<th>金额</tr><tr><td rowspan=2>甲&amp;乙<td>1<tr><td>2</table></html>"
    book = read_workbook(maker.file("list.xls", page))
    assert book.kind == "html"
    assert book.sheets[0].rows == [["客户", "金额"], ["甲&乙", "1"], [None, "2"]]
    assert [tuple(merged) for merged in book.sheets[0].merged] == [(1, 0, 2, 0)]


def test_excel_2003_xml_is_read(maker):
    xml = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="客户"><Table>'
        '<Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">甲</Data></Cell>'
        '<Cell><Data ss:Type="Number">13812345678</Data></Cell><Cell ss:Index="6"><Data ss:Type="DateTime">'
        "2026-11-23T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>"
    )
    book = read_workbook(maker.file("old.xls", xml))
    assert book.kind == "spreadsheetml"
    assert book.sheets[0].rows == [[], ["甲", None, 13812345678, None, None, datetime.date(2026, 11, 23)]]


def test_a_password_opens_a_file(maker, refused):
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = maker.workbook([["客户"], ["甲"]], "plain.xlsx")
    with plain.open("rb") as source, (maker.folder / "locked.xlsx").open("wb") as target:
        OOXMLFile(source).encrypt("密码 1", target)
    locked = maker.folder / "locked.xlsx"
    assert refused(locked).code == "encrypted"
    assert refused(locked, password="nope").code == "wrong_password"
    assert read_workbook(locked, password="密码 1").sheets[0].rows == [["客户"], ["甲"]]


def test_progress_is_told_and_cancelling_stops(maker):
    path = maker.workbook([[f"客户{number}", number] for number in range(500)])
    progress = Progress()
    read_workbook(path, progress=progress)
    assert (progress.done, progress.total) == (500, 500)
    progress.cancel()
    with pytest.raises(Cancelled):
        read_workbook(path, progress=progress)


def test_more_rows_and_columns_than_are_read_are_told(maker):
    import dataclasses

    from csdesk.services.files.limits import LIMITS

    path = maker.workbook([[row, *range(9)] for row in range(30)])
    sheet = read_workbook(path, limits=dataclasses.replace(LIMITS, rows=20, columns=5)).sheets[0]
    assert len(sheet.rows) == 20
    assert sheet.width == 5
    notes = {note.code: note for note in sheet.notes}
    assert notes["rows_beyond"].count == 10
    assert notes["columns_beyond"].cells[0] == "F1"
    assert "column E" in notes["columns_beyond"].message
