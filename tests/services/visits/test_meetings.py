"""A visit from its preparation to its record: who, what, promises, needs, next steps, the next visit, and undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from csdesk.models.vocabulary import (
    ContactRole,
    NeedKind,
    NeedState,
    Side,
    TaskSource,
    TaskState,
    Tier,
    VisitOutcome,
    VisitState,
    VisitType,
)
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.articles.commands import Articles, NewArticle, create_article, delete_articles
from csdesk.services.articles.rules import ArticleFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, NeedsConfirmation, Problems
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tasks.commands import NewTask, Source, Tasks, complete_tasks, create_task
from csdesk.services.tasks.queries import tasks_from
from csdesk.services.tasks.rules import TaskFields, Todo
from csdesk.services.visits import report_back
from csdesk.services.visits.agendas import SETTING, template
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.services.visits.preparation import Preparation, preparation
from csdesk.services.visits.preparing import Bring, FillIn, Invite, Prepare, bring, fill_in, invite, prepare_visit
from csdesk.services.visits.queries import execution, visit
from csdesk.services.visits.record_fields import RecordFields
from csdesk.services.visits.recording import (
    Record,
    SetNeed,
    next_visit,
    record_meeting,
    set_need,
    to_record,
)
from csdesk.services.visits.report_back import BackItem
from csdesk.services.visits.talking_points import proposed

TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)


@pytest.fixture
def aster(desk: Desk) -> int:
    desk.do(change_settings, ChangeSettings({"user.name": "Lin Yu"}))
    made = desk.do(create_account, NewAccount(AccountFields("Aster", tier=Tier.A, city="Suzhou"))).value
    for name, role in (("Ann", ContactRole.USER), ("Bob", ContactRole.DECISION_MAKER)):
        desk.do(create_contact, NewContact(made, ContactFields(name, role=role)))
    terms = ContractFields("C-1", start_on=date(2026, 2, 1), end_on=date(2027, 1, 31), amount=Decimal(90_000))
    desk.do(create_contract, NewContract(made, terms))
    return made


@pytest.fixture
def meeting(desk: Desk, aster: int) -> int:
    return desk.do(add_visit, AddVisit(aster, TODAY, starts_at="14:00")).value


def view(desk: Desk, visit_id: int) -> Preparation:
    with desk.read() as connection:
        found = preparation(connection, visit_id, TODAY)
    assert found is not None
    return found


def well(**changes: object) -> RecordFields:
    fields = RecordFields(
        VisitOutcome.VISITED,
        TODAY,
        came=("Bob",),
        said="They stay.",
        steps=(Todo("send the offer", date(2026, 12, 1)),),
    )
    return replace(fields, **changes)  # type: ignore[arg-type]


def people(found: Preparation) -> list[tuple[str, bool, bool | None]]:
    return [(one.name, one.invited, one.came) for one in found.theirs]


def test_what_is_known_fills_what_is_empty_and_leaves_what_is_written(desk: Desk, aster: int, meeting: int) -> None:
    source = Source(TaskSource.HANDOVER, 1, "scanner")
    desk.do(create_task, NewTask(TaskFields("Connect the scanner", date(2026, 11, 1)), aster, source))
    desk.do(prepare_visit, Prepare(meeting, {"questions": "Who signs?"}))
    desk.do(fill_in, FillIn(meeting))
    found = view(desk, meeting)
    assert found.written.type == VisitType.CARE
    assert found.card.agenda == template(VisitType.CARE, None)
    assert found.agenda[1].starts_at == "14:15"
    assert found.written.questions == "Who signs?"
    assert "Promised and overdue: Connect the scanner" in found.written.talking_points
    assert "2027-01-31" in found.written.talking_points
    assert people(found) == [("Bob", True, None)]
    assert [one.name for one in found.ours] == ["Lin Yu"]
    desk.undo()
    assert view(desk, meeting).written.type is None
    assert view(desk, meeting).written.questions == "Who signs?"


def test_filling_in_twice_changes_nothing(desk: Desk, meeting: int) -> None:
    desk.do(fill_in, FillIn(meeting))
    assert desk.do(fill_in, FillIn(meeting)).step is None


def test_another_type_brings_its_agenda_only_where_nobody_wrote_one(desk: Desk, meeting: int) -> None:
    desk.do(prepare_visit, Prepare(meeting, {"type": "review"}))
    assert view(desk, meeting).card.agenda == template(VisitType.REVIEW, None)
    desk.do(prepare_visit, Prepare(meeting, {"type": "training"}))
    assert view(desk, meeting).card.agenda == template(VisitType.TRAINING, None)
    desk.do(prepare_visit, Prepare(meeting, {"agenda": "30 My own"}))
    desk.do(prepare_visit, Prepare(meeting, {"type": "renewal"}))
    assert view(desk, meeting).card.agenda == "30 My own"


def test_templates_are_the_users_to_change(desk: Desk, meeting: int) -> None:
    desk.do(change_settings, ChangeSettings({SETTING: {"care": "5 Coffee"}}))
    desk.do(fill_in, FillIn(meeting))
    assert view(desk, meeting).card.agenda == "5 Coffee"


def test_too_long_a_text_and_no_type_are_refused(desk: Desk, meeting: int) -> None:
    for values in ({"internal": "x" * 20_001}, {"type": "party"}):
        with pytest.raises(Problems):
            desk.do(prepare_visit, Prepare(meeting, values))
    with pytest.raises(KeyError):
        desk.do(prepare_visit, Prepare(meeting, {"state": "done"}))


def test_the_first_invited_is_whom_lists_name(desk: Desk, meeting: int) -> None:
    ann, bob = (person.id for person in view(desk, meeting).contacts)
    desk.do(invite, Invite(meeting, (ann, bob), ("Lin Yu", " Lin Yu ", "He")))
    found = view(desk, meeting)
    assert [one.name for one in found.theirs] == ["Ann", "Bob"]
    assert [one.name for one in found.ours] == ["Lin Yu", "He"]
    assert found.card.contact == "Ann"
    desk.do(invite, Invite(meeting, (bob,)))
    found = view(desk, meeting)
    assert [one.name for one in found.theirs] == ["Bob"]
    assert found.ours == ()
    desk.undo()
    assert [one.name for one in view(desk, meeting).theirs] == ["Ann", "Bob"]


def test_strangers_are_not_invited(desk: Desk, meeting: int) -> None:
    other = desk.do(create_account, NewAccount(AccountFields("Birch"))).value
    stranger = desk.do(create_contact, NewContact(other, ContactFields("Eve"))).value
    with pytest.raises(Problems):
        desk.do(invite, Invite(meeting, (stranger,)))


def test_a_deleted_material_stays_and_shows_as_missing(desk: Desk, meeting: int) -> None:
    one = desk.do(create_article, NewArticle(ArticleFields("Quality", target="x.cn"))).value
    two = desk.do(create_article, NewArticle(ArticleFields("Limits", target="y.cn", internal=True))).value
    desk.do(bring, Bring(meeting, (two, one)))
    desk.do(delete_articles, Articles((one,)))
    found = view(desk, meeting)
    assert [(one.title, one.missing, one.internal) for one in found.materials] == [
        ("Limits", False, True), ("Quality", True, False)
    ]  # fmt: skip
    desk.do(bring, Bring(meeting, (one,)))
    assert [material.title for material in view(desk, meeting).materials] == ["Quality"]


def test_the_money_box_knows_what_is_owed(desk: Desk, aster: int, meeting: int) -> None:
    deal = view(desk, meeting).deal
    assert [(row.number, row.end_on) for row in deal.contracts] == [("C-1", date(2027, 1, 31))]
    assert deal.overdue == Decimal(0)


@pytest.fixture
def tickets() -> Iterator[None]:
    def provider(_connection: Connection, account_id: int) -> list[BackItem]:
        return [BackItem("tickets", 7, "Scanner loses lines", "fixed", late=True)] if account_id else []

    report_back.register("tickets", provider)
    yield
    report_back.forget("tickets")


def test_what_waits_to_be_told_plugs_in(desk: Desk, tickets: None, meeting: int) -> None:
    assert report_back.provided()
    found = view(desk, meeting)
    assert [item.title for item in found.report_back] == ["Scanner loses lines"]
    assert "Tell: Scanner loses lines" in proposed(found, TODAY)


def test_a_record_is_one_step_with_its_people_needs_and_tasks(desk: Desk, aster: int, meeting: int) -> None:
    needs = ("wants reports by shift", "may add seats in a second plant")
    fields = well(came=("bob", "Gatekeeper"), needs=needs, spent=95, expenses=Decimal("12.50"))
    desk.do(record_meeting, Record(meeting, fields))
    found = view(desk, meeting)
    assert (found.card.state, found.card.done_on, found.card.record) == (VisitState.DONE, TODAY, "They stay.")
    assert (found.written.outcome, found.written.spent, found.written.expenses) == (
        VisitOutcome.VISITED, 95, Decimal("12.50")
    )  # fmt: skip
    assert people(found) == [("Bob", True, True), ("Gatekeeper", False, True)]
    assert [(need.text, need.kind, need.state) for need in found.needs] == [
        (needs[0], NeedKind.REQUIREMENT, NeedState.OPEN), (needs[1], NeedKind.EXPANSION, NeedState.OPEN)
    ]  # fmt: skip
    (task,) = found.own_tasks
    assert (task.text, task.due_on, task.source, task.account_id) == (
        "send the offer", date(2026, 12, 1), TaskSource.VISIT, aster
    )  # fmt: skip
    assert found.theirs[0].last_contact_on == TODAY
    desk.undo()
    found = view(desk, meeting)
    assert (found.card.state, found.needs, found.own_tasks) == (VisitState.PLANNED, (), ())
    desk.redo()
    assert len(view(desk, meeting).needs) == 2


def test_who_was_invited_and_did_not_come_is_known(desk: Desk, meeting: int) -> None:
    ann, bob = (person.id for person in view(desk, meeting).contacts)
    desk.do(invite, Invite(meeting, (bob, ann), ("Lin Yu",)))
    desk.do(record_meeting, Record(meeting, well(came=("Ann",))))
    found = view(desk, meeting)
    assert people(found) == [("Bob", True, False), ("Ann", True, True)]
    assert [(one.name, one.side, one.came) for one in found.ours] == [("Lin Yu", Side.OURS, True)]
    assert {one.name: one.last_contact_on for one in found.theirs} == {"Bob": None, "Ann": TODAY}


def test_a_second_record_follows_the_words_of_the_first(desk: Desk, meeting: int) -> None:
    first = well(needs=("a", "b"), steps=(Todo("x", date(2026, 12, 1)), Todo("y", date(2026, 12, 2))), came=("Ann",))
    desk.do(record_meeting, Record(meeting, first))
    before = {task.text: task.id for task in view(desk, meeting).own_tasks}
    second = well(needs=("b", "c"), steps=(Todo("x2", date(2026, 12, 1)), Todo("y", date(2026, 12, 9))), came=("Bob",))
    desk.do(record_meeting, Record(meeting, second))
    found = view(desk, meeting)
    assert [need.text for need in found.needs] == ["b", "c"]
    assert {task.text: (task.id, task.due_on) for task in found.own_tasks} == {
        "x2": (before["x"], date(2026, 12, 1)), "y": (before["y"], date(2026, 12, 9))
    }  # fmt: skip
    assert people(found) == [("Bob", True, True)]


def test_a_task_that_is_done_stays_as_it_was(desk: Desk, meeting: int) -> None:
    desk.do(record_meeting, Record(meeting, well()))
    (task,) = view(desk, meeting).own_tasks
    desk.do(complete_tasks, Tasks((task.id,)))
    desk.do(record_meeting, Record(meeting, well(steps=(Todo("send the offer", date(2026, 12, 24)),))))
    with desk.read() as connection:
        (kept,) = tasks_from(connection, TaskSource.VISIT, meeting)
    assert (kept.state, kept.due_on) == (TaskState.DONE, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("outcome", "state", "excuse"),
    [(VisitOutcome.ABSENT, VisitState.MISSED, ""), (VisitOutcome.CANCELLED, VisitState.CANCELLED, "ill")],
)
def test_what_did_not_take_place_keeps_its_reason(
    desk: Desk, meeting: int, outcome: VisitOutcome, state: VisitState, excuse: str
) -> None:
    desk.do(record_meeting, Record(meeting, RecordFields(outcome, TODAY, reason="ill")))
    found = view(desk, meeting)
    assert (found.card.state, found.card.excuse, found.card.done_on) == (state, excuse, None)
    assert (found.card.record or found.card.excuse) == "ill"
    assert found.written.outcome == outcome
    with desk.read() as connection:
        assert execution(connection, TODAY, TODAY).done == 0


def test_a_moved_visit_stays_planned_and_keeps_why(desk: Desk, meeting: int) -> None:
    desk.do(record_meeting, Record(meeting, RecordFields(VisitOutcome.MOVED, date(2026, 11, 27), reason="ill")))
    found = view(desk, meeting)
    assert (found.card.state, found.card.day, found.card.move_reason) == (
        VisitState.PLANNED, date(2026, 11, 27), "ill"
    )  # fmt: skip
    assert found.written.outcome is None


def test_a_free_new_day_is_asked_about(desk: Desk, meeting: int) -> None:
    saturday = date(2026, 11, 28)
    wish = Record(meeting, RecordFields(VisitOutcome.MOVED, saturday, reason="ill"))
    with pytest.raises(NeedsConfirmation):
        desk.do(record_meeting, wish)
    desk.do(record_meeting, wish, confirmed={"free_day"})
    assert view(desk, meeting).card.day == saturday


def test_a_done_visit_is_not_cancelled_by_a_record(desk: Desk, meeting: int) -> None:
    desk.do(record_meeting, Record(meeting, well()))
    with pytest.raises(Conflict):
        desk.do(record_meeting, Record(meeting, RecordFields(VisitOutcome.CANCELLED, TODAY, reason="x")))


def test_the_next_visit_is_proposed_by_the_tier_and_planned_with_the_record(desk: Desk, meeting: int) -> None:
    with desk.read() as connection:
        following = next_visit(connection, meeting, TODAY, TODAY)
    assert following is not None
    assert (following.day, following.planned_id, following.every) == (date(2026, 12, 23), None, 30)
    made = desk.do(record_meeting, Record(meeting, well(next_visit_on=following.day)))
    assert made.value is not None
    assert made.step is not None
    assert made.step.text == "Visit to Aster recorded: Visited"
    with desk.read() as connection:
        planned = visit(connection, made.value)
        again = next_visit(connection, meeting, TODAY, TODAY)
    assert planned is not None
    assert (planned.day, planned.contact) == (date(2026, 12, 23), "Bob")
    assert again is not None
    assert again.planned_id == made.value
    same = desk.do(record_meeting, Record(meeting, well(next_visit_on=following.day)))
    assert same.value == made.value


def test_the_proposed_day_is_worked(desk: Desk, meeting: int) -> None:
    desk.do(change_settings, ChangeSettings({"visits.cadence.A": 5}))
    with desk.read() as connection:
        following = next_visit(connection, meeting, TODAY, TODAY)
    assert following is not None
    assert following.day == date(2026, 11, 30)


def test_what_waits_to_be_typed_back_in(desk: Desk, aster: int, meeting: int) -> None:
    late = desk.do(add_visit, AddVisit(aster, FRIDAY), confirmed={"past_day"}).value
    desk.do(add_visit, AddVisit(aster, date(2026, 11, 24)))
    with desk.read() as connection:
        assert [card.id for card in to_record(connection, FRIDAY, date(2026, 11, 30), TODAY)] == [late, meeting]
    desk.do(record_meeting, Record(late, well(day=FRIDAY)))
    with desk.read() as connection:
        assert [card.id for card in to_record(connection, FRIDAY, TODAY, TODAY)] == [meeting]


def test_a_need_gets_its_kind_and_is_dropped(desk: Desk, meeting: int) -> None:
    desk.do(record_meeting, Record(meeting, well(needs=("fine weather",))))
    (need,) = view(desk, meeting).needs
    assert need.kind is None
    desk.do(set_need, SetNeed(need.id, NeedKind.REFERRAL))
    desk.do(set_need, SetNeed(need.id, state=NeedState.DROPPED))
    (need,) = view(desk, meeting).needs
    assert (need.kind, need.state) == (NeedKind.REFERRAL, NeedState.DROPPED)


def test_what_was_said_last_is_a_point_of_the_next(desk: Desk, aster: int, meeting: int) -> None:
    desk.do(record_meeting, Record(meeting, well(needs=("wants reports",))))
    following = desk.do(add_visit, AddVisit(aster, date(2026, 12, 21))).value
    found = view(desk, following)
    said = "\n".join(proposed(found, TODAY))
    assert "Said on 11-23: They stay." in said
    assert "What became of it since 11-23: send the offer" in said
    assert "Come back to: wants reports" in said
    assert found.last is not None
    assert found.last.id == meeting
