"""The form of a contract, and those of what is done to it: renew, amend, extend, terminate, not renew, correct."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QWidget

from csdesk.models.vocabulary import HOME_CURRENCY, ContractAction, RenewalCause, RenewalKind
from csdesk.services.contracts import rules
from csdesk.services.contracts.doubts import advice
from csdesk.services.contracts.rules import LineFields, typed_lines
from csdesk.services.contracts.states import next_number, next_term, price_of, proposed_day
from csdesk.services.core import formats
from csdesk.services.core.drafts import Reader
from csdesk.services.core.errors import Problems
from csdesk.services.core.money import typed_amount
from csdesk.services.core.texts import C_, N_, _
from csdesk.services.core.values import parse_amount, parse_count, parse_day
from csdesk.ui.accounts.termination import terminate
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form
from csdesk.ui.core.rows_field import RowCell

if TYPE_CHECKING:
    from csdesk.services.contracts.queries import ContractRow, LineRow
    from csdesk.ui.core.context import Context

LINE_CELLS = (
    RowCell("id", "", hidden=True),
    RowCell("products", N_("Product"), 5),
    RowCell("seats", N_("Seats"), 2, right=True),
    RowCell("amount", N_("Amount"), 3, right=True),
    RowCell("recurring", N_("Recurring"), 2, check=True, first="1"),
    RowCell("start_on", C_("of a line", "From"), 3),
    RowCell("end_on", C_("of a line", "To"), 3),
)
NEXT_CELLS = (*LINE_CELLS[:4], RowCell("rise", N_("Agreed rise"), 3, right=True))
Asking = Callable[["Context", "ContractRow", "Sequence[ContractRow]", QWidget], object]


def _parent(parent: QWidget | None) -> QWidget | None:
    return parent.window() if parent is not None else QApplication.activeWindow()


def contract_fields(others: Sequence[ContractRow], own: int | None) -> list[FormField]:
    """A contract's fields; it may follow another contract of the account."""
    before = tuple((str(k.id), f"{k.number} ({k.end_on})") for k in others if k.id != own)
    return [
        FormField("number", N_("Contract number"), required=True),
        FormField("predecessor_id", N_("Follows"), FieldKind.CHOICE, options=(("", "\u2014"), *before)),
        FormField("start_on", N_("Starts on"), FieldKind.DAY),
        FormField("end_on", N_("Ends on"), FieldKind.DAY),
        FormField("lines", N_("Lines"), FieldKind.ROWS, cells=LINE_CELLS),
        FormField("amount", N_("Amount for the whole term")),
        FormField("currency", N_("Currency"), FieldKind.CHOICE, options=tuple((c, c) for c in rules.CURRENCIES)),
        FormField("signed_on", N_("Signed on"), FieldKind.DAY),
        FormField("payment_terms", N_("Payment terms")),
        FormField("notice_on", N_("Notice until"), hint=N_("30 days before the end, or a day")),
        FormField("document", N_("Document"), hint=N_("A path or an address")),
        FormField("auto_renew", N_("Renews by itself"), FieldKind.CHECK, wide=True),
        FormField("notes", N_("Notes"), FieldKind.LONG),
    ]


def new_contract(
    context: Context, account_id: int, others: Sequence[ContractRow], parent: QWidget | None = None
) -> FormDialog:
    """Ask for a new contract of an account."""
    from csdesk.services.contracts.commands import NewContract
    from csdesk.services.receivables.commands import NewPlannedContract, create_planned_contract
    from csdesk.services.receivables.rules import RHYTHMS, Rhythm

    def send(draft: Mapping[str, str], dialog: FormDialog) -> None:
        contract = NewContract(account_id, rules.parse(draft, context.clock.today()))
        rhythm = Rhythm(draft["rhythm"]) if draft.get("rhythm") else None
        wish = NewPlannedContract(contract, rhythm)
        context.runner.do(create_planned_contract, wish, then=dialog.done_well, failed=dialog.refuse)

    rhythms = tuple((rhythm.value, _(label)) for rhythm, label in RHYTHMS.items() if rhythm != Rhythm.CUSTOM)
    fields = contract_fields(others, None)
    place = next(place for place, field in enumerate(fields) if field.key == "payment_terms") + 1
    options = (("", _("none yet")), *rhythms)
    fields.insert(place, FormField("rhythm", N_("Instalments"), FieldKind.CHOICE, options=options))
    return open_form(
        context, _("New contract"), fields, {"currency": HOME_CURRENCY}, send,
        draft_key=f"contract.new.{account_id}", parent=_parent(parent), advise=_adviser(context, others, None),
    )  # fmt: skip


def edit_contract(
    context: Context, row: ContractRow, others: Sequence[ContractRow], parent: QWidget | None = None
) -> FormDialog:
    """Change a contract."""
    from csdesk.services.contracts.commands import ChangeContract, change_contract

    fields = contract_fields(others, row.id)
    draft = {field.key: _typed(getattr(row, field.key)) for field in fields if field.key != "lines"}
    draft["lines"] = typed_lines(_own_days(line, row) for line in row.lines)

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeContract(row.id, rules.parse(typed, context.clock.today()), row.version)
        context.runner.do(change_contract, wish, then=dialog.done_well, failed=dialog.refuse)

    return open_form(
        context, _("Edit {name}").format(name=row.number), fields, draft, send,
        draft_key=f"contract.{row.id}", parent=_parent(parent), advise=_adviser(context, others, row.id),
    )  # fmt: skip


def _own_days(line: LineRow, row: ContractRow) -> LineFields:
    """A line as the form has it: days stand there only where they are its own."""
    start = None if line.start_on == row.start_on else line.start_on
    end = None if line.end_on == row.end_on else line.end_on
    return LineFields(line.id, line.products, line.seats, line.amount, line.recurring, start, end)


def _adviser(
    context: Context, others: Sequence[ContractRow], own: int | None
) -> Callable[[Mapping[str, str]], Mapping[str, str]]:
    from csdesk.services.contracts.queries import rated_currencies

    rated: set[str] = set()
    context.runner.ask(rated_currencies, then=rated.update, owner=context.go)

    def advise(draft: Mapping[str, str]) -> Mapping[str, str]:
        try:
            fields = rules.parse({**draft, "number": draft.get("number", "") or "-"}, context.clock.today())
        except Problems:
            return {}
        return advice(fields, others, rated, own)

    return advise


CAUSES = tuple((cause.value, cause.label) for cause in RenewalCause)


def _causes(first: str) -> tuple[tuple[str, str], ...]:
    return (("", first), *((value, _(label)) for value, label in CAUSES))


def renew(context: Context, row: ContractRow, others: Sequence[ContractRow], parent: QWidget) -> FormDialog:
    """Ask for the next contract, made from the one that ends."""
    from csdesk.services.contracts.ledger import Renew
    from csdesk.services.receivables.renewing import RenewWithMoney, renew_with_money
    from csdesk.services.receivables.rules import usual_next
    from csdesk.ui.receivables.wording import rhythms_to_follow

    start = end = None
    if row.start_on is not None and row.end_on is not None:
        start, end = next_term(row.start_on, row.planned_end_on or row.end_on, row.end_on + timedelta(days=1))
    lines = [line for line in row.lines if line.recurring and (line.end_on is None or line.end_on == row.end_on)]
    typed = "\n".join(_next_row(line, row) for line in lines)
    number = next_number(row.number, row.start_on, start, {k.number for k in others}) if start is not None else ""
    fields = [
        FormField("number", N_("Contract number"), required=True),
        FormField("signed_on", N_("Signed on"), FieldKind.DAY),
        FormField("start_on", N_("Starts on"), FieldKind.DAY),
        FormField("end_on", N_("Ends on"), FieldKind.DAY),
        FormField("lines", N_("Lines"), FieldKind.ROWS, cells=NEXT_CELLS),
        FormField("rhythm", N_("Instalments"), FieldKind.CHOICE, options=rhythms_to_follow()),
        FormField("cause", N_("Reason"), FieldKind.CHOICE, options=_causes("\u2014")),
        FormField(
            "kind", N_("Came about"), FieldKind.CHOICE, options=tuple((k.value, _(k.label)) for k in RenewalKind)
        ),
        FormField("note", N_("In words"), FieldKind.LONG),
    ]
    draft = {
        "number": number,
        "signed_on": context.clock.today().isoformat(),
        "start_on": _typed(start),
        "end_on": _typed(end),
        "lines": typed,
        "rhythm": usual_next(row.payment_terms, planned=row.open_cents is not None),
    }

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        today = context.clock.today()
        wish = Renew(
            row.id,
            read.text("number", required=_("A contract needs a number, so that it can be found again.")),
            read.value("start_on", lambda text: parse_day(text, today)),
            read.value("end_on", lambda text: parse_day(text, today)),
            read.value("signed_on", lambda text: parse_day(text, today)),
            _next_lines(read, typed.get("lines", "")),
            read.word("kind", RenewalKind) or RenewalKind.BY_HAND,
            read.word("cause", RenewalCause),
            read.text("note"),
            row.version,
        )
        rhythm = read.text("rhythm")
        read.check()
        context.runner.do(renew_with_money, RenewWithMoney(wish, rhythm), then=dialog.done_well, failed=dialog.refuse)

    return _ask(context, _("Renew {number}"), row, fields, draft, send, parent, _("Renew"))


def _next_row(line: LineRow, row: ContractRow) -> str:
    """A line of the next contract as it is proposed: at the same price for a term as long."""
    amount = line.amount
    if line.arr_cents is not None and row.start_on is not None and row.end_on is not None:
        start, end = next_term(row.start_on, row.planned_end_on or row.end_on, row.end_on + timedelta(days=1))
        if amount is None or rules.line_arr(amount, start, end) != line.arr_cents:
            amount = price_of(line.arr_cents, start, end)
    return "\t".join((str(line.id), " ".join(line.products.split()), _typed(line.seats), _typed(amount), ""))


def _next_lines(read: Reader, text: str) -> tuple[Any, ...]:
    from csdesk.services.contracts.ledger import NextLine

    found = []
    for place, typed in enumerate(text.split("\n"), start=1):
        cells = dict(zip(("id", "products", "seats", "amount", "rise"), typed.split("\t"), strict=False))
        if not any(cells.get(key, "").strip() for key in ("products", "seats", "amount")):
            continue
        own = Reader(cells)
        given = own.text("id")
        found.append(
            NextLine(
                int(given) if given.isdecimal() else None,
                own.text("products"),
                own.value("seats", parse_count),
                own.value("amount", parse_amount),
                own.value("rise", parse_amount),
            )
        )
        for problem in own.problems:
            words = _("Line {n}: {problem}").format(n=place, problem=problem.message)
            read.refuse("lines", words, problem.code)
    if not found:
        read.refuse("lines", _("Without a line there is nothing to renew; note “not renewed” instead."), "missing")
    return tuple(found)


NEW_LINE = "new"
_KEEP, _DROP = "keep", "drop"


def amend(context: Context, row: ContractRow, others: Sequence[ContractRow], parent: QWidget) -> FormDialog:
    """Ask what changes from which day."""
    from csdesk.services.contracts.ledger import Amend, LineChange, amend_contract

    last = max((line.end_on for line in row.lines if line.end_on is not None), default=None)
    running = [line for line in row.lines if line.recurring and (line.end_on is None or line.end_on == last)]
    running += [line for line in row.lines if line.recurring and line not in running]
    options = tuple((str(line.id), _line_words(line)) for line in running)
    today = context.clock.today()
    fields = [
        FormField("line_id", N_("Line"), FieldKind.CHOICE, wide=True, options=(*options, (NEW_LINE, _("A new line")))),
        FormField("from_on", N_("From which day"), FieldKind.DAY, required=True),
        FormField("how", C_("of a line", "What happens"), FieldKind.CHOICE,
                  options=((_KEEP, _("It goes on changed")), (_DROP, _("It ends the day before")))),
        FormField("products", N_("Product"), hint=N_("as before")),
        FormField("seats", N_("Seats from then on"), hint=N_("as before")),
        FormField("amount", N_("Amount from then to its end"), hint=N_("same price")),
        FormField("cause", N_("Reason"), FieldKind.CHOICE, options=_causes("\u2014")),
        FormField("note", N_("In words"), FieldKind.LONG),
    ]  # fmt: skip
    begins = proposed_day(row.start_on, row.end_on, today)
    draft = {"line_id": options[0][0] if options else NEW_LINE, "from_on": begins.isoformat(), "how": _KEEP}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        day = read.value("from_on", lambda text: parse_day(text, today))
        if day is None and not read.problems:
            read.refuse("from_on", _("Say from which day."), "missing")
        given = read.text("line_id")
        change = LineChange(
            int(given) if given.isdecimal() else None,
            read.text("products"),
            read.value("seats", parse_count),
            read.value("amount", parse_amount),
            drop=read.text("how") == _DROP,
        )
        cause, note = read.word("cause", RenewalCause), read.text("note")
        read.check()
        assert day is not None
        wish = Amend(row.id, day, (change,), note, cause, row.version)
        context.runner.do(amend_contract, wish, then=dialog.done_well, failed=dialog.refuse)

    return _ask(context, _("Amend {number}"), row, fields, draft, send, parent, _("Amend"))


def _line_words(line: LineRow) -> str:
    term = f"{formats.day_iso(line.start_on)} \u2013 {formats.day_iso(line.end_on)}"
    amount = formats.money(line.amount) if line.amount is not None else ""
    return " \u00b7 ".join(part for part in (line.products, _typed(line.seats), amount, term) if part)


def extend(context: Context, row: ContractRow, others: Sequence[ContractRow], parent: QWidget) -> FormDialog:
    """Ask for a later end."""
    from csdesk.services.contracts.ledger import Extend, extend_contract

    fields = [
        FormField("end_on", N_("Runs on to"), FieldKind.DAY, required=True),
        FormField("amount", N_("Amount for the days added"), hint=N_("same price; 0 is free")),
        FormField("note", N_("In words"), FieldKind.LONG),
    ]

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        day = read.value("end_on", lambda text: parse_day(text, context.clock.today()))
        if day is None and not read.problems:
            read.refuse("end_on", _("Say when it ends now."), "missing")
        amount, note = read.value("amount", parse_amount), read.text("note")
        read.check()
        assert day is not None
        wish = Extend(row.id, day, amount, note, row.version)
        context.runner.do(extend_contract, wish, then=dialog.done_well, failed=dialog.refuse)

    return _ask(context, _("Extend {number}"), row, fields, {"end_on": _typed(row.end_on)}, send, parent, _("Extend"))


def lose(context: Context, row: ContractRow, others: Sequence[ContractRow], parent: QWidget) -> FormDialog:
    """Ask why a contract is not renewed."""
    from csdesk.services.contracts.ledger import MarkLost, mark_lost

    fields = [
        FormField("cause", N_("Reason"), FieldKind.CHOICE, options=_causes(_("Choose…")), required=True, wide=True),
        FormField("decided_on", N_("Decided on"), FieldKind.DAY),
        FormField("note", N_("In words"), FieldKind.LONG),
    ]

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        decided = read.value("decided_on", lambda text: parse_day(text, context.clock.today()))
        wish = MarkLost(row.id, read.word("cause", RenewalCause), read.text("note"), decided, row.version)
        read.check()
        context.runner.do(mark_lost, wish, then=dialog.done_well, failed=dialog.refuse)

    draft = {"decided_on": context.clock.today().isoformat()}
    return _ask(context, _("{number} is not renewed"), row, fields, draft, send, parent, _("Not renewed"))


def correct(context: Context, row: ContractRow, others: Sequence[ContractRow], parent: QWidget) -> FormDialog:
    """Ask why what was decided is open again."""
    from csdesk.services.contracts.ledger import CorrectOutcome, correct_outcome

    fields = [FormField("note", N_("What was wrong"), FieldKind.LONG)]

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = CorrectOutcome(row.id, typed.get("note", "").strip(), row.version)
        context.runner.do(correct_outcome, wish, then=dialog.done_well, failed=dialog.refuse)

    return _ask(context, _("Open the outcome of {number} again"), row, fields, {}, send, parent, _("Open again"))


ASKING: dict[ContractAction, Asking] = {
    ContractAction.RENEW: renew,
    ContractAction.AMEND: amend,
    ContractAction.EXTEND: extend,
    ContractAction.LOSE: lose,
    ContractAction.TERMINATE: terminate,
    ContractAction.CORRECT: correct,
}
"""By action: the form that asks for what it needs."""


def _ask(
    context: Context,
    title: str,
    row: ContractRow,
    fields: Sequence[FormField],
    draft: Mapping[str, str],
    send: Callable[[Mapping[str, str], FormDialog], None],
    parent: QWidget,
    verb: str,
) -> FormDialog:
    return open_form(context, title.format(number=row.number), fields, draft, send, verb=verb, parent=_parent(parent))


def _typed(value: object) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, Decimal):
        return typed_amount(value)
    return "1" if value is True else str(value)
