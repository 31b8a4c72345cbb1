"""What holds for every page of the window, whoever wrote it."""

from __future__ import annotations

import gettext
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core import texts
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.queries import demand_cards
from csdesk.services.tickets.rules import TicketFields
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.ui.core import theme
from csdesk.ui.core.page import Page
from csdesk.ui.core.window import MainWindow
from csdesk.ui.features import FEATURES
from csdesk.ui.gallery import settle
from tests.conftest import desk_over
from tests.ui.conftest import window_over
from tests.ui.walkers import check_inside, check_named, check_plain_tips, check_room, walk_to

NAMES = ("澄岳精工", "砚泽医药", "棠屿零售 <b>", "Northwind & Sons")
KEYS = [feature.key for feature in FEATURES]
FINAL = {"today": "Ctrl+1", "accounts": "Ctrl+2", "visits": "Ctrl+3", "tickets": "Ctrl+4", "renewals": "Ctrl+5",
         "kpi": "Ctrl+7"}  # fmt: skip
SAME_IN_BOTH = {"CSDesk", "English", "\u7b80\u4f53\u4e2d\u6587", "Excel", "PDF"}


def fill(desk: Desk) -> list[int]:
    """A few accounts, some with names that try to be markup."""
    return [desk.do(create_account, NewAccount(AccountFields(name=name))).value for name in NAMES]


@pytest.fixture
def filled(desk: Desk) -> list[int]:
    """What was made in the store of the test."""
    return fill(desk)


@pytest.fixture
def window(light: None, desk: Desk) -> Iterator[MainWindow]:
    """A window that the test may turn upside down."""
    with window_over(desk) as made:
        yield made


@pytest.fixture(scope="module")
def empty_window(qapp: QApplication, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window over an empty store, to walk through."""
    theme.apply(qapp, "light", 100)
    with desk_over(template, tmp_path_factory.mktemp("empty") / "data") as desk, window_over(desk) as made:
        yield made


@pytest.fixture(scope="module")
def full_window(qapp: QApplication, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window over a filled store, to walk through."""
    theme.apply(qapp, "light", 100)
    with desk_over(template, tmp_path_factory.mktemp("full") / "data") as desk:
        fill(desk)
        with window_over(desk) as made:
            yield made


@pytest.fixture
def empty(light: None, empty_window: MainWindow) -> MainWindow:
    """The window over the empty store, as another test left it, but for its looks."""
    return empty_window


@pytest.fixture
def full(light: None, full_window: MainWindow) -> Iterator[MainWindow]:
    """The window over the filled store, as another test left it, but for its looks and size."""
    yield full_window
    full_window.resize(1000, 600)


def check_page(window: MainWindow, page: Page) -> None:
    """What holds for every page at any time."""
    assert window.speaker.bars.texts() == []
    assert (window.width(), window.height()) == (1000, 600)
    check_named(page)
    check_plain_tips(page)
    check_inside(page)


@pytest.mark.parametrize("key", KEYS)
def test_a_page_opens_over_an_empty_store(empty: MainWindow, key: str) -> None:
    check_page(empty, walk_to(empty, key))


@pytest.mark.parametrize("key", KEYS)
def test_a_page_opens_over_a_filled_store(full: MainWindow, key: str) -> None:
    page = walk_to(full, key)
    check_page(full, page)
    full.resize(1920, 1080)
    settle(full)
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
    page = walk_to(window, key, id=record)
    check_page(window, page)
    assert window.top.trail.texts()[-1] == ("R-0001" if key == "ticket" else NAMES[0])


@pytest.mark.parametrize("key", KEYS)
def test_a_page_comes_back_as_it_was_left(full: MainWindow, key: str) -> None:
    page = walk_to(full, key)
    left = page.remember()
    other = next(feature.key for feature in FEATURES if feature.key != key)
    walk_to(full, other)
    full.context.go.back()
    settle(full)
    assert full.pages.page is page
    assert page.remember() == left


@pytest.mark.parametrize("key", KEYS)
def test_shortcuts_stand_once_and_actions_have_texts(full: MainWindow, key: str) -> None:
    walk_to(full, key)
    here = full.context.actions.here()
    keys = Counter(
        keys.toString() for action in here if action.role != "native" for keys in action.shortcuts()
    )  # fmt: skip
    assert [name for name, count in keys.items() if count > 1] == []
    assert [action.key for action in here if not action.label().strip()] == []
    doubles = Counter(action.key for action in here)
    assert [name for name, count in doubles.items() if count > 1] == []


@pytest.mark.parametrize("key", KEYS)
def test_actions_and_titles_are_chinese_in_chinese(full: MainWindow, key: str) -> None:
    walk_to(full, key)
    texts.install("zh_CN")
    wanted = {action.text for action in full.context.actions.here()} | {feature.title for feature in FEATURES}
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


@pytest.fixture(scope="module")
def long_window(qapp: QApplication, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window over a filled store in that language."""
    theme.apply(qapp, "light", 100)
    with pytest.MonkeyPatch.context() as patch, desk_over(template, tmp_path_factory.mktemp("long") / "data") as desk:
        fill(desk)
        patch.setattr(texts, "_current", Longer())
        with window_over(desk) as made:
            patch.undo()
            yield made


@pytest.fixture
def longer(light: None, long_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """Speak that language; the window that does."""
    monkeypatch.setattr(texts, "_current", Longer())
    return long_window


@pytest.mark.parametrize("key", KEYS)
def test_longer_words_find_room(longer: MainWindow, key: str) -> None:
    page = walk_to(longer, key)
    assert longer.width() == 1000
    check_room(page)
