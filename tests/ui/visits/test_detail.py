"""The page of a visit by hand: filled in with one key, saved as one types, people and materials, its record, its files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import VisitOutcome, VisitState, VisitType
from csdesk.services.articles.commands import NewArticle, create_article
from csdesk.services.articles.rules import ArticleFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.services.visits.preparation import Preparation, preparation
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.visits.detail import VisitPage
from csdesk.ui.visits.page import VisitsPage
from csdesk.ui.visits.pickers import MaterialsDialog
from csdesk.ui.visits.record import RecordDialog
from csdesk.ui.visits.typing_back import TypingBackPage
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    asked,
    button,
    check_told,
    click,
    go,
    labels,
    press,
    read,
    returned,
    rows,
    toasts,
    undo_by_toast,
)

TODAY = date(2026, 11, 23)


@pytest.fixture
def meeting(desk: Desk, seven: dict[str, int]) -> int:
    for name in ("Ann Lee", "Bob Ray"):
        desk.do(create_contact, NewContact(seven["Aster"], ContactFields(name)))
    return desk.do(add_visit, AddVisit(seven["Aster"], TODAY, starts_at="14:00")).value


def at(qtbot: QtBot, window: MainWindow, visit: int) -> VisitPage:
    page = go(qtbot, window, VisitPage, "visits", id=visit)
    qtbot.waitUntil(lambda: page.view is not None and page.view.card.id == visit)
    return page


def stored(window: MainWindow, visit: int) -> Preparation:
    found: Preparation = read(window, preparation, visit, TODAY)
    return found


def test_p_on_the_board_leads_to_the_visit_and_ctrl_enter_fills_it_in(
    qtbot: QtBot, opening: Opening, meeting: int
) -> None:
    window = opening()
    board = go(qtbot, window, VisitsPage, "visits", day=TODAY.isoformat(), visit=meeting)
    qtbot.waitUntil(lambda: board.columns[0].list.current_card() is not None and board.columns[0].list.hasFocus())
    press(qtbot, Qt.Key.Key_P)
    page = arrived(qtbot, window, VisitPage)
    qtbot.waitUntil(lambda: page.view is not None and page.fill_button.isVisible())
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(page.texts["agenda"].toPlainText()))
    found = stored(window, meeting)
    assert found.written.type == VisitType.CARE
    assert found.written.talking_points
    qtbot.waitUntil(lambda: not page.fill_button.isVisible())
    check_told(page, "14:15")
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: not page.texts["agenda"].toPlainText())


def test_what_is_typed_is_saved_without_a_button(qtbot: QtBot, opening: Opening, meeting: int) -> None:
    window = opening()
    page = at(qtbot, window, meeting)
    page.texts["questions"].setFocus()
    qtbot.keyClicks(page.texts["questions"], "Who signs? <b>")
    press(qtbot, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: stored(window, meeting).written.questions == "Who signs? <b>")
    qtbot.keyClicks(page.texts["talking_points"], "price")
    window.context.go.to("today")
    qtbot.waitUntil(lambda: stored(window, meeting).written.talking_points == "price")
    assert toasts(window) == []


def test_an_answer_from_the_store_leaves_what_is_being_typed(qtbot: QtBot, opening: Opening, meeting: int) -> None:
    window = opening()
    page = at(qtbot, window, meeting)
    page.texts["wanted"].setFocus()
    qtbot.keyClicks(page.texts["wanted"], "a dec")
    page.refresh()
    qtbot.keyClicks(page.texts["wanted"], "ision")
    qtbot.waitUntil(lambda: stored(window, meeting).written.wanted == "a decision")
    assert page.texts["wanted"].toPlainText() == "a decision"


def test_a_type_is_chosen_and_brings_its_agenda(qtbot: QtBot, opening: Opening, meeting: int) -> None:
    window = opening()
    page = at(qtbot, window, meeting)
    page.type.setFocus()
    qtbot.keyClick(page.type, Qt.Key.Key_Down)
    qtbot.keyClick(page.type, Qt.Key.Key_Down)
    page.type.activated.emit(page.type.currentIndex())
    qtbot.waitUntil(lambda: stored(window, meeting).written.type == VisitType.TRAINING)
    qtbot.waitUntil(lambda: "Practice" in page.texts["agenda"].toPlainText())


def test_people_and_materials_are_ticked(qtbot: QtBot, desk: Desk, opening: Opening, meeting: int) -> None:
    desk.do(create_article, NewArticle(ArticleFields("Quality", target="x.cn")))
    window = opening()
    page = at(qtbot, window, meeting)
    assert window.context.actions.run("visit.people")
    dialog = asked(qtbot, FormDialog)
    for key, cell in dialog.form.cells.items():
        if key.startswith("contact"):
            cell.set_text("1")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: len(stored(window, meeting).theirs) == 2)
    assert window.context.actions.run("visit.materials")
    asked(qtbot, MaterialsDialog)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Space)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: [one.title for one in stored(window, meeting).materials] == ["Quality"])
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.materials) == 1)


def test_d_records_by_keyboard_alone(qtbot: QtBot, opening: Opening, meeting: int) -> None:
    window = opening()
    page = at(qtbot, window, meeting)
    page.header.setFocus()
    press(qtbot, Qt.Key.Key_D)
    dialog = asked(qtbot, RecordDialog)
    assert dialog.form.draft()["came"] == "Ann Lee"
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["next_step"].sentence.isVisible)
    qtbot.keyClicks(dialog.form.editors["record"], "They stay")
    qtbot.keyClicks(dialog.form.editors["needs"], "more seats")
    qtbot.keyClicks(dialog.form.editors["next_step"], "send the offer ! +7")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.view is not None and page.view.card.state == VisitState.DONE)
    found = stored(window, meeting)
    assert found.written.outcome == VisitOutcome.VISITED
    assert [(task.text, task.due_on) for task in found.own_tasks] == [("send the offer", date(2026, 11, 30))]
    qtbot.waitUntil(lambda: any("They stay" in label.text() for label in labels(page)))
    assert rows(page.needs) == ["more seats"]


def test_another_outcome_asks_for_other_things(qtbot: QtBot, opening: Opening, meeting: int) -> None:
    window = opening()
    at(qtbot, window, meeting)
    assert window.context.actions.run("visit.record")
    dialog = asked(qtbot, RecordDialog)
    cells = dialog.form.cells
    assert cells["next_step"].isVisible()
    assert not cells["reason"].isVisible()
    cells["outcome"].set_text("cancelled")
    cells["outcome"].edited.emit()
    assert not cells["next_step"].isVisible()
    assert cells["reason"].isVisible()
    qtbot.keyClicks(dialog.form.editors["reason"], "ill")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: stored(window, meeting).card.state == VisitState.CANCELLED)
    assert stored(window, meeting).card.excuse == "ill"


def test_a_photo_is_attached_opened_deleted_and_missed(
    qtbot: QtBot, opening: Opening, meeting: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = tmp_path / "paper.jpg"
    photo.write_bytes(b"photo")
    opened: list[QUrl] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(photo)], ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    window = opening()
    page = at(qtbot, window, meeting)
    assert window.context.actions.run("visit.attach")
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.attachments) == 1)
    page.files.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert Path(opened[0].toLocalFile()).read_bytes() == b"photo"
    from csdesk.services.files.kept_files import folder_of, place_of

    place_of(folder_of(window.context.desk.database.path), stored(window, meeting).attachments[0].kept.sha256).unlink()
    page.refresh()
    qtbot.waitUntil(lambda: [badge.text for badge in page.files.lines[0].badges] == ["missing"])
    page.files.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any("missing" in text for text in window.speaker.bars.texts()))


def test_a_visit_that_is_gone_says_so(qtbot: QtBot, opening: Opening, meeting: int) -> None:
    window = opening()
    page = go(qtbot, window, VisitPage, "visits", id=12345)
    qtbot.waitUntil(page._gone.isVisible)
    click(qtbot, button(page, "Open the visit plan"))
    arrived(qtbot, window, VisitsPage)


def batch(qtbot: QtBot, window: MainWindow) -> TypingBackPage:
    page = arrived(qtbot, window, TypingBackPage)
    qtbot.waitUntil(lambda: page.form is not None)
    return page


def test_paper_is_typed_back_in_visit_by_visit(
    qtbot: QtBot, desk: Desk, opening: Opening, seven: dict[str, int]
) -> None:
    days = {"Birch": date(2026, 11, 19), "Cedar": date(2026, 11, 20), "Dill": TODAY}
    ids = {
        name: desk.do(add_visit, AddVisit(seven[name], day), confirmed={"past_day"}).value for name, day in days.items()
    }
    window = opening()
    press(qtbot, Qt.Key.Key_D, CTRL | SHIFT)
    page = batch(qtbot, window)
    assert rows(page.list) == ["Birch", "Cedar", "Dill"]

    def typed(name: str, **texts: str) -> Any:
        qtbot.waitUntil(lambda: page.title.text() == name and page.form is not None)
        assert page.form is not None
        for key, text in texts.items():
            page.form.cells[key].set_text(text)
        page.form.editors["record"].setFocus()
        press(qtbot, Qt.Key.Key_Return, CTRL)

    typed("Birch", record="fine", next_step="call", next_on="+3")
    typed("Cedar", record="tense", mood="tense")
    qtbot.waitUntil(lambda: page.form is not None and page.form.cells["next_step"].sentence.isVisible())
    press(qtbot, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: page.title.text() == "Dill")
    press(qtbot, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: page.title.text() == "Cedar" and page.form is not None)
    assert page.form is not None
    assert page.form.cells["record"].text() == "tense"
    typed("Cedar", next_step="write ! +2")
    qtbot.waitUntil(lambda: rows(page.list) == ["Dill"])
    assert stored(window, ids["Birch"]).card.done_on == days["Birch"]
    assert stored(window, ids["Cedar"]).written.mood == "tense"
    typed("Dill", outcome="absent", reason="on holiday")
    qtbot.waitUntil(lambda: rows(page.list) == [])
    check_told(page, "Every visit of these days is written down")
