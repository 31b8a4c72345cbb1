"""What happens to a contract: each action writes what it should, refuses what it must, and undo gives all back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from csdesk.models.vocabulary import ContractAction, ContractState, RenewalCause, RenewalKind
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.bin.commands import BringBack, bring_back
from csdesk.services.contracts.commands import (
    ChangeContract,
    DeleteContract,
    NewContract,
    change_contract,
    create_contract,
    delete_contract,
)
from csdesk.services.contracts.ledger import (
    Amend,
    CorrectOutcome,
    Extend,
    LineChange,
    MarkLost,
    NextLine,
    Renew,
    Terminate,
    amend_contract,
    correct_outcome,
    extend_contract,
    mark_lost,
    renew_contract,
    terminate_contract,
)
from csdesk.services.contracts.queries import ContractRow
from csdesk.services.contracts.rules import ContractFields, LineFields
from csdesk.services.contracts.states import CONTRACT_ACTIONS
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import NeedsConfirmation, Problems
from tests.conftest import TODAY

Sign = Callable[..., int]
Read = Callable[[int], ContractRow]
Arr = Callable[[date], Decimal]
ACTIONS: dict[ContractAction, Callable[[Desk, int], Any]] = {
    ContractAction.AMEND: lambda desk, k: desk.do(
        amend_contract, Amend(k, date(2026, 7, 1), (LineChange(None, "Chat", 1, Decimal(6)),))
    ),
    ContractAction.EXTEND: lambda desk, k: desk.do(extend_contract, Extend(k, date(2029, 1, 31))),
    ContractAction.RENEW: lambda desk, k: desk.do(renew_contract, Renew(k, signed_on=date(2026, 1, 2))),
    ContractAction.LOSE: lambda desk, k: desk.do(mark_lost, MarkLost(k, RenewalCause.PRICE)),
    ContractAction.TERMINATE: lambda desk, k: desk.do(
        terminate_contract, Terminate(k, date(2026, 9, 30), RenewalCause.PRICE)
    ),
    ContractAction.CORRECT: lambda desk, k: desk.do(correct_outcome, CorrectOutcome(k)),
}


def refused(action: Callable[[], Any]) -> dict[str, str]:
    """By field: what was said."""
    with pytest.raises(Problems) as told:
        action()
    return {problem.field: problem.message for problem in told.value.problems}


def only(row: ContractRow) -> int:
    """The id of the single line."""
    (line,) = row.lines
    return line.id


def test_an_amendment_ends_the_line_and_dates_the_difference(desk: Desk, sign: Sign, row: Read, arr: Arr) -> None:
    made = sign()
    change = LineChange(only(row(made)), seats=15, amount=Decimal(9_000))
    desk.do(amend_contract, Amend(made, date(2026, 7, 1), (change,), "five more", RenewalCause.GROWTH))
    after = row(made)
    old, new = after.lines
    assert (old.end_on, old.amount, old.arr_cents) == (date(2026, 6, 30), Decimal(6_000), 1_200_000)
    assert (new.start_on, new.end_on, new.seats, new.arr_cents) == (date(2026, 7, 1), date(2026, 12, 31), 15, 1_800_000)
    assert after.amount == Decimal(15_000)
    assert (after.seats, after.arr_cents) == (15, 1_800_000)
    (event,) = after.events
    assert (event.kind, event.effective_on, event.noted_on) == ("amended", date(2026, 7, 1), TODAY)
    assert (event.arr_before_cents, event.arr_after_cents, event.cause) == (1_200_000, 1_800_000, "growth")
    assert [arr(date(2026, 6, 30)), arr(date(2026, 7, 1))] == [Decimal(12_000), Decimal(18_000)]
    desk.undo()
    assert row(made).lines[0].end_on == date(2026, 12, 31)
    assert (row(made).amount, row(made).events) == (Decimal(12_000), ())
    assert arr(date(2026, 7, 1)) == Decimal(12_000)


def test_at_the_same_price_an_amendment_of_seats_moves_no_arr(desk: Desk, sign: Sign, row: Read, arr: Arr) -> None:
    made = sign(amount=Decimal("9999.99"))
    desk.do(amend_contract, Amend(made, date(2026, 3, 17), (LineChange(only(row(made)), seats=12),)))
    assert arr(date(2026, 3, 16)) == arr(date(2026, 3, 17)) == Decimal("9999.99")
    assert sum(line.amount or 0 for line in row(made).lines) == Decimal("9999.99")


def test_one_of_two_lines_is_dropped(desk: Desk, account: int, row: Read, arr: Arr) -> None:
    lines = (LineFields(None, "Core", 10, Decimal(12_000)), LineFields(None, "Chat", 5, Decimal(2_400)))
    fields = ContractFields(
        "C", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), amount=Decimal(14_400), lines=lines
    )
    made = desk.do(create_contract, NewContract(account, fields)).value
    chat = next(line for line in row(made).lines if line.products == "Chat")
    desk.do(amend_contract, Amend(made, date(2026, 10, 1), (LineChange(chat.id, drop=True),)))
    assert [arr(date(2026, 9, 30)), arr(date(2026, 10, 1))] == [Decimal(14_400), Decimal(12_000)]
    assert row(made).products == "Core"


@pytest.mark.parametrize(
    ("day", "change", "field"),
    [
        (date(2026, 1, 1), LineChange(None, "Chat", 1, Decimal(5)), "from_on"),
        (date(2027, 1, 1), LineChange(None, "Chat", 1, Decimal(5)), "from_on"),
        (date(2026, 7, 1), LineChange(None, "Chat", 1), "amount"),
        (date(2026, 7, 1), LineChange(None, drop=True), "amount"),
    ],
)
def test_an_amendment_that_cannot_be(
    desk: Desk, sign: Sign, row: Read, day: date, change: LineChange, field: str
) -> None:
    made = sign()
    assert refused(lambda: desk.do(amend_contract, Amend(made, day, (change,)))).keys() == {field}
    assert refused(lambda: desk.do(amend_contract, Amend(made, date(2026, 7, 1), ()))).keys() == {"line_id"}
    assert row(made).events == ()


def test_an_extension_goes_on_at_the_same_price_or_free(desk: Desk, sign: Sign, row: Read, arr: Arr) -> None:
    made = sign(notice_on=date(2026, 12, 1))
    desk.do(extend_contract, Extend(made, date(2027, 1, 31), note="while they decide"))
    after = row(made)
    assert (after.end_on, after.planned_end_on, after.amount) == (
        date(2027, 1, 31),
        date(2026, 12, 31),
        Decimal(13_000),
    )
    assert after.notice_on == date(2027, 1, 1)
    desk.do(extend_contract, Extend(made, date(2027, 2, 28), Decimal(0)))
    assert row(made).amount == Decimal(13_000)
    assert row(made).planned_end_on == date(2026, 12, 31)
    assert {arr(day) for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 1))} == {Decimal(12_000)}
    assert arr(date(2027, 3, 1)) == 0
    assert refused(lambda: desk.do(extend_contract, Extend(made, date(2027, 2, 28)))).keys() == {"end_on"}


def test_the_next_contract_is_made_from_the_old_one(desk: Desk, sign: Sign, row: Read, arr: Arr) -> None:
    made = sign(payment_terms="half-half", auto_renew=True, notice_on=date(2026, 12, 1))
    done = desk.do(renew_contract, Renew(made, cause=RenewalCause.VALUE, note="happy"))
    new, old = row(done.value), row(made)
    assert (new.number, new.start_on, new.end_on) == ("HT-2027-01", date(2027, 1, 1), date(2027, 12, 31))
    assert (new.predecessor_id, new.signed_on, new.amount) == (made, TODAY, Decimal(12_000))
    assert (new.payment_terms, new.auto_renew, new.notice_on) == ("half-half", True, date(2027, 12, 1))
    (line,) = new.lines
    assert (line.products, line.seats, line.amount) == ("Core", 10, Decimal(12_000))
    assert (old.renewal_state, old.decided_on, old.renewal_kind) == ("renewed", TODAY, "by_hand")
    assert (old.renewal_cause, old.renewal_reason) == ("value", "happy")
    assert [event.kind for event in old.events] == ["renewed"]
    assert done.step is not None
    assert done.step.text == "Contract renewed: HT-2026-01 → HT-2027-01"
    assert arr(date(2027, 6, 1)) == Decimal(12_000)
    desk.undo()
    assert row(made).renewal_state == "open"
    assert arr(date(2027, 6, 1)) == 0


def test_renewed_with_other_lines_and_an_agreed_rise(desk: Desk, sign: Sign, row: Read) -> None:
    made = sign()
    lines = (
        NextLine(only(row(made)), "Core", 12, Decimal(15_000), agreed_rise=Decimal(600)),
        NextLine(None, "Chat", 5, Decimal(2_000)),
    )
    new = row(desk.do(renew_contract, Renew(made, number="B-1", lines=lines)).value)
    assert (new.number, new.amount) == ("B-1", Decimal(17_000))
    assert [line.agreed_rise for line in new.lines] == [Decimal(600), None]
    entries = sorted((e.arr_before_cents, e.arr_after_cents) for e in row(made).events)
    assert entries == [(0, 200_000), (1_200_000, 1_500_000)]


def test_a_renewed_contract_is_not_renewed_again_by_any_way(desk: Desk, account: int, sign: Sign) -> None:
    made = sign()
    desk.do(renew_contract, Renew(made))
    told = refused(lambda: desk.do(renew_contract, Renew(made)))
    assert told == {"predecessor_id": "Contract HT-2026-01 is renewed already, by HT-2027-01. Renew that one."}
    again = ContractFields("X", start_on=date(2027, 1, 1), end_on=date(2027, 12, 31), predecessor_id=made)
    assert refused(lambda: desk.do(create_contract, NewContract(account, again))).keys() == {"predecessor_id"}


def test_an_early_renewal_that_starts_before_the_end_stops_the_old_arr(
    desk: Desk, sign: Sign, row: Read, arr: Arr
) -> None:
    made = sign()
    lines = (NextLine(only(row(made)), "Core", 20, Decimal(24_000)),)
    desk.do(renew_contract, Renew(made, start_on=date(2026, 10, 1), end_on=date(2027, 9, 30), lines=lines))
    assert [arr(date(2026, 9, 30)), arr(date(2026, 10, 1))] == [Decimal(12_000), Decimal(24_000)]
    assert row(made).end_on == date(2026, 12, 31)


def test_churned_and_signed_again_inside_the_grace_is_corrected(desk: Desk, sign: Sign, row: Read) -> None:
    made = sign(start_on=date(2025, 11, 1), end_on=date(2026, 10, 31))
    desk.do(mark_lost, MarkLost(made, RenewalCause.COMPETITOR, "too dear"))
    assert (row(made).renewal_state, row(made).renewal_cause) == ("churned", "competitor")
    desk.do(renew_contract, Renew(made))
    old = row(made)
    assert (old.renewal_state, old.renewal_cause) == ("renewed", None)
    assert [event.kind for event in old.events] == ["renewed", "corrected", "lost"]


def test_after_the_grace_it_is_a_win_back_and_the_loss_stays(desk: Desk, sign: Sign, row: Read, arr: Arr) -> None:
    made = sign(start_on=date(2025, 9, 1), end_on=date(2026, 8, 31))
    with pytest.raises(NeedsConfirmation) as asked:
        desk.do(renew_contract, Renew(made, start_on=date(2026, 12, 1)))
    assert asked.value.key == "won_back"
    assert row(made).renewal_state == "open"
    new = row(desk.do(renew_contract, Renew(made, start_on=date(2026, 12, 1)), confirmed={"won_back"}).value)
    old = row(made)
    assert (old.renewal_state, old.decided_on) == ("churned", date(2026, 8, 31) + timedelta(30))
    assert new.predecessor_id is None
    assert [event.kind for event in new.events] == ["signed"]
    assert [arr(date(2026, 8, 31)), arr(date(2026, 10, 1)), arr(date(2026, 12, 1))] == [12_000, 0, 12_000]


def test_an_automatic_renewal_is_decided_on_the_end_date(desk: Desk, sign: Sign, row: Read) -> None:
    made = sign(start_on=date(2025, 11, 1), end_on=date(2026, 10, 31), auto_renew=True)
    desk.do(renew_contract, Renew(made, kind=RenewalKind.AUTOMATIC))
    assert (row(made).renewal_kind, row(made).decided_on) == ("automatic", date(2026, 10, 31))


def test_a_termination_sets_the_end_and_keeps_the_planned_one(desk: Desk, sign: Sign, row: Read, arr: Arr) -> None:
    made = sign()
    desk.do(
        terminate_contract, Terminate(made, date(2026, 9, 30), RenewalCause.BUSINESS, "closed down", date(2026, 9, 2))
    )
    after = row(made)
    assert (after.end_on, after.planned_end_on, after.terminated_on) == (
        date(2026, 9, 30), date(2026, 12, 31), date(2026, 9, 2),
    )  # fmt: skip
    assert after.state(TODAY) == ContractState.TERMINATED
    assert (after.lines[0].end_on, after.lines[0].amount) == (date(2026, 9, 30), Decimal(9_000))
    assert after.amount == Decimal(12_000)
    assert [arr(date(2026, 9, 30)), arr(date(2026, 10, 1))] == [Decimal(12_000), Decimal(0)]
    desk.undo()
    assert (row(made).end_on, row(made).planned_end_on) == (date(2026, 12, 31), None)
    assert arr(date(2026, 10, 1)) == Decimal(12_000)


def test_what_ends_a_contract_needs_a_cause(desk: Desk, sign: Sign, row: Read) -> None:
    made = sign()
    assert refused(lambda: desk.do(mark_lost, MarkLost(made, None))).keys() == {"cause"}
    assert refused(lambda: desk.do(terminate_contract, Terminate(made, date(2026, 9, 30), None))).keys() == {"cause"}
    last = refused(lambda: desk.do(terminate_contract, Terminate(made, date(2026, 12, 31), RenewalCause.PRICE)))
    assert last.keys() == {"ends_on"}
    assert row(made).events == ()


def test_a_wrong_outcome_is_opened_again(desk: Desk, sign: Sign, row: Read) -> None:
    made = sign()
    desk.do(mark_lost, MarkLost(made, RenewalCause.PRICE))
    desk.do(correct_outcome, CorrectOutcome(made, "they had not decided"))
    assert (row(made).renewal_state, row(made).renewal_cause, row(made).decided_on) == ("open", None, None)
    assert [event.kind for event in row(made).events] == ["corrected", "lost"]
    desk.do(renew_contract, Renew(made))
    assert refused(lambda: desk.do(correct_outcome, CorrectOutcome(made))).keys() == {"predecessor_id"}


STATES: dict[ContractState, Callable[[Desk, Sign], int]] = {
    ContractState.UPCOMING: lambda desk, sign: sign(start_on=date(2026, 12, 1), end_on=date(2028, 11, 30)),
    ContractState.RUNNING: lambda desk, sign: sign(end_on=date(2027, 12, 31)),
    ContractState.ENDING: lambda desk, sign: sign(),
    ContractState.ENDED_OPEN: lambda desk, sign: sign(end_on=date(2026, 11, 1)),
    ContractState.RENEWED: lambda desk, sign: _then(desk, sign(), ContractAction.RENEW),
    ContractState.CHURNED: lambda desk, sign: _then(desk, sign(), ContractAction.LOSE),
    ContractState.TERMINATED: lambda desk, sign: _then(desk, sign(), ContractAction.TERMINATE),
}


def _then(desk: Desk, made: int, action: ContractAction) -> int:
    ACTIONS[action](desk, made)
    return made


@pytest.mark.parametrize("state", list(ContractState))
@pytest.mark.parametrize("action", list(ContractAction))
def test_the_table_says_what_can_be_done(
    desk: Desk, sign: Sign, row: Read, state: ContractState, action: ContractAction
) -> None:
    made = STATES[state](desk, sign)
    assert row(made).state(TODAY) == state
    before = row(made)
    if action in CONTRACT_ACTIONS[state]:
        if (state, action) == (ContractState.RENEWED, ContractAction.CORRECT):
            assert refused(lambda: ACTIONS[action](desk, made)).keys() == {"predecessor_id"}
        elif (state, action) == (ContractState.UPCOMING, ContractAction.AMEND):
            assert refused(lambda: ACTIONS[action](desk, made)).keys() == {"from_on"}
        else:
            ACTIONS[action](desk, made)
            assert row(made) != before
    else:
        assert set(refused(lambda: ACTIONS[action](desk, made))) <= {"id", "predecessor_id"}
        assert row(made) == before


def test_a_line_in_the_ledger_keeps_its_days_and_a_wrong_amount_is_corrected(
    desk: Desk, sign: Sign, row: Read, arr: Arr
) -> None:
    made = sign()
    desk.do(
        amend_contract, Amend(made, date(2026, 7, 1), (LineChange(only(row(made)), seats=15, amount=Decimal(9_000)),))
    )
    old, new = row(made).lines
    typed = ContractFields(
        "HT-2026-01", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), amount=Decimal(16_000),
        lines=(
            LineFields(old.id, "Core", 10, Decimal(6_000), end_on=old.end_on),
            LineFields(new.id, "Core", 15, Decimal(10_000), start_on=new.start_on),
        ),
    )  # fmt: skip
    desk.do(change_contract, ChangeContract(made, typed))
    assert arr(date(2026, 8, 1)) == Decimal(20_000)
    assert [event.kind for event in row(made).events] == ["corrected", "amended"]
    for lines in ((LineFields(old.id, "Core", 10, Decimal(6_000)),), typed.lines[:1]):
        told = refused(
            lambda lines=lines: desk.do(
                change_contract,
                ChangeContract(
                    made, ContractFields("A", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), lines=lines)
                ),
            )
        )
        assert told.keys() == {"lines"}
    assert row(made).number == "HT-2026-01"


def test_no_decision_lies_ahead(desk: Desk, sign: Sign, row: Read) -> None:
    contract, ahead = sign(), TODAY + timedelta(1)
    assert set(refused(lambda: desk.do(renew_contract, Renew(contract, signed_on=ahead)))) == {"signed_on"}
    lost = MarkLost(contract, RenewalCause.PRICE, decided_on=ahead)
    assert set(refused(lambda: desk.do(mark_lost, lost))) == {"decided_on"}
    ended = Terminate(contract, TODAY, RenewalCause.PRICE, agreed_on=ahead)
    assert set(refused(lambda: desk.do(terminate_contract, ended))) == {"agreed_on"}
    assert row(contract).renewal_state == "open"


def test_money_for_an_extension_needs_a_line_that_goes_on(desk: Desk, account: int, row: Read) -> None:
    training = (LineFields(None, "Training", None, Decimal(100), recurring=False),)
    fields = ContractFields(
        "T-1", amount=Decimal(100), start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), lines=training
    )
    contract = desk.do(create_contract, NewContract(account, fields)).value
    assert set(refused(lambda: desk.do(extend_contract, Extend(contract, date(2027, 1, 31), Decimal(500))))) == {
        "amount"
    }
    desk.do(extend_contract, Extend(contract, date(2027, 1, 31)))
    assert (row(contract).end_on, row(contract).amount) == (date(2027, 1, 31), Decimal(100))


def test_a_contract_follows_an_earlier_one_of_its_own_account(desk: Desk, sign: Sign) -> None:
    other = desk.do(create_account, NewAccount(AccountFields("Eve"))).value
    first = sign()
    second = desk.do(renew_contract, Renew(first)).value
    fields = {"start_on": date(2026, 1, 1), "end_on": date(2026, 12, 31), "amount": Decimal(1)}
    foreign = NewContract(other, ContractFields("E-1", predecessor_id=first, **fields))  # type: ignore[arg-type]
    assert set(refused(lambda: desk.do(create_contract, foreign))) == {"predecessor_id"}
    turned = ChangeContract(first, ContractFields("HT-2026-01", predecessor_id=second, **fields))  # type: ignore[arg-type]
    assert set(refused(lambda: desk.do(change_contract, turned))) == {"predecessor_id"}


def test_what_followed_is_deleted_and_the_renewal_is_open_again(desk: Desk, sign: Sign, row: Read) -> None:
    first = sign()
    second = desk.do(renew_contract, Renew(first)).value
    desk.do(delete_contract, DeleteContract(second))
    assert (row(first).renewal_state, row(first).state(TODAY)) == ("open", ContractState.ENDING)
    desk.do(bring_back, BringBack((second,)))
    assert (row(first).renewal_state, row(first).successor_id) == ("renewed", second)
    desk.undo()
    assert row(first).renewal_state == "open"
    desk.undo()
    assert (row(first).renewal_state, row(first).successor_id) == ("renewed", second)


def test_a_contract_that_follows_another_one_now_opens_the_first(desk: Desk, sign: Sign, row: Read) -> None:
    first = sign()
    second = sign("HT-2027-01", start_on=date(2027, 1, 1), end_on=date(2027, 12, 31), predecessor_id=first)
    assert row(first).renewal_state == "renewed"
    fields = ContractFields("HT-2027-01", start_on=date(2027, 1, 1), end_on=date(2027, 12, 31), amount=Decimal(12_000))
    desk.do(change_contract, ChangeContract(second, fields))
    assert row(first).renewal_state == "open"
    desk.undo()
    assert row(first).renewal_state == "renewed"


def test_an_early_renewal_that_is_deleted_gives_the_old_arr_back(desk: Desk, sign: Sign, arr: Arr) -> None:
    first = sign()
    second = desk.do(renew_contract, Renew(first, start_on=date(2026, 10, 1), end_on=date(2027, 9, 30))).value
    desk.do(delete_contract, DeleteContract(second))
    assert [arr(day) for day in (date(2026, 9, 30), date(2026, 12, 31), date(2027, 1, 1))] == [12_000, 12_000, 0]
    desk.do(renew_contract, Renew(first))
    assert [arr(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [12_000, 12_000]


def test_an_extension_by_some_days_at_the_same_price_moves_no_cent(desk: Desk, sign: Sign, row: Read, arr: Arr) -> None:
    contract = sign(amount=Decimal("9999.99"))
    desk.do(extend_contract, Extend(contract, date(2027, 1, 13)))
    assert arr(date(2027, 1, 5)) == arr(date(2026, 12, 31)) == Decimal("9999.99")
    assert row(contract).arr_cents == 999_999
