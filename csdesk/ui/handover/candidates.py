"""Who a company of the file may be: each candidate with its evidence, laid beside what the file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Confidence, Fate
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.parts import Divider, Label, StateBadge
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.handover.matching import Candidate
    from csdesk.services.handover.report import CompanyRead

TONES = {Confidence.CERTAIN: "bad", Confidence.LIKELY: "warn", Confidence.WEAK: "neutral"}
FACTS = {
    "name": N_("Name"),
    "short_name": N_("Short name"),
    "tax_number": N_("Tax number"),
    "city": N_("City"),
    "address": N_("Address"),
    "industry": N_("Industry"),
    "website": N_("Website"),
    "contact": N_("Contact"),
}
WRAPPED = frozenset({"name", "address"})
LABEL_WIDTH = 64


class CandidatesView(QScrollArea):
    """The candidates of a company that is undecided, or would come in as new, one below the other; hidden without any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        holder = QWidget()
        holder.setObjectName("canvas")
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(6))
        self._column.addStretch(1)
        self.setWidget(holder)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Who it may be"))
        self.hide()

    @property
    def is_showing(self) -> bool:
        """Whether there is somebody whom the company may be."""
        return self._column.count() > 1

    def show_company(self, company: CompanyRead | None) -> None:
        """Show a company's candidates; None, or a company that is known or has none, shows nothing."""
        empty(self._column, keep=1)
        candidates = company.candidates if company is not None and company.fate in (Fate.UNDECIDED, Fate.NEW) else ()
        self.setVisible(bool(candidates))
        for number, candidate in enumerate(candidates):
            assert company is not None
            shown: list[QWidget] = [Divider()] if number else []
            shown += [_head(candidate), *(Label(reason.sentence, wrap=True) for reason in candidate.reasons)]
            for widget in (*shown, _beside(company, candidate)):
                self._column.insertWidget(self._column.count() - 1, widget)


def _head(candidate: Candidate) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    name = Label(candidate.name, bold=True, elide=True)
    name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    row.addWidget(name)
    row.addWidget(StateBadge(_(candidate.confidence.label), TONES[candidate.confidence]))
    row.addStretch(1)
    return holder


def _beside(company: CompanyRead, candidate: Candidate) -> QWidget:
    """The facts of both, field by field; what is the same is muted."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, px(4), 0, px(4))
    grid.setHorizontalSpacing(px(8))
    grid.setVerticalSpacing(px(4))
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(2, 1)
    theirs = _("In the store") if candidate.account_id is not None else _("Further up")
    for place, text in enumerate((_("In the file"), theirs)):
        grid.addWidget(Label(text, "caption", "muted", elide=True), 0, place + 1)
    row = 1
    for key, title in FACTS.items():
        own, other = (company.facts or {}).get(key, ""), candidate.facts.get(key, "")
        if own or other:
            label = Label(_(title), "caption", "muted", elide=True)
            label.setFixedWidth(px(LABEL_WIDTH))
            grid.addWidget(label, row, 0)
            for place, text in enumerate((own, other)):
                ink = "muted" if own == other or not text else "text"
                wraps = key in WRAPPED
                grid.addWidget(Label(text or _("(empty)"), ink=ink, wrap=wraps, elide=not wraps), row, place + 1)
            row += 1
    return holder


def told_candidates(company: CompanyRead) -> str:
    """Who it may be, in a line of a list."""
    first, *others = company.candidates
    told = _("may be “{name}”").format(name=first.name)
    more = ngettext("and {n} more", "and {n} more", len(others)).format(n=len(others)) if others else ""
    return f"{told} {more}".strip()
