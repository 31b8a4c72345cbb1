"""Reading articles: the list, one of them, what to pick from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from csdesk.models.articles import Article
from csdesk.models.vocabulary import C_, N_, ArticleKind
from csdesk.services.attachments.queries import AttachmentRow, attachments_of_articles
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like

TABLE: Any = Article.__table__
COLUMNS = (
    Column("title", C_("of an article", "Title"), Kind.NAME, 300),
    Column("kind", C_("what it is", "Kind"), Kind.CHOICE, 88),
    Column("topic", N_("Topic"), Kind.TEXT, 136),
    Column("industry", N_("Industry"), Kind.TEXT, 120, leaves=2),
    Column("internal", N_("For whom"), Kind.CHOICE, 112, leaves=1),
    Column("target", N_("Address"), Kind.TEXT, 220, leaves=3),
)


def _equals(column: Any) -> Callable[[Filter, date], ColumnElement[bool]]:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        found: ColumnElement[bool] = column.in_([str(value) for value in values])
        return found

    return condition


def _audience(given: Filter, today: date) -> ColumnElement[bool]:
    found: ColumnElement[bool] = TABLE.c.internal.is_(given.value == "1")
    return found


ARTICLES = Listing(
    entity="articles",
    table=TABLE,
    columns=COLUMNS,
    sources={column.key: TABLE.c[column.key] for column in COLUMNS},
    default_sort="title",
    conditions={
        "kind": _equals(TABLE.c.kind),
        "topic": _equals(TABLE.c.topic),
        "industry": _equals(TABLE.c.industry),
        "internal": _audience,
    },
    search=lambda words: like(words, TABLE.c.title, TABLE.c.topic, TABLE.c.industry, TABLE.c.target, TABLE.c.text),
)
VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("all", N_("All"), ()),
    ("customers", N_("For customers"), (Filter("internal", "0"),)),
    ("internal", N_("Internal only"), (Filter("internal", "1"),)),
)
"""The views that come with the desk: key, title (msgid), conditions."""


def view_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many articles each set of conditions holds."""
    return [ARTICLES.count(connection, Query(filters=filters), today) for filters in views]


@dataclass(frozen=True)
class ArticleRow:
    """An article as a form shows it; ``file`` is that of one of kind file."""

    id: int
    version: int
    title: str
    kind: str
    target: str
    text: str
    topic: str
    industry: str
    internal: bool
    file: AttachmentRow | None = None


FIELDS = [getattr(Article, name) for name in ArticleRow.__dataclass_fields__ if name != "file"]


def article(connection: Connection, article_id: int) -> ArticleRow | None:
    """One article that is not in the bin."""
    return next(iter(_rows(connection, Article.id == article_id)), None)


def articles(connection: Connection) -> list[ArticleRow]:
    """All of them, by title: to pick from."""
    return _rows(connection)


def _rows(connection: Connection, *conditions: Any) -> list[ArticleRow]:
    rows = connection.execute(
        select(*FIELDS).where(Article.deleted_at.is_(None), *conditions).order_by(Article.title, Article.id)
    ).all()
    with_file = [row.id for row in rows if row.kind == ArticleKind.FILE]
    files = {file.owner_id: file for file in attachments_of_articles(connection, with_file)}
    return [ArticleRow(*row, files.get(row[0])) for row in rows]  # type: ignore[call-arg]
