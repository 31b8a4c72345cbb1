"""Tasks before an end are made once for each contract and mark."""

from __future__ import annotations

from datetime import date, timedelta

from csdesk.models.vocabulary import RenewalCause, TaskSource
from csdesk.services.contracts.ledger import CorrectOutcome, Extend, correct_outcome, extend_contract
from csdesk.services.core.desk import Desk
from csdesk.services.renewals.commands import RecordLoss, record_loss
from csdesk.services.renewals.queries import board_view
from csdesk.services.renewals.tasks import MakeRenewalTasks, due_now, make_renewal_tasks, tasks_began
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tasks.commands import Tasks, delete_tasks
from csdesk.services.tasks.queries import tasks_from
from tests.conftest import TODAY
from tests.services.renewals.conftest import Book

NOTHING = MakeRenewalTasks()


def days(book: Book, name: str) -> list[tuple[date | None, str]]:
    return [(row.due_on, row.source_text) for row in book.ask(tasks_from, TaskSource.RENEWAL, book.contracts[name])]


def test_tasks_stand_at_their_marks_and_become_the_next_step(book: Book, desk: Desk) -> None:
    book.sign("Ada", 100)
    book.sign("Bee", 121)
    assert book.ask(board_view, TODAY).missing_tasks == 4
    done = desk.do(make_renewal_tasks, NOTHING)
    assert (done.value, done.step.text) == (4, "Renewal tasks made: 4")
    end = TODAY + timedelta(100)
    assert sorted(days(book, "Ada")) == [
        (TODAY, "120"), *((end - timedelta(mark), str(mark)) for mark in (90, 60, 30)),
    ]  # fmt: skip
    assert days(book, "Bee") == []
    assert book.card("Ada").step == "Prepare the renewal of HT-Ada: value so far, risks, who decides"
    assert book.card("Ada").step_on == TODAY


def test_nothing_is_made_twice_even_where_it_was_deleted(book: Book, desk: Desk) -> None:
    contract = book.sign("Ada", 50)
    desk.do(make_renewal_tasks, NOTHING)
    first = book.ask(tasks_from, TaskSource.RENEWAL, contract)[0]
    desk.do(delete_tasks, Tasks((first.id,)))
    assert desk.do(make_renewal_tasks, NOTHING).value == 0
    assert len(days(book, "Ada")) == 1


def test_the_daily_run_begins_once_they_were_asked_for(book: Book, desk: Desk) -> None:
    book.sign("Ada", 50)
    assert book.ask(due_now, TODAY) == 0
    desk.do(make_renewal_tasks, NOTHING)
    assert book.ask(tasks_began)
    assert book.ask(due_now, TODAY) == 0
    book.sign("Bee", 20)
    assert book.ask(due_now, TODAY) == 1


def test_what_was_taken_back_does_not_come_by_itself(book: Book, desk: Desk) -> None:
    book.sign("Ada", 50)
    desk.do(make_renewal_tasks, NOTHING)
    desk.undo()
    assert days(book, "Ada") == []
    assert not book.ask(tasks_began)
    assert book.ask(due_now, TODAY) == 0
    desk.redo()
    assert len(days(book, "Ada")) == 2


def test_decided_contracts_and_other_days_are_heeded(book: Book, desk: Desk) -> None:
    lost = book.sign("Ada", 50)
    book.sign("Bee", 50)
    desk.do(record_loss, RecordLoss((lost,), RenewalCause.PRICE))
    desk.do(change_settings, ChangeSettings({"renewals.task_days": "45"}))
    assert desk.do(make_renewal_tasks, NOTHING).value == 0
    desk.do(change_settings, ChangeSettings({"renewals.task_days": "75,45"}))
    assert desk.do(make_renewal_tasks, NOTHING).value == 2
    assert [text for _day, text in sorted(days(book, "Bee"))] == ["75", "45"]
    assert book.refused(change_settings, ChangeSettings({"renewals.task_days": "soon"})) == ["renewals.task_days"]


def test_a_decision_drops_the_tasks_that_led_to_it(book: Book, desk: Desk) -> None:
    contract = book.sign("Ada", 50)
    desk.do(make_renewal_tasks, NOTHING)
    desk.do(record_loss, RecordLoss((contract,), RenewalCause.PRICE))
    assert _states(book, "Ada") == ["dropped", "dropped"]
    desk.do(correct_outcome, CorrectOutcome(contract))
    assert _states(book, "Ada") == ["open", "open"]
    desk.undo()
    desk.undo()
    assert _states(book, "Ada") == ["open", "open"]


def test_tasks_move_with_the_end_that_they_lead_to(book: Book, desk: Desk) -> None:
    contract = book.sign("Ada", 50)
    desk.do(make_renewal_tasks, NOTHING)
    before = sorted(days(book, "Ada"))
    desk.do(extend_contract, Extend(contract, TODAY + timedelta(70)))
    assert sorted(days(book, "Ada")) == [(TODAY + timedelta(20), "60"), (TODAY + timedelta(40), "30")]
    desk.undo()
    assert sorted(days(book, "Ada")) == before


def _states(book: Book, name: str) -> list[str]:
    return [row.state for row in book.ask(tasks_from, TaskSource.RENEWAL, book.contracts[name])]
