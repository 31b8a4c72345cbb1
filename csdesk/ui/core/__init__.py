"""What every page stands on: theme, parts, window, page, table, form, runner, printing."""
