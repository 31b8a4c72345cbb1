"""A handover workbook in the window: dropped, reviewed, answered by keys, taken in, taken back; and files that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Fate
from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.queries import ACCOUNTS, names_of
from csdesk.services.core.columns import Query
from csdesk.services.handover.queries import import_history
from csdesk.services.handover.report import CompanyRead
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.dialogs import QuestionDialog
from csdesk.ui.core.parts import Combo, MessageBar, StateBadge
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.window import MainWindow
from csdesk.ui.handover.mapping import MappingDialog
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.handover.password import PasswordDialog
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.handover.conftest import GOOD, HEADINGS, KNOWN, NEARLY, workbook
from tests.ui.hands import (
    CTRL,
    arrived,
    asked,
    button,
    click,
    drop_files,
    labels,
    press,
    read,
    returned,
    rows,
    undo_by_toast,
)  # fmt: skip


def reviewed(qtbot: QtBot, window: MainWindow, *paths: Path) -> HandoverPage:
    """Let files go over the window; the page once it shows the review of the first."""
    assert drop_files(window, *paths)
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: shows(page, paths[0]) and page.review.list.hasFocus())
    return page


def shows(page: HandoverPage, path: Path) -> bool:
    """Whether this file is under review."""
    return page._stack.currentIndex() == 1 and page.review.review is not None and page.review.review.path == path


def fates(page: HandoverPage) -> dict[Fate, int]:
    """How many rows go where."""
    assert page.review.review is not None
    return {fate: count for fate, count in page.review.review.report.rows.items() if count}


def accounts(window: MainWindow) -> list[str]:
    """The names in the store."""
    ids = read(window, ACCOUNTS.ids, Query(sort="name"), TODAY)
    return sorted(read(window, names_of, list(ids)).values())


def told(page: HandoverPage) -> list[str]:
    """What the bars above the start say."""
    return [bar.accessibleName() for bar in page.findChildren(MessageBar) if bar.isVisible()]


def to_tab(qtbot: QtBot, page: HandoverPage, key: Any) -> None:
    """Click a tab of the review."""
    option = next(one for one in page.review.tabs.findChildren(Press) if getattr(one, "key", None) == key)
    click(qtbot, option)
    assert page.review.tabs.current() == key


def decided(qtbot: QtBot, page: HandoverPage, key: Qt.Key, fate: Fate) -> None:
    """Answer the one doubt with a key; the account goes where the answer sends it."""
    press(qtbot, key)
    qtbot.waitUntil(lambda: company(page).fate == fate)
    assert Fate.UNDECIDED not in fates(page)


def company(page: HandoverPage) -> CompanyRead:
    """What becomes of the doubtful one."""
    assert page.review.review is not None
    return next(one for one in page.review.review.report.companies if one.name == NEARLY)


def test_the_equation_adds_up_and_the_tabs_count(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    window = opening()
    page = reviewed(qtbot, window, mixed)
    assert fates(page) == {Fate.NEW: 2, Fate.UNDECIDED: 1, Fate.REFUSED: 2}
    texts = [label.text() for label in labels(page.review)]
    assert texts[texts.index("Read") + 1] == "5"
    assert any(badge.accessibleName() == "adds up" for badge in page.review.findChildren(StateBadge))
    assert page.review.tabs.current() == Fate.UNDECIDED
    assert rows(page.review.list) == [NEARLY]
    to_tab(qtbot, page, Fate.NEW)
    assert rows(page.review.list) == [row[0] for row in GOOD]
    to_tab(qtbot, page, Fate.REFUSED)
    assert rows(page.review.list) == ["Amount: much", "Customer name"]
    assert accounts(window) == [KNOWN]


def test_f8_leads_to_the_doubt_and_1_says_the_same(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    window = opening()
    page = reviewed(qtbot, window, mixed)
    to_tab(qtbot, page, Fate.NEW)
    press(qtbot, Qt.Key.Key_F8)
    assert page.review.tabs.current() == Fate.UNDECIDED
    assert page.review.list.hasFocus()
    assert page.review.go.words() == "Decide 1 account"
    decided(qtbot, page, Qt.Key.Key_1, Fate.UPDATED)
    assert company(page).account_id == known
    assert page.review.go.words() == "Import 3 accounts"


def test_2_says_that_it_is_another_one(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    page = reviewed(qtbot, opening(), mixed)
    decided(qtbot, page, Qt.Key.Key_2, Fate.NEW)
    assert fates(page) == {Fate.NEW: 3, Fate.REFUSED: 2}


def test_a_right_value_makes_a_refused_row_new(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    page = reviewed(qtbot, opening(), mixed)
    to_tab(qtbot, page, Fate.REFUSED)
    page.review.list.choose(("finding", 0))
    field = page.review.panel.findChild(QLineEdit)
    qtbot.waitUntil(field.isVisible)
    assert "much" in page.review.panel.excerpt.accessibleName()
    field.setFocus()
    qtbot.keyClicks(field, "12,000")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: fates(page).get(Fate.NEW) == 3)
    assert fates(page)[Fate.REFUSED] == 1
    assert rows(page.review.list) == ["Customer name"]


def test_x_leaves_a_row_out_and_takes_it_in_again(qtbot: QtBot, opening: Opening, good: Path) -> None:
    page = reviewed(qtbot, opening(), good)
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: fates(page) == {Fate.NEW: 1, Fate.SKIPPED: 1})
    to_tab(qtbot, page, Fate.SKIPPED)
    page.review.list.setFocus()
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: fates(page) == {Fate.NEW: 2})
    assert page.review.go.words() == "Import 2 accounts"


def test_a_column_is_given_another_meaning(qtbot: QtBot, opening: Opening, tmp_path: Path) -> None:
    window = opening()
    path = workbook(tmp_path / "odd.xlsx", *((*row, "Mo") for row in GOOD), headings=(*HEADINGS, "Hmm"))
    page = reviewed(qtbot, window, path)
    click(qtbot, button(page.review, "Change columns"))
    dialog = asked(qtbot, MappingDialog)
    box = next(box for box in dialog.findChildren(Combo) if box.accessibleName() == "Hmm")
    assert not box.value()
    box.setFocus()
    while box.value() != "account.owner":
        before = box.currentIndex()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() == before + 1
    click(qtbot, button(dialog, "Use these"))
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.review.review.answers.mapping.get("Hmm") == "account.owner")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(accounts(window)) == 2)
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 0)
    record = read(window, ACCOUNTS.ids, Query(), TODAY)[0]
    assert read(window, overview, record).account.owner == "Mo"
    again = reviewed(qtbot, window, path)
    assert again.review.review.report.sheets[0].mapping["Hmm"] == "account.owner"
    assert fates(again) == {Fate.SAME: 2}


def test_import_by_key_and_taken_back_by_toast(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    window = opening()
    page = reviewed(qtbot, window, mixed)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    assert accounts(window) == [KNOWN]
    decided(qtbot, page, Qt.Key.Key_1, Fate.UPDATED)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 0)
    assert set(accounts(window)) >= {row[0] for row in GOOD}
    qtbot.waitUntil(lambda: any(mixed.name in words for words in told(page)))
    qtbot.waitUntil(lambda: rows(page.imports) == [mixed.name])
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: accounts(window) == [KNOWN])
    assert read(window, overview, known).contracts == []
    assert all(row.undone_at is not None for row in read(window, import_history))


def test_an_import_is_taken_back_from_its_history(qtbot: QtBot, opening: Opening, good: Path) -> None:
    window = opening()
    page = reviewed(qtbot, window, good)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: rows(page.imports) == [good.name])
    page.imports.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    question = asked(qtbot, QuestionDialog)
    click(qtbot, question.verb)
    qtbot.waitUntil(lambda: accounts(window) == [])
    returned(qtbot, window)
    qtbot.waitUntil(lambda: "taken back" in [badge.text for line in page.imports.lines for badge in line.badges])
    assert len(read(window, import_history)) == 1


def test_several_files_wait_in_a_row(qtbot: QtBot, opening: Opening, good: Path, tmp_path: Path) -> None:
    window = opening()
    second = workbook(tmp_path / "second.xlsx", ("Third House", *GOOD[0][1:5], "C-9", *GOOD[0][6:]))
    page = reviewed(qtbot, window, good, second)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: shows(page, second))
    assert window.top.trail.texts()[-1] == "second.xlsx"
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(accounts(window)) == 3)
    qtbot.waitUntil(lambda: set(rows(page.imports)) == {good.name, second.name})
    click(qtbot, button(page, "Look at the accounts"))
    assert arrived(qtbot, window, AccountsPage).isVisible()


@pytest.mark.parametrize(
    ("name", "content"),
    [("notes.xlsx", b"just words, no workbook"), ("empty.xlsx", b""), ("cut.xlsx", b"PK\x03\x04 and then nothing")],
)
def test_what_is_no_spreadsheet_is_told_in_one_sentence(
    qtbot: QtBot, opening: Opening, good: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    window = opening()
    bad = tmp_path / name
    bad.write_bytes(content)
    assert drop_files(window, bad)
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: len(told(page)) == 1)
    assert told(page)[0].startswith(f"{name}: ")
    assert "Traceback" not in told(page)[0]
    assert accounts(window) == []
    page = reviewed(qtbot, window, good)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(accounts(window)) == 2)
    assert window.isVisible()


def test_a_protected_workbook_asks_until_the_password_is_right(
    qtbot: QtBot, opening: Opening, good: Path, tmp_path: Path
) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = tmp_path / "locked.xlsx"
    with good.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt("secret 1", target)
    window = opening()
    assert drop_files(window, locked)
    page = arrived(qtbot, window, HandoverPage)
    for password in ("wrong", "secret 1"):
        dialog = asked(qtbot, PasswordDialog)
        qtbot.keyClicks(dialog.field, password)
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shows(page, locked))
    assert fates(page) == {Fate.NEW: 2}


def test_a_file_that_is_no_table_by_name_is_not_taken(qtbot: QtBot, opening: Opening, tmp_path: Path) -> None:
    window = opening()
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.4")
    assert not drop_files(window, letter)
    assert any("letter.pdf" in text for text in window.speaker.bars.texts())
    assert window.pages.here == "today"


def test_ctrl_o_chooses_a_file(qtbot: QtBot, opening: Opening, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(good)], ""))
    window = opening()
    press(qtbot, Qt.Key.Key_O, CTRL)
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: shows(page, good))
    assert fates(page) == {Fate.NEW: 2}
