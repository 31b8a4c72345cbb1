"""Who was at the visits of an account, by name."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, case, select

from csdesk.models.contacts import Contact
from csdesk.models.visits import Attendee, Visit
from csdesk.models.vocabulary import Side


def who_came(connection: Connection, account_id: int) -> dict[int, tuple[str, ...]]:
    """By visit the names of theirs who came; for a visit without a record of it the contact that it was planned with."""
    named = case((Contact.name.is_not(None), Contact.name), else_=Attendee.name)
    rows = connection.execute(
        select(Attendee.visit_id, named)
        .join(Visit, Visit.id == Attendee.visit_id)
        .outerjoin(Contact, Contact.id == Attendee.contact_id)
        .where(
            Visit.account_id == account_id, Attendee.deleted_at.is_(None), Attendee.came.is_(True),
            Attendee.side == Side.THEIRS,
        )
        .order_by(Attendee.position, Attendee.id)
    )  # fmt: skip
    found: defaultdict[int, list[str]] = defaultdict(list)
    for visit_id, name in rows:
        found[visit_id].append(name)
    planned = connection.execute(
        select(Visit.id, Contact.name)
        .join(Contact, Contact.id == Visit.contact_id)
        .where(Visit.account_id == account_id, Visit.deleted_at.is_(None))
    )
    for visit_id, name in planned:
        if visit_id not in found:
            found[visit_id].append(name)
    return {visit_id: tuple(names) for visit_id, names in found.items()}
