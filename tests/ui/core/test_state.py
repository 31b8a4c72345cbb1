"""What the window remembers, and that a bad file costs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.state import RECENTS, State
from csdesk.ui.core.theme import theme

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


def test_kept_over_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "config" / "window.json"
    state = State(file)
    state.set("table.accounts", {"columns": ["name"], "标题": 3})
    qtbot.waitUntil(file.exists)
    assert State(file).get("table.accounts") == {"columns": ["name"], "标题": 3}
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "null", "\x00\x01", '{"a": NaN'])
def test_a_damaged_file_starts_afresh(qapp: object, tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.json"
    file.write_text(content, encoding="utf-8")
    state = State(file)
    assert state.get("anything", 7) == 7
    state.set("a", 1)
    state.flush()
    assert State(file).get("a") == 1


def test_a_folder_that_cannot_be_written_is_no_error(qapp: object, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    state = State(tmp_path / "file" / "window.json")
    state.set("a", 1)
    state.flush()
    assert state.get("a") == 1


def test_none_forgets(qapp: object) -> None:
    state = State(None)
    state.set("a", 1)
    state.set("a", None)
    assert state.get("a", "gone") == "gone"


def test_recent_records_newest_first_without_repeats(qapp: object) -> None:
    state = State(None)
    for number in range(RECENTS + 3):
        state.add_recent("accounts", number, f"A{number}")
    state.add_recent("accounts", 5, "A5 renamed")
    recents = state.recents("accounts")
    assert recents[0] == (5, "A5 renamed")
    assert len(recents) == RECENTS
    assert len({record for record, _title in recents}) == RECENTS
    assert state.recents("visits") == []


@settings(max_examples=50)
@given(kept=JSON)
def test_nonsense_among_the_recents_is_passed_over(kept: object) -> None:
    state = State(None)
    state.set("recent.accounts", kept if isinstance(kept, list) else [kept])
    assert all(isinstance(record, int) for record, _title in state.recents("accounts"))


def test_preferences_are_applied_at_once_and_kept(qtbot: QtBot) -> None:
    state = State(None)
    preferences = Preferences(state)
    preferences.set_theme("dark")
    assert theme().is_dark
    preferences.zoom_by(1)
    assert theme().zoom == 110
    preferences.zoom_by(-9)
    assert preferences.zoom == 90
    with qtbot.waitSignal(preferences.language_changed) as signal:
        preferences.set_language("en" if preferences.language == "zh_CN" else "zh_CN")
    again = Preferences(state)
    assert (again.theme, again.zoom, again.language) == ("dark", 90, signal.args[0])


@settings(max_examples=30)
@given(kept=JSON)
def test_nonsense_in_the_state_is_no_preference(kept: object) -> None:
    state = State(None)
    for key in ("theme", "zoom", "language"):
        state.set(key, kept)
    preferences = Preferences(state)
    assert preferences.theme in ("system", "light", "dark")
    assert 90 <= preferences.zoom <= 150
    assert preferences.language in ("zh_CN", "en")


def test_the_language_of_the_command_line_is_not_kept(qapp: object) -> None:
    state = State(None)
    state.set("language", "zh_CN")
    assert Preferences(state, "en").language == "en"
    assert Preferences(state).language == "zh_CN"
