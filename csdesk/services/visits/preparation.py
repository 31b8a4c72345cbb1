"""All that a visit is prepared with, in one reading: what was written for it, and what is known of the account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, and_, case, func, select

from csdesk.models.articles import Article
from csdesk.models.handover import Handover
from csdesk.models.interactions import Interaction
from csdesk.models.opportunities import Opportunity
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.tickets import Ticket
from csdesk.models.visits import Attendee, Need, Visit, VisitMaterial
from csdesk.models.vocabulary import (
    ContactRole,
    NeedState,
    Sentiment,
    Side,
    TaskSource,
    TicketKind,
    VisitOutcome,
    VisitState,
    VisitType,
)
from csdesk.services.accounts.queries import AccountRow, account
from csdesk.services.attachments.queries import AttachmentRow, attachments_of_articles, attachments_of_visits
from csdesk.services.contacts.queries import ContactRow, contacts_of
from csdesk.services.contracts.queries import ContractRow, contracts_of
from csdesk.services.settings.queries import setting
from csdesk.services.tasks.queries import TaskRow, tasks_from, tasks_of_account
from csdesk.services.visits import agendas
from csdesk.services.visits.cards import VisitCard
from csdesk.services.visits.queries import visit, visits_of_account
from csdesk.services.visits.report_back import BackItem, to_report


@dataclass(frozen=True)
class Participant:
    """Somebody at a visit. ``attendee_id`` is None for the contact that the plan named and nobody confirmed yet.

    ``last_contact_on`` is the last day on which this person was met, called or written to.
    """

    attendee_id: int | None
    contact_id: int | None
    name: str
    side: Side
    invited: bool = True
    came: bool | None = None
    title: str = ""
    role: ContactRole | None = None
    phone: str = ""
    sentiment: Sentiment | None = None
    left_on: date | None = None
    last_contact_on: date | None = None


@dataclass(frozen=True)
class Material:
    """Something to bring. ``missing``: the article was deleted, or its file is gone."""

    id: int
    article_id: int | None
    title: str
    kind: str
    target: str
    internal: bool
    missing: bool
    file: AttachmentRow | None = None


@dataclass(frozen=True)
class HeardNeed:
    """A need that a customer let show: its words, what it may become, whether it waits; the ticket or the opportunity
    that it became."""

    id: int
    visit_id: int | None
    text: str
    kind: str | None
    state: str
    heard_on: date
    ticket_id: int | None = None
    ticket: str = ""
    opportunity_id: int | None = None


@dataclass(frozen=True)
class Deal:
    """Contract and money, for us alone. ``overdue`` is what is due and unpaid in yuan, ``next_due`` what comes next."""

    contracts: tuple[ContractRow, ...]
    overdue: Decimal
    overdue_since: date | None
    next_due: date | None
    next_amount: Decimal | None


@dataclass(frozen=True)
class Written:
    """What was written for a visit and about it; texts as typed. ``spent`` and ``travel`` are minutes."""

    type: VisitType | None
    wanted: str
    questions: str
    talking_points: str
    internal: str
    outcome: VisitOutcome | None
    mood: str | None
    next_on: date | None
    spent: int | None
    travel: int | None
    expenses: Decimal | None

    @property
    def is_prepared(self) -> bool:
        """Whether anything was written to prepare it."""
        return bool(self.type or self.wanted or self.questions or self.talking_points)


@dataclass(frozen=True)
class Preparation:
    """A visit with everything that its page and its sheet show."""

    card: VisitCard
    written: Written
    account: AccountRow
    theirs: tuple[Participant, ...]
    ours: tuple[Participant, ...]
    contacts: tuple[ContactRow, ...]
    materials: tuple[Material, ...]
    promises: tuple[TaskRow, ...]
    tasks: tuple[TaskRow, ...]
    own_tasks: tuple[TaskRow, ...]
    report_back: tuple[BackItem, ...]
    deal: Deal
    goals: str
    pain_points: str
    risks: str
    last: VisitCard | None
    needs: tuple[HeardNeed, ...]
    open_needs: tuple[HeardNeed, ...]
    attachments: tuple[AttachmentRow, ...]
    user: str
    template: str
    """The agenda of the visit's type, or of the one its reasons ask for."""

    @property
    def agenda(self) -> tuple[agendas.Point, ...]:
        """The agenda with clock times."""
        return agendas.points(self.card.agenda, self.card.starts_at)

    @property
    def type(self) -> VisitType:
        """The type chosen, else the one that the reasons ask for."""
        return self.written.type or agendas.type_for(self.card.reasons)


def preparation(connection: Connection, visit_id: int, today: date) -> Preparation | None:
    """Everything about a visit; None where it or its account is gone."""
    card = visit(connection, visit_id)
    owner = account(connection, card.account_id) if card is not None else None
    if card is None or owner is None:
        return None
    written = written_of(connection, visit_id)
    people = contacts_of(connection, owner.id)
    theirs, ours = participants(connection, card, people)
    handover = _handover(connection, owner.id)
    waiting = [task for task in tasks_of_account(connection, owner.id) if task.is_open]
    own = tasks_from(connection, TaskSource.VISIT, visit_id)
    mine = {task.id for task in own}
    needs = needs_of(connection, owner.id)
    kind = written.type or agendas.type_for(card.reasons)
    return Preparation(
        card=card,
        written=written,
        account=owner,
        theirs=theirs,
        ours=ours,
        contacts=tuple(people),
        materials=_materials(connection, visit_id),
        promises=tuple(task for task in waiting if task.source == TaskSource.HANDOVER),
        tasks=tuple(task for task in waiting if task.source != TaskSource.HANDOVER and task.id not in mine),
        own_tasks=tuple(own),
        report_back=to_report(connection, owner.id),
        deal=deal_of(connection, owner.id, today),
        goals=handover[0],
        pain_points=handover[1],
        risks=handover[2],
        last=_last(connection, card),
        needs=tuple(need for need in needs if need.visit_id == visit_id),
        open_needs=tuple(need for need in needs if need.visit_id != visit_id and need.state == NeedState.OPEN),
        attachments=tuple(attachments_of_visits(connection, [visit_id])),
        user=str(setting(connection, "user.name")),
        template=agendas.template(kind, setting(connection, agendas.SETTING)),
    )


def written_of(connection: Connection, visit_id: int) -> Written:
    """The preparation and the record of a visit as they are stored; KeyError where it is gone."""
    row = connection.execute(
        select(
            Visit.type, Visit.wanted, Visit.questions, Visit.talking_points, Visit.internal, Visit.outcome, Visit.mood,
            Visit.next_on, Visit.spent_minutes, Visit.travel_minutes, Visit.expenses,
        ).where(Visit.id == visit_id)
    ).first()  # fmt: skip
    if row is None:
        raise KeyError(visit_id)
    known = next((kind for kind in VisitType if kind == row.type), None)
    outcome = next((one for one in VisitOutcome if one == row.outcome), None)
    return Written(
        known, row.wanted, row.questions, row.talking_points, row.internal, outcome, row.mood, row.next_on,
        row.spent_minutes, row.travel_minutes, row.expenses,
    )  # fmt: skip


def participants(
    connection: Connection, card: VisitCard, people: Iterable[ContactRow]
) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    """Theirs and ours. The contact that the plan names is among theirs even where nobody put it there."""
    known = {person.id: person for person in people}
    seen = last_contacts(connection, card.account_id)
    rows = connection.execute(
        select(Attendee).where(Attendee.visit_id == card.id, Attendee.deleted_at.is_(None))
        .order_by(Attendee.position, Attendee.id)
    ).all()  # fmt: skip
    found = [
        _participant(row.id, row.contact_id, row.name, Side(row.side), row.invited, row.came, known, seen)
        for row in rows
    ]
    if card.contact_id in known and all(one.contact_id != card.contact_id for one in found):
        found.insert(0, _participant(None, card.contact_id, "", Side.THEIRS, True, None, known, seen))
    return (
        tuple(one for one in found if one.side == Side.THEIRS),
        tuple(one for one in found if one.side == Side.OURS),
    )


def _participant(
    attendee_id: int | None,
    contact_id: int | None,
    name: str,
    side: Side,
    invited: bool,
    came: bool | None,
    known: dict[int, ContactRow],
    seen: dict[int, date],
) -> Participant:
    person = known.get(contact_id or 0)
    if person is None:
        return Participant(attendee_id, None, name, side, invited, came)
    return Participant(
        attendee_id, person.id, person.name, side, invited, came, person.title,
        ContactRole(person.role) if person.role else None, person.phone,
        Sentiment(person.sentiment) if person.sentiment else None, person.left_on, seen.get(person.id),
    )  # fmt: skip


def last_contacts(connection: Connection, account_id: int) -> dict[int, date]:
    """By contact the last day on which this person was met, called or written to."""
    days: dict[int, date] = {}
    met = select(Attendee.contact_id, func.max(Visit.done_on)).join(Visit, Visit.id == Attendee.visit_id).where(
        Visit.account_id == account_id, Visit.deleted_at.is_(None), Visit.state == VisitState.DONE,
        Attendee.deleted_at.is_(None), Attendee.came.is_(True),
    ).group_by(Attendee.contact_id)  # fmt: skip
    planned = select(Visit.contact_id, func.max(Visit.done_on)).where(
        Visit.account_id == account_id, Visit.deleted_at.is_(None), Visit.state == VisitState.DONE,
        ~select(Attendee.id)
        .where(Attendee.visit_id == Visit.id, Attendee.deleted_at.is_(None), Attendee.came.is_not(None))
        .exists(),
    ).group_by(Visit.contact_id)  # fmt: skip
    spoken = select(Interaction.contact_id, func.max(Interaction.happened_on)).where(
        Interaction.account_id == account_id, Interaction.deleted_at.is_(None), Interaction.kind != "note"
    ).group_by(Interaction.contact_id)  # fmt: skip
    for statement in (met, planned, spoken):
        for contact, day in connection.execute(statement):
            if contact is not None and day is not None:
                days[contact] = max(days.get(contact, day), day)
    return days


def _materials(connection: Connection, visit_id: int) -> tuple[Material, ...]:
    rows = connection.execute(
        select(
            VisitMaterial.id, VisitMaterial.article_id, Article.title, Article.kind, Article.target, Article.internal,
            Article.deleted_at,
        )
        .outerjoin(Article, Article.id == VisitMaterial.article_id)
        .where(VisitMaterial.visit_id == visit_id, VisitMaterial.deleted_at.is_(None))
        .order_by(VisitMaterial.position, VisitMaterial.id)
    ).all()  # fmt: skip
    files = {
        file.owner_id: file for file in attachments_of_articles(connection, [row.article_id for row in rows if row[1]])
    }
    found = []
    for row in rows:
        file = files.get(row.article_id)
        gone = row.title is None or row.deleted_at is not None
        lost = row.kind == "file" and (file is None or not file.there)
        found.append(
            Material(row.id, row.article_id, row.title or "", row.kind or "", row.target or "", bool(row.internal),
                     gone or lost, file)
        )  # fmt: skip
    return tuple(found)


def _handover(connection: Connection, account_id: int) -> tuple[str, str, str]:
    row = connection.execute(
        select(Handover.goals, Handover.pain_points, Handover.risks)
        .where(Handover.account_id == account_id, Handover.deleted_at.is_(None))
        .order_by(Handover.id.desc())
        .limit(1)
    ).first()
    return ("", "", "") if row is None else (row[0], row[1], row[2])


def _last(connection: Connection, card: VisitCard) -> VisitCard | None:
    """The visit before this one that took place."""
    until = card.done_on or card.day
    for earlier in visits_of_account(connection, card.account_id):
        if earlier.id != card.id and earlier.done_on is not None and (until is None or earlier.done_on <= until):
            return earlier
    return None


TICKET_LETTER = case({TicketKind.BUG.value: "B", TicketKind.QUESTION.value: "Q"}, value=Ticket.kind, else_="R")


def needs_of(connection: Connection, account_id: int) -> list[HeardNeed]:
    """What an account let show, the newest first."""
    rows = connection.execute(
        select(
            Need.id, Need.visit_id, Need.text, Need.kind, Need.state, Need.heard_on, Ticket.id,
            case((Ticket.id.is_not(None), TICKET_LETTER.concat(func.printf("-%04d", Ticket.number))), else_=""),
            Opportunity.id,
        )
        .outerjoin(Ticket, and_(Ticket.id == Need.became_id, Ticket.deleted_at.is_(None)))
        .outerjoin(Opportunity, and_(Opportunity.id == Need.became_id, Opportunity.deleted_at.is_(None)))
        .where(Need.account_id == account_id, Need.deleted_at.is_(None))
        .order_by(Need.heard_on.desc(), Need.position, Need.id)
    )  # fmt: skip
    return [HeardNeed(*row) for row in rows]


def deal_of(connection: Connection, account_id: int, today: date) -> Deal:
    """Contracts and money of an account as known on a day."""
    signed = contracts_of(connection, account_id)
    contracts = [row for row in signed if row.successor_id is None]
    running = [row for row in contracts if row.end_on is None or row.end_on >= today] or contracts[:1]
    ids = [row.id for row in signed]
    owed: list[tuple[date, Decimal]] = []
    coming: list[tuple[date, Decimal]] = []
    paid: dict[int, Decimal] = {}
    for contract_id, amount in connection.execute(
        select(Payment.contract_id, Payment.amount).where(Payment.contract_id.in_(ids), Payment.deleted_at.is_(None))
    ):
        paid[contract_id] = paid.get(contract_id, Decimal(0)) + amount
    for contract_id, due_on, amount in connection.execute(
        select(Receivable.contract_id, Receivable.due_on, Receivable.amount)
        .where(Receivable.contract_id.in_(ids), Receivable.deleted_at.is_(None), Receivable.due_on.is_not(None))
        .order_by(Receivable.due_on, Receivable.id)
    ):
        covered = min(paid.get(contract_id, Decimal(0)), amount)
        paid[contract_id] = paid.get(contract_id, Decimal(0)) - covered
        if amount > covered and due_on is not None:
            (owed if due_on < today else coming).append((due_on, amount - covered))
    first = coming[0] if coming else (None, None)
    return Deal(
        tuple(running), sum((amount for _day, amount in owed), Decimal(0)), owed[0][0] if owed else None, first[0],
        first[1],
    )  # fmt: skip
