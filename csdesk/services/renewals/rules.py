"""Renewals on their way: days to the end, forecasts, how an outcome splits, when tasks fall due. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from csdesk.models.vocabulary import N_, RenewalCategory, RenewalCause, RenewalStage, RenewalState
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.texts import _
from csdesk.services.core.values import parse_amount, parse_count, parse_day

WINDOWS = (30, 60, 90, 120, 150)
"""The board's columns by days to the end."""
HORIZON = WINDOWS[-1]
LATE = "late"
OPEN_STAGES = (RenewalStage.NOT_STARTED, RenewalStage.CONTACTED, RenewalStage.NEGOTIATING, RenewalStage.PROMISED)
"""The stages on the way, in their order; signed and lost come with the outcome."""
UNJUDGED = "unjudged"
"""The key of what has no category yet. It is weighed as likely."""
SHARES = (*(category.value for category in RenewalCategory), UNJUDGED)


def window_of(end: date, today: date) -> str:
    """The column of an end: "late" for a day gone by, else "30" … "150"; "" for what lies further ahead."""
    days = (end - today).days
    if days < 0:
        return LATE
    return next((str(window) for window in WINDOWS if days <= window), "")


def stage_of(stage: str, state: str) -> str:
    """The stage that a contract shows: what was decided goes before what was noted on the way."""
    if state == RenewalState.RENEWED:
        return RenewalStage.SIGNED
    return RenewalStage.LOST if state == RenewalState.CHURNED else stage


@dataclass(frozen=True)
class Weights:
    """How much of an amount is expected to come in, by category, in percent."""

    commit: int = 95
    likely: int = 70
    at_risk: int = 25
    lost: int = 0

    def of(self, category: str | None) -> int:
        """The weight of a category; what nobody has judged yet is weighed as likely."""
        return self.likely if category is None else int(getattr(self, RenewalCategory(category).value))


@dataclass(frozen=True)
class Expected:
    """One contract in a forecast, in cents of the home currency: the ARR to keep, and what is thought to follow."""

    category: str | None
    target: int
    forecast: int | None = None

    @property
    def amount(self) -> int:
        """What is thought to follow: the forecast where there is one, nothing where the customer is lost."""
        if self.forecast is not None:
            return self.forecast
        return 0 if self.category == RenewalCategory.LOST else self.target


@dataclass(frozen=True)
class Forecast:
    """What ends in some days, in cents: ``target`` to keep, ``shares`` of it by category (and "unjudged"), ``forecast``
    unweighted, ``weighted`` by the weights. ``without_rate`` contracts are in a currency that has no rate: left out.
    ``goal`` is the rate by amount that was set for these days; None: none was.
    """

    count: int
    target: int
    shares: Mapping[str, int]
    forecast: int
    weighted: int
    without_rate: int = 0
    goal: Decimal | None = None

    @property
    def rate(self) -> Decimal | None:
        """Weighted ÷ target; None where nothing ends."""
        return Decimal(self.weighted) / self.target if self.target else None

    @property
    def missing(self) -> int | None:
        """What the weighted forecast lacks of the goal, in cents; None without a goal, negative where it is passed."""
        if self.goal is None:
            return None
        return int((self.goal * self.target).to_integral_value(ROUND_HALF_EVEN)) - self.weighted


def foresee(rows: Iterable[Expected], weights: Weights, without_rate: int = 0, goal: Decimal | None = None) -> Forecast:
    """The forecast of some contracts: Σ amount × weight, rounded once."""
    known = list(rows)
    shares = dict.fromkeys(SHARES, 0)
    hundredths = 0
    for row in known:
        shares[row.category or UNJUDGED] += row.target
        hundredths += row.amount * weights.of(row.category)
    weighted = int((Decimal(hundredths) / 100).to_integral_value(ROUND_HALF_EVEN))
    target, forecast = sum(row.target for row in known), sum(row.amount for row in known)
    return Forecast(len(known) + without_rate, target, shares, forecast, weighted, without_rate, goal)


@dataclass(frozen=True)
class Split:
    """What a final amount comes to, in cents of ARR: min(final, target) is renewed; beside an agreed price rise the rest is
    expansion or contraction, so that target + price rise + expansion - contraction = final, as in the bridge.
    """

    renewed: int
    expansion: int = 0
    contraction: int = 0
    price_rise: int = 0


def split(target: int, final: int, rise: int = 0) -> Split:
    """Split the ARR that follows against the ARR that ended; ``rise`` of it is a price rise that had been agreed."""
    grown = final - target - rise
    return Split(min(target, final), max(0, grown), max(0, -grown), rise)


def spread(whole: int, parts: Sequence[int]) -> list[int]:
    """Cents spread over some parts by their size, exactly; evenly where all are 0. The last takes what is left."""
    total, given, shares = sum(parts), 0, []
    for part in parts[:-1]:
        share = whole * part // total if total else whole // len(parts)
        given += share
        shares.append(share)
    return [*shares, whole - given] if parts else []


@dataclass(frozen=True)
class Due:
    """A task that is to be made: its mark (days before the end) and its day."""

    mark: int
    on: date


def due_tasks(end: date, marks: Sequence[int], made: Iterable[int], today: date) -> list[Due]:
    """The tasks that a contract lacks, once it is within the farthest mark: those ahead on their days, the newest one that has gone by today.

    ``made`` are the marks that had a task before, whatever became of it. Marks farther back are passed over.
    """
    if not marks or not 0 <= (end - today).days <= max(marks):
        return []
    known, left = set(made), (end - today).days
    reached = min(mark for mark in marks if mark >= left)
    wanted = [mark for mark in marks if mark <= reached and mark not in known]
    return [Due(mark, max(end - timedelta(mark), today)) for mark in sorted(wanted, reverse=True)]


TASK_WORDS: Mapping[int, str] = {
    120: N_("Prepare the renewal of {number}: value so far, risks, who decides"),
    90: N_("Talk with the decision maker about the renewal of {number}"),
    60: N_("Send the offer for the renewal of {number}"),
    30: N_("Get the renewal of {number} signed"),
}


def task_words(mark: int, number: str) -> str:
    """What is to be done so many days before a contract ends."""
    words = TASK_WORDS.get(mark)
    if words is None:
        return _("Renewal of {number}: {n} days to the end").format(number=number, n=mark)
    return _(words).format(number=number)


@dataclass(frozen=True)
class ForecastFields:
    """What is thought about one renewal; ``target`` None: the ARR that ends."""

    category: RenewalCategory | None = None
    forecast: Decimal | None = None
    closes_on: date | None = None
    target: Decimal | None = None
    next_step: str = ""


def parse_forecast(draft: Draft, today: date) -> ForecastFields:
    """The forecast that a form describes. Raises Problems."""
    read = Reader(draft)
    fields = ForecastFields(
        category=read.word("category", RenewalCategory),
        forecast=read.value("forecast", parse_amount),
        closes_on=read.value("closes_on", lambda text: parse_day(text, today)),
        target=read.value("target", parse_amount),
        next_step=read.text("next_step"),
    )
    read.check()
    return fields


@dataclass(frozen=True)
class OutcomeFields:
    """What was decided: ``renewed`` with the term that follows and what its recurring lines cost, or churned with a cause.

    ``agreed_rise`` is the part of the new ARR that is a price rise which the old contract had agreed; ``rhythm`` how the
    next contract is paid, as ``RenewWithMoney`` has it.
    """

    renewed: bool
    on: date
    cause: RenewalCause | None = None
    reason: str = ""
    number: str = ""
    start_on: date | None = None
    end_on: date | None = None
    amount: Decimal | None = None
    seats: int | None = None
    agreed_rise: Decimal | None = None
    rhythm: str = ""


RENEWED, CHURNED = RenewalState.RENEWED.value, RenewalState.CHURNED.value


def parse_outcome(draft: Draft, old_end: date, today: date) -> OutcomeFields:
    """The outcome that a form describes, of a contract that ends on ``old_end``. Raises Problems."""
    read = Reader(draft)
    result = read.text("result")
    if result not in (RENEWED, CHURNED):
        read.refuse("result", _("Say whether it is renewed or lost."), "missing")
    renewed = result == RENEWED
    on = read.value("on", lambda text: parse_day(text, today)) or today
    if on > today:
        read.refuse("on", _("A decision cannot lie ahead of today."), "ahead")
    cause, reason = read.word("cause", RenewalCause), read.text("reason")
    if result == CHURNED and cause is None and not any(problem.field == "cause" for problem in read.problems):
        read.refuse("cause", _("Say why the customer leaves: figures of churn need it."), "missing")
    if not renewed:
        read.check()
        return OutcomeFields(False, on, cause, reason)
    start, end, amount = _following(read, old_end, today)
    number = read.text("number", required=_("A contract needs a number, so that it can be found again."))
    seats, rise = read.value("seats", parse_count), read.value("agreed_rise", parse_amount)
    read.check()
    return OutcomeFields(True, on, cause, reason, number, start, end, amount, seats, rise, read.text("rhythm"))


def _following(read: Reader, old_end: date, today: date) -> tuple[date | None, date | None, Decimal | None]:
    start, end = (read.value(key, lambda text: parse_day(text, today)) for key in ("start_on", "end_on"))
    amount = read.value("amount", parse_amount)
    said = {problem.field for problem in read.problems}
    if start is None and "start_on" not in said:
        read.refuse("start_on", _("Say when the next term starts."), "missing")
    if end is None and "end_on" not in said:
        read.refuse("end_on", _("Say when the next term ends."), "missing")
    if start and end and end < start:
        read.refuse(
            "end_on", _("The end lies before the start, {start}; change one of them.").format(start=start), "order"
        )
    if amount is None and "amount" not in said:
        read.refuse("amount", _("Say the amount of the whole term; 0 where nothing is charged."), "missing")
    if end and end <= old_end:
        read.refuse("end_on", _("The next term has to end after the old one, {end}.").format(end=old_end), "order")
    return start, end, amount


def weights_of(settings: Mapping[str, Any]) -> Weights:
    """The weights among the settings."""
    return Weights(*(int(settings[f"renewals.weights.{category.value}"]) for category in RenewalCategory))
