"""A company of the file that may be there already: its candidates, their evidence, and the three answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Fate
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.ui.core.parts import RadioButton
from csdesk.ui.handover.page import HandoverPage
from tests.ui.conftest import Opening
from tests.ui.hands import check_told, click, go, labels, press, rows

from .conftest import workbook

ONE, TWO, GIVEN, TWIN = "杭州云帆纺织有限公司", "云帆纺织", "杭州云帆纺织集团", "云帆纺织（杭州）股份有限公司"


@pytest.fixture
def page(qtbot: QtBot, opening: Opening, desk: Desk, tmp_path: Path) -> HandoverPage:
    """The review of a file with two spellings of a company that is there under two more."""
    for name in (ONE, TWO):
        desk.do(create_account, NewAccount(AccountFields(name, city="杭州")))
    window = opening()
    path = workbook(tmp_path / "twice.xlsx", (GIVEN, "萧山"), (TWIN, ""), headings=("客户名称", "城市"))
    made = go(qtbot, window, HandoverPage, "handover", files=[str(path)])
    qtbot.waitUntil(lambda: made.review.review is not None and rows(made.review.list) == [GIVEN, TWIN])
    return made


def chosen(qtbot: QtBot, page: HandoverPage, name: str) -> None:
    """Choose a candidate, and wait until its evidence is there."""
    panel = page.review.panel.candidates

    def found() -> list[RadioButton]:
        return [one for one in panel.findChildren(RadioButton) if one.accessibleName() == name and one.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    click(qtbot, found()[0])
    qtbot.waitUntil(lambda: name in {label.text() for label in labels(panel)})


def fate(page: HandoverPage, name: str) -> Fate:
    assert page.review.review is not None
    return next(one.fate for one in page.review.review.report.companies if one.name == name)


def test_candidates_stand_beside_what_the_file_says(qtbot: QtBot, page: HandoverPage) -> None:
    panel = page.review.panel.candidates
    qtbot.waitUntil(lambda: ONE in {label.text() for label in labels(panel)})
    choices = [one.accessibleName() for one in panel.findChildren(RadioButton) if one.isVisible()]
    assert choices == [ONE, TWO]
    check_told(panel, "The names differ only in the legal form")
    assert {"萧山", "杭州", GIVEN, ONE} <= {label.text() for label in labels(panel)}
    chosen(qtbot, page, TWO)
    check_told(panel, "The names differ only in the place they name.")
    assert panel.same.accessibleName() == f"The same as “{TWO}”"
    press(qtbot, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: fate(page, GIVEN) == Fate.UPDATED)


def test_a_row_further_up_is_a_candidate_too(qtbot: QtBot, page: HandoverPage) -> None:
    page.review.list.setFocus()
    press(qtbot, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: fate(page, GIVEN) == Fate.NEW)
    qtbot.waitUntil(lambda: rows(page.review.list) == [TWIN])
    panel = page.review.panel.candidates
    chosen(qtbot, page, GIVEN)
    click(qtbot, panel.same)
    qtbot.waitUntil(lambda: [one.name for one in page.review.review.report.companies] == [GIVEN])
    assert page.review.review.report.rows == {Fate.NEW: 1, Fate.SAME: 1}


def test_3_leaves_the_company_out(qtbot: QtBot, page: HandoverPage) -> None:
    page.review.list.setFocus()
    press(qtbot, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: rows(page.review.list) == [TWIN])
    assert page.review.review is not None
    assert page.review.review.report.rows[Fate.SKIPPED] == 1
