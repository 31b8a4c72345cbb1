"""What is asked before a tier or a service mode changes: which, and why. A reason may always be left empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.models.vocabulary import MODE_OF_TIER, ServiceMode, Tier
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

NONE = "none"


def ask_tier(context: Context, ids: Sequence[int], tier: str | None, parent: QWidget) -> None:
    """Ask for the tier that these accounts get by hand, and why; one undo takes it back."""
    from csdesk.services.tiers.commands import SetTier, set_tier

    def send(draft: Mapping[str, str], dialog: FormDialog) -> None:
        chosen = draft["tier"]
        if not chosen:
            raise Problems([Problem("tier", _("Choose one of the list."), code="missing")])
        wish = SetTier(tuple(ids), None if chosen == NONE else Tier(chosen), draft["reason"])
        context.runner.do(set_tier, wish, then=dialog.done_well, failed=dialog.refuse)

    options = [
        (
            one.value,
            _("{tier} · {name} · {mode}").format(tier=one.value, name=_(one.label), mode=_(MODE_OF_TIER[one].label)),
        )
        for one in Tier
    ]
    fields = [
        FormField("tier", N_("Tier"), FieldKind.CHOICE, wide=True,
                  options=(("", "\u2014"), *options, (NONE, _("No tier")))),
        FormField("reason", N_("Reason"), FieldKind.LONG),
    ]  # fmt: skip
    title = ngettext("Tier of {n} account", "Tier of {n} accounts", len(ids)).format(n=len(ids))
    open_form(context, title, fields, {"tier": tier or ""}, send, verb=_("Change tier"), parent=parent.window())


def ask_mode(context: Context, ids: Sequence[int], mode: str | None, parent: QWidget) -> None:
    """Ask how these accounts are looked after, whatever their tier suggests."""
    from csdesk.services.accounts.commands import ChangeMany, change_accounts

    def send(draft: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeMany(tuple(ids), {"service_mode": draft["service_mode"] or None})
        context.runner.do(change_accounts, wish, then=dialog.done_well, failed=dialog.refuse)

    options = (("", "\u2014"), *((one.value, _(one.label)) for one in ServiceMode))
    fields = [FormField("service_mode", N_("Service mode"), FieldKind.CHOICE, wide=True, options=options)]
    title = ngettext("Service mode of {n} account", "Service mode of {n} accounts", len(ids)).format(n=len(ids))
    draft = {"service_mode": mode or ""}
    open_form(context, title, fields, draft, send, verb=_("Change service mode"), parent=parent.window())


def ask_keep(context: Context, ids: Sequence[int], parent: QWidget) -> None:
    """Ask why these accounts keep their tier although the figures speak for another."""
    from csdesk.services.tiers.commands import Keep, keep_tiers

    def send(draft: Mapping[str, str], dialog: FormDialog) -> None:
        wish = Keep(tuple(ids), draft["reason"])
        context.runner.do(keep_tiers, wish, then=dialog.done_well, failed=dialog.refuse)

    fields = [FormField("reason", N_("Why the tier stays"), FieldKind.LONG)]
    title = ngettext("Keep the tier of {n} account", "Keep the tiers of {n} accounts", len(ids)).format(n=len(ids))
    open_form(context, title, fields, {}, send, verb=_("Keep"), parent=parent.window())
