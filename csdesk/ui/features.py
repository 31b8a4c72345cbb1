"""The features of the window, in the order of the rail: one list, no discovery."""

from __future__ import annotations

from csdesk.ui.core.page import Feature

FEATURES: tuple[Feature, ...] = ()
