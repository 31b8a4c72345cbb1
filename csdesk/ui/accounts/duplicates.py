"""Accounts that may be there twice: pairs with their evidence at the left, the chosen two side by side at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.clock import to_local
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.accounts.comparing import TONES, ComparePanel
from csdesk.ui.core.actions import Action
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, CheckBox, EmptyState, Label, PageHead, Segmented, Surface
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.accounts.duplicates import Comparison, Group, Pair
    from csdesk.services.accounts.verdicts import VerdictRow
    from csdesk.ui.core.context import Context

OPEN, ANSWERED = "open", "answered"
LIST_WIDTH, SMALL_LIST_WIDTH = 380, 300


@dataclass(frozen=True)
class Found:
    """What the page shows: pairs of the store or of one account, and what was answered before."""

    groups: list[Group]
    chosen: tuple[int, int] | None
    name: str
    answers: list[VerdictRow]


class DuplicatesPage(Page):
    """``arrive`` takes ``pair`` ([id, id]) to lay two accounts side by side, or ``account`` for the pairs of one."""

    key = "duplicates"
    entities = frozenset({"accounts", "contacts", "verdicts"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._account: int | None = None
        self._pair: tuple[int, int] | None = None
        self._found: Found | None = None
        self._pairs: dict[tuple[int, int], Pair | None] = {}
        self._row = 0
        self._arrived = False
        column = self.column()
        column.addWidget(self._head())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._both())
        nothing = EmptyState(
            _("No account is there twice"),
            _("Names, tax numbers, mail domains and phones were compared; what is only a hint stands under Hints too."),
            normal=_("To the accounts"),
        )
        nothing.chosen.connect(self._to_accounts)
        self._stack.addWidget(nothing)
        self._stack.addWidget(
            EmptyState(
                _("Nothing was answered yet"),
                _(
                    "Whether two companies are the same one is asked once; the answers stand here and can be taken back."
                ),
            )
        )
        unlike = EmptyState(
            _("Nothing looks like this account"),
            _("Names, tax numbers, mail domains and phones were compared."),
            normal=_("Merge with another account…"),
        )
        unlike.chosen.connect(self._another)
        self._stack.addWidget(unlike)
        column.addWidget(self._stack, 1)

    def _head(self) -> PageHead:
        self.head = PageHead(_("Possible duplicates"), _("Comparing the accounts…"))
        self.views = Segmented([(OPEN, _("To decide")), (ANSWERED, _("Answered"))], OPEN)
        self.views.chosen.connect(self._show_view)
        self.hints = CheckBox(_("Hints too"))
        self.hints.clicked.connect(self.refresh)
        self.another = Button(_("Another account…"))
        self.another.clicked.connect(self._another)
        self.other = Button(_("Not the same"), key="Ctrl+D")
        self.other.clicked.connect(self._keep_apart)
        self.forget = Button(_("Ask again"), "undo", "Ctrl+Delete")
        self.forget.clicked.connect(self._forget)
        self.merge = Button(_("Merge"), "link", "Ctrl+Enter", "primary")
        self.merge.clicked.connect(self._merge)
        for part in (self.hints, self.views, self.another, self.other, self.forget, self.merge):
            self.head.add_action(part)
        for button in (self.hints, self.another, self.other, self.forget, self.merge):
            button.hide()
        return self.head

    def _both(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        self.list = LinesView(_("Possible duplicates"))
        self.list.chosen.connect(self._chosen)
        self.list.opened.connect(self._opened)
        self.side = Surface()
        inside = QVBoxLayout(self.side)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list)
        row.addWidget(self.side)
        self.panel = ComparePanel()
        self.panel.swapped.connect(self._swap)
        self.answer = Label("", wrap=True)
        self.answer.setContentsMargins(px(16), px(16), px(16), px(16))
        self.answer.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidget(self.panel)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._right = QStackedWidget()
        self._right.addWidget(area)
        self._right.addWidget(self.answer)
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._right)
        row.addWidget(surface, 1)
        return holder

    def arrive(self, args: Args) -> None:
        pair = args.get("pair")
        self._pair = (int(pair[0]), int(pair[1])) if isinstance(pair, list | tuple) and len(pair) == 2 else None
        self._account = int(args["account"]) if args.get("account") else None
        self.views.choose(OPEN)
        self._arrived, self._row = True, 0
        self.refresh()

    def refresh(self) -> None:
        self.context.runner.ask(_find, self._account, self._pair, self.hints.isChecked(), then=self._fill, owner=self)

    def _fill(self, found: Found) -> None:
        self._found = found
        self._show_view(self.views.current())
        self.crumbs_changed.emit()

    def _show_view(self, view: Any) -> None:
        if self._found is None:
            return
        answered = view == ANSWERED
        pairs = sum(len(group.pairs) for group in self._found.groups)
        self.views.set_options(
            [(OPEN, _("To decide"), pairs), (ANSWERED, _("Answered"), len(self._found.answers))], view
        )
        lines = self._answer_lines() if answered else self._pair_lines()
        row = self._row
        self.list.set_lines(lines)
        if lines and (self._arrived or self.list.current_key() is None):
            self._choose_near(row)
        self._arrived = False
        self.head.set_text(sentence=self._sentence(pairs))
        here = [line for line in lines if not line.section]
        nothing = 2 if answered else 1 if self._account is None else 3
        self._stack.setCurrentIndex(0 if here else nothing)
        self._right.setCurrentIndex(1 if answered else 0)
        self.hints.setVisible(not answered and self._account is None)
        self.another.setVisible(bool(here) and not answered and self._account is not None)
        self.merge.setVisible(bool(here) and not answered)
        self.other.setVisible(bool(here) and not answered)
        self.forget.setVisible(bool(here) and answered)
        self._chosen(self.list.current_key())
        self.context.actions.update()

    def _sentence(self, pairs: int) -> str:
        assert self._found is not None
        if self._account is not None:
            return _("that may be “{name}”").format(name=self._found.name)
        return ngettext("{n} pair", "{n} pairs", pairs).format(n=formats.number(pairs)) if pairs else ""

    def _choose_near(self, row: int) -> None:
        """After an answer the next pair takes the place of the one that went."""
        assert self._found is not None
        keys = [line.key for line in self.list.lines if not line.section]
        if self._found.chosen in keys:
            self.list.choose(self._found.chosen)
        elif keys:
            self.list.choose(keys[min(row, len(keys) - 1)])

    def _pair_lines(self) -> list[Line]:
        assert self._found is not None
        self._pairs = {}
        lines: list[Line] = []
        if self._pair is not None and not any(
            set(self._pair) == set(pair.ids) for group in self._found.groups for pair in group.pairs
        ):
            self._pairs[self._pair] = None
            lines.append(Line(self._pair, self._found.name, _("chosen by you")))
        headed = self._account is None and any(len(group.ids) > 2 for group in self._found.groups)
        for group in self._found.groups:
            if headed:
                count = ngettext("{n} account", "{n} accounts", len(group.ids)).format(n=len(group.ids))
                lines.append(Line(None, group.pairs[0].names[0], note=count, section=True))
            for pair in group.pairs:
                self._pairs[pair.ids] = pair
                seen = pair.evidence
                badge = Badge(_(seen.confidence.label), TONES[seen.confidence])
                title = pair.names[1] if self._account is not None else pair.names[0]
                second = seen.reasons[0].sentence
                if self._account is None:
                    second = f"{pair.names[1]} \u00b7 {second}"
                lines.append(Line(pair.ids, title, second, right_badge=badge))
        return lines

    def _answer_lines(self) -> list[Line]:
        assert self._found is not None
        return [
            Line(
                ("answer", row.id),
                row.name,
                row.other_name,
                right_badge=Badge(_("the same"), "ok") if row.same else Badge(_("not the same"), "neutral"),
            )
            for row in self._found.answers
        ]

    def _chosen(self, key: Any) -> None:
        if not isinstance(key, tuple):
            self.panel.show_pair(None, None)
            self._enable()
            return
        keys = [line.key for line in self.list.lines if not line.section]
        self._row = keys.index(key) if key in keys else self._row
        if key[0] == "answer":
            self._show_answer(key[1])
            return
        from csdesk.services.accounts.duplicates import compare

        if self.panel.shown is None or set(self.panel.shown.ids) != set(key):
            self.panel.show_pair(None, None)
        self._enable()
        self.context.runner.ask(compare, *key, then=self._show_pair, owner=self, key="compare")

    def _show_pair(self, shown: Comparison | None) -> None:
        key = self.list.current_key()
        if shown is None or not isinstance(key, tuple) or set(shown.ids) != set(key):
            self.panel.show_pair(None, None)
        else:
            pair = self._pairs.get((key[0], key[1]))
            self.panel.show_pair(shown, pair.evidence if pair is not None else shown.evidence)
        self._enable()

    def _enable(self) -> None:
        ready = self.panel.shown is not None
        self.merge.setEnabled(ready)
        self.other.setEnabled(ready)

    def _show_answer(self, verdict: int) -> None:
        assert self._found is not None
        row = next(row for row in self._found.answers if row.id == verdict)
        sentence = (
            _("You said that “{name}” and “{other}” are the same company. Imports take both names for one account.")
            if row.same
            else _("You said that “{name}” and “{other}” are different companies. They are proposed no more.")
        )
        day = formats.day_iso(to_local(row.at).date())
        answered = _("Answered on {day}.").format(day=day)
        self.answer.setText(f"{sentence.format(name=row.name, other=row.other_name)}\n\n{answered}")

    def _opened(self, key: Any) -> None:
        if isinstance(key, tuple) and key[0] != "answer":
            self.panel.focus_first()

    def _swap(self) -> None:
        from csdesk.services.accounts.duplicates import turned

        if self.panel.shown is not None:
            self.context.runner.ask(turned, self.panel.shown, then=self._show_pair, owner=self, key="compare")

    def _merge(self) -> None:
        from csdesk.services.accounts.merging import MergeAccounts, merge_accounts

        shown = self.panel.shown
        if shown is not None and self.views.current() == OPEN:
            wish = MergeAccounts(*shown.ids, self.panel.take(), shown.versions)
            self.panel.show_pair(None, None)
            self._enable()
            self.context.runner.do(merge_accounts, wish, then=self._merged, failed=self._refused)

    def _merged(self, done: Any) -> None:
        asked = self._pair is not None or self._account is not None
        self._pair = None
        if asked:
            self.context.go.to("accounts", id=done.value)
        else:
            self.list.setFocus()

    def _refused(self, _problems: object) -> None:
        self.refresh()

    def _keep_apart(self) -> None:
        from csdesk.services.accounts.verdicts import KeepApart, keep_apart

        shown = self.panel.shown
        if shown is not None and self.views.current() == OPEN:
            self._pair = None
            self.context.runner.do(keep_apart, KeepApart(shown.ids))
            self.list.setFocus()

    def _forget(self) -> None:
        from csdesk.services.accounts.verdicts import ForgetVerdicts, forget_verdicts

        key = self.list.current_key()
        if isinstance(key, tuple) and key[0] == "answer":
            self.context.runner.do(forget_verdicts, ForgetVerdicts((key[1],)))
            self.list.setFocus()

    def _turn_view(self) -> None:
        view = ANSWERED if self.views.current() == OPEN else OPEN
        self._show_view(view)
        self.list.setFocus()

    def _turn_hints(self) -> None:
        self.hints.click()

    def _to_accounts(self) -> None:
        self.context.go.to("accounts")

    def _another(self) -> None:
        if self._account is not None:
            choose_another(self.context, self._account, self)

    def focus_first(self) -> None:
        self.list.setFocus()

    def crumbs(self) -> tuple[Crumb, ...]:
        named = self._found is not None and self._account is not None
        return (Crumb(self._found.name),) if named and self._found is not None else ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < SMALL_WINDOW
        self.side.setFixedWidth(px(SMALL_LIST_WIDTH if small else LIST_WIDTH))
        for button in (self.merge, self.other, self.forget):
            button.show_key(not small)

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"duplicates.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            act("merge", N_("Merge these two accounts"), self._merge, "Ctrl+Return", "link"),
            act("apart", N_("Not the same company"), self._keep_apart, "Ctrl+D"),
            act("swap", N_("The other account stays"), self._swap, "Ctrl+J"),
            act("another", N_("Merge with another account…"), self._another, "Ctrl+M"),
            act("hints", N_("Hints too"), self._turn_hints, "Ctrl+H"),
            act("answered", N_("Answered questions"), self._turn_view, "Ctrl+Tab"),
            act("forget", N_("Ask again"), self._forget, "Ctrl+Delete", "undo"),
        ]


def _find(connection: Any, account: int | None, pair: tuple[int, int] | None, hints: bool) -> Found:
    from csdesk.services.accounts.duplicates import Group, duplicates_of, possible_duplicates
    from csdesk.services.accounts.queries import names_of
    from csdesk.services.accounts.verdicts import verdict_rows

    if account is not None:
        pairs = duplicates_of(connection, account)
        groups = [Group(tuple(pairs))] if pairs else []
        name = names_of(connection, [account]).get(account, "")
    else:
        groups = possible_duplicates(connection, hints=hints)
        names = names_of(connection, list(pair or ()))
        name = " \u00b7 ".join(names.get(one, "") for one in pair or ())
    listed = {tuple(sorted(one.ids)): one.ids for group in groups for one in group.pairs}
    chosen = listed.get(tuple(sorted(pair)), pair) if pair is not None else None
    return Found(groups, chosen, name, verdict_rows(connection))


def choose_another(context: Context, account: int, parent: QWidget) -> None:
    """Ask with which other account one is to be merged, and lay the two side by side."""
    from csdesk.services.accounts.queries import known_names

    def ask(known: dict[int, str]) -> None:
        _ask_another(context, account, known, parent)

    context.runner.ask(known_names, then=ask, owner=parent)


def _ask_another(context: Context, account: int, known: dict[int, str], parent: QWidget) -> None:
    from csdesk.services.core.drafts import Reader
    from csdesk.ui.core.form import FormDialog, FormField, open_form

    by_name = {name: other for other, name in reversed(known.items()) if other != account}

    def send(draft: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(draft)
        other = by_name.get(draft.get("account", "").strip())
        if other is None:
            read.refuse("account", _("Choose one of the accounts."), "unknown")
        read.check()
        dialog.done_well()
        context.go.to("duplicates", pair=[account, other])

    fields = [FormField("account", N_("Account"), required=True, wide=True, suggestions=tuple(by_name))]
    title = _("Merge “{name}” with").format(name=known.get(account, ""))
    open_form(context, title, fields, {}, send, verb=_("Compare"), parent=parent.window())
