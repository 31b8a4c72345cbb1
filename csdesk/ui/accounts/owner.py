"""Giving accounts to another owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.form import FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def ask_owner(context: Context, ids: tuple[int, ...], parent: QWidget) -> None:
    """Ask who looks after these accounts from now on; one undo takes it back."""
    from csdesk.services.accounts.commands import ChangeMany, change_accounts
    from csdesk.services.accounts.queries import known_values

    with context.desk.read() as connection:
        known = tuple(known_values(connection, "owner"))

    def send(draft: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeMany(ids, {"owner": draft["owner"].strip()})
        context.runner.do(change_accounts, wish, then=dialog.done_well, failed=dialog.refuse)

    title = ngettext("Owner of {n} account", "Owner of {n} accounts", len(ids)).format(n=len(ids))
    fields = [FormField("owner", N_("CSM owner"), wide=True, suggestions=known)]
    open_form(context, title, fields, {}, send, verb=_("Change owner"), parent=parent.window())
