"""The outside formats: workbooks, calendars, figures, backups."""
