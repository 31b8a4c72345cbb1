"""What holds for every page of the window, whoever wrote it."""

from __future__ import annotations

import gettext
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.queries import demand_cards
from csdesk.services.tickets.rules import TicketFields
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.ui.core import theme
from csdesk.ui.core.actions import Actions
from csdesk.ui.core.context import Context, Navigator
from csdesk.ui.core.messages import Messages
from csdesk.ui.core.page import Page
from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.runner import Runner
from csdesk.ui.core.state import State
from csdesk.ui.core.window import MainWindow
from csdesk.ui.features import FEATURES
from csdesk.ui.gallery import settle
from tests.ui.walkers import check_inside, check_named, check_plain_tips, check_room

NAMES = ("澄岳精工", "砚泽医药", "棠屿零售 <b>", "Northwind & Sons")
KEYS = [feature.key for feature in FEATURES]
FINAL = {"today": "Ctrl+1", "accounts": "Ctrl+2", "visits": "Ctrl+3", "tickets": "Ctrl+4", "renewals": "Ctrl+5",
         "kpi": "Ctrl+7"}  # fmt: skip
SAME_IN_BOTH = {"CSDesk", "English", "\u7b80\u4f53\u4e2d\u6587", "Excel", "PDF"}


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, desk: Desk) -> Iterator[MainWindow]:
    """The whole window with all features at 1000 × 600, over an empty store."""
    theme.apply(qapp, "light", 100)
    state = State(None)
    context = Context(
        state, Messages(), Actions(), Navigator(), Clock(date(2026, 11, 23)), Preferences(state, "en")
    )  # fmt: skip
    made = MainWindow(state)
    qtbot.addWidget(made)
    made.furnish(context, FEATURES)
    made.setGeometry(0, 0, 1000, 600)
    made.show()
    runner = Runner(desk, context.messages)
    context.open(desk, runner)
    made.opened()
    settle(made)
    yield made
    runner.close()


@pytest.fixture
def filled(desk: Desk) -> list[int]:
    """A few accounts, some with names that try to be markup."""
    return [desk.do(create_account, NewAccount(AccountFields(name=name))).value for name in NAMES]


def shown_page(window: MainWindow, key: str, **args: Any) -> Page:
    """Go there and let it fill."""
    window.context.go.to(key, **args)
    settle(window)
    page = window.pages.page
    assert page is not None
    assert window.pages.here == key
    return page


def check_page(window: MainWindow, page: Page) -> None:
    """What holds for every page at any time."""
    assert window.speaker.bars.texts() == []
    assert (window.width(), window.height()) == (1000, 600)
    check_named(page)
    check_plain_tips(page)
    check_inside(page)


@pytest.mark.parametrize("key", KEYS)
def test_a_page_opens_over_an_empty_store(window: MainWindow, key: str) -> None:
    check_page(window, shown_page(window, key))


@pytest.mark.parametrize("key", KEYS)
def test_a_page_opens_over_a_filled_store(filled: list[int], window: MainWindow, key: str) -> None:
    page = shown_page(window, key)
    check_page(window, page)
    window.resize(1920, 1080)
    settle(window)
    check_named(page)
    check_inside(page)


@pytest.mark.parametrize("key", [feature.key for feature in FEATURES if feature.detail is not None])
def test_the_page_of_one_record_opens(filled: list[int], window: MainWindow, key: str) -> None:
    record = filled[0]
    if key == "visits":
        record = window.context.desk.do(add_visit, AddVisit(filled[0], window.context.clock.today())).value
    elif key == "ticket":
        wish = NewTicket(TicketFields("Reports by shift"), filled[0])
        record = window.context.desk.do(create_ticket, wish).value
    elif key == "tickets":
        window.context.desk.do(create_ticket, NewTicket(TicketFields("Words", title=NAMES[0]), filled[0]))
        with window.context.desk.read() as connection:
            (record,) = (card.id for card in demand_cards(connection, window.context.clock.today()))
    page = shown_page(window, key, id=record)
    check_page(window, page)
    assert window.top.trail.texts()[-1] == ("R-0001" if key == "ticket" else NAMES[0])


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("mode", ["dark", "light"])
def test_a_page_survives_a_change_of_theme_and_size(filled: list[int], window: MainWindow, key: str, mode: str) -> None:
    page = shown_page(window, key)
    window.context.preferences.set_theme(mode)
    window.context.preferences.set_zoom(125)
    settle(window)
    check_named(page)
    assert window.pages.page is page


@pytest.mark.parametrize("key", KEYS)
def test_a_page_comes_back_as_it_was_left(filled: list[int], window: MainWindow, key: str) -> None:
    page = shown_page(window, key)
    left = page.remember()
    other = next(feature.key for feature in FEATURES if feature.key != key)
    shown_page(window, other)
    window.context.go.back()
    settle(window)
    assert window.pages.page is page
    assert page.remember() == left


@pytest.mark.parametrize("key", KEYS)
def test_shortcuts_stand_once_and_actions_have_texts(filled: list[int], window: MainWindow, key: str) -> None:
    shown_page(window, key)
    here = window.context.actions.here()
    keys = Counter(
        keys.toString() for action in here if action.role != "native" for keys in action.shortcuts()
    )  # fmt: skip
    assert [name for name, count in keys.items() if count > 1] == []
    assert [action.key for action in here if not action.label().strip()] == []
    doubles = Counter(action.key for action in here)
    assert [name for name, count in doubles.items() if count > 1] == []


@pytest.mark.parametrize("key", KEYS)
def test_actions_and_titles_are_chinese_in_chinese(filled: list[int], window: MainWindow, key: str) -> None:
    shown_page(window, key)
    texts.install("zh_CN")
    wanted = {action.text for action in window.context.actions.here()} | {feature.title for feature in FEATURES}
    assert sorted(text for text in wanted - SAME_IN_BOTH if texts._(text) == text) == []


def test_places_keep_their_final_numbers() -> None:
    for feature in FEATURES:
        if feature.group == "place":
            assert feature.shortcut == FINAL[feature.key]
    assert len(set(KEYS)) == len(KEYS)


class Longer(gettext.NullTranslations):
    """A language whose words are 40 percent longer."""

    def gettext(self, message: str) -> str:
        return message + "~" * max(1, round(len(message) * 0.4))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak that language."""
    monkeypatch.setattr(texts, "_current", Longer())


@pytest.mark.parametrize("key", KEYS)
def test_longer_words_find_room(desk: Desk, filled: list[int], longer: None, window: MainWindow, key: str) -> None:
    page = shown_page(window, key)
    assert window.width() == 1000
    check_room(page)
