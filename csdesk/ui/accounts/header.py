"""The card on top of an account's page: who it is, five facts that are always visible, the next step with its button."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import ServiceMode, Tier, VisitKind
from csdesk.services.accounts.rules import other_mode
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.accounts.wording import dotted, overdue_contact, word
from csdesk.ui.core import paint
from csdesk.ui.core.parts import Button, Divider, Label, StateBadge, Surface, set_tip
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.accounts.overview import Overview


class Fact(QWidget):
    """A caption, a figure, one or two muted lines."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), 0, px(16), 0)
        column.setSpacing(2)
        column.addWidget(Label(caption, "caption", "muted", elide=True))
        self.figure = Label("", "figure")
        self.first = Label("", "caption", "muted", elide=True)
        self.second = Label("", "caption", "muted", elide=True)
        column.addWidget(self.figure, 0, Qt.AlignmentFlag.AlignLeft)  # a figure is never cut: its neighbours give way
        column.addWidget(self.first)
        column.addWidget(self.second)
        column.addStretch(1)

    def say(self, figure: str, first: str = "", second: str = "", ink: str = "text") -> None:
        """Show other words; ``ink`` colours the figure."""
        self.figure.setText(figure)
        self.figure.set_look(ink)
        self.first.setText(first)
        self.second.setText(second)


class StarButton(Button):
    """The star before the name: filled when set."""

    def __init__(self) -> None:
        super().__init__(_("Star"), "star", "", "icon", small=True)
        self._set = False

    def set_filled(self, filled: bool) -> None:
        """Show it set or not."""
        self._set = filled
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        side = px(16)
        place = QRect((self.width() - side) // 2, 0, side, self.height())
        paint.paint_star(QPainter(self), place, self._set)


class TierButton(Press):
    """The tier's badge, which opens what can be done about it; a dash where there is none."""

    def __init__(self) -> None:
        super().__init__("")
        self.tier = ""
        self.set_tier("")

    def set_tier(self, tier: str) -> None:
        """Show "A", "B", "C", or none."""
        self.tier = tier
        words = _("Tier {tier}: change, history").format(tier=tier) if tier else _("No tier yet: give one")
        self.setAccessibleName(words)
        set_tip(self, words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(px(24), paint.badge_height()), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = paint.badge_height()
        place = QRect((self.width() - side) // 2, 0, side, self.height())
        if self.tier:
            paint.paint_tier(painter, place, self.tier, self.underMouse())
            return
        box = QRect(place.left(), (self.height() - side) // 2, side, side)
        paint.rounded(painter, box, 4, "hover" if self.underMouse() else "surface", "control")
        paint.paint_text(painter, box, "\u2014", "caption", "muted", align=Qt.AlignmentFlag.AlignCenter)


class AccountHeader(Surface):
    """Emits what its buttons ask for; the page does it."""

    star_pressed = Signal()
    edit_pressed = Signal()
    note_pressed = Signal()
    visit_pressed = Signal()
    more_pressed = Signal()
    next_pressed = Signal()
    tier_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(14))
        column.setSpacing(px(10))
        column.addLayout(self._title_row())
        self._facts = QHBoxLayout()
        self._facts.setSpacing(0)
        self.contact = Fact(_("Last contact"))
        self.renewal = Fact(_("Renewal in"))
        self.arr = Fact(_("ARR"))
        self.visits = Fact(_("Last visit"))
        for place, fact in enumerate((self.contact, self.renewal, self.arr, self.visits)):
            if place:
                self._facts.addWidget(Divider(vertical=True))
            else:
                fact.layout().setContentsMargins(0, 0, px(16), 0)  # type: ignore[union-attr]
            self._facts.addWidget(fact, 2)
        self._facts.addWidget(Divider(vertical=True))
        self._facts.addWidget(self._next_step(), 3)
        column.addLayout(self._facts)

    def _title_row(self) -> QBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.star = StarButton()
        self.star.clicked.connect(self.star_pressed)
        self.name = Label("", "h1", elide=True)
        self.tier = TierButton()
        self.tier.clicked.connect(self.tier_pressed)
        self.other_mode = StateBadge("", "warn")
        self.about = Label("", ink="muted", elide=True)
        note = Button(_("Note it"), "note", "L")
        edit = Button(_("Edit"), "edit", "E")
        visit = Button(_("Plan visit"), "visits", "V")
        more = Button(_("More"), "more", "", "icon", framed=True)
        note.clicked.connect(self.note_pressed)
        edit.clicked.connect(self.edit_pressed)
        visit.clicked.connect(self.visit_pressed)
        more.clicked.connect(self.more_pressed)
        self.more, self.visit = more, visit
        for widget in (self.star, self.name, self.tier):
            row.addWidget(widget)
        row.addWidget(self.about, 1)
        row.addWidget(self.other_mode)
        for button in (note, edit, visit, more):
            row.addWidget(button)
        self._keyed = (note, edit, visit)
        return row

    def _next_step(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(px(16), 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Label(_("Next step"), "caption", "muted"))
        self.when = Label("", bold=True, elide=True)
        self.what = Label("", elide=True)
        self.act = Button("", None, "P", "primary")
        self.act.clicked.connect(self.next_pressed)
        column.addWidget(self.when)
        column.addWidget(self.what)
        column.addSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self.act)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        return box

    def show_account(self, view: Overview, today: date) -> None:
        """Fill everything from one reading."""
        account = view.account
        self.name.setText(account.short_name or account.name)
        self.tier.set_tier(account.tier or "")
        self.star.set_filled(account.starred)
        full = account.name if account.short_name and account.short_name != account.name else ""
        self.about.setText(
            dotted(
                (
                    full,
                    word(Tier, account.tier),
                    word(ServiceMode, account.service_mode),
                    account.industry,
                    account.city,
                )
            )
        )
        suggested = other_mode(account.tier, account.service_mode)
        words = _("Tier suggests {mode}").format(mode=_(suggested.label)) if suggested else ""
        self.other_mode.set_state(words, "warn")
        self._say_contact(view, today)
        self._say_renewal(view, today)
        seats = ngettext("{n} seat", "{n} seats", account.seats or 0).format(n=account.seats) if account.seats else ""
        since = _("Since {day}").format(day=account.customer_since.isoformat()) if account.customer_since else ""
        self.arr.say(formats.cents(account.arr_cents), dotted((_("CNY") if account.arr_cents else "", seats)), since)
        self._say_next(view, today)

    def _say_contact(self, view: Overview, today: date) -> None:
        account, limit = view.account, view.contact_limit
        late = overdue_contact(account.last_contact_on, limit, today)
        rule = ngettext("tier {tier}: every {n} day", "tier {tier}: every {n} days", limit or 0)
        rule = rule.format(tier=account.tier, n=limit) if limit else ""
        if account.last_contact_on is None:
            self.contact.say(_("Never"), rule, ink="ink_red" if late else "text")
        else:
            days = (today - account.last_contact_on).days
            figure = _("Today") if days == 0 else ngettext("{n} day ago", "{n} days ago", days).format(n=days)
            mark = "\u25b2 " if late else ""
            self.contact.say(mark + figure, account.last_contact_on.isoformat(), rule, "ink_amber" if late else "text")
        last = account.last_visit_on
        done = sum(1 for visit in view.visits if visit.done_on is not None)
        count = ngettext("{n} visit so far", "{n} visits so far", done).format(n=done) if done else ""
        self.visits.say(formats.day_short(last, today) if last else _("Never"), count)

    def _say_renewal(self, view: Overview, today: date) -> None:
        end = view.account.renewal_on
        if end is None:
            self.renewal.say(formats.NOTHING, _("No contract yet"))
            return
        days = (end - today).days
        ink = "ink_red" if days <= 30 else "text"
        self.renewal.say(formats.days_left(end, today), _("Ends {day}").format(day=end.isoformat()), "", ink)

    def _say_next(self, view: Overview, today: date) -> None:
        visit = view.next_visit(today)
        self.visit.setVisible(visit is not None)
        self.act.set_key("V" if visit is None else "P")
        if visit is None or visit.planned_on is None:
            self.when.setText(_("No visit planned"))
            self.what.setText("")
            self.act.set_words(_("Plan visit"))
            return
        place = word(VisitKind, visit.kind)
        day = formats.day_near(visit.planned_on, today)
        self.when.setText(dotted((f"{day} {formats.time_text(visit.starts_at)}".strip(), place)))
        self.what.setText(visit.goal)
        self.act.set_words(_("Prepare this visit"))

    def save_room(self, small: bool) -> None:
        """Hide keycaps and the last-visit fact where the window is small."""
        for button in self._keyed:
            button.show_key(not small)
        self.visits.setVisible(not small)
