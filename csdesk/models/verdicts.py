"""Verdicts: what the user said about two companies that look alike."""

from sqlalchemy import Boolean
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Record, Words, points_at


class Verdict(Record, Base):
    """Whether two companies are the same one, said once and remembered.

    A side is an account, or a name of a file alone. ``spelling`` and ``other_spelling`` are the names without signs and
    script, so that the verdict holds for each way to write them.
    """

    __tablename__ = "verdicts"

    account_id: Mapped[int | None] = points_at("accounts")
    name: Mapped[Words]
    spelling: Mapped[Words]
    other_account_id: Mapped[int | None] = points_at("accounts")
    other_name: Mapped[Words]
    other_spelling: Mapped[Words]
    same: Mapped[bool] = mapped_column(Boolean)
