"""Notes, calls and messages: stored with their tasks in one step, seen on the timeline and in the last contact."""

from __future__ import annotations

from datetime import date

import pytest

from csdesk.models.vocabulary import InteractionKind, TaskSource
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.queries import account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.interactions.commands import (
    ChangeInteraction,
    Interactions,
    Write,
    change_interaction,
    delete_interactions,
    write,
)
from csdesk.services.interactions.queries import interactions_of
from csdesk.services.interactions.rules import Entry
from csdesk.services.interactions.timeline import Kind, counts, narrowed, timeline
from csdesk.services.tasks.queries import tasks_of_account
from csdesk.services.tasks.rules import Todo
from csdesk.services.visits.commands import AddVisit, RecordVisit, add_visit, record_visit

TODAY = date(2026, 11, 23)


@pytest.fixture
def aster(desk: Desk) -> int:
    return desk.do(create_account, NewAccount(AccountFields("Aster"))).value


def say(
    desk: Desk, account_id: int, text: str, kind: InteractionKind | None = InteractionKind.NOTE,
    day: date | None = None, contact: int | None = None, *tasks: Todo,
) -> int | None:  # fmt: skip
    return desk.do(write, Write(account_id, kind, Entry(text, contact, tasks), day)).value.interaction_id


def last_contact(desk: Desk, account_id: int) -> date | None:
    with desk.read() as connection:
        row = account(connection, account_id)
    assert row is not None
    return row.last_contact_on


def test_a_call_and_its_task_are_one_step(desk: Desk, aster: int) -> None:
    made = say(desk, aster, "asked for figures", InteractionKind.CALL, None, None, Todo("send them", date(2026, 12, 1)))
    with desk.read() as connection:
        (task,) = tasks_of_account(connection, aster)
        (row,) = interactions_of(connection, aster)
    assert (task.text, task.due_on, task.source, task.source_id) == (
        "send them", date(2026, 12, 1), TaskSource.INTERACTION, made
    )  # fmt: skip
    assert (row.kind, row.happened_on) == ("call", TODAY)
    desk.undo()
    with desk.read() as connection:
        assert tasks_of_account(connection, aster) == []
        assert interactions_of(connection, aster) == []


@pytest.mark.parametrize(("kind", "counted"), [("call", True), ("message", True), ("note", False)])
def test_calls_and_messages_are_contacts_and_notes_are_none(desk: Desk, aster: int, kind: str, counted: bool) -> None:
    say(desk, aster, "hello", InteractionKind(kind), date(2026, 11, 3))
    assert last_contact(desk, aster) == (date(2026, 11, 3) if counted else None)


def test_the_last_contact_follows_changes_deletion_and_undo(desk: Desk, aster: int) -> None:
    visit = desk.do(add_visit, AddVisit(aster, TODAY)).value
    desk.do(record_visit, RecordVisit(visit, date(2026, 11, 10)))
    made = say(desk, aster, "hello", InteractionKind.CALL, date(2026, 11, 12))
    assert made is not None
    assert last_contact(desk, aster) == date(2026, 11, 12)
    desk.do(change_interaction, ChangeInteraction(made, InteractionKind.CALL, "hello", date(2026, 11, 8)))
    assert last_contact(desk, aster) == date(2026, 11, 10)
    desk.undo()
    assert last_contact(desk, aster) == date(2026, 11, 12)
    desk.do(delete_interactions, Interactions((made,)))
    assert last_contact(desk, aster) == date(2026, 11, 10)


def test_days_to_come_and_strangers_are_refused(desk: Desk, aster: int) -> None:
    other = desk.do(create_account, NewAccount(AccountFields("Birch"))).value
    stranger = desk.do(create_contact, NewContact(other, ContactFields("Bob"))).value
    with pytest.raises(Problems):
        say(desk, aster, "x", InteractionKind.CALL, date(2026, 11, 24))
    with pytest.raises(Problems):
        say(desk, aster, "x", InteractionKind.CALL, TODAY, stranger)


def test_the_timeline_holds_everything_newest_first_and_is_narrowed(desk: Desk, aster: int) -> None:
    visit = desk.do(add_visit, AddVisit(aster, date(2026, 11, 26), goal="review")).value
    say(desk, aster, "budget is tight", InteractionKind.NOTE, date(2026, 11, 2))
    say(desk, aster, "called about <b>seats</b>", InteractionKind.CALL, date(2026, 11, 9))
    say(desk, aster, "", None, None, None, Todo("send the offer", date(2026, 11, 30)))
    with desk.read() as connection:
        moments = timeline(connection, aster)
    assert [(moment.kind, moment.day) for moment in moments] == [
        (Kind.VISIT, date(2026, 11, 26)), (Kind.CHANGE, moments[1].day), (Kind.TASK, moments[2].day),
        (Kind.TALK, date(2026, 11, 9)), (Kind.NOTE, date(2026, 11, 2)),
    ]  # fmt: skip
    assert moments[0].id == visit
    assert counts(moments)[Kind.TASK] == 1
    assert [one.kind for one in narrowed(moments, None, "SEATS called")] == [Kind.TALK]
    assert [one.kind for one in narrowed(moments, Kind.NOTE, "")] == [Kind.NOTE]
    assert narrowed(moments, Kind.NOTE, "seats") == ()


def test_an_entry_without_words_is_refused(desk: Desk, aster: int) -> None:
    made = say(desk, aster, "x")
    assert made is not None
    with pytest.raises(Problems):
        desk.do(change_interaction, ChangeInteraction(made, InteractionKind.NOTE, "  ", TODAY))
