"""Which demands are proposed while one types: the same in other words, in Chinese and English, as the store stands now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import Decision, Severity, TicketKind
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.changes import EVERYTHING
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import (
    MoveTickets,
    NewTicket,
    Tickets,
    create_ticket,
    delete_tickets,
    move_tickets,
)
from csdesk.services.tickets.demands import (
    ChangeDemand,
    JoinDemand,
    MergeDemands,
    Review,
    change_demand,
    join_demand,
    merge_demands,
    review_demand,
)
from csdesk.services.tickets.likeness import Index, Known, StoreLikeness, pieces
from csdesk.services.tickets.queries import ticket
from csdesk.services.tickets.rules import TicketFields
from tests.conftest import TODAY

WISHES = {
    "按班组看报表": ("交接班的时候，我只想看本班报了多少", "夜班的数字和白班混在一起，奖金算不清"),
    "审批超时自动转交": ("审批人出差，单子卡三天",),
    "微信里直接打卡": ("工人不愿意装 App，微信里能打卡就好",),
    "离线也能录入": ("车间没有网",),
    "按门店导出报表": ("每家店一个文件发给店长",),
    "Export the report per store": ("every store manager gets one file",),
    "Single sign-on with Azure AD": ("people forget their passwords",),
}


def index() -> Index:
    made = Index()
    for number, (title, said) in enumerate(WISHES.items(), 1):
        made.known[number] = Known(number, number, title, "Reports", "to_review", frozenset({number}))
        made.put("demands", number, number, title)
        for place, words in enumerate(said):
            made.put("tickets", number * 10 + place, number, words)
    return made


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("想按班组看报表，夜班和白班不要混在一起", "按班组看报表"),
        ("白班夜班的数要分开看", "按班组看报表"),
        ("审批人出差的话单子就卡住了，能不能自动转交", "审批超时自动转交"),
        ("微信打卡", "微信里直接打卡"),
        ("没有网络的时候也要能录入", "离线也能录入"),
        ("exporting reports for each store", "Export the report per store"),
        ("sign on with azure", "Single sign-on with Azure AD"),
        ("ＡＺＵＲＥ ＳＩＧＮ-ＯＮ", "Single sign-on with Azure AD"),
    ],
)
def test_the_same_wish_in_other_words_is_proposed_first(typed: str, title: str) -> None:
    assert index().find(typed)[0].known.title == title


@pytest.mark.parametrize(
    "typed", ["", " ", "报", "希望能不能", "please could you", "图纸附件太大了", "a calendar of holidays"]
)
def test_what_is_like_nothing_proposes_nothing(typed: str) -> None:
    assert index().find(typed) == []


def test_the_same_module_makes_it_likelier() -> None:
    made = index()
    without, with_module = made.find("导出报表"), made.find("导出报表", "reports")
    assert with_module[0].likeness > without[0].likeness
    assert made.find("a calendar of holidays", "reports") == []


def test_one_demand_comes_once_and_a_known_one_can_be_left_out() -> None:
    made = index()
    found = made.find("按班组看报表，夜班和白班")
    assert len({one.known.id for one in found}) == len(found)
    assert 1 not in [one.known.id for one in made.find("按班组看报表，夜班和白班", but=1)]


@given(st.text(max_size=200), st.text(max_size=20))
def test_any_text_can_be_typed(typed: str, module: str) -> None:
    for proposal in index().find(typed, module):
        assert 0 < proposal.likeness <= 1
    assert all(pieces(typed))


def account(desk: Desk, name: str) -> int:
    return int(desk.do(create_account, NewAccount(AccountFields(name))).value)


class Store:
    """A desk, its likeness, and an account for each wish."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.likeness = desk, StoreLikeness(desk)
        self.likeness.reload()

    def do(self, function: object, wish: object) -> object:
        done = self.desk.do(function, wish)  # type: ignore[arg-type]
        self.likeness.changed(done.changes)
        return done.value

    def wish(self, name: str, text: str, **more: object) -> tuple[int, int]:
        """A new ticket of a new account: its id and that of its demand."""
        made = self.do(create_ticket, NewTicket(TicketFields(text), account(self.desk, name), **more))  # type: ignore[arg-type]
        assert isinstance(made, int)
        with self.desk.read() as connection:
            found = ticket(connection, made, TODAY)
        assert found is not None
        assert found.row.demand_id is not None
        return made, found.row.demand_id

    def found(self, typed: str) -> list[tuple[int, int]]:
        """Demand and number of its accounts."""
        self.likeness.wait()
        return [(one.known.id, len(one.known.accounts)) for one in self.likeness.find(typed)]


@pytest.fixture
def store(desk: Desk) -> Store:
    return Store(desk)


def test_demands_are_proposed_with_their_accounts_as_they_are_written(store: Store) -> None:
    assert store.found("按班组看报表") == []
    _ticket, demand = store.wish("Amber", "按班组看报表")
    assert store.found("想按班组看报表") == [(demand, 1)]
    store.wish("Birch", "夜班和白班混在一起", join_demand_id=demand)
    assert store.found("想按班组看报表") == [(demand, 2)]
    assert store.found("夜班白班混在一起了") == [(demand, 2)]


def test_binned_demands_never_come_up_and_come_back_with_undo(store: Store) -> None:
    ticket_id, demand = store.wish("Amber", "按班组看报表")
    store.do(delete_tickets, Tickets((ticket_id,)))
    assert store.found("按班组看报表") == []
    store.likeness.changed(store.desk.undo().changes)
    assert store.found("按班组看报表") == [(demand, 1)]


def test_a_merged_demand_never_comes_up_its_words_lead_to_the_other(store: Store) -> None:
    _one, first = store.wish("Amber", "按班组看报表")
    _two, second = store.wish("Birch", "白班夜班的奖金分开算")
    store.do(merge_demands, MergeDemands((second,), first))
    assert store.found("白班夜班的奖金") == [(first, 2)]


def test_a_voice_that_goes_to_another_demand_takes_its_words_along(store: Store) -> None:
    _one, first = store.wish("Amber", "按班组看报表")
    moved, _demand = store.wish("Birch", "奖金算不清楚", join_demand_id=first)
    _three, other = store.wish("Cedar", "离线录入")
    store.do(join_demand, JoinDemand((moved,), other))
    assert store.found("奖金算不清楚") == [(other, 2)]
    assert store.found("按班组看报表") == [(first, 1)]


def test_a_declined_demand_is_proposed_and_says_so(store: Store) -> None:
    _ticket, demand = store.wish("Amber", "按班组看报表")
    store.do(review_demand, Review(demand, Decision.DECLINED, reason="too special", answer="There is an export"))
    assert store.found("按班组看报表") == [(demand, 1)]
    assert [one.known.state for one in store.likeness.find("按班组看报表")] == ["declined"]


def test_new_words_of_a_demand_are_found_and_old_ones_are_not(store: Store) -> None:
    _ticket, demand = store.wish("Amber", "Weekly mails")
    store.do(change_demand, ChangeDemand(demand, "Monthly statement", "for the accountant", "Billing"))
    assert store.found("monthly statement accountant") == [(demand, 1)]
    store.do(change_demand, ChangeDemand(demand, "Letters", "", ""))
    assert store.found("monthly statement accountant") == []


def test_what_another_process_wrote_is_found_after_it_was_told(store: Store) -> None:
    assert store.found("按班组看报表") == []
    made = NewTicket(TicketFields("按班组看报表"), account(store.desk, "Amber"))
    store.desk.do(create_ticket, made)
    store.likeness.changed(EVERYTHING)
    assert len(store.found("按班组看报表")) == 1


BUG, QUESTION = TicketKind.BUG, TicketKind.QUESTION


def told(store: Store, kind: TicketKind, text: str, name: str, **more: object) -> int:
    """A bug or a question of a new account."""
    fields = TicketFields(text, kind, **more)  # type: ignore[arg-type]
    made = store.do(create_ticket, NewTicket(fields, account(store.desk, name)))
    assert isinstance(made, int)
    return made


def known(store: Store, typed: str, kind: TicketKind) -> list[Known]:
    store.likeness.wait()
    return [one.known for one in store.likeness.find(typed, kind=kind)]


def test_bugs_and_questions_are_no_voices_and_wishes_no_bugs(store: Store) -> None:
    told(store, BUG, "按班组看报表打不开", "Amber")
    store.wish("Birch", "按班组看报表")
    assert len(store.found("按班组看报表")) == 1
    assert [one.title for one in known(store, "按班组看报表", BUG)] == ["按班组看报表打不开"]
    assert known(store, "按班组看报表", QUESTION) == []


def test_a_bug_is_known_by_what_was_seen_with_its_state_and_its_days(store: Store) -> None:
    bug = told(store, BUG, "登录很慢", "Amber", seen="the export ends with error 502", severity=Severity.SERIOUS)
    assert [one.id for one in known(store, "导出时 export error 502", BUG)] == [bug]
    planned = TODAY + timedelta(9)
    store.do(move_tickets, MoveTickets((bug,), "accept", planned_on=planned))
    assert [(one.state, one.planned_on, one.released_on) for one in known(store, "登录很慢", BUG)] == [
        ("accepted", planned, None)
    ]
    store.do(move_tickets, MoveTickets((bug,), "fix"))
    assert [(one.state, one.released_on) for one in known(store, "登录很慢", BUG)] == [("released", TODAY)]
    store.do(delete_tickets, Tickets((bug,)))
    assert known(store, "登录很慢", BUG) == []
    store.likeness.changed(store.desk.undo().changes)
    assert [one.id for one in known(store, "登录很慢", BUG)] == [bug]


def test_a_bug_that_its_customer_took_back_is_not_proposed(store: Store) -> None:
    bug = told(store, BUG, "登录很慢", "Amber")
    store.do(move_tickets, MoveTickets((bug,), "withdraw"))
    assert known(store, "登录很慢", BUG) == []


def test_a_question_is_proposed_once_it_was_answered_and_says_how(store: Store) -> None:
    question = told(store, QUESTION, "How do I export a report per store?", "Amber")
    assert known(store, "exporting a report for each store", QUESTION) == []
    store.do(move_tickets, MoveTickets((question,), "answer", answer="Reports > Export"))
    assert [(one.id, one.answer) for one in known(store, "exporting a report for each store", QUESTION)] == [
        (question, "Reports > Export")
    ]
    other = StoreLikeness(store.desk)
    other.reload()
    other.wait()
    assert [one.known.id for one in other.find("export report store", kind=QUESTION)] == [question]


def test_demands_are_alike_by_what_their_voices_said(store: Store) -> None:
    _one, first = store.wish("Amber", "按班组看报表")
    store.wish("Birch", "夜班和白班混在一起，奖金算不清", join_demand_id=first)
    _two, second = store.wish("Cedar", "白班夜班的奖金算不清")
    store.wish("Dill", "离线录入")
    store.likeness.wait()
    assert store.likeness.alike(first).keys() == {second}
    assert store.likeness.alike(second).keys() == {first}
