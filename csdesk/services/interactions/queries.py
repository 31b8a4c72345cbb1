"""Reading interactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from csdesk.models.contacts import Contact
from csdesk.models.interactions import Interaction


@dataclass(frozen=True)
class InteractionRow:
    """A note, a call or a message as screens show it; ``contact`` is the name of whom it was with."""

    id: int
    version: int
    account_id: int
    contact_id: int | None
    kind: str
    happened_on: date
    starts_at: str
    text: str
    contact: str


def interactions_of(connection: Connection, account_id: int, limit: int = 2_000) -> list[InteractionRow]:
    """An account's interactions, the newest first."""
    return _rows(connection, Interaction.account_id == account_id, limit)


def interaction(connection: Connection, interaction_id: int) -> InteractionRow | None:
    """One that is not in the bin."""
    return next(iter(_rows(connection, Interaction.id == interaction_id, 1)), None)


def _rows(connection: Connection, condition: object, limit: int) -> list[InteractionRow]:
    own = [getattr(Interaction, name) for name in list(InteractionRow.__dataclass_fields__)[:-1]]
    rows = connection.execute(
        select(*own, Contact.name)
        .outerjoin(Contact, (Contact.id == Interaction.contact_id) & Contact.deleted_at.is_(None))
        .where(condition, Interaction.deleted_at.is_(None))  # type: ignore[arg-type]
        .order_by(Interaction.happened_on.desc(), Interaction.starts_at.desc(), Interaction.id.desc())
        .limit(limit)
    )
    return [InteractionRow(*(*row[:-1], row[-1] or "")) for row in rows]
