"""Making, changing and deleting articles."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from csdesk.models.articles import Article
from csdesk.models.vocabulary import ArticleKind
from csdesk.services.articles.rules import ArticleFields
from csdesk.services.attachments.commands import Attach, attach_files, rows_of
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command


@dataclass(frozen=True)
class NewArticle:
    """An article; ``file`` is what one of kind file takes in, ``folder`` where the store keeps its files."""

    fields: ArticleFields
    file: Path | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class ChangeArticle:
    """New values; ``file`` takes the place of the file before. ``version`` as it was read (None: whatever it is)."""

    id: int
    fields: ArticleFields
    version: int | None = None
    file: Path | None = None
    folder: Path | None = None


@dataclass(frozen=True)
class Articles:
    """Some articles."""

    ids: tuple[int, ...]


@command(N_("New article: {name}"))
def create_article(uow: UnitOfWork, wish: NewArticle) -> int:
    """Store an article; returns its id. Raises Problems for one of kind file without a file."""
    if wish.fields.kind == ArticleKind.FILE and wish.file is None:
        raise _no_file()
    row = uow.add(Article(**asdict(wish.fields)))
    uow.session.flush()
    _take_file(uow, row.id, wish.file, wish.folder)
    uow.name(name=row.title)
    return row.id


@command(N_("Article changed: {name}"))
def change_article(uow: UnitOfWork, wish: ChangeArticle) -> None:
    """Store new values. Raises Conflict where it changed since ``version``, Problems for a file that is missing."""
    row = uow.get(Article, wish.id, wish.version)
    files = rows_of(uow, None, row.id)
    if wish.fields.kind == ArticleKind.FILE and wish.file is None and not files:
        raise _no_file()
    for key, value in asdict(wish.fields).items():
        setattr(row, key, value)
    if wish.file is not None:
        for before in files:
            uow.bin(before)
        _take_file(uow, row.id, wish.file, wish.folder)
    uow.name(name=row.title)


def _take_file(uow: UnitOfWork, article: int, file: Path | None, folder: Path | None) -> None:
    if file is not None and folder is not None:
        attach_files(uow, Attach((file,), folder, article_id=article))


def _no_file() -> Problems:
    return Problems([Problem("file", _("Choose the file."), code="missing")])


@command(N_("Articles deleted: {names}"))
def delete_articles(uow: UnitOfWork, wish: Articles) -> None:
    """Into the bin; visits that bring them show them as missing."""
    rows = [uow.get(Article, row_id) for row_id in wish.ids]
    for row in rows:
        uow.bin(row)
    uow.name(names=_(", ").join(row.title for row in rows[:3]), count=len(rows))
