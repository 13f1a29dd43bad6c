"""Notices: what those who run the bot should know about one matter, told once to each.

Like the outbox this is a level and no queue: a notice says what its reader should know (`wanted`) and what they were
told last (`told`); whatever happens between the two comes as one message. Both are short hashes of what is said.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from storage.columns import moment
from storage.database import Database, insert
from storage.outbox import LONGEST_PAUSE, GaveUp, Retry, Sent
from storage.tables import NOTICES

_WAITING = and_(NOTICES.c.wanted != NOTICES.c.told, NOTICES.c.state == "open")


@dataclass(frozen=True, slots=True)
class Notice:
    """One text for one reader (a Telegram user id). `key` is the matter, `wanted` the hash of what is said of it.

    `attempts` counts the tries since one last went well, this one included.
    """

    key: str
    reader: int
    text: str
    wanted: str
    attempts: int


def tell(database: Database, key: str, text: str, about: str, readers: Collection[int], now: datetime) -> bool:
    """Have each of `readers` know `text` of the matter `key`; says whether that owes anybody a message.

    `about` is the hash of what it says: who was told the same before is not told again, and nothing is written. One
    whose message was given up gets another try, for they may take messages by now.
    """
    with database.read() as session:
        same = select(NOTICES.c.reader).where(NOTICES.c.key == key, NOTICES.c.wanted == about)
        settled = set(session.scalars(same.where(NOTICES.c.state == "open")))
    owed = sorted(set(readers) - settled)
    if not owed:
        return False
    with database.write() as session:
        new = insert(session, NOTICES)
        new = new.on_conflict_do_update(index_elements=["key", "reader"], set_=_wanted(text, about, now))
        session.execute(new, [_row(key, reader, text, about, now) for reader in owed])
    return True


def mend(database: Database, key: str, text: str, about: str, now: datetime) -> bool:
    """The matter `key` is over: tell so whoever was told of it, or may have been; says whether there was a matter.

    Who was never reached has nothing to be told.
    """
    matter = and_(NOTICES.c.key == key, NOTICES.c.wanted != about)
    with database.read() as session:
        if not session.scalar(select(exists().where(matter))):
            return False
    unheard = or_(NOTICES.c.attempts == 0, NOTICES.c.state == "gave-up")
    with database.write() as session:
        session.execute(delete(NOTICES).where(matter, NOTICES.c.told == "", unheard))
        session.execute(update(NOTICES).where(matter).values(_wanted(text, about, now)))
    return True


def claim_notices(
    database: Database, readers: Collection[int], now: datetime, limit: int, lease: timedelta
) -> list[Notice]:
    """Claim at most `limit` notices that are due for `readers`; nobody else gets them before the lease is over.

    Nothing is written when none is due.
    """
    due = and_(_WAITING, NOTICES.c.due <= now, NOTICES.c.reader.in_(sorted(readers)))
    with database.read() as session:
        if not session.scalar(select(exists().where(due))):
            return []
    with database.write() as session:
        oldest = select(NOTICES.c.key, NOTICES.c.reader).where(due).order_by(NOTICES.c.wanted_at, NOTICES.c.reader)
        free = session.execute(oldest.limit(limit).with_for_update(skip_locked=True)).all()
        return [_claim(session, row.key, row.reader, now + lease) for row in free]


def settle_notice(session: Session, notice: Notice, outcome: Sent | Retry | GaveUp, now: datetime) -> None:
    """Note how telling a notice went; what has become wanted meanwhile is due at once."""
    still = NOTICES.c.wanted == notice.wanted
    match outcome:
        case Sent():
            values: dict[str, Any] = {"told": notice.wanted, "attempts": 0, "reason": "", "due": now, "settled_at": now}
        case Retry(after, why):
            # A fault that lasts is met with pauses that double; a flood error says how long itself.
            growing = min(after * 2 ** min(notice.attempts - 1, 20), max(after, LONGEST_PAUSE))
            values = {"due": now + (after if outcome.chat_wide else growing), "reason": why}
        case GaveUp(why):
            values = {"state": case((still, "gave-up"), else_="open"), "due": now, "settled_at": now, "reason": why}
    session.execute(update(NOTICES).where(_is(notice.key, notice.reader)).values(values))


def _row(key: str, reader: int, text: str, about: str, now: datetime) -> dict[str, Any]:
    at = {"wanted_at": now, "due": now, "settled_at": None}
    said = {"key": key, "reader": reader, "text": text, "wanted": about, "told": ""}
    return said | at | {"attempts": 0, "state": "open", "reason": ""}


def _wanted(text: str, about: str, now: datetime) -> dict[str, Any]:
    """The changes that make `text` what the reader should know.

    What was waiting before keeps its place, and the pause that it was asked to make. Where another text was tried and
    may have arrived, what they knew before it counts no more.
    """
    since = {name: case((_WAITING, NOTICES.c[name]), else_=moment(now)) for name in ("wanted_at", "due")}
    told = case((NOTICES.c.attempts > 0, ""), else_=NOTICES.c.told)
    return {"text": text, "wanted": about, "told": told, "state": "open", "reason": ""} | since


def _claim(session: Session, key: str, reader: int, until: datetime) -> Notice:
    claimed = update(NOTICES).where(_is(key, reader)).values(due=until, attempts=NOTICES.c.attempts + 1)
    row = session.execute(claimed.returning(NOTICES)).one()
    return Notice(row.key, row.reader, row.text, row.wanted, row.attempts)


def _is(key: str, reader: int) -> ColumnElement[bool]:
    return and_(NOTICES.c.key == key, NOTICES.c.reader == reader)
