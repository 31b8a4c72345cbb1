"""One registry: what stands where, what works now."""

from __future__ import annotations

from csdesk.ui.core.actions import Action, Actions


def nothing() -> None:
    """Does nothing."""


def test_actions_of_another_page_do_not_belong_here(qapp: object) -> None:
    actions = Actions()
    actions.put("window", [Action("quit", "Quit", nothing, shortcut="Ctrl+Q")])
    actions.put("page:accounts", [Action("edit", "Edit", nothing, shortcut="E")])
    actions.put("visits", [Action("plan", "Plan", nothing, pages=("visits", "accounts"))])
    actions.set_page("accounts")
    assert [action.key for action in actions.here()] == ["quit", "edit", "plan"]
    actions.set_page("today")
    assert [action.key for action in actions.here()] == ["quit"]
    assert [action.key for action in actions.all()] == ["quit", "edit", "plan"]


def test_run_says_whether_it_was_done(qapp: object) -> None:
    done: list[str] = []
    actions = Actions()
    actions.put("a", [Action("on", "On", lambda: done.append("on")),
                      Action("off", "Off", lambda: done.append("off"), enabled=lambda: False)])  # fmt: skip
    assert actions.run("on")
    assert not actions.run("off")
    assert not actions.run("missing")
    assert done == ["on"]


def test_the_same_actions_again_change_nothing(qapp: object) -> None:
    actions, told = Actions(), []
    actions.changed.connect(lambda: told.append(1))
    actions.put("a", [Action("x", "X", nothing)])
    actions.put("a", [Action("x", "X", nothing)])
    assert len(told) == 1
    actions.put("a", [])
    assert actions.all() == []


def test_several_owners_are_told_as_one_change(qapp: object) -> None:
    actions, told = Actions(), []
    actions.changed.connect(lambda: told.append(1))
    actions.put_all({"a": [Action("x", "X", nothing)], "b": [Action("y", "Y", nothing)], "c": []})
    assert [action.key for action in actions.all()] == ["x", "y"]
    assert len(told) == 1
    actions.put_all({"a": [Action("x", "X", nothing)], "b": []})
    assert [action.key for action in actions.all()] == ["x"]
    assert len(told) == 2


def test_the_first_of_several_keys_is_shown(qapp: object) -> None:
    action = Action("redo", "Redo", nothing, shortcut="Ctrl+Shift+Z; Ctrl+Y")
    assert action.key_text() == "Ctrl+Shift+Z"
    assert len(action.shortcuts()) == 2
    assert Action("x", "X", nothing).key_text() == ""


def test_texts_are_filled(qapp: object) -> None:
    assert Action("undo", "Undo{step}", nothing, params=lambda: {"step": ": A"}).label() == "Undo: A"
