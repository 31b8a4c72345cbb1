"""The features of the window, in the order of the rail: one list, no discovery."""

from __future__ import annotations

from csdesk.ui import (
    accounts,
    articles,
    bin,
    handover,
    handovers,
    kpi,
    opportunities,
    receivables,
    renewals,
    settings,
    tasks,
    tickets,
    tiers,
    today,
    visits,
)
from csdesk.ui.core.page import Feature

FEATURES: tuple[Feature, ...] = (
    today.FEATURE,
    accounts.FEATURE,
    accounts.DUPLICATES,
    visits.FEATURE,
    tickets.FEATURE,
    opportunities.FEATURE,
    renewals.FEATURE,
    kpi.FEATURE,
    tasks.FEATURE,
    receivables.FEATURE,
    tickets.TELLING,
    tickets.RELEASES,
    handovers.FEATURE,
    tiers.FEATURE,
    tickets.FIGURES,
    visits.RECORDS,
    articles.FEATURE,
    tickets.TICKET,
    handover.FEATURE,
    handover.IMPORTS,
    tickets.ANSWERS,
    bin.FEATURE,
    settings.FEATURE,
)
