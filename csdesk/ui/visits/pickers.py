"""Choosing whom to meet and what to bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.models.vocabulary import ArticleKind, ContactRole
from csdesk.services.core.texts import N_, _
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.fields import FieldKind, FormField
from csdesk.ui.core.form import FormDialog, open_form
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Field, Surface
from csdesk.ui.core.theme import px
from csdesk.ui.visits.detail_cards import ARTICLE_ICONS

if TYPE_CHECKING:
    from csdesk.services.articles.queries import ArticleRow
    from csdesk.services.visits.preparation import Preparation
    from csdesk.ui.core.context import Context


def choose_people(context: Context, view: Preparation, parent: QWidget) -> FormDialog:
    """Tick who is to be there; ours by name."""
    from csdesk.services.visits.preparing import Invite, invite

    invited = [one.contact_id for one in view.theirs if one.invited and one.contact_id is not None]
    people = [person for person in view.contacts if person.left_on is None or person.id in invited]
    people.sort(key=lambda person: invited.index(person.id) if person.id in invited else len(invited))
    fields = [
        FormField(f"contact {person.id}", _person_words(person.name, person.title, person.role), FieldKind.CHECK)
        for person in people
    ]
    fields.append(FormField("ours", N_("With us"), hint=N_("Names, with commas"), wide=True))
    draft = {f"contact {contact}": "1" for contact in invited}
    draft["ours"] = _(", ").join(one.name for one in view.ours if one.invited) or view.user

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.visits.record_fields import names_in

        chosen = tuple(person.id for person in people if typed.get(f"contact {person.id}"))
        wish = Invite(view.card.id, chosen, names_in(typed["ours"]))
        context.runner.do(invite, wish, then=dialog.done_well, failed=dialog.refuse)

    title = _("Whom to meet at {name}").format(name=view.card.account)
    return open_form(context, title, fields, draft, send, parent=parent.window())


def _person_words(name: str, title: str, role: str | None) -> str:
    return " \u00b7 ".join(part for part in (name, title, _(ContactRole(role).label) if role else "") if part)


class _Picker(LinesView):
    """Enter and Space tick the chosen line."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.current_key() is not None:
            self.opened.emit(self.current_key())
            return
        super().keyPressEvent(event)


class MaterialsDialog(Dialog):
    """All articles, those that fit the industry first; the ticked ones are brought."""

    def __init__(self, context: Context, view: Preparation, articles: list[ArticleRow], parent: QWidget) -> None:
        super().__init__(_("What to bring to {name}").format(name=view.card.account), "", parent)
        self._context, self._view = context, view
        industry = view.account.industry
        self._articles = sorted(articles, key=lambda one: (one.industry != industry or not industry, one.title))
        self.chosen = [one.article_id for one in view.materials if one.article_id is not None]
        self.words = Field(_("Find an article"), _("Title, topic, industry"), "search")
        self.words.textChanged.connect(self._fill)
        self.list = _Picker(_("Articles"), 28, with_icons=True)
        self.list.opened.connect(self._toggle)
        self.list.setMinimumSize(px(520), px(280))
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list)
        self.body.addWidget(self.words)
        self.body.addWidget(surface, 1)
        self.add_verb(_("New article…"), self._new, "ghost")
        self.add_verb(_("Cancel"), self.reject, closes=False)
        self.take = self.add_verb(_("Bring these"), self._take, "primary", closes=False)
        self._fill()
        self.words.setFocus()

    def _fill(self, _text: str = "") -> None:
        wanted = self.words.text().casefold().split()
        lines = []
        for one in self._articles:
            said = " ".join((one.title, one.topic, one.industry, one.target)).casefold()
            if all(word in said for word in wanted):
                badges = (Badge(_("internal"), "warn"),) if one.internal else ()
                note = " \u00b7 ".join(part for part in (one.topic, one.industry) if part)
                lines.append(
                    Line(one.id, one.title, left="\u2713" if one.id in self.chosen else "",
                         icon=ARTICLE_ICONS[ArticleKind(one.kind)], badges=badges, note=note, bold=one.id in self.chosen)
                )  # fmt: skip
        self.list.set_lines(lines)

    def _toggle(self, article_id: object) -> None:
        if not isinstance(article_id, int):
            return
        if article_id in self.chosen:
            self.chosen.remove(article_id)
        else:
            self.chosen.append(article_id)
        self._fill()

    def _take(self) -> None:
        from csdesk.services.visits.preparing import Bring, bring

        self._context.runner.do(bring, Bring(self._view.card.id, tuple(self.chosen)), then=self._done)

    def _done(self, _stored: object) -> None:
        self.accept()

    def _new(self) -> None:
        from csdesk.ui.articles.forms import new_article

        new_article(self._context, self.parentWidget() or self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._take()
        elif event.key() == Qt.Key.Key_Down and self.words.hasFocus():
            self.list.setFocus()
        elif not entered:
            super().keyPressEvent(event)


def choose_materials(context: Context, view: Preparation, parent: QWidget) -> None:
    """Open the list of articles to tick."""
    from csdesk.services.articles.queries import articles

    def came(found: list[ArticleRow]) -> None:
        MaterialsDialog(context, view, found, parent.window()).open()

    context.runner.ask(articles, then=came, owner=parent)
