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


def fate(page: HandoverPage, name: str) -> Fate:
    assert page.review.review is not None
    return next(one.fate for one in page.review.review.report.companies if one.name == name)


def offered(page: HandoverPage) -> list[str]:
    """The answers that the chosen line offers."""
    return [choice.accessibleName() for choice in page.review.panel.choices]


def test_candidates_stand_beside_what_the_file_says(qtbot: QtBot, page: HandoverPage) -> None:
    view = page.review.panel.candidates
    qtbot.waitUntil(lambda: ONE in {label.text() for label in labels(view)})
    assert offered(page) == [f"The same as “{ONE}”", f"The same as “{TWO}”", "A different account", "Leave it out"]
    check_told(view, "The names differ only in the legal form")
    check_told(view, "The names differ only in the place they name.")
    assert {"萧山", "杭州", GIVEN, TWO} <= {label.text() for label in labels(view)}
    page.review.list.setFocus()
    press(qtbot, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: fate(page, GIVEN) == Fate.UPDATED)


def test_a_row_further_up_is_a_candidate_too(qtbot: QtBot, page: HandoverPage) -> None:
    page.review.list.setFocus()
    press(qtbot, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: fate(page, GIVEN) == Fate.NEW)
    page.review.list.choose(("company", TWIN))
    same = f"The same as “{GIVEN}” in this file"
    qtbot.waitUntil(lambda: same in offered(page))
    click(qtbot, page.review.panel.choices[offered(page).index(same)])
    qtbot.waitUntil(lambda: [one.name for one in page.review.review.report.companies] == [GIVEN])
    assert page.review.review.report.rows == {Fate.NEW: 1, Fate.SAME: 1}


def test_the_last_answer_leaves_the_company_out(qtbot: QtBot, page: HandoverPage) -> None:
    page.review.list.setFocus()
    press(qtbot, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: page.review.review.report.rows.get(Fate.SKIPPED) == 1)
    assert [one.name for one in page.review.review.report.companies] == [TWIN]
