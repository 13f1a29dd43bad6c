"""Feeds: what is polled and when, fetched within limits, and read as articles. Knows no database and no chat."""
