"""Attachments: files of visits and of articles."""
