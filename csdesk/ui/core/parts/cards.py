"""Pieces that hold others: surfaces, cards, the page's title row, message bars, empty states."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.parts.buttons import Button
from csdesk.ui.core.parts.marks import Icon, Label, reveal
from csdesk.ui.core.theme import color, metrics, px

Answer = tuple[str, Callable[[], object]]


class _Edge(QWidget):
    """The line round a surface, above its rows, which would otherwise stand out at the round corners."""

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._surface = surface
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def fit(self) -> None:
        """Lie over the line and the corners alone, so that rows beneath scroll as if nothing were above them."""
        box, side = self._surface.rect(), self._surface.radius + 1
        self.setGeometry(box)
        mask = QRegion(box) - QRegion(box.adjusted(1, 1, -1, -1))
        for x in (0, box.width() - side):
            for y in (0, box.height() - side):
                mask += QRegion(x, y, side, side)
        self.setMask(mask)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, radius = QRectF(self.rect()), self._surface.radius
        around = QPainterPath()
        around.addRect(box)
        inside = QPainterPath()
        inside.addRoundedRect(box, radius, radius)
        painter.fillPath(around.subtracted(inside), color("window"))
        paint.rounded(painter, box, radius, "", self._surface.line)


class Surface(QFrame):
    """A ground in a token's colour, with or without a line round it.

    ``edged`` draws the line above what stands in it, for surfaces on the window's own ground whose rows reach the line;
    without a word about it the plain surface does.
    """

    def __init__(
        self,
        ground: str = "surface",
        line: str = "divider",
        radius: int = 6,
        edged: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ground, self.line, self.radius = ground, line, radius
        stands_alone = radius == 6 and line == "divider"
        self._edge = _Edge(self) if (stands_alone if edged is None else edged) else None

    def set_look(self, ground: str | None = None, line: str | None = None) -> None:
        """Change the colours; None stays."""
        self._ground = self._ground if ground is None else ground
        self.line = self.line if line is None else line
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._edge is not None:
            self._edge.fit()
            self._edge.raise_()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._edge is not None:
            self._edge.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.rounded(QPainter(self), self.rect(), self.radius, self._ground, self.line)


class Card(Surface):
    """A group with a frame: a head (title, muted note, link at the right) and a body. Never put one into another.

    ``body`` is the layout to fill; ``padded`` gives it 16 px at the sides, otherwise rows reach the frame.
    """

    linked = Signal()

    def __init__(
        self, title: str = "", link: str = "", note: str = "", padded: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.header = QHBoxLayout()
        self.header.setContentsMargins(px(15), px(8), px(15), px(8))
        self.header.setSpacing(8)
        self._title = Label(title, "h3", elide=True)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._note = Label(note, "caption", "muted", elide=True)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # the title goes first
        self.link = Button(link, kind="link")
        reveal(self.link, bool(link))
        self.link.clicked.connect(self.linked)
        if title:
            self.setAccessibleName(title)
            self.header.addWidget(self._title)
            self.header.addWidget(self._note, 1)
            self.header.addWidget(self.link)
            self._title.setMinimumHeight(px(31))
            column.addLayout(self.header)
        else:
            for part in (self._title, self._note, self.link):
                part.setParent(self)
                part.hide()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(*((px(15), 0 if title else px(15), px(15), px(15)) if padded else (0, 0, 0, 0)))
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)

    def set_title(self, title: str, note: str | None = None) -> None:
        """Show another title, perhaps another note."""
        self._title.setText(title)
        self.setAccessibleName(title)
        if note is not None:
            self._note.setText(note)

    def set_link(self, text: str) -> None:
        """Show another link; "" hides it."""
        self.link.set_words(text)
        self.link.setVisible(bool(text))

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Add a widget or layout to the body."""
        if isinstance(item, QLayout):
            self.body.addLayout(item, stretch)
        else:
            self.body.addWidget(item, stretch)


class PageHead(QWidget):
    """The first row of a page: title, badges, one muted sentence, actions at the right (the primary one last)."""

    def __init__(self, title: str, sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._title = Label(title, "h1", elide=True)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._sentence = Label(sentence, "body", "muted", elide=True)
        self._row.addWidget(self._title)
        self._row.addWidget(self._sentence, 1)

    def set_text(self, title: str | None = None, sentence: str | None = None) -> None:
        """Show another title or sentence; None stays."""
        if title is not None:
            self._title.setText(title)
        if sentence is not None:
            self._sentence.setText(sentence)

    def add_badge(self, badge: QWidget) -> None:
        """Put a badge right behind the title."""
        self._row.insertWidget(self._row.indexOf(self._sentence), badge)

    def add_action(self, widget: QWidget, before: QWidget | None = None) -> None:
        """Put a control at the right end, or before another one."""
        self._row.insertWidget(-1 if before is None else self._row.indexOf(before), widget)


class MessageBar(Surface):
    """A sentence on the page: "warn" (amber), "error" (red) or "sample" (violet), with bold verbs and a cross."""

    closed = Signal()

    def __init__(
        self,
        text: str,
        tone: str = "warn",
        actions: Sequence[Answer] = (),
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        ground, ink = {"warn": ("warn_bg", "warn"), "error": ("error_bg", "error")}.get(tone, ("a_bg", "a"))
        super().__init__(ground, "", 4, parent=parent)
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(6), px(12), px(6))
        row.setSpacing(8)
        row.addWidget(Icon("info" if tone == "sample" else "warn", ink))
        words = QVBoxLayout()
        words.setSpacing(0)
        label = Label(text, "body", ink, wrap=True)
        label.setMinimumHeight(px(24))
        label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        words.addWidget(label)
        row.addLayout(words, 1)
        verbs = QHBoxLayout()
        verbs.setSpacing(px(16))
        for verb, run in actions:
            button = _Verb(verb, ink)
            button.clicked.connect(run)
            verbs.addWidget(button)
        if tone == "error" and actions:
            verbs.addStretch(1)
            words.addLayout(verbs)
        else:
            row.addLayout(verbs)
        if closable:
            cross = Button(_("Close"), "close", kind="icon", small=True)
            cross.clicked.connect(self.closed)
            row.addWidget(cross)


class _Verb(Button):
    """A bold verb in the bar's own ink."""

    def __init__(self, text: str, ink: str) -> None:
        super().__init__(text, kind="link")
        self._ink = ink

    def sizeHint(self) -> QSize:
        return QSize(metrics("body", True).horizontalAdvance(self.words()) + 2, px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.paint_text(QPainter(self), self.rect(), self.words(), "body", self._ink, True)


class EmptyState(QWidget):
    """What this place holds, one primary, one link. ``chosen`` and ``linked`` tell which was pressed.

    Filtered to nothing is another state: pass no primary but ``normal``, "Clear filters".
    """

    chosen = Signal()
    linked = Signal()

    def __init__(
        self,
        title: str,
        sentence: str = "",
        primary: str = "",
        link: str = "",
        icon: str = "",
        normal: str = "",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(4)
        column.addStretch(1)
        for label in (Label(title, bold=True, wrap=True), Label(sentence, ink="muted", wrap=True)):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            reveal(label, bool(label.text()))
            column.addWidget(label)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addStretch(1)
        self.primary: Button | None = None
        if primary or normal:
            self.primary = Button(primary or normal, icon, key, "primary" if primary else "normal")
            self.primary.clicked.connect(self.chosen)
            row.addWidget(self.primary)
        if link:
            more = Button(link, kind="link")
            more.clicked.connect(self.linked)
            row.addWidget(more)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_framed_already():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(color("control"), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _is_framed_already(self) -> bool:
        """Inside a card it needs no frame of its own."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, Surface):
            above = above.parentWidget()
        return above is not None
