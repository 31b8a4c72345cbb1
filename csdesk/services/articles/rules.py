"""What makes an article. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from csdesk.models.vocabulary import ArticleKind
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.texts import _

LINK = re.compile(r"(https?|ftp|mailto):\S+|\S+\.\S+", re.IGNORECASE)


@dataclass(frozen=True)
class ArticleFields:
    """An article's own values. ``target`` is a link's address; ``internal`` ones are not for customers."""

    title: str
    kind: ArticleKind = ArticleKind.LINK
    target: str = ""
    text: str = ""
    topic: str = ""
    industry: str = ""
    internal: bool = False


def parse(draft: Draft) -> ArticleFields:
    """The article that a form describes. Raises Problems."""
    read = Reader(draft)
    kind = read.word("kind", ArticleKind) or ArticleKind.LINK
    target, text = read.text("target"), read.text("text")
    if kind == ArticleKind.LINK and not LINK.fullmatch(target):
        read.refuse("target", _("An address such as https://example.com/report, please."), "no_link")
    if kind == ArticleKind.NOTE and not text:
        read.refuse("text", _("Write the text, or choose a file or a link."), "missing")
    fields = ArticleFields(
        title=read.text("title", required=_("Give it a title.")),
        kind=kind,
        target=target,
        text=text,
        topic=read.text("topic"),
        industry=read.text("industry"),
        internal=bool(draft.get("internal")),
    )
    read.check()
    return fields
