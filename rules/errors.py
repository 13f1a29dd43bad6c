"""The root of the project's errors.

BorderwatchError            a person can mend it: the text says what happened, where, and what to do
 +- RuleErrors              rules.rulebook: all faults of all rule files
 +- DatabaseError           storage.database: cannot be opened, or is newer than the program
 +- QueryError              storage.query: a query that cannot be read
 +- FeedError               bot.feeds.errors: one feed, which harms only itself
 +- CatalogueError          bot.feeds.catalogue: all faults of a catalogue file
 +- SettingsError           bot.settings
 +- TelegramRefusalError    bot.telegram: Telegram does not know the bot, or serves another process
 +- WorkerError              bot.backtest.working: a process that was reading articles has ended
 +- CommandError            bot.cli: a command cannot go on
"""


class BorderwatchError(Exception):
    """Something that a person can mend; its text is meant for that person."""
