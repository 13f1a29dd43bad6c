"""Notices: each owner is told once what they do not know yet, whatever becomes of the sending."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event

from storage.database import Database
from storage.notices import Notice, claim_notices, mend, settle_notice, tell
from storage.outbox import GaveUp, Retry, Sent
from tests.storage.builders import HOUR, MINUTE, NOW

OWNERS = (5_000_000_001, 7)
LEASE = timedelta(seconds=90)
SENT = Sent(1)


def claimed(database: Database, after: timedelta = timedelta(0), owners: tuple[int, ...] = OWNERS) -> list[Notice]:
    return claim_notices(database, owners, NOW + after, 10, LEASE)


def settled(database: Database, notice: Notice, outcome: Sent | Retry | GaveUp, after: timedelta = MINUTE) -> None:
    with database.write() as session:
        settle_notice(session, notice, outcome, NOW + after)


def told(database: Database, text: str, owner: int = 7, after: timedelta = timedelta(0)) -> None:
    """Tell the one owner, and have it arrive."""
    tell(database, "rules", text, text, [owner], NOW + after)
    (notice,) = claimed(database, after, (owner,))
    settled(database, notice, SENT, after)


def test_each_owner_is_told_once(database: Database) -> None:
    assert tell(database, "rules", "Broken.", "b", OWNERS, NOW)
    found = claimed(database)
    assert sorted((notice.reader, notice.text) for notice in found) == [(7, "Broken."), (5_000_000_001, "Broken.")]
    for notice in found:
        settled(database, notice, SENT)
    assert claimed(database, HOUR) == []
    assert not tell(database, "rules", "Broken.", "b", OWNERS, NOW + HOUR)
    assert claimed(database, HOUR) == []


def test_matters_are_told_apart(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    tell(database, "feeds", "Silent.", "b", [7], NOW)
    assert sorted(notice.key for notice in claimed(database)) == ["feeds", "rules"]


def test_another_text_is_told_after_the_first(database: Database) -> None:
    told(database, "Broken.")
    assert tell(database, "rules", "Worse.", "Worse.", [7], NOW + HOUR)
    assert [notice.text for notice in claimed(database, HOUR)] == ["Worse."]


def test_texts_that_change_before_the_first_is_sent_are_one_message(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    tell(database, "rules", "Worse.", "w", [7], NOW)
    assert [notice.text for notice in claimed(database)] == ["Worse."]


def test_what_changes_while_a_message_is_under_way_is_told_after_it(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    (first,) = claimed(database)
    tell(database, "rules", "Worse.", "w", [7], NOW)
    assert claimed(database) == []
    settled(database, first, SENT)
    assert [notice.text for notice in claimed(database, MINUTE)] == ["Worse."]


def test_an_owner_who_is_new_is_told_what_the_others_know(database: Database) -> None:
    told(database, "Broken.")
    assert tell(database, "rules", "Broken.", "Broken.", [7, 8], NOW)
    assert [notice.reader for notice in claimed(database, owners=(7, 8))] == [8]


def test_one_who_is_no_owner_any_more_is_not_told(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7, 8], NOW)
    assert [notice.reader for notice in claimed(database, owners=(8,))] == [8]


def test_a_claimed_notice_is_nobody_else_s_until_the_lease_is_over(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    assert len(claimed(database)) == 1
    assert claimed(database, LEASE - timedelta(seconds=1)) == []
    assert len(claimed(database, LEASE)) == 1


def test_a_flood_error_is_waited_out_as_long_as_it_says(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    (notice,) = claimed(database)
    settled(database, notice, Retry(HOUR, "wait", chat_wide=True), timedelta(0))
    tell(database, "rules", "Worse.", "w", [7], NOW)
    assert claimed(database, HOUR - MINUTE) == []
    assert [found.text for found in claimed(database, HOUR)] == ["Worse."]


def test_a_fault_that_lasts_is_met_with_growing_pauses_of_a_minute_at_most(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    after, pauses = timedelta(0), []
    for pause in (5, 10, 20, 40, 60, 60):
        (notice,) = claimed(database, after)
        settled(database, notice, Retry(timedelta(seconds=5), "no answer"), after)
        pauses.append(claimed(database, after + timedelta(seconds=pause - 1)) == [])
        after += timedelta(seconds=pause)
    assert all(pauses)


def test_what_was_given_up_is_tried_again_only_when_it_is_told_again(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    (notice,) = claimed(database)
    settled(database, notice, GaveUp("blocked", chat_gone=True))
    assert claimed(database, HOUR) == []
    assert tell(database, "rules", "Broken.", "b", [7], NOW + HOUR)
    assert len(claimed(database, HOUR)) == 1


def test_who_was_told_is_told_that_it_is_mended_once(database: Database) -> None:
    told(database, "Broken.")
    assert mend(database, "rules", "Mended.", "m", NOW + HOUR)
    (notice,) = claimed(database, HOUR)
    assert notice.text == "Mended."
    settled(database, notice, SENT, HOUR)
    assert not mend(database, "rules", "Mended.", "m", NOW + 2 * HOUR)
    assert claimed(database, 2 * HOUR) == []


def test_the_same_fault_after_it_was_mended_is_told_again(database: Database) -> None:
    told(database, "Broken.")
    mend(database, "rules", "Mended.", "m", NOW)
    (notice,) = claimed(database)
    settled(database, notice, SENT)
    assert tell(database, "rules", "Broken.", "Broken.", [7], NOW + HOUR)
    assert [each.text for each in claimed(database, HOUR)] == ["Broken."]


def test_a_fault_that_is_mended_before_anybody_heard_of_it_is_not_spoken_of(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    mend(database, "rules", "Mended.", "m", NOW)
    assert claimed(database, HOUR) == []


def test_a_fault_that_may_have_been_heard_of_is_told_to_be_mended(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    (notice,) = claimed(database)
    settled(database, notice, Retry(MINUTE, "no answer, the message may have arrived"), timedelta(0))
    mend(database, "rules", "Mended.", "m", NOW)
    assert [each.text for each in claimed(database, HOUR)] == ["Mended."]


def test_who_takes_no_messages_is_not_told_that_it_is_mended_either(database: Database) -> None:
    tell(database, "rules", "Broken.", "b", [7], NOW)
    (notice,) = claimed(database)
    settled(database, notice, GaveUp("blocked", chat_gone=True))
    mend(database, "rules", "Mended.", "m", NOW)
    assert claimed(database, HOUR) == []


def test_where_all_was_well_nothing_is_mended(database: Database) -> None:
    assert not mend(database, "rules", "Mended.", "m", NOW)
    assert claimed(database) == []


def test_nothing_is_written_while_nothing_is_owed(database: Database) -> None:
    told(database, "Broken.")
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _k, statement, *_: said.append(statement))
    tell(database, "rules", "Broken.", "Broken.", [7], NOW)
    mend(database, "feeds", "Mended.", "m", NOW)
    claimed(database, HOUR)
    assert [each for each in said if not each.startswith(("SELECT", "BEGIN", "ROLLBACK"))] == []


def test_nobody_is_owed_anything_where_nobody_is_to_be_told(database: Database) -> None:
    assert not tell(database, "rules", "Broken.", "b", [], NOW)
    assert claimed(database, owners=()) == []
