"""The workbook for product, filled in and saved by LibreOffice, comes back whole: python -m checks.libreoffice

The workbook is written, opened and saved by LibreOffice in its own flat format, filled in there as a person would, saved by
LibreOffice again as .xlsx and .ods, and taken in: hidden ids and fingerprints, lists, days and texts have to be there still.
Status 0 where all is well, 1 where something was lost, 2 where soffice is not here.
"""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring

from csdesk.app import open_desk
from csdesk.models.vocabulary import Severity, TicketKind, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.files.reading import read_workbook
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.product import ForProduct, Outcome, TakeAnswers, send_to_product, take_answers
from csdesk.services.tickets.product_answers import Answer, RowFate
from csdesk.services.tickets.product_return import read_returned
from csdesk.services.tickets.rules import TicketFields

TODAY, PLANNED = date(2026, 11, 23), date(2027, 1, 15)
TABLE, OFFICE, TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("table", "office", "text"))
SPOKEN = "=1+1 每月要导三十张报表，\n财务等到晚上"
FILLED: Mapping[str, tuple[Mapping[str, str | date], ...]] = {
    "需求主题": (
        {
            "是否合理": "是", "通用/定制": "通用", "规模": "中", "结论": "采纳", "原因": "多家都要", "给客户的答复": "一月上线",
            "版本": "3.10", "计划日期": PLANNED, "评审人": "陈立",
        },
        {"结论": "婉拒", "原因": "只有一家", "给客户的答复": "可以先用导出"},
        {},
        {"结论": "再说吧"},
    ),
    "缺陷": ({"结论": "采纳", "计划日期": PLANNED},),
}  # fmt: skip
EXPECTED = (RowFate.NEW, RowFate.NEW, RowFate.UNANSWERED, RowFate.REFUSED, RowFate.NEW)
FIRST = Answer("accepted", True, "generic", "medium", "多家都要", "一月上线", "3.10", PLANNED, "陈立")


def main() -> int:
    """Run the check and say what was found."""
    soffice = shutil.which("soffice")
    if soffice is None:
        print("LibreOffice is not here (Debian: libreoffice-calc-nogui); nothing was checked.")
        return 2
    texts.install("zh_CN")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "store").mkdir()
        desk = open_desk(folder / "store", Clock(TODAY))
        try:
            trouble = list(_troubles(desk, folder, soffice))
        finally:
            desk.close()
    for line in trouble:
        print(f"LibreOffice: {line}")
    if not trouble:
        print("LibreOffice: the workbook for product came back whole, as .xlsx and as .ods.")
    return 1 if trouble else 0


def _troubles(desk: Desk, folder: Path, soffice: str) -> Iterator[str]:
    sent = folder / "sent.xlsx"
    send_to_product(desk, sent, ForProduct(_demands(desk)))
    flat = _saved(soffice, sent, "fods", folder / "flat")
    _fill(flat)
    back = _saved(soffice, flat, "xlsx", folder / "back")
    hidden = [sheet.hidden_columns for sheet in read_workbook(back).sheets if sheet.name in FILLED]
    if not all(columns >= {0, 1} for columns in hidden) or len(hidden) != len(FILLED):
        yield f"hidden are now the columns {hidden}"
    returned = read_returned(back)
    lost = [row.number for row in returned.rows if row.id is None or not row.as_sent]
    if lost:
        yield f"hidden columns are lost in rows of {lost}"
    if returned.rows[0].answer != FIRST:
        yield f"the first row says {returned.rows[0].answer} instead of {FIRST}"
    outcome: Outcome = desk.do(take_answers, TakeAnswers(back.name, returned.rows)).value
    if tuple(row.fate for row in outcome.rows) != EXPECTED:
        yield f"the rows are {[(row.fate.value, row.problems) for row in outcome.rows]}"
    again = read_returned(_saved(soffice, flat, "ods", folder / "ods"))
    if [row.answer for row in again.rows] != [row.answer for row in returned.rows]:
        yield "the .ods says something else than the .xlsx"
    twice: Outcome = desk.rehearse(take_answers, TakeAnswers("again.ods", again.rows))
    if twice.taken:
        yield "the same answers are taken in twice"


def _demands(desk: Desk) -> tuple[int, ...]:
    """Four demands of one account, and a bug."""
    account = desk.do(create_account, NewAccount(AccountFields("澄岳精工", tier=Tier.A))).value
    for text in (SPOKEN, "接口支持中文", "看板能投屏", "报工能撤回"):
        desk.do(create_ticket, NewTicket(TicketFields(text), account))
    bug = TicketFields("看板打不开", TicketKind.BUG, seen="白屏", severity=Severity.SERIOUS)
    desk.do(create_ticket, NewTicket(bug, account))
    with desk.read() as connection:
        return tuple(row[0] for row in connection.exec_driver_sql("SELECT id FROM demands ORDER BY number"))


def _saved(soffice: str, path: Path, kind: str, folder: Path) -> Path:
    """Let LibreOffice open a file and save it as another kind; its settings stay out of the user's."""
    profile = (path.parent / "profile").as_uri() if kind == "fods" else (folder.parent / "profile").as_uri()
    command = [
        soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir", str(folder), str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{kind}"


def _fill(path: Path) -> None:
    """Type the answers into the flat file."""
    written = path.read_text(encoding="utf-8")
    opening = re.search(r"<office:document [^>]*>", written)
    assert opening is not None, "no flat OpenDocument file"
    for prefix, address in re.findall(r'xmlns:([\w-]+)="([^"]*)"', opening[0]):
        ElementTree.register_namespace(prefix, address)
    root = fromstring(written)
    for table in root.iter(f"{{{TABLE}}}table"):
        rows = FILLED.get(table.get(f"{{{TABLE}}}name", ""), ())
        if rows:
            _fill_table(table, rows)
    # Prefixes that stand only in values are declared in the first tag as it was written.
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n{opening[0]}'
    filled = ElementTree.tostring(root, encoding="unicode")
    path.write_text(re.sub(r"<office:document [^>]*>", lambda _found: head, filled, count=1), encoding="utf-8")


def _fill_table(table: ElementTree.Element, rows: tuple[Mapping[str, str | date], ...]) -> None:
    lines = list(table.iter(f"{{{TABLE}}}table-row"))
    head = next(at for at, line in enumerate(lines) if "结论" in _texts(line))
    columns = {text: at for at, text in enumerate(_texts(lines[head]))}
    for line, answers in zip(lines[head + 1 :], rows, strict=False):
        cells = _cells(line)
        for heading, value in answers.items():
            _type(cells[columns[heading]], value)


def _cells(line: ElementTree.Element) -> list[ElementTree.Element]:
    """The cells of a row, each for itself: LibreOffice writes equal neighbours as one with a count."""
    repeated = f"{{{TABLE}}}number-columns-repeated"
    for place, cell in reversed(list(enumerate(line))):
        count = min(int(cell.attrib.pop(repeated, "1")), 64)
        for _more in range(count - 1):
            line.insert(place + 1, copy.deepcopy(cell))
    return list(line)


def _texts(line: ElementTree.Element) -> list[str]:
    return ["\n".join("".join(part.itertext()) for part in cell.iter(f"{{{TEXT}}}p")) for cell in _cells(line)]


def _type(cell: ElementTree.Element, value: str | date) -> None:
    for part in list(cell):
        cell.remove(part)
    kind = "date" if isinstance(value, date) else "string"
    cell.set(f"{{{OFFICE}}}value-type", kind)
    if isinstance(value, date):
        cell.set(f"{{{OFFICE}}}date-value", value.isoformat())
    ElementTree.SubElement(cell, f"{{{TEXT}}}p").text = str(value)


if __name__ == "__main__":
    sys.exit(main())
