"""Telegram: the bot's voice (sink) and its ears (commands). Read `service` first."""
