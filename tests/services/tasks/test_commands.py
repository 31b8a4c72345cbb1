"""Tasks made, changed, done, put off and deleted in a real store, each step with its way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from csdesk.models.vocabulary import Repeat, TaskSource, TaskState
from csdesk.services.accounts.commands import DeleteAccounts, NewAccount, create_account, delete_accounts
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.columns import Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, Problems
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tasks.commands import (
    ChangeTask,
    NewTask,
    SetTasks,
    Snooze,
    Source,
    Tasks,
    change_task,
    complete_tasks,
    create_task,
    delete_tasks,
    drop_tasks,
    reopen_tasks,
    set_tasks,
    snooze_tasks,
)
from csdesk.services.tasks.queries import (
    VIEWS,
    TaskRow,
    account_named,
    form_choices,
    task,
    tasks,
    tasks_done,
    tasks_due,
    tasks_from,
    tasks_of_account,
    view_counts,
)
from csdesk.services.tasks.rules import TaskFields

TODAY = date(2026, 11, 23)


@pytest.fixture
def account(desk: Desk) -> int:
    return desk.do(create_account, NewAccount(AccountFields("Amber Ltd", short_name="Amber"))).value


def make(desk: Desk, text: str, days: int | None = 0, **own: object) -> int:
    account_id, source = own.pop("account_id", None), own.pop("source", Source())
    due = None if days is None else TODAY + timedelta(days)
    return desk.do(create_task, NewTask(TaskFields(text, due, **own), account_id, source)).value


def read(desk: Desk, task_id: int) -> TaskRow:
    with desk.read() as connection:
        found = task(connection, task_id)
    assert found is not None
    return found


def listed(desk: Desk, view: str, search: str = "") -> list[str]:
    filters = next(conditions for key, _title, conditions in VIEWS if key == view)
    with desk.read() as connection:
        ids = tasks(TODAY).ids(connection, Query(search, filters), TODAY)
        rows = tasks(TODAY).rows(connection, ids)
    return [rows[row_id][0] for row_id in ids]


def test_a_new_task_belongs_to_the_user_and_is_taken_back(desk: Desk, account: int) -> None:
    desk.do(change_settings, ChangeSettings({"user.name": "林屿"}))
    made = make(desk, "Send the slides", 3, account_id=account)
    row = read(desk, made)
    assert (row.account, row.owner, row.due_on, row.state) == ("Amber", "林屿", date(2026, 11, 26), TaskState.OPEN)
    assert row.source == TaskSource.BY_HAND
    desk.undo()
    with desk.read() as connection:
        assert task(connection, made) is None
    desk.redo()
    assert read(desk, made).text == "Send the slides"


def test_a_changed_task_refuses_an_older_version(desk: Desk, account: int) -> None:
    made = make(desk, "Call", 0)
    version = read(desk, made).version
    desk.do(change_task, ChangeTask(made, TaskFields("Call twice", TODAY), "Amber", version))
    assert (read(desk, made).text, read(desk, made).account_id) == ("Call twice", account)
    with pytest.raises(Conflict):
        desk.do(change_task, ChangeTask(made, TaskFields("Call thrice"), "", version))


def test_a_done_task_that_repeats_makes_the_next_in_one_step(desk: Desk, account: int) -> None:
    made = make(desk, "Report", -3, repeats=Repeat.WEEKLY, account_id=account, notes="to the boss")
    (following,) = desk.do(complete_tasks, Tasks((made,))).value
    assert (read(desk, made).state, read(desk, made).done_on) == (TaskState.DONE, TODAY)
    row = read(desk, following)
    assert (row.text, row.due_on, row.is_open) == ("Report", TODAY + timedelta(4), True)
    assert (row.account_id, row.notes, row.repeats) == (account, "to the boss", Repeat.WEEKLY)
    desk.undo()
    assert read(desk, made).is_open
    with desk.read() as connection:
        assert task(connection, following) is None


def test_a_series_of_months_does_not_lose_its_day(desk: Desk) -> None:
    made = desk.do(create_task, NewTask(TaskFields("Invoice", date(2027, 1, 31), repeats=Repeat.MONTHLY))).value
    days = []
    for _turn in range(3):
        (made,) = desk.do(complete_tasks, Tasks((made,))).value
        days.append(read(desk, made).due_on)
    assert days == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_doing_a_task_of_a_series_again_makes_no_second_next(desk: Desk) -> None:
    made = make(desk, "Report", 0, repeats=Repeat.DAILY)
    assert len(desk.do(complete_tasks, Tasks((made,))).value) == 1
    desk.do(reopen_tasks, Tasks((made,)))
    assert desk.do(complete_tasks, Tasks((made,))).value == ()
    assert listed(desk, "open") == ["Report"]


def test_a_task_put_off_comes_back_on_its_day(desk: Desk) -> None:
    made = make(desk, "Call", -2)
    desk.do(snooze_tasks, Snooze((made,), TODAY + timedelta(2)))
    with desk.read() as connection:
        assert tasks_due(connection, TODAY, 9) == []
        assert [row.text for row in tasks_due(connection, TODAY + timedelta(2), 9)] == ["Call"]
    assert listed(desk, "overdue") == []
    assert listed(desk, "snoozed") == ["Call"]
    with pytest.raises(Problems):
        desk.do(snooze_tasks, Snooze((made,), TODAY))
    desk.do(change_task, ChangeTask(made, TaskFields("Call", TODAY)))
    assert read(desk, made).snoozed_until is None


def test_dropped_and_opened_again(desk: Desk) -> None:
    made = make(desk, "Old idea", repeats=Repeat.DAILY)
    desk.do(drop_tasks, Tasks((made,)))
    assert (read(desk, made).state, listed(desk, "open")) == (TaskState.DROPPED, [])
    desk.do(reopen_tasks, Tasks((made,)))
    assert listed(desk, "open") == ["Old idea"]


def test_many_get_the_same_owner_and_day(desk: Desk) -> None:
    ids = (make(desk, "A", 1), make(desk, "B", 5, repeats=Repeat.WEEKLY))
    desk.do(set_tasks, SetTasks(ids, {"owner": "Lin", "due_on": TODAY}))
    assert [(read(desk, one).owner, read(desk, one).due_on) for one in ids] == [("Lin", TODAY)] * 2
    with pytest.raises(Problems):
        desk.do(set_tasks, SetTasks(ids, {"due_on": None}))
    with pytest.raises(Problems):
        desk.do(set_tasks, SetTasks(ids, {"text": " "}))
    with pytest.raises(KeyError):
        desk.do(set_tasks, SetTasks(ids, {"state": "done"}))


def test_deleted_tasks_come_back_and_go_with_their_account(desk: Desk, account: int) -> None:
    made = make(desk, "Call", account_id=account)
    desk.do(delete_tasks, Tasks((made,)))
    with desk.read() as connection:
        assert tasks_of_account(connection, account) == []
    desk.undo()
    desk.do(delete_accounts, DeleteAccounts((account,)))
    assert listed(desk, "all") == []
    desk.undo()
    assert listed(desk, "all") == ["Call"]


def test_the_views_hold_what_they_say(desk: Desk, account: int) -> None:
    for text, days in (("late", -1), ("now", 0), ("sunday", 6), ("monday", 7), ("some day", None)):
        make(desk, text, days, account_id=account)
    done = make(desk, "over", -9)
    desk.do(complete_tasks, Tasks((done,)))
    assert listed(desk, "all") == ["late", "now", "sunday", "monday", "some day", "over"]
    assert listed(desk, "overdue") == ["late"]
    assert listed(desk, "today") == ["now"]
    assert listed(desk, "week") == ["now", "sunday"]
    assert listed(desk, "open") == ["late", "now", "sunday", "monday", "some day"]
    assert listed(desk, "done") == ["over"]
    assert listed(desk, "all", "amber sun") == ["sunday"]
    with desk.read() as connection:
        counts = view_counts(connection, [filters for _key, _title, filters in VIEWS], TODAY)
        assert [row.text for row in tasks_due(connection, TODAY, 9)] == ["late", "now"]
        assert [row.text for row in tasks_done(connection, TODAY)] == ["over"]
    assert counts == [6, 1, 1, 2, 5, 0, 1]


@pytest.mark.parametrize("key", [column.key for column in tasks(TODAY).columns if column.sortable])
@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts(desk: Desk, account: int, key: str, descending: bool) -> None:
    made = {make(desk, "b", 0, account_id=account), make(desk, "a", 1, owner="Lin"), make(desk, "c", None)}
    with desk.read() as connection:
        ids = tasks(TODAY).ids(connection, Query(sort=key, descending=descending), TODAY)
    assert set(ids) == made


def test_a_task_knows_what_it_came_from(desk: Desk, account: int) -> None:
    made = make(desk, "Scanner", source=Source(TaskSource.HANDOVER, 42, "二期接入扫码枪"))
    make(desk, "Other")
    with desk.read() as connection:
        (row,) = tasks_from(connection, TaskSource.HANDOVER, 42)
        assert tasks_from(connection, TaskSource.VISIT, 42) == []
    assert (row.id, row.source_text) == (made, "二期接入扫码枪")


def test_an_account_is_found_by_either_name(desk: Desk, account: int) -> None:
    with desk.read() as connection:
        assert account_named(connection, " Amber ") == account_named(connection, "Amber Ltd") == account
        assert account_named(connection, "amber gmbh") is None
        assert form_choices(connection).accounts == ("Amber",)
    made = desk.do(create_task, NewTask(TaskFields("Call"), account="Amber Ltd")).value
    assert read(desk, made).account_id == account
    with pytest.raises(Problems, match="no account"):
        desk.do(create_task, NewTask(TaskFields("Call"), account="amber gmbh"))


def test_each_task_says_how_it_stands(desk: Desk) -> None:
    make(desk, "late", -1)
    make(desk, "now", 0)
    desk.do(snooze_tasks, Snooze((make(desk, "asleep", -2),), TODAY + timedelta(1)))
    desk.do(complete_tasks, Tasks((make(desk, "over", -3),)))
    place = [column.key for column in tasks(TODAY).columns].index("standing")
    with desk.read() as connection:
        ids = tasks(TODAY).ids(connection, Query(sort="standing"), TODAY)
        rows = tasks(TODAY).rows(connection, ids)
    assert [(rows[one][0], rows[one][place]) for one in ids] == [
        ("late", "overdue"), ("now", "open"), ("asleep", "snoozed"), ("over", "done"),
    ]  # fmt: skip
