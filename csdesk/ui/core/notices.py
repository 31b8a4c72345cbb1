"""How messages look: toasts and progress at the bottom left, bars above the page, the overlay of a drop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core import icons, paint
from csdesk.ui.core.messages import Notice, Toast
from csdesk.ui.core.parts import Bar, Button, Label, MessageBar, Surface
from csdesk.ui.core.theme import color, metrics, px

if TYPE_CHECKING:
    from csdesk.services.core.progress import Progress

TOAST_MS = 8000
CARD_AFTER_MS = 500
POLL_MS = 100
MOST_TOASTS = 3


class ToastView(Surface):
    """One toast: goes after 8 seconds, stays while the mouse is on it or one of its verbs has the focus."""

    def __init__(self, toast: Toast, parent: QWidget | None = None) -> None:
        super().__init__("toast", "", 6, parent=parent)
        self.toast = toast
        self.setAccessibleName(toast.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        row.setSpacing(px(16))
        self._label = Label(toast.text, ink="on_toast", elide=True)
        self._label.setMaximumWidth(px(520))
        row.addWidget(self._label)
        self.verbs: list[Button] = []
        if toast.undo is not None:
            self._add_verb(_("Undo"), toast.undo)
        if toast.link is not None:
            self._add_verb(*toast.link)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.leave)
        self._timer.start(TOAST_MS)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        words = min(px(520), metrics().horizontalAdvance(self.toast.text) + 4)
        return QSize(hint.width() - self._label.sizeHint().width() + words, max(px(40), hint.height()))

    def is_waiting(self) -> bool:
        """Whether its time is running."""
        return self._timer.isActive()

    def leave(self) -> None:
        """Go now."""
        self._timer.stop()
        self.hide()
        self.deleteLater()
        parent = self.parentWidget()
        if isinstance(parent, Corner):
            parent.forget(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(TOAST_MS)
        super().leaveEvent(event)

    def _add_verb(self, text: str, run: object) -> None:
        verb = _ToastVerb(text)
        verb.clicked.connect(run)
        verb.clicked.connect(self.leave)
        self.verbs.append(verb)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(verb)


class _ToastVerb(Button):
    def __init__(self, text: str) -> None:
        super().__init__(text, kind="link")

    def sizeHint(self) -> QSize:
        return QSize(metrics("body", True).horizontalAdvance(self.words()) + 2, px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.paint_text(painter, self.rect(), self.words(), ink="toast_link", bold=True)
        if self.hasFocus():
            painter.fillRect(0, self.height() - 2, self.width(), 2, color("toast_link"))


class ProgressCard(Surface):
    """What long work is doing, with counts and Cancel; polls the progress, shows after half a second."""

    def __init__(self, progress: Progress, title: str, parent: QWidget | None = None) -> None:
        super().__init__(edged=False, parent=parent)
        self.progress = progress
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(8)
        self._title = Label(title, elide=True)
        self._bar = Bar(0.0)
        self._counts = Label("", "caption", "muted", elide=True)
        self.cancel = Button(_("Cancel"), key="Esc", small=True)
        self.cancel.clicked.connect(self._cancel)
        foot = QHBoxLayout()
        foot.addWidget(self._counts, 1)
        foot.addWidget(self.cancel)
        column.addWidget(self._title)
        column.addWidget(self._bar)
        column.addLayout(foot)
        self.setFixedWidth(px(344))
        self.hide()
        self._waited = 0
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._timer.start()

    def counts(self) -> str:
        """The counts as shown."""
        return self._counts.text()

    def finish(self) -> None:
        """The work is over."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    def _cancel(self) -> None:
        self.progress.cancel()
        self.cancel.setEnabled(False)
        self._counts.setText(_("Cancelling…"))

    def _poll(self) -> None:
        self._waited += POLL_MS
        if self._waited >= CARD_AFTER_MS and self.isHidden():
            self.show()
            parent = self.parentWidget()
            if isinstance(parent, Corner):
                parent.settle()
        if not self.cancel.isEnabled():
            return
        done, total, label = self.progress.done, self.progress.total, self.progress.label
        self._bar.set_fraction(done / total if total else None)
        if total:
            self._counts.setText(
                _("{label} · {done} / {total}").format(label=label, done=f"{done:,}", total=f"{total:,}")
            )
        else:
            self._counts.setText(label)


class Corner(QWidget):
    """The bottom left of the content: toasts above each other, progress beneath them. Takes only the room it needs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.toasts: list[ToastView] = []
        self.cards: list[ProgressCard] = []
        parent.installEventFilter(self)
        self.hide()

    def toast(self, toast: Toast) -> None:
        """Show a toast; the oldest goes where there are more than three."""
        view = ToastView(toast, self)
        while len(self.toasts) >= MOST_TOASTS:
            self.toasts[0].leave()
        self.toasts.append(view)
        self._column.insertWidget(len(self.toasts) - 1, view, 0, Qt.AlignmentFlag.AlignLeft)
        view.show()
        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.Alert))
        self.settle()

    def follow(self, progress: Progress, title: str) -> None:
        """Show a progress card in half a second."""
        card = ProgressCard(progress, title, self)
        self.cards.append(card)
        self._column.addWidget(card, 0, Qt.AlignmentFlag.AlignLeft)

    def unfollow(self, progress: Progress) -> None:
        """Take its card away."""
        for card in [card for card in self.cards if card.progress is progress]:
            self.cards.remove(card)
            card.finish()
        self.settle()

    def cancel_newest(self) -> bool:
        """Escape: cancel the work that is shown; False when none is."""
        shown = [card for card in self.cards if card.isVisible() and card.cancel.isEnabled()]
        if shown:
            shown[-1].cancel.click()
        return bool(shown)

    def forget(self, view: ToastView) -> None:
        """A toast went."""
        if view in self.toasts:
            self.toasts.remove(view)
            self._column.removeWidget(view)
        self.settle()

    def settle(self) -> None:
        """Take the room that is needed, at the bottom left."""
        parent = self.parentWidget()
        shown = bool(self.toasts) or any(not card.isHidden() for card in self.cards)
        self.setVisible(shown)
        if not shown or parent is None:
            return
        self._column.activate()
        size = self._column.sizeHint().boundedTo(parent.size())
        self.setGeometry(px(24), parent.height() - size.height() - px(16), size.width(), size.height())
        self.raise_()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.settle()
        return False


class Bars(QWidget):
    """The bars above the page that is shown; each by its key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(24), px(12), px(24), 0)
        self._column.setSpacing(8)
        self._notices: dict[str, Notice] = {}
        self._views: dict[str, MessageBar] = {}
        self._pages: tuple[str, ...] = ()
        self.hide()

    def set_narrow(self, narrow: bool) -> None:
        """Less room at the sides in a small window, as pages have it."""
        side = px(16 if narrow else 24)
        self._column.setContentsMargins(side, px(12), side, 0)

    def texts(self) -> list[str]:
        """What is shown now."""
        return [notice.text for notice in self._notices.values() if self._fits(notice)]

    def put(self, notice: Notice) -> None:
        """Show a bar, in the place of one with the same key."""
        self.clear(notice.key)
        view = MessageBar(notice.text, notice.tone, notice.actions, notice.closable)
        view.setProperty("key", notice.key)
        view.closed.connect(self._closed)
        self._notices[notice.key] = notice
        self._views[notice.key] = view
        self._column.addWidget(view)
        self._sort()

    def clear(self, key: str) -> None:
        """Take a bar away."""
        self._notices.pop(key, None)
        view = self._views.pop(key, None)
        if view is not None:
            view.hide()
            self._column.removeWidget(view)
            view.deleteLater()
        self._sort()

    def set_page(self, *keys: str) -> None:
        """Say which page is shown, by its own key and its feature's."""
        self._pages = keys
        self._sort()

    def _fits(self, notice: Notice) -> bool:
        return not notice.page or notice.page in self._pages

    def _sort(self) -> None:
        for key, view in self._views.items():
            view.setVisible(self._fits(self._notices[key]))
        self.setVisible(bool(self.texts()))

    def _closed(self) -> None:
        bar = self.sender()
        if isinstance(bar, MessageBar):
            self.clear(str(bar.property("key")))


class DropOverlay(QWidget):
    """Covers the window while a file hangs over it and says what will come of it."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text, self._good = "", True
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str, good: bool) -> None:
        """Cover the window."""
        self._text, self._good = text, good
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("scrim"))
        width = min(self.width() - 48, metrics("h2", True).horizontalAdvance(self._text) + px(96))
        box = QRect(0, 0, width, px(96))
        box.moveCenter(self.rect().center())
        paint.rounded(painter, box, 6, "surface", "accent" if self._good else "ink_red", 2)
        name, ink = ("import", "accent") if self._good else ("warn", "ink_red")
        icons.paint(painter, name, box.left() + px(24), box.center().y() - px(12), px(24), ink)
        paint.paint_text(painter, box.adjusted(px(60), 0, -px(16), 0), self._text, "h2", bold=True)
