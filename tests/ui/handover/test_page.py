"""A handover workbook in the window: dropped, reviewed, answered by keys, taken in, taken back; and files that are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from csdesk.models.vocabulary import Fate
from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.queries import ACCOUNTS, names_of
from csdesk.services.core.columns import Query
from csdesk.services.handover.queries import import_history
from csdesk.services.handover.report import CompanyRead
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.parts import MessageBar, StateBadge
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.window import MainWindow
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.handover.password import PasswordDialog
from csdesk.ui.handover.replacing import ReplaceDialog
from csdesk.ui.handover.steps import SHEETS
from csdesk.ui.handover.taking_back import TakeBackDialog
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
    toasts,
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
    return (
        page._stack.currentWidget() is page.review
        and page.review.review is not None
        and page.review.review.path == path
    )


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

    def found() -> list[Press]:
        options = page.review.tabs.findChildren(Press)
        return [one for one in options if getattr(one, "key", None) == key and one.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    click(qtbot, found()[0])
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
    assert [line.title for line in page.review.list.lines] == [NEARLY]
    to_tab(qtbot, page, Fate.NEW)
    assert [line.title for line in page.review.list.lines] == [row[0] for row in GOOD]
    to_tab(qtbot, page, Fate.REFUSED)
    assert [line.title for line in page.review.list.lines if not line.head] == ["Amount", "Customer name"]
    assert accounts(window) == [KNOWN]


def test_f8_leads_through_undecided_and_refused_and_1_says_the_same(
    qtbot: QtBot, opening: Opening, known: int, mixed: Path
) -> None:
    window = opening()
    page = reviewed(qtbot, window, mixed)
    to_tab(qtbot, page, Fate.NEW)
    keys = []
    for _number in range(4):
        press(qtbot, Qt.Key.Key_F8)
        keys.append((page.review.tabs.current(), page.review.list.current_key()))
    assert keys == [
        (Fate.UNDECIDED, ("company", NEARLY)), (Fate.REFUSED, ("finding", 0)), (Fate.REFUSED, ("finding", 1)),
        (Fate.UNDECIDED, ("company", NEARLY)),
    ]  # fmt: skip
    assert page.review.list.hasFocus()
    assert page.review.go.words() == "Decide 1 account"
    decided(qtbot, page, Qt.Key.Key_1, Fate.UPDATED)
    assert company(page).account_id == known
    assert page.review.go.words() == "Import 3 accounts"


def test_2_says_that_it_is_another_one(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    page = reviewed(qtbot, opening(), mixed)
    decided(qtbot, page, Qt.Key.Key_2, Fate.NEW)
    assert fates(page) == {Fate.NEW: 3, Fate.REFUSED: 2}


def test_a_wrong_cell_is_typed_over_in_its_place(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    page = reviewed(qtbot, opening(), mixed)
    to_tab(qtbot, page, Fate.REFUSED)
    page.review.list.choose(("finding", 0))
    page.review.list.setFocus()
    assert "much" in page.review.panel.excerpt.accessibleName()
    press(qtbot, Qt.Key.Key_F2)
    editor = page.review.list.findChild(QLineEdit)
    assert editor.text() == "much"
    qtbot.keyClicks(editor, "12,000")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: fates(page).get(Fate.NEW) == 3)
    assert fates(page)[Fate.REFUSED] == 1
    assert [line.title for line in page.review.list.lines if not line.head] == ["Customer name"]
    press(qtbot, Qt.Key.Key_Backspace, CTRL)
    qtbot.waitUntil(lambda: fates(page).get(Fate.REFUSED) == 2)


def test_a_refused_row_comes_in_without_the_value(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    page = reviewed(qtbot, opening(), mixed)
    press(qtbot, Qt.Key.Key_F8)
    assert page.review.list.current_key() == ("finding", 0)
    press(qtbot, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: fates(page).get(Fate.NEW) == 3)


def test_x_leaves_a_row_out_and_takes_it_in_again(qtbot: QtBot, opening: Opening, good: Path) -> None:
    page = reviewed(qtbot, opening(), good)
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: fates(page) == {Fate.NEW: 1, Fate.SKIPPED: 1})
    to_tab(qtbot, page, Fate.SKIPPED)
    page.review.list.setFocus()
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: fates(page) == {Fate.NEW: 2})
    assert page.review.go.words() == "Import 2 accounts"


def test_the_cells_of_a_row_are_listed_below_it(qtbot: QtBot, opening: Opening, good: Path) -> None:
    page = reviewed(qtbot, opening(), good)
    press(qtbot, Qt.Key.Key_Right)
    titles = [line.title for line in page.review.list.lines]
    assert titles[:4] == [GOOD[0][0], "Account · Name", "Account · Tier", "Account · City"]
    press(qtbot, Qt.Key.Key_Left)
    assert len(page.review.list.lines) == len(GOOD)


def test_words_narrow_the_lines(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    page = reviewed(qtbot, opening(), mixed)
    to_tab(qtbot, page, Fate.NEW)
    page.review.list.setFocus()
    press(qtbot, Qt.Key.Key_Slash)
    assert page.review.words.hasFocus()
    qtbot.keyClicks(page.review.words, "harbour")
    qtbot.waitUntil(lambda: [line.title for line in page.review.list.lines] == [GOOD[1][0]])
    to_tab(qtbot, page, Fate.REFUSED)
    page.review.words.clear()
    qtbot.waitUntil(lambda: len(page.review.list.lines) == 4)
    page.review.reason.choose("text_amount")
    page.review.reason.activated.emit(1)
    assert [line.key for line in page.review.list.lines if not line.head] == [("finding", 0)]


def test_a_value_is_replaced_throughout_its_column(qtbot: QtBot, opening: Opening, good: Path) -> None:
    window = opening()
    page = reviewed(qtbot, window, good)
    press(qtbot, Qt.Key.Key_Right)
    assert page.review.list.choose(("cell", "Sheet", "C2"))
    press(qtbot, Qt.Key.Key_H, CTRL)
    dialog = asked(qtbot, ReplaceDialog)
    assert (dialog.column.currentText(), dialog.values.current_key()) == ("City", "Leeds")
    dialog.new.clear()
    qtbot.keyClicks(dialog.new, "London")
    qtbot.keyClick(dialog.new, Qt.Key.Key_Return)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.review.review.answers.edits == {("Sheet", "C2"): "London"})


def test_a_policy_for_accounts_that_are_there(qtbot: QtBot, opening: Opening, good: Path, tmp_path: Path) -> None:
    window = opening()
    taken_in(qtbot, window, good)
    changed = workbook(
        tmp_path / "changed.xlsx", (*GOOD[0][:2], "London", *GOOD[0][3:]), (*GOOD[1][:2], "Bath", *GOOD[1][3:])
    )
    page = reviewed(qtbot, window, changed)
    assert fates(page) == {Fate.UPDATED: 2}
    page.review.policy.setFocus()
    for fate in ({Fate.SAME: 2}, {Fate.SKIPPED: 2}, {Fate.UNDECIDED: 2}):
        press(qtbot, Qt.Key.Key_Down)
        qtbot.waitUntil(partial(same, fates, page, fate))
    page.review.tabs.choose(Fate.UNDECIDED)
    page.review._tab_chosen(Fate.UNDECIDED)
    page.review.list.setFocus()
    page.review.panel.alike.click()
    press(qtbot, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: fates(page) == {Fate.UPDATED: 2})


def same(ask: Callable[[HandoverPage], Any], page: HandoverPage, wanted: Any) -> bool:
    """Whether a question about the page has this answer."""
    return bool(ask(page) == wanted)


def taken_in(qtbot: QtBot, window: MainWindow, path: Path) -> HandoverPage:
    """Import a file without doubts and stay with its result."""
    page = reviewed(qtbot, window, path)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.result)
    return page


def test_a_column_is_given_another_meaning(qtbot: QtBot, opening: Opening, tmp_path: Path) -> None:
    window = opening()
    path = workbook(tmp_path / "odd.xlsx", *((*row, "Mo") for row in GOOD), headings=(*HEADINGS, "Hmm"))
    page = reviewed(qtbot, window, path)
    click(qtbot, page.review.back)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.columns)
    box = page.columns.boxes["Hmm"]
    assert not box.value()
    box.setFocus()
    while box.value() != "account.owner":
        before = box.currentIndex()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: shows(page, path))
    qtbot.waitUntil(lambda: page.review.review.answers.recipe.mapping.get("Hmm") == "account.owner")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(accounts(window)) == 2)
    record = read(window, ACCOUNTS.ids, Query(), TODAY)[0]
    assert read(window, overview, record).account.owner == "Mo"
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.result)
    again = reviewed(qtbot, window, path)
    assert again.review.review.report.sheets[0].mapping["Hmm"] == "account.owner"
    assert fates(again) == {Fate.SAME: 2}
    assert any("imported already" in words for words in told(again))
    assert again.review.go.words() == "Done"


def test_the_order_of_days_and_a_value_for_all_rows(qtbot: QtBot, opening: Opening, tmp_path: Path) -> None:
    window = opening()
    path = workbook(tmp_path / "days.xlsx", ("Alder Ltd", "03/05/2027"), headings=("Customer name", "End date"))
    page = reviewed(qtbot, window, path)
    assert page.review.go.words() == "Check 1 column"
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.columns)
    press(qtbot, Qt.Key.Key_Right)
    click(qtbot, button(page.columns, "Add a value for all rows"))
    box, field, _wrong = page.columns._constants[0]
    assert box.value() == "account.sales_owner"
    qtbot.keyClicks(field, "Zhang San")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: shows(page, path) and page.review.judging.is_settled)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(accounts(window)) == 1)
    found = read(window, overview, read(window, ACCOUNTS.ids, Query(), TODAY)[0])
    assert found.account.sales_owner == "Zhang San"
    assert found.contracts[0].end_on == date(2027, 5, 3)


def test_another_row_holds_the_headings(qtbot: QtBot, opening: Opening, tmp_path: Path) -> None:
    window = opening()
    path = workbook(tmp_path / "odd.xlsx", ("Who", "Where"), ("Alder Ltd", "Leeds"), headings=("A list", None))
    assert drop_files(window, path)
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: len(told(page)) == 1)
    click(
        qtbot, next(one for one in page.findChildren(Press) if one.isVisible() and one.words() == "Look at its sheets")
    )
    qtbot.waitUntil(lambda: page.sheets.view.hasFocus() and len(page.sheets.sheets.lines) == 1)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.sheets.answers.recipe.header_rows == {"Sheet": 2})


@pytest.mark.parametrize(("chosen", "name"), [("gb18030", "甲有限公司"), ("utf-8", None)])
def test_a_text_file_is_read_again_in_another_encoding(
    qtbot: QtBot, opening: Opening, tmp_path: Path, chosen: str, name: str | None
) -> None:
    window = opening()
    path = tmp_path / "a.csv"
    path.write_bytes("客户名称,城市\n甲有限公司,杭州\n".encode("gb18030"))
    page = reviewed(qtbot, window, path)
    page._to_step(SHEETS)
    qtbot.waitUntil(lambda: page.sheets.encoding.isVisible())
    assert page.sheets.encoding.value() == "gb18030"
    page.sheets.encoding.choose(chosen)
    page.sheets.encoding.activated.emit(0)
    if name is None:
        qtbot.waitUntil(lambda: len(told(page)) == 1)
        return
    qtbot.waitUntil(lambda: page.sheets.grid_text(1, 0) == name)


def test_a_table_is_pasted_where_nothing_else_takes_it(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    QApplication.clipboard().setText("Customer name\tCity\nAlder Ltd\tLeeds\n")
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: page.review.review is not None)
    assert [one.name for one in page.review.review.report.companies] == ["Alder Ltd"]
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: accounts(window) == ["Alder Ltd"])


def test_import_by_key_and_taken_back_by_toast(qtbot: QtBot, opening: Opening, known: int, mixed: Path) -> None:
    window = opening()
    page = reviewed(qtbot, window, mixed)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    assert accounts(window) == [KNOWN]
    decided(qtbot, page, Qt.Key.Key_1, Fate.UPDATED)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.result)
    assert set(accounts(window)) >= {row[0] for row in GOOD}
    assert set(rows(page.result.accounts)) == {KNOWN, *(row[0] for row in GOOD)}
    assert rows(page.result.problems) == ["Amount", "Customer name"]
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: accounts(window) == [KNOWN])
    assert read(window, overview, known).contracts == []
    assert all(row.undone_at is not None for row in read(window, import_history))


def test_an_import_is_taken_back_from_its_history_and_in_again(qtbot: QtBot, opening: Opening, good: Path) -> None:
    window = opening()
    page = taken_in(qtbot, window, good)
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.imports.hasFocus() and rows(page.imports) == [good.name])
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.result)
    click(qtbot, page.result.back_button)
    dialog = asked(qtbot, TakeBackDialog)
    assert set(rows(dialog.lines)) == {row[0] for row in GOOD}
    click(qtbot, dialog.verb)
    qtbot.waitUntil(lambda: accounts(window) == [])
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.result.forth_button.isVisible())
    click(qtbot, page.result.forth_button)
    qtbot.waitUntil(lambda: set(accounts(window)) == {row[0] for row in GOOD})
    press(qtbot, Qt.Key.Key_Escape)
    assert len(read(window, import_history)) == 1


def test_the_accounts_of_an_import_are_a_filtered_list(qtbot: QtBot, opening: Opening, known: int, good: Path) -> None:
    window = opening()
    taken_in(qtbot, window, good)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    page = arrived(qtbot, window, AccountsPage)
    qtbot.waitUntil(lambda: len(page.table.model_.ids) == len(GOOD))


def test_an_import_is_run_again_with_the_same_settings(qtbot: QtBot, opening: Opening, good: Path) -> None:
    window = opening()
    page = taken_in(qtbot, window, good)
    click(qtbot, page.result.again_button)
    qtbot.waitUntil(lambda: shows(page, good))
    assert fates(page) == {Fate.SAME: 2}


def test_refused_rows_become_a_workbook_and_templates_are_saved(
    qtbot: QtBot, opening: Opening, known: int, mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opening()
    page = reviewed(qtbot, window, mixed)
    out = tmp_path / "out.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(out), ""))
    press(qtbot, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: "Saved: 2 rows in out.xlsx" in toasts(window))
    page._leave_file()
    page.start.save_filled()
    qtbot.waitUntil(lambda: any("1 account in out.xlsx" in words for words in toasts(window)))
    page.start.save_empty()
    qtbot.waitUntil(lambda: "Saved: out.xlsx" in toasts(window))


def test_several_files_wait_in_a_row(qtbot: QtBot, opening: Opening, good: Path, tmp_path: Path) -> None:
    window = opening()
    second = workbook(tmp_path / "second.xlsx", ("Third House", *GOOD[0][1:4], "13900000071", "C-9", *GOOD[0][6:]))
    page = reviewed(qtbot, window, good, second)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.result)
    assert page.result.go.words() == "Next file (1 waiting)"
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: shows(page, second))
    assert window.top.trail.texts()[-1] == "second.xlsx"
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(accounts(window)) == 3)
    qtbot.waitUntil(lambda: set(rows(page.imports)) == {good.name, second.name})


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
        unlock(qtbot, password)
    qtbot.waitUntil(lambda: shows(page, locked))
    assert fates(page) == {Fate.NEW: 2}


def unlock(qtbot: QtBot, password: str) -> None:
    """Answer the dialog that asks for a password."""
    dialog = asked(qtbot, PasswordDialog)
    qtbot.keyClicks(dialog.field, password)
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not isValid(dialog) or not dialog.isVisible())


def test_after_three_wrong_passwords_a_sentence(qtbot: QtBot, opening: Opening, good: Path, tmp_path: Path) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = tmp_path / "locked.xlsx"
    with good.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt("secret 1", target)
    window = opening()
    assert drop_files(window, locked)
    page = arrived(qtbot, window, HandoverPage)
    for _number in range(3):
        unlock(qtbot, "wrong")
    qtbot.waitUntil(lambda: len(told(page)) == 1)
    assert "three times" in told(page)[0]


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


def long_file(path: Path, rows: int) -> Path:
    """A text table so long that its first rows come before its last."""
    lines = [",".join(("Customer name", "City", "Contact", "Phone"))]
    lines += [f"Company {number:05d} Ltd,Hull,Ann {number},139{number:08d}" for number in range(rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_first_rows_of_a_long_file_are_seen_while_the_rest_is_read(
    qtbot: QtBot, opening: Opening, tmp_path: Path
) -> None:
    window = opening()
    path = long_file(tmp_path / "long.csv", 3_000)
    assert drop_files(window, path)
    page = arrived(qtbot, window, HandoverPage)
    shown: list[Any] = []
    page._stack.currentChanged.connect(lambda _index: shown.append(page._stack.currentWidget()))
    qtbot.waitUntil(lambda: shows(page, path))
    assert shown == [page.early, page.review]
    assert page.early.grid.grid.rows[0][0] == "Customer name"
    assert page.early.grid.grid.header == 0
    assert "Customer name \u2192" in page.early.found.text()


def test_a_file_is_not_wanted_after_all_once_its_first_rows_were_seen(
    qtbot: QtBot, opening: Opening, tmp_path: Path
) -> None:
    window = opening()
    assert drop_files(window, long_file(tmp_path / "long.csv", 30_000))
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.early)
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.start)
    assert not window.context.runner.is_busy
    assert page.review.review is None
