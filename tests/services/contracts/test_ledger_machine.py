"""A machine signs, amends, extends, renews, terminates, loses and corrects at random: on every day the ledger, replayed,
says what the lines add up to; what is refused writes nothing; undo gives back each step."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text

from csdesk.app import open_desk
from csdesk.models.vocabulary import RenewalCause
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
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
from csdesk.services.contracts.replay import spans, total
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import NeedsConfirmation, Problems
from tests.conftest import TODAY

Snapshot = tuple[tuple[Any, ...], ...]
AMOUNTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
STARTS = st.dates(date(2025, 9, 1), date(2027, 3, 1))
DAYS = st.integers(-40, 900)
SUMS = """
SELECT l.start_on, l.end_on, l.arr_cents, k.currency,
  (SELECT min(n.start_on) FROM contracts n WHERE n.predecessor_id = k.id AND n.deleted_at IS NULL) AS followed_on
FROM contract_lines l JOIN contracts k ON k.id = l.contract_id
WHERE l.deleted_at IS NULL AND k.deleted_at IS NULL AND l.arr_cents IS NOT NULL
"""


class Ledger(RuleBasedStateMachine):
    """One account; ``past`` holds what the store held before each step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desk = open_desk(self.folder, Clock(TODAY))
        self.account = self.desk.do(create_account, NewAccount(AccountFields("Ada"))).value
        self.past: list[Snapshot] = []
        self.now = self.snapshot()
        self.made = 0

    def snapshot(self) -> Snapshot:
        with self.desk.read() as connection:
            return tuple(
                (table, *(value for key, value in row.items() if key not in ("version", "updated_at")))
                for table in ("contracts", "contract_lines", "contract_events")
                for row in connection.execute(
                    text(f"SELECT * FROM {table} WHERE deleted_at IS NULL ORDER BY id")
                ).mappings()
            )

    def did(self, command: Callable[[], Any]) -> None:
        try:
            done = command()
        except (Problems, NeedsConfirmation):
            assert self.snapshot() == self.now, "what is refused writes nothing"
            return
        if done.step is not None:
            self.past.append(self.now)
        self.now = self.snapshot()

    def rows(self, table: str) -> list[Any]:
        with self.desk.read() as connection:
            chosen = text(f"SELECT * FROM {table} WHERE deleted_at IS NULL ORDER BY id")
            return list(connection.execute(chosen).mappings())

    def contract(self, which: int) -> Any:
        found = self.rows("contracts")
        return found[which % len(found)]

    @rule(starts=STARTS, months=st.integers(1, 25), amount=AMOUNTS, seats=st.integers(1, 50))
    def sign(self, starts: date, months: int, amount: Decimal, seats: int) -> None:
        self.made += 1
        ends = starts + timedelta(days=30 * months)
        fields = ContractFields(
            f"C-{self.made}", "Core", seats, start_on=starts, end_on=ends, amount=amount, signed_on=starts
        )
        self.did(lambda: self.desk.do(create_contract, NewContract(self.account, fields)))

    @precondition(lambda self: self.rows("contracts"))
    @rule(which=st.integers(0), line=st.integers(0), after=DAYS, amount=st.none() | AMOUNTS, how=st.integers(0, 2))
    def amend(self, which: int, line: int, after: int, amount: Decimal | None, how: int) -> None:
        contract = self.contract(which)
        lines = [found for found in self.rows("contract_lines") if found["contract_id"] == contract["id"]]
        if not lines:
            return
        day = date.fromisoformat(lines[line % len(lines)]["start_on"]) + timedelta(days=after)
        line_id = None if how == 2 else lines[line % len(lines)]["id"]
        change = LineChange(line_id, "More", 3, amount, drop=how == 1)
        self.did(lambda: self.desk.do(amend_contract, Amend(contract["id"], day, (change,))))

    @precondition(lambda self: self.rows("contracts"))
    @rule(which=st.integers(0), by=st.integers(-5, 200), amount=st.none() | AMOUNTS | st.just(Decimal(0)))
    def extend(self, which: int, by: int, amount: Decimal | None) -> None:
        contract = self.contract(which)
        ends = date.fromisoformat(contract["end_on"]) + timedelta(days=by)
        self.did(lambda: self.desk.do(extend_contract, Extend(contract["id"], ends, amount)))

    @precondition(lambda self: self.rows("contracts"))
    @rule(which=st.integers(0), gap=st.integers(-60, 90), amount=st.none() | AMOUNTS, signed=st.integers(-90, 90))
    def renew(self, which: int, gap: int, amount: Decimal | None, signed: int) -> None:
        contract = self.contract(which)
        ended = date.fromisoformat(contract["end_on"])
        lines = None
        if amount is not None:
            own = [found["id"] for found in self.rows("contract_lines") if found["contract_id"] == contract["id"]]
            lines = (NextLine(own[0] if own else None, "Core", 9, amount), NextLine(None, "Chat", 2, amount))
        wish = Renew(
            contract["id"], start_on=ended + timedelta(days=gap), signed_on=ended + timedelta(days=signed), lines=lines
        )
        self.did(lambda: self.desk.do(renew_contract, wish, confirmed={"won_back"}))

    @precondition(lambda self: self.rows("contracts"))
    @rule(which=st.integers(0), after=DAYS, cause=st.none() | st.sampled_from(RenewalCause))
    def terminate(self, which: int, after: int, cause: RenewalCause | None) -> None:
        contract = self.contract(which)
        last = date.fromisoformat(contract["start_on"]) + timedelta(days=after)
        self.did(lambda: self.desk.do(terminate_contract, Terminate(contract["id"], last, cause)))

    @precondition(lambda self: self.rows("contracts"))
    @rule(which=st.integers(0), cause=st.sampled_from(RenewalCause))
    def lose(self, which: int, cause: RenewalCause) -> None:
        contract = self.contract(which)
        self.did(lambda: self.desk.do(mark_lost, MarkLost(contract["id"], cause, "gone")))

    @precondition(lambda self: self.rows("contracts"))
    @rule(which=st.integers(0))
    def correct(self, which: int) -> None:
        contract = self.contract(which)
        self.did(lambda: self.desk.do(correct_outcome, CorrectOutcome(contract["id"])))

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.desk.undo()
        self.now = self.snapshot()
        assert self.now == self.past.pop()

    @invariant()
    def the_ledger_says_what_the_lines_add_up_to(self) -> None:
        with self.desk.read() as connection:
            replayed = spans(connection, self.account)
            lines = connection.execute(text(SUMS)).all()
        marks = {date.fromisoformat(day) for line in lines for day in (line[0], line[1], line[4]) if day}
        for mark in marks:
            for day in (mark - timedelta(days=1), mark, mark + timedelta(days=1)):
                assert total(replayed.values(), day) == summed(lines, day.isoformat()), day

    @invariant()
    def no_line_ends_before_it_starts_or_after_its_contract(self) -> None:
        ends = {row["id"]: row["end_on"] for row in self.rows("contracts")}
        for line in self.rows("contract_lines"):
            assert line["start_on"] <= line["end_on"] <= ends[line["contract_id"]]

    @invariant()
    def a_contract_is_followed_once(self) -> None:
        before = [row["predecessor_id"] for row in self.rows("contracts") if row["predecessor_id"]]
        assert len(before) == len(set(before))

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.folder)


def summed(lines: list[Any], day: str) -> dict[str, int]:
    """What runs on a day; what a contract follows has stopped the day before."""
    sums: defaultdict[str, int] = defaultdict(int)
    for begins, ends, cents, currency, followed_on in lines:
        if begins <= day <= ends and not (followed_on and followed_on <= day):
            sums[currency] += cents
    return dict(sums)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
