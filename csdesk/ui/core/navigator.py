"""Where one is, was and came from: the pages of the window, made when first needed, and their history."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget

from csdesk.ui.core.context import Context, Navigator, Subject
from csdesk.ui.core.page import Crumb, Feature, Page

log = logging.getLogger(__name__)
LONGEST = 50


@dataclass
class Place:
    """A step of the history: a feature, what was asked for there, and how it was left."""

    key: str
    args: dict[str, Any] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)


class Pages(Navigator):
    """Shows pages in ``stack``. The history holds the last 50 places; going somewhere cuts what lay ahead."""

    def __init__(self, context: Context, features: tuple[Feature, ...], stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._context = context
        self._features = {feature.key: feature for feature in features}
        self._stack = stack
        self._pages: dict[tuple[str, bool], Page] = {}
        self._stale: set[Page] = set()
        self._history: list[Place] = []
        self._index = -1
        self._early: Page | None = None

    @property
    def here(self) -> str:
        return self._history[self._index].key if self._history else ""

    @property
    def subject(self) -> Subject | None:
        return self.page.subject() if self.page is not None else None

    @property
    def page(self) -> Page | None:
        """The shown page."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step back."""
        return self._index > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a step forward."""
        return self._index + 1 < len(self._history)

    def to(self, key: str, **args: Any) -> None:
        if key not in self._features:
            log.warning("no feature %s to go to", key)
            return
        if not self._context.is_open or not self._leave():
            return
        place = Place(key, args)
        self._page(place)
        if self._history and (self._history[self._index].key, self._history[self._index].args) == (key, args):
            place.view = self._history[self._index].view
            self._history[self._index] = place
        else:
            del self._history[self._index + 1 :]
            self._history.append(place)
            del self._history[:-LONGEST]
            self._index = len(self._history) - 1
        self._show(place)

    def back(self) -> None:
        self._step(-1)

    def forward(self) -> None:
        self._step(1)

    def crumbs(self) -> tuple[Crumb, ...]:
        """The whole breadcrumb: the feature's title, then what the page says."""
        from csdesk.services.core.texts import _

        feature = self._features.get(self.here)
        if feature is None:
            return ()
        tail = self.page.crumbs() if self.page is not None else ()
        return (Crumb(_(feature.title), {} if tail else None), *tail)

    def changed(self, changes: Any) -> None:
        """Something was written: the visible page asks again if it shows that, hidden ones when next shown."""
        for page in self._pages.values():
            if not (changes.everything or page.entities & changes.entities):
                continue
            if page is self.page and page.isVisible():
                page.refresh()
            else:
                self._stale.add(page)

    def kept(self) -> dict[str, Any]:
        """The present place as JSON, to come back to after a restart."""
        if not self._history:
            return {}
        self._note_view()
        place = self._history[self._index]
        return {"key": place.key, "args": place.args, "view": place.view}

    def show_early(self, key: str, look: Any) -> None:
        """Show a page with what was kept of its data while the store is being opened: to look at, not to press."""
        page = self._early = self._page(Place(key))
        page.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        page.show_early(look)
        self._stack.setCurrentWidget(page)

    def restore(self, kept: Any, otherwise: str) -> None:
        """Go where ``kept`` says, or to ``otherwise`` where that makes no sense any more."""
        if self._early is not None:
            self._early.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
            self._early = None
        if isinstance(kept, dict) and kept.get("key") in self._features and isinstance(kept.get("args"), dict):
            view = kept.get("view")
            self._history = [Place(kept["key"], kept["args"], view if isinstance(view, dict) else {})]
            self._index = 0
            self._show(self._history[0])
        elif otherwise in self._features:
            self.to(otherwise)

    def _step(self, by: int) -> None:
        target = self._index + by
        if 0 <= target < len(self._history) and self._leave():
            self._index = target
            self._show(self._history[target])

    def _leave(self) -> bool:
        if self.page is None:
            return True
        self._note_view()
        return self.page.may_leave()

    def _note_view(self) -> None:
        if self.page is not None and self._history:
            self._history[self._index].view = self.page.remember()

    def _show(self, place: Place) -> None:
        page = self._page(place)
        self._stack.setCurrentWidget(page)
        page.arrive(place.args)
        if page in self._stale:
            self._stale.discard(page)
            page.refresh()
        if place.view:
            page.recall(place.view)
        self._offer()
        self.moved.emit()
        page.focus_first()

    def _page(self, place: Place) -> Page:
        feature = self._features[place.key]
        single = "id" in place.args and feature.detail is not None
        page = self._pages.get((place.key, single))
        if page is None:
            make = feature.detail if single and feature.detail is not None else feature.make
            page = self._pages[place.key, single] = make(self._context)
            page.crumbs_changed.connect(self.moved)
            page.actions_changed.connect(self._offer)
            self._stack.addWidget(page)
        return page

    def _offer(self) -> None:
        page = self.page
        if page is not None:
            key = page.key or self.here
            self._context.actions.set_page(key)
            self._context.actions.put(f"page:{key}", page.page_actions())
