"""Readers of records; nothing here imports the other packages."""
