"""Puts the rule files into force: in the pipeline, for subscriptions to name, and in the database as they stood."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from bot.clock import Clock
from bot.console import printable, stderr
from bot.desk import StorageDesk
from bot.notices import Notices
from bot.pipeline import Pipeline
from bot.rulebooks import RuleShelf
from bot.rulefaults import about
from rules.indicators import INDICATORS
from storage.database import DatabaseError
from storage.rulebooks import keep_versions

MATTER = "rules"
"""What notices of broken rule files are about."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Rules:
    """What stands on the shelf, in force. `notices` tells the owners of broken files; None: only the log does.

    `unwritten`: the database failed when it was to be told of them, which is made up for at the next look.
    """

    shelf: RuleShelf
    pipeline: Pipeline
    desk: StorageDesk
    clock: Clock
    notices: Notices | None = None
    unwritten: bool = False

    async def look(self) -> None:
        """Take in rule files that were saved."""
        if await asyncio.to_thread(self.shelf.look):
            await asyncio.to_thread(self.apply)
        elif self.unwritten:
            await asyncio.to_thread(self.write_down)

    def apply(self) -> None:
        """Let the shelf's rules be in force, and tell of the files that are not. Nothing in the files can stop it."""
        book, faults = self.shelf.book, self.shelf.faults
        self.write_down()
        self.pipeline.book = book
        self.desk.indicators = frozenset(INDICATORS).union(book.rules)
        log.info("rules in force", rules=", ".join(sorted({*book.rules, *book.correlations})))
        if faults:
            stand = "a change would cost a rule, so all rules stay as they were"
            what = stand if self.shelf.frozen else "rule files with faults are not in force"
            log.error(what, faults=len(faults.errors))
            stderr().print(printable(str(faults)), soft_wrap=True)

    def write_down(self) -> None:
        """Keep the versions that are new, and owe the owners what they should know; nothing where nothing changed."""
        try:
            keep_versions(self.pipeline.database, self.shelf.book, self.clock.now())
            if self.notices:
                self._tell(self.notices)
        except DatabaseError as error:
            log.error("the rules in force could not be written down, the next look tries again", why=str(error))
            self.unwritten = True
        else:
            self.unwritten = False

    def _tell(self, notices: Notices) -> None:
        if self.shelf.faults:
            notices.tell(MATTER, self.shelf.message(), about(self.shelf.faults))
        else:
            book = self.shelf.book
            count = len(book.rules) + len(book.correlations)
            notices.mend(MATTER, f"Mended: all {count} rules are in force, as their files say.")
