"""Attachments: files of visits, articles and tickets."""
