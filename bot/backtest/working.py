"""Pages of articles, decided here or by several processes: the answers come in the order of the pages."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context, resource_tracker

from bot.backtest.deciding import Books, Found, Sides, find_all, read_books
from rules.article import Article
from rules.errors import BorderwatchError
from rules.rulebook import RuleErrors
from storage.corpus import CorpusArticle

Page = list[CorpusArticle]
Decided = tuple[Page, list[Found]]
Versions = tuple[dict[str, str], ...]
"""The versions of all rules before and after, by id: workers must read the same files."""

MANY = 20_000
"""Articles from which further processes pay: each takes a second to start and to read the rules."""
MOST_WORKERS = 8
"""Each holds both rulebooks, some 150 MB."""
AHEAD = 3
"""Pages that wait for each worker, so that none is idle and not the whole corpus is in memory."""


class WorkerError(BorderwatchError):
    """A process that was deciding articles has ended."""


def decided(pages: Iterable[Page], articles: int, books: Books, sides: Sides) -> Iterator[Decided]:
    """Each page with what was found in it. `articles` is how many there are; workers read the rules of `sides`."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    if articles < MANY or workers < 2:
        return ((page, find_all(_articles(page), books)) for page in pages)
    return by_workers(pages, workers, sides, versions_of(books))


def by_workers(pages: Iterable[Page], workers: int, sides: Sides, versions: Versions) -> Generator[Decided, None, None]:
    """Each page with what was found in it, by so many processes; they end with this, however it ends."""
    context, given = get_context("spawn"), (sides, versions)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=given)
    waiting: deque[tuple[Page, Future[list[Found]]]] = deque()
    try:
        for page in pages:
            with _ctrl_c_waits():  # the first page starts the workers
                waiting.append((page, pool.submit(_work, _articles(page))))
            if len(waiting) >= workers * AHEAD:
                yield _settled(waiting)
        while waiting:
            yield _settled(waiting)
    except BrokenProcessPool as error:
        raise WorkerError(f"One of {workers} processes was ended while it read articles: is memory short?") from error
    except BaseException:
        for worker in active_children():
            worker.terminate()  # nobody wants its answer any more
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _settled(waiting: deque[tuple[Page, Future[list[Found]]]]) -> Decided:
    page, future = waiting.popleft()
    return page, future.result()


def _articles(page: Page) -> list[Article]:
    return [each.article for each in page]


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Ctrl-C is heard at the end of this. Workers that start in here inherit that: only this process hears it."""
    resource_tracker.ensure_running()  # where it starts by itself, it lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_books: list[Books] = []
"""In a worker: the rules that it has read."""


def _start(sides: Sides, versions: Versions) -> None:
    with suppress(RuleErrors):
        books = read_books(sides)
        if versions_of(books) == versions:
            _books.append(books)


def _work(articles: list[Article]) -> list[Found]:
    if not _books:
        raise WorkerError("The rule files were changed while they were being tried: try again.")
    return find_all(articles, _books[0])


def versions_of(books: Books) -> Versions:
    """What tells whether two processes have read the same rules."""
    return tuple({rule.id: rule.version for rule in book.rules.values()} for book in (books.before, books.after))
