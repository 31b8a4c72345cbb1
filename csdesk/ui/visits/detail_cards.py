"""The cards beside the preparation of a visit: whom to meet, what is owed, what to bring, and what is for us alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from csdesk.models.vocabulary import ArticleKind, Mood, NeedKind, NeedState, Sentiment
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.context import Subject
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Card, Label, StateBadge
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.tasks.queries import TaskRow
    from csdesk.services.visits.preparation import Material, Participant, Preparation

SENTIMENT_TONES = {Sentiment.SUPPORTIVE: "ok", Sentiment.NEUTRAL: "neutral", Sentiment.CRITICAL: "bad"}
MOOD_TONES = {Mood.GOOD: "ok", Mood.EVEN: "neutral", Mood.TENSE: "bad"}
ARTICLE_ICONS = {ArticleKind.FILE: "sheet", ArticleKind.LINK: "link", ArticleKind.NOTE: "note"}
MOST_TASKS = 6


def subject_of(view: Preparation) -> Subject:
    """The account of a visit, the first person who came or is to be met, and the visit."""
    people = sorted((one for one in view.theirs if one.contact_id is not None), key=lambda one: not one.came)
    contact = people[0].contact_id if people else None
    return Subject(view.account.id, view.card.account, contact, view.card.id)


def people_card(view: Preparation, today: date, change: Callable[[], None]) -> Card:
    """Theirs with role, mood and last contact, then ours."""
    card = Card(_("Whom to meet"), _("Choose"))
    card.linked.connect(change)
    for person in view.theirs:
        if person.invited or person.came:
            card.add(_person_row(person, today))
    if not view.theirs:
        card.add(Label(_("Nobody chosen yet"), ink="muted"))
    ours = [person.name for person in view.ours if person.name]
    if ours:
        card.add(Label(_("With us: {names}").format(names=_(", ").join(ours)), ink="muted", elide=True))
    return card


def _person_row(person: Participant, today: date) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    row.addWidget(Label(person.name, bold=person.left_on is None))
    last = person.last_contact_on
    seen = _("last contact {day}").format(day=formats.day_short(last, today)) if last else _("not met yet")
    words = " \u00b7 ".join(part for part in (person.title, seen if person.contact_id else "") if part)
    row.addWidget(Label(words, "caption", "muted", elide=True), 1)
    if person.left_on is not None:
        row.addWidget(StateBadge(_("Has left"), "warn"))
    elif person.role is not None:
        row.addWidget(StateBadge(_(person.role.label), "line"))
    if person.sentiment is not None and person.left_on is None:
        row.addWidget(StateBadge(_(person.sentiment.label), SENTIMENT_TONES[person.sentiment]))
    if person.came is False:
        row.addWidget(StateBadge(_("did not come"), "neutral"))
    return holder


def tasks_card(
    title: str, tasks: tuple[TaskRow, ...], today: date, done: Callable[[object], None], nothing: str
) -> Card:
    """Tasks by day; opening one marks it done."""
    card = Card(title, note=str(len(tasks)) if tasks else "", padded=False)
    if not tasks:
        label = Label(nothing, ink="muted", wrap=True)
        label.setContentsMargins(px(15), 0, px(15), px(15))
        card.add(label)
        return card
    view = LinesView(title, grows=True)
    view.set_lines([_task_line(task, today) for task in tasks[:MOST_TASKS]])
    view.opened.connect(done)
    card.add(view)
    if len(tasks) > MOST_TASKS:
        more = Label(
            ngettext("and {n} more", "and {n} more", len(tasks) - MOST_TASKS).format(n=len(tasks) - MOST_TASKS),
            ink="muted",
        )
        more.setContentsMargins(px(15), px(4), px(15), px(8))
        card.add(more)
    return card


def _task_line(task: TaskRow, today: date) -> Line:
    late = task.is_open and task.due_on is not None and task.due_on < today
    badge = None
    if late and task.due_on is not None:
        days = (today - task.due_on).days
        badge = Badge(ngettext("{n} day over", "{n} days over", days).format(n=days), "overdue")
    right = "" if badge else _("done") if not task.is_open else formats.day_short(task.due_on, today)
    if task.is_open and task.due_on is None:
        right = ""
    return Line(task.id, task.text, right=right, right_badge=badge, bold=False, muted=not task.is_open)


def materials_card(view: Preparation, change: Callable[[], None], open_one: Callable[[object], None]) -> Card:
    """What to bring; what was deleted since stands there as missing."""
    card = Card(_("Bring along"), _("Choose"), padded=False)
    card.linked.connect(change)
    if not view.materials:
        label = Label(_("Articles, links and files to show or leave there"), ink="muted", wrap=True)
        label.setContentsMargins(px(15), 0, px(15), px(15))
        card.add(label)
        return card
    lines = LinesView(_("Bring along"), with_icons=True, grows=True)
    lines.set_lines([_material_line(material) for material in view.materials])
    lines.opened.connect(open_one)
    card.add(lines)
    return card


def _material_line(material: Material) -> Line:
    badges = []
    if material.missing:
        badges.append(Badge(_("missing"), "bad"))
    if material.internal:
        badges.append(Badge(_("internal"), "warn"))
    icon = ARTICLE_ICONS.get(ArticleKind(material.kind), "note") if material.kind else "note"
    return Line(material.id, material.title or _("(deleted)"), icon=icon, badges=tuple(badges), bold=False,
                muted=material.missing)  # fmt: skip


def report_card(view: Preparation, open_one: Callable[[object], None]) -> Card:
    """What the customer waits to hear."""
    card = Card(_("To report back"), note=str(len(view.report_back)) if view.report_back else "", padded=False)
    lines = LinesView(_("To report back"), grows=True)
    lines.set_lines(
        [
            Line((item.kind, item.id), item.title, item.note, right=item.state, bold=item.late)
            for item in view.report_back
        ]
    )
    lines.opened.connect(open_one)
    card.add(lines if view.report_back else Label(_("Nothing waits to be told"), ink="muted"))
    return card


def need_line(need: object, kind: str | None, state: str, text: str, ticket: str = "") -> Line:
    """A need with what it may become; ``ticket`` is the number of the one that it became."""
    badge = Badge(_(NeedKind(kind).label), "blue") if kind else Badge(_("undecided"), "line")
    over = state != NeedState.OPEN
    parts = (_(NeedState(state).label) if over else "", ticket)
    return Line(
        need, text, badges=(badge,), right=" \u00b7 ".join(part for part in parts if part), bold=False, muted=over
    )
