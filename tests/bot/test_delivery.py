"""Delivery: what is due goes out, once, and neither a slow chat nor a failing database is anybody else's trouble."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from bot.clock import ReplayClock
from bot.delivery import LEASE, Delivery
from bot.flight import Flight
from storage.chats import Address, all_subscriptions
from storage.database import BusyError, Database, open_database
from storage.events import revise_event
from storage.outbox import Alert, Outcome, Retry, Sent, want
from tests.storage.builders import EVENT, NOW, claimed, stored_event, subscribed

PEOPLE = tuple(Address("telegram", number) for number in range(1, 41))
ONE, TWO = PEOPLE[:2]

Answer = Callable[[Alert], Awaitable[Outcome]]


class Chats:
    """A sink that keeps what it was given; `answer` says how each send goes, a message of its own without it."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.got: list[Alert] = []
        self._answer = answer

    async def send(self, alert: Alert) -> Outcome:
        self.got.append(alert)
        return await self._answer(alert) if self._answer else Sent(alert.message or len(self.got))


def delivery(database: Database, sink: Chats, pauses: Iterable[float] = ()) -> Delivery:
    return Delivery(database, {"telegram": sink}, ReplayClock(NOW), settle_pauses=pauses)


def wanted(database: Database, *addresses: Address) -> None:
    """Subscribe the addresses, and let something happen."""
    with database.write() as session:
        for address in addresses:
            subscribed(session, address)
        want(session, stored_event(session), all_subscriptions(session), now=NOW)


@pytest.fixture
def hasty(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite file whose writers do not wait for other programs."""
    (tmp_path / "hasty.db").write_bytes(sqlite_template.read_bytes())
    database = open_database(str(tmp_path / "hasty.db"))
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    database.engine.dispose()
    yield database
    database.close()


@pytest.fixture
def other(hasty: Database) -> Iterator[sqlite3.Connection]:
    """Another program at that file."""
    with closing(sqlite3.connect(hasty.name, isolation_level=None, check_same_thread=False)) as connection:
        yield connection


async def test_everything_due_is_sent_once_however_much_it_is(database: Database) -> None:
    wanted(database, *PEOPLE)
    sink = Chats()
    await delivery(database, sink).drain()
    await delivery(database, sink).drain()
    assert sorted(alert.address.chat for alert in sink.got) == [address.chat for address in PEOPLE]


async def test_a_slow_chat_keeps_no_other_waiting(database: Database) -> None:
    wanted(database, ONE, TWO)
    wanted(database)
    patient = asyncio.Event()

    async def answer(alert: Alert) -> Outcome:
        if alert.address == ONE:
            await patient.wait()
        return Sent(7)

    sink = Chats(answer)
    sender = delivery(database, sink)
    while len(sink.got) < 3:
        await sender.tick()
    assert [alert.address for alert in sink.got].count(ONE) == 1
    patient.set()
    await sender.flight.landed()


async def test_a_fault_of_ours_on_one_alert_is_logged_and_the_others_go_on(database: Database) -> None:
    wanted(database, ONE, TWO)

    async def answer(alert: Alert) -> Outcome:
        if alert.address == ONE:
            raise ZeroDivisionError
        return Sent(7)

    with capture_logs() as logs:
        await delivery(database, Chats(answer)).drain()
    assert [entry["event"] for entry in logs] == ["sending failed", "alert put off"]
    assert claimed(database) == []
    [again] = claimed(database, NOW + LEASE)
    assert (again.address, again.attempts) == (ONE, 1)


async def test_what_a_chat_shows_is_edited_as_the_event_grows(database: Database) -> None:
    wanted(database, ONE)
    sink = Chats()
    await delivery(database, sink).drain()
    with database.write() as session:
        grown = revise_event(session, replace(EVENT, id=1, revision=1), article=None, why="grew", now=NOW)
        want(session, grown, [], now=NOW)
    await delivery(database, sink).drain()
    assert [(alert.message, alert.event.revision) for alert in sink.got] == [(None, 1), (1, 2)]


async def test_a_message_that_cannot_be_noted_at_once_is_noted_later_and_not_repeated(
    hasty: Database, other: sqlite3.Connection
) -> None:
    wanted(hasty, ONE)

    async def answer(alert: Alert) -> Outcome:
        other.execute("BEGIN IMMEDIATE")
        return Sent(7)

    def pauses() -> Iterator[float]:
        yield 0
        other.execute("ROLLBACK")
        yield 0

    sender = delivery(hasty, Chats(answer), pauses())
    with capture_logs() as logs:
        await sender.tick()
        await sender.flight.landed()
    failed = [entry["why"] for entry in logs if entry["event"] == "outcome not noted"]
    assert ["another program has been writing" in why for why in failed] == [True] * 2
    assert claimed(hasty, NOW + 2 * LEASE) == []


async def test_a_message_that_cannot_be_noted_before_its_lease_ends_is_told_of(
    hasty: Database, other: sqlite3.Connection
) -> None:
    wanted(hasty, ONE)
    faults: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context["message"]))

    async def answer(alert: Alert) -> Outcome:
        other.execute("BEGIN IMMEDIATE")
        return Sent(7)

    sender = delivery(hasty, Chats(answer), iter((0.0, LEASE.total_seconds(), 0.0)))
    with capture_logs() as logs:
        await sender.tick()
        await sender.flight.landed()
    gc.collect()
    told = ["outcome not noted", "outcome not noted", "never noted, what was sent may be repeated"]
    assert [entry["event"] for entry in logs if entry["event"] in told] == told
    assert faults == []


async def test_a_claim_that_another_process_is_in_the_way_of_is_made_at_the_next_tick(
    hasty: Database, other: sqlite3.Connection
) -> None:
    wanted(hasty, ONE)
    sink = Chats()
    sender = delivery(hasty, sink)
    other.execute("BEGIN IMMEDIATE")
    with capture_logs() as logs:
        assert await sender.tick() == 0
    assert [(entry["event"], "exc_info" in entry) for entry in logs] == [
        ("nothing claimed, the next tick asks again", False)
    ]
    with pytest.raises(BusyError):
        await sender.drain()
    other.execute("ROLLBACK")
    await sender.drain()
    assert len(sink.got) == 1


async def test_a_send_that_is_broken_off_gives_its_alert_back_at_once(database: Database) -> None:
    wanted(database, ONE)

    async def never(alert: Alert) -> Outcome:
        await asyncio.Event().wait()
        return Retry(LEASE, "")

    sender = delivery(database, Chats(never))
    await sender.tick()
    await asyncio.sleep(0)
    assert claimed(database) == []
    await sender.flight.break_off()
    assert [alert.address for alert in claimed(database)] == [ONE]


async def test_no_more_alerts_are_under_way_than_there_is_room_for(database: Database) -> None:
    wanted(database, *PEOPLE)
    sender = Delivery(database, {}, ReplayClock(NOW), Flight(3))
    most = 0

    async def answer(alert: Alert) -> Outcome:
        nonlocal most
        most = max(most, 3 - sender.flight.room)
        return Sent(7)

    sink = Chats(answer)
    sender.sinks = {"telegram": sink}
    await sender.drain()
    assert (len(sink.got), most) == (40, 3)
