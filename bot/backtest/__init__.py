"""Backtest: what changed rules would have done with the articles that are stored. Nothing is written."""
