"""Attachments: files kept beside the store under the hash of their content."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Record, Words, owned_by


class Attachment(Record, Base):
    """A file of a visit, of an article, of a ticket or of a contract: its name as it was given, its content's SHA-256, its size in bytes.

    Two rows with the same hash share one file. The file stays where the row is in the bin.
    """

    __tablename__ = "attachments"

    visit_id: Mapped[int | None] = owned_by("visits", nullable=True)
    article_id: Mapped[int | None] = owned_by("articles", nullable=True)
    ticket_id: Mapped[int | None] = owned_by("tickets", nullable=True)
    contract_id: Mapped[int | None] = owned_by("contracts", nullable=True)
    name: Mapped[Words]
    sha256: Mapped[str] = mapped_column(String, index=True)
    size: Mapped[int] = mapped_column(Integer)
