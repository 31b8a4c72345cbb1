"""Articles: a link, a text or a file; what is wrong is said at its field."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import ArticleKind
from csdesk.services.articles.commands import (
    Articles,
    ChangeArticle,
    NewArticle,
    change_article,
    create_article,
    delete_articles,
)
from csdesk.services.articles.queries import ARTICLES, article, articles
from csdesk.services.articles.rules import ArticleFields, parse
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.files.kept_files import folder_of


def wrong(**draft: str) -> list[tuple[str, str]]:
    with pytest.raises(Problems) as refused:
        parse(draft)
    return sorted((problem.field, problem.code) for problem in refused.value.problems)


def test_each_kind_asks_for_what_it_needs() -> None:
    assert wrong(kind="link") == [("target", "no_link"), ("title", "missing")]
    assert wrong(kind="note", title="a") == [("text", "missing")]
    assert parse({"kind": "file", "title": "a", "internal": "1"}) == ArticleFields("a", ArticleKind.FILE, internal=True)
    assert parse({"title": "a", "target": "example.com"}).target == "example.com"


@given(
    st.dictionaries(st.sampled_from(("title", "kind", "target", "text", "topic", "industry", "internal")), st.text())
)
def test_any_draft_parses_or_gives_problems(draft: dict[str, str]) -> None:
    try:
        fields = parse(draft)
    except Problems:
        return
    assert fields.title


def test_a_file_is_taken_in_and_replaced(desk: Desk, tmp_path: Path) -> None:
    folder = folder_of(desk.database.path)
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    first.write_bytes(b"a")
    second.write_bytes(b"b")
    fields = ArticleFields("Practice", ArticleKind.FILE)
    with pytest.raises(Problems):
        desk.do(create_article, NewArticle(fields))
    made = desk.do(create_article, NewArticle(fields, first, folder)).value
    desk.do(
        change_article, ChangeArticle(made, ArticleFields("Practice 2", ArticleKind.FILE), file=second, folder=folder)
    )
    with desk.read() as connection:
        row = article(connection, made)
    assert row is not None
    assert row.file is not None
    assert (row.title, row.file.kept.name, row.file.there) == ("Practice 2", "b.pdf", True)
    desk.undo()
    with desk.read() as connection:
        before = article(connection, made)
    assert before is not None
    assert before.file is not None
    assert before.file.kept.name == "a.pdf"


def test_the_list_is_narrowed_and_deleted_ones_are_gone(desk: Desk) -> None:
    one = desk.do(create_article, NewArticle(ArticleFields("Quality", target="x.cn", topic="质检"))).value
    two = desk.do(create_article, NewArticle(ArticleFields("Limits", target="y.cn", internal=True))).value
    today = desk.clock.today()
    with desk.read() as connection:
        assert ARTICLES.ids(connection, Query(filters=(Filter("internal", "1"),)), today) == [two]
        assert ARTICLES.ids(connection, Query(search="质检"), today) == [one]
    desk.do(delete_articles, Articles((two,)))
    with desk.read() as connection:
        assert [row.id for row in articles(connection)] == [one]
