"""The customers' own words: who asked for it, when, and how, one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from csdesk.models.vocabulary import Importance, TicketState
from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.theme import color, font, metrics, px
from csdesk.ui.tickets.cards import Index
from csdesk.ui.tickets.wording import IMPORTANCE_TONES

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import TicketRow

SIDE, PAD = 16, 8
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
