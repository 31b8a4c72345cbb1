"""The outside formats: workbooks and text tables in, workbooks, text and calendars out.

Nothing here knows accounts. A file that comes from outside is opened in a child process only (`reading`).
"""
