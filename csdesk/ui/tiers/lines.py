"""An account's tier in lines: what is proposed and why, how it is looked after, what was decided before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import ServiceMode, TierSource
from csdesk.services.accounts.rules import other_mode
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.lines import Badge, Line

if TYPE_CHECKING:
    from csdesk.services.tiers.queries import TierStep, TierView

PROPOSAL, MODE = ("tier", "proposal"), ("tier", "mode")


def tier_lines(view: TierView, today: date) -> list[Line]:
    """The proposal, the service mode where there is one, then the history, newest first."""
    lines = [_proposal(view)]
    if view.service_mode:
        lines.append(_mode(view.tier, view.service_mode))
    if view.history:
        lines.append(Line(("tier", "history"), _("History of the tier"), section=True))
    return lines + [_step(step, today) for step in view.history]


def _proposal(view: TierView) -> Line:
    from csdesk.services.tiers.rules import told

    if view.proposal is None:
        second = _("Without a running contract with an amount there is nothing to judge by.")
        return Line(PROPOSAL, _("No proposal"), second, bold=False)
    tier, points = view.proposal.tier.value, view.proposal.points
    if view.open:
        now = _("now {tier}").format(tier=view.tier) if view.tier else _("no tier yet")
        title = _("Proposed {tier}, {now}").format(tier=tier, now=now)
        badges: tuple[Badge, ...] = (Badge(_("To decide"), "warn"),)
    elif tier == view.tier:
        title, badges = _("The figures agree with tier {tier}").format(tier=tier), (Badge(_("Agrees"), "ok"),)
    else:
        title, badges = _("Proposed {tier}, turned down").format(tier=tier), ()
    right = ngettext("{n} point", "{n} points", points).format(n=points)
    return Line(PROPOSAL, title, told(view.proposal), badges=badges, right=right)


def _mode(tier: str | None, mode: str) -> Line:
    suggested = other_mode(tier, mode)
    second = _("The tier suggests {mode}").format(mode=_(suggested.label)) if suggested else ""
    badges = (Badge(_("Differs from the tier"), "warn"),) if suggested else ()
    return Line(MODE, _(ServiceMode(mode).label), second, badges=badges, note=_("Service mode"), bold=False)


def _step(step: TierStep, today: date) -> Line:
    source = _(TierSource(step.source).label)
    if step.source == TierSource.KEPT:
        words = _("{tier} stays, {proposed} was proposed")
        title = words.format(tier=step.after or _("no tier"), proposed=step.proposed)
    elif step.before is None:
        title = _("Tier {tier}").format(tier=step.after)
    else:
        title = f"{step.before} \u2192 {step.after or _('no tier')}"
    left = formats.moment_near(step.at, today)
    return Line(("tier", step.id), title, step.reason, left=left, note=source, bold=False)
