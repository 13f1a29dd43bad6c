"""The outermost house: feeds in, alerts out, and the commands. Read `bot.app` first."""
