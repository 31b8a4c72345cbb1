"""Checks with other programs: what they do to files of ours. Run by hand or by .ci/run, never by the tests."""
