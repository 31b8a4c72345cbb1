"""The handover on the account page by hand: checklist, questions, decisions, promises as tasks; and the list of all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import HandoverPoint, HandoverState, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.handover.deciding import ReceiveHandover, receive_handover
from csdesk.services.handover.records import HandoverRecord, record_of
from csdesk.services.tasks.queries import tasks_of_account
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.parts import Button
from csdesk.ui.core.window import MainWindow
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.handovers.page import HandoversPage
from csdesk.ui.handovers.promises import PromisesDialog
from csdesk.ui.handovers.record import HandoverPanel
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    ask_menu,
    asked,
    button,
    check_told,
    choose,
    click,
    go,
    labels,
    press,
    read,
    returned,
    toasts,
    undo_by_toast,
)  # fmt: skip

WORDS = {
    "goals": "go live",
    "scope": "all plants",
    "promises": "1. five seats 2. API by 5 March 2027",
    "risks": "budget",
}


@pytest.fixture
def received(desk: Desk) -> dict[str, int]:
    """Three accounts with a handover (Amber's contract runs, Birch's begins later, Cedar has all), and Dogwood without."""
    made = {}
    for name in ("Amber", "Birch", "Cedar", "Dogwood"):
        fields = AccountFields(name, tier=Tier.B, sales_owner="Zhou", owner="Lin")
        made[name] = desk.do(create_account, NewAccount(fields)).value
    for name, start in (("Amber", date(2026, 11, 1)), ("Birch", date(2026, 12, 1))):
        terms = ContractFields(f"C-{name}", start_on=start, end_on=date(2027, 11, 30))
        desk.do(create_contract, NewContract(made[name], terms))
    desk.do(receive_handover, ReceiveHandover(made["Amber"], WORDS))
    desk.do(receive_handover, ReceiveHandover(made["Birch"], {"goals": "save time"}))
    everything = WORDS | {"stakeholders": "Ann", "payment_terms": "at once", "promises": "free <b>training</b>"}
    desk.do(receive_handover, ReceiveHandover(made["Cedar"], everything))
    return made


def panel(qtbot: QtBot, window: MainWindow, account: int) -> HandoverPanel:
    """The handover tab of an account, filled, the keyboard in its list."""
    page = go(qtbot, window, AccountPage, "accounts", id=account, tab="handover")
    qtbot.waitUntil(lambda: page.handover.record is not None and page.handover.record.account_id == account)
    page.focus_first()
    return page.handover


def stored(window: MainWindow, account: int) -> HandoverRecord:
    found = read(window, record_of, account, TODAY)
    assert isinstance(found, HandoverRecord)
    return found


def lines(view: HandoverPanel) -> dict[Any, Any]:
    return {line.key: line for line in view.list.lines}


def put(dialog: FormDialog, **texts: str) -> None:
    for key, text in texts.items():
        dialog.form.cells[key].set_text(text)
        dialog.form.changed.emit()


def offered(qtbot: QtBot, view: HandoverPanel, words: str) -> Button:
    """A move's button, once it is shown."""
    qtbot.waitUntil(lambda: any(one.isVisible() and one.words() == words for one in view.findChildren(Button)))
    return button(view, words)


def send(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)


def test_the_tab_shows_what_is_there_and_what_is_missing(
    qtbot: QtBot, opening: Opening, received: dict[str, int]
) -> None:
    view = panel(qtbot, opening(), received["Amber"])
    found = lines(view)
    assert found["point", "goals"].title == "go live"
    assert [badge.text for badge in found["point", "stakeholders"].badges] == ["Missing"]
    assert found["point", "tier"].title == "B · Medium"
    assert [found["promise", number].title for number in (0, 1)] == ["five seats", "API by 5 March 2027"]
    check_told(view, "Complete 70")
    check_told(view, "The contract runs since 2026-11-01, and the handover is not accepted")
    red = next(label for label in labels(view) if label.text().startswith("The contract runs"))
    assert red._ink == "ink_red"


def test_a_point_is_filled_in_and_asked_about(qtbot: QtBot, opening: Opening, received: dict[str, int]) -> None:
    window = opening()
    view = panel(qtbot, window, received["Amber"])
    view.list.choose(("point", "stakeholders"))
    press(qtbot, Qt.Key.Key_Return)
    dialog = asked(qtbot, FormDialog)
    put(dialog, text="", question="Who decides?")
    send(qtbot, window)
    qtbot.waitUntil(lambda: ("question", "stakeholders") in lines(view))
    assert [badge.text for badge in lines(view)["question", "stakeholders"].badges] == ["Asked"]
    press(qtbot, Qt.Key.Key_Return)
    put(asked(qtbot, FormDialog), text="Ann decides")
    send(qtbot, window)
    qtbot.waitUntil(lambda: [b.text for b in lines(view)["question", "stakeholders"].badges] == ["Answered"])
    assert HandoverPoint.STAKEHOLDERS not in stored(window, received["Amber"]).missing
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: HandoverPoint.STAKEHOLDERS in stored(window, received["Amber"]).missing)


def test_accepting_with_gaps_asks_why_and_offers_the_promises(
    qtbot: QtBot, opening: Opening, received: dict[str, int]
) -> None:
    window = opening()
    view = panel(qtbot, window, received["Amber"])
    press(qtbot, Qt.Key.Key_A, CTRL | SHIFT)
    dialog = asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["text"].sentence.isVisible)
    assert "Stakeholders" in dialog.form.cells["text"].sentence.text()
    put(dialog, text="sales has left")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    promises = asked(qtbot, PromisesDialog)
    assert [row.text.text() for row in promises.rows] == ["five seats", "API by 5 March 2027"]
    assert [row.day.text() for row in promises.rows] == ["2026-12-01", "2027-03-05"]
    assert [row.owner.text() for row in promises.rows] == ["Lin", "Lin"]
    promises.rows[0].text.setText("open five seats")
    promises.rows[1].day.set_text("soon")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(promises.rows[1].wrong.isVisible)
    promises.rows[1].tick.setChecked(False)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    found = stored(window, received["Amber"])
    assert (found.state, found.moves[-1].reason) == (HandoverState.ACCEPTED, "sales has left")
    (task,) = read(window, tasks_of_account, received["Amber"])
    assert (task.text, task.source_text, task.due_on) == ("open five seats", "five seats", date(2026, 12, 1))
    qtbot.waitUntil(lambda: [badge.text for badge in lines(view)["promise", 0].badges] == ["To do"])
    assert [badge.text for badge in lines(view)["promise", 1].badges] == ["No task"]
    check_told(view, "22 days before it was accepted")
    view.list.choose(("promise", 0))
    view.list.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert asked(qtbot, FormDialog).form.draft()["text"] == "open five seats"
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    view.list.choose(("promise", 1))
    view.list.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert len(asked(qtbot, PromisesDialog).rows) == 1
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)


def test_a_whole_handover_is_accepted_at_once_and_opened_again(
    qtbot: QtBot, opening: Opening, received: dict[str, int]
) -> None:
    window = opening()
    view = panel(qtbot, window, received["Cedar"])
    click(qtbot, offered(qtbot, view, "Accept handover"))
    dialog = asked(qtbot, PromisesDialog)
    check_told(dialog, "Cedar was promised this by sales")
    click(qtbot, button(dialog, "Not now"))
    returned(qtbot, window)
    qtbot.waitUntil(lambda: stored(window, received["Cedar"]).state == HandoverState.ACCEPTED)
    click(qtbot, offered(qtbot, view, "Open it again…"))
    put(asked(qtbot, FormDialog), text="a new promise")
    send(qtbot, window)
    qtbot.waitUntil(lambda: stored(window, received["Cedar"]).state == HandoverState.RECEIVED)
    assert undo_by_toast(qtbot, window) == "Handover of Cedar: Received"
    qtbot.waitUntil(lambda: stored(window, received["Cedar"]).state == HandoverState.ACCEPTED)


def test_returned_with_a_reason_and_received_again(qtbot: QtBot, opening: Opening, received: dict[str, int]) -> None:
    window = opening()
    view = panel(qtbot, window, received["Birch"])
    click(qtbot, offered(qtbot, view, "Return to sales…"))
    dialog = asked(qtbot, FormDialog)
    assert "Stakeholders" in dialog.form.draft()["text"]
    put(dialog, text="no contract yet")
    send(qtbot, window)
    qtbot.waitUntil(lambda: view.record is not None and view.record.state == HandoverState.RETURNED)
    assert lines(view)["move", 0].second == "no contract yet"
    click(qtbot, offered(qtbot, view, "Received again"))
    qtbot.waitUntil(lambda: stored(window, received["Birch"]).state == HandoverState.RECEIVED)


def test_a_handover_is_started_by_hand(qtbot: QtBot, opening: Opening, received: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, AccountPage, "accounts", id=received["Dogwood"], tab="handover")
    qtbot.waitUntil(lambda: page._empty["handover"].isVisible())
    click(qtbot, button(page, "Start the handover"))
    qtbot.waitUntil(lambda: page.handover.record is not None)
    page.handover.keep_promises()
    qtbot.waitUntil(lambda: "No promise is written down yet." in toasts(window))
    page.focus_first()
    page.handover.list.choose_first()
    ask_menu(page.handover.list)
    choose(qtbot, "Add: Pain points")
    put(asked(qtbot, FormDialog), text="paper everywhere")
    send(qtbot, window)
    qtbot.waitUntil(lambda: ("text", "pain_points") in lines(page.handover))


def shown(page: HandoversPage, key: str = "account") -> list[str]:
    model = page.table.model_
    return [model.text(row, model.column_of(key)) for row in range(model.rowCount())]


def full(qtbot: QtBot, window: MainWindow) -> HandoversPage:
    page = go(qtbot, window, HandoversPage, "handovers")
    qtbot.waitUntil(lambda: sorted(shown(page)) == ["Amber", "Birch", "Cedar"])
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.current_id() is not None)
    return page


def test_the_list_shows_all_and_leads_to_each(qtbot: QtBot, opening: Opening, received: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    assert shown(page) == ["Amber", "Birch", "Cedar"]
    assert shown(page, "early") == ["Contract runs", "", ""]
    assert shown(page, "missing")[0] == "Stakeholders, Payment terms"
    assert shown(page, "completeness") == ["70", "30", "100"]
    page.filter.choose("accepted")
    qtbot.waitUntil(lambda: shown(page) == [])
    check_told(page, "No handover fits")
    page.filter.clear_all()
    qtbot.waitUntil(lambda: len(shown(page)) == 3)
    page.table.choose(stored(window, received["Birch"]).id)
    page.focus_first()
    press(qtbot, Qt.Key.Key_Return)
    detail = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: detail.account_id == received["Birch"])
    assert detail.tabs.current() == "handover"


def test_a_handover_is_decided_in_the_list(qtbot: QtBot, opening: Opening, received: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    page.table.choose(stored(window, received["Cedar"]).id)
    press(qtbot, Qt.Key.Key_A, CTRL | SHIFT)
    asked(qtbot, PromisesDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: shown(page, "state") == ["Received", "Received", "Accepted"])
    assert [task.text for task in read(window, tasks_of_account, received["Cedar"])] == ["free <b>training</b>"]
    page.table.choose(stored(window, received["Birch"]).id)
    ask_menu(page.table)
    choose(qtbot, "Ask sales")
    put(asked(qtbot, FormDialog), text="what was sold?")
    send(qtbot, window)
    qtbot.waitUntil(lambda: stored(window, received["Birch"]).state == HandoverState.QUESTIONED)


def test_the_sheet_for_sales_is_written_for_the_ticked(
    qtbot: QtBot, opening: Opening, received: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "questions.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    qtbot.waitUntil(page.bulk.isVisible)
    click(qtbot, button(page, "Sheet for sales"))
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: shown(page, "state").count("Questioned") == 2)
    qtbot.waitUntil(lambda: any("questions.xlsx" in text for text in toasts(window)))
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: shown(page, "state").count("Received") == 3)


def test_the_place_of_imports_leads_to_the_list(qtbot: QtBot, opening: Opening, received: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, HandoverPage, "handover")
    qtbot.waitUntil(lambda: len(page.handovers.lines) == 3)
    click(qtbot, button(page, "All handovers"))
    arrived(qtbot, window, HandoversPage)
