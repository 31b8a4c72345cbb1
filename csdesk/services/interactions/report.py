"""An account on one page: what one wants to know before a visit or a call. For internal use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from csdesk.models.vocabulary import ContactRole, InteractionKind, NeedState, Tier, VisitKind, VisitState
from csdesk.services.accounts.overview import Overview, VisitFacts, overview
from csdesk.services.contacts.queries import ContactRow
from csdesk.services.contracts.queries import ContractRow
from csdesk.services.core import formats
from csdesk.services.core.report import (
    Block,
    Facts,
    Halves,
    Line,
    PaperColumn,
    Paragraphs,
    Piece,
    Report,
    Row,
    Ruled,
    Section,
    Span,
    Table,
    TickBox,
    TierMark,
    cell,
    text,
)
from csdesk.services.core.texts import _, is_chinese, language
from csdesk.services.interactions.queries import InteractionRow
from csdesk.services.interactions.timeline import Kind, Moment, timeline
from csdesk.services.tasks.queries import TaskRow, tasks_of_account
from csdesk.services.visits.agendas import lines
from csdesk.services.visits.deal_words import money_lines
from csdesk.services.visits.preparation import Deal, HeardNeed, deal_of, needs_of
from csdesk.services.visits.printing import printing_at
from csdesk.services.visits.report import HARD_SPACE, phone_text
from csdesk.services.visits.sheet_report import Printing, short

MOST_PEOPLE = 5
MOST_CONTRACTS = 3
MOST_TASKS = 4
MOST_LINES = 3
MOST_MOMENTS = 8
SPOKEN = (Kind.VISIT, Kind.TALK, Kind.NOTE)


@dataclass(frozen=True)
class AccountPaper:
    """What the page is made of."""

    view: Overview
    deal: Deal
    tasks: tuple[TaskRow, ...]
    needs: tuple[HeardNeed, ...]
    moments: tuple[Moment, ...]


def account_paper(connection: Connection, account_id: int, today: date) -> AccountPaper | None:
    """Everything for the page; None where the account is gone or in the bin."""
    view = overview(connection, account_id)
    if view is None:
        return None
    return AccountPaper(
        view,
        deal_of(connection, account_id, today),
        tuple(task for task in tasks_of_account(connection, account_id) if task.is_open),
        tuple(need for need in needs_of(connection, account_id) if need.state == NeedState.OPEN),
        tuple(one for one in timeline(connection, account_id) if _tells(one)),
    )


def _tells(moment: Moment) -> bool:
    visit = moment.source if isinstance(moment.source, VisitFacts) else None
    return moment.kind in SPOKEN and (visit is None or visit.state != VisitState.PLANNED)


def printed_account(connection: Connection, account_id: int, at: datetime) -> Report | None:
    """The page of an account printed at a moment, in local time; None where the account is gone."""
    printing = printing_at(connection, at)
    paper = account_paper(connection, account_id, printing.today)
    return None if paper is None else account_report(paper, printing)


def account_report(paper: AccountPaper, printing: Printing) -> Report:
    """The page; longer lists end with how many more there are, so that it stays one."""
    account = paper.view.account
    left = (_people(paper.view), *_goals(paper.view), *_tasks(paper, printing.today))
    right = (_contracts(paper.deal, printing.today), *_worries(paper))
    return Report(
        title=account.short_name or account.name,
        subtitle=" \u00b7 ".join(
            filter(None, (_("Account on one page"), formats.day_long(printing.today), printing.author))
        ),
        summary=_summary(paper.view),
        sections=(
            Section(blocks=(_facts(paper.view, printing.today),)),
            Section(blocks=(Halves(left, right),)),
            *_latest(paper.moments),
            Section(_("Notes by hand"), blocks=(Ruled(2, 20, fill=True),), rule=0, whole=True),
        ),
        footer=(Span(_("Internal only"), bold=True),),
        printed_at=printing.at,
        author=printing.author,
        language=language(),
    )


def _summary(view: Overview) -> tuple[Line, ...]:
    account = view.account
    first: list[Piece] = []
    if account.tier:
        first = [TierMark(account.tier), Span(HARD_SPACE + _(Tier(account.tier).label))]
    if account.industry:
        first.append(Span((" \u00b7 " if first else "") + account.industry))
    place = " ".join(
        filter(None, (account.city, account.address.removeprefix(account.city).strip() or account.district))
    )
    return tuple(line for line in (Line(tuple(first)), text(place, small=True)) if line.pieces)


def _facts(view: Overview, today: date) -> Facts:
    account, following = view.account, view.next_visit(today)
    ends = formats.NOTHING
    if account.renewal_on is not None:
        ends = f"{formats.day_iso(account.renewal_on)} ({formats.days_left(account.renewal_on, today)})"
    return Facts(
        (
            (_("ARR (CNY)"), formats.cents(account.arr_cents)),
            (_("Seats"), formats.number(account.seats)),
            (_("Renewal date"), ends),
            (_("Last contact"), formats.day_short(account.last_contact_on, today)),
            (_("Next visit"), formats.day_near(following.planned_on if following else None, today)),
        )
    )


def _section(title: str, block: Block) -> Section:
    return Section(title, blocks=(block,), rule=0)


def _more(count: int, most: int) -> list[Line]:
    return [text(_("{n} more").format(n=count - most), muted=True, small=True)] if count > most else []


def _listed(title: str, entries: Iterable[str], most: int, tick: bool = False) -> tuple[Section, ...]:
    found = list(entries)
    mark: tuple[Piece, ...] = (TickBox(), Span(" ")) if tick else (Span("\u00b7 "),)
    shown = [Line((*mark, Span(short(entry, 60)))) for entry in found[:most]]
    return (_section(title, Paragraphs((*shown, *_more(len(found), most)))),) if found else ()


def _people(view: Overview) -> Section:
    here = [person for person in view.contacts if person.left_on is None]
    rows = [_person(person) for person in here[:MOST_PEOPLE]]
    if not rows:
        return _section(_("Contacts"), Paragraphs((text(_("No contact yet"), muted=True),)))
    columns = (
        PaperColumn(width=52 if is_chinese() else 70),
        PaperColumn(stretch=1),
        PaperColumn(width=78, align="right"),
    )
    return Section(
        _("Contacts"), blocks=(Table(tuple(rows), columns), Paragraphs(tuple(_more(len(here), MOST_PEOPLE)))), rule=0
    )


def _person(person: ContactRow) -> Row:
    role = _(ContactRole(person.role).label) if person.role else ""
    words = _(", ").join(filter(None, (person.title, role)))
    return Row((cell(text(short(person.name, 12), bold=True)), cell(short(words, 40)), cell(phone_text(person.phone))))


def _goals(view: Overview) -> tuple[Section, ...]:
    if not view.handovers:
        return ()
    return _listed(_("What they want to reach"), lines(view.handovers[0].goals), MOST_LINES)


def _tasks(paper: AccountPaper, today: date) -> tuple[Section, ...]:
    words = (
        f"{short(task.text, 50)} \u00b7 {formats.day_short(task.due_on, today)}" if task.due_on else task.text
        for task in paper.tasks
    )
    return _listed(_("Promises and tasks"), words, MOST_TASKS, tick=True)


def _contracts(deal: Deal, today: date) -> Section:
    shown = [line for row in deal.contracts[:MOST_CONTRACTS] for line in _contract(row, today)]
    shown += _more(len(deal.contracts), MOST_CONTRACTS)
    shown += [text(words, bold=bool(deal.overdue) and not number) for number, words in enumerate(money_lines(deal))]
    return _section(_("Contract and money"), Paragraphs(tuple(shown or [text(_("No contract yet"), muted=True)])))


def _contract(row: ContractRow, today: date) -> tuple[Line, ...]:
    amount = formats.money_in(row.amount, row.currency) if row.amount is not None else ""
    head = Line((Span(row.number or _("no number"), bold=True), Span(f" \u00b7 {amount}" if amount else "")))
    ends = ""
    if row.end_on is not None:
        ends = _("ends {day} ({left})").format(
            day=formats.day_iso(row.end_on), left=formats.days_left(row.end_on, today)
        )
    return head, text(" \u00b7 ".join(filter(None, (short(row.products, 30), ends))), muted=True, small=True)


def _worries(paper: AccountPaper) -> tuple[Section, ...]:
    newest = paper.view.handovers[0] if paper.view.handovers else None
    return (
        *(_listed(_("Pain points"), lines(newest.pain_points), MOST_LINES) if newest else ()),
        *(_listed(_("Risks"), lines(newest.risks), MOST_LINES) if newest else ()),
        *_listed(_("Needs that showed"), (need.text for need in paper.needs), MOST_LINES),
    )


def _latest(moments: tuple[Moment, ...]) -> tuple[Section, ...]:
    if not moments:
        return ()
    rows = tuple(_moment(moment) for moment in moments[:MOST_MOMENTS])
    columns = (PaperColumn(width=62), PaperColumn(width=64), PaperColumn(width=84), PaperColumn(stretch=1))
    return (_section(_("What happened last"), Table(rows, columns)),)


def _moment(moment: Moment) -> Row:
    words, kind = moment.text, ""
    if isinstance(moment.source, VisitFacts):
        visit = moment.source
        kind = _(VisitKind(visit.kind).label)
        if visit.state != VisitState.DONE:
            kind = _(VisitState(visit.state).label)
        words = visit.record or visit.excuse or visit.goal
        if visit.next_step:
            words = f"{words} \u2192 {visit.next_step}"
    elif isinstance(moment.source, InteractionRow):
        kind, words = _(InteractionKind(moment.source.kind).label), moment.source.text
    who = short(_(", ").join(moment.people), 14)
    return Row((cell(moment.day.isoformat()), cell(kind), cell(who), cell(short(words, 84))))
