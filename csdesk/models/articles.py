"""Articles: what can be brought to a customer or sent to one."""

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Record, Words
from csdesk.models.vocabulary import ArticleKind


class Article(Record, Base):
    """A file, a link or a text. ``target`` is the link; a file lies with the attachments, a text in ``text``.

    ``internal`` ones are not for customers.
    """

    __tablename__ = "articles"

    title: Mapped[Words]
    kind: Mapped[str] = mapped_column(String, default=ArticleKind.LINK, server_default=ArticleKind.LINK)
    target: Mapped[Words]
    text: Mapped[Words]
    topic: Mapped[Words]
    industry: Mapped[Words]
    internal: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
