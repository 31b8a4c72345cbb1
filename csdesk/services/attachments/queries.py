"""Reading attachments, and whether their files are there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from csdesk.models.attachments import Attachment
from csdesk.services.files.kept_files import Kept, folder_of, is_there


@dataclass(frozen=True)
class AttachmentRow:
    """An attachment as screens show it; ``there`` says whether its file lies in the data folder."""

    id: int
    owner_id: int
    kept: Kept
    there: bool


def attachments_of_visits(connection: Connection, visits: Collection[int]) -> list[AttachmentRow]:
    """The attachments of visits, in the order of attaching."""
    return _rows(connection, Attachment.visit_id, visits)


def attachments_of_articles(connection: Connection, articles: Collection[int]) -> list[AttachmentRow]:
    """The files of articles."""
    return _rows(connection, Attachment.article_id, articles)


def attachments_of_tickets(connection: Connection, tickets: Collection[int]) -> list[AttachmentRow]:
    """The files of tickets."""
    return _rows(connection, Attachment.ticket_id, tickets)


def attachments_of_contracts(connection: Connection, contracts: Collection[int]) -> list[AttachmentRow]:
    """The files of contracts."""
    return _rows(connection, Attachment.contract_id, contracts)


def _rows(connection: Connection, owner: object, ids: Collection[int]) -> list[AttachmentRow]:
    if not ids:
        return []
    folder = folder_of(store_path(connection))
    rows = connection.execute(
        select(Attachment.id, owner, Attachment.name, Attachment.sha256, Attachment.size)  # type: ignore[call-overload]
        .where(owner.in_(list(ids)), Attachment.deleted_at.is_(None))  # type: ignore[attr-defined]
        .order_by(Attachment.id)
    )
    return [
        AttachmentRow(row[0], row[1], Kept(row[2], row[3], row[4]), is_there(folder, row[3], row[4])) for row in rows
    ]


def store_path(connection: Connection) -> Path:
    """The file that this connection reads."""
    return Path(connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2])
