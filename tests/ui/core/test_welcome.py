"""The first run: Enter all the way, and what stands in the way of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.core.errors import StorageError
from csdesk.ui.core.parts import RadioButton
from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.state import State
from csdesk.ui.core.welcome import FirstRun, Welcome


class Place:
    """A home for the data that objects to synced folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settled: list[Path] = []
        self.sampled = 0

    def objection(self, folder: Path) -> str:
        """What is wrong with a folder."""
        return "OneDrive keeps it in step." if "OneDrive" in str(folder) else ""

    def settle(self, folder: Path) -> None:
        """Take it, unless it is read-only."""
        if "readonly" in str(folder):
            raise StorageError("The folder cannot be written to.", "Nothing was changed.", "Choose another one.")
        self.settled.append(folder)

    def sample(self) -> None:
        """Count."""
        self.sampled += 1


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place under the test's own folder."""
    return Place(tmp_path / "data")


@pytest.fixture
def welcome(qtbot: QtBot, place: Place) -> Welcome:
    """The first step."""
    made = Welcome(FirstRun(place.folder, place.objection, place.settle, place.sample), Preferences(State(None), "en"))
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def enter(qtbot: QtBot) -> None:
    """Press Enter where the focus is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_Return)


def test_enter_goes_all_the_way(qtbot: QtBot, welcome: Welcome, place: Place) -> None:
    with qtbot.waitSignal(welcome.finished) as signal:
        for _step in range(3):
            enter(qtbot)
    assert signal.args == ["import"]
    assert place.settled == [place.folder]


def test_a_folder_that_cannot_hold_the_data_is_refused_in_words(qtbot: QtBot, welcome: Welcome, place: Place) -> None:
    enter(qtbot)
    welcome.folder.setText("/home/x/OneDrive/data")
    assert welcome.objection.text() == "OneDrive keeps it in step."
    assert not welcome.go_on.isEnabled()
    qtbot.keyClick(welcome.folder, Qt.Key.Key_Return)
    assert welcome.step == 1
    welcome.folder.setText("")
    assert welcome.objection.text() == "Name a folder."
    welcome.folder.setText("/home/x/data")
    assert welcome.objection.isHidden()
    qtbot.keyClick(welcome.folder, Qt.Key.Key_Return)
    assert place.settled == [Path("/home/x/data")]


def test_a_folder_that_cannot_be_written_to_is_told(qtbot: QtBot, welcome: Welcome) -> None:
    enter(qtbot)
    welcome.folder.setText("/readonly/data")
    enter(qtbot)
    assert welcome.step == 1
    assert "cannot be written to" in welcome.objection.text()


def test_the_sample_is_chosen_by_arrow(qtbot: QtBot, welcome: Welcome, place: Place) -> None:
    welcome.show_step(2)
    qtbot.mouseClick(welcome._beginnings["sample"], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(welcome.finished) as signal:
        qtbot.keyClick(welcome, Qt.Key.Key_Return)
    assert signal.args == ["sample"]
    assert place.sampled == 1


def test_back_goes_back(qtbot: QtBot, welcome: Welcome) -> None:
    assert not welcome.back.isEnabled()
    enter(qtbot)
    qtbot.mouseClick(welcome.back, Qt.MouseButton.LeftButton)
    assert welcome.step == 0


def test_arrows_choose_how_to_begin(qtbot: QtBot, welcome: Welcome, place: Place) -> None:
    enter(qtbot)
    enter(qtbot)
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_Down)
    with qtbot.waitSignal(welcome.finished) as signal:
        enter(qtbot)
    assert signal.args == ["sample"]
    assert place.sampled == 1


def test_the_usual_folder_is_offered_in_place_of_one_objected_to(qtbot: QtBot, place: Place, tmp_path: Path) -> None:
    first = FirstRun(Path("/home/x/OneDrive/data"), place.objection, place.settle, usual=tmp_path / "usual")
    made = Welcome(first, Preferences(State(None), "en"))
    qtbot.addWidget(made)
    made.show()
    made.show_step(1)
    assert made.usual.isVisible()
    qtbot.mouseClick(made.usual, Qt.MouseButton.LeftButton)
    assert made.usual.isHidden()
    made.go_on.click()
    assert place.settled == [tmp_path / "usual"]


def test_a_sample_that_cannot_be_opened_is_told(qtbot: QtBot, place: Place) -> None:
    def sample() -> None:
        raise StorageError("The folder cannot be written to.", "Nothing was changed.", "Choose another one.")

    made = Welcome(FirstRun(place.folder, place.objection, place.settle, sample), Preferences(State(None), "en"), 2)
    qtbot.addWidget(made)
    made.show()
    qtbot.keyClick(made.findChildren(RadioButton)[3], Qt.Key.Key_Space)
    made.go_on.click()
    assert made.step == 1
    assert "cannot be written to" in made.objection.text()
