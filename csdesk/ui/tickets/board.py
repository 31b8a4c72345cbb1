"""The board of demands: a column for each stage on the way to product and back."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.board import Board, BoardSpec
from csdesk.ui.tickets.cards import DemandDelegate, spoken
from csdesk.ui.tickets.moving import COLUMNS

MIME = "application/x-csdesk-demand"


def board_spec() -> BoardSpec:
    """The columns of demands, in the user's language."""
    return BoardSpec(
        MIME, [(key, _(title)) for key, title in COLUMNS], lambda card: str(card.column), lambda card: int(card.arr_cents),
        spoken, DemandDelegate,
    )  # fmt: skip


def carried(demand: int) -> QMimeData:
    """What a drag of a demand holds."""
    return board_spec().carried(demand)


class DemandBoard(Board):
    """All demands that are on their way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(board_spec(), parent)
