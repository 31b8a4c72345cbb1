"""Attaching files, and putting attachments into the bin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import and_, select

from csdesk.models.articles import Article
from csdesk.models.attachments import Attachment
from csdesk.models.contracts import Contract
from csdesk.models.tickets import Ticket
from csdesk.models.visits import Visit
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.files.kept_files import keep


@dataclass(frozen=True)
class Attach:
    """Files for a visit, an article, a ticket or a contract; ``folder`` is where the store keeps its files."""

    paths: tuple[Path, ...]
    folder: Path
    visit_id: int | None = None
    article_id: int | None = None
    ticket_id: int | None = None
    contract_id: int | None = None


@dataclass(frozen=True)
class Detach:
    """Some attachments."""

    ids: tuple[int, ...]


@command(N_("Files attached: {names}"))
def attach_files(uow: UnitOfWork, wish: Attach) -> tuple[int, ...]:
    """Copy the files in and store a row for each; returns the ids. A file that hangs there already is not hung twice.

    Raises Problems for what is no file, empty or too large, StorageError where the disk refuses.
    """
    if wish.visit_id is not None:
        uow.get(Visit, wish.visit_id)
    if wish.article_id is not None:
        uow.get(Article, wish.article_id)
    if wish.ticket_id is not None:
        uow.get(Ticket, wish.ticket_id)
    if wish.contract_id is not None:
        uow.get(Contract, wish.contract_id)
    there = rows_of(uow, wish.visit_id, wish.article_id, wish.ticket_id, wish.contract_id)
    known = {(row.name, row.sha256): row.id for row in there}
    ids = []
    for path in wish.paths:
        kept = keep(path, wish.folder)
        if (kept.name, kept.sha256) not in known:
            row = Attachment(
                visit_id=wish.visit_id, article_id=wish.article_id, ticket_id=wish.ticket_id,
                contract_id=wish.contract_id, name=kept.name, sha256=kept.sha256, size=kept.size,
            )  # fmt: skip
            known[kept.name, kept.sha256] = uow.add(row).id
        ids.append(known[kept.name, kept.sha256])
    uow.name(names=_(", ").join(path.name for path in wish.paths))
    return tuple(ids)


def rows_of(
    uow: UnitOfWork,
    visit_id: int | None = None,
    article_id: int | None = None,
    ticket_id: int | None = None,
    contract_id: int | None = None,
) -> list[Attachment]:
    """The rows that hang on a visit, an article, a ticket or a contract."""
    owner = and_(
        Attachment.visit_id.is_not_distinct_from(visit_id),
        Attachment.article_id.is_not_distinct_from(article_id),
        Attachment.ticket_id.is_not_distinct_from(ticket_id),
        Attachment.contract_id.is_not_distinct_from(contract_id),
    )
    return list(uow.session.scalars(select(Attachment).where(owner, Attachment.deleted_at.is_(None))))


@command(N_("Attachments deleted: {names}"))
def detach(uow: UnitOfWork, wish: Detach) -> None:
    """Into the bin; the files stay."""
    rows = [uow.get(Attachment, row_id) for row_id in wish.ids]
    for row in rows:
        uow.bin(row)
    uow.name(names=_(", ").join(row.name for row in rows))
