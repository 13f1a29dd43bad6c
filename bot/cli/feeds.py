"""`borderwatch feeds`: the feeds and how they fare."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import CommandError
from bot.cli.options import DatabaseOption, FeedsOption

if TYPE_CHECKING:
    from bot.feeds.check import Checked
    from bot.settings import Settings
    from storage.feeds import Feed

app = typer.Typer(help="The feeds and how they fare.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass


@app.command("list", epilog="Example: borderwatch feeds list --failing")
def list_(
    db: DatabaseOption = None,
    failing: Annotated[bool, typer.Option("--failing", help="Only those whose last poll failed.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also those that are switched off, with the reason.")] = False,
) -> None:
    """List the feeds with their last success, last new entry and error; times are in UTC."""
    from bot.cli.opened import database_of
    from storage.feeds import list_feeds

    with database_of(db).read() as session:
        known = list_feeds(session)
    shown = [feed for feed in known if (feed.active or every) and (feed.error or not failing)]
    _print_feeds(shown)
    off = sum(not feed.active for feed in known)
    broken = sum(feed.active and bool(feed.error) for feed in known)
    typer.echo(f"{len(known) - off} feeds are polled, {broken} of them failing; {off} are switched off.", err=True)


@app.command(epilog="Example: borderwatch feeds check https://example.org/rss.xml")
def check(
    urls: Annotated[list[str] | None, typer.Argument(metavar="[URL]...", help="None: all that are polled.")] = None,
    db: DatabaseOption = None,
    feeds: FeedsOption = None,
) -> None:
    """Fetch feeds now, store nothing, and tell what they answer beside what the database knows of them."""
    from bot.console import printable
    from bot.settings import load_settings

    settings = load_settings({"database_url": db, "feeds": feeds})
    if not (chosen := urls or _polled(settings)):
        typer.echo("The catalogue has no feed that is polled.", err=True)
        return
    checked = asyncio.run(_check_all(settings, chosen))
    known = {feed.url: feed for feed in _known(settings)}
    for each in checked:
        for line in _report(each, known.get(each.url)):
            typer.echo(printable(line))
    if failed := sum(bool(each.error) for each in checked):
        raise CommandError(f"{failed} of {len(checked)} feeds cannot be read.")


def _polled(settings: Settings) -> list[str]:
    from bot.feeds.catalogue import read_catalogue

    catalogue = read_catalogue(settings.feeds) if settings.feeds else read_catalogue()
    return [entry.feed_url for entry in catalogue if entry.active]


def _known(settings: Settings) -> list[Feed]:
    """What an existing database knows; a check makes none."""
    from bot.cli.opened import is_there, opened
    from storage.feeds import list_feeds

    if not is_there(settings.database):
        return []
    with opened(settings.database).read() as session:
        return list_feeds(session)


async def _check_all(settings: Settings, urls: Sequence[str]) -> list[Checked]:
    from bot.app import USER_AGENT
    from bot.cli.summary import progress
    from bot.clock import SystemClock
    from bot.feeds.check import check_feed
    from bot.feeds.fetch import make_client
    from bot.poller import AT_ONCE

    places = asyncio.Semaphore(AT_ONCE)
    now = SystemClock().now()
    with progress("checking", len(urls)) as step:
        async with make_client(user_agent=USER_AGENT, allow_private=settings.allow_private) as client:

            async def one(url: str) -> Checked:
                async with places:
                    found = await check_feed(client, url, now)
                step(url[:60])
                return found

            return list(await asyncio.gather(*(one(url) for url in urls)))


def _report(checked: Checked, known: Feed | None) -> list[str]:
    if checked.error:
        lines = [f"BAD   {checked.url}", f"      {checked.error}"]
    else:
        newest = f", the newest of {checked.newest:%Y-%m-%d %H:%M} UTC" if checked.newest else ""
        spoken = f", in {', '.join(checked.languages)}" if checked.languages else ""
        lines = [f"good  {checked.url}", f"      {checked.entries} entries{newest}{spoken}"]
    lines += [f"      read in part: {checked.complaint}"] if checked.complaint else []
    lines += [f"      moved for good to {checked.moved_to}"] if checked.moved_to else []
    if known:
        lines.append(
            f"      the bot's last success {_moment(known.last_success)}, last new entry "
            f"{_moment(known.last_new_entry)}" + (f", last error: {known.error}" if known.error else "")
        )
    return lines


def _moment(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


def _print_feeds(feeds: Sequence[Feed]) -> None:
    from rich.table import Table
    from rich.text import Text

    from bot.console import line, stdout

    if not feeds:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("outlet", "side", "language", "last success", "last new entry", "state", "address"):
        table.add_column(name, overflow="fold")
    for feed in feeds:
        state = (
            feed.note or "switched off" if not feed.active else feed.error or ("good" if feed.last_success else "due")
        )
        cells = (feed.outlet, feed.side, feed.language, _moment(feed.last_success), _moment(feed.last_new_entry), state)
        table.add_row(*(Text(line(cell)) for cell in (*cells, feed.url)))
    stdout().print(table)
