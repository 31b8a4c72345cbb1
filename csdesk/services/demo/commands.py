"""Filling an empty store with a portfolio that looks like a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, text

from csdesk.models.accounts import Account
from csdesk.models.articles import Article
from csdesk.models.base import Base, new_id
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.handover import Handover, HandoverMove
from csdesk.models.interactions import Interaction
from csdesk.models.kpi import Target
from csdesk.models.opportunities import Opportunity
from csdesk.models.receivables import Invoice, Payment, Receivable, Reminder
from csdesk.models.settings import Setting
from csdesk.models.store import SAMPLE
from csdesk.models.tasks import Task
from csdesk.models.tickets import Demand, DemandMove, DemandReview, Notice, Release, Ticket, TicketMove
from csdesk.models.visits import Attendee, Need, TravelTime, Visit, VisitPlan
from csdesk.models.vocabulary import MODE_OF_TIER, ContactRole, HandoverState, PlanState, Sentiment, Tier
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.demo.aims import RECKONED, targets
from csdesk.services.demo.duties import past_moves, promise_tasks, routines, tasks_by_hand
from csdesk.services.demo.ledgers import wishes_of, write_ledger
from csdesk.services.demo.loops import loops_of
from csdesk.services.demo.meetings import Visited, past_visits, week_visits
from csdesk.services.demo.money import invoices_of, reminders_of
from csdesk.services.demo.renewing import judge
from csdesk.services.demo.talks import needs, recorded, shelf, talks, there
from csdesk.services.demo.terms import Terms, terms_of
from csdesk.services.demo.words import Names, person, phone, pick, some, words

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk

CHUNK = 2_000
TIER_SHARES = ((Tier.A, 14), (Tier.B, 34), (Tier.C, 52))
PEOPLE = {"A": (3, 6), "B": (2, 4), "C": (1, 2)}
ORDER: tuple[type[Base], ...] = (
    Account, Contact, Contract, ContractLine, Receivable, Payment, Invoice, Reminder, Handover, HandoverMove, VisitPlan, Visit, Article,
    Attendee, Need, Interaction, Task, TravelTime, Setting, Release, Demand, DemandReview, DemandMove, Ticket,
    TicketMove, Notice, ContractEvent, Opportunity, Target,
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class DemoSize:
    """How many accounts, and the seed: the same seed on the same day makes the same portfolio."""

    accounts: int = 86
    seed: int = 1


@dataclass
class _Pile:
    """Rows that wait to be inserted, by table, and how many there were."""

    rows: dict[type[Base], list[Row]] = field(default_factory=lambda: {model: [] for model in ORDER})
    counts: dict[str, int] = field(default_factory=dict)

    def put(self, model: type[Base], rows: Sequence[Row]) -> None:
        self.rows[model].extend(rows)

    def write(self, uow: UnitOfWork) -> None:
        for model in ORDER:
            rows = self.rows[model]
            if rows:
                uow.insert_many(model, rows)
                self.counts[model.__tablename__] = self.counts.get(model.__tablename__, 0) + len(rows)
                self.rows[model] = []


@command(N_("Sample portfolio of {accounts} accounts made"))
def make_demo(uow: UnitOfWork, wish: DemoSize) -> dict[str, int]:
    """Fill the store; says how many rows each table got. Raises Problems where there is a single account already."""
    if uow.session.scalar(select(Account.id).limit(1)) is not None:
        sentence = _(
            "A sample portfolio goes into an empty store only; this one holds accounts. Choose another folder."
        )
        raise Problems([Problem("", sentence, code="not_empty")])
    chance, day = Random(f"{wish.seed} {uow.today}"), uow.today
    names, pile, known = Names(chance), _Pile(), []
    arr: dict[int, int] = {}
    uow.progress.step(_("Making accounts"), wish.accounts)
    for number in range(1, wish.accounts + 1):
        known.append(_account(chance, names, number, day, pile, arr))
        if number % CHUNK == 0:
            pile.write(uow)
            uow.progress.advance(CHUNK)
    _week(chance, known, day, pile)
    pile.put(Task, routines(str(words()["user"]), day))
    pile.put(Article, shelf())
    pile.put(Target, targets(day))
    pile.put(TravelTime, [{"origin": a, "destination": b, "minutes": minutes} for a, b, minutes in words()["ways"]])
    _requests(chance, known, arr, day, pile)
    pile.write(uow)
    _settings(uow)
    uow.name(accounts=wish.accounts)
    return {model.__tablename__: pile.counts.get(model.__tablename__, 0) for model in ORDER if model is not Setting}


def mark_sample(desk: Desk) -> None:
    """Mark the store as one of sample data: the window says so on every page."""

    def mark(connection: Connection) -> None:
        connection.execute(
            text("INSERT INTO store_facts VALUES (:name, '1') ON CONFLICT(name) DO UPDATE SET value = '1'"),
            {"name": SAMPLE},
        )

    desk.maintain(mark)


def _settings(uow: UnitOfWork) -> None:
    known = {"user.name": words()["user"], "visits.home": words()["home"], **RECKONED}
    for key, value in known.items():
        if uow.session.scalar(select(Setting.id).where(Setting.key == key)) is None:
            uow.add(Setting(key=key, value=value))


def _account(chance: Random, names: Names, number: int, day: date, pile: _Pile, arr: dict[int, int]) -> Visited:
    tier = chance.choices([tier for tier, _share in TIER_SHARES], [share for _tier, share in TIER_SHARES])[0]
    company = names.company()
    row: Row = {
        "id": new_id(), **company, "tier": tier.value, "service_mode": MODE_OF_TIER[tier].value,
        "sales_owner": pick(chance, "sellers"), "owner": _owner(chance), "starred": chance.random() < 0.05,
        "tax_number": f"9132{chance.randint(10**13, 10**14 - 1)}",
        "notes": pick(chance, "notes") if chance.random() < 0.2 else "",
    }  # fmt: skip
    people = _people(chance, row["id"], tier.value, day)
    terms = terms_of(chance, row["id"], tier.value, number, day)
    entries = write_ledger(terms, number, day)
    judge(terms, day)
    arr[row["id"]] = sum(line["arr_cents"] or 0 for line in terms.lines if line["start_on"] <= day <= line["end_on"])
    pile.put(Account, [row])
    pile.put(Contact, people)
    for model, rows in _rows_of(terms):
        pile.put(model, rows)
    papers = Random(f"money {number} {day}")
    pile.put(Invoice, invoices_of(papers, terms, day))
    pile.put(Reminder, reminders_of(papers, terms, day))
    handover = _handover(chance, row["id"], terms, day)
    pile.put(Handover, [handover])
    pile.put(HandoverMove, past_moves(handover))
    if not terms.gone:
        pile.put(Task, promise_tasks(chance, row, handover, terms.first, day))
        pile.put(Task, tasks_by_hand(chance, row, day))
    waiting = next((c["end_on"] for c in terms.contracts if c["renewal_state"] == "open"), None)
    contacts = tuple(person["id"] for person in people if person["left_on"] is None)
    visited = Visited(row["id"], tier.value, company["city"], contacts, terms.first, waiting, not terms.gone)
    heard = _meetings(chance, visited, past_visits(chance, visited, day - timedelta(day.weekday())), day, pile)
    pile.put(ContractEvent, entries)
    pile.put(Opportunity, wishes_of(terms, row, entries, heard, number, day))
    pile.put(Interaction, talks(chance, visited, day))
    return visited


def _meetings(chance: Random, account: Visited, visits: list[Row], day: date, pile: _Pile) -> list[Row]:
    """Visits of an account, and what was written down at those that took place; returns the needs heard."""
    recorded(chance, visits)
    pile.put(Visit, visits)
    pile.put(Attendee, there(account, visits, chance, str(words()["user"])))
    heard = needs(chance, account, visits, day)
    pile.put(Need, heard)
    return heard


def _requests(chance: Random, known: Sequence[Visited], arr: dict[int, int], day: date, pile: _Pile) -> None:
    """What they asked for, and what became of it."""
    made = loops_of(chance, known, arr, day)
    for model, rows in (
        (Release, made.releases), (Demand, made.demands), (DemandReview, made.reviews),
        (DemandMove, made.demand_moves), (Ticket, made.tickets), (TicketMove, made.ticket_moves),
        (Notice, made.notices),
    ):  # fmt: skip
        pile.put(model, rows)


def _owner(chance: Random) -> str:
    return str(words()["user"]) if chance.random() < 0.7 else pick(chance, "owners")


def _rows_of(terms: Terms) -> tuple[tuple[type[Base], list[Row]], ...]:
    return (
        (Contract, terms.contracts),
        (ContractLine, terms.lines),
        (Receivable, terms.receivables),
        (Payment, terms.payments),
    )


def _people(chance: Random, account: int, tier: str, day: date) -> list[Row]:
    roles = [ContactRole.CHAMPION, ContactRole.DECISION_MAKER, ContactRole.USER, ContactRole.ADMINISTRATOR,
             ContactRole.FINANCE, ContactRole.USER]  # fmt: skip
    if tier != Tier.A and chance.random() < 0.5:
        roles[:2] = roles[1::-1]
    rows = []
    for position in range(1, chance.randint(*PEOPLE[tier]) + 1):
        role, number = roles[position - 1], phone(chance)
        gone = position > 1 and chance.random() < 0.04
        rows.append(
            {
                "id": new_id(), "account_id": account, "name": person(chance),
                "title": str(chance.choice(words()["titles"][role.value])), "role": role.value, "phone": number,
                "wechat": f"wx{number[-4:]}{chance.randint(10, 99)}" if chance.random() < 0.6 else "",
                "email": f"u{number[-4:]}{chance.randint(10, 99)}@example.com" if chance.random() < 0.5 else "",
                "sentiment": chance.choices(list(Sentiment), (45, 45, 10))[0].value,
                "left_on": day - timedelta(chance.randint(5, 300)) if gone else None, "position": position,
            }
        )  # fmt: skip
    return rows


def _handover(chance: Random, account: int, terms: Terms, day: date) -> Row:
    """New accounts wait for a look; what sales passed on long ago was accepted."""
    received = min(terms.first - timedelta(chance.randint(0, 10)), day)
    fresh = (day - received).days < 40
    states = (HandoverState.RECEIVED, HandoverState.QUESTIONED, HandoverState.RETURNED, HandoverState.ACCEPTED)
    state = chance.choices(states, (50, 20, 10, 20))[0] if fresh else HandoverState.ACCEPTED
    decided = state in (HandoverState.ACCEPTED, HandoverState.RETURNED)
    return {
        "id": new_id(), "account_id": account, "state": state.value, "received_on": received,
        "decided_on": min(received + timedelta(chance.randint(1, 8)), day) if decided else None,
        "goals": some(chance, "goals", 3), "pain_points": some(chance, "pain_points", 2),
        "promises": some(chance, "promises", 2) if chance.random() < 0.8 else "",
        "risks": some(chance, "risks", 2) if chance.random() < 0.6 else "", "scope": pick(chance, "scopes"),
        "payment_terms": terms.contracts[0]["payment_terms"],
        "questions": pick(chance, "questions") if state == HandoverState.QUESTIONED else "",
    }  # fmt: skip


def _week(chance: Random, accounts: list[Visited], day: date, pile: _Pile) -> None:
    """A confirmed plan for this week."""
    monday = day - timedelta(day.weekday())
    plan: Row = {
        "id": new_id(), "starts_on": monday, "ends_on": monday + timedelta(6), "state": PlanState.CONFIRMED.value,
        "capacity": 4, "left_out": [],
    }  # fmt: skip
    pile.put(VisitPlan, [plan])
    visits = week_visits(chance, accounts, plan["id"], monday, day)
    recorded(chance, visits)
    pile.put(Visit, visits)
    known = {account.id: account for account in accounts}
    for visit in visits:
        account = known[visit["account_id"]]
        pile.put(Attendee, there(account, [visit], chance, str(words()["user"])))
        pile.put(Need, needs(chance, account, [visit], day))
