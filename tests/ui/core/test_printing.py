"""Paper: what is printed can be found again, stands whole on its page, and counts its pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from csdesk.services.core import texts
from csdesk.services.core.errors import StorageError
from csdesk.services.core.report import (
    Box,
    Cell,
    Facts,
    FoldLine,
    Halves,
    Line,
    PaperColumn,
    Paragraphs,
    Report,
    Row,
    Ruled,
    Section,
    Span,
    Table,
    TickBox,
    TierMark,
    cell,
    text,
)
from csdesk.ui.core.paper import Page, Sheet, lay_out
from csdesk.ui.core.paper_text import PT, Paragraph, family
from csdesk.ui.core.print_preview import PrintPreview
from csdesk.ui.core.printing import Document, pdf, pdf_bytes, write_whole

HARD_TO_FIND = "\u5ba2\u6237\u3001\u6237\u3001\u5341\u4e8c\u6708\u5c0f\u3001\u957f\u95e8\u9f50\u9ea6\u89c1\u8f66"
COLUMNS = (
    PaperColumn("", 20),
    PaperColumn("Time", 50),
    PaperColumn("Account", stretch=1),
    PaperColumn("Pen", 80, pen=True),
)


def row(words: str, height: float = 40) -> Row:
    return Row(
        (Cell((Line((TickBox(),)),)), cell(text("9:30", bold=True)), cell(words, text("why", muted=True, small=True))),
        height,
    )


def report(*counts: int, words: str = HARD_TO_FIND) -> Report:
    sections = tuple(
        Section(f"Day {day}", "Suzhou", "3 / 4", (Table(tuple(row(f"{words} {day}.{n}") for n in range(count))),))
        for day, count in enumerate(counts)
    )
    return Report(
        "Week 48",
        "November",
        (text("12 visits"),),
        COLUMNS,
        sections,
        (Span("Internal only", bold=True),),
        datetime(2026, 11, 23, 9, 12),
    )


def pdf_text(path: Path) -> str:
    tool = shutil.which("pdftotext")
    assert tool, "poppler-utils gives pdftotext, which these tests read PDFs with"
    return subprocess.run([tool, "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout


def preview_of(qtbot, *counts: int, name: str = "") -> PrintPreview:
    """A preview that has set its pages."""
    preview = PrintPreview(report(*counts), name)
    qtbot.addWidget(preview)
    preview.show()
    qtbot.waitUntil(lambda: preview.document.is_whole and preview.save_button.isEnabled())
    return preview


def bottom(page: Page) -> float:
    return max(y + strip.height for y, strip in page.placed)


def test_chinese_is_found_in_the_pdf_as_it_was_typed(qapp, tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    assert pdf(report(2), path) == 1
    found = pdf_text(path)
    assert HARD_TO_FIND in found
    assert "Internal only" in found
    assert "printed 2026-11-23 9:12 \u00b7 page 1 of 1" in found


def test_the_bundled_font_is_embedded(qapp, tmp_path: Path) -> None:
    assert family() == "CSDesk Sans"
    assert b"CSDeskSans" in pdf_bytes(Document(report(1)))


def test_the_footer_speaks_the_language(qapp, tmp_path: Path) -> None:
    texts.install("zh_CN")
    path = tmp_path / "plan.pdf"
    pdf(report(1), path)
    assert "\u7b2c 1 \u9875\uff0c\u5171 1 \u9875" in pdf_text(path)


@pytest.mark.parametrize("count", [0, 1, 11, 12, 13, 14, 15, 16, 200])
def test_rows_stay_whole_and_heads_are_repeated(qapp, tmp_path: Path, count: int) -> None:
    path = tmp_path / "plan.pdf"
    pages = pdf(report(count), path)
    leaves = Document(report(count)).leaves
    assert len(leaves) == pages
    assert all(leaf.count == pages for leaf in leaves)
    for leaf in leaves:
        assert bottom(leaf.page) <= Sheet().foot
    sheets = pdf_text(path).split("\f")[:-1]
    assert len(sheets) == pages
    for number, sheet in enumerate(sheets, 1):
        assert f"page {number} of {pages}" in sheet
        assert "Account" in sheet
        assert "Week 48" in sheet
        assert not count or "Day 0" in sheet
        assert ("(continued)" in sheet) is (number > 1)
    for number in range(count):
        assert sum(f" 0.{number}\n" in sheet or f" 0.{number} " in sheet for sheet in sheets) == 1


@pytest.mark.parametrize("first", range(8, 17))
def test_a_heading_never_stands_alone_at_the_foot(qapp, first: int) -> None:
    for page in lay_out(report(first, 3), Sheet()):
        assert not page.placed[-1][1].keep


def test_a_box_stands_at_the_foot_of_the_last_page(qapp) -> None:
    lines = tuple(text(f"left out {number}", small=True) for number in range(3))
    foot = Section(blocks=(Box("Not placed", lines),), bottom=True)
    (page,) = lay_out(Report("x", sections=(Section("Day", blocks=(Table((row("a"),), COLUMNS),)), foot)), Sheet())
    assert Sheet().foot - bottom(page) < 8 * PT


def test_a_box_longer_than_a_page_goes_on(qapp, tmp_path: Path) -> None:
    lines = tuple(text(f"line {number}.") for number in range(120))
    path = tmp_path / "long.pdf"
    assert pdf(Report("x", sections=(Section(blocks=(Box("Not placed", lines),), bottom=True),)), path) == 3
    found = pdf_text(path)
    assert all(f"line {number}." in found for number in range(120))


def test_a_cell_as_long_as_a_book_does_not_leave_the_page(qapp) -> None:
    document = Document(report(1, words="\u5ba2" * 20_000))
    assert len(document.leaves) <= 2
    assert all(bottom(leaf.page) <= Sheet().foot for leaf in document.leaves)


def test_every_kind_of_block_is_painted(qapp, tmp_path: Path) -> None:
    halves = Halves(
        (Section("Agenda", rule=0, blocks=(Paragraphs((text("14:00 hello"),)),)),),
        (
            Section(
                "Whom",
                rule=0,
                blocks=(Table((Row((cell("Chen"), cell("139"))),), (PaperColumn("", stretch=1), PaperColumn("", 60))),),
            ),
        ),
    )
    sections = (
        Section(blocks=(Facts((("Goal", "meet"), ("Product", "seats"))), halves)),
        Section("What was said", "in their words", rule=0, blocks=(Ruled(3, fill=True),)),
        Section(
            blocks=(FoldLine("fold here"), Box("Internal only", (Line((TierMark("A"), Span(" 42"))),), inverse=True)),
            bottom=True,
        ),
    )
    path = tmp_path / "sheet.pdf"
    assert pdf([Report("Aster", sections=sections), Report("Birch", sections=sections)], path) == 2
    found = pdf_text(path)
    for words in (
        "Aster",
        "Birch",
        "Agenda",
        "14:00 hello",
        "Chen",
        "What was said",
        "fold here",
        "A 42",
        "page 1 of 1",
    ):
        assert words in found
    (page,) = lay_out(Report("Aster", sections=sections), Sheet())
    assert len(page.placed) > 20


def test_nothing_from_a_file_is_markup(qapp, tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    pdf(report(1, words="<b>x</b><img src='/etc/passwd'> &amp; a\nb\tc"), path)
    assert "<b>x</b><img src='/etc/passwd'> &amp; a b c" in " ".join(pdf_text(path).split())


def test_black_and_white_is_enough(qapp) -> None:
    image = QImage(1050, 1485, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(0.5, 0.5)
    Document(report(5)).paint(painter, 0)
    painter.end()
    colours = {image.pixel(x, y) for x in range(0, 1050, 3) for y in range(0, 1485, 3)}
    assert all(abs(QColor(c).red() - QColor(c).blue()) < 3 for c in colours)
    assert len(colours) > 2


def test_bold_is_wider_and_marks_take_their_room(qapp) -> None:
    plain, bold = Paragraph(text("Customer"), 5000), Paragraph(text("Customer", bold=True), 5000)
    marked = Paragraph(Line((Span("Customer"), TierMark("A"))), 5000)
    assert plain.width < bold.width
    assert marked.width == pytest.approx(plain.width + 13 * PT, abs=2)
    assert Paragraph(text("\U00020bb7" * 3 + "x", bold=True), 5000).height == plain.height


def test_a_pdf_is_made_without_a_window(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    program = (
        "import sys; from pathlib import Path; from csdesk.ui.core.printing import pdf\n"
        "from csdesk.services.core.report import Report; print(pdf(Report('\\u5ba2\\u6237'), Path(sys.argv[1])))"
    )
    clean = {name: value for name, value in os.environ.items() if name not in ("QT_QPA_PLATFORM", "DISPLAY")}
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, env=clean, check=False
    )
    assert (run.returncode, run.stdout.strip()) == (0, "1"), run.stderr
    assert "\u5ba2\u6237" in pdf_text(path)


def test_a_place_that_cannot_be_written_is_a_sentence_and_leaves_nothing(qapp, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        pdf(report(1), tmp_path / "nowhere" / "plan.pdf")
    target = tmp_path / "plan.pdf"
    target.mkdir()
    with pytest.raises(StorageError):
        write_whole(target, b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.pdf"]


def test_an_old_file_is_replaced_whole(qapp, tmp_path: Path) -> None:
    target = tmp_path / "plan.pdf"
    target.write_bytes(b"old")
    pdf(report(1), target)
    assert target.read_bytes().startswith(b"%PDF")
    assert target.read_bytes().rstrip().endswith(b"%%EOF")


def test_the_preview_saves_and_says_where(qtbot, tmp_path: Path) -> None:
    preview = preview_of(qtbot, 40, name="plan")
    assert preview.pages.text() == f"page 1 of {len(preview.document.leaves)}"
    qtbot.keyClick(preview.view, Qt.Key.Key_End)
    assert preview.view.page == len(preview.document.leaves) - 1
    assert preview.pages.text() == f"page {len(preview.document.leaves)} of {len(preview.document.leaves)}"
    preview.save(str(tmp_path / "gone" / "plan.pdf"))
    qtbot.waitUntil(lambda: preview.notices.count() > 0 and preview.save_button.isEnabled())
    assert preview.isVisible()
    assert not list(tmp_path.iterdir())
    with qtbot.waitSignal(preview.written) as told:
        preview.save(str(tmp_path / "plan.pdf"))
    assert told.args == [tmp_path / "plan.pdf"]
    assert (tmp_path / "plan.pdf").exists()


def test_the_preview_offers_the_pdf_where_there_is_no_printer(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csdesk.ui.core.print_preview.printers", list)
    preview = preview_of(qtbot, 1)
    assert not preview.print_button.isEnabled()
    assert preview.save_button.isEnabled()
    bar = preview.notices.itemAt(0).widget()
    assert bar is not None
    assert bar.accessibleName().startswith("No printer is set up")


def test_the_preview_paints_the_pages(qtbot) -> None:
    preview = preview_of(qtbot, 30)
    for zoom in ("page", "width", "full"):
        preview.view.set_zoom(zoom)
        picture = preview.view.viewport().grab().toImage()
        dark = sum(
            picture.pixelColor(QPointF(x, y).toPoint()).lightness() < 90
            for x in range(0, picture.width(), 2)
            for y in range(0, picture.height(), 2)
        )
        assert dark > 100


def test_a_printer_gets_every_page(qtbot, tmp_path: Path) -> None:
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "job.pdf"))
    preview = preview_of(qtbot, 40)
    with qtbot.waitSignal(preview.printed):
        preview.print_on(printer)
    found = pdf_text(tmp_path / "job.pdf")
    assert found.count("page ") == len(preview.document.leaves)
    assert HARD_TO_FIND in found


def written_sheet(lines: int, internal: int) -> Report:
    """A sheet with room to write that is kept whole, and a framed box at its foot."""
    words = tuple(text(f"point {number}") for number in range(lines))
    box = Box("Internal only", tuple(text(f"secret {number}") for number in range(internal)), True, "for us", 2)
    writing = tuple(
        Section(name, blocks=(Ruled(5, 20, fill=name == "Said"),), rule=0, whole=True)
        for name in ("Said", "Else", "Steps")
    )
    top = Section(blocks=(Halves((Section("Agenda", blocks=(Paragraphs(words),), rule=0),), ()),))
    return Report("Oak", sections=(top, *writing, Section(blocks=(FoldLine("fold"), box), bottom=True)))


@pytest.mark.parametrize("lines", [1, 5, 12, 20, 26, 27, 28, 29, 40, 200])
def test_room_to_write_stays_together_with_the_box(qapp, lines: int) -> None:
    pages = lay_out(written_sheet(lines, 8), Sheet())
    assert (len(pages) == 1) is (lines < 20)
    for page in pages:
        assert bottom(page) <= Sheet().foot
    assert bottom(pages[-1]) > Sheet().foot - 8 * PT


def test_the_heading_of_an_inverse_box_can_be_read(qapp) -> None:
    (page,) = lay_out(written_sheet(1, 2), Sheet())
    y, head = next(
        (y, strip)
        for y, strip in page.placed
        if strip.bottom and strip.keep and strip.height < 20 * PT and strip.gap == 6 * PT
    )
    image = QImage(2100, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    head.draw(painter, 0, 0)
    painter.end()
    light = [x for x in range(80, 800) for at in range(20, 150, 3) if image.pixelColor(x, at).lightness() > 200]
    assert len(light) > 100
    assert y > Sheet().height / 2


def test_two_hundred_sheets_in_one_file_count_their_own_pages(qapp, tmp_path: Path) -> None:
    path = tmp_path / "sheets.pdf"
    reports = [replace(written_sheet(5, 6), title=f"\u5ba2\u6237 {number}\u53f7") for number in range(200)]
    assert pdf(reports, path) == 200
    sheets = pdf_text(path).split("\f")[:-1]
    assert all(f"\u5ba2\u6237 {number}\u53f7" in sheet for number, sheet in enumerate(sheets))
    assert all("page 1 of 1" in sheet for sheet in sheets)


def test_writing_hundreds_of_pages_is_stopped_by_escape_and_leaves_no_file(qtbot, tmp_path: Path) -> None:
    preview = PrintPreview([written_sheet(5, 6)] * 300)
    qtbot.addWidget(preview)
    preview.show()
    qtbot.waitUntil(lambda: preview.document.is_whole and preview.save_button.isEnabled())
    assert len(preview.document.leaves) == 300
    preview.save(str(tmp_path / "sheets.pdf"))
    assert not preview.save_button.isEnabled()
    qtbot.keyClick(preview.view, Qt.Key.Key_Escape)
    assert preview.isVisible()
    assert preview.save_button.isEnabled()
    assert not list(tmp_path.iterdir())
    qtbot.keyClick(preview.view, Qt.Key.Key_Escape)
    assert not preview.isVisible()


def test_a_file_asked_for_before_the_pages_are_set_is_written_then(qtbot, tmp_path: Path) -> None:
    preview = PrintPreview([written_sheet(5, 6)] * 50)
    qtbot.addWidget(preview)
    preview.show()
    assert not preview.document.is_whole
    with qtbot.waitSignal(preview.written):
        preview.save(str(tmp_path / "early.pdf"))
    assert pdf_text(tmp_path / "early.pdf").count("Oak") == 50
