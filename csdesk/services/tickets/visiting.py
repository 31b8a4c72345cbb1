"""A visit at which answers were told: its record and the telling are one step."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.models.visits import Visit
from csdesk.models.vocabulary import Channel
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tickets.telling import Tell, tell_customers
from csdesk.services.visits.record_fields import HELD
from csdesk.services.visits.recording import Record, record_meeting


@dataclass(frozen=True)
class RecordAndTell:
    """How a visit went, and which answers were told there."""

    record: Record
    notice_ids: tuple[int, ...] = ()


@command(N_("Visit to {name} recorded: {outcome}"))
def record_and_tell(uow: UnitOfWork, wish: RecordAndTell) -> int | None:
    """Store the record, and that the customer was told, on the day of the visit; nothing is told where it did not take place.

    Gives the id of the next visit where one was planned. Raises as the two commands do.
    """
    fields = wish.record.fields
    if wish.notice_ids and fields.outcome in HELD:
        visit = uow.get(Visit, wish.record.visit_id)
        tell_customers(uow, Tell(wish.notice_ids, Channel.VISIT, on=fields.day, contact_id=visit.contact_id))
    return record_meeting(uow, wish.record)
