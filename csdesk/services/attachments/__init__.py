"""Attachments: files of visits, articles, tickets and contracts."""
