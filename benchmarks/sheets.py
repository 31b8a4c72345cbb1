"""Two hundred visit sheets on paper, against a bare text document."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from benchmarks.measure import Line, median
from csdesk.services.core.desk import Desk
from csdesk.services.core.report import Box, Facts, Halves, Paragraphs, Report, Section, Table, line_text
from csdesk.services.core.report import Line as Words
from csdesk.services.visits.cards import DayPlan


def sheets(desk: Desk) -> list[Line]:
    """200 visit sheets into one PDF; the floor is a bare text document that writes their words on as many pages."""
    from csdesk.services.visits.printing import printing_at, sheets_of
    from csdesk.services.visits.queries import days_plan
    from csdesk.ui.core.printing import Document, ensure_application, pdf_bytes

    ensure_application()
    today = desk.clock.today()
    with desk.read() as connection:
        plan = days_plan(connection, today - timedelta(days=60), today)
        shown = replace(plan, days=_days_with(plan.days, 200))
        printing = printing_at(connection, desk.clock.local())
        began = time.perf_counter()
        reports = sheets_of(connection, shown, printing)[:200]
        reading = (time.perf_counter() - began) * 1000
    pages = [_words_of(leaf.report) for leaf in Document(reports).leaves]
    gc.collect()
    gc.disable()  # in the window it runs between events alone
    ours, floor = [], []
    for run in range(6):
        for found, work in ((floor, lambda: _bare_pdf(pages)), (ours, lambda: pdf_bytes(Document(reports)))):
            began = time.perf_counter()
            work()
            if run:
                found.append((time.perf_counter() - began) * 1000)
    gc.enable()
    return [
        Line(f"{len(reports)} visit sheets to PDF, {len(pages)} pages", median(ours), median(floor), "1x"),
        Line("reading what stands on them, beside the UI thread", reading, None, "-"),
    ]


def _days_with(days: Sequence[DayPlan], visits: int) -> tuple[DayPlan, ...]:
    """As many of the days as hold so many visits."""
    count, chosen = 0, []
    for day in days:
        if count < visits:
            chosen.append(day)
            count += day.used
    return tuple(chosen)


def _words_of(report: Report) -> list[str]:
    """Every paragraph of a sheet."""
    found = [report.title, report.subtitle, *(line_text(line) for line in report.summary)]
    found += [line_text(Words(report.footer)), f"{report.printed_at:%Y-%m-%d %H:%M} \u00b7 1 / 1"]
    waiting: list[Any] = list(report.sections)
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Section):
            found += [part.heading, part.note]
            waiting += part.blocks
        elif isinstance(part, Halves):
            waiting += [*part.left, *part.right]
        elif isinstance(part, Facts):
            found += [words for pair in part.facts for words in pair]
        elif isinstance(part, Table):
            found += [line_text(line) for row in part.rows for entry in row.cells for line in entry.lines]
        elif isinstance(part, Box | Paragraphs):
            found += [line_text(line) for line in part.lines]
    return [words for words in found if words]


def _bare_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QFont, QPdfWriter, QTextBlockFormat, QTextCursor, QTextDocument, QTextFormat

    from csdesk.ui.core.paper_text import family

    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(1200)
    document = QTextDocument()
    document.setDefaultFont(QFont(family(), 9))
    cursor = QTextCursor(document)
    next_page = QTextBlockFormat()
    next_page.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    for number, words in enumerate(pages):
        for place, line in enumerate(words):
            if number or place:
                cursor.insertBlock(QTextBlockFormat() if place else next_page)
            cursor.insertText(line)
    document.print_(writer)
    buffer.close()
    return bytes(store.data())
