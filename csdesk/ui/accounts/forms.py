"""The forms of accounts and contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from csdesk.models.vocabulary import ContactRole, Sentiment, ServiceMode, Tier, Word
from csdesk.services.accounts import rules as account_rules
from csdesk.services.contacts import rules as contact_rules
from csdesk.services.core.texts import N_, _
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.services.accounts.queries import AccountRow
    from csdesk.services.contacts.queries import ContactRow
    from csdesk.ui.core.context import Context

Options = tuple[tuple[str, str], ...]


def _words(kind: type[Word], *, with_value: bool = False) -> Options:
    shown = [(word.value, f"{word.value}  {_(word.label)}" if with_value else _(word.label)) for word in kind]
    return (("", "\u2014"), *shown)


def _parent(parent: QWidget | None) -> QWidget | None:
    return parent.window() if parent is not None else QApplication.activeWindow()


def account_fields(context: Context) -> list[FormField]:
    """An account's fields; industry, city and people complete from what is in use."""
    from csdesk.services.accounts.queries import known_values

    with context.desk.read() as connection:
        known = {key: tuple(known_values(connection, key)) for key in ("industry", "city", "owner", "sales_owner")}
    return [
        FormField("name", N_("Name"), required=True, wide=True),
        FormField("short_name", N_("Short name")),
        FormField("tier", N_("Tier"), FieldKind.CHOICE, options=_words(Tier, with_value=True)),
        FormField("service_mode", N_("Service mode"), FieldKind.CHOICE, options=_words(ServiceMode)),
        FormField("industry", N_("Industry"), suggestions=known["industry"]),
        FormField("city", N_("City"), suggestions=known["city"]),
        FormField("district", N_("District")),
        FormField("address", N_("Address"), wide=True),
        FormField("owner", N_("CSM owner"), suggestions=known["owner"]),
        FormField("sales_owner", N_("Sales owner"), suggestions=known["sales_owner"]),
        FormField("website", N_("Website")),
        FormField("tax_number", N_("Tax number")),
        FormField("strategic", N_("Strategic account"), FieldKind.CHECK, wide=True),
        FormField("notes", N_("Notes"), FieldKind.LONG),
    ]


def new_account(context: Context, parent: QWidget | None = None) -> FormDialog:
    """Ask for a new account and open its page."""
    from csdesk.services.accounts.commands import NewAccount, create_account

    def send(draft: Mapping[str, str], dialog: FormDialog) -> None:
        def stored(done: object) -> None:
            dialog.done_well()
            context.go.to("accounts", id=done.value)  # type: ignore[attr-defined]

        wish = NewAccount(account_rules.parse(draft))
        context.runner.do(create_account, wish, then=stored, failed=dialog.refuse)

    return open_form(
        context, _("New account"), account_fields(context), {}, send, draft_key="account.new", parent=_parent(parent)
    )


def edit_account(context: Context, row: AccountRow, parent: QWidget | None = None) -> FormDialog:
    """Change an account."""
    from csdesk.services.accounts.commands import ChangeAccount, change_account

    fields = account_fields(context)
    draft = {field.key: _typed(getattr(row, field.key)) for field in fields}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeAccount(row.id, account_rules.parse(typed), row.version)
        context.runner.do(change_account, wish, then=dialog.done_well, failed=dialog.refuse)

    return open_form(
        context, _("Edit {name}").format(name=row.short_name or row.name), fields, draft, send,
        draft_key=f"account.{row.id}", parent=_parent(parent),
    )  # fmt: skip


def contact_fields() -> list[FormField]:
    """A contact's fields."""
    return [
        FormField("name", N_("Name"), required=True),
        FormField("title", N_("Title")),
        FormField("role", N_("Role"), FieldKind.CHOICE, options=_words(ContactRole)),
        FormField("sentiment", N_("Sentiment"), FieldKind.CHOICE, options=_words(Sentiment)),
        FormField("phone", N_("Phone number")),
        FormField("email", N_("Email")),
        FormField("wechat", N_("WeChat")),
        FormField("left_on", N_("Left on"), FieldKind.DAY),
        FormField("notes", N_("Notes"), FieldKind.LONG),
    ]


def new_contact(context: Context, account_id: int, parent: QWidget | None = None) -> FormDialog:
    """Ask for a new person at an account."""
    from csdesk.services.contacts.commands import NewContact, create_contact

    def send(draft: Mapping[str, str], dialog: FormDialog) -> None:
        wish = NewContact(account_id, contact_rules.parse(draft, context.clock.today()))
        context.runner.do(create_contact, wish, then=dialog.done_well, failed=dialog.refuse)

    return open_form(
        context,
        _("New contact"),
        contact_fields(),
        {},
        send,
        draft_key=f"contact.new.{account_id}",
        parent=_parent(parent),
    )


def edit_contact(context: Context, row: ContactRow, parent: QWidget | None = None) -> FormDialog:
    """Change a contact."""
    from csdesk.services.contacts.commands import ChangeContact, change_contact

    fields = contact_fields()
    draft = {field.key: str(getattr(row, field.key) or "") for field in fields}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeContact(row.id, contact_rules.parse(typed, context.clock.today()), row.version)
        context.runner.do(change_contact, wish, then=dialog.done_well, failed=dialog.refuse)

    return open_form(
        context, _("Edit {name}").format(name=row.name), fields, draft, send,
        draft_key=f"contact.{row.id}", parent=_parent(parent),
    )  # fmt: skip


def _typed(value: object) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)
