"""Answers to tell: the queue with its age, what is told and how, releases, what the day and a visit owe."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from csdesk.models.vocabulary import Channel, NoticeCause, NoticeState, TicketState, VisitOutcome, VisitState
from csdesk.services.core import texts
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.core.reasons import Band, Period
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tasks.rules import Todo
from csdesk.services.tickets.answers import AnswerView, answer
from csdesk.services.tickets.late import Lateness, late_matters
from csdesk.services.tickets.queries import notice_rows, notices_of_account, ticket
from csdesk.services.tickets.queue import VIEWS, queue, queue_counts
from csdesk.services.tickets.reasons import tickets_to_tell
from csdesk.services.tickets.release_list import asked_of, release_list
from csdesk.services.tickets.releases import ChangeRelease, ShipRelease, save_release, ship_release
from csdesk.services.tickets.shipping import Waiting, outlook
from csdesk.services.tickets.telling import ChangeNotice, Tell, change_notice, tell_customers
from csdesk.services.tickets.visiting import RecordAndTell, record_and_tell
from csdesk.services.today.answers import MOST_LATE, MOST_TOLD
from csdesk.services.today.queries import today
from csdesk.services.today.rules import Group, Kind
from csdesk.services.today.view import TodayView
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.services.visits.drafting import DraftPlan, draft_plan
from csdesk.services.visits.preparation import Preparation, preparation
from csdesk.services.visits.queries import week_plan
from csdesk.services.visits.reasons import reason_text, rule_text
from csdesk.services.visits.record_fields import RecordFields
from csdesk.services.visits.recording import Record
from csdesk.services.visits.sheet_report import Printing, sheet_report
from csdesk.services.visits.talking_points import proposed
from tests.conftest import TODAY
from tests.services.tickets.asking import (
    Story,
    accept,
    account,
    ask,
    decline,
    notice_ids,
    promise,
    report,
    told_story,
    waiting,
)

DAY = date(2026, 12, 18)
WEEK = Period(TODAY, TODAY + timedelta(6), TODAY)


@pytest.fixture
def story(desk: Desk) -> Story:
    return told_story(desk)


def listed(desk: Desk, *filters: Filter, on: date = TODAY) -> list[tuple[str, str, int, str]]:
    """Account, cause, days and late of the queue, in its order."""
    listing = queue(on)
    places = [[column.key for column in listing.columns].index(key) for key in ("account", "cause", "days", "age")]
    with desk.read() as connection:
        ids = listing.ids(connection, Query(filters=filters), on)
        rows = listing.rows(connection, ids)
    return [tuple(rows[one][place] for place in places) for one in ids]  # type: ignore[misc]


def shown(desk: Desk, notice: int) -> AnswerView:
    with desk.read() as connection:
        found = answer(connection, notice, TODAY)
    assert found is not None
    return found


def test_the_queue_is_by_age_and_says_what_is_late(desk: Desk, story: Story) -> None:
    accept(desk, story.demand, DAY, on=TODAY - timedelta(4))
    promise(desk, story.bug, DAY)
    open_ = Filter("state", NoticeState.OPEN)
    assert listed(desk, open_) == [
        ("Amber", "date_set", 4, "late"), ("Birch", "date_set", 4, "late"), ("Cedar", "date_set", 0, ""),
    ]  # fmt: skip
    desk.do(change_settings, ChangeSettings({"tickets.told_days": 4}))
    assert listed(desk, Filter("late")) == []
    assert [row[0] for row in listed(desk, Filter("late"), on=TODAY + timedelta(1))] == ["Amber", "Birch"]
    desk.do(tell_customers, Tell((notice_ids(desk)[0],), Channel.PHONE))
    with desk.read() as connection:
        counted = dict(
            zip(
                [key for key, _t, _f in VIEWS], queue_counts(connection, [f for _k, _t, f in VIEWS], TODAY), strict=True
            )
        )
    assert counted == {"open": 2, "late": 0, "released": 0, "declined": 0, "dates": 2, "told": 1}
    assert listed(desk, Filter("state", NoticeState.TOLD), on=TODAY + timedelta(30)) == [("Amber", "date_set", 4, "")]
    assert [row[0] for row in listed(desk, Filter("account", story.accounts["Birch"]))] == ["Birch"]
    assert listed(desk, open_, Filter("tier", "A")) == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_answer_has_their_words_the_decision_and_a_text(desk: Desk, story: Story, language: str) -> None:
    texts.install(language)
    accept(desk, story.demand, DAY, "V3.2")
    first, second = notice_ids(desk)
    view = shown(desk, first)
    assert [(one.number, one.text, one.contact) for one in view.said] == [
        ("R-0001", "We copy 300 lines by hand, <b>every</b> month", "Ms Chen")
    ]
    assert (view.decided.number, view.decided.by, view.row.release) == ("D-0001", "Li Lei", "V3.2")
    assert (view.contact_id, view.channel) == (story.people["Amber"], Channel.PHONE)
    for part in ("Ms Chen", "2026-12-18", "V3.2", "<b>every</b>"):
        assert part in view.text
    other = shown(desk, second)
    assert (other.contact_id, other.channel, "Ms Chen" in other.text) == (None, Channel.PHONE, False)
    assert not set("{}[]") & set(view.text + other.text)
    texts.install("en")


def test_a_template_of_ones_own_and_a_text_of_ones_own(desk: Desk, story: Story) -> None:
    decline(desk, story.demand)
    first, second = notice_ids(desk)
    desk.do(change_settings, ChangeSettings({"tickets.templates": {"declined": "{account}: no. {answer} {words}"}}))
    assert shown(desk, first).text.startswith("Amber: no. Use the print view. We copy")
    desk.do(change_notice, ChangeNotice(first, "Sorry, {account}"))
    assert shown(desk, first).text == "Sorry, {account}"
    desk.do(tell_customers, Tell((first, second), Channel.WECHAT))
    with desk.read() as connection:
        told = notice_rows(connection, (first, second))
    assert (told[first].text, told[second].text) == (
        "Sorry, {account}", "Birch: no. Use the print view. Export to Excel, please"
    )  # fmt: skip
    desk.undo()
    assert len(notice_ids(desk)) == 2


def test_each_new_day_of_a_bug_is_to_be_told(desk: Desk, story: Story) -> None:
    cedar = story.accounts["Cedar"]
    promise(desk, story.bug, DAY)
    assert waiting(desk) == [(cedar, NoticeCause.DATE_SET, "2026-12-18")]
    promise(desk, story.bug, DAY + timedelta(3), "redate")
    assert waiting(desk) == [(cedar, NoticeCause.DATE_SET, "2026-12-21")]
    desk.do(tell_customers, Tell(tuple(notice_ids(desk)), Channel.PHONE))
    for days in (5, 9):
        promise(desk, story.bug, DAY + timedelta(days), "redate")
        assert waiting(desk) == [(cedar, NoticeCause.DATE_MOVED, (DAY + timedelta(days)).isoformat())]
    assert [row[:2] for row in listed(desk, Filter("state", NoticeState.OPEN))] == [("Cedar", "date_moved")]
    promise(desk, story.bug, DAY + timedelta(3), "redate")
    assert waiting(desk) == []


def test_a_release_knows_who_waits_and_takes_its_dates_along(desk: Desk, story: Story) -> None:
    release = desk.do(save_release, ChangeRelease(None, "V3.2", DAY)).value
    accept(desk, story.demand, DAY, "V3.2")
    promise(desk, story.bug, DAY + timedelta(2), release="V3.2")
    desk.do(tell_customers, Tell(tuple(notice_ids(desk)), Channel.PHONE))

    def seen() -> tuple[Waiting, Waiting]:
        with desk.read() as connection:
            found = outlook(connection, release)
        assert found is not None
        return found.accepted, found.dated

    assert seen() == (Waiting(1, 1, 3), Waiting(1, 0, 2))
    later = DAY + timedelta(7)
    desk.do(save_release, ChangeRelease(release, "V3.2", later, move_dates=True))
    amber, birch = story.accounts["Amber"], story.accounts["Birch"]
    assert waiting(desk) == [(amber, "date_moved", "2026-12-25"), (birch, "date_moved", "2026-12-25")]
    assert seen() == (Waiting(1, 1, 3), Waiting(1, 0, 2))
    told = desk.do(ship_release, ShipRelease(release)).value
    assert told == 3
    assert {cause for _account, cause, _day in waiting(desk)} == {"released", "bug_fixed"}
    assert seen() == (Waiting(0, 0, 0), Waiting(0, 0, 0))
    desk.do(tell_customers, Tell((notice_ids(desk)[0],), Channel.PHONE))
    listing = release_list()
    with desk.read() as connection:
        assert len(asked_of(connection, release)) == 3
        (row,) = listing.rows(connection, listing.ids(connection, Query(), TODAY)).values()
    values = dict(zip([column.key for column in listing.columns], row, strict=True))
    assert (values["demands"], values["bugs"], values["waiting"], values["told"], values["untold"]) == (1, 1, 3, 1, 2)
    with desk.read() as connection:
        assert outlook(connection, 1) is None


def view_of(desk: Desk) -> TodayView:
    with desk.read() as connection:
        return today(connection, TODAY)


def owed(desk: Desk) -> list[tuple[Group, Kind, str, int | None]]:
    kinds = (Kind.TELL, Kind.DEMAND, Kind.BUG, Kind.LATE)
    return [(one.group, one.kind, one.title, one.days) for one in view_of(desk).items if one.kind in kinds]


def test_the_day_names_answers_to_tell_and_what_is_late_at_product(desk: Desk, story: Story) -> None:
    assert owed(desk) == [
        (Group.OVERDUE, Kind.BUG, "Send B-0001 to product: Scanner loses lines", 33),
        (Group.OVERDUE, Kind.DEMAND, "Send D-0001 to product: We copy 300 lines by hand, <b>every</b>…", 33),
    ]
    accept(desk, story.demand, TODAY + timedelta(1), on=TODAY - timedelta(5))
    promise(desk, story.bug, TODAY)
    assert owed(desk) == [
        (Group.OVERDUE, Kind.TELL, "Tell Amber the date of “We copy 300 lines by hand, <b>every</b>…”", 2),
        (Group.OVERDUE, Kind.TELL, "Tell Birch the date of “We copy 300 lines by hand, <b>every</b>…”", 2),
        (Group.TODAY, Kind.TELL, "Tell Cedar the date of “Scanner loses lines”", None),
    ]
    desk.do(tell_customers, Tell(tuple(notice_ids(desk)), Channel.PHONE))
    assert owed(desk) == []
    later = TODAY + timedelta(2)
    with desk.read() as connection:
        late = [(one.number, one.lateness, one.since) for one in late_matters(connection, later).matters]
        assert late == [("B-0001", Lateness.PROMISE, TODAY), ("D-0001", Lateness.PROMISE, TODAY + timedelta(1))]


def test_of_many_answers_the_oldest_are_listed_and_the_rest_is_one_line(desk: Desk, story: Story) -> None:
    ask(desk, account(desk, "Dogwood"), "the same", story.demand)
    decline(desk, story.demand)
    for number in range(MOST_TOLD + 3):
        promise(desk, report(desk, account(desk, f"More {number}"), "Crash"), DAY)
    told = [title for _group, kind, title, _days in owed(desk) if kind == Kind.TELL]
    assert len(told) == MOST_TOLD + 1
    assert told[-2] == "Tell 3 customers: “We copy 300 lines by hand, <b>every</b>…” (Declined)"
    assert told[-1] == "4 more answers to tell"


def test_answers_that_wait_too_long_are_a_reason_to_go_there(desk: Desk, story: Story) -> None:
    decline(desk, story.demand, on=TODAY - timedelta(4))
    with desk.read() as connection:
        found = tickets_to_tell(connection, WEEK)
        earlier = tickets_to_tell(connection, Period(TODAY, TODAY, TODAY - timedelta(1)))
    assert (set(found), earlier) == ({story.accounts["Amber"], story.accounts["Birch"]}, {})
    (signal,) = found[story.accounts["Amber"]]
    assert signal.band is Band.SHOULD
    assert reason_text(signal.reason, TODAY) == "1 answer to tell, for 4 days"
    assert rule_text(signal.reason) == "Rule: visit when an answer waits longer than 3 days to be told."

    def reasons() -> set[str]:
        desk.do(draft_plan, DraftPlan(WEEK.start, WEEK.end))
        with desk.read() as connection:
            return {entry.kind for visit in week_plan(connection, TODAY).visits for entry in visit.reasons}

    assert "tickets_to_tell" in reasons()
    desk.do(change_settings, ChangeSettings({"visits.band.tickets_to_tell": "off"}))
    assert "tickets_to_tell" not in reasons()


def prepared(desk: Desk, visit: int) -> Preparation:
    with desk.read() as connection:
        found = preparation(connection, visit, TODAY)
    assert found is not None
    return found


def test_a_visit_knows_what_to_report_and_its_record_tells_it_in_one_step(desk: Desk, story: Story) -> None:
    amber = story.accounts["Amber"]
    ask(desk, amber, "A dark screen")
    visit = desk.do(add_visit, AddVisit(amber, TODAY, contact_id=story.people["Amber"])).value
    decline(desk, story.demand)
    view = prepared(desk, visit)
    assert [(item.kind, item.state, item.tells) for item in view.report_back] == [
        ("notices", "Declined", True), ("tickets", "Captured", False),
    ]  # fmt: skip
    assert [point for point in proposed(view, TODAY) if "Tell" in point] == [f"Tell: {view.report_back[0].title}"]
    paper = repr(sheet_report(view, Printing("Lin", desk.clock.local())))
    assert "To report back" in paper
    assert "Declined" in paper
    (notice,) = [item.id for item in view.report_back if item.tells]
    fields = RecordFields(VisitOutcome.VISITED, TODAY, steps=(Todo("call", TODAY + timedelta(7)),))
    desk.do(record_and_tell, RecordAndTell(Record(visit, fields), (notice,)))
    with desk.read() as connection:
        (told,) = notices_of_account(connection, amber)
        asked = ticket(connection, story.tickets["Amber"], TODAY)
    assert (told.state, told.channel, told.told_on, told.contact_id) == ("told", "visit", TODAY, story.people["Amber"])
    assert asked is not None
    assert asked.row.state == TicketState.TOLD
    assert prepared(desk, visit).card.state == VisitState.DONE
    undone = desk.undo()
    assert undone is not None
    assert prepared(desk, visit).card.state == VisitState.PLANNED
    assert len(notice_ids(desk)) == 2


@pytest.mark.parametrize("outcome", [VisitOutcome.ABSENT, VisitOutcome.CANCELLED])
def test_a_visit_that_did_not_take_place_tells_nobody(desk: Desk, story: Story, outcome: VisitOutcome) -> None:
    visit = desk.do(add_visit, AddVisit(story.accounts["Amber"], TODAY)).value
    decline(desk, story.demand)
    ids = notice_ids(desk)
    fields = RecordFields(outcome, TODAY, reason="ill")
    desk.do(record_and_tell, RecordAndTell(Record(visit, fields), tuple(ids[:1])))
    assert notice_ids(desk) == ids


def test_nobody_was_told_before_there_was_an_answer(desk: Desk, story: Story) -> None:
    wish = AddVisit(story.accounts["Amber"], TODAY - timedelta(3))
    visit = desk.do(add_visit, wish, confirmed=["past_day", "free_day"]).value
    decline(desk, story.demand)
    steps = (Todo("call", TODAY + timedelta(7)),)
    fields = RecordFields(VisitOutcome.VISITED, TODAY - timedelta(3), steps=steps)
    with pytest.raises(Problems):
        desk.do(record_and_tell, RecordAndTell(Record(visit, fields), tuple(notice_ids(desk)[:1])))
    assert prepared(desk, visit).card.state == VisitState.PLANNED


def test_of_much_that_is_late_the_longest_is_listed_and_the_rest_is_counted(desk: Desk, story: Story) -> None:
    for number in range(MOST_LATE + 1):
        report(desk, account(desk, f"More {number}"), "Crash")
    late = [(kind, title) for _group, kind, title, _days in owed(desk)]
    assert len(late) == MOST_LATE + 1
    assert late[-1] == (Kind.LATE, "3 more are late at product")
