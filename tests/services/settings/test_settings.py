"""Settings: defaults, bounds, undo."""

from __future__ import annotations

import pytest

from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.settings.queries import all_settings, setting
from csdesk.services.settings.rules import DEFINITIONS


def test_a_change_is_kept_and_can_be_taken_back(desk: Desk) -> None:
    desk.do(change_settings, ChangeSettings({"visits.per_day": 6}))
    with desk.read() as connection:
        assert setting(connection, "visits.per_day") == 6
    desk.undo()
    with desk.read() as connection:
        assert setting(connection, "visits.per_day") == 4
    desk.redo()
    desk.do(change_settings, ChangeSettings({"visits.per_day": 3}))
    with desk.read() as connection:
        assert setting(connection, "visits.per_day") == 3


def test_a_number_out_of_bounds_is_refused_at_its_field(desk: Desk) -> None:
    with pytest.raises(Problems) as refused:
        desk.do(change_settings, ChangeSettings({"visits.per_day": 0}))
    assert [problem.field for problem in refused.value.problems] == ["visits.per_day"]


def test_every_setting_has_a_default(desk: Desk) -> None:
    with desk.read() as connection:
        assert all_settings(connection).keys() == {definition.key for definition in DEFINITIONS}
