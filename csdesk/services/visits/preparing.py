"""Preparing a visit: its texts, who is there, what is brought, and filling in what is known already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.articles import Article
from csdesk.models.contacts import Contact
from csdesk.models.visits import Attendee, Visit, VisitMaterial
from csdesk.models.vocabulary import Side, VisitType
from csdesk.services.core.drafts import LONGEST
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.settings.queries import setting
from csdesk.services.visits import agendas
from csdesk.services.visits.preparation import preparation
from csdesk.services.visits.reasons import reasons_from_json
from csdesk.services.visits.talking_points import proposed

TEXTS = ("goal", "wanted", "agenda", "questions", "talking_points", "internal")
"""What is written for a visit, by its column."""


@dataclass(frozen=True)
class Prepare:
    """New texts by key, and ``type``: a word of VisitType or "" for none. What is not named stays."""

    visit_id: int
    values: Mapping[str, str]


@command(N_("Visit to {name} prepared"))
def prepare_visit(uow: UnitOfWork, wish: Prepare) -> None:
    """Store what was written. Another type brings its agenda where none was written yet, or just the former type's.

    Raises Problems for a text that is too long or a type that is none.
    """
    visit = uow.get(Visit, wish.visit_id)
    _check(wish.values)
    before = agendas.template(_type_of(visit), setting(uow.connection, agendas.SETTING))
    for key, value in wish.values.items():
        if key in TEXTS:
            setattr(visit, key, value.strip())
    kind = wish.values.get("type")
    if kind is not None and (kind or None) != visit.type:
        visit.type = kind or None
        if "agenda" not in wish.values and kind and visit.agenda.strip() in ("", before):
            visit.agenda = agendas.template(VisitType(kind), setting(uow.connection, agendas.SETTING))
    uow.name(name=_name(uow, visit))


def _check(values: Mapping[str, str]) -> None:
    unknown = values.keys() - {*TEXTS, "type"}
    if unknown:
        raise KeyError(f"not written for a visit: {sorted(unknown)}")
    problems = [
        Problem(key, _("This text is too long: {n} characters at most.").format(n=LONGEST), code="too_long")
        for key, value in values.items()
        if len(value) > LONGEST
    ]
    if values.get("type") and values["type"] not in set(VisitType):
        problems.append(Problem("type", _("Choose one of the list."), code="unknown"))
    if problems:
        raise Problems(problems)


def _type_of(visit: Visit) -> VisitType:
    return VisitType(visit.type) if visit.type else agendas.type_for(reasons_from_json(visit.reasons))


@dataclass(frozen=True)
class FillIn:
    """Whatever is still empty, from what is known."""

    visit_id: int


@command(N_("Visit to {name} filled in from what is known"))
def fill_in(uow: UnitOfWork, wish: FillIn) -> None:
    """Propose type, agenda, questions, talking points and people where nothing was written; what was written stays."""
    visit = uow.get(Visit, wish.visit_id)
    view = preparation(uow.connection, wish.visit_id, uow.today)
    if view is None:
        return
    kind = view.type
    visit.type = visit.type or kind.value
    visit.agenda = visit.agenda or view.template
    visit.questions = visit.questions or agendas.questions_for(kind)
    visit.talking_points = visit.talking_points or "\n".join(proposed(view, uow.today))
    position = 0
    for person in view.theirs:
        if person.attendee_id is None:
            uow.add(Attendee(visit_id=visit.id, contact_id=person.contact_id, side=Side.THEIRS.value))
        position += 1
    if not view.ours and view.user:
        uow.add(Attendee(visit_id=visit.id, name=view.user, side=Side.OURS.value, position=position))
    uow.name(name=_name(uow, visit))


@dataclass(frozen=True)
class Invite:
    """Who is to be there: contacts by id in the order of importance, ours by name."""

    visit_id: int
    contacts: tuple[int, ...]
    ours: tuple[str, ...] = ()


@command(N_("Whom to meet at {name} changed"))
def invite(uow: UnitOfWork, wish: Invite) -> None:
    """Set who is to be there; the first contact is the one that lists and the plan name. Raises Problems for strangers."""
    visit = uow.get(Visit, wish.visit_id)
    for contact_id in wish.contacts:
        if uow.get(Contact, contact_id).account_id != visit.account_id:
            sentence = _("This person belongs to another account.")
            raise Problems([Problem("contacts", sentence, code="foreign_contact")])
    names = tuple(dict.fromkeys(name.strip() for name in wish.ours if name.strip()))
    wanted: dict[tuple[int | None, str], Side] = {(contact, ""): Side.THEIRS for contact in wish.contacts}
    wanted |= {(None, name): Side.OURS for name in names}
    rows = {(row.contact_id, "" if row.contact_id else row.name): row for row in attendees_of(uow, visit.id)}
    for key, row in rows.items():
        if key in wanted:
            row.invited, row.position = True, list(wanted).index(key)
        elif row.came is None and (row.contact_id is not None or row.side == Side.OURS):
            uow.bin(row)
        else:
            row.invited = False
    for position, ((contact, name), side) in enumerate(wanted.items()):
        if (contact, name) not in rows:
            row = Attendee(visit_id=visit.id, contact_id=contact, name=name, side=side.value, position=position)
            uow.add(row)
    visit.contact_id = wish.contacts[0] if wish.contacts else None
    uow.name(name=_name(uow, visit))


def attendees_of(uow: UnitOfWork, visit_id: int) -> list[Attendee]:
    """The rows of who is or was at a visit, in their order."""
    uow.session.flush()
    rows = select(Attendee).where(Attendee.visit_id == visit_id, Attendee.deleted_at.is_(None))
    return list(uow.session.scalars(rows.order_by(Attendee.position, Attendee.id)))


@dataclass(frozen=True)
class Bring:
    """Articles to bring, in this order."""

    visit_id: int
    articles: tuple[int, ...]


@command(N_("What to bring to {name} changed"))
def bring(uow: UnitOfWork, wish: Bring) -> None:
    """Set the materials; those that are missing by now and named again stay."""
    visit = uow.get(Visit, wish.visit_id)
    rows = select(VisitMaterial).where(VisitMaterial.visit_id == visit.id, VisitMaterial.deleted_at.is_(None))
    known = {row.article_id: row for row in uow.session.scalars(rows)}
    for article_id, row in known.items():
        if article_id not in wish.articles:
            uow.bin(row)
    for position, article_id in enumerate(dict.fromkeys(wish.articles)):
        if article_id in known:
            known[article_id].position = position
        else:
            uow.get(Article, article_id)
            uow.add(VisitMaterial(visit_id=visit.id, article_id=article_id, position=position))
    uow.name(name=_name(uow, visit))


def _name(uow: UnitOfWork, visit: Visit) -> str:
    account = uow.get(Account, visit.account_id)
    return account.short_name or account.name
