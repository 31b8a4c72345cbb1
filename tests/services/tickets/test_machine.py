"""A machine plays the CSM and product: whatever they do, nothing closes untold, nothing is lost, and undo returns each step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from sqlalchemy import text

from csdesk.app import open_desk
from csdesk.models.vocabulary import Channel, Decision, DemandState, TicketKind, TicketState
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import Conflict, Problems
from csdesk.services.tickets.commands import (
    MoveTickets,
    NewTicket,
    Tickets,
    create_ticket,
    delete_tickets,
    move_tickets,
)
from csdesk.services.tickets.demands import (
    Demands,
    JoinDemand,
    KeepDeclined,
    MergeDemands,
    Redate,
    ReleaseDemands,
    Review,
    SplitDemand,
    call_back_demands,
    join_demand,
    keep_declined,
    merge_demands,
    redate_demand,
    release_demands,
    review_demand,
    send_demands,
    split_demand,
    take_up_demands,
)
from csdesk.services.tickets.queries import demand, ticket
from csdesk.services.tickets.queries import to_tell as queue
from csdesk.services.tickets.rules import (
    DEMAND_MOVES,
    OPEN_STATES,
    TICKET_MOVES,
    TicketFields,
    demand_move,
    demand_verbs,
    ticket_verbs,
)
from csdesk.services.tickets.telling import Tell, tell_customers
from tests.conftest import TODAY

TABLES = ("demands", "demand_reviews", "demand_moves", "tickets", "ticket_moves", "notices", "releases")
VERBS = sorted({move.verb for moves in TICKET_MOVES.values() for move in moves})
DEMAND_VERBS = sorted({move.verb for move in DEMAND_MOVES} - {"accept", "decline"})
Snapshot = tuple[tuple[Any, ...], ...]


class Loop(RuleBasedStateMachine):
    """Three accounts ask, product answers, the CSM tells; ``past`` holds what the store held before each step."""

    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desk = open_desk(self.folder, Clock(TODAY))
        self.accounts = [
            self.desk.do(create_account, NewAccount(AccountFields(name))).value for name in ("Ada", "Bob", "Cyd")
        ]
        self.past: list[Snapshot] = []
        self.now = self.snapshot()

    def snapshot(self) -> Snapshot:
        with self.desk.read() as connection:
            found: list[tuple[Any, ...]] = []
            for table in TABLES:
                rows = connection.execute(
                    text(f"SELECT * FROM {table} WHERE deleted_at IS NULL ORDER BY id")
                ).mappings()
                found += [
                    (table, *(value for key, value in row.items() if key not in ("version", "updated_at")))
                    for row in rows
                ]
            return tuple(found)

    def did(self, command: Callable[[], Any]) -> Any:
        """Do it; where it is refused, nothing was written."""
        try:
            done = command()
        except (Problems, Conflict):
            assert self.snapshot() == self.now
            return None
        now = self.snapshot()
        if done.step is not None:
            self.past.append(self.now)
        else:
            assert now == self.now
        self.now = now
        return done.value

    @rule(target=tickets, who=st.integers(0, 2), kind=st.sampled_from(TicketKind), other=st.none() | tickets)
    def ask(self, who: int, kind: TicketKind, other: int | None) -> Any:
        fields = TicketFields("a wish", kind, why="we lose time", seen="a blank page", severity=None)
        join = self.demand_of(other) if other is not None and kind == TicketKind.REQUIREMENT else None
        made = self.did(lambda: self.desk.do(create_ticket, NewTicket(fields, self.accounts[who], join_demand_id=join)))
        return multiple() if made is None else made

    def demand_of(self, ticket_id: int) -> int | None:
        with self.desk.read() as connection:
            found = ticket(connection, ticket_id, TODAY)
        return found.row.demand_id if found is not None else None

    @rule(of=tickets, verb=st.sampled_from(VERBS), days=st.integers(0, 9))
    def move(self, of: int, verb: str, days: int) -> None:
        with self.desk.read() as connection:
            before = ticket(connection, of, TODAY)
        wish = MoveTickets((of,), verb, note="n", answer="a", planned_on=TODAY + timedelta(days))
        value = self.past[:]
        self.did(lambda: self.desk.do(move_tickets, wish))
        if before is not None and verb not in ticket_verbs(
            before.row.kind, before.row.own_state, before.row.demand_state
        ):
            assert self.past == value, "what is not offered is refused"

    @rule(of=tickets, verb=st.sampled_from(DEMAND_VERBS), days=st.integers(0, 9))
    def handle(self, of: int, verb: str, days: int) -> None:
        found = self.demand_of(of)
        if found is None:
            return
        with self.desk.read() as connection:
            view = demand(connection, found, TODAY)
        assert view is not None
        day = TODAY + timedelta(days)
        commands: dict[str, tuple[Any, Any]] = {
            "send": (send_demands, Demands((found,))),
            "call_back": (call_back_demands, Demands((found,))),
            "take_up": (take_up_demands, Demands((found,))),
            "redate": (redate_demand, Redate(found, day)),
            "release": (release_demands, ReleaseDemands((found,))),
            "keep_declined": (keep_declined, KeepDeclined(found)),
        }
        taken = len(self.past)
        self.did(lambda: self.desk.do(*commands[verb]))
        if verb not in demand_verbs(view.card.state, view.card.raised):
            assert len(self.past) == taken

    @rule(of=tickets, decision=st.sampled_from(Decision), days=st.integers(0, 9))
    def review(self, of: int, decision: Decision, days: int) -> None:
        found = self.demand_of(of)
        if found is not None:
            wish = Review(found, decision, reason="r", answer="a", planned_on=TODAY + timedelta(days), release="9.1")
            self.did(lambda: self.desk.do(review_demand, wish))

    @rule(of=tickets, other=tickets)
    def join(self, of: int, other: int) -> None:
        target = self.demand_of(other)
        if target is not None:
            self.did(lambda: self.desk.do(join_demand, JoinDemand((of,), target)))

    @rule(of=tickets, other=tickets)
    def merge(self, of: int, other: int) -> None:
        one, target = self.demand_of(of), self.demand_of(other)
        if one is not None and target is not None:
            self.did(lambda: self.desk.do(merge_demands, MergeDemands((one,), target)))

    @rule(of=tickets)
    def split(self, of: int) -> None:
        self.did(lambda: self.desk.do(split_demand, SplitDemand((of,))))

    @rule(place=st.integers(0, 5))
    def tell(self, place: int) -> None:
        with self.desk.read() as connection:
            rows = queue(connection)
        if rows:
            row = rows[place % len(rows)]
            self.did(lambda: self.desk.do(tell_customers, Tell((row.id,), Channel.PHONE)))

    @rule(of=tickets)
    def throw_away(self, of: int) -> None:
        self.did(lambda: self.desk.do(delete_tickets, Tickets((of,))))

    @rule()
    def undo(self) -> None:
        if self.past:
            self.desk.undo()
            self.now = self.snapshot()
            assert self.now == self.past.pop()

    @rule()
    def undo_and_redo(self) -> None:
        if self.past:
            self.desk.undo()
            assert self.snapshot() == self.past[-1]
            self.desk.redo()
            assert self.snapshot() == self.now

    def rows(self, statement: str) -> list[Any]:
        with self.desk.read() as connection:
            return list(connection.execute(text(statement)))

    @invariant()
    def nothing_closes_untold(self) -> None:
        moves: dict[int, list[tuple[str, str]]] = {}
        for ticket_id, before, after in self.rows(
            "SELECT ticket_id, from_state, to_state FROM ticket_moves ORDER BY id"
        ):
            moves.setdefault(ticket_id, []).append((before, after))
        for steps in moves.values():
            told = False
            for _before, after in steps:
                if after == TicketState.CLOSED:
                    assert told
                told = after == TicketState.TOLD or (told and after == TicketState.CLOSED)

    @invariant()
    def who_is_told_has_a_notice_that_says_so(self) -> None:
        untold = self.rows(
            "SELECT t.id FROM tickets t WHERE t.deleted_at IS NULL AND t.state IN ('told', 'closed') AND NOT EXISTS ("
            "SELECT 1 FROM notices n WHERE n.state = 'told' AND n.account_id = t.account_id AND n.told_on IS NOT NULL "
            "AND n.cause IN ('released', 'declined', 'bug_fixed', 'answered'))"
        )
        assert untold == []

    @invariant()
    def each_requirement_has_a_living_demand(self) -> None:
        lost = self.rows(
            "SELECT t.id FROM tickets t LEFT JOIN demands d ON d.id = t.demand_id AND d.deleted_at IS NULL AND d.state <> "
            "'merged' WHERE t.deleted_at IS NULL AND t.kind = 'requirement' AND d.id IS NULL"
        )
        empty = self.rows(
            "SELECT d.id FROM demands d WHERE d.deleted_at IS NULL AND d.state <> 'merged' AND NOT EXISTS ("
            "SELECT 1 FROM tickets t WHERE t.demand_id = d.id AND t.deleted_at IS NULL)"
        )
        assert (lost, empty) == ([], [])

    @invariant()
    def one_open_answer_for_each_customer_that_waits(self) -> None:
        double = self.rows(
            "SELECT count(*) FROM notices WHERE deleted_at IS NULL AND state = 'open' "
            "GROUP BY account_id, demand_id, ticket_id HAVING count(*) > 1"
        )
        states = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
        idle = self.rows(
            "SELECT n.id FROM notices n WHERE n.deleted_at IS NULL AND n.state = 'open' AND n.demand_id IS NOT NULL AND NOT "
            "EXISTS (SELECT 1 FROM tickets t WHERE t.demand_id = n.demand_id AND t.account_id = n.account_id "
            f"AND t.deleted_at IS NULL AND t.state IN ({states}))"
        )
        missing = self.rows(
            "SELECT t.id FROM tickets t JOIN demands d ON d.id = t.demand_id WHERE t.deleted_at IS NULL "
            f"AND t.state IN ({states}) AND d.state IN ('{DemandState.RELEASED}', '{DemandState.DECLINED}') AND NOT EXISTS "
            "(SELECT 1 FROM notices n WHERE n.demand_id = d.id AND n.account_id = t.account_id AND n.state = 'open' "
            "AND n.deleted_at IS NULL)"
        )
        assert (double, idle, missing) == ([], [], [])

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.folder)


TestLoop = Loop.TestCase
TestLoop.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


def test_the_table_of_moves_has_no_way_around_telling() -> None:
    for moves in TICKET_MOVES.values():
        assert all(move.target != TicketState.TOLD for move in moves)
        assert all(move.sources == (TicketState.TOLD,) for move in moves if move.target == TicketState.CLOSED)
    assert demand_move("accept").needs == ("planned_on",)
