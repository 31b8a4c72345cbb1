"""What to talk about, from what is known of an account: the contract's end, what is owed, goals, what was said last."""

from __future__ import annotations

from datetime import date

from csdesk.models.vocabulary import NeedState, RenewalState
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.services.visits.agendas import lines
from csdesk.services.visits.preparation import HeardNeed, Preparation

RENEWAL_DAYS = 150
MOST = 8
MOST_GOALS = 2
LONGEST = 80


def proposed(view: Preparation, today: date) -> tuple[str, ...]:
    """The points, the weightiest first, none twice; what the customer may not see is not among them."""
    found = [
        *_of_promises(view, today),
        *(_("Tell: {title}").format(title=item.title) for item in view.report_back if item.tells),
        *_of_last(view),
        *_of_goals(view),
        *_of_renewal(view, today),
        *_of_people(view),
        *(_("Come back to: {text}").format(text=_short(need.text)) for need in _open(view)),
    ]
    return tuple(dict.fromkeys(found))[:MOST]


def _of_promises(view: Preparation, today: date) -> list[str]:
    found = []
    for task in view.promises[:3]:
        late = task.due_on is not None and task.due_on < today
        words = _("Promised and overdue: {text}") if late else _("Promised: {text}")
        found.append(words.format(text=_short(task.text)))
    return found


def _of_last(view: Preparation) -> list[str]:
    last = view.last
    if last is None or last.done_on is None:
        return []
    day = f"{last.done_on:%m-%d}"
    found = []
    if last.next_step:
        found.append(_("What became of it since {day}: {text}").format(day=day, text=_short(last.next_step)))
    if last.record:
        found.append(_("Said on {day}: {text}").format(day=day, text=_short(last.record)))
    return found


def _of_goals(view: Preparation) -> list[str]:
    return [_("How far along: {text}").format(text=_short(goal)) for goal in lines(view.goals)[:MOST_GOALS]]


def _of_renewal(view: Preparation, today: date) -> list[str]:
    ends = [row.end_on for row in view.deal.contracts if row.end_on and row.renewal_state == RenewalState.OPEN]
    if not ends or not 0 <= (min(ends) - today).days <= RENEWAL_DAYS:
        return []
    days = (min(ends) - today).days
    words = ngettext("The term ends on {day}, in {n} day", "The term ends on {day}, in {n} days", days)
    return [words.format(day=formats.day_iso(min(ends)), n=days)]


def _of_people(view: Preparation) -> list[str]:
    gone = [person for person in view.contacts if person.left_on is not None]
    return [_("Who takes over from {name}?").format(name=person.name) for person in gone[:1]]


def _open(view: Preparation) -> list[HeardNeed]:
    return [need for need in view.open_needs if need.state == NeedState.OPEN][:2]


def _short(text: str) -> str:
    first = " ".join(lines(text)) if "\n" in text.strip() else text.strip()
    return first if len(first) <= LONGEST else first[: LONGEST - 1] + "\u2026"
