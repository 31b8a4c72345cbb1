"""Contacts: the people at an account."""

from datetime import date

from sqlalchemy import Date, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import DERIVED, Base, Record, Words, of_the_bin, owned_by


class Contact(Record, Base):
    """A person at an account; ``left_on`` is the day on which they left the company."""

    __tablename__ = "contacts"

    account_id: Mapped[int] = owned_by("accounts")
    name: Mapped[Words]
    title: Mapped[Words]
    role: Mapped[str | None] = mapped_column(String)
    phone: Mapped[Words]
    email: Mapped[Words]
    wechat: Mapped[Words]
    sentiment: Mapped[str | None] = mapped_column(String)
    left_on: Mapped[date | None] = mapped_column(Date)
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    notes: Mapped[Words]

    pinyin: Mapped[str | None] = mapped_column(Text, info=DERIVED)
    initials: Mapped[str | None] = mapped_column(Text, info=DERIVED)

    __table_args__ = (of_the_bin("contacts"),)
